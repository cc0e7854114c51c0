"""The CSV table: read by the csv module and by PostgreSQL, and never taken for a formula."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from django.db import connection

from recommendations.services import override_item
from reports.states import ExportFormat, SummaryLanguage
from reports.writers.csv import header
from tests.reports.conftest import NASTY, Told
from ui.formulas import guard_formula

pytestmark = pytest.mark.django_db

OPENERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: What stands before an opener and is taken away, or not seen, by some of those who read the table.
VEILS = (" ", "   ", "\u00a0", "\u200b", "\u200f", "\ufeff", "\u3000", " \t ", "\x01")
TYPES = {
    "percent": "smallint", "decided_at": "timestamptz", "covers_from": "date", "decided_on": "date", "size": "bigint",
    "is_readable": "boolean", "is_sealed": "boolean", "about": "jsonb", "late_days": "integer", "set_at": "timestamptz",
}  # fmt: skip


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def test_guard_puts_apostrophe_before_every_opener_and_leaves_other_text_alone() -> None:
    for opener in OPENERS:
        for veil in ("", *VEILS):
            assert guard_formula(f"{veil}{opener}1+1") == f"'{veil}{opener}1+1"
    for text in ("Kursus = 3", "a+b", " ayat", "(=)", "1-2", "", "'=1", "ڤمرداڠن", "😀"):
        assert guard_formula(text) == text


def test_write_keeps_to_the_standard_and_texts_come_out_as_typed_but_for_the_apostrophe(told: Told) -> None:
    data = told.made(ExportFormat.CSV)
    assert data.startswith(b"\xef\xbb\xbfrecord,item,")
    assert data.count(b"\xef\xbb\xbf") == 1
    assert data.endswith(b"\r\n")
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    assert {len(line) for line in lines} == {len(header())}
    outside = data.decode().split('"')[::2]
    assert all(part.count("\r") == part.count("\n") == part.count("\r\n") for part in outside)
    assert {f"'{NASTY}", "Taklimat diadakan."} <= {row["narrative"] for row in rows_of(data)}


def test_write_columns_are_the_same_everywhere_and_labels_in_the_language_that_was_asked_for(
    told: Told,
) -> None:
    made = {
        (language, depth): told.made(ExportFormat.CSV, language=language, depth=depth)
        for language in SummaryLanguage.values
        for depth in ("full", "glance")
    }
    firsts = {data.split(b"\r\n")[0] for data in made.values()}
    assert firsts == {b"\xef\xbb\xbf" + ",".join(header()).encode()}
    labels = {"ms": "Dalam Tindakan", "en": "In progress", "both": "Dalam Tindakan / In progress"}
    for language, label in labels.items():
        rows = rows_of(made[language, "full"])
        assert {row["status_label"] for row in rows if row["record"] == "update"} == {label}


def test_write_last_record_says_what_it_is(told: Told) -> None:
    rows = rows_of(told.made(ExportFormat.CSV, "officer", agency="PDRM"))
    about = json.loads(rows[-1]["about"])
    tally = told.content("officer", agency="PDRM").finish()
    assert [row["record"] for row in rows].count("about") == 1
    assert about["fingerprint"] == tally.fingerprint
    assert about["rows"] == tally.rows_count == len(rows) - 1 - sum(row["record"] == "agency" for row in rows)
    assert about["selection"]["agency"] == "PDRM"


def test_copy_of_postgresql_reads_the_same(told: Told) -> None:
    nasty = f'{NASTY}\n\\.\n"\r\nakhir\\'
    override_item(
        told.items["weakness"], status="progress", percent=20, reason=nasty,
        actor=told.people["administrator"], now=told.now,
    )  # fmt: skip
    data = told.made(ExportFormat.CSV, day="2023-09-14")
    columns = ", ".join(f'"{name}" {TYPES.get(name, "text")}' for name in header())
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE summary (place serial, {columns}) ON COMMIT DROP")
        names = ", ".join(f'"{name}"' for name in header())
        cursor.cursor.copy_expert(
            f"COPY summary ({names}) FROM STDIN (FORMAT csv, HEADER true, ENCODING 'UTF8')", io.BytesIO(data)
        )
        cursor.execute(
            "SELECT record, item, agency, percent, narrative, set_reason, documents FROM summary ORDER BY place"
        )
        found = cursor.fetchall()
        cursor.execute(
            "SELECT about ->> 'fingerprint', (about ->> 'rows')::int FROM summary WHERE record = 'about'"
        )
        (about,) = cursor.fetchall()
    wanted = [
        (row["record"], row["item"] or None, row["agency"] or None, int(row["percent"]) if row["percent"] else None,
         row["narrative"] or None, row["set_reason"] or None, row["documents"] or None)
        for row in rows_of(data)
    ]  # fmt: skip
    assert found == wanted
    assert f"'{nasty}" in {row[5] for row in found}
    tally = told.content(day="2023-09-14").finish()
    assert about == (tally.fingerprint, tally.rows_count)


def test_agency_code_that_looks_like_a_formula_is_guarded(told: Told) -> None:
    content = told.content()
    first = content.items[0]
    part = first.agencies[0]._replace(code="=1+1")
    content.items = (replace(first, agencies=(part,)),)
    from reports.writers.columns import ITEM, CodeLabels, item_row
    from reports.writers.csv import line_writer

    (line,) = csv.reader([line_writer(ITEM, CodeLabels(content))(item_row(content.items[0]))])
    assert dict(zip(header(), line, strict=True))["lead"] == "'=1+1"
