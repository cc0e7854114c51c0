"""The units of systemd: how little each may do, who gets which secret, and that a stop lets requests and tasks end."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from tracker.env import PASSWORDS, SECRETS
from tracker.house.programs import PROGRAMS

BASE = Path(__file__).resolve().parent.parent.parent
UNITS = BASE / "deploy" / "systemd"
SERVICES = ("jejak-web", "jejak-worker", "jejak-beat", "jejak-migrate")
#: What `systemd-analyze security` may say of a service at most: 10 is one that may do anything.
MOST_EXPOSED = 2.0


def unit(name: str) -> dict[str, list[str]]:
    """Return the settings of a service, each with its values in their order."""
    found = defaultdict(list)
    for line in (UNITS / f"{name}.service").read_text(encoding="utf-8").splitlines():
        setting, sign, value = line.partition("=")
        if sign and not line.startswith("#"):
            found[setting].append(value)
    return found


def credentials(name: str) -> set[str]:
    return {value.partition(":")[0] for value in unit(name)["LoadCredential"]}


def test_services_are_hardened_alike_and_start_with_the_machine() -> None:
    texts = [(UNITS / f"{name}.service").read_text(encoding="utf-8") for name in SERVICES]
    restrictions = {text[text.index("# What it may touch") :].partition("\n\n")[0].strip() for text in texts}

    assert len(restrictions) == 1
    for name in SERVICES:
        is_kept = unit(name)["WantedBy"] == ["jejak.target"]
        assert is_kept is (name != "jejak-migrate")
        assert (unit(name)["PartOf"] == ["jejak.target"]) is is_kept
    for name in SERVICES:
        program = PROGRAMS["systemd-analyze"].find()
        assert program is not None, name
        command = [program, "security", "--offline=true", "--no-pager", str(UNITS / f"{name}.service")]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        level = re.search(r"exposure level for \S+: ([\d.]+)", said)

        assert level is not None, said
        assert float(level[1]) <= MOST_EXPOSED, said


def test_only_migrate_gets_the_owners_password() -> None:
    for name in SERVICES:
        assert ("owner_password" in credentials(name)) is (name == "jejak-migrate")
        assert ("/etc/jejak/owner.env" in unit(name)["EnvironmentFile"]) is (name == "jejak-migrate")


def test_each_credential_is_told_to_jejak() -> None:
    for name in SERVICES:
        told = dict(re.findall(r"(\w+)_FILE=%d/(\w+)", " ".join(unit(name)["Environment"])))

        assert set(told.values()) == credentials(name), name
        assert set(told) <= {*SECRETS, *PASSWORDS.values()}, name


def test_every_secret_of_containers_but_postgres_own_is_a_credential(tmp_path: Path) -> None:
    subprocess.run(
        ["sh", str(BASE / "deploy" / "secrets.sh")],
        env={"PATH": os.environ["PATH"], "SECRETS": str(tmp_path)},
        check=True,
    )

    assert {path.name for path in tmp_path.iterdir()} - {"postgres_password"} == credentials("jejak-migrate")


def test_the_wrapper_hands_over_the_same_secrets() -> None:
    script = (BASE / "deploy" / "jejak").read_text(encoding="utf-8")
    given = re.search(r'^secrets="([a-z_ ]+)"', script, re.MULTILINE)

    assert given is not None
    assert set(given[1].split()) == credentials("jejak-web")


def test_a_stop_waits_longer_than_requests_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BASE)
    graceful = runpy.run_path(str(BASE / "gunicorn.conf.py"))["graceful_timeout"]

    assert int(unit("jejak-web")["TimeoutStopSec"][0]) > graceful
