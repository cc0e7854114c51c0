"""Lines of rows are made fast, and are those that JSON's own encoder makes."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import NamedTuple

import pytest

from reports.summary.json_lines import encode, line_maker
from reports.summary.rows import ReportedDocument, ReportedUpdate
from tests.reports.conftest import NASTY

TEXTS = ["", NASTY, '"\\/\b\f\n\r\t\x00\x1f\x7f\u2028\ufeff', "😀", "ڤ", "\ud7ff"]
UPDATE = ReportedUpdate(
    review_id=2**40, item="recommendation-1", code="PDRM", decided_at=datetime(2023, 8, 1, 2, 0, 0, 123, tzinfo=UTC),
    status="progress", percent=40, claim_status=None, claim_percent=1, is_readable=True, narrative="",
    is_nothing_new=False, covers_from=date(2023, 7, 1), covers_to=None, classification=1, corrected=False,
    is_by_letter=True, reported_on=None, documents=(),
)  # fmt: skip
DOCUMENT = ReportedDocument(
    number=7, item="weakness-1", code="JIM", review_id=1, name="", reference_number="KDN.600", media_type="",
    size=2**33, sha256="", evidence_from=None, evidence_to=date(2023, 7, 1), classification=0, is_sealed=False,
)  # fmt: skip
ROWS = [
    *(UPDATE._replace(narrative=text, code=text) for text in TEXTS),
    *(UPDATE._replace(percent=number, claim_percent=number, classification=number) for number in (0, 1, 100)),
    UPDATE._replace(claim_percent=None, classification=None, claim_status="done", documents=(3, 1, 2**40)),
    UPDATE._replace(is_readable=False, corrected=True, is_by_letter=False),
    UPDATE._replace(decided_at=datetime(2023, 8, 1, 10, 0, tzinfo=timezone(timedelta(hours=8)))),
]


@pytest.mark.parametrize("row", ROWS, ids=range(len(ROWS)))
def test_line_of_an_update_is_what_json_makes(row: ReportedUpdate) -> None:
    line = line_maker("update", ReportedUpdate)
    # What is remembered of one row is not said of the next.
    for each in (UPDATE, row, UPDATE, row):
        assert line(each) == encode(["update", *each]) + "\n"
    assert json.loads(line(row))[10] == row.narrative


@pytest.mark.parametrize("text", TEXTS)
def test_line_of_a_document_is_what_json_makes(text: str) -> None:
    row = DOCUMENT._replace(name=text, is_sealed=bool(text))
    assert line_maker("document", ReportedDocument)(row) == encode(["document", *row]) + "\n"


def test_value_without_a_canonical_form_is_refused() -> None:
    with pytest.raises(TypeError, match=r"^object has no canonical form$"):
        encode({"at": object()})


def test_field_of_a_type_that_no_row_had_before_is_what_json_makes() -> None:
    class Row(NamedTuple):
        words: tuple[str, ...]
        known: dict[str, date]

    row = Row(("a", NASTY), {"on": date(2023, 8, 31)})
    assert line_maker("row", Row)(row) == encode(["row", *row]) + "\n"
