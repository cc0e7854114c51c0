"""Every printed value of the source is read back from the database against the statement's own text."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from cycles.file.read import DATA_FOLDER
from indicators.models import (
    Figure,
    Indicator,
    PublishedCell,
    PublishedTable,
    Source,
)
from tests.shared import shared

pytestmark = pytest.mark.django_db

STATEMENT = DATA_FOLDER / "2023-kenyataan-media.txt"
#: How many values and changes each table prints.
PRINTED = {
    "A": (6, 0),
    "B": (4, 0),
    "C": (10, 4),
    "D": (8, 4),
    "E": (8, 4),
    "F": (8, 0),
    "G": (32, 0),
    "H": (18, 0),
    "I": (18, 0),
    "J": (18, 0),
    "K": (8, 0),
    "L": (80, 0),
}


@shared
def loaded(now: datetime) -> datetime:
    """The instant at which the cycle was loaded as it is delivered."""
    call_command("load_cycle", stdout=StringIO())
    return now


def by_hand(text: str) -> Decimal:
    """What a printed number means, without any code of the project."""
    return Decimal(re.sub(r"[RM,%+ ]", "", text))


def test_each_table_holds_what_it_prints(loaded: datetime) -> None:
    counts = {
        table.key: (
            table.cells.filter(figure__isnull=False).count(),
            table.cells.filter(change__isnull=False).count(),
        )
        for table in PublishedTable.objects.all()
    }
    assert counts == PRINTED
    assert Figure.objects.count() == 218
    assert sum(values for values, _ in counts.values()) == 218
    assert sum(changes for _, changes in counts.values()) == 12


def test_each_value_stands_on_its_line_of_the_statement(loaded: datetime) -> None:
    """218 of 218 values and 12 of 12 changes, each taken from its line once, from left to right."""
    lines = STATEMENT.read_text("utf-8").split("\n")
    unread = [list(re.findall(r"RM[0-9.,]+|[+-] [0-9]+%|[0-9][0-9.,]*%?", line)) for line in lines]
    found = {"values": 0, "changes": 0}
    cells = PublishedCell.objects.select_related("figure", "table__source")
    for cell in cells.order_by("table__position", "row", "order", "column"):
        words = unread[cell.line - 1]
        if cell.figure is None and cell.change is None:
            assert cell.text == "-" and "-" in lines[cell.line - 1].split()
            continue
        assert cell.text in words, (cell.table.key, cell.line, cell.text)
        words.remove(cell.text)
        if cell.figure is not None:
            found["values"] += 1
            assert (cell.figure.text, cell.figure.value) == (cell.text, by_hand(cell.text))
            assert cell.figure.source == cell.table.source
        else:
            found["changes"] += 1
            assert cell.change == by_hand(cell.text)
    assert found == {"values": 218, "changes": 12}
    # What no cell has read is no value of a table: numbers of pages, years, tiers and points, dates.
    first = next(number for number, line in enumerate(lines) if "MAKLUMAT UMUM" in line)
    left = {word.strip(".,") for words in unread[first:] for word in words}
    years = {str(year) for year in range(2015, 2024)}
    assert left <= years | {*"12345678"} | {"11.30", "15", "10", "29", "31", "3"}


def test_source_is_the_statement_byte_for_byte(loaded: datetime) -> None:
    source = Source.objects.get()
    data = STATEMENT.read_bytes()
    assert bytes(source.content) == data and source.text == data.decode()
    assert source.sha256 == hashlib.sha256(data).hexdigest()
    assert (source.cycle.year, source.published_on) == (2023, date(2023, 6, 16))
    assert abs(source.loaded_at - loaded) < timedelta(minutes=5)


def test_printed_headings_and_footnotes_stand_in_the_statement(loaded: datetime) -> None:
    text = "".join(STATEMENT.read_text("utf-8").split())
    lines = STATEMENT.read_text("utf-8").split("\n")
    for table in PublishedTable.objects.all():
        headings = [*table.columns, *table.rows, *(column["group"] for column in table.columns)]
        for heading in filter(None, [*headings, table.stub]):
            for language in ("ms", "en"):
                if not heading[f"is_own_{language}"] and not heading[language].endswith(" RM"):
                    assert "".join(heading[language].split()) in text, heading
        assert "".join(table.title_ms.split()) in "".join(lines[table.line - 1].split())
        for footnote in table.footnotes:
            assert lines[footnote["line"] - 1].strip() == footnote["text"]
    assert PublishedTable.objects.get(key="F").title_ms == "PERLINDUNGAN"
    assert PublishedTable.objects.get(key="H").columns[8]["ms"] == "2023*"


def test_last_days_differ_and_only_marked_years_are_in_part(loaded: datetime) -> None:
    partial = Figure.objects.filter(is_partial=True)
    assert {figure.ends_on for figure in partial} == {date(2023, 12, 31)}
    days = partial.values_list("printed_in__table__key", "counted_to").distinct()
    assert dict(days) == {
        "G": date(2023, 4, 10),
        "H": date(2023, 5, 31),
        "I": date(2023, 5, 31),
        "J": date(2023, 5, 29),
        "L": date(2023, 5, 31),
    }
    assert not Figure.objects.filter(is_partial=False, counted_to__isnull=False).exists()


def test_two_values_in_one_place(loaded: datetime) -> None:
    cells = PublishedCell.objects.filter(table__key="C").order_by("row", "column", "order")
    place = [(cell.text, cell.note) for cell in cells if (cell.row, cell.column) == (0, 1)]
    assert place == [("85", "(individu)"), ("128", "(pertuduhan)")]
    place = [(cell.text, cell.note) for cell in cells if (cell.row, cell.column) == (1, 1)]
    assert place == [("32", ""), ("14", "Buruh Paksa"), ("18", "Eksploitasi Seks")]
    philippines = PublishedCell.objects.get(table__key="B", row=0)
    assert (philippines.text, philippines.note) == ("2", "negara (Filipina dan Singapura)")


def test_one_series_is_printed_for_several_kinds_of_period(loaded: datetime) -> None:
    ipo = Figure.objects.filter(series__indicator__code="IPO", series__key="")
    kinds = ipo.values_list("period_kind", flat=True)
    assert sorted(set(kinds)) == ["unstated", "window", "year"]
    assert ipo.get(period_kind="unstated").value == ipo.get(begins_on=date(2022, 4, 1)).value == 510


def test_definitions_are_loaded_with_their_agencies_and_items(loaded: datetime) -> None:
    indicators = Indicator.objects.select_related("agency")
    assert indicators.count() == 22
    agencies = {indicator.code: indicator.agency and indicator.agency.code for indicator in indicators}
    assert (agencies["KBB"], agencies["LABOUR_INSPECTIONS"]) == ("KPWKM", "JTK")
    assert agencies["COUNTRIES_ASSESSED"] is None
    kbb = Indicator.objects.get(code="KBB")
    assert kbb.counts_victims and [dimension.code for dimension in kbb.dimensions.all()] == ["sex_age"]
    assert {(item.kind, item.number) for item in kbb.items.all()} == {
        ("recommendation", 14),
        ("weakness", 6),
        ("achievement", 7),
    }
    assert set(Indicator.objects.filter(counts_victims=True).values_list("code", flat=True)) == {
        *("IPO", "PO", "KBB", "KB")
    }
