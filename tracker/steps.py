"""The setup steps of `make run`: each is shown with its seconds, and skipped while its inputs are unchanged.

Why no library: docs/adr/0023.
"""

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tracker.processes import bound_to_parent

SHOWN_OF_A_FAILURE = 1500


class StepFailed(Exception):
    """A step failed. The message says which, what it printed, and where its log is."""


@contextmanager
def shown(title: str) -> Iterator[None]:
    """Print the title, run the block, then print its seconds."""
    begun = time.monotonic()
    print(f"  {title} … ", end="", flush=True)
    try:
        yield
    except BaseException:
        print("failed", flush=True)
        raise
    print(f"{time.monotonic() - begun:.1f} s", flush=True)


def fingerprint(base: Path, patterns: Iterable[str], *words: str) -> str:
    """Return a hash of the files that match below the folder, and of the words."""
    digest = hashlib.sha256("\0".join(words).encode())
    for path in sorted({path for pattern in patterns for path in base.glob(pattern) if path.is_file()}):
        digest.update(b"\0" + path.relative_to(base).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@dataclass(frozen=True)
class SetupStep:
    """A command. `inputs` is the fingerprint of what it reads, or "" to run it at every start."""

    name: str
    title: str
    command: tuple[str, ...]
    inputs: str


class SetupSteps:
    """Runs steps in a folder, and remembers in a file with which inputs each succeeded."""

    def __init__(self, *, memory: Path, log: Path, environment: dict[str, str], folder: Path) -> None:
        self._memory = memory
        self._log = log
        self._environment = environment
        self._folder = folder
        self._done: dict[str, str] = _load(memory)

    def run(self, steps: Iterable[SetupStep]) -> None:
        """Run the steps whose inputs changed. Raises StepFailed at the first failure."""
        for step in steps:
            if step.inputs and self._done.get(step.name) == step.inputs:
                continue
            self._forget(step)
            with shown(step.title):
                self._perform(step)
            self._remember(step)

    def _perform(self, step: SetupStep) -> None:
        with self._log.open("a+b") as log:
            log.write(f"== {step.title}\n".encode())
            log.flush()
            begins_at = log.tell()
            command = bound_to_parent([sys.executable, *step.command])
            done = subprocess.run(
                command,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=False,
            )
            log.seek(begins_at)
            said = log.read().decode(errors="replace").strip()
        if done.returncode:
            raise StepFailed(f"{step.title} failed (log: {self._log}):\n{said[-SHOWN_OF_A_FAILURE:]}")

    def _remember(self, step: SetupStep) -> None:
        self._done[step.name] = step.inputs
        self._save()

    def _forget(self, step: SetupStep) -> None:
        if self._done.pop(step.name, None) is not None:
            self._save()

    def _save(self) -> None:
        draft = self._memory.with_suffix(".draft")
        draft.write_text(json.dumps(self._done, indent=1), encoding="utf-8")
        draft.replace(self._memory)


def _load(memory: Path) -> dict[str, str]:
    """Return what earlier starts remembered; an unreadable file counts as nothing."""
    try:
        return dict(json.loads(memory.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}
