"""The meeting sheet: two pages, whatever there is to tell."""

from __future__ import annotations

from io import BytesIO

import pytest

from reports.states import ExportFormat
from reports.summary.rows import ReportedUpdate
from reports.writers.pdf import meeting
from reports.writers.pdf.compiler import compile_pdf
from reports.writers.pdf.meeting import MOST_ROWS, meeting_data, write
from tests.reports.conftest import Told
from tests.reports.printed_pdf import PrintedPaper

pytestmark = pytest.mark.django_db


def sheet(told: Told, **asked: str) -> PrintedPaper:
    return PrintedPaper(told.made(ExportFormat.MEETING, "reviewer", **asked))


@pytest.mark.parametrize("language", ["ms", "en", "both"])
def test_sheet_has_two_pages(told: Told, language: str) -> None:
    assert len(sheet(told, language=language).pages) == 2


@pytest.mark.parametrize("language", ["ms", "both"])
def test_sheet_that_overflows_says_how_much_it_leaves_out(told: Told, language: str) -> None:
    maker = told.maker()
    data = meeting_data(told.content(language=language, since="2023-07-20"), maker=maker)
    waiting, decided = data["waiting"]["rows"][0], data["decided"]["rows"][0]
    for name, row in (("late", waiting), ("waiting", waiting), ("decided", decided)):
        data[name] = {"rows": [row | {"agency": name.upper()}] * MOST_ROWS, "count": 500}
    paper = PrintedPaper(compile_pdf("meeting.typ", data, maker.made_at))
    assert len(paper.pages) == 2
    left_out = [int(part.split()[-1]) for part in paper.words.split(" lagi: lihat ringkasan penuh")[:-1]]
    shown = [paper.words.count(name) for name in ("LATE", "WAITING", "DECIDED")]
    assert min(shown) > 2
    assert sorted(left_out) == sorted(500 - each for each in shown)


def test_sheet_tells_what_waits_and_since_when(told: Told) -> None:
    words = sheet(told).words
    assert "Menunggu semakan MAPO" in words
    assert "PDRM Syor 1" in words and "20 Ogos 2023 11 hari" in words


def test_decisions_are_those_since_the_last_meeting(told: Told) -> None:
    since, month = sheet(told, since="2023-07-20"), sheet(told)
    assert "Taklimat diadakan." in since.words and "Perkara sulit." in since.words
    # Thirty days to the day: the decisions of 1 August lie before them.
    assert "Selepas" in month.words and "Perkara sulit." in month.words
    assert "Taklimat diadakan." not in month.words


def test_sheet_composes_no_more_decisions_than_may_fit(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    content = told.content(since="2023-07-20")
    decided = sorted(
        content.updates(), key=lambda update: (update.decided_at, update.review_id), reverse=True
    )
    composed: list[ReportedUpdate] = []
    compose = meeting._decision
    monkeypatch.setattr(meeting, "MOST_ROWS", 2)
    monkeypatch.setattr(
        meeting, "_decision", lambda context, update: composed.append(update) or compose(context, update)
    )
    data = meeting_data(told.content(since="2023-07-20"), maker=told.maker())
    assert composed == decided[:2]
    assert (len(data["decided"]["rows"]), data["decided"]["count"]) == (2, len(decided)) == (2, 3)


@pytest.mark.parametrize(
    ("language", "usual", "meeting"),
    [
        ("ms", "Diputuskan dalam tempoh 30 hari lalu", "Diputuskan sejak mesyuarat yang lalu"),
        ("en", "Decided in the last 30 days", "Decided since the last meeting"),
    ],
)
def test_sheet_speaks_of_a_meeting_only_where_its_day_was_given(
    told: Told, language: str, usual: str, meeting: str
) -> None:
    month, since = sheet(told, language=language), sheet(told, language=language, since="2023-07-20")
    assert usual in month.words and meeting not in month.words
    assert meeting in since.words and usual not in since.words


def test_late_agency_is_named_with_its_days(told: Told) -> None:
    words = sheet(told, day="2023-09-14").words
    late = [each for item in told.content(day="2023-09-14").items for each in item.in_force if each.late_days]
    assert late
    for each in late:
        assert f"{each.late_days} hari" in words


def test_sheet_states_what_every_output_states(told: Told) -> None:
    content = told.content()
    fingerprint = content.finish().fingerprint
    paper = sheet(told)
    assert fingerprint in paper.words
    assert fingerprint in paper.reader.metadata["/Keywords"]
    assert all(page.count("SULIT") == 2 for page in paper.pages)


def test_sheet_is_the_same_for_the_same_content_and_maker(told: Told) -> None:
    first, again = BytesIO(), BytesIO()
    for target in (first, again):
        write(told.content(), target, maker=told.maker())
    assert first.getvalue() == again.getvalue()


def test_strips_of_signs_have_words(told: Told) -> None:
    alts = [tag.alt for tag in sheet(told).tags() if tag.kind == "Figure"]
    assert any("Syor 1: Dalam Tindakan, 40%" in alt for alt in alts)
