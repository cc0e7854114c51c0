"""What the page shows of a selection is what its papers hold for the same reader, and nothing more."""

from __future__ import annotations

from itertools import product

import pytest
from django.utils import translation

from recommendations.states import Status
from reports.languages import item_words
from reports.queries.preview import SHOWN, PreviewPart, SelectionPreview, read_preview
from reports.states import Depth
from reports.summary.content import SummaryContent
from reports.summary.rows import accepted_text as words_told
from tests.factories.recommendations import make_accepted
from tests.recommendations.visitors import Visitor, text_of
from tests.reports.conftest import Told
from tests.reports.pages import Page

pytestmark = pytest.mark.django_db
CHOOSE = "/summaries/"
READERS = ("officer", "jim", "outsider", "observer", "reviewer", "administrator")
FILTERS: list[dict[str, str]] = [{}, {"agency": "JIM"}, {"status": "progress", "since": "2023-08-05"}]


def test_preview_is_the_content_of_the_same_reader(told: Told) -> None:
    """For each reader at each depth, with the filters by turns."""
    for place, (reader, depth) in enumerate(product(READERS, Depth.values)):
        asked = {"depth": depth, **FILTERS[place % len(FILTERS)]}
        with translation.override("ms"):
            preview = read_preview(told.select(reader, **asked), cycle=told.cycle, reader=told.people[reader])
            compare(preview, told.content(reader, **asked))


def compare(preview: SelectionPreview, content: SummaryContent) -> None:
    """The same items, counts and first rows, and as many rows in all."""
    updates, documents = list(content.updates()), list(content.documents())
    assert preview.rows_count == content.finish().rows_count
    accepted, evidence = preview.accepted or PreviewPart([], 0), preview.evidence or PreviewPart([], 0)
    assert (accepted.total, evidence.total) == (len(updates), len(documents))
    assert preview.sees_marks == content.sees_marks
    assert [
        (line["label"], line["title"], line["status_label"], line["percent"]) for line in preview.lines
    ] == [
        (item.label, item.title_ms or item.text_ms, Status(item.status).label, item.percent)
        for item in content.items
    ]
    assert [line["lead_code"] for line in preview.lines] == [
        item.lead.code if item.lead else "" for item in content.items
    ]
    assert [
        (count["items"], count["waiting"], count["late"], count["returned"]) for count in preview.counts
    ] == [(each.items, each.waiting, each.late, each.returned) for each in content.totals]
    assert [[number for _icon, _label, number in count["states"]] for count in preview.counts] == [
        [each.none, each.progress, each.done] for each in content.totals
    ]
    assert [(row["item"], row["code"], row["percent"], row["text"]) for row in accepted.rows] == [
        (item_words(row.item), row.code, row.percent, words_told(row, "ms")) for row in updates[:SHOWN]
    ]
    assert [(row["number"], row["name"], row["code"]) for row in evidence.rows] == [
        (row.number, row.name, row.code) for row in documents[:SHOWN]
    ]


def test_page_of_officer_shows_nothing_of_another_agencys(told: Told) -> None:
    """Neither its documents, nor their numbers, nor what it claimed, nor texts of items that are not theirs."""
    response = Visitor(told.people["officer"]).get(CHOOSE, depth="full", day="2023-08-31")
    preview = response.context["preview"]
    text = Page(response).words("preview")
    assert "Imigresen.pdf" not in text and "Sulit.pdf" not in text and "Laporan.pdf" in text
    assert "Perkara sulit." not in text and "The text is not part of this summary." in text
    by_code = {row["code"]: row for row in preview.accepted.rows if row["item"] == "Recommendation 1"}
    assert by_code["JIM"]["documents"] == "" and by_code["PDRM"]["documents"] != ""
    assert {row["code"] for row in preview.evidence.rows} == {"PDRM"}
    # Texts come out as they were typed.
    html = response.content.decode()
    assert "<script>alert(1)</script>" not in html and "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    # What waits is their own: PDRM's one update.
    assert [count["waiting"] for count in preview.counts] == [1, 0]


def test_page_of_others_says_nothing_of_waiting_late_and_evidence(told: Told) -> None:
    for person in ("observer", "outsider"):
        response = Visitor(told.people[person]).get(CHOOSE, depth="full", day="2023-08-31")
        assert [count["waiting"] for count in response.context["preview"].counts] == [0, 0]
    visitor = Visitor(told.people["observer"])
    assert not visitor.get(CHOOSE).context["preview"].sees_marks
    nothing = "Observers cannot see documents, so this list is empty."
    evidence = Page(visitor.get(CHOOSE, depth="evidence", day="2023-08-31")).words("preview")
    assert nothing in evidence and "What was accepted" not in evidence
    full = Page(visitor.get(CHOOSE, depth="full", day="2023-08-31"))
    assert "Observers cannot see documents" not in full.words("preview")
    assert "evidence by number" not in full.words("selection")
    before = Page(visitor.get(CHOOSE, depth="full", day="2023-07-02")).words("preview")
    assert "Nothing has been accepted yet." in before
    # What is late is that of one's own agency.
    caveat = "What is late, waiting and returned is shown for PDRM only."
    for name, is_of_one in (("officer", True), ("reviewer", False), ("observer", False)):
        preview = Page(Visitor(told.people[name]).get(CHOOSE, day="2023-08-31")).words("preview")
        assert (caveat in preview) == is_of_one


def test_suggestion_is_no_lead(told: Told) -> None:
    for person in ("reviewer", "officer"):
        response = Visitor(told.people[person]).get(CHOOSE, kind="weakness")
        assert response.context["preview"].lines[0]["lead_code"] == ""
        assert "No lead agency" in text_of(response)


def test_text_stands_in_the_language_that_is_chosen(told: Told) -> None:
    first = told.items["first"]
    for reading in ("ms", "en"):
        visitor = Visitor(told.people["officer"], reading)
        for chosen, shown in (("ms", "ms"), ("en", "en"), ("both", reading)):
            line = visitor.get(CHOOSE, language=chosen).context["preview"].lines[0]
            assert (line["lang"], line["title"]) == (shown, getattr(first, f"text_{shown}"))


def test_preview_says_how_much_more_there_is(told: Told) -> None:
    for _time in range(3):
        make_accepted(
            told.assignments["jim"], actor=told.people["jim"], reviewer=told.people["reviewer"], now=told.now
        )
    response = Visitor(told.people["reviewer"]).get(CHOOSE, depth="full")
    page = Page(response)
    assert "The first 5 of 6" in page.words("preview")
    assert page.words("count") == "2 recommendations and 1 weakness · 13 rows"
    assert "As at 14 September 2023" in page.words("make-words")
