"""What pages for operators tell to type exists: commands of `jejak`, in its role; and its script stands for what it says."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

from manage import OWNER_COMMANDS

BASE = Path(__file__).resolve().parent.parent.parent
PAGES = sorted([*(BASE / "docs").glob("*.md"), *(BASE / "guides" / "texts").glob("*.md")])
_COMMAND = re.compile(r"jejak (owner )?manage\s+([a-z]\w+)")


def test_commands_that_pages_tell_exist_and_are_given_in_their_role() -> None:
    told = [found for page in PAGES for found in _COMMAND.findall(page.read_text(encoding="utf-8"))]

    assert len(told) > 10
    assert {name for _owner, name in told} <= set(get_commands())
    assert [name for owner, name in told if bool(owner) is not (name in OWNER_COMMANDS)] == []


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (["manage", "load_cycle"], "exec -T web python manage.py load_cycle"),
        (["owner", "manage", "rebuild_search"], "run --rm -T migrate python manage.py rebuild_search"),
        (["doctor", "--json"], "exec -T web python -m tracker.doctor --json"),
        (["owner", "doctor"], "run --rm -T migrate python -m tracker.doctor --owner"),
    ],
)
def test_jejak_beside_containers(tmp_path: Path, words: list[str], given: str) -> None:
    assert perform(tmp_path, words).stdout == f"docker compose {given}\n"


@pytest.mark.parametrize("words", [[], ["migrate"], ["owner"]])
def test_jejak_says_what_it_knows(tmp_path: Path, words: list[str]) -> None:
    done = perform(tmp_path, words)

    assert done.returncode == 2
    assert "write jejak doctor, jejak manage COMMAND" in done.stderr


def perform(folder: Path, words: list[str]) -> subprocess.CompletedProcess[str]:
    """Run the script as root would, beside containers, with a docker that prints what it is asked."""
    programs = folder / "bin"
    programs.mkdir()
    for name, text in {"docker": 'echo "docker $*"', "id": "echo 0"}.items():
        (programs / name).write_text(f"#!/bin/sh\n{text}\n", encoding="ascii")
        (programs / name).chmod(0o755)
    script = (
        (BASE / "deploy" / "jejak").read_text(encoding="utf-8").replace("/opt/jejak/current", str(folder))
    )
    environment = {"PATH": f"{programs}:{os.environ['PATH']}"}
    command = ["sh", "-s", "--", *words]
    return subprocess.run(command, input=script, env=environment, capture_output=True, text=True, check=False)
