"""A real nginx with TLS before the product's server, as an installation has one."""

from __future__ import annotations

import datetime
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPSConnection
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.tracker.pool import free_port
from tracker.house.programs import PROGRAMS
from tracker.processes import bound_to_parent

_CONFIGURATION = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/log warn;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{
    listen 127.0.0.1:{listens} ssl; ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;
    location / {{ proxy_pass http://127.0.0.1:{port}; proxy_http_version {version}; proxy_set_header Host localhost; }}
  }}
}}
"""


@contextmanager
def running_front(port: int, *, version: str) -> Iterator[HTTPSConnection]:
    """Start it before a port; yield a connection to it. It asks the server in this version of HTTP ("1.0" is its default)."""
    program = PROGRAMS["nginx"].find()
    assert program, "No nginx on this machine: run `make test`, which installs it or says how."
    with tempfile.TemporaryDirectory(prefix="nginx-") as name:
        folder, listens = Path(name), free_port()
        _write_certificate(folder)
        configuration = _CONFIGURATION.format(folder=folder, listens=listens, port=port, version=version)
        (folder / "nginx.conf").write_text(configuration, encoding="utf-8")
        command = [program, "-c", str(folder / "nginx.conf"), "-p", str(folder), "-e", str(folder / "log")]
        process = subprocess.Popen(
            bound_to_parent(command), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        trusted = ssl.create_default_context(cafile=str(folder / "cert.pem"))
        connection = HTTPSConnection("localhost", listens, context=trusted, timeout=60)
        try:
            _await(connection, process, folder / "log")
            yield connection
        finally:
            connection.close()
            process.terminate()
            process.wait(20)


def _await(connection: HTTPSConnection, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            connection.connect()
            return
        except ConnectionRefusedError:
            assert time.monotonic() < until and process.poll() is None, log.read_text(encoding="utf-8")
            time.sleep(0.05)


def _write_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(private)
