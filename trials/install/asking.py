"""Asks for the sign-in page again and again: `python -m trials.install.asking HOST AUTHORITY SECONDS` tells what was answered."""

from __future__ import annotations

import ssl
import sys
import time
from collections import Counter
from pathlib import Path

from trials.visitors import VisitorBrowser

_PAUSE_SECONDS = 0.05


def ask(host: str, authority: Path, seconds: float) -> tuple[Counter[str], float]:
    """Return how often each status came, and the longest wait in seconds."""
    context = ssl.create_default_context(cafile=str(authority))
    answers, longest = Counter[str](), 0.0
    begun = time.monotonic()
    while time.monotonic() < begun + seconds:
        asked = time.monotonic()
        browser = VisitorBrowser(host, context)
        try:
            answers[str(browser.get("/sign-in/").status)] += 1
        except OSError as error:
            answers[type(error).__name__] += 1
        finally:
            browser.close()
        longest = max(longest, time.monotonic() - asked)
        time.sleep(_PAUSE_SECONDS)
    return answers, longest


if __name__ == "__main__":
    found, wait = ask(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]))
    print(
        ", ".join(f"{count} × {status}" for status, count in found.items()),
        f"(the longest wait was {wait:.1f} s)",
    )
    sys.exit(int(set(found) != {"200"}))
