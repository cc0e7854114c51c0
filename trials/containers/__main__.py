"""Builds the images from Debian's packages, installs by the pages for operators with a real engine, and looks at it as people do.

make containers          everything; ends with 1 when a step failed. Nothing is left but the images in `images.CACHE`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tracker.house.fresh.debian import Failed
from trials.containers.backups import STEPS_OF_BACKUPS
from trials.containers.engine import run_inside, running_engine
from trials.containers.images import CACHE, Builder, build_product, build_stand_ins
from trials.containers.ministry import CoveredMachine, covered, names, what_one_has
from trials.containers.pages import installing_packages
from trials.containers.stack import Stack, check_out, images_of, taken_down, version_of
from trials.containers.steps import STEPS, ContainerTrial
from trials.install.shell import Shell
from trials.releases import TrialFailed

BASE = Path(__file__).resolve().parent.parent.parent
#: What the second process, in its own network and mounts, is told: where the checkout lies.
_INSIDE = "--inside"


class Progress:
    """Prints a line for each step, with its time."""

    def __init__(self) -> None:
        self._began = self._step = time.monotonic()

    def say(self, step: str, seen: str) -> None:
        """Print what a step saw, and how long it took."""
        now = time.monotonic()
        print(f"{now - self._step:6.1f} s  {step:<10} {seen}", flush=True)
        self._step = now

    @property
    def seconds(self) -> float:
        """The time since the beginning."""
        return time.monotonic() - self._began


def outside(progress: Progress) -> int:
    """Build the images, which needs the network, then try them where there is none."""
    builder = Builder()
    with tempfile.TemporaryDirectory(prefix="jejak-containers-") as name:
        folder = Path(name) / "checkout"
        check_out(BASE, folder)
        build_stand_ins(builder)
        progress.say("bases", "stand-ins of Debian's packages, without any registry of images")
        build_product(builder, folder, version_of(folder))
        progress.say("images", f"jejak:{version_of(folder)} and its pool, by the product's own files")
        for text in installing_packages():
            subprocess.run(["sh", "-e", "-c", text], check=True, capture_output=True)
        progress.say("step 2", "the engine's packages, installed by the lines of docs/install-containers.md")
        return run_inside("trials.containers", [_INSIDE, str(folder)])


def inside(checkout: Path, progress: Progress) -> None:
    """Install by the page, and look at everything. Raises TrialFailed and Failed."""
    with covered(), names(), running_engine() as engine:
        engine.take(images_of(checkout), Builder())
        progress.say("engine", "dockerd in a network of its own, with all images")
        machine = CoveredMachine(engine)
        with what_one_has(machine) as authority, Shell(machine, is_quiet=True) as shell:
            stack = Stack(engine, authority)
            with taken_down(stack):
                trial = ContainerTrial(stack, shell, progress.say)
                for name, step in (*STEPS, *STEPS_OF_BACKUPS):
                    try:
                        progress.say(name, step(trial))
                    except TrialFailed as error:
                        raise TrialFailed(f"{name}: {error}") from error
        progress.say("down", "containers, volumes and networks are gone")
    progress.say("engine", "ended")


def main(arguments: list[str]) -> None:
    """Run the trial; end with one line with the result, and 0, 1, or 130 after Ctrl-C or `kill`."""
    progress = Progress()
    if arguments[:1] == [_INSIDE]:
        _try_inside(Path(arguments[1]), progress)
        return
    if arguments:
        sys.exit("make containers takes no arguments.")
    if os.geteuid() != 0:
        sys.exit("make containers starts an engine, which only root can: run `sudo make containers`.")
    try:
        code = outside(progress)
    except (TrialFailed, Failed, OSError, subprocess.SubprocessError) as error:
        print(error, file=sys.stderr)
        code = 1
    except KeyboardInterrupt:
        code = 130
    told = {0: "passed", 130: "interrupted; nothing is left of it"}.get(
        code, f"failed; what the containers said is in {CACHE}/failed.log"
    )
    print(f"make containers: {told}, after {progress.seconds / 60:.1f} minutes.")
    sys.exit(code)


def _try_inside(folder: Path, progress: Progress) -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        inside(folder, progress)
    except (TrialFailed, Failed, OSError, subprocess.SubprocessError) as error:
        print(f"failed: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main(sys.argv[1:])
