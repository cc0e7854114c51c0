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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.databases import Database, Databases
from benchmarks.processes import ChildFailed
from benchmarks.running import PartProgress
from benchmarks.server import Server, as_in_production, serving
from tracker.house.programs import PROGRAMS

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
CATEGORIES = ("performance", "accessibility", "best-practices")
LEAST = 99
#: The pages that are judged, by their names in `benchmarks.children.demo_pages`.
PAGES = (
    "sign-in",
    "my-work",
    "item",
    "update-form",
    "evidence",
    "search",
    "overview",
    "queue",
    "review",
    "summaries",
)
TRIES = 3
PAGE_SECONDS, INSTALL_SECONDS = 180, 540
CHROME_FLAGS = "--headless --no-sandbox --disable-gpu --disable-background-networking"
#: What differs from a phone on a slow network, Lighthouse's own default.
SCREENS: dict[str, list[str]] = {"phone": [], "desktop": ["--preset=desktop"]}


@dataclass(frozen=True)
class PageScores:
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
        database = as_in_production(databases.get("demonstration"))
        targets = database.run("children.demo_pages")
        with serving(database) as server:
            scores = list(_score_all(server, targets, database))
    print(f"{sum(score.is_sound for score in scores)} of {len(scores)} reach {LEAST} in everything.")
    return 0 if all(score.is_sound for score in scores) else 1


def _score_all(server: Server, targets: dict[str, Any], database: Database) -> Iterator[PageScores]:
    """Judge each page on each screen; print and yield the scores."""
    for name in PAGES:
        path, reader = targets["pages"][name]
        headers = {"Cookie": f"sessionid={targets['sessions'][reader]}"} if reader else {}
        for screen in SCREENS:
            url = f"http://127.0.0.1:{server.port}{path}"
            score = _best(url, screen, headers, database.folder)
            points = " ".join(f"{category} {score.points[category]}" for category in CATEGORIES)
            print(f"{'ok   ' if score.is_sound else 'short'} {name} on a {screen}: {points}", flush=True)
            for fault in () if score.is_sound else score.faults:
                print(f"      {fault}")
            yield score


def _best(url: str, screen: str, headers: dict[str, str], folder: Path) -> PageScores:
    """Judge a page until it is sound, a few times at most; return the best score. Raises SubprocessError."""
    scores = []
    for _try in range(TRIES):
        scores.append(_judge(url, screen, headers, folder))
        if scores[-1].is_sound:
            break
    return max(scores, key=lambda score: sum(score.points.values()))


def _judge(url: str, screen: str, headers: dict[str, str], folder: Path) -> PageScores:
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


def read_report(report: dict[str, Any]) -> PageScores:
    """Return the points and faults of one of Lighthouse's JSON reports."""
    points = {category: round(report["categories"][category]["score"] * 100) for category in CATEGORIES}
    return PageScores(points, tuple(_faults(report)))


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
