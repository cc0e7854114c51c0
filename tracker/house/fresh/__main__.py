"""Builds a bare Debian with what the README asks for, and runs both commands of the README in it, on HEAD.

make fresh                           both
make fresh ARGS=run                  `make run` alone
make fresh ARGS="test tests/audit"   `make test` alone, with what follows as its ARGS
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tracker.house.fresh.debian import PACKAGES, BareDebian, Failed, bare_debian
from tracker.house.fresh.product import Product

BASE = Path(__file__).resolve().parent.parent.parent.parent
CHECKOUT = Path("/jejak")
TEST_SECONDS = 60 * 60
COMMANDS = ("run", "test")
_begun = time.monotonic()


def say(text: str) -> None:
    """Print the time since the beginning and what happens now."""
    print(f"[{_elapsed()}] {text}", flush=True)


def _elapsed() -> str:
    """Return the time since the beginning, such as "4 min 07 s"."""
    minutes, seconds = divmod(int(time.monotonic() - _begun), 60)
    return f"{minutes} min {seconds:02} s"


def chosen(arguments: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """Return which commands are asked for, and the arguments of `make test`. Ends with a sentence for other words."""
    match arguments:
        case []:
            return COMMANDS, []
        case ["run"]:
            return ("run",), []
        case ["test", *more]:
            return ("test",), more
    sys.exit("make fresh knows ARGS=run and ARGS=test (with pytest's arguments after it).")


def check_out(debian: BareDebian) -> None:
    """Copy the files of HEAD, and nothing else, into the bare Debian. Raises Failed."""
    git = ["git", "-C", str(BASE)]
    head = subprocess.run([*git, "log", "-1", "--format=%h %s"], capture_output=True, text=True, check=True)
    changed = subprocess.run([*git, "status", "--porcelain"], capture_output=True, check=True).stdout
    say(f"Checking out {head.stdout.strip()}{' (without what is not committed)' if changed else ''}")
    debian.unpack([*git, "archive", "HEAD"], CHECKOUT)


def prove_run(debian: BareDebian) -> None:
    """Start the product twice, sign in, and stop it in both ways. Raises Failed."""
    for stop in (Product.press_ctrl_c, Product.make_stop):
        say("make run")
        product = Product(debian, CHECKOUT)
        try:
            product.wait_until_ready()
            say(f"{product.sign_in()} signed in; stopping by {stop.__name__}")
            stop(product)
        finally:
            product.end()


def prove_test(debian: BareDebian, arguments: list[str]) -> None:
    """Run the tests. Raises Failed."""
    say(f"make test {' '.join(arguments)}")
    command = ["make", "test", f"ARGS={' '.join(arguments)}"]
    debian.perform(command, folder=CHECKOUT, limit_seconds=TEST_SECONDS)


def prove(commands: tuple[str, ...], arguments: list[str]) -> None:
    """Build the bare Debian, run the commands in it, and remove it. Raises Failed."""
    with bare_debian(BareDebian) as debian:
        say(f"Building a bare Debian with {', '.join(PACKAGES)} in {debian.root}")
        debian.build()
        debian.start()
        check_out(debian)
        if "run" in commands:
            prove_run(debian)
        if "test" in commands:
            prove_test(debian, arguments)
        say("Removing the bare Debian")


def main(words: list[str]) -> None:
    """Run what is asked for; end with one line with the result, and 0, 1, or 130 after Ctrl-C or `kill`."""
    commands, arguments = chosen(words)
    if os.geteuid() != 0:
        sys.exit("make fresh builds a Debian in a folder, which only root can: run `sudo make fresh`.")
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.default_int_handler)
    try:
        prove(commands, arguments)
    except (Failed, OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"make fresh: failed after {_elapsed()}: {error}.")
    except KeyboardInterrupt:
        print(f"make fresh: interrupted after {_elapsed()}; nothing is left of it.", file=sys.stderr)
        sys.exit(130)
    print(f"make fresh: passed in {_elapsed()} ({', '.join(f'make {each}' for each in commands)}).")


if __name__ == "__main__":
    main(sys.argv[1:])
