"""Asks for the sign-in page until its standard input ends: `python -m trials.install.asking HOST AUTHORITY` tells what was answered."""

from __future__ import annotations

import select
import ssl
import sys
import time
from collections import Counter
from pathlib import Path

from trials.visitors import VisitorBrowser

_PAUSE_SECONDS = 0.05


def ask(host: str, authority: Path) -> tuple[Counter[str], float]:
    """Return how often each status came until standard input ended, and the longest wait in seconds."""
    context = ssl.create_default_context(cafile=str(authority))
    answers, longest = Counter[str](), 0.0
    while not select.select([sys.stdin], [], [], _PAUSE_SECONDS)[0]:
        asked = time.monotonic()
        browser = VisitorBrowser(host, context)
        try:
            answers[str(browser.get("/sign-in/").status)] += 1
        except OSError as error:
            answers[type(error).__name__] += 1
        finally:
            browser.close()
        longest = max(longest, time.monotonic() - asked)
    return answers, longest


if __name__ == "__main__":
    found, wait = ask(sys.argv[1], Path(sys.argv[2]))
    print(
        ", ".join(f"{count} × {status}" for status, count in found.items()),
        f"(the longest wait was {wait:.1f} s)",
    )
    sys.exit(int(set(found) != {"200"}))
