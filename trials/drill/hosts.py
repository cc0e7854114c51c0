"""Hosts of the drill, each a folder: a PostgreSQL of Debian, files, and the settings with which deploy/backup works there."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.databases import Database
from trials.releases import TrialFailed

BASE = Path(__file__).resolve().parent.parent.parent
SCRIPTS = BASE / "deploy" / "backup"
_POSTGRES_FOLDERS = Path("/usr/lib/postgresql")
#: What operators are told to have (docs/containers.md).
_OLDEST_POSTGRES = 17
#: The user that runs PostgreSQL when the drill runs as root.
POSTGRES_USER = "postgres"
COMMAND_SECONDS = 1800


def postgres_program(name: str) -> str:
    """Return the path of a program of the newest PostgreSQL that is installed. Raises TrialFailed."""
    found = {int(path.parts[-3]): path for path in _POSTGRES_FOLDERS.glob(f"*/bin/{name}")}
    newest = max(found, default=0)
    if newest < _OLDEST_POSTGRES:
        there = f"PostgreSQL {newest} is there, and the drill" if found else "The drill"
        raise TrialFailed(f"{there} needs {name} of {_OLDEST_POSTGRES} or newer: apt-get install postgresql")
    return str(found[newest])


def as_postgres(command: list[str]) -> list[str]:
    """Return the command as PostgreSQL's own user where the drill runs as root."""
    return ["runuser", "-u", POSTGRES_USER, "--", *command] if os.geteuid() == 0 else command


def give_to_postgres(path: Path) -> None:
    """Let PostgreSQL's user have a file or folder, where the drill runs as root."""
    if os.geteuid() == 0:
        shutil.chown(path, POSTGRES_USER, POSTGRES_USER)


@dataclass(frozen=True)
class Store:
    """Where backups lie, which no host takes with it: settings of both programs, and their secrets."""

    folder: Path

    @property
    def pgbackrest_file(self) -> Path:
        """The configuration of pgBackRest, made from the template that operators fill in."""
        return self.folder / "pgbackrest.conf"

    @property
    def password_file(self) -> Path:
        """The password of the files' backups."""
        return self.folder / "restic_password"

    def set_up(self, secret: str) -> None:
        """Make both stores, encrypted, as docs/backups.md says."""
        (self.folder / "database").mkdir(parents=True)
        (self.folder / "locks").mkdir()
        template = (SCRIPTS / "pgbackrest.conf").read_text(encoding="utf-8")
        filled = template.replace("/var/backups/jejak/database", str(self.folder / "database"))
        filled = filled.replace(
            "repo1-cipher-pass=", f"repo1-cipher-pass={secret}\nlock-path={self.folder / 'locks'}"
        )
        self.pgbackrest_file.write_text(filled, encoding="utf-8")
        self.pgbackrest_file.chmod(0o640)
        self.password_file.write_text(secret, encoding="utf-8")
        self.password_file.chmod(0o600)
        for path in (self.folder / "database", self.folder / "locks", self.pgbackrest_file):
            give_to_postgres(path)

    def environment(self) -> dict[str, str]:
        """Return what both programs need to find the stores."""
        return {
            "PGBACKREST_CONFIG": str(self.pgbackrest_file),
            "RESTIC_REPOSITORY": str(self.folder / "files"),
            "RESTIC_PASSWORD_FILE": str(self.password_file),
            "RESTIC_CACHE_DIR": str(self.folder / "cache"),
        }


class DrillHost:
    """One host: a folder with everything that would die with it."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.folder, self.store = folder, store
        self.data, self.media = folder / "postgres", folder / "media"
        self.mails = folder / "mails"
        self.socket, self.notes = folder / "run", folder / "backup-notes"
        self.log = folder / "postgres.log"

    def set_up(self) -> None:
        """Make the folders of an empty host."""
        for path in (self.folder, self.socket, self.notes, self.mails, self.folder / "static"):
            path.mkdir(parents=True)
        for path in (self.folder, self.socket, self.notes):
            give_to_postgres(path)

    def start_new_database(self) -> None:
        """Make an empty server that archives all changes, as the template for operators says, with roles and database."""
        self.data.mkdir()
        give_to_postgres(self.data)
        self.run(
            *as_postgres(
                [postgres_program("initdb"), "-D", str(self.data), "-U", "postgres", "--data-checksums", "--encoding=UTF8",
                 "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--auth=trust"]
            )
        )  # fmt: skip
        template = (SCRIPTS / "postgresql.conf").read_text(encoding="utf-8")
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write(template)
        self.start()
        more = {"POSTGRES_USER": "postgres", "OWNER_PASSWORD": "drill", "WEB_PASSWORD": "drill"}
        self.run("sh", str(BASE / "deploy" / "postgres" / "roles.sh"), more=more)
        self.sql("GRANT SET ON PARAMETER session_replication_role TO jejak_owner")

    @property
    def start_command(self) -> str:
        """How the server starts here, for operators' DATABASE_START."""
        said = f"-c listen_addresses= -k {self.socket}"
        return f"{postgres_program('pg_ctl')} -D {self.data} -l {self.log} -o '{said}' -w -t 600 start"

    @property
    def stop_command(self) -> str:
        """How the server stops, for operators' DATABASE_STOP."""
        return f"{postgres_program('pg_ctl')} -D {self.data} -m fast -w stop"

    def start(self) -> None:
        """Start the server."""
        self.run(*as_postgres(["sh", "-c", self.start_command]))

    def destroy(self) -> None:
        """Kill the server and delete everything that this host has."""
        subprocess.run(
            as_postgres([postgres_program("pg_ctl"), "-D", str(self.data), "-m", "immediate", "stop"]),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        shutil.rmtree(self.folder)

    def stop(self) -> None:
        """Stop the server if it runs."""
        if (self.data / "postmaster.pid").exists():
            subprocess.run(
                as_postgres(["sh", "-c", self.stop_command]), stdout=subprocess.DEVNULL, check=False
            )

    def environment(self) -> dict[str, str]:
        """Return what the scripts in deploy/backup find in backup.env of this host."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {
            **kept,
            **self.store.environment(),
            "BACKUP_ENV": "",
            "STANZA": "jejak",
            "PGBACKREST_PG1_PATH": str(self.data),
            "PGBACKREST_PG1_SOCKET_PATH": str(self.socket),
            "PGHOST": str(self.socket),
            "PGDATA": str(self.data),
            "MEDIA_ROOT": str(self.media),
            "BACKUP_NOTES": str(self.notes),
            "DATABASE_START": self.start_command,
            "DATABASE_STOP": self.stop_command,
        }

    def run(self, *command: str, more: Mapping[str, str] | None = None, ends_with: int = 0) -> str:
        """Run a command here and return what it said. Raises TrialFailed where it ends otherwise than expected."""
        done = subprocess.run(
            command,
            cwd=BASE,
            env={**self.environment(), **(more or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
        if done.returncode != ends_with:
            raise TrialFailed(f"`{' '.join(command)}` ended with {done.returncode}:\n{done.stdout[-3000:]}")
        return done.stdout

    def script(self, name: str, *arguments: str) -> str:
        """Run a script of deploy/backup, as an operator does. Raises TrialFailed."""
        return self.run("sh", str(SCRIPTS / name), *arguments)

    def sql(self, statement: str, *, database: str = "postgres") -> str:
        """Run a statement as the superuser and return what it found."""
        psql = [postgres_program("psql"), "-U", "postgres", "-d", database, "-XAtqc", statement]
        return self.run(*as_postgres(psql)).strip()

    @property
    def database(self) -> Database:
        """The database, for whatever works with Jejak's own code."""
        urls = {role: f"postgres://jejak_{role}:drill@/jejak?host={self.socket}" for role in ("owner", "web")}
        more = {"EMAIL_URL": f"file://{self.mails}", "BACKUP_NOTES": str(self.notes)}
        return Database("drill", "jejak", self.folder, urls["owner"], urls["web"], more)

    def python(self, *words: str, as_owner: bool = False, ends_with: int = 0) -> str:
        """Run Python with Jejak's settings for this host and return what it said. Raises TrialFailed."""
        python = str(BASE / ".venv" / "bin" / "python")
        more = self.database.environment(as_owner=as_owner)
        return self.run(python, *words, more=more, ends_with=ends_with)

    def manage(self, *words: str, ends_with: int = 0) -> str:
        """Run a command of manage.py and return what it said. Raises TrialFailed."""
        return self.python("manage.py", *words, ends_with=ends_with)
