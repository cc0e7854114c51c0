"""Where a Jejak is reached, and who can sign in there."""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.factories.soft_passkey import SoftPasskey

HOST = "jejak.test"


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
    #: The passkeys of those who have added one, by their address.
    passkeys: dict[str, SoftPasskey] = field(default_factory=dict, kw_only=True)

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


def write_certificate(folder: Path) -> None:
    """Write a certificate of the site's name, and its key, into a folder."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"), "-subj", f"/CN={HOST}",
         "-addext", f"subjectAltName=DNS:{HOST},IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
