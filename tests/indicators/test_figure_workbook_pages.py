"""The pages of a workbook of figures: upload, rows corrected in place, what would change, rights."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from indicators.models import FigureImport, FigureReport
from indicators.models.workbook import FigureImportState
from indicators.services.workbooks import rows_of
from tests.factories.figure_reports import AUGUST, FigureDesk
from tests.factories.figure_workbooks import AUGUST_TEXT, GOOD, begun, file_of, taken
from tests.factories.indicators import make_indicator
from tests.recommendations.pages import browser_of, words_of

pytestmark = pytest.mark.django_db

MONTHS, UPLOAD = "/figures/report/", "/figures/report/workbook/"
BAD = (
    (AUGUST_TEXT, "ipo", "", "-3"),
    (AUGUST_TEXT, "po", "", "7"),
    ("2023-10", "ipo", "women", "1.234,5"),
)


def upload(browser: Client, content: bytes, name: str = "angka.xlsx") -> HttpResponse:
    page: HttpResponse = browser.post(UPLOAD, {"file": SimpleUploadedFile(name, content)})
    return page


def url_of(kept: FigureImport, *more: str) -> str:
    return "/".join(["/figures/workbooks", str(kept.pk), *more, ""])


def fields(
    row: int, /, *, revision: int = 0, before: dict[str, str] | None = None, **cells: str
) -> dict[str, str]:
    """A row as a browser sends it: its cells, and what the page showed in them."""
    shown = {"month": AUGUST_TEXT, "indicator": "ipo", "breakdown": "", "number": ""} | (before or {})
    posted = {f"row-{row}-{name}": text for name, text in (shown | cells).items()}
    posted |= {f"initial-row-{row}-{name}": text for name, text in shown.items()}
    return {**posted, f"row-{row}-revision": str(revision)}


def seen(kept: FigureImport, **months: int) -> dict[str, Any]:
    """What the form of taking over sends."""
    kept = FigureImport.objects.get(pk=kept.pk)
    return {"revision": kept.revision, **{f"month-{name}": number for name, number in months.items()}}


def test_a_workbook_is_uploaded_corrected_and_taken_over(figure_desk: FigureDesk) -> None:
    browser = browser_of(figure_desk.officer)
    page = upload(browser, file_of((AUGUST_TEXT, "ipo", None, -3), (AUGUST_TEXT, "po", "Total", 7)))
    kept = FigureImport.objects.get()
    assert page["Location"] == url_of(kept)
    page = browser.get(url_of(kept))
    words = words_of(page)
    assert "2 rows: 1 ready, 1 to correct" in words
    assert "A figure cannot be negative." in words
    assert 'value="-3"' in page.content.decode()
    assert "Take" not in words
    page = browser.post(url_of(kept), fields(1, before={"number": "-3", "breakdown": "Total"}, number="3"))
    assert page["Location"] == url_of(kept)
    words = words_of(browser.get(url_of(kept)))
    assert "2 rows: 2 ready" in words
    assert "Take 2 figures over" in words
    page = browser.post(url_of(kept, "take"), seen(kept, **{"2023-08": 0}))
    assert page["Location"] == "/figures/report/2023-08/"
    assert FigureReport.objects.get().typed == dict(figure_desk.content(ipo="3", po="7").typed)
    assert 'value="7"' in browser.get("/figures/report/2023-08/").content.decode()


def test_a_refused_file_says_why_at_the_file(figure_desk: FigureDesk) -> None:
    browser = browser_of(figure_desk.officer)
    for content, words in (
        (b"%PDF-1.7", "not an Excel workbook"),
        (file_of(), "No row of the table is filled in"),
    ):
        page = upload(browser, content)
        assert page.status_code == 422
        assert words in words_of(page)
        assert "August 2023" in words_of(page)
    assert browser.post(UPLOAD).status_code == 422
    assert upload(browser, b"x" * (2 * 1024 * 1024 + 1)).status_code == 422
    assert not FigureImport.objects.exists()


def test_every_bad_cell_has_its_sentence_and_what_was_typed(figure_desk: FigureDesk) -> None:
    kept = begun(figure_desk, *BAD)
    page = browser_of(figure_desk.officer).get(url_of(kept))
    words = words_of(page)
    assert "not over yet" in words or "October" in words
    assert "has a fraction" in words
    assert 'value="1.234,5"' in page.content.decode()
    assert "October 2023" in words


def test_several_rows_are_saved_at_once_and_untouched_ones_stay(figure_desk: FigureDesk) -> None:
    kept = begun(figure_desk, *BAD)
    typed = fields(1, before={"number": "-3", "breakdown": "Total"}) | fields(
        3,
        before={"month": "2023-10", "breakdown": "women", "number": "1.234,5"},
        month=AUGUST_TEXT,
        number="1",
    )
    browser_of(figure_desk.officer).post(url_of(kept), typed)
    rows = rows_of(FigureImport.objects.get())
    assert [row.revision for row in rows] == [0, 0, 1]
    assert (rows[2].text("month"), rows[2].text("number")) == (AUGUST_TEXT, "1")


def test_a_row_is_left_out_and_taken_in_again_with_what_else_was_typed(figure_desk: FigureDesk) -> None:
    kept = begun(figure_desk, *BAD)
    browser = browser_of(figure_desk.officer)
    browser.post(url_of(kept), fields(1, before={"number": "-3"}, number="3") | {"leave": "3"})
    rows = rows_of(FigureImport.objects.get())
    assert [row.is_left_out for row in rows] == [False, False, True]
    assert rows[0].text("number") == "3"
    assert "Left out" in words_of(browser.get(url_of(kept)))
    browser.post(url_of(kept), {"take": "3"})
    assert not rows_of(FigureImport.objects.get())[2].is_left_out


def test_a_colleagues_text_stands_beside_mine(figure_desk: FigureDesk) -> None:
    kept = begun(figure_desk, *BAD)
    first, second = browser_of(figure_desk.officer), browser_of(figure_desk.coordinator)
    first.post(url_of(kept), fields(1, before={"number": "-3"}, number="3"))
    page = second.post(url_of(kept), fields(1, before={"number": "-3"}, number="4"))
    assert page.status_code == 409
    assert "Saved by a colleague" in words_of(page)
    assert 'value="4"' in page.content.decode()
    second.post(url_of(kept), fields(1, revision=1, before={"number": "3"}, number="4"))
    assert rows_of(FigureImport.objects.get())[0].text("number") == "4"


def test_the_page_shows_before_and_after_and_asks(figure_desk: FigureDesk) -> None:
    figure_desk.save(figure_desk.content(po="9"))
    kept = begun(figure_desk, *GOOD)
    browser = browser_of(figure_desk.officer)
    page = browser.get(url_of(kept))
    words = words_of(page)
    assert "3 new, 1 replaced" in words
    assert "<del>9</del>" in page.content.decode()
    assert "Replace one number that is typed already" in words
    refused = browser.post(url_of(kept, "take"), seen(kept, **{"2023-08": 1}))
    assert refused.status_code == 409
    assert "would replace" in words_of(refused)
    browser.post(url_of(kept, "take"), seen(kept, **{"2023-08": 1}) | {"replaces": "on"})
    assert FigureReport.objects.get().typed == dict(
        figure_desk.content(ipo="12", women="8", men="4", po="7").typed
    )


def test_what_somebody_typed_meanwhile_is_shown_first(figure_desk: FigureDesk) -> None:
    kept = begun(figure_desk, *GOOD)
    figure_desk.save(figure_desk.content(po="9"))
    page = browser_of(figure_desk.officer).post(
        url_of(kept, "take"), seen(kept, **{"2023-08": 0}) | {"replaces": "on"}
    )
    assert page.status_code == 409
    assert "changed after you opened the page" in words_of(page)
    assert FigureReport.objects.get().typed == dict(figure_desk.content(po="9").typed)


def test_parts_above_their_whole_are_told_at_the_total(figure_desk: FigureDesk) -> None:
    kept = begun(figure_desk, *GOOD[:2], (AUGUST_TEXT, "ipo", "men", "40"))
    browser = browser_of(figure_desk.officer)
    assert "The parts add up to 48, which is above the total of 12." in words_of(browser.get(url_of(kept)))
    figure_desk.save(figure_desk.content(po="9", ipo="5"))
    only_parts = begun(figure_desk, GOOD[1])
    assert "The parts add up to 8, which is above the total of 5." in words_of(
        browser.get(url_of(only_parts))
    )


def test_a_good_row_can_be_changed_too(figure_desk: FigureDesk) -> None:
    kept = begun(figure_desk, *GOOD)
    page = browser_of(figure_desk.officer).get(f"{url_of(kept)}?change=2")
    assert 'name="row-2-number" value="8"' in page.content.decode()


def test_a_workbook_is_the_agencys_alone(figure_desk: FigureDesk) -> None:
    kept = begun(figure_desk, *GOOD)
    for person in (figure_desk.outsider, figure_desk.reviewer, figure_desk.observer):
        browser = browser_of(person)
        assert browser.get(url_of(kept)).status_code == 404
        for more in ((), ("take",), ("discard",)):
            assert browser.post(url_of(kept, *more)).status_code == 404
    assert FigureImport.objects.get().state == FigureImportState.DRAFT


@pytest.mark.parametrize("revision", [None, "", "x", "-1", "0", "99999999999999999999"])
def test_an_old_page_discards_nothing_and_shows_the_newer_rows(
    figure_desk: FigureDesk, revision: str | None
) -> None:
    kept = begun(figure_desk, *BAD)
    colleague = browser_of(figure_desk.coordinator)
    colleague.post(url_of(kept), fields(1, before={"number": "-3"}, number="35"))
    posted = {} if revision is None else {"revision": revision}
    page = browser_of(figure_desk.officer).post(url_of(kept, "discard"), posted)
    words = words_of(page)
    assert page.status_code == 409 and "They were kept" in words and "35" in words
    assert '<input type="hidden" name="revision" value="1">' in page.content.decode()
    assert FigureImport.objects.get().state == FigureImportState.DRAFT


def test_what_is_taken_over_or_discarded_is_read_only(figure_desk: FigureDesk) -> None:
    browser = browser_of(figure_desk.officer)
    gone = begun(figure_desk, *BAD)
    assert "A workbook was read" in words_of(browser.get(MONTHS))
    assert browser.post(url_of(gone, "discard"), seen(gone))["Location"] == MONTHS
    page = browser.get(url_of(gone))
    assert page.status_code == 200
    assert "discarded" in words_of(page)
    assert 'name="row-1-number"' not in page.content.decode()
    assert "A workbook was read" not in words_of(browser.get(MONTHS))
    late = browser.post(url_of(gone), fields(1, before={"number": "-3"}, number="3"))
    assert late.status_code == 409
    assert 'value="3"' in late.content.decode()


def test_five_hundred_rows_cost_as_many_queries_as_one(
    figure_desk: FigureDesk, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        make_indicator(f"more{number}", agency=figure_desk.agency, dimensions=(figure_desk.sex_age,))
    rows = [
        (AUGUST_TEXT, f"more{number}", value, "7")
        for number in range(30)
        for value in ("men", "women", "boys")
    ]
    kept = begun(figure_desk, *rows)
    browser = browser_of(figure_desk.officer)
    browser.get(url_of(kept))
    with django_assert_max_num_queries(40):
        assert browser.get(url_of(kept)).status_code == 200


def test_a_single_month_leads_to_its_form(figure_desk: FigureDesk) -> None:
    kept = begun(figure_desk, *GOOD, ("2023-07", "po", "", "5"))
    page = browser_of(figure_desk.coordinator).post(
        url_of(kept, "take"), seen(kept, **{"2023-08": 0, "2023-07": 0})
    )
    assert page["Location"] == MONTHS
    assert {report.month for report in FigureReport.objects.all()} == {AUGUST, figure_desk.july}


def test_what_was_taken_over_has_nothing_to_correct_once_it_was_sent(figure_desk: FigureDesk) -> None:
    kept = taken(figure_desk, begun(figure_desk, GOOD[3]))
    figure_desk.send(figure_desk.content(po="7"), revision=1)
    page = browser_of(figure_desk.officer).get(url_of(kept))
    words = words_of(page)
    assert page.status_code == 200
    assert "taken over into your drafts" in words
    assert "await" not in words
    assert "to correct" not in words
