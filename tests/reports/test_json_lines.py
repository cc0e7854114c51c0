"""Lines of rows are made fast, and are those that JSON's own encoder makes."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

import pytest

from reports.summary.json_lines import encode, line_maker
from reports.summary.rows import ReportedDocument, ReportedUpdate
from tests.reports.conftest import NASTY
from tests.reports.test_fingerprint import DOCUMENT, UPDATE

TEXTS = ["", NASTY, '"\\/\b\f\n\r\t\x00\x1f\x7f\u2028\ufeff', "😀", "ڤ", "\ud7ff"]
ROWS = [
    *(UPDATE._replace(narrative=text, code=text) for text in TEXTS),
    *(UPDATE._replace(percent=number, claim_percent=number, classification=number) for number in (0, 1, 100)),
    UPDATE._replace(claim_percent=None, classification=None, claim_status="done", documents=(3, 1, 2**40)),
    UPDATE._replace(is_readable=False, corrected=True, is_by_letter=False),
    UPDATE._replace(decided_at=datetime(2023, 8, 1, 10, 0, tzinfo=timezone(timedelta(hours=8)))),
]


def test_lines_of_rows_are_what_json_makes() -> None:
    for row in ROWS:
        line = line_maker("update", ReportedUpdate)
        # What is remembered of one row is not said of the next.
        for each in (UPDATE, row, UPDATE, row):
            assert line(each) == encode(["update", *each]) + "\n"
        assert json.loads(line(row))[10] == row.narrative
    for text in TEXTS:
        document = DOCUMENT._replace(name=text, is_sealed=bool(text), size=2**33)
        assert line_maker("document", ReportedDocument)(document) == encode(["document", *document]) + "\n"


def test_value_without_a_canonical_form_is_refused() -> None:
    with pytest.raises(TypeError, match=r"^object has no canonical form$"):
        encode({"at": object()})


def test_field_of_a_type_that_no_row_had_before_is_what_json_makes() -> None:
    class Row(NamedTuple):
        words: tuple[str, ...]
        known: dict[str, date]

    row = Row(("a", NASTY), {"on": date(2023, 8, 31)})
    assert line_maker("row", Row)(row) == encode(["row", *row]) + "\n"
