"""`make run`: starts the whole product on one machine, with an embedded database unless the settings name one.

`make stop` and `make verify` are here too: they know where the database is and whether it runs.
"""

import fcntl
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tracker import baseline
from tracker.env import BadSetting, Reader, file_of, gather, state_folder
from tracker.postgres import Cluster, PostgresError, write_private
from tracker.steps import SetupStep, SetupSteps, StepFailed, fingerprint, shown
from tracker.supervisor import Child, Supervisor

BASE_DIR = Path(__file__).resolve().parent.parent
FIRST_PORT, PORTS = 8000, 100
READY_LIMIT_SECONDS = 60
SHAPES_THE_TABLES = (
    "*/migrations/*.py",
    "*/sql/*.sql",
    "*/models.py",
    "*/models/*.py",
    "requirements.txt",
    "tracker/settings.py",
    "tracker/management/**/*.py",
)
SHAPES_THE_CYCLE = ("recommendations/data/*", "cycles/file/*.py", "indicators/file/*.py")
#: What a start in production says: docs/operations.md, "The owner's password under `make run`".
ONE_USER = (
    "The embedded database runs as the same user as the web, who could open {folder} if it were taken over.\n"
    "For real data write DATABASE_URL and DATABASE_OWNER_URL of a server of your own."
)
#: Names whose values must not reach the processes that serve.
OWNER_ONLY = {"DATABASE_OWNER_URL", "JEJAK_DATABASE_ROLE"}


class CannotRun(Exception):
    """The product cannot start. The message is a sentence that says what to do."""


class Installation:
    """The state folder of `make run`, and the environment of its processes."""

    def __init__(self) -> None:
        self.given = gather(file_of(BASE_DIR))
        self.reader = Reader(self.given)
        self.state = state_folder(BASE_DIR)
        self.logs = self.state / "logs"
        self.sign_ins = self.state / "sign-ins.txt"
        self.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.logs.mkdir(exist_ok=True)
        self.web: dict[str, str] = {}
        self.owner: dict[str, str] = {}

    def database(self) -> Cluster | None:
        """Return the embedded server, or None when the environment names one. Raises CannotRun if it names only half."""
        named = [name for name in ("DATABASE_URL", "DATABASE_OWNER_URL") if self.given.get(name)]
        if len(named) == 1:
            raise CannotRun(
                f"Only {named[0]} is set: write both DATABASE_URL and DATABASE_OWNER_URL for a server of your own, "
                "or neither for the embedded one."
            )
        return None if named else Cluster(self.state / "postgres")

    def settle(self, cluster: Cluster | None, address: "Address") -> None:
        """Fill in missing settings, and keep them in files so that `manage.py` works beside the running product."""
        ours = {
            "ENVIRONMENT": "development",
            "DEMO": str(self.is_demo).lower(),
            "SECRET_KEY": self._secret_key(),
            "BROKER_URL": f"filesystem://{self.state / 'broker'}",
            "STATIC_ROOT": str(self.state / "static"),
            **({} if self.given.get("CLAMD_ADDRESS") else {"SCANNER": "none"}),
            **({"DATABASE_URL": cluster.web_url} if cluster else {}),
            # In production only the operator knows under which address people reach the site.
            **({} if self.is_production else {"SITE_URL": str(address)}),
        }
        self.web = {name: value for name, value in ours.items() if not self.given.get(name)}
        self.owner = {"DATABASE_OWNER_URL": cluster.owner_url} if cluster else {}
        for name, values in (("web.env", self.web), ("owner.env", self.owner)):
            write_private(self.state / name, "".join(f"{key}={value}\n" for key, value in values.items()))
        for folder in ("broker", "mail", "media", "static"):
            (self.state / folder).mkdir(parents=True, exist_ok=True)

    @property
    def is_demo(self) -> bool:
        """Whether this installation shows the demonstration."""
        usual = str(not self.is_production).lower()
        return Reader({"DEMO": self.given.get("DEMO") or usual}).flag("DEMO", default=False)

    @property
    def secret_key(self) -> str:
        """The SECRET_KEY of this installation."""
        return {**self.given, **self.web}["SECRET_KEY"]

    @property
    def is_production(self) -> bool:
        """Whether real people are served."""
        return self.given.get("ENVIRONMENT") == "production"

    def close_to_owner(self, cluster: Cluster) -> None:
        """Take the owner's address away from whoever serves; what stays in reach is said at the start."""
        (self.state / "owner.env").unlink(missing_ok=True)
        cluster.close_to_owner()

    def environment(self, *, as_owner: bool = False, **more: str) -> dict[str, str]:
        """Return the environment of a process. Only commands of the owner get the owner's address."""
        ours = {name: value for name, value in os.environ.items() if name not in OWNER_ONLY}
        owner = {name: self.given[name] for name in OWNER_ONLY if name in self.given} | self.owner
        return {**ours, "PYTHONUNBUFFERED": "1", **self.web, **(owner if as_owner else {}), **more}

    def _secret_key(self) -> str:
        file = self.state / "secret-key"
        if not file.exists():
            write_private(file, secrets.token_urlsafe(50))
        return file.read_text(encoding="ascii").strip()


def steps_of(installation: Installation, cluster: Cluster | None) -> Iterator[SetupStep]:
    """Yield the setup steps. With a database of one's own, its steps run at every start."""
    same = cluster.identity if cluster else ""

    def inputs(*patterns: str) -> str:
        return fingerprint(BASE_DIR, patterns, same) if same else ""

    def always(*patterns: str) -> str:
        return fingerprint(BASE_DIR, patterns, installation.given.get("STATIC_ROOT", ""))

    # First: the demonstration and cycles keep texts in both languages.
    yield SetupStep("words", "Translations", ("-m", "tracker.translations"), always("locale/**/*.po"))
    tables = inputs(*SHAPES_THE_TABLES)
    yield SetupStep("migrate", "Tables", ("manage.py", "migrate", "--no-input"), tables)
    # It also gives the database a key that follows from the secret one.
    grants = tables and fingerprint(BASE_DIR, (), tables, installation.secret_key)
    yield SetupStep("grants", "Rights of the web's role", ("manage.py", "grant_web_role"), grants)
    if installation.is_demo:
        # It moves the clock before anything is recorded, and loads the cycle at its own day.
        seed = ("manage.py", "seed_demo", "--people-file", str(installation.sign_ins))
        yield SetupStep("demo", "Demo people and history", seed, same)
    yield SetupStep("cycle", "The cycle", ("manage.py", "load_cycle"), inputs(*SHAPES_THE_CYCLE))
    statics = always("ui/static/**/*", "ui/*.py", "requirements.txt")
    yield SetupStep("static", "Static files", ("manage.py", "collectstatic", "--no-input"), statics)


@contextmanager
def alone(state: Path) -> Iterator[IO[str]]:
    """Hold the lock of this installation. Raises CannotRun, with the address of the first, for a second `make run`."""
    with open(state / "run.lock", "a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            where = lock.read().partition("\n")[2].strip() or "it is still starting"
            raise CannotRun(
                f"Jejak already runs from this folder ({where}): stop it with `make stop`."
            ) from None
        _note(lock, str(os.getpid()))
        try:
            yield lock
        finally:
            lock.truncate(0)


def _note(lock: IO[str], text: str) -> None:
    lock.seek(0)
    lock.truncate()
    lock.write(f"{text}\n")
    lock.flush()


def listen(reader: Reader) -> socket.socket:
    """Return a listening socket: on PORT when it is set, else on the first free port from 8000. Raises CannotRun."""
    host = reader.text("HOST", "127.0.0.1")
    asked = reader.number("PORT", 0, at_least=0, at_most=65535)
    for port in (asked,) if asked else range(FIRST_PORT, FIRST_PORT + PORTS):
        listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(512)
        except OSError as error:
            listener.close()
            last = error
            continue
        return listener
    tried = f"PORT {asked}" if asked else f"Every port from {FIRST_PORT} to {FIRST_PORT + PORTS - 1}"
    raise CannotRun(f"{tried} on {host} cannot be used ({last.strerror}): write a free one in PORT.")


def child_of(
    installation: Installation, name: str, *, pass_fds: tuple[int, ...] = (), **environment: str
) -> Child:
    """Return one of the processes that serve: web, worker or beat."""
    command = [sys.executable, "-m", "tracker.entry", name]
    log = installation.logs / f"{name}.log"
    return Child(name, command, {**installation.environment(), **environment}, log, pass_fds=pass_fds)


@dataclass(frozen=True)
class Address:
    """Where the product listens, and a host name that it accepts."""

    host: str
    port: int
    name: str

    @classmethod
    def of(cls, listener: socket.socket, reader: Reader) -> "Address":
        """Return the address of a listening socket."""
        host, port = listener.getsockname()[:2]
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - where everybody may come in
        usual = {"127.0.0.1": "localhost"}.get(host, f"[{host}]" if ":" in host else host)
        name = reader.hosts("ALLOWED_HOSTS", (usual,))[0]
        return cls(host, port, name)

    def __str__(self) -> str:
        return f"http://{self.name}:{self.port}"

    def answers(self) -> bool:
        """Return whether the product answers and reaches its database."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=2)
        try:
            connection.request("GET", "/health/", headers={"Host": self.name})
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def wait_until_ready(address: Address, supervisor: Supervisor) -> bool:
    """Wait until the product answers; return False if a signal asked to stop. Raises CannotRun if it does not answer."""
    limit = time.monotonic() + READY_LIMIT_SECONDS
    while not address.answers():
        if not supervisor.turn(0.1):
            return False
        fallen = next(iter(supervisor.fallen()), None)
        if fallen or time.monotonic() > limit:
            log = fallen.log if fallen else supervisor.children[0].log
            raise CannotRun(f"Jejak does not answer; the end of {log}:\n{_end_of(log)}")
    return True


def _end_of(log: Path) -> str:
    return log.read_bytes()[-1500:].decode(errors="replace").strip() if log.exists() else ""


def announce(address: Address, installation: Installation, seconds: float) -> None:
    """Print where the product is and how to sign in."""
    print(f"\nJejak is ready after {seconds:.1f} s:  {address}\n")
    if installation.is_demo and installation.sign_ins.exists():
        print("Demo sign-ins:")
        print(_in_columns(installation.sign_ins.read_text(encoding="utf-8")))
    print(f"\nLogs are in {installation.logs}. Ctrl-C stops everything.", flush=True)


def _in_columns(table: str) -> str:
    """Return lines with tabs between as columns."""
    rows = [line.split("\t") for line in table.splitlines() if line.strip()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def run() -> None:
    """Start everything, keep it running, and stop it on a signal."""
    begun = time.monotonic()
    installation = Installation()
    with alone(installation.state) as lock:
        print("Starting Jejak", flush=True)
        listener = listen(installation.reader)
        address = Address.of(listener, installation.reader)
        _note(lock, f"{os.getpid()}\n{address}")
        cluster = installation.database()
        try:
            if cluster:
                with shown("Database"):
                    cluster.start()
                    baseline.begin_anew(cluster, installation.state, may_move=installation.is_demo)
            installation.settle(cluster, address)
            memory, log = installation.state / "steps.json", installation.logs / "setup.log"
            steps = SetupSteps(
                memory=memory, log=log, environment=installation.environment(as_owner=True), folder=BASE_DIR
            )
            steps.run(steps_of(installation, cluster))
            if cluster and installation.is_production:
                installation.close_to_owner(cluster)
                print(ONE_USER.format(folder=cluster.folder), flush=True)
            _serve(installation, listener, cluster, address, begun)
        finally:
            if cluster:
                cluster.stop()


def _serve(
    installation: Installation,
    listener: socket.socket,
    cluster: Cluster | None,
    address: Address,
    begun: float,
) -> None:
    # The web's socket stays open when it restarts.
    fd = listener.fileno()
    supervisor = Supervisor(
        [child_of(installation, "web", pass_fds=(fd,), WEB_SOCKET_FD=str(fd))],
        say=lambda text: print(text, flush=True),
        watch=cluster.keep if cluster else lambda: None,
    )
    with supervisor:
        with shown("Web"):
            ready = wait_until_ready(address, supervisor)
        if ready:
            supervisor.children += [child_of(installation, name) for name in ("worker", "beat")]
            supervisor.turn(0)
            announce(address, installation, time.monotonic() - begun)
            supervisor.run()
        print("\nStopping Jejak", flush=True)


def stop() -> None:
    """Stop the product that runs from this folder, if one does."""
    file = state_folder(BASE_DIR) / "run.lock"
    if not file.exists():
        return
    with file.open(encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            os.kill(int(lock.readline()), signal.SIGTERM)
            fcntl.flock(lock, fcntl.LOCK_SH)


def manage(arguments: list[str]) -> int:
    """Run a command of `manage.py`, and return its exit code.

    Where Jejak is stopped, its embedded database is started for as long as that takes. Raises CannotRun where Jejak has
    never run from this folder.
    """
    installation = Installation()
    cluster = installation.database()
    if cluster and not cluster.data.exists():
        raise CannotRun("Jejak has not run from this folder yet: there is no audit log to verify.")
    with ExitStack() as until_done:
        named: dict[str, str] = {}
        if cluster and _is_stopped(installation.state, until_done):
            cluster.start()
            until_done.callback(cluster.stop)
            named = {"DATABASE_URL": cluster.web_url, "DATABASE_OWNER_URL": cluster.owner_url}
        command = [sys.executable, "manage.py", *arguments]
        environment = {**installation.environment(), **named}
        return subprocess.run(command, cwd=BASE_DIR, env=environment, check=False).returncode


def _is_stopped(state: Path, until_done: ExitStack) -> bool:
    """Return whether no Jejak runs from this folder; then none can start before `until_done` ends."""
    try:
        until_done.enter_context(alone(state))
    except CannotRun:
        return False
    return True


def main(arguments: list[str]) -> None:
    """`python -m tracker.run [stop | verify [OPTION …] | manage COMMAND …]`; an error is one sentence."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        match arguments:
            case ["stop"]:
                stop()
            case ["verify", *options]:
                sys.exit(manage(["verify_audit", *options]))
            case ["manage", *command]:
                sys.exit(manage(command))
            case _:
                run()
    except (BadSetting, CannotRun, PostgresError, StepFailed, baseline.OldData) as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main(sys.argv[1:])
