"""`make check`: all checks that need neither a database nor a browser. Shows every failure, not only the first."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tracker.house.apps import APPS

BASE = Path(__file__).resolve().parent.parent.parent
#: Settings of a made-up installation; no check connects to it.
SAMPLE = {
    "ENV_FILE": "",
    "STATE_DIR": str(BASE / ".jejak" / "nothing"),
    "DEBUG": "false",
    "DEMO": "false",
    "SECRET_KEY": "only-for-checks-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH",
    "DATABASE_URL": "postgres://web:none@127.0.0.1:9/none",
    "DATABASE_OWNER_URL": "postgres://owner:none@127.0.0.1:9/none",
    "BROKER_URL": "redis://127.0.0.1:9/0",
    "CLAMD_ADDRESS": "127.0.0.1:9",
    "SCANNER": "clamav",
    "ALLOWED_HOSTS": "jejak.example",
    "SITE_URL": "https://jejak.example",
    "EMAIL_URL": "smtp+tls://mail.example",
    "ENVIRONMENT": "production",
}
#: Of a check that failed, so many lines are shown.
SHOWN_LINES = 60
#: makemigrations warns that it cannot ask a database about its history, which it need not.
NO_DATABASE = {"PYTHONWARNINGS": "ignore::RuntimeWarning"}


@dataclass(frozen=True)
class HouseCheck:
    """A command that must end with 0."""

    title: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


def _tool(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(Path(sys.executable).parent / name), *arguments)


def _python(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, *arguments)


CHECKS = (
    HouseCheck("types (mypy)", _tool("mypy", *APPS)),
    HouseCheck("lint (ruff)", _tool("ruff", "check", "--quiet", "--output-format", "concise", ".")),
    HouseCheck("format (ruff)", _tool("ruff", "format", "--check", "--quiet", ".")),
    HouseCheck("templates (djlint)", _tool("djlint", "templates", "--lint", "--quiet")),
    HouseCheck("rooms (import-linter)", _tool("lint-imports", "--no-cache")),
    HouseCheck(
        "known dangers (bandit)",
        _tool("bandit", "--quiet", "-ll", "-ii", "-c", "pyproject.toml", "-r", *APPS),
    ),
    HouseCheck("migrations", _python("manage.py", "makemigrations", "--check", "--dry-run"), NO_DATABASE),
    HouseCheck("migrations roll out", _python("-m", "tracker.house.upgrades")),
    HouseCheck("deployment", _python("manage.py", "check", "--deploy", "--fail-level", "WARNING")),
    HouseCheck("translations", _python("-m", "tracker.house.words")),
    HouseCheck("structure", _python("-m", "tracker.house.structure")),
    HouseCheck("dead pieces", _python("-m", "tracker.house.pieces")),
    HouseCheck("ASVS", _python("-m", "tracker.house.asvs")),
)


def perform(check: HouseCheck) -> tuple[HouseCheck, float, str]:
    """Run a check; return it with its seconds and, if it failed, what it printed."""
    begun = time.monotonic()
    environment = {**os.environ, **SAMPLE, **check.environment}
    done = subprocess.run(
        check.command,
        cwd=BASE,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    said = _short(done.stdout + done.stderr) or f"ended with {done.returncode}"
    return check, time.monotonic() - begun, said if done.returncode else ""


def _short(text: str) -> str:
    lines = text.strip().splitlines()
    more = len(lines) - SHOWN_LINES
    return "\n".join([*lines[:SHOWN_LINES], *([f"… and {more} lines more"] if more > 0 else [])])


def main(names: list[str]) -> None:
    """Run all checks, or those whose title contains one of the words; ends with 1 when one failed."""
    chosen = [check for check in CHECKS if not names or any(name in check.title for name in names)]
    failed = False
    with ThreadPoolExecutor(max_workers=2) as pool:
        for check, seconds, said in pool.map(perform, chosen):
            print(f"  {check.title:<24} {'failed' if said else 'ok':<6} {seconds:5.1f} s", flush=True)
            if said:
                failed = True
                print("    " + said.replace("\n", "\n    "), flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
