"""The lines under the fingerprint, written out by hand; a summary of another day must give the same."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from accounts.clearance import Clearance
from indicators.judging import CheckedPeriod, JudgedTerm, Judgement
from indicators.pace import Pace
from recommendations.rollup import ItemState, Override
from reports.summary.figure_rows import ReportedCheck, ReportedFigure, ReportedIndicator, ReportedTarget
from reports.summary.fingerprint import RowTally
from reports.summary.rows import (
    ReportedAchievement,
    ReportedAgency,
    ReportedDocument,
    ReportedItem,
    ReportedLink,
    ReportedUpdate,
)

QUERY = {"day": "2023-09-20", "depth": "full"}
SELECTION = '["selection",1,{"day":"2023-09-20","depth":"full"}]\n'
AGENCY = ReportedAgency(
    code="PDRM", name_ms="Polis", name_en="Police", role="lead", stage="confirmed", status="progress", percent=40,
    decided_on=date(2023, 8, 1), claim_status="done", claim_percent=100, next_due_on=date(2023, 10, 1), due_on=None,
    late_days=None, waiting_since=None, returned_since=None,
)  # fmt: skip
AGENCY_LINE = '["PDRM","Polis","Police","lead","confirmed","progress",40,"2023-08-01","done",100,"2023-10-01",null,null,null,null]'
UPDATE = ReportedUpdate(
    review_id=9, item="recommendation-2", code="PDRM", decided_at=datetime(2023, 8, 1, 2, 0, tzinfo=UTC),
    status="progress", percent=40, claim_status="done", claim_percent=100, is_readable=True, narrative="Kursus “satu”",
    is_nothing_new=False, covers_from=date(2023, 7, 1), covers_to=None, classification=1, corrected=False,
    is_by_letter=False, reported_on=None, documents=(3, 4), ended_on=date(2023, 9, 1),
)  # fmt: skip
UPDATE_LINE = (
    '["update",9,"recommendation-2","PDRM","2023-08-01T02:00:00+00:00","progress",40,"done",100,true,"Kursus “satu”",'
    'false,"2023-07-01",null,1,false,false,null,[3,4],"2023-09-01"]\n'
)
DOCUMENT = ReportedDocument(
    number=3, item="recommendation-2", code="PDRM", review_id=9, name="surat.pdf", reference_number="",
    media_type="application/pdf", size=12, sha256="ab", evidence_from=None, evidence_to=date(2023, 7, 1),
    classification=2, is_sealed=False,
)  # fmt: skip
DOCUMENT_LINE = '["document",3,"recommendation-2","PDRM",9,"surat.pdf","","application/pdf",12,"ab",null,"2023-07-01",2,false]\n'


def tally(least: Clearance = Clearance.OPEN) -> RowTally:
    """A tally of the selection alone."""
    return RowTally(QUERY, least=least)


def sha256(*lines: str) -> str:
    """The fingerprint that these lines have."""
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def item(override: Override | None = None) -> ReportedItem:
    """An item that a supporting agency holds, with or without an override."""
    state = ItemState("progress", 99, "PDRM", ("JIM",))
    if override:
        state = ItemState(override.status, override.percent, "PDRM", override=override, beneath=state)
    texts = ("Teks", "Text", "Tajuk", "Title")
    return ReportedItem(5, "recommendation", 2, *texts, "protection", state, (AGENCY,), "Kurang", "Less")


#: The texts of the item, its titles and its divergence note.
TEXTS = '"Teks","Text","Tajuk","Title","Kurang","Less"'


def test_fingerprint_begins_with_the_selection() -> None:
    assert tally().fingerprint == sha256(SELECTION)
    assert (tally().rows_count, tally().classification) == (0, 0)


def test_fingerprint_is_of_the_lines_in_order() -> None:
    rows = tally()
    rows.add_item(item())
    rows.add_update(UPDATE)
    rows.add_document(DOCUMENT)
    item_line = (
        f'["item","recommendation-2","recommendation",2,"protection",{TEXTS},"progress",99,["JIM"],null,'
        f"[{AGENCY_LINE}]]\n"
    )
    assert rows.fingerprint == sha256(SELECTION, item_line, UPDATE_LINE, DOCUMENT_LINE)
    assert rows.rows_count == 3


def test_figures_and_links_are_lines_of_numbers() -> None:
    day, instant = date(2023, 8, 31), datetime(2023, 9, 1, 2, tzinfo=UTC)
    rows = tally()
    rows.add_achievement(
        ReportedAchievement("achievement-1", 1, "protection", "", "", "Teks", "Text", "", "", ("weakness-2",))
    )
    rows.add_link(ReportedLink("weakness-2", "recommendation-4"))
    counted = ("orders", "Asas", "Basis", "protection", "KPWKM", False, True, ("recommendation-4",))
    rows.add_indicator(ReportedIndicator("ipo", "IPO", "IPO", False, True, *counted))
    number, average = Decimal("90.00"), Decimal("10.5")
    pace = Pace(
        number=number, due_on=day, day=day, unit="orders", is_summed=True, done=Decimal(21), newest_on=day,
        working_days_left=9, months_left=2, missing_count=1, average=average, recent_count=2,
    )  # fmt: skip
    about: dict[str, Any] = {"indicator": "ipo", "unit": "orders", "number": number, "due_on": day}
    rows.add_target(ReportedTarget(**about, reason="Pelan", pace=pace))
    rows.add_target(ReportedTarget(**about, reason="", pace=None))
    period = CheckedPeriod("month", date(2023, 8, 1), day)
    terms = [
        JudgedTerm(side, 1, Decimal(value), period, 7) for side, value in (("left", "2.50"), ("right", "3"))
    ]
    found = Judgement(
        check_id=1, code="sum", kind="sum", terms=terms, period=period, note_ms="Jumlah", note_en="Sum"
    )
    rows.add_check(
        ReportedCheck(
            found=found,
            titles={},
            source="",
            table="",
            claim="",
            indicators=("ipo",),
            figures=(7,),
            marked=(7,),
            explanation="Kata",
            explained_at=instant,
            explained_by="",
        )
    )
    days = ("month", date(2023, 8, 1), day, False, None)
    rows.add_figure(
        ReportedFigure(7, "ipo", "", *days, "96,800.50", 96800.5, "", "", "", None, "KPWKM", instant)
    )
    rows.add_figure(
        ReportedFigure(8, "ipo", "sex_age=boys", *days, "", None, "small", "", "", None, "KPWKM", instant)
    )
    assert rows.fingerprint == sha256(
        SELECTION,
        '["achievement","achievement-1",1,"protection","","","Teks","Text","","",["weakness-2"]]\n',
        '["link","weakness-2","recommendation-4"]\n',
        '["indicator","ipo","IPO","IPO",false,true,"orders","Asas","Basis","protection","KPWKM",false,true,["recommendation-4"]]\n',
        '["target","ipo",90,"2023-08-31","Pelan",[21,"2023-08-31",9,2,1,10.5,2]]\n',
        '["target","ipo",90,"2023-08-31","",null]\n',
        '["check","sum","sum","fails","month","2023-08-01","2023-08-31","","","Jumlah","Sum","",["2.5"],["3"],"",["ipo"],[7],[7],'
        '"Kata","2023-09-01T02:00:00+00:00",""]\n',
        '["figure",7,"ipo","","month","2023-08-01","2023-08-31",false,null,"96,800.50",96800.5,"","","",null,"KPWKM",'
        '"2023-09-01T02:00:00+00:00"]\n',
        '["figure",8,"ipo","sex_age=boys","month","2023-08-01","2023-08-31",false,null,"",null,"small","","",null,"KPWKM",'
        '"2023-09-01T02:00:00+00:00"]\n',
    )
    assert rows.rows_count == 8


KUALA_LUMPUR = timezone(timedelta(hours=8))
OVERRIDE = Override(
    "done", 100, "Keputusan", datetime(2023, 9, 20, 10, 0, tzinfo=KUALA_LUMPUR), "Aminah binti Salleh"
)
OVERRIDE_LINE = (
    '["done",100,"Keputusan","2023-09-20T02:00:00+00:00","Aminah binti Salleh",["progress",99,["JIM"]]]'
)


def test_override_is_part_of_the_items_line_in_utc() -> None:
    rows = tally()
    rows.add_item(item(OVERRIDE))
    line = (
        f'["item","recommendation-2","recommendation",2,"protection",{TEXTS},"done",100,[],'
        f"{OVERRIDE_LINE},[{AGENCY_LINE}]]\n"
    )
    assert rows.fingerprint == sha256(SELECTION, line)


@pytest.mark.parametrize(
    ("least", "update_class", "document_class", "expected"),
    [(0, None, 0, 0), (0, 1, 0, 1), (0, 1, 2, 2), (1, 0, 0, 1), (3, 2, 1, 3), (0, 3, 2, 3), (2, None, 3, 3)],
)
def test_summary_has_the_highest_class_of_its_rows(
    least: int, update_class: int | None, document_class: int, expected: int
) -> None:
    rows = tally(Clearance(least))
    rows.add_update(UPDATE._replace(classification=update_class))
    rows.add_document(DOCUMENT._replace(classification=document_class))
    rows.add_update(UPDATE._replace(classification=0))
    rows.add_document(DOCUMENT._replace(classification=0))
    assert rows.classification == expected
