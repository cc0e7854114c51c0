"""`make pictures`: play the demonstration and take the pictures of the guides and of the tour, in both languages."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from benchmarks.databases import Databases
from benchmarks.running import PartProgress
from benchmarks.server import Server, as_in_production, serving
from tracker import translations
from tracker.house.programs import PROGRAMS

FOLDER = Path(__file__).resolve().parent.parent / "guides" / "static" / "guides"
LANGUAGES = ("ms", "en")
#: As guides.rendering.PICTURE_SIZE, which this process cannot import without Django.
WIDTH, HEIGHT = 1280, 900
#: What the guides and the tour show, by the names in `benchmarks.children.demo_pages`.
PICTURES = (
    "my-work",
    "item",
    "update-form",
    "evidence",
    "search",
    "reminders",
    "overview",
    "matrix",
    "weaknesses",
    "queue",
    "review",
    "assignments",
    "summaries",
    "meeting",
    "people",
    "cycles",
    "rules",
    "delivery",
    "trail",
    "hidden-words",
    "items",
    "agency",
    "figures",
    "month-form",
    "windows",
    "table",
    "contradictions",
)
#: Pictures that begin further down the page → what stands at their top.
TOPS = {"matrix": "#matrix"}
#: Pictures of a page that has another name.
PAGES = {"matrix": "overview"}


def main(names: list[str]) -> int:
    """Write one WebP file for each picture and language; without names, for all."""
    translations.compile_all()
    with tempfile.TemporaryDirectory(prefix="jejak-pictures-") as folder:
        databases = Databases(Path(folder))
        with databases.running():
            with PartProgress("databases") as progress:
                databases.make(["demonstration"], tell=progress.step)
            database = as_in_production(databases.get("demonstration"))
            targets = database.run("children.demo_pages")
            with serving(database) as server, sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=PROGRAMS["chromium"].find(), args=["--no-sandbox", "--disable-gpu"]
                )
                for name, picture in _pictures(browser, server, targets, names or PICTURES):
                    _write(FOLDER / f"{name}.webp", picture)
                    print(f"{name}.webp", flush=True)
                browser.close()
    return 0


def _pictures(
    browser: Browser, server: Server, targets: dict[str, Any], names: Iterable[str]
) -> Iterator[tuple[str, bytes]]:
    """Yield each picture, with its name, in each language."""
    for name in names:
        path, reader = targets["pages"][PAGES.get(name, name)]
        for language in LANGUAGES:
            context = browser.new_context(
                viewport={"width": WIDTH, "height": HEIGHT}, base_url=f"http://127.0.0.1:{server.port}"
            )
            cookies = {"language": language} | ({"sessionid": targets["sessions"][reader]} if reader else {})
            context.add_cookies(
                [
                    {"name": key, "value": value, "domain": "127.0.0.1", "path": "/"}
                    for key, value in cookies.items()
                ]
            )
            page = context.new_page()
            page.goto(path, wait_until="networkidle")
            page.evaluate("document.fonts.ready")
            if name in TOPS:
                page.locator(TOPS[name]).evaluate("element => element.scrollIntoView()")
            yield f"{name}-{language}", page.screenshot()
            context.close()


def _write(path: Path, picture: bytes) -> None:
    """Keep a picture without loss: half as large as a PNG."""
    with Image.open(BytesIO(picture)) as image:
        image.save(path, lossless=True, quality=100, method=6)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
