"""Blocks of commands that an operator runs a second time: no secret and no setting that is there is lost."""

from __future__ import annotations

import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from trials.install.keeping import kept_files
from trials.install.page import ANCHORS, BACKUPS, INSTALL, WATCHING, WAYS, commands_for
from trials.install.stand_ins import RELEASE

pytestmark = pytest.mark.long

BASE = Path(__file__).resolve().parent.parent.parent
#: The first administrator is a person of the database; what is restored lies in the store: trials run both.
_STEPS = {page.english: page.repeated for page in INSTALL.values()} | {
    ANCHORS: {2},
    BACKUPS: {2, 3},
    WATCHING: {1},
}
_OF_MACHINE = re.compile(r"(?<![\w./])/(?=(etc|opt|root|var|usr/local|mnt)/)|(?<=--directory )/(?=\s)")
_FOLDERS = (
    "etc/nginx/sites-available",
    "etc/nginx/sites-enabled",
    "etc/postgresql/17/main/conf.d",
    "etc/postgresql-common/createcluster.d",
    "etc/prometheus",
    "etc/systemd/system",
    "etc/valkey",
    "opt/jejak",
    "root",
    "usr/local/sbin",
    "var/lib",
)
#: What acts on the machine, and not on files of Jejak, does nothing here.
_NOTHING = (
    "apt-get",
    "chown",
    "docker",
    "jejak",
    "nginx",
    "promtool",
    "setpriv",
    "sleep",
    "systemctl",
    "useradd",
)
_STAND_INS = dict.fromkeys(_NOTHING, "exit 0") | {
    # Files are the tester's own.
    "install": """for word; do shift; case $word in -o|-g) skip=1; continue ;; esac
        [ -n "${skip:-}" ] || set -- "$@" "$word"; skip=; done; exec /usr/bin/install "$@" """,
    # A store takes one password.
    "restic": """case "$1" in
        cat) cmp -s "$RESTIC_PASSWORD_FILE" "$0.store" ;;
        init) [ ! -e "$0.store" ] && cp "$RESTIC_PASSWORD_FILE" "$0.store" ;; esac""",
}


class ScratchMachine:
    """A folder in which the pages' commands find and leave their files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for folder in _FOLDERS:
            (root / folder).mkdir(parents=True)
        for name in ("fullchain.pem", "privkey.pem", "timestamp-root.pem"):
            (root / "root" / name).write_text(name)
        (root / "etc/valkey/valkey.conf").write_text("port 6379\n# requirepass foobared\n")
        # The packages of Prometheus and pgBackRest bring one each.
        (root / "etc/prometheus/prometheus.yml").write_text("global:\n  scrape_interval: 15s\n")
        (root / "etc/pgbackrest.conf").write_text("[main]\npg1-path=/var/lib/postgresql/9/main\n")
        self._pack_release()
        self._programs = root / "programs"
        self._programs.mkdir()
        for name, text in _STAND_INS.items():
            (self._programs / name).write_text(f"#!/bin/bash\n{text}\n")
            (self._programs / name).chmod(0o755)

    def _pack_release(self) -> None:
        release = self.root / RELEASE
        shutil.copytree(BASE / "deploy", release / "deploy")
        for file in (path for path in release.rglob("*") if path.is_file()):
            file.write_text(self._here(file.read_text()))
        for name in ("build", "make-database"):
            (release / "deploy/debian" / name).write_text("#!/bin/sh\n")
        with tarfile.open(self.root / f"root/{RELEASE}.tar.gz", "w:gz") as archive:
            archive.add(release, RELEASE)

    def _here(self, text: str) -> str:
        return _OF_MACHINE.sub(f"{self.root}/", text)

    def perform(self, page: Path, way: str) -> None:
        """Run the blocks of a page in one shell, as trials do."""
        blocks = commands_for(page.read_text(encoding="utf-8"), way, steps=_STEPS[page])
        text = "".join(self._here(each.text) for each in blocks if not each.name)
        done = subprocess.run(
            ["bash", "--norc", "-e", "-o", "pipefail"],
            input=text,
            env={"PATH": f"{self._programs}:/usr/sbin:/usr/bin:/sbin:/bin"},
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def read(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def add(self, path: str, line: str) -> None:
        with (self.root / path).open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")


@pytest.fixture
def machine(tmp_path: Path) -> ScratchMachine:
    return ScratchMachine(tmp_path)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("pages", [(BACKUPS, ANCHORS), (ANCHORS, BACKUPS)], ids=lambda pages: pages[0].stem)
def test_all_that_is_kept_stays(machine: ScratchMachine, way: str, pages: tuple[Path, Path]) -> None:
    for page in (INSTALL[way].english, *pages):
        machine.perform(page, way)
    machine.add("etc/jejak/jejak.env", "OIDC_ISSUER=https://sso.example.gov.my/")
    if way == "debian":
        machine.add("etc/jejak/owner.env", "# of our own")
        machine.add("etc/jejak/backup.env", "RESTIC_REPOSITORY=sftp:store@store.example.gov.my:/jejak")
    kept = kept_files(machine.root)
    assert {"etc/jejak/secrets/restic_password", "etc/jejak/secrets/secret_key"} <= kept.keys()

    for page in (INSTALL[way].english, *pages):
        machine.perform(page, way)

    assert kept_files(machine.root) == kept


def test_prometheus_gets_the_token_that_the_web_knows_and_keeps_its_own_settings(
    machine: ScratchMachine,
) -> None:
    for page in (INSTALL["debian"].english, WATCHING):
        machine.perform(page, "debian")
    token = machine.read("etc/prometheus/jejak-token")
    machine.add("etc/prometheus/prometheus.yml", "# of our own")

    machine.perform(WATCHING, "debian")

    assert (
        token == machine.read("etc/prometheus/jejak-token") == machine.read("etc/jejak/secrets/metrics_token")
    )
    assert machine.read("etc/prometheus/prometheus.yml").endswith("# of our own\n")
    assert "scrape_interval: 15s" in machine.read("etc/prometheus/prometheus.yml~")


def test_pgbackrest_encrypts_although_its_package_brought_a_configuration(machine: ScratchMachine) -> None:
    for page in (INSTALL["debian"].english, BACKUPS):
        machine.perform(page, "debian")

    configuration = machine.read("etc/pgbackrest.conf")
    assert re.search(r"^repo1-cipher-pass=\S{64}$", configuration, re.MULTILINE)
    assert "pg1-path=/var/lib/postgresql/9/main" not in configuration
    assert machine.read("etc/valkey/valkey.conf").count("\nrequirepass ") == 1


def test_backups_and_anchors_stand_in_one_line_of_compose_files(machine: ScratchMachine) -> None:
    for page in (INSTALL["containers"].english, ANCHORS, BACKUPS):
        machine.perform(page, "containers")

    lines = [
        line for line in machine.read("etc/jejak/jejak.env").splitlines() if line.startswith("COMPOSE_FILE=")
    ]
    assert lines == ["COMPOSE_FILE=docker-compose.yml:deploy/anchors.yml:deploy/backup/compose.yml"]


def test_safe_brings_back_what_the_page_of_installing_would_make(
    machine: ScratchMachine, tmp_path: Path
) -> None:
    for page in (INSTALL["debian"].english, BACKUPS, ANCHORS, BACKUPS):
        machine.perform(page, "debian")
    kept = kept_files(machine.root)
    safe = (machine.root / "root/jejak-safe.tar").read_bytes()

    other = ScratchMachine(tmp_path / "other")
    (other.root / "root/jejak-safe.tar").write_bytes(safe)
    lay_down = next(
        each.text for each in commands_for(BACKUPS.read_text(encoding="utf-8"), "debian", steps={5})
    )
    subprocess.run(["sh", "-ec", other._here(lay_down)], check=True)
    other.perform(INSTALL["debian"].english, "debian")

    assert kept_files(other.root) == kept
