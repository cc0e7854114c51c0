"""The council paper: MAPO's order, real numbers, figures from the rows, and places for the secretariat."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from django.utils.translation import override
from docx.document import Document
from docx.oxml.ns import qn

from cycles.services import CycleSettings, change_cycle
from recommendations import services
from recommendations.states import Status
from reports.states import ExportFormat
from reports.writers.council import changes
from reports.writers.council.draft import PaperSection, chosen
from reports.writers.council.issues import write_issues
from reports.writers.council.paper import SECTIONS, write
from reports.writers.council.progress import totals_words
from reports.writers.wording import sentences
from tests.factories.recommendations import make_assignment, make_item
from tests.reports.conftest import NASTY, Told
from tests.reports.word_document import elements, everything, of_style, opened, table_called, texts

pytestmark = pytest.mark.django_db

ORDER = {
    "ms": [
        "Tujuan",
        "Kedudukan",
        "Keputusan yang dipohon",
        "Latar belakang",
        "Perkembangan dalam tempoh tiga puluh (30) hari yang lalu",
        "Isu",
    ],
    "en": [
        "Purpose",
        "Position",
        "Decisions sought",
        "Background",
        "Developments in the last thirty (30) days",
        "Issues",
    ],
}


def paper(told: Told, **asked: str) -> Document:
    return opened(told.made(ExportFormat.COUNCIL, **asked))


def paragraphs(document: Document) -> list[str]:
    """The numbered paragraphs and their points, in their order."""
    styles = ("Paper Paragraph", "Paper Lead-in", "Paper Point")
    return [
        each.text.replace("\N{NO-BREAK SPACE}", " ")
        for each in document.paragraphs
        if each.style.name in styles
    ]


def number_of(document: Document, style_id: str) -> tuple[str, str]:
    """Level and list by which the paragraphs of a style are numbered."""
    style = next(each for each in document.styles if each.style_id == style_id)
    numbered = style.element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
    level = numbered.find(qn("w:ilvl"))
    return "0" if level is None else level.get(qn("w:val")), numbered.find(qn("w:numId")).get(qn("w:val"))


def test_draft_in_both_languages_puts_the_malay_paper_first_and_whole(told: Told) -> None:
    document = paper(told, language="both")

    headings = of_style(document, "Paper Heading")
    assert [each.text for each in headings] == ORDER["ms"] + ORDER["en"]
    lists = [each._p.pPr.find(qn("w:numPr")) for each in headings]
    assert lists[:6] == [None] * 6
    assert [each.find(qn("w:numId")).get(qn("w:val")) for each in lists[6:]] == ["3"] * 6
    english = headings[6]._p
    assert {each.get(qn("w:val")) for each in english.iter(qn("w:lang"))} == {"en-MY"}
    assert not list(headings[0]._p.iter(qn("w:lang")))
    alone = {language: paper(told, language=language) for language in ("ms", "en")}
    assert paragraphs(document) == paragraphs(alone["ms"]) + paragraphs(alone["en"])
    assert {language: texts(each, "Paper Heading") for language, each in alone.items()} == ORDER
    # It leads nowhere and runs nothing.
    assert not list(elements(document, "w:hyperlink")) and not list(elements(document, "w:instrText"))
    assert NASTY in everything(document)


def test_draft_is_numbered_by_lists_and_completed_by_the_secretariat(told: Told) -> None:
    data = told.made(ExportFormat.COUNCIL)
    assert told.made(ExportFormat.COUNCIL) == data, "made twice, it is the same to the byte"
    document = opened(data)

    assert number_of(document, "PaperHeading") == ("0", "2")
    assert number_of(document, "PaperParagraph") == ("1", "2")
    assert number_of(document, "PaperPoint") == ("2", "2")
    told_words = paragraphs(document)
    assert not any(text[:1].isdigit() and text[1:2] == "." for text in told_words)
    marked = [
        run.text for each in document.paragraphs for run in each.runs if run.style.name == "To Complete"
    ]
    assert marked[:5] == ["[nombor]", "[tahun]", "[rujukan]", "[nombor]", "[tarikh]"]
    assert "[Urus setia: keputusan lain yang dipohon, atau padamkan baris ini]" in marked
    assert texts(document, "Paper Reference") == [
        "Kertas MAPO Bil. [nombor] Tahun [tahun]",
        "Rujukan fail: [rujukan]",
        "Mesyuarat Bil. [nombor] pada [tarikh]",
    ]
    # The facts of the cycle, and counts in words and figures.
    whole = "\n".join(told_words)
    assert told.cycle.tier_before_ms in whole and told.cycle.tier_after_ms in whole
    assert "Kertas ini meliputi dua (2) syor dan satu (1) kelemahan." in whole
    assert "Kertas ini meliputi pilihan" not in whole
    assert "Daripada dua (2) syor, tiada yang selesai dan dua (2) dalam tindakan." in told_words
    of_weaknesses = "tiada yang selesai dan satu (1) belum diambil tindakan."
    assert f"Daripada satu (1) kelemahan, {of_weaknesses}" in told_words
    quoted = texts(document, "Quote")
    first = f"Syor 1, dilaporkan oleh PDRM, diterima pada 1 Ogos 2023: {NASTY}"
    assert first in [text.replace("\N{NO-BREAK SPACE}", " ") for text in quoted], "the newest of the lead"
    assert not any("Taklimat diadakan." in text for text in quoted)
    stated = dict(table_called(document, "Sumber draf ini"))
    assert stated["Cap jari"] == told.content().finish().fingerprint
    assert stated["Dibuat oleh"] == told.maker().words


def test_draft_names_the_tiers_that_were_recorded_by_its_day(told: Told) -> None:
    held = CycleSettings.of(told.cycle)
    wanted = replace(held, tier_before_ms="Tahap 2", tier_before_en="Tier 2")
    about: dict[str, Any] = {"actor": told.people["administrator"], "now": told.now, "reason": "Surat KDN"}
    change_cycle(told.cycle, seen=held.mark, wanted=wanted, **about)
    told.cycle.refresh_from_db()

    assert "Tahap 3" in "\n".join(paragraphs(paper(told)))
    assert "Tahap 3" not in "\n".join(paragraphs(paper(told, day=told.today.isoformat())))


def test_draft_of_a_narrowed_selection_says_so(told: Told) -> None:
    whole = "\n".join(paragraphs(paper(told, agency="PDRM")))

    assert "Kertas ini meliputi pilihan berikut sahaja" in whole
    assert "Agensi: PDRM" in whole


@pytest.mark.parametrize("language", ["ms", "en"])
def test_draft_takes_every_figure_from_the_rows(told: Told, language: str) -> None:
    document = paper(told, language=language)

    content = told.content(language=language)
    told_words = paragraphs(document)
    with override(language):
        for totals in content.totals:
            assert totals_words(totals) in told_words
    caption = {
        "ms": "Bilangan perkara mengikut elemen dan status",
        "en": "Number of items by pillar and status",
    }[language]
    _head, *rows = table_called(document, caption)
    figures = [[int(figure) for figure in row[1:]] for row in rows]
    for column, status in enumerate((Status.DONE, Status.PROGRESS, Status.NONE)):
        assert sum(row[column] for row in figures) == sum(item.status == status for item in content.items)
    assert sum(row[3] for row in figures) == len(content.items)
    english = "Of the two (2) recommendations, none is completed and two (2) are in progress."
    assert language == "ms" or english in told_words


def test_draft_issues_are_those_of_the_rows(told: Told) -> None:
    document = paper(told, day="2023-09-14")
    told_words = paragraphs(document)

    waiting = told.content(day="2023-09-14").issues["waiting"]
    assert [(row.item_kind, row.number, row.agency) for row in waiting] == [("recommendation", 1, "PDRM")]
    assert "Satu (1) kemas kini daripada satu (1) agensi menunggu semakan MAPO:" in told_words
    assert table_called(document, "Perkara (hari menunggu)")[1:] == [
        ["PDRM\n" + told.agencies["PDRM"].name_ms, "Syor 1 (25)", "1", "25\N{NO-BREAK SPACE}hari"]
    ]
    _head, *differing = table_called(document, "Laporan dan keputusan yang berbeza")
    assert ["PDRM", "Syor 1", "Dalam Tindakan, 60%", "Dalam Tindakan, 40%"] in differing
    assert "Kelemahan 1; dicadangkan sebagai peneraju: KLN." in told_words


def test_late_updates_stand_in_a_table_by_agency_the_longest_first(told: Told) -> None:
    later = {"actor": told.people["administrator"], "now": told.now}
    for number in (5, 6, 7):
        make_assignment(make_item(told.cycle, number=number), told.agencies["KLN"], **later)
    asked = {"day": "2024-01-31"}
    told.now = told.now.replace(year=2024, month=2)
    document = paper(told, **asked)

    _head, *rows = table_called(document, "Perkara (hari lewat)")
    found = told.content(**asked).issues["late"]
    assert [row[0].split("\n")[0] for row in rows] == ["JIM", "KLN"]
    assert [int(row[2]) for row in rows] == [2, 3] and sum(int(row[2]) for row in rows) == len(found)
    longest = [int(row[3].split("\N{NO-BREAK SPACE}")[0]) for row in rows]
    assert longest == sorted(longest, reverse=True)
    for row, days in zip(rows, longest, strict=True):
        told_days = [int(each) for each in re.findall(r"\((\d+)\)", row[1])]
        assert told_days == sorted(told_days, reverse=True) and told_days[0] == days
    told_words = paragraphs(document)
    assert "Lima (5) kemas kini daripada dua (2) agensi telah lewat dikemukakan:" in told_words
    assert not any("telah lewat" in each and "bagi" in each for each in told_words)


def test_no_paragraph_repeats_what_a_table_says(told: Told) -> None:
    document = paper(told, day="2023-09-14")

    told_words = paragraphs(document)
    for item in told.content(day="2023-09-14").items:
        with override("ms"):
            verdict = sentences.verdict_words(item.status, item.percent)
            assert not any(item.label in each and verdict in each for each in told_words)
    _head, *rows = table_called(document, "Perkara dan statusnya", place=1)
    assert [row[0::2] for row in rows] == [["Syor 1", "PDRM", "40%"]]


def test_items_without_action_are_listed_by_lead(told: Told) -> None:
    assigned = {"actor": told.people["administrator"], "now": told.now}
    for number in (5, 6):
        make_assignment(make_item(told.cycle, number=number), told.agencies["KLN"], **assigned)
    told_words = paragraphs(paper(told, day="2023-09-14"))

    assert "Dua (2) perkara mempunyai agensi peneraju tetapi belum ada tindakan:" in told_words
    assert "KLN: Syor 5 dan Syor 6." in told_words


def decided(told: Told) -> dict[str, Any]:
    """MAPO returns PDRM's update, and sets the status of the weakness; who did, and when."""
    about = {"actor": told.people["reviewer"], "now": told.now}
    waiting = told.assignments["pdrm"].open_update.newest_submission
    services.return_update(waiting, reason="Bukti tiada.", resubmit_by=date(2023, 9, 30), **about)
    services.override_item(
        told.items["weakness"], status="done", percent=100, reason="Diputuskan MAPO.", **about
    )
    return about


def test_changes_since_the_last_meeting_stand_item_by_item(told: Told) -> None:
    by = decided(told)["actor"].name
    document = paper(told, day="2023-09-14", since="2023-08-05")

    assert "Perkembangan sejak mesyuarat yang lalu" in texts(document, "Paper Heading")
    told_words = paragraphs(document)
    assert (
        "Keputusan MAPO selepas 5 Ogos 2023 hingga 14 September 2023: satu (1) kemas kini diterima, satu (1) "
        "kemas kini dikembalikan dan satu (1) status ditetapkan oleh MAPO."
    ) in told_words
    # One person made them all, so the name stands once.
    assert f"Semua diputuskan oleh {by}." in told_words
    _head, *rows = table_called(document, "Keputusan mengikut perkara")
    plain = [[cell.replace("\N{NO-BREAK SPACE}", " ") for cell in row] for row in rows]
    assert [row[1:] for row in plain] == [
        ["14 Sep 2023", "PDRM", "Dikembalikan\nBukti tiada.", "–"],
        ["10 Ogos 2023", "JIM", "Diterima", "Tiada Tindakan → Dalam Tindakan 50%"],
        [
            "14 Sep 2023",
            "MAPO",
            "Status ditetapkan MAPO\nDiputuskan MAPO.",
            "Tiada Tindakan → Selesai (ditetapkan MAPO)",
        ],
    ]
    assert [row[0].split("\n")[0] for row in plain] == ["Syor 1", "Syor 2", "Kelemahan 1"]
    assert plain[0][0].endswith("Dalam Tindakan 40%, tidak berubah")
    # What the row of the one decision says is not said again of its item.
    assert not any("→" in row[0] for row in plain)


def test_a_time_without_decisions_and_a_draft_without_an_issue_say_so(told: Told) -> None:
    told_words = paragraphs(paper(told, day="2023-09-14", since="2023-09-10"))
    none = "Tiada keputusan yang dibuat oleh MAPO selepas 10 September 2023 hingga 14 September 2023."
    assert none in told_words
    told_words = paragraphs(paper(told, item="recommendation-2"))
    assert "Tiada isu berbangkit daripada apa yang telah direkodkan sehingga hari itu." in told_words


def test_too_many_decisions_are_counted(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "MOST_DECISIONS", 2)
    document = paper(told, since="2023-07-20")

    assert len(table_called(document, "Keputusan mengikut perkara")) == 1 + 2
    left_out = (
        "Kertas ini tidak menyenaraikan satu (1) keputusan lagi, yang terkandung dalam ringkasan penuh."
    )
    assert any(each.endswith(left_out) for each in paragraphs(document))


def test_sections_are_ordered_left_out_and_added_to(told: Told) -> None:
    sections = chosen(SECTIONS, ["purpose", "decisions", "issues"])
    issues = partial(write_issues, names=["no_lead", "waiting"], texts={"waiting": "Sudah disemak."})
    own = PaperSection("other", lambda draft: draft.heading("Hal lain")).with_text(ms="Satu.\n\nDua.")
    target = BytesIO()
    write(
        told.content(day="2023-09-14"),
        target,
        maker=told.maker(),
        sections=(sections[0], own, sections[1], replace(sections[2], write=issues)),
    )
    document = opened(target.getvalue())

    assert texts(document, "Paper Heading") == ["Tujuan", "Hal lain", "Keputusan yang dipohon", "Isu"]
    told_words = paragraphs(document)
    assert "Keputusan Mesyuarat dipohon sebagaimana di perenggan 3." in told_words
    assert [each for each in told_words if each in ("Satu.", "Dua.")] == ["Satu.", "Dua."]
    waiting = next(place for place, each in enumerate(told_words) if "menunggu semakan" in each)
    no_lead = next(place for place, each in enumerate(told_words) if "belum mempunyai agensi" in each)
    assert no_lead < waiting < told_words.index("Sudah disemak.")
    assert not any("lewat dikemukakan" in each for each in told_words)


def test_draft_decisions_follow_from_the_issues(told: Told) -> None:
    told_words = paragraphs(paper(told, day="2023-09-14"))

    place = told_words.index("Mesyuarat dengan hormatnya dipohon untuk:")
    asked = told_words[place + 1 :]
    assert (
        asked[0]
        == "mengambil maklum kemajuan tindakan terhadap dua (2) syor dan satu (1) kelemahan setakat 14 September 2023;"
    )
    late = sentences.listed([row.agency for row in told.content(day="2023-09-14").issues["late"]])
    assert (
        f"mengarahkan {late} mengemukakan kemas kini yang telah lewat selewat-lewatnya pada [tarikh];"
        in asked
    )
    assert "menetapkan agensi peneraju bagi Kelemahan 1;" in asked
    assert "[Urus setia: keputusan lain yang dipohon, atau padamkan baris ini]." in asked
