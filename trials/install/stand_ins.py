"""What the trial brings where an operator has the ministry's own: name, certificate, mail server, and signatures of viruses."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.audit.authority import Authority
from tracker.house.fresh.debian import Failed, end
from tracker.processes import bound_to_parent
from trials.machine import TrialMachine

BASE = Path(__file__).resolve().parent.parent.parent
HOST = "jejak.example.gov.my"
MAIL_HOST = "mail.example.gov.my"
TIMESTAMP_HOST = "timestamp.example.gov.my"
#: The release that pages install, and the one that they put in its place.
RELEASE, NEXT_RELEASE = "jejak-1.0.0", "jejak-1.1.0"
#: In place of the block of the page that waits for ClamAV's own: this machine reaches no mirror of them. The signature is that
#: of the file with which everybody tests scanners.
SIGNATURES = """\
systemctl stop clamav-freshclam
echo '44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test-File-Hdb' > /var/lib/clamav/trial.hdb
touch /var/lib/clamav/main.inc /var/lib/clamav/daily.inc
systemctl restart clamav-daemon
until [ -S /run/clamav/clamd.ctl ]; do sleep 1; done
"""
BLOCKS = {"signatures": SIGNATURES}


def put_what_one_has(machine: TrialMachine, folder: Path) -> None:
    """Lay down what the page asks for before it begins: the release, the certificate and its key, the names. Raises Failed."""
    make_certificate(folder)
    for name in ("fullchain.pem", "privkey.pem"):
        machine.write(f"/root/{name}", (folder / name).read_text(encoding="ascii"), mode=0o600)
    put_what_ministry_has(machine, folder)


def put_what_ministry_has(machine: TrialMachine, folder: Path) -> None:
    """Lay down what no host takes with it: the release, and names and authority of the ministry. Raises Failed."""
    put_release(machine, RELEASE)
    # The ministry's authority is one that its machines know.
    authority = (folder / "authority.pem").read_text(encoding="ascii")
    machine.write("/usr/local/share/ca-certificates/trial.crt", authority)
    machine.perform(["update-ca-certificates"])
    machine.write(
        "/etc/hosts", f"127.0.0.1 localhost\n::1 localhost\n127.0.0.1 {HOST} {MAIL_HOST} {TIMESTAMP_HOST}\n"
    )


def put_release(machine: TrialMachine, name: str) -> None:
    """Lay down the commit that is checked out as a release of some name, as its developers hand it over. Raises Failed."""
    archive = ["git", "-C", str(BASE), "archive", f"--prefix={name}/", "--format=tar.gz"]
    _run([*archive, f"--output={machine.root}/root/{name}.tar.gz", "HEAD"])


def make_certificate(folder: Path) -> None:
    """Make an authority and, signed by it, the site's certificate. Raises Failed."""
    key = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "90",
    ]
    authority, authority_key = folder / "authority.pem", folder / "authority.key"
    _run([*key, "-keyout", str(authority_key), "-out", str(authority), "-subj", "/CN=Authority of the trial",
          "-addext", "keyUsage=critical,keyCertSign,cRLSign"])  # fmt: skip
    _run([*key, "-CA", str(authority), "-CAkey", str(authority_key), "-keyout", f"{folder}/privkey.pem",
          "-out", f"{folder}/fullchain.pem", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST},DNS:{TIMESTAMP_HOST}",
          "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "extendedKeyUsage=serverAuth"])  # fmt: skip


@contextmanager
def mail_server(machine: TrialMachine) -> Iterator[None]:
    """Keep what greets as a mail server and takes every mail, on port 25 of the machine's network."""
    command = machine.in_its_network([sys.executable, "-m", "trials.install.mail_server"])
    server = subprocess.Popen(bound_to_parent(command), cwd=BASE, start_new_session=True)
    try:
        yield
    finally:
        end(server)


@contextmanager
def timestamp_server(machine: TrialMachine, folder: Path) -> Iterator[None]:
    """Keep an authority for timestamps in the machine's network, and lay down its root as the page wants it."""
    authority = Authority(folder / "timestamps")
    authority.make()
    machine.write("/root/timestamp-root.pem", authority.root.read_text(encoding="ascii"))
    words = [str(authority.folder), str(folder / "fullchain.pem"), str(folder / "privkey.pem")]
    command = machine.in_its_network([sys.executable, "-m", "trials.install.timestamp_server", *words])
    server = subprocess.Popen(bound_to_parent(command), cwd=BASE, start_new_session=True)
    try:
        yield
    finally:
        end(server)


def _run(command: list[str]) -> None:
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(command, stdout=said, stderr=said, check=False)
        said.seek(0)
        if done.returncode:
            raise Failed(
                f"`{' '.join(command[:2])}` ended with {done.returncode}: {said.read().decode()[-500:]}"
            )
