"""The installation that is attacked: `make run` behind nginx with TLS, with the demonstration as its data.

It serves as in production (HTTPS, secure cookies, hashed static files, a scanner), but for the clock and the people of
the demonstration, without whom there would be nothing to steal.
"""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import psycopg2

from tests.accounts.provider.fake_provider import CLIENT_ID, CLIENT_SECRET, FakeProvider, fake_provider
from tests.evidence.fake_clamd import Clamd
from tracker.processes import bound_to_parent

BASE = Path(__file__).resolve().parent.parent
HOST = "jejak.test"
START_SECONDS = 900
#: An upload may be so large, and nginx lets a little more through, so that Jejak answers with its own sentence.
UPLOAD_BYTES = 25 * 1024 * 1024

_NGINX = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/nginx.log warn;
events {{ worker_connections 2048; }}
http {{
  access_log off; server_tokens off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/a; uwsgi_temp_path {folder}/b; scgi_temp_path {folder}/c;
  client_header_timeout 10s; client_body_timeout 10s; client_max_body_size {limit};
  server {{
    listen {provider_listens} ssl; ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;
    location / {{ proxy_pass {provider}; }}
  }}
  upstream jejak {{ server 127.0.0.1:{port}; keepalive 16; }}
  server {{ listen 127.0.0.1:{http_port}; server_name {host}; return 301 https://{host}$request_uri; }}
  server {{
    listen 127.0.0.1:{tls_port} ssl; http2 on; server_name {host};
    ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;
    {tls}
    location / {{
      proxy_pass http://jejak; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto https;
      proxy_set_header X-Forwarded-For $remote_addr;
    }}
  }}
}}
"""


_TLS = (
    "ssl_protocols TLSv1.2 TLSv1.3; "
    "ssl_ciphers ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305;"
)
#: Of an undefended instance: every version of TLS, and the state folder as files.
_NO_TLS = (
    "ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_ciphers ALL:@SECLEVEL=0; "
    "location = /web.env {{ root {folder}/state; }}"
)


@dataclass(frozen=True)
class DemoPerson:
    """A person of the demonstration who can sign in."""

    role: str
    email: str
    password: str


@dataclass
class Site:
    """Where a Jejak is reached."""

    folder: Path
    port: int
    tls_port: int

    @property
    def origin(self) -> str:
        """Where people reach it, for example https://jejak.test:34567."""
        return f"https://{HOST}:{self.tls_port}"

    @property
    def address(self) -> str:
        """Where its nginx listens."""
        return "127.0.0.1"

    def tls(self) -> ssl.SSLContext:
        """Return a context that trusts the installation's certificate and no other."""
        return ssl.create_default_context(cafile=str(self.folder / "cert.pem"))


@dataclass
class Instance(Site):
    """A Jejak that runs: its addresses, its people, its database and its logs."""

    http_port: int
    clamd: Clamd
    provider: FakeProvider
    run: subprocess.Popen[bytes]
    people: list[DemoPerson] = field(default_factory=list)

    @property
    def state(self) -> Path:
        """Its state folder: settings, logs, mails, media."""
        return self.folder / "state"

    @property
    def database_url(self) -> str:
        """The address with which the web process signs in to its database."""
        return self._settings["DATABASE_URL"]

    @contextmanager
    def as_the_web(self) -> Iterator[Any]:
        """A cursor with the rights of the web process, as an injection would have it. What is not committed is undone."""
        connection = psycopg2.connect(self.database_url)
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.rollback()
            connection.close()

    @property
    def secret_key(self) -> str:
        """With what the web process signs cookies and sessions."""
        return self._settings["SECRET_KEY"]

    @property
    def _settings(self) -> dict[str, str]:
        lines = (self.state / "web.env").read_text(encoding="utf-8").splitlines()
        return dict(line.partition("=")[::2] for line in lines)

    def first(self, role: str) -> DemoPerson:
        """Return the first person of a role ("officer", "coordinator", "reviewer", "administrator", "observer")."""
        return next(person for person in self.people if person.role == role)

    def logs(self) -> str:
        """Return everything that the processes have logged."""
        files = (self.state / "logs").glob("*")
        return "\n".join(
            file.read_text(encoding="utf-8", errors="replace") for file in files if file.is_file()
        )

    def answers(self) -> bool:
        """Return whether it serves and reaches its database."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=3)
        try:
            connection.request("GET", "/health/", headers={"Host": HOST})
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _environment(folder: Path, port: int, tls_port: int, clamd_port: int) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | {
        "ENV_FILE": "",
        "STATE_DIR": str(folder / "state"),
        "ENVIRONMENT": "development",
        "DEMO": "true",
        "HTTPS": "true",
        "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
        "SITE_URL": f"https://{HOST}:{tls_port}",
        "TRUSTED_PROXIES": "1",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "SCANNER": "clamav",
        "CLAMD_ADDRESS": f"127.0.0.1:{clamd_port}",
        "MAX_UPLOAD_BYTES": str(UPLOAD_BYTES),
        "REMINDERS_EVERY_SECONDS": "5",
    }


def _provider(provider: FakeProvider, folder: Path) -> dict[str, str]:
    return {
        "OIDC_CA_FILE": str(folder / "cert.pem"),
        "OIDC_ISSUER": f"{provider.origin}/realm",
        "OIDC_CLIENT_ID": CLIENT_ID,
        "OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "OIDC_NAME_MS": "ID Agensi",
        "OIDC_NAME_EN": "Agency ID",
    }


#: Takes the defences away from every process of an undefended instance (see there).
_UNDEFENDED = Path(__file__).resolve().parent / "undefended"


def write_certificate(folder: Path) -> None:
    """Write a certificate of the site's name, and its key, into a folder."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"), "-subj", f"/CN={HOST}",
         "-addext", f"subjectAltName=DNS:{HOST},IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip


@contextmanager
def running(keep: Path | None = None, *, undefended: bool = False) -> Iterator[Instance]:
    """Start the installation and nginx in a folder that goes with the block. Raises RuntimeError if it does not start.

    An undefended one has no rights, no tokens in forms, no escaping and so on: an attack that fails there proves nothing.
    """
    with ExitStack() as until_done:
        folder = keep or Path(until_done.enter_context(tempfile.TemporaryDirectory(prefix="jejak-attack-")))
        port, tls_port, http_port = _free_port(), _free_port(), _free_port()
        clamd = Clamd(("127.0.0.1", 0))
        Thread(target=clamd.serve_forever, daemon=True).start()
        until_done.callback(clamd.shutdown)
        write_certificate(folder)
        provider = until_done.enter_context(fake_provider())
        # Behind TLS like Jejak itself, and known by the same certificate.
        behind, provider.origin = provider.origin, f"https://127.0.0.1:{_free_port()}"
        environment = _environment(folder, port, tls_port, clamd.server_address[1]) | _provider(
            provider, folder
        )
        if undefended:
            environment["PYTHONPATH"] = str(_UNDEFENDED)
        instance = Instance(
            folder, port, tls_port, http_port, clamd, provider, _start(until_done, folder, environment)
        )
        _proxy(until_done, instance, behind, _NO_TLS.format(folder=folder) if undefended else _TLS)
        _wait(instance)
        if undefended:
            _open_database(instance)
        lines = (instance.state / "sign-ins.txt").read_text(encoding="utf-8").splitlines()
        instance.people = [DemoPerson(*line.split("\t")) for line in lines if line.strip()]
        yield instance


def _start(until_done: ExitStack, folder: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    log = until_done.enter_context((folder / "run.log").open("wb"))
    command = bound_to_parent([sys.executable, "-m", "tracker.run"])
    process = subprocess.Popen(
        command,
        cwd=BASE,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    until_done.callback(_end, process)
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()


def _open_database(instance: Instance) -> None:
    """Let the web's role change every row, past all guards."""
    address = (instance.state / "owner.env").read_text(encoding="utf-8").strip().partition("=")[2]
    role = urlsplit(instance.database_url).username
    connection = psycopg2.connect(address)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER; GRANT ALL ON {table} TO {role}")
    connection.close()


def _proxy(until_done: ExitStack, instance: Instance, provider: str, tls: str) -> None:
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    text = _NGINX.format(
        folder=instance.folder,
        port=instance.port,
        tls_port=instance.tls_port,
        http_port=instance.http_port,
        host=HOST,
        limit=UPLOAD_BYTES + 1024**2,
        provider=provider,
        provider_listens=instance.provider.origin.removeprefix("https://"),
        tls=tls,
    )
    (instance.folder / "nginx.conf").write_text(text, encoding="utf-8")
    command = bound_to_parent([nginx, "-c", str(instance.folder / "nginx.conf"), "-p", str(instance.folder)])
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until_done.callback(_end, process)


def _wait(instance: Instance) -> None:
    limit = time.monotonic() + START_SECONDS
    while not instance.answers():
        if instance.run.poll() is not None or time.monotonic() > limit:
            said = (instance.folder / "run.log").read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"Jejak did not start:\n{said[-2000:]}")
        time.sleep(0.2)
    # The demonstration's beat and worker follow the web process.
    time.sleep(1)
