"""The meeting sheet: at most two pages, whatever there is to tell."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils.translation import override

from recommendations import services
from recommendations.queries.decisions import DecisionKind, RecordedDecision
from recommendations.states import Status
from reports.languages import item_words
from reports.states import ExportFormat, SummaryLanguage
from reports.writers.pdf import meeting
from reports.writers.pdf.compiler import compile_pdf
from reports.writers.pdf.meeting import MOST_ROWS, meeting_data, write
from tests.conftest import Clock
from tests.reports.conftest import Told
from tests.reports.meeting_papers import bytes_of, lay, made, prepared
from tests.reports.printed_pdf import PrintedPaper, laid_out

pytestmark = pytest.mark.django_db


def sheet(told: Told, **asked: str) -> PrintedPaper:
    return PrintedPaper(told.made(ExportFormat.MEETING, "reviewer", **asked))


@pytest.mark.long
@pytest.mark.parametrize("language", ["ms", "en", "both"])
def test_sheet_of_a_quiet_day_has_one_page(told: Told, language: str) -> None:
    assert len(sheet(told, language=language, item="recommendation-2", since="2023-08-30").pages) == 1


@pytest.mark.long
@pytest.mark.parametrize("language", ["ms", "both"])
def test_sheet_that_overflows_says_how_much_it_leaves_out(told: Told, language: str) -> None:
    maker = told.maker()
    data = meeting_data(told.content(language=language, since="2023-07-20", day="2023-09-14"), maker=maker)
    for section in data["sections"]:
        name, rows = section["name"].upper(), section["rows"][:1]
        section["rows"] = [rows[0] | {"agency": name, "rank": rank} for rank in range(MOST_ROWS)]
        section["count"] = 500
    paper = PrintedPaper(compile_pdf("meeting.typ", data, maker.made_at))
    assert len(paper.pages) == 2
    left_out = [int(part.split()[-1]) for part in paper.words.split(" lagi: lihat ringkasan penuh")[:-1]]
    shown = [paper.words.count(name) for name in ("LATE", "WAITING")]
    assert min(shown) > 2
    assert "Bilangan keputusan mengikut perkara: Syor 1 (" in paper.words
    assert sorted(left_out) == sorted(500 - each for each in shown)


def test_rows_of_the_first_sections_are_not_left_out_for_decisions(told: Told) -> None:
    maker = told.maker()
    data = meeting_data(told.content(since="2023-07-20", day="2023-09-14"), maker=maker)
    for section, count in zip(data["sections"], (18, 12, MOST_ROWS), strict=True):
        name, row = section["name"].upper(), section["rows"][0]
        section["rows"] = [row | {"agency": name, "rank": rank} for rank in range(count)]
        section["count"] = count
    paper = PrintedPaper(compile_pdf("meeting.typ", data, maker.made_at))
    assert [paper.words.count(name) for name in ("LATE", "WAITING")] == [18, 12]
    # Decisions that have no room are summed up by item: all of them are counted, and none is left out.
    assert "DECIDED" not in paper.words and "lihat ringkasan penuh" not in paper.words
    assert "Bilangan keputusan mengikut perkara: Syor 1 (" in paper.words
    assert "Setiap keputusan berserta sebabnya terdapat dalam ringkasan penuh." in paper.words


def test_texts_are_whole_while_there_is_room(told: Told) -> None:
    waiting = told.assignments["pdrm"].open_update.newest_submission
    reason = "Sila lampirkan bukti penerimaan daripada setiap kontinjen " * 4
    services.return_update(
        waiting,
        reason=reason.strip(),
        resubmit_by=date(2023, 9, 30),
        actor=told.people["reviewer"],
        now=told.now,
    )
    maker = told.maker()
    data = meeting_data(told.content(day="2023-09-14", since="2023-08-01"), maker=maker)
    words = PrintedPaper(compile_pdf("meeting.typ", data, maker.made_at)).words
    assert words.count("setiap kontinjen") == 4
    decided = data["sections"][-1]
    row = next(each for each in decided["rows"] if each["text"] == [reason.strip()])
    decided["rows"] = [row | {"rank": rank} for rank in range(MOST_ROWS)]
    crowded = PrintedPaper(compile_pdf("meeting.typ", data, maker.made_at))
    assert len(crowded.pages) == 2 and "…" not in crowded.words
    assert crowded.words.count("setiap kontinjen") in (0, 4 * MOST_ROWS)


def test_returns_and_settings_are_told_with_before_and_after_by_item(told: Told) -> None:
    about: dict[str, Any] = {"actor": told.people["reviewer"], "now": told.now}
    waiting = told.assignments["pdrm"].open_update.newest_submission
    services.return_update(waiting, reason="Bukti tiada.", resubmit_by=date(2023, 9, 30), **about)
    services.override_item(told.items["first"], status="done", percent=100, reason="Diputuskan.", **about)
    made = told.made(ExportFormat.MEETING, "reviewer", day="2023-09-14", since="2023-07-20")
    words = " ".join(laid_out(made).split())
    item = words.index(
        "Syor 1 Perkara 1 yang perlu ditambah baik. Tiada Tindakan → Selesai (ditetapkan MAPO)"
    )
    accepted = words.index("1 Ogos 2023 PDRM Diterima Tiada Tindakan → Dalam Tindakan 40%")
    returned = words.index("14 Sep 2023 PDRM Dikembalikan – Bukti tiada.")
    (setting,) = re.finditer(
        "14 Sep 2023 MAPO Status( ditetapkan)?( MAPO)? Dalam Tindakan 40% → Selesai", words
    )
    following = words.index("Syor 2 Perkara 2")
    assert item < accepted < min(returned, setting.start()) < max(returned, setting.start()) < following
    # The head says who set it and why, and the row does not say it again.
    assert words.count("Diputuskan.") == 1 and f"MAPO ({told.people['reviewer'].name})" in words


def test_sections_are_ordered_left_out_and_added_to(told: Told) -> None:
    target = BytesIO()
    write(
        told.content(since="2023-07-20"),
        target,
        maker=told.maker(),
        sections=("decided", "waiting"),
        texts={"waiting": "Pengerusi akan bertanya PDRM."},
    )
    words = PrintedPaper(target.getvalue()).words
    places = [words.index(each) for each in ("Diputuskan sejak", "20 Ogos 2023", "Pengerusi akan bertanya")]
    assert places == sorted(places)
    assert "Tiada agensi yang lewat" not in words


@pytest.mark.parametrize(
    ("language", "usual", "meeting"),
    [
        ("ms", "Diputuskan dalam tempoh 30 hari lalu", "Diputuskan sejak mesyuarat yang lalu"),
        ("en", "Decided in the last 30 days", "Decided since the last meeting"),
    ],
)
def test_sheet_tells_what_waits_and_the_decisions_since_the_last_meeting(
    told: Told, language: str, usual: str, meeting: str
) -> None:
    month, since = sheet(told, language=language), sheet(told, language=language, since="2023-07-20")
    # It speaks of a meeting only where its day was given.
    assert usual in month.words and meeting not in month.words
    assert meeting in since.words and usual not in since.words
    assert "Taklimat diadakan." in since.words and "Perkara sulit." in since.words
    # Thirty days to the day: the decisions of 1 August lie before them.
    assert "Perkara sulit." in month.words and "Taklimat diadakan." not in month.words
    if language == "en":
        return
    assert "Selepas" in month.words and "Menunggu semakan MAPO" in month.words
    assert "PDRM Syor 1" in month.words and "20 Ogos 2023 11 hari" in month.words
    fingerprint = told.content().finish().fingerprint
    assert fingerprint in month.words and fingerprint in month.reader.metadata["/Keywords"]
    assert all(page.count("SULIT") == 2 for page in month.pages)
    # Strips of signs have words.
    assert any("Syor 1: Dalam Tindakan, 40%" in tag.alt for tag in month.tags_of("Figure"))
    assert sheet(told).content == month.content, "the same for the same content and maker"


def test_sheet_composes_no_more_decisions_than_may_fit(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    made = told.content(since="2023-07-20").decisions
    composed: list[RecordedDecision] = []
    compose = meeting._decision
    monkeypatch.setattr(meeting, "MOST_ROWS", 2)
    monkeypatch.setattr(
        meeting,
        "_decision",
        lambda context, each, reported: composed.append(each) or compose(context, each, reported),
    )
    data = meeting_data(told.content(since="2023-07-20"), maker=told.maker())
    assert sorted(each.review_id or 0 for each in composed) == sorted(
        each.review_id or 0 for each in made[-2:]
    )
    decided = data["sections"][-1]
    assert (len(decided["rows"]), decided["count"]) == (2, len(made)) == (2, 3)
    newest = min(decided["rows"], key=lambda row: row["rank"])
    assert (newest["agency"], newest["item"]) == ("JIM", ["Syor 2"])


def test_late_agencies_stand_once_with_their_items_and_days(told: Told) -> None:
    words = sheet(told, day="2023-09-14").words
    late = [
        (item, each)
        for item in told.content(day="2023-09-14").items
        for each in item.in_force
        if each.late_days
    ]
    assert late
    for item, each in late:
        assert f"{each.code} Syor" in words and f"{item.number} ({each.late_days})" in words


@pytest.mark.parametrize(("language", "of_a_meeting"), [("ms", False), ("en", True)])
def test_decisions_of_several_items_are_grouped_and_keep_their_order(
    told: Told, clock: Clock, language: str, of_a_meeting: bool
) -> None:
    """MAPO goes from item to item and back; the sheet tells item by item, within each in the order of the decisions."""
    expected = decide_here_and_there(told, clock)
    told.now = clock.move_to(told.now + timedelta(days=1))
    made = sheet_of_a_meeting(told, language) if of_a_meeting else decided_sheet(told, language)
    with override(language):
        wanted = [
            (item_words(key), [(code or "MAPO", str(kind.label)) for code, kind in decisions])
            for key, decisions in expected.items()
        ]
    found = grouped_lines(made, [item for item, _decisions in wanted])
    assert [item for item, _decisions in found] == [item for item, _decisions in wanted]
    for (_item, decisions), (_same, others) in zip(found, wanted, strict=True):
        assert [agency for agency, _what in decisions] == [agency for agency, _what in others]
        # The label of a kind may go on in the next line.
        assert all(other.startswith(what) for (_a, what), (_b, other) in zip(decisions, others, strict=True))


Kinds = list[tuple[str, DecisionKind]]


def decide_here_and_there(told: Told, clock: Clock) -> dict[str, Kinds]:
    """Six more decisions, an hour apart, no two in a row on one item; return all since July by item, in their order."""

    def about() -> dict[str, Any]:
        told.now = clock.move_to(told.now + timedelta(hours=1))
        return {"actor": told.people["administrator"], "now": told.now}

    state: dict[str, Any] = {"status": Status.PROGRESS, "percent": 60, "reason": "Mesyuarat."}
    services.supersede_verdict(
        told.reviews["jim2"], status=Status.PROGRESS, percent=70, reason="B", **about()
    )
    waiting = told.assignments["pdrm"].open_update.newest_submission
    services.return_update(waiting, reason="Bukti tiada.", resubmit_by=date(2023, 9, 30), **about())
    on_weakness = services.override_item(told.items["weakness"], **state, **about())
    services.override_item(told.items["second"], **state, **about())
    services.end_override(on_weakness, reason="Tamat.", **about())
    services.override_item(told.items["first"], **state, **about())
    return {
        "recommendation-1": [
            ("PDRM", DecisionKind.ACCEPTED),
            ("JIM", DecisionKind.ACCEPTED),
            ("PDRM", DecisionKind.RETURNED),
            ("", DecisionKind.SET),
        ],
        "recommendation-2": [
            ("JIM", DecisionKind.ACCEPTED),
            ("JIM", DecisionKind.CORRECTED),
            ("", DecisionKind.SET),
        ],
        "weakness-1": [("", DecisionKind.SET), ("", DecisionKind.ENDED)],
    }


def decided_sheet(told: Told, language: str) -> bytes:
    asked = {"day": "2023-09-14", "since": "2023-07-20", "language": language}
    return told.made(ExportFormat.MEETING, "reviewer", **asked)


def sheet_of_a_meeting(told: Told, language: str) -> bytes:
    """The same decisions as they were laid before the council, with no other point on the agenda."""
    laid = lay(told, prepared(told, as_at=date(2023, 9, 14), since=date(2023, 7, 20)))
    return bytes_of(made(told, laid, ExportFormat.MEETING, SummaryLanguage(language)))


def grouped_lines(made: bytes, items: list[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The lines of a sheet that head an item, each with the agency and the kind of the decisions below it."""
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    for line in laid_out(made).split("\n"):
        heads = [item for item in items if re.match(rf"{item} (Perkara|Point) \d", line)]
        row = re.match(r"\d+ \S+ 2023\s+(\S+)\s{2,}(\S+(?: \S+)*)", line)
        # The head of an item is repeated on the next page.
        if heads and groups[-1:] and groups[-1][0] == heads[0]:
            continue
        if heads:
            groups.append((heads[0], []))
        elif row and groups:
            groups[-1][1].append((row[1], row[2]))
    return groups
