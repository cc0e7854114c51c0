"""Builds a bare Debian with systemd, runs the commands of docs/install.md in it, and lets the first administrator sign in.

Then backups and anchors are set up as docs/backups.md and docs/anchors.md say, the host is lost, and another bare Debian gets all of
it back from the safe and the store.

make install-trial             the way of Debian's packages
make install-trial ARGS=--keep keeps the Debian running until Enter is pressed, to look around
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.house.fresh.debian import Failed, bare_debian
from trials.install import afterwards, stand_ins
from trials.install.page import INSTALL
from trials.install.performing import blocks_of, perform_blocks, say
from trials.install.proofs import prove_all
from trials.systemd_debian import PACKAGES, SystemdDebian

BASE = Path(__file__).resolve().parent.parent.parent
EMAIL = "admin@example.gov.my"
#: What an operator may spend on the commands.
MOST_SECONDS = 60 * 60
_LINK = re.compile(r"https://\S+/password/invitation/\S+")


def let_administrator_in(debian: SystemdDebian, printed: str, folder: Path) -> None:
    """Let the first administrator do what the page ends with. Raises Failed."""
    link = _LINK.search(printed)
    if link is None:
        raise Failed("add_person printed no link")
    command = [
        sys.executable,
        "-m",
        "trials.visitors",
        link[0],
        EMAIL,
        str(folder / "authority.pem"),
    ]
    done = subprocess.run(
        debian.in_its_network(command), cwd=BASE, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Failed(f"the first administrator did not get in: {(done.stdout + done.stderr)[-600:].strip()}")
    say(done.stdout.strip())


@contextmanager
def a_host(what: str, *, keep: bool) -> Iterator[SystemdDebian]:
    """Build a bare Debian, boot it, and remove it at the end. Raises Failed."""
    _heed_signals()
    with bare_debian(SystemdDebian) as debian:
        say(f"building {what} with {', '.join(PACKAGES)}")
        debian.build(PACKAGES)
        debian.start()
        say("systemd is its first process, in namespaces and a network of its own")
        try:
            yield debian
        finally:
            if keep:
                input(f"Look around by `{' '.join(debian.inside(['bash']))}`, then press Enter. ")


def try_page(*, keep: bool) -> float:
    """Do all of it, remove it, and return the seconds of the page's commands. Raises Failed."""
    with tempfile.TemporaryDirectory(prefix="jejak-outside-") as name:
        outside = afterwards.Outside(Path(name))
        with a_host("a bare Debian", keep=keep) as debian:
            stand_ins.put_what_one_has(debian, outside.folder)
            with stand_ins.mail_server(debian), stand_ins.timestamp_server(debian, outside.folder):
                page = INSTALL["debian"]
                seconds, printed = perform_blocks(debian, blocks_of(page.english), twice=page.repeated)
                let_administrator_in(debian, printed, outside.folder)
                afterwards.set_up_backups(debian)
                afterwards.set_up_anchors(debian)
                afterwards.set_up_watching(debian)
                prove_all(debian, outside.folder / "authority.pem", say)
                afterwards.keep_outside(debian, outside)
        with a_host("another one, empty,", keep=keep) as debian:
            stand_ins.put_what_ministry_has(debian, outside.folder)
            with stand_ins.mail_server(debian):
                afterwards.restore(debian, outside)
    return seconds


def _heed_signals() -> None:
    """Let Ctrl-C and `kill` end the trial; who removed a host ignores them from then on."""
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.default_int_handler)


def main(words: list[str]) -> None:
    """Run the trial; end with one line with the result, and 0 or 1."""
    parser = argparse.ArgumentParser(prog="make install-trial")
    parser.add_argument("--keep", action="store_true", help="keep the Debian until Enter is pressed")
    asked = parser.parse_args(words)
    if os.geteuid() != 0:
        sys.exit(
            "make install-trial builds a Debian in a folder, which only root can: run `sudo make install-trial`."
        )
    begun = time.monotonic()
    try:
        seconds = try_page(keep=asked.keep)
    except (Failed, OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"make install-trial: failed after {time.monotonic() - begun:.0f} s: {error}")
    except KeyboardInterrupt:
        sys.exit("make install-trial: interrupted; nothing is left of it.")
    verdict = "passed" if seconds <= MOST_SECONDS else "took too long"
    say(
        f"make install-trial: {verdict}: {seconds / 60:.1f} minutes of commands, of {MOST_SECONDS // 60} allowed"
    )
    sys.exit(int(seconds > MOST_SECONDS))


if __name__ == "__main__":
    main(sys.argv[1:])
