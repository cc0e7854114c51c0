"""The whole compose file, running as the page of installing lets it run, and what is asked of it."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.house.fresh.debian import Failed
from trials.containers.engine import Engine
from trials.containers.images import CACHE, PRODUCT, STAND_INS
from trials.releases import TrialFailed

#: Services that run, each with a health check.
SERVICES = ("nginx", "web", "worker", "pgbouncer", "postgres", "valkey", "clamav", "beat")
#: Until all must be well; a machine that does other work at the same time needs minutes.
_START_SECONDS = 900
#: Where the page of installing puts things.
FOLDER, SETTINGS = Path("/opt/jejak/current"), Path("/etc/jejak")


def check_out(base: Path, folder: Path) -> None:
    """Copy the files of HEAD, and nothing else, into a folder, with dates that never change: layers are known again."""
    folder.mkdir(parents=True)
    with subprocess.Popen(["git", "-C", str(base), "archive", "HEAD"], stdout=subprocess.PIPE) as source:
        subprocess.run(["tar", "--extract", f"--directory={folder}"], stdin=source.stdout, check=True)
    for path in folder.rglob("*"):
        os.utime(path, (0, 0), follow_symlinks=False)


def version_of(checkout: Path) -> str:
    """Return the version that pyproject.toml names."""
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def images_of(checkout: Path) -> list[str]:
    """Return the names of all images that the compose files name."""
    names = [f"docker.io/{each.name if '/' in each.name else f'library/{each.name}'}" for each in STAND_INS]
    ours = [f"docker.io/library/{name}:{version_of(checkout)}" for name in PRODUCT]
    return [name for name in names if "slim" not in name] + ours


@dataclass
class Stack:
    """The containers of the release that was installed."""

    engine: Engine
    #: The certificate of the authority that signed the site's.
    authority: Path
    folder: Path = FOLDER

    def compose(self, *arguments: str, limit_seconds: float = 300) -> str:
        """Run `docker compose` in the checkout, and return what it prints. Raises TrialFailed."""
        return self.engine.run(
            "compose", "--ansi=never", *arguments, folder=self.folder, limit_seconds=limit_seconds
        )

    def up(self, *arguments: str) -> None:
        """Start what is not running, and wait until it is well."""
        self.compose("up", "--detach", "--wait", *arguments, limit_seconds=_START_SECONDS)

    def manage(self, *arguments: str) -> str:
        """Run a command of the product in the web's container."""
        return self.compose("exec", "--no-TTY", "web", "python", "manage.py", *arguments)

    def containers(self, service: str = "") -> list[dict[str, Any]]:
        """Return what the engine says of the containers of a service, or of all."""
        numbers = self.compose("ps", "--all", "--quiet", *([service] if service else [])).split()
        return list(json.loads(self.engine.run("inspect", *numbers))) if numbers else []

    def is_well(self, service: str) -> bool:
        """Return whether all containers of a service run, and say so where they have a check."""
        states = [each["State"] for each in self.containers(service)]
        return bool(states) and all(
            state["Running"] and state.get("Health", {}).get("Status", "healthy") == "healthy"
            for state in states
        )

    def tls(self) -> ssl.SSLContext:
        """Return a context that trusts the ministry's authority and no other."""
        return ssl.create_default_context(cafile=str(self.authority))

    def secrets(self) -> dict[str, str]:
        """Return the secrets that are not empty, by the names of their files."""
        found = {file.name: file.read_text().strip() for file in (SETTINGS / "secrets").iterdir()}
        return {name: value for name, value in found.items() if value}


@contextmanager
def taken_down(stack: Stack) -> Iterator[None]:
    """Remove containers, volumes and networks at the end; keep what they said where the trial failed."""
    try:
        yield
    except (TrialFailed, Failed, subprocess.TimeoutExpired):
        keep_logs(stack)
        raise
    finally:
        with suppress(TrialFailed, subprocess.TimeoutExpired):
            stack.compose("down", "--volumes", "--timeout", "5")


def keep_logs(stack: Stack) -> None:
    """Write what the containers said where it outlives them."""
    with suppress(TrialFailed, subprocess.TimeoutExpired):
        said = stack.compose("ps", "--all") + "\n" + stack.compose("logs", "--no-color", "--timestamps")
        (CACHE / "failed.log").write_text(said, encoding="utf-8")
