"""JSON data, the CSV table and the workbook hold the figures of their rows: numbers as numbers, and "< 5" where pages say it."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.utils.translation import gettext_lazy, override
from openpyxl.worksheet.worksheet import Worksheet

from indicators.known_sums import RecordedNumber, known_sums, values_of
from indicators.models import CheckExplanation, Figure, Indicator, Source
from indicators.queries.figures import figures_by_key
from indicators.suppression import Hiding
from reports.languages import label_in
from reports.states import Depth, ExportFormat, SummaryLanguage
from tests.factories.indicators import make_figure, make_indicator, make_series
from tests.indicators.attack import bounds_of
from tests.reports.conftest import Told
from tests.reports.counted import AUGUST, counted
from tests.reports.test_fingerprint_by_hand import recompute
from tests.reports.test_json import problems
from tests.vouching import acting

__all__ = ["counted"]
pytestmark = pytest.mark.django_db
TODAY = "2023-09-14"
READERS = ("reviewer", "officer", "jim", "outsider", "observer")


def made(told: Told, export_format: ExportFormat, by: str = "reviewer", **asked: str) -> bytes:
    return told.made(export_format, by, **({"day": TODAY, "depth": "lines", "language": "en"} | asked))


def json_figures(told: Told, by: str, **asked: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(made(told, ExportFormat.JSON, by, **asked))["figures"]
    return found


def csv_rows(told: Told, by: str, record: str, **asked: str) -> list[dict[str, str]]:
    text = made(told, ExportFormat.CSV, by, **asked).decode("utf-8-sig")
    return [
        row for row in csv.DictReader(io.StringIO(text, newline=""), strict=True) if row["record"] == record
    ]


def sheet(told: Told, by: str, title: str, **asked: str) -> Worksheet:
    return openpyxl.load_workbook(BytesIO(made(told, ExportFormat.XLSX, by, **asked)))[title]


def sheet_rows(told: Told, by: str, title: str, **asked: str) -> list[dict[str, Any]]:
    head, *rows = sheet(told, by, title, **asked).iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


@pytest.mark.parametrize("by", READERS)
def test_numbers_of_files_are_those_of_pages_and_the_json_is_whole(
    told: Told, counted: Indicator, tmp_path: Path, by: str
) -> None:
    path = tmp_path / "summary.json"
    for depth, language in zip(Depth.values, ("en", "ms", "both", "en"), strict=True):
        data = made(told, ExportFormat.JSON, by, depth=depth, language=language)
        assert problems(data) == []
        if by in ("reviewer", "officer", "observer"):
            # Each sees other figures hidden.
            path.write_bytes(data)
            done = recompute(path)
            assert (done.returncode, done.stderr) == (0, ""), depth
        found = json.loads(data)["figures"]
        with override("en"):
            read = figures_by_key([row["figure"] for row in found], user=told.people[by])
        shown = {each.figure_id: each for each in read}
        assert [row["value"] for row in found] == [
            None if (value := shown[row["figure"]].value) is None else int(value) for row in found
        ]
        in_csv = csv_rows(told, by, "figure", depth=depth)
        for row, told_row in zip(in_csv, found, strict=True):
            number = shown[told_row["figure"]]
            assert row["value"] == ("" if number.value is None else str(int(number.value)))
            assert row["hiding_label"] == (number.text if number.is_hidden else "")
        if found:
            on_sheet = [row["Figure"] for row in sheet_rows(told, by, "Figures", depth=depth)]
            assert on_sheet == [
                shown[row["figure"]].text if row["value"] is None else row["value"] for row in found
            ]


@pytest.mark.parametrize("depth", ["lines", "full"])
def test_hidden_numbers_of_files_cannot_be_computed(told: Told, counted: Indicator, depth: str) -> None:
    found = json_figures(told, "observer", depth=depth)
    hidden = {row["figure"]: Hiding(row["hiding"]["code"]) for row in found if row["hiding"]}
    assert sorted(each.value for each in hidden.values()) == ["small", "withheld"]
    numbers = [recorded(figure) for figure in Figure.objects.select_related("series")]

    bounds = bounds_of(numbers, hidden, known_sums(numbers, is_summed=True))

    assert all(low <= 1 and high >= 4 for key, (low, high) in bounds.items() if hidden[key] == Hiding.SMALL)
    assert all(low < high for low, high in bounds.values())
    assert not any(row["given"] for row in found if row["hiding"])


def recorded(figure: Figure) -> RecordedNumber:
    return RecordedNumber(
        figure_id=figure.pk, values=values_of(figure.series.key), kind=figure.period_kind,
        begins_on=figure.begins_on, ends_on=figure.ends_on, number=int(figure.value),
        recorded_at=figure.recorded_at, ended_at=figure.ended_at, is_printed=figure.source_id is not None,
    )  # fmt: skip


def test_changed_figure_has_another_fingerprint(told: Told, counted: Indicator, tmp_path: Path) -> None:
    whole, path = made(told, ExportFormat.JSON), tmp_path / "summary.json"
    changed = {"figures": "value", "checks": "explanation", "targets": "target_number", "links": "weakness"}
    for part, name in changed.items():
        data = json.loads(whole)
        data[part][0][name] = {"code": "weakness-2"} if name == "weakness" else 7
        path.write_text(json.dumps(data), encoding="utf-8")
        assert recompute(path).returncode == 1, part


def test_csv_has_a_row_of_each_kind(told: Told, counted: Indicator) -> None:
    rows = {
        name: csv_rows(told, "reviewer", name)
        for name in ("achievement", "link", "indicator", "target", "check")
    }
    assert {name: len(found) for name, found in rows.items()} == dict.fromkeys(rows, 1)
    (indicator,), (check,) = rows["indicator"], rows["check"]
    assert (indicator["indicator"], indicator["agency"], indicator["unit"], indicator["items"]) == (
        "ipo", "PDRM", "orders", "recommendation-1",
    )  # fmt: skip
    assert check["sentence_en"] == "29 + 50 + 0 + 1 = 80; printed: 81 (Indicator ipo)."
    assert (check["left"], check["right"]) == ("29 50 0 1", "81")
    (target,) = csv_rows(told, "observer", "target")
    told_of = [target[name] for name in ("target_number", "target_reason", "reached", "pace_en")]
    assert told_of == ["90", "", "", ""]


@pytest.mark.parametrize("language", ["ms", "en", "both"])
def test_workbook_has_a_sheet_of_each_kind(told: Told, counted: Indicator, language: str) -> None:
    book = openpyxl.load_workbook(BytesIO(made(told, ExportFormat.XLSX, language=language)))
    for title in ("Indicators", "Contradictions"):
        names = [label_in(gettext_lazy(title), each) for each in SummaryLanguage(language).codes]
        page = book[" · ".join(names)]
        assert page.freeze_panes == "B2" and page.auto_filter.ref
    figures = book[{"ms": "Angka", "en": "Figures", "both": "Angka · Figures"}[language]]
    assert figures.freeze_panes == "B2" and figures.max_row == 11


def test_workbook_types_numbers_and_days_and_counts_figures_by_pillar(told: Told, counted: Indicator) -> None:
    rows = sheet_rows(told, "reviewer", "Figures")
    reported = [row for row in rows if row["Reported by"] == "PDRM"]
    assert [row["Figure"] for row in reported] == [44, 30, 12, 2, 0]
    assert all(isinstance(row["From"], datetime) and row["Period"] == "August 2023" for row in reported)
    own = [row["Angka"] for row in sheet_rows(told, "observer", "Angka", language="ms")]
    assert "< 5" in own and "tidak dipaparkan" in own
    counts = [list(row) for row in sheet(told, "reviewer", "Counts").iter_rows(values_only=True)]
    place = next(place for place, row in enumerate(counts) if row[0] == "Number of figures by pillar")
    assert counts[place + 2][:6] == ["Protection", 1, 5, 5, 1, 0]


def test_workbook_writes_all_money_with_parts_however_it_was_given(told: Told, counted: Indicator) -> None:
    money, source = make_indicator("money", unit="ringgit", counts_victims=False), Source.objects.get()
    make_figure(make_series(money), 96_800, text="96,800.00", now=told.now, source=source)
    make_figure(make_series(money), 1_200, text="1200", now=told.now, **AUGUST)
    page = sheet(told, "reviewer", "Figures")
    cells = [cell for row in page.iter_rows() if row[0].value == "money" for cell in row]
    assert sorted(each.value for each in cells if each.number_format == "#,##0.00") == [1_200, 96_800]


def test_workbook_writes_each_average_with_a_digit_after_the_point(told: Told, counted: Indicator) -> None:
    head, *rows = sheet(told, "reviewer", "Targets").iter_rows()
    (place,) = [place for place, each in enumerate(head) if each.value == "A month, of late"]
    assert [(row[place].value, row[place].number_format) for row in rows] == [(44, "#,##0.0")]


def test_what_looks_like_a_formula_is_a_text(told: Told, counted: Indicator) -> None:
    old = CheckExplanation.objects.get()
    old.ended_at, old.ended_by = told.now, told.people["reviewer"]
    with acting(told.people["reviewer"]):
        old.save(update_fields=["ended_at", "ended_by"])
    with acting(told.people["reviewer"]):
        CheckExplanation.objects.create(
            check_of=old.check_of,
            text='=HYPERLINK("http://x")',
            explained_by=told.people["reviewer"],
            explained_at=told.now,
        )
    (row,) = sheet(told, "reviewer", "Contradictions").iter_rows(min_row=2)
    (cell,) = [each for each in row if each.value == '=HYPERLINK("http://x")']
    assert cell.data_type in ("s", "inlineStr")
    (in_csv,) = csv_rows(told, "reviewer", "check")
    assert in_csv["explanation"] == '\'=HYPERLINK("http://x")'
