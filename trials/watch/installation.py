"""An installation that is watched: database, broker, scanner, TLS, and the three processes, each of which can be broken."""

from __future__ import annotations

import http.client
import json
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from tests.evidence.fake_clamd import running_clamd
from tests.tracker.standing_still import go_on, stand_still
from tests.tracker.tls import make_certificate, serving_tls
from tracker.house.programs import PROGRAMS
from tracker.postgres import Cluster
from trials.releases import kept_environment
from trials.running import Service, wait_until

BASE = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 120.0
#: What readiness calls at least one GiB, and some more.
_DISK = "1200m"
_MAIL_SERVER = (
    "import sys; from trials.install.mail_server import MailServer, MailTalk; "
    "MailServer(('127.0.0.1', int(sys.argv[1])), MailTalk).serve_forever()"
)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class WatchedInstallation:
    """A Jejak of its own folder. Use `running`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.media = folder, folder / "media"
        self.token = secrets.token_urlsafe(40)
        self.cluster = Cluster(folder / "postgres", durable=False)
        self.port, self.broker_port, self.mail_port, self.tls_port = *(_free_port() for _ in range(3)), 0
        self.scanner = ExitStack()
        self.site = ExitStack()
        self.clamd_address = ""
        self.services: dict[str, Service] = {}

    @property
    def environment(self) -> dict[str, str]:
        """Return the settings of its processes."""
        (self.folder / "anchors").mkdir(exist_ok=True)
        return kept_environment() | {
            "ENV_FILE": "",
            "STATE_DIR": str(self.folder / "state"),
            "STATIC_ROOT": str(self.folder / "static"),
            "MEDIA_ROOT": str(self.media),
            "ENVIRONMENT": "development",
            "SECRET_KEY": "only-for-this-trial-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH",
            "DATABASE_URL": self.cluster.web_url,
            "BROKER_URL": f"redis://127.0.0.1:{self.broker_port}/0",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail_port}",
            "SCANNER": "clamav",
            "CLAMD_ADDRESS": self.clamd_address,
            "HTTPS": "true",
            "TRUSTED_PROXIES": "1",
            "ALLOWED_HOSTS": "localhost",
            "SITE_URL": f"https://localhost:{self.tls_port}",
            "SSL_CERT_FILE": str(self.folder / "certificate.pem"),
            "PORT": str(self.port),
            # Each process of the web looks for itself: one alone cannot answer for another.
            "WEB_WORKERS": "1",
            "METRICS_TOKEN": self.token,
            "BACKUP_DATABASE_HOURS": "26",
            "ANCHOR_FOLDER": str(self.folder / "anchors"),
        }

    def run(self, *command: str, owner: bool = False) -> subprocess.CompletedProcess[str]:
        """Run one of its commands to its end."""
        more = {"DATABASE_OWNER_URL": self.cluster.owner_url} if owner else {}
        return subprocess.run(
            [sys.executable, *command],
            cwd=BASE,
            env=self.environment | more,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def metrics(self) -> str:
        """Return what Prometheus reads; nothing while the web does not answer."""
        status, said = self._get("/metrics")
        return said if status == 200 else ""

    def readiness(self) -> dict[str, str]:
        """Return the word of each part."""
        said = self._get("/health/ready/")[1]
        parts: dict[str, str] = json.loads(said).get("parts", {}) if said.startswith("{") else {}
        return parts

    def doctor(self) -> dict[str, str]:
        """Return what the doctor says of each part, in a word."""
        lines = json.loads(self.run("-m", "tracker.doctor", "--json").stdout)["parts"]
        return {line["part"]: line["condition"] for line in lines}

    def _get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {self.token}"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()

    def as_superuser(self, statement: str) -> None:
        """Change the database past all guards: only so can a row be old."""
        connection = psycopg2.connect(self.cluster.superuser_url)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(statement)
        connection.close()

    def halt_database(self) -> None:
        """Let all processes of the database stand still."""
        stand_still(self._postmaster)

    def continue_database(self) -> None:
        """Let them go on."""
        go_on(self._postmaster)

    @property
    def web_role(self) -> str:
        """Return the role as which its processes sign in to the database."""
        return urlsplit(self.cluster.web_url).username or ""

    @property
    def _postmaster(self) -> int:
        assert self.cluster.process is not None
        return self.cluster.process.pid

    def show_certificate(self, days: float) -> None:
        """Let the site show a certificate that ends in so many days."""
        self.site.close()
        key, certificate = make_certificate(self.folder, days=days)
        self.tls_port = self.site.enter_context(serving_tls(key, certificate, port=self.tls_port))

    def start_scanner(self) -> None:
        """Let the scanner answer."""
        (self.folder / "clamd.sock").unlink(missing_ok=True)
        _clamd, self.clamd_address = self.scanner.enter_context(running_clamd(self.folder))

    def fill(self) -> None:
        """Leave less room on its disk than files need."""
        (self.media / "filler").write_bytes(bytes(250 * 1024**2))

    def empty(self) -> None:
        """Make room again."""
        (self.media / "filler").unlink()

    def start(self, name: str) -> None:
        """Start one of its processes: web, worker, beat, valkey or the mail server."""
        self.services[name].start()

    def stop(self, name: str) -> None:
        """Stop one of its processes."""
        sign = signal.SIGKILL if name in {"valkey", "mail server"} else signal.SIGTERM
        self.services[name].stop(sign=sign)


@contextmanager
def running(folder: Path) -> Iterator[WatchedInstallation]:
    """Set one up and start it; take all down at the end."""
    made = WatchedInstallation(folder)
    with ExitStack() as ending:
        made.media.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_DISK}", "tmpfs", made.media], check=True)
        ending.callback(subprocess.run, ["umount", "--lazy", made.media], check=False)
        made.cluster.start()
        ending.callback(made.cluster.stop)
        ending.callback(made.site.close)
        ending.callback(made.scanner.close)
        made.show_certificate(60)
        made.start_scanner()
        done = made.run("-m", "tracker.entry", "migrate", owner=True)
        assert done.returncode == 0, done.stderr
        person = [
            "--email",
            "a@example.gov.my",
            "--name",
            "Pentadbir",
            "--role",
            "administrator",
            "--agency",
            "KDN",
        ]
        for command in (["collectstatic", "--no-input"], ["load_cycle"], ["add_person", *person]):
            done = made.run("manage.py", *command)
            assert done.returncode == 0, done.stderr
        valkey = PROGRAMS["valkey"].find() or shutil.which("valkey-server")
        commands = {
            "valkey": [str(valkey), "--port", str(made.broker_port), "--save", "", "--appendonly", "no"],
            "mail server": [sys.executable, "-c", _MAIL_SERVER, str(made.mail_port)],
            **{name: [sys.executable, "-m", "tracker.entry", name] for name in ("web", "worker", "beat")},
        }
        for name, command in commands.items():
            made.services[name] = Service(name, command, made.environment, BASE, folder / f"{name}.log")
            made.start(name)
            ending.callback(_end, made.services[name])
        wait_until(lambda: bool(made.metrics()), "the web answers", within=START_SECONDS)
        yield made


def _end(service: Service) -> None:
    if service.runs and service.process is not None:
        service.process.kill()
        service.process.wait(20)
