"""An item on paper: everything that the reader may read of it, on one page."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse

from recommendations.queries import timeline
from recommendations.queries.item_page_parts import FIRST_FILES
from recommendations.queries.timeline import ENTRIES
from tests.factories.evidence import make_document
from tests.factories.recommendations import REPORTED
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of
from tests.shared import shared


def url(desk: Desk) -> str:
    return reverse("recommendations:item", args=[desk.item.pk])


@shared
def long(desk: Desk, now: datetime) -> None:
    """More verdicts and files than the page shows at once."""
    for number in range(ENTRIES + 2):
        document = make_document(desk.agency, actor=desk.officer, now=now, name=f"Laporan {number}.pdf")
        desk.accepted(
            replace(REPORTED, percent=number + 1, narrative=f"Kursus {number}", document_ids={document.pk})
        )


@pytest.mark.parametrize("language", ["ms", "en"])
def test_whole_page_holds_every_verdict_and_file(desk: Desk, long: None, language: str) -> None:
    browser = browser_of(desk.officer, language)
    short, whole = browser.get(url(desk)), browser.get(url(desk), {"all": "1"})
    assert "Kursus 0" not in words_of(short)
    assert f"{FIRST_FILES} " in words_of(short)
    for number in range(ENTRIES + 2):
        assert f"Kursus {number}" in words_of(whole)
        assert f"Laporan {number}.pdf" in words_of(whole)


def test_print_leads_to_the_whole_page_and_prints_from_there(desk: Desk, long: None) -> None:
    browser = browser_of(desk.officer)
    short, whole = (browser.get(url(desk), query).content.decode() for query in ({}, {"all": "1"}))
    assert 'href="?all=1#print"' in short and "data-print" not in short
    assert "data-print" in whole
    assert 'href="?text=ms&amp;all=1"' in whole


def test_short_item_prints_at_once(desk: Desk) -> None:
    desk.accepted()
    assert "data-print" in browser_of(desk.officer).get(url(desk)).content.decode()


def test_whole_page_gives_no_more_than_the_reader_may_read(desk: Desk, long: None) -> None:
    words = words_of(browser_of(desk.outsider).get(url(desk), {"all": "1"}))
    assert "Kursus 1" not in words
    assert "Laporan 1.pdf" not in words


def test_whole_page_is_bounded_and_says_so(desk: Desk, long: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(timeline, "MOST_ENTRIES", 3)
    monkeypatch.setattr("recommendations.queries.item_page.MOST_ENTRIES", 3)
    words = words_of(browser_of(desk.officer).get(url(desk), {"all": "1"}))
    assert "The newest 3 are shown." in words


def test_whole_page_takes_as_many_queries_as_the_short_one(
    desk: Desk, long: None, django_assert_num_queries: Any
) -> None:
    browser = browser_of(desk.officer)
    for query in ({}, {"all": "1"}):
        browser.get(url(desk), query)
        with django_assert_num_queries(20):
            browser.get(url(desk), query)
