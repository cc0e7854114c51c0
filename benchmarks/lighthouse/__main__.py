"""`make lighthouse`: judge the ten main pages of the demonstration, as a phone and as a desktop see them.

A page is sound when performance, accessibility and best practices each reach 99 of 100. The machine is busy now and then,
so a page that does not is judged again, three times at most, and its best counts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.databases import Database, Databases
from benchmarks.processes import ChildFailed
from benchmarks.running import PartProgress
from benchmarks.server import Server, serving
from tracker.house.programs import PROGRAMS

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
CATEGORIES = ("performance", "accessibility", "best-practices")
LEAST = 99
TRIES = 3
PAGE_SECONDS, INSTALL_SECONDS = 180, 540
CHROME_FLAGS = "--headless --no-sandbox --disable-gpu --disable-background-networking"
#: What differs from a phone on a slow network, Lighthouse's own default.
SCREENS: dict[str, list[str]] = {"phone": [], "desktop": ["--preset=desktop"]}


@dataclass(frozen=True)
class Verdict:
    """What Lighthouse found on one page: points by category (0 to 100), and the audits that cost points."""

    points: dict[str, int]
    faults: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Whether every category reaches the goal."""
        return all(points >= LEAST for points in self.points.values())


def main() -> int:
    """Print one line for each page and screen; return 1 when one misses the goal, 2 when the run broke off."""
    try:
        install()
        with tempfile.TemporaryDirectory(prefix="jejak-lighthouse-") as folder:
            return _judge_all(Databases(Path(folder)))
    except (ChildFailed, subprocess.SubprocessError) as error:
        print(f"The run broke off: {error}.", file=sys.stderr)
        return 2


def install() -> None:
    """Install Lighthouse from npm, with the hashes of package-lock.json, unless it is there. Raises SubprocessError."""
    lock, installed = HERE / "package-lock.json", MODULES / ".package-lock.json"
    if installed.exists() and installed.stat().st_mtime > lock.stat().st_mtime:
        return
    print("  Installing Lighthouse", flush=True)
    subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=HERE, check=True, timeout=INSTALL_SECONDS
    )


def _judge_all(databases: Databases) -> int:
    with databases.running():
        with PartProgress("databases") as progress:
            databases.make(["demonstration"], tell=progress.step)
        # As in production: static files with their hash in the name, compressed.
        database = replace(databases.get("demonstration"), more={"ENVIRONMENT": "development"})
        database.run("children.static")
        targets = database.run("children.lighthouse")
        with serving(database) as server:
            verdicts = list(_verdicts(server, targets, database))
    print(f"{sum(verdict.is_sound for verdict in verdicts)} of {len(verdicts)} reach {LEAST} in everything.")
    return 0 if all(verdict.is_sound for verdict in verdicts) else 1


def _verdicts(server: Server, targets: dict[str, Any], database: Database) -> Iterator[Verdict]:
    """Judge each page on each screen; print and yield the verdicts."""
    for name, (path, reader) in targets["pages"].items():
        headers = {"Cookie": f"sessionid={targets['sessions'][reader]}"} if reader else {}
        for screen in SCREENS:
            url = f"http://127.0.0.1:{server.port}{path}"
            verdict = _best(url, screen, headers, database.folder)
            points = " ".join(f"{category} {verdict.points[category]}" for category in CATEGORIES)
            print(f"{'ok   ' if verdict.is_sound else 'short'} {name} on a {screen}: {points}", flush=True)
            for fault in () if verdict.is_sound else verdict.faults:
                print(f"      {fault}")
            yield verdict


def _best(url: str, screen: str, headers: dict[str, str], folder: Path) -> Verdict:
    """Judge a page until it is sound, a few times at most; return the best verdict. Raises SubprocessError."""
    verdicts = []
    for _try in range(TRIES):
        verdicts.append(_judge(url, screen, headers, folder))
        if verdicts[-1].is_sound:
            break
    return max(verdicts, key=lambda verdict: sum(verdict.points.values()))


def _judge(url: str, screen: str, headers: dict[str, str], folder: Path) -> Verdict:
    """Let Lighthouse judge a page once. Raises SubprocessError."""
    target = folder / "lighthouse.json"
    command = [
        str(MODULES / ".bin" / "lighthouse"),
        url,
        "--quiet",
        "--output=json",
        f"--output-path={target}",
    ]
    command += [f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={CHROME_FLAGS}"]
    command += [f"--extra-headers={json.dumps(headers)}", "--no-enable-error-reporting", *SCREENS[screen]]
    chrome = PROGRAMS["chromium"].find() or ""
    subprocess.run(command, env=os.environ | {"CHROME_PATH": chrome}, check=True, timeout=PAGE_SECONDS)
    report = json.loads(target.read_text(encoding="utf-8"))
    if report.get("runtimeError"):
        raise subprocess.SubprocessError(report["runtimeError"]["message"])
    shown = report["finalDisplayedUrl"]
    if shown != url:
        raise subprocess.SubprocessError(f"{url} led to {shown}")
    return read_report(report)


def read_report(report: dict[str, Any]) -> Verdict:
    """Return the points and faults of one of Lighthouse's JSON reports."""
    points = {category: round(report["categories"][category]["score"] * 100) for category in CATEGORIES}
    return Verdict(points, tuple(_faults(report)))


def _faults(report: dict[str, Any]) -> Iterator[str]:
    """Yield the audits that count and did not get all points, each with what Lighthouse says of it."""
    for category in CATEGORIES:
        for reference in report["categories"][category]["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 1:
                what = audit.get("displayValue") or _nodes(audit)
                yield f"{category}: {audit['title']} ({audit['score']:.2f}) {what}"


def _nodes(audit: dict[str, Any]) -> str:
    """Return the first elements that an audit names."""
    items = audit.get("details", {}).get("items", [])
    return " ".join(item["node"]["snippet"] for item in items[:3] if "node" in item)


if __name__ == "__main__":
    sys.exit(main())
