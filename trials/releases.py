"""Code of a release in a folder of its own: the last one from git, and what stands in this tree."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tracker.house.upgrades import read_release

BASE = Path(__file__).resolve().parent.parent


class TrialFailed(Exception):
    """The trial cannot go on. The message is a sentence."""


@dataclass(frozen=True)
class Tree:
    """A checkout, and the Python that has its packages. `before` stands before each command: it leads to another host."""

    title: str
    folder: Path
    python: str
    before: tuple[str, ...] = ()

    def run(self, *arguments: str, environment: Mapping[str, str], log: Path) -> str:
        """Run its Python with these arguments and return what it printed. Raises TrialFailed with its last lines."""
        done = subprocess.run(
            [*self.before, self.python, *arguments],
            cwd=self.folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        with log.open("a", encoding="utf-8") as file:
            file.write(f"$ {' '.join(arguments)}\n{done.stdout}{done.stderr}\n")
        if done.returncode:
            raise TrialFailed(
                f"{self.title}: {' '.join(arguments)} failed:\n{(done.stdout + done.stderr)[-1500:]}"
            )
        return done.stdout


def this_tree() -> Tree:
    """Return the tree that this file lies in."""
    return Tree("this tree", BASE, sys.executable)


def released_tree(folder: Path, commit: str = "", *, packages: str = "requirements.txt") -> Tree:
    """Put a release (the last one unless a commit is given) into a folder. Raises TrialFailed where git has it not.

    It runs with this tree's packages where they hold all of its own, in the same versions; else with an environment of its own.
    """
    commit = commit or read_release().commit
    folder.mkdir()
    archive = subprocess.run(["git", "archive", commit], cwd=BASE, capture_output=True, check=False)
    if archive.returncode:
        said = archive.stderr.decode(errors="replace").strip()
        raise TrialFailed(
            f"git does not have the last release, {commit or 'of which release.toml says nothing'}: {said}"
        )
    subprocess.run(["tar", "--extract"], cwd=folder, input=archive.stdout, check=True)
    python = sys.executable
    if not _pins(folder / packages) <= _pins(BASE / packages):
        subprocess.run([sys.executable, str(folder / "tracker/environment.py"), packages], check=True)
        python = str(folder / ".venv/bin/python")
    return Tree(f"the last release ({commit[:8]})", folder, python)


def _pins(file: Path) -> set[str]:
    """Return the packages of a locked list, each with its version."""
    return set(re.findall(r"^[\w.-]+==\S+", file.read_text(encoding="utf-8"), re.MULTILINE))


def kept_environment() -> dict[str, str]:
    """Return what every process needs of this one's environment, and nothing of Jejak's settings."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
