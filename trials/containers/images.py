"""The images: stand-ins for those that Dockerfile and compose name, made of Debian's packages, and the product's on top.

No registry of images is asked. A stand-in says what it is: Debian's PostgreSQL in the place of a newer one, a scanner with one
signature. Layers are kept between runs in `CACHE`.
"""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tracker.house.fresh import registries
from tracker.house.fresh.debian import release_of_machine
from trials.releases import TrialFailed

CACHE = Path("/var/tmp/jejak-containers")  # noqa: S108 - root's own folder, 0700.
#: After so many days the stand-ins are built anew, with Debian's newer packages.
_FRESH_DAYS = 7
_BASE = "localhost/jejak-debian"
_STAND_INS = Path(__file__).resolve().parent / "stand_ins"
_INSTALL = "apt-get update --quiet && DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends"


@dataclass(frozen=True)
class StandInImage:
    """One image that Dockerfile or compose name: Debian's packages, and what else it takes."""

    name: str
    packages: tuple[str, ...]
    more: str = ""
    #: What comes before the packages.
    before: str = ""

    def recipe(self) -> str:
        """Return its Containerfile."""
        install = f"RUN {_INSTALL} {' '.join(self.packages)}\n" if self.packages else ""
        return f"FROM {_BASE}\n{self.before}{install}{self.more}"


STAND_INS = (
    StandInImage(
        "python:3.13-slim",
        ("python3", "python3-venv", "tzdata"),
        "RUN ln -s python3 /usr/bin/python\n",
    ),
    # PgBouncer is there already, so that building its image fetches nothing.
    StandInImage("debian:trixie-slim", ("pgbouncer",)),
    StandInImage("nginx:1.28", ("nginx-light",), "RUN install -d /var/cache/nginx\n"),
    StandInImage(
        "postgres:18",
        ("postgresql-17",),
        "ENV PATH=/usr/lib/postgresql/17/bin:$PATH PGDATA=/var/lib/postgresql/18/docker\n"
        "COPY docker-entrypoint.sh /usr/local/bin/docker-entrypoint.sh\n"
        "RUN rm -rf /var/lib/postgresql/* && install -d /docker-entrypoint-initdb.d\n"
        'VOLUME /var/lib/postgresql\nSTOPSIGNAL SIGINT\nENTRYPOINT ["docker-entrypoint.sh"]\n',
        # Its user has this number in the official image, and owns the store of backups.
        "RUN groupadd --system --gid=999 postgres && useradd --system --uid=999 --gid=999 --home-dir=/var/lib/postgresql postgres\n",
    ),
    StandInImage("valkey/valkey:8", ("valkey-server", "valkey-tools")),
    StandInImage(
        "clamav/clamav:stable",
        ("clamav-daemon", "clamav-freshclam", "clamdscan"),
        # Of the file that all scanners know for a test, and harmless.
        "RUN echo 44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test-File-Hdb > /var/lib/clamav/trial.hdb\n"
        "VOLUME /var/lib/clamav\n",
    ),
)

#: The product's own images, and the folders that they are built of.
PRODUCT = {"jejak": ".", "jejak-pgbouncer": "deploy/pgbouncer", "jejak-backup": "deploy/backup"}


class Builder:
    """Podman with folders of its own."""

    def __init__(self) -> None:
        CACHE.mkdir(mode=0o700, exist_ok=True)
        CACHE.chmod(0o700)
        files, processes = (
            resource.getrlimit(which)[1] for which in (resource.RLIMIT_NOFILE, resource.RLIMIT_NPROC)
        )
        # The engine may not raise a limit above the hard one.
        limits = f'default_ulimits=["nofile={files}:{files}","nproc={processes}:{processes}"]\n'
        engine = '[engine]\nevents_logger="file"\ncgroup_manager="cgroupfs"\nruntime="runc"\n'
        (CACHE / "containers.conf").write_text(f"[containers]\n{limits}{engine}", encoding="utf-8")
        (CACHE / "storage.conf").write_text(
            f'[storage]\ndriver="overlay"\ngraphroot="{CACHE}/images"\nrunroot="{CACHE}/run"\n',
            encoding="utf-8",
        )
        self._environment = {
            **os.environ,
            "CONTAINERS_CONF": str(CACHE / "containers.conf"),
            "CONTAINERS_STORAGE_CONF": str(CACHE / "storage.conf"),
            "PODMAN_IGNORE_CGROUPSV1_WARNING": "1",
        }

    def run(self, *arguments: str, stdin: str | None = None) -> str:
        """Run podman and return what it prints. Raises TrialFailed with its last lines."""
        done = subprocess.run(
            ["podman", *arguments],
            env=self._environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = (done.stdout + done.stderr).strip().splitlines()[-12:]
            raise TrialFailed(f"`podman {arguments[0]}` ended with {done.returncode}:\n" + "\n".join(said))
        return done.stdout.strip()

    def build(self, name: str, folder: Path, recipe: str = "", *, file: Path | None = None) -> str:
        """Build an image of a folder by a recipe, or by a file of it; return its id."""
        settings = self._reach_registries()
        source = ["--file", "-"] if recipe else ["--file", str(file)]
        return self.run(
            "build", "--quiet", "--pull=never", "--network=host", "--layers", *settings, "--tag", name, *source, str(folder),
            stdin=recipe or None,
        )  # fmt: skip

    def base(self) -> None:
        """Make the bare Debian on which the stand-ins stand, unless there is one of these days."""
        stamp = CACHE / "base"
        is_there = subprocess.run(
            ["podman", "image", "exists", _BASE], env=self._environment, check=False, capture_output=True
        )
        if is_there.returncode == 0 and stamp.exists() and _age_in_days(stamp) < _FRESH_DAYS:
            return
        release, archive = release_of_machine(), CACHE / "base.tar"
        command = [
            "mmdebstrap",
            "--variant=minbase",
            "--dpkgopt=force-unsafe-io",
            "--include=ca-certificates",
        ]
        command += [f"--aptopt={line}" for line in registries.apt_options().splitlines()]
        command += [release, str(archive), *registries.apt_sources(release)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise TrialFailed(f"`mmdebstrap` ended with {done.returncode}: {done.stderr[-600:]}")
        self.run("import", "--quiet", str(archive), _BASE)
        archive.unlink()
        stamp.touch()

    def _reach_registries(self) -> Iterable[str]:
        """Return options that let a build reach the registries as this machine does."""
        told = {name[4:].lower().replace("_", "-"): value for name, value in registries.variables().items()
                if name.startswith("PIP_") and name not in {"PIP_CONFIG_FILE", "PIP_CONSTRAINT"}}  # fmt: skip
        (CACHE / "pip.conf").write_text(
            "[global]\n" + "".join(f"{name} = {value}\n" for name, value in told.items()), encoding="utf-8"
        )
        mounted = {Path("/etc/pip.conf"): CACHE / "pip.conf"} if told else {}
        for path in registries.paths_in(told.values()):
            if path.exists():
                mounted[path] = path
        bundle = Path("/etc/ssl/certs/ca-certificates.crt")
        if bundle.exists():
            mounted[bundle] = bundle
        return [f"--volume={source}:{target}:ro" for target, source in mounted.items()]


def _age_in_days(path: Path) -> float:
    return (time.time() - path.stat().st_mtime) / 86_400


def build_stand_ins(builder: Builder) -> None:
    """Build what the product and compose stand on."""
    builder.base()
    for each in STAND_INS:
        builder.build(
            f"docker.io/library/{each.name}" if "/" not in each.name else f"docker.io/{each.name}",
            _STAND_INS,
            each.recipe(),
        )


def build_product(builder: Builder, checkout: Path, version: str) -> None:
    """Build the images that compose builds, by the same files."""
    for name, folder in PRODUCT.items():
        path = checkout / folder
        builder.build(f"docker.io/library/{name}:{version}", path, file=path / "Dockerfile")
