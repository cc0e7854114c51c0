"""The fonts that the browser draws with: the product's own on its pages, and never those of the machine."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, Page

from tests.e2e.conftest import Desk
from tests.fonts import ARIAL_TWIN, JAWI

pytestmark = [pytest.mark.e2e, pytest.mark.long]


def fonts_used(page: Page, selector: str) -> set[tuple[str, bool]]:
    """Each font that the letters of an element are drawn with, and whether the page brought it."""
    session = page.context.new_cdp_session(page)
    used = session.send("CSS.getPlatformFontsForNode", {"nodeId": _node(session, selector)})["fonts"]
    session.detach()
    return {(font["familyName"], font["isCustomFont"]) for font in used}


def _node(session: CDPSession, selector: str) -> int:
    """The browser's number of the first element that the selector finds."""
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    return int(session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"])


def test_page_is_drawn_with_the_fonts_that_it_brings(sit_down: Callable[..., Desk]) -> None:
    page = sit_down("ms").open("").page
    page.evaluate("document.fonts.ready")

    assert fonts_used(page, "h1") == {("Poppins SemiBold", True)}
    assert fonts_used(page, "label") == {("Inter", True)}


@pytest.mark.parametrize("family", ["Arial", "DejaVu Sans", "monospace"])
def test_other_fonts_come_from_packages(sit_down: Callable[..., Desk], family: str) -> None:
    page = sit_down("ms").page
    page.set_content(f"""<p style="font-family: '{family}'">Pemerdagangan ڤمرداڠن</p>""")

    assert fonts_used(page, "p") == {(ARIAL_TWIN, False), (JAWI, False)}
