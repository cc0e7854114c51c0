"""Template and worker databases: the template is migrated once by the owner, each worker gets a clone of it."""

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

BASE = Path(__file__).resolve().parent.parent
#: Whatever shapes a freshly migrated database; a change of any of it makes a new template.
SHAPING = ("*/migrations/*.py", "*/models.py", "*/models/*.py", "audit/*.py", "*/*.sql", "*/sql/*.sql")
SHAPING_MORE = ("tracker/management/commands/grant_web_role.py", "tests/template.py", "tracker/settings.py")
LIBRARIES = ("Django", "django-allauth", "django-pgtrigger")
_LOCK = 20230616


def named(url: str, name: str) -> str:
    """Return the same address with another database name."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def name_of(url: str) -> str:
    """Return the database name in an address."""
    return unquote(urlsplit(url).path.lstrip("/"))


def fingerprint() -> str:
    """Return a short hash of everything that shapes a freshly migrated database."""
    digest = hashlib.sha256()
    files = sorted({path for pattern in SHAPING for path in BASE.glob(pattern) if ".venv" not in path.parts})
    for path in [*files, *(BASE / more for more in SHAPING_MORE)]:
        digest.update(path.relative_to(BASE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for library in LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    return digest.hexdigest()[:10]


def _drop(cursor: Any, name: str) -> None:
    """Drop a database. A plain DROP waits some seconds for sessions that are just closing; only then by force."""
    drop = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
    try:
        cursor.execute(drop)
    except psycopg2.errors.ObjectInUse:
        cursor.execute(drop + sql.SQL(" WITH (FORCE)"))


class Databases:
    """The databases of one test run on one server; all names begin with the name in the owner's address."""

    def __init__(self, owner_url: str, web_url: str) -> None:
        self.owner_url = owner_url
        self.web_url = web_url
        self.base = name_of(owner_url)

    @contextmanager
    def _alone(self) -> Iterator[Any]:
        """Yield a cursor of the owner, in autocommit, while no other run works on templates or clones."""
        connection = psycopg2.connect(self.owner_url)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
                yield cursor
        finally:
            connection.close()

    def template(self) -> str:
        """Return the template's name; build it unless one of the same fingerprint exists."""
        name = f"{self.base}_t_{fingerprint()}"
        with self._alone() as cursor:
            self._drop_leftovers(cursor, keep=name)
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                self._build(cursor, name)
        return name

    def clone(self, template: str, worker: str) -> str:
        """Create this worker's database from the template (again, when it is there) and return its name."""
        name = f"{self.base}_w_{os.getpid()}_{worker}"
        self.drop(name)
        with self._alone() as cursor:
            cursor.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        return name

    def drop(self, name: str) -> None:
        """Drop a database, ending whoever is still signed in to it."""
        self._end_web_sessions(name)
        with self._alone() as cursor:
            _drop(cursor, name)

    def _end_web_sessions(self, name: str) -> None:
        """End what threads left open: the owner may not end sessions of the web role, the web role may."""
        try:
            connection = psycopg2.connect(named(self.web_url, name))
        except psycopg2.OperationalError:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
            )
        connection.close()

    def _drop_leftovers(self, cursor: Any, *, keep: str) -> None:
        """Drop older templates, and clones and drafts whose process is gone."""
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"{self.base}_"])
        for (name,) in cursor.fetchall():
            made_by = re.fullmatch(re.escape(self.base) + r"_(?:w_(\d+)_\w+|draft_(\d+))", name)
            is_orphan = made_by is not None and not Path(f"/proc/{made_by[1] or made_by[2]}").exists()
            old_template = re.fullmatch(re.escape(self.base) + r"_t_\w+", name) is not None and name != keep
            if is_orphan or old_template:
                _drop(cursor, name)

    def _build(self, cursor: Any, name: str) -> None:
        """Migrate and grant in a fresh database under another name, then give it its name."""
        draft = f"{self.base}_draft_{os.getpid()}"
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(draft))
        cursor.execute(drop)
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
        environment = {
            **os.environ,
            "DATABASE_URL": named(self.web_url, draft),
            "DATABASE_OWNER_URL": named(self.owner_url, draft),
            "JEJAK_DATABASE_ROLE": "owner",
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.template"],
            cwd=BASE,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            cursor.execute(drop)
            raise RuntimeError(f"the test database could not be built:\n{done.stdout}\n{done.stderr}")
        cursor.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name))
        )


if __name__ == "__main__":
    Databases(os.environ["DATABASE_OWNER_URL"], os.environ["DATABASE_URL"]).template()
