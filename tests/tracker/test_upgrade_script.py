"""deploy/upgrade.sh, on a stand-in for Docker: which web ends when, and what happens when the new one does not answer."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.databases import BASE

#: Knows containers by name, and notes what it is told. New ones answer unless the file says otherwise.
DOCKER = f"""#!{sys.executable} -I
import json, pathlib, re, sys
file = pathlib.Path(__file__).with_name("state.json")
state = json.loads(file.read_text())
said = " ".join(sys.argv[1:])
state["told"].append(said)
if said == "compose ps --quiet web":
    print("\\n".join(state["webs"]))
elif found := re.search(r"--scale web=(\\d+) web$", said):
    while len(state["webs"]) < int(found[1]):
        state["made"] += 1
        state["webs"].append(f"new{{state['made']}}")
elif said.startswith("inspect"):
    print("unhealthy" if said.split()[-1] in state["ill"] else "healthy")
elif said.startswith("rm"):
    state["webs"].remove(said.split()[-1])
elif said.startswith("logs"):
    print("its last words")
file.write_text(json.dumps(state))
"""


class Stand:
    def __init__(self, folder: Path, *webs: str, ill: tuple[str, ...] = ()) -> None:
        self.folder = folder
        (folder / "docker").write_text(DOCKER)
        (folder / "docker").chmod(0o755)
        (folder / "sleep").write_text("#!/bin/sh\n")
        (folder / "sleep").chmod(0o755)
        state = {"webs": webs, "made": 0, "ill": ill, "told": []}
        (folder / "state.json").write_text(json.dumps(state))

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", str(BASE / "deploy/upgrade.sh"), *arguments],
            env={"PATH": f"{self.folder}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def state(self) -> Any:
        return json.loads((self.folder / "state.json").read_text())

    def acts(self) -> list[str]:
        """What changed something, shortened."""
        kept = [told for told in self.state["told"] if not told.startswith(("compose ps", "inspect", "logs"))]
        return [told.removeprefix("compose up --detach --no-deps ") for told in kept]


def test_each_web_is_replaced_by_one_that_answers_then_the_rest(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "old1", "old2")
    assert stand.run().returncode == 0
    assert stand.acts() == [
        "compose run --rm --no-deps migrate",
        "--no-recreate --scale web=3 web",
        "stop --time 30 old1",
        "rm old1",
        "--no-recreate --scale web=3 web",
        "stop --time 30 old2",
        "rm old2",
        "worker beat",
    ]
    assert stand.state["webs"] == ["new1", "new2"]


def test_the_way_back_leaves_the_tables(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "old1")
    assert stand.run("--back").returncode == 0
    assert stand.acts()[0] == "--no-recreate --scale web=2 web"
    assert stand.state["webs"] == ["new1"]


@pytest.mark.long
def test_web_that_does_not_answer_replaces_none(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "old1", ill=("new1",))
    done = stand.run()
    assert done.returncode == 1
    assert "its last words" in done.stderr and "docker rm --force new1" in done.stderr
    assert stand.state["webs"] == ["old1", "new1"]
    assert not any(act.startswith("stop") for act in stand.acts())


def test_anything_else_does_nothing(tmp_path: Path) -> None:
    for argument in ("back", "--help"):
        stand = Stand(tmp_path, "old1")
        assert (stand.run(argument).returncode, stand.state["told"]) == (2, [])
