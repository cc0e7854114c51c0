"""What the processes of a trial's installation are told, and what else an installation of a trial is made of."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from attacks.site import HOST, DemoPerson, Site, write_certificate
from tracker.house.programs import PROGRAMS
from trials.releases import BASE, Tree, TrialFailed, kept_environment
from trials.running import Service

#: What stands in the folder of an installation from the beginning.
_FOLDERS = ("media", "mail", "state", "pages")


def settings_of(site: Site, broker: str, more: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of a process behind the trial's nginx: the demonstration, as in production but for its people.

    `broker` is Valkey's host and port; `more` holds the database and whatever else is not as usual.
    """
    folder = site.folder
    return kept_environment() | {
        "ENV_FILE": "",
        "STATE_DIR": str(folder / "state"),
        "ENVIRONMENT": "development",
        "DEMO": "true",
        "HTTPS": "true",
        "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
        "SITE_URL": site.origin,
        "TRUSTED_PROXIES": "1",
        "SECRET_KEY": "only-for-this-trial-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
        "BROKER_URL": f"redis://{broker}/0",
        "EMAIL_URL": f"file://{folder}/mail",
        "SCANNER": "none",
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "static"),
        "PROOF_MINUTES": "60",
        "PYTHONUNBUFFERED": "1",
    } | more  # fmt: skip


def prepare_folder(folder: Path) -> None:
    """Lay down what an installation has before anything runs: its folders, the pages of nginx, a certificate."""
    for name in _FOLDERS:
        (folder / name).mkdir(exist_ok=True)
    shutil.copytree(BASE / "deploy/nginx/pages", folder / "pages", dirs_exist_ok=True)
    write_certificate(folder)


def seed_people(tree: Tree, folder: Path, environment: Mapping[str, str], log: Path) -> list[DemoPerson]:
    """Fill the tables with the demonstration; return who can sign in. Raises TrialFailed."""
    people = folder / "people"
    tree.run("manage.py", "seed_demo", "--people-file", str(people), environment=environment, log=log)
    lines = people.read_text(encoding="utf-8").splitlines()
    return [DemoPerson(*line.split("\t")) for line in lines if line.strip()]


def broker_service(folder: Path, log: Path, *, address: str, port: int) -> Service:
    """Return Valkey, not started, which keeps nothing on its disk. Raises TrialFailed where there is none."""
    valkey = PROGRAMS["valkey"].find()
    if valkey is None:
        raise TrialFailed("There is no Valkey on this machine.")
    command = [valkey, "--bind", address, "--port", str(port), "--save", "", "--dir", str(folder)]
    # Reached from the trial's own hosts, and from nowhere else.
    command += ["--protected-mode", "no"]
    return Service("valkey", command, kept_environment(), folder, log)
