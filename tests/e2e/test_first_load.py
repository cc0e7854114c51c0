"""What a browser fetches for the first page that it sees."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.e2e.conftest import Desk

pytestmark = [pytest.mark.e2e, pytest.mark.long]

#: The page, one style sheet, one script, the fonts and the icon of the tab.
MOST_REQUESTS = 8


def test_first_page_takes_few_requests(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down("ms")
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))
    desk.open("")
    desk.page.wait_for_load_state("networkidle")
    assert len(asked) <= MOST_REQUESTS, asked
    assert len(asked) == len(set(asked))
