"""Finds the system programs that tests need; as root it installs missing ones, otherwise it prints the command."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

_POLICY = Path("/usr/sbin/policy-rc.d")
#: Another installation, or the machine's own updates, may hold the lock of packages: apt-get waits for it.
_APT_GET = ("apt-get", "--option", "DPkg::Lock::Timeout=600")


@dataclass(frozen=True)
class Program:
    """A program: its possible names, its Debian packages, and who needs it for which command."""

    title: str
    names: tuple[str, ...]
    packages: tuple[str, ...]
    needed_by: str
    target: str = "make test"
    #: What its package would start, now and with the machine: nobody wants it but the tests, who start their own.
    service: str = ""

    def find(self) -> str | None:
        """Return the path of an installed one, or None."""
        return next((path for name in self.names if (path := shutil.which(name))), None)


def ensure(programs: Sequence[Program]) -> None:
    """Install those that are missing, all at once; exits with a sentence that says what to do if they are missing still."""
    missing = [program for program in programs if not program.find()]
    if not missing:
        return
    titles = _listed([program.title for program in missing])
    packages = sorted({package for program in missing for package in program.packages})
    install = ["install", "--yes", "--no-install-recommends", *packages]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        first = missing[0]
        sys.exit(
            f"{first.needed_by} {titles}: run `sudo apt-get {' '.join(install)}`, then `{first.target}` again."
        )
    print(f"  Installing {titles}", flush=True)
    _install_without(
        [program.service for program in missing if program.service],
        [*_APT_GET, "update"],
        [*_APT_GET, *install],
    )
    _demand_all(missing, packages)


def _demand_all(programs: Sequence[Program], packages: Sequence[str]) -> None:
    """Exit with a sentence unless all are there: what Debian calls by that name may be another, such as an older PostgreSQL."""
    if absent := [program for program in programs if not program.find()]:
        names = ", ".join(name for program in absent for name in program.names)
        sys.exit(
            f"{absent[0].needed_by} {_listed([program.title for program in absent])}: installed were {', '.join(packages)}, "
            f"and none of {names} is there now. This machine's packages are older, or lie elsewhere."
        )


def _install_without(services: Sequence[str], *commands: list[str]) -> None:
    """Run the commands; these services start neither now nor with the machine."""
    with _without_services() if services else nullcontext():
        _install(*commands)
    for service in services:
        subprocess.run(["update-rc.d", service, "disable"], stdout=subprocess.DEVNULL, check=False)


def _install(*commands: list[str]) -> None:
    for command in commands:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode:
            sys.exit(f"`{' '.join(command)}` failed: install by hand, then run again.")


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


@contextmanager
def _without_services() -> Iterator[None]:
    """Let no package start a service meanwhile, in Debian's own way, unless the machine has a policy of its own."""
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="utf-8")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink(missing_ok=True)


_TRIAL = ("The trial of the page of installing needs", "make install-trial")
_DRILL = ("The drill of restoring needs", "make drill")
_CONTAINERS = ("The trial of the containers needs", "make containers")
_ATTACKS = ("The attacks need", "make attack")
_UPGRADES = ("The trial of upgrades needs", "make upgrade")
#: By the word that the Makefile gives. LibreOffice, pdftotext and unzip read what Jejak makes, as a second reader beside
#: the libraries that wrote it.
PROGRAMS = {
    # The headless shell is the same browser without the window around the page, which costs as much as the page.
    "chromium": Program(
        "Chromium",
        ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
        ("chromium-headless-shell",),
        "The browser tests need",
    ),
    "libreoffice": Program(
        "LibreOffice",
        ("soffice", "libreoffice"),
        ("libreoffice-writer-nogui", "libreoffice-calc-nogui"),
        "The tests of Word files and workbooks need",
    ),
    "pdftotext": Program(
        "pdftotext and pdftoppm", ("pdftotext",), ("poppler-utils",), "The tests of papers need"
    ),
    "unzip": Program("unzip", ("unzip",), ("unzip",), "The tests of evidence packs need"),
    "glewlwyd": Program(
        "Glewlwyd",
        ("glewlwyd",),
        # Without one of these its package asks for MySQL, or fails.
        ("glewlwyd", "dbconfig-sqlite3"),
        "The test of single sign-on needs",
        service="glewlwyd",
    ),
    "pgbouncer": Program(
        "PgBouncer",
        ("pgbouncer", "/usr/sbin/pgbouncer"),
        ("pgbouncer",),
        "The tests behind a pool of connections need",
        service="pgbouncer",
    ),
    "nginx-test": Program(
        "nginx",
        ("nginx", "/usr/sbin/nginx"),
        ("nginx-light",),
        "The tests of answers that break off need",
        service="nginx",
    ),
    "systemd-analyze": Program(
        "systemd-analyze",
        ("systemd-analyze",),
        ("systemd",),
        "The test of the services' restrictions needs",
    ),
    "valkey": Program(
        "Valkey",
        ("valkey-server", "redis-server"),
        ("valkey-server",),
        "The proof of the reminders needs",
        "make faults",
    ),
    "npm": Program("Node.js and npm", ("npm",), ("nodejs", "npm"), "Lighthouse needs", "make lighthouse"),
    "nginx": Program("nginx", ("nginx", "/usr/sbin/nginx"), ("nginx-light",), *_ATTACKS, service="nginx"),
    "nginx-upgrade": Program(
        "nginx", ("nginx", "/usr/sbin/nginx"), ("nginx-light",), *_UPGRADES, service="nginx"
    ),
    "valkey-upgrade": Program("Valkey", ("valkey-server", "redis-server"), ("valkey-server",), *_UPGRADES),
    "openssl-upgrade": Program("OpenSSL", ("openssl",), ("openssl",), *_UPGRADES),
    "iproute": Program(
        "ip", ("ip", "/usr/sbin/ip"), ("iproute2",), "The hosts of the trial need", "make failover"
    ),
    "glusterfs": Program(
        "GlusterFS",
        ("glusterd", "/usr/sbin/glusterd"),
        ("glusterfs-server", "glusterfs-client"),
        "The shared media of the trial need",
        "make failover",
        service="glusterd",
    ),
    "keepalived": Program(
        "keepalived",
        ("keepalived", "/usr/sbin/keepalived"),
        ("keepalived",),
        "The address that moves needs",
        "make failover",
        service="keepalived",
    ),
    "npm-attack": Program("Node.js and npm", ("npm",), ("nodejs", "npm"), *_ATTACKS),
    "sqlmap": Program("sqlmap", ("sqlmap",), ("sqlmap",), *_ATTACKS),
    "slowhttptest": Program("slowhttptest", ("slowhttptest",), ("slowhttptest",), *_ATTACKS),
    "testssl": Program("testssl.sh", ("testssl", "testssl.sh"), ("testssl.sh",), *_ATTACKS),
    "pdftotext-attack": Program("pdftotext", ("pdftotext",), ("poppler-utils",), *_ATTACKS),
    "openssl": Program("OpenSSL", ("openssl",), ("openssl",), *_ATTACKS),
    "postgresql": Program(
        "PostgreSQL",
        ("/usr/lib/postgresql/17/bin/postgres", "/usr/lib/postgresql/18/bin/postgres"),
        ("postgresql",),
        *_DRILL,
        service="postgresql",
    ),
    "pgbackrest": Program("pgBackRest", ("pgbackrest",), ("pgbackrest",), *_DRILL),
    "restic": Program("restic", ("restic",), ("restic",), *_DRILL),
    "promtool": Program(
        "promtool",
        ("promtool",),
        ("prometheus",),
        "The trial of watching needs",
        "make watch",
        service="prometheus",
    ),
    "mmdebstrap": Program(
        "mmdebstrap", ("mmdebstrap",), ("mmdebstrap",), "The proof on a bare Debian needs", "make fresh"
    ),
    "mmdebstrap-trial": Program("mmdebstrap", ("mmdebstrap",), ("mmdebstrap",), *_TRIAL),
    "slirp4netns": Program("slirp4netns", ("slirp4netns",), ("slirp4netns",), *_TRIAL),
    "openssl-trial": Program("OpenSSL", ("openssl",), ("openssl",), *_TRIAL),
    "podman": Program(
        "Podman", ("podman",), ("podman", "runc", "netavark", "uidmap", "iptables", "iproute2"), *_CONTAINERS
    ),
    "docker": Program(
        "Docker",
        ("dockerd", "/usr/sbin/dockerd"),
        ("docker.io", "docker-cli", "docker-compose", "docker-buildx", "iptables"),
        *_CONTAINERS,
        service="docker",
    ),
    "docker-compose": Program(
        "Compose",
        ("/usr/libexec/docker/cli-plugins/docker-compose", "/usr/lib/docker/cli-plugins/docker-compose"),
        ("docker-compose",),
        *_CONTAINERS,
    ),
    "mmdebstrap-containers": Program("mmdebstrap", ("mmdebstrap",), ("mmdebstrap",), *_CONTAINERS),
}

if __name__ == "__main__":
    ensure([PROGRAMS[word] for word in sys.argv[1:]])
