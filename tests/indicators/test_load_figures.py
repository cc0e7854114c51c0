"""Loading figures: what is missing is added, what exists stays; a cycle that was loaded by mistake takes them along."""

from __future__ import annotations

import hashlib
import shutil
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from accounts.models import Agency
from audit.clock import end_of_day
from audit.errors import NotNow
from audit.models import Event
from cycles.file import kept_cycle_files, read_cycle_bytes, read_cycle_file
from cycles.file.load import LoadReport, load_cycle
from cycles.services import close_cycle, delete_cycle
from indicators.models import (
    Check,
    CheckExplanation,
    Dimension,
    DimensionValue,
    Figure,
    Indicator,
    IndicatorDimension,
    IndicatorItem,
    IndicatorItemVersion,
    IndicatorVersion,
    PublishedCell,
    PublishedTable,
    Series,
    SeriesValue,
    Source,
)
from recommendations.models import Cycle, CycleFact
from tests.conftest import Clock
from tests.indicators.test_figures_file import DATA, FIGURES, OTHER_FILE, STATEMENT
from tests.recommendations.conftest import Desk
from tests.vouching import acting

pytestmark = pytest.mark.django_db

KINDS = (
    *(Dimension, DimensionValue, Indicator, IndicatorDimension, IndicatorItem, IndicatorItemVersion),
    *(Source, Series, SeriesValue, Figure, PublishedTable, PublishedCell),
)
#: What belongs to the source, and goes with its cycle.
OF_CYCLE = (Source, Figure, PublishedTable, PublishedCell, IndicatorItem, IndicatorItemVersion)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in (OTHER_FILE, DATA / "2031-figures.yaml", STATEMENT):
        shutil.copy(path, tmp_path)
    return tmp_path


def load(folder: Path, desk: Desk, *changes: tuple[str, str], now: datetime | None = None) -> LoadReport:
    """Load the cycle with its figures, after changing parts of their file."""
    text = FIGURES
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "2031-figures.yaml").write_text(text, encoding="utf-8")
    with translation.override("en"):
        return load_cycle(
            read_cycle_file(folder / "2031.yaml"), actor=desk.administrator, now=now or desk.now
        )


def differences(report: LoadReport) -> list[str]:
    """What the load reported, but for the agency that the desk has under another name."""
    return [told for told in report.differences if not told.startswith("PDRM ")]


def rows() -> list[int]:
    return [kind.objects.count() for kind in KINDS]


def test_loads_everything_with_one_event_and_again_nothing(folder: Path, desk: Desk) -> None:
    report = load(folder, desk)
    assert report.created["figures"] == Figure.objects.count() == 7
    assert report.created["indicators"] == 2 and report.created["cells"] == 9
    event = Event.objects.get(action="cycle.loaded")
    assert event.after is not None and event.after["created"]["figures"] == 7
    assert event.after["beside"] == {
        "2031-figures.yaml": FIGURES,
        "2031-statement.txt": STATEMENT.read_text("utf-8"),
    }
    figure = Figure.objects.get(text="1,200")
    assert (figure.value, figure.recorded_by, figure.recorded_at) == (
        *(Decimal(1200), desk.administrator, desk.now),
    )
    assert figure.series.key == "sex=men"
    dash = PublishedCell.objects.get(text="-")
    assert (dash.figure, dash.change) == (None, None)
    before, events = rows(), Event.objects.count()
    report = load(folder, desk)
    assert (rows(), Event.objects.count()) == (before, events)
    assert not report.created and not differences(report)
    assert report.left_alone["figures"] == 7


def test_changed_number_is_reported_and_never_overwritten(folder: Path, desk: Desk) -> None:
    load(folder, desk)
    statement = STATEMENT.read_text("utf-8").replace("JUMLAH 1,234 5", "JUMLAH 1,235 5")
    (folder / "2031-statement.txt").write_text(statement, encoding="utf-8")
    old, new = (
        hashlib.sha256(text.encode()).hexdigest() for text in (STATEMENT.read_text("utf-8"), statement)
    )
    before = rows()
    report = load(folder, desk, ('"1,234"', '"1,235"'), ("[1234, 5]", "[1235, 5]"), (old, new))
    assert rows() == before and not report.created
    assert Figure.objects.filter(text="1,234").exists()
    assert any("1,234" in told and "1,235" in told for told in differences(report))
    assert any("sha256" in told for told in differences(report))


def test_table_that_a_later_file_adds_is_added_alone(folder: Path, desk: Desk) -> None:
    start = FIGURES.index("    - key: W")
    whole = FIGURES[start:]
    load(folder, desk, (whole, ""))
    assert Figure.objects.count() == 5
    report = load(folder, desk)
    assert (report.created["tables"], report.created["figures"]) == (1, 2)
    assert not differences(report)


def test_what_mapo_changed_stays(folder: Path, desk: Desk) -> None:
    load(folder, desk)
    indicator = Indicator.objects.get(code="VICTIMS")
    Indicator.objects.filter(pk=indicator.pk).update(basis_en="Each order once.")
    IndicatorItem.objects.filter(indicator=indicator).delete()
    report = load(folder, desk)
    indicator.refresh_from_db()
    assert indicator.basis_en == "Each order once." and not indicator.items.exists()
    assert differences(report) == ["VICTIMS differs from the file in basis_en: not changed."]


def test_another_cycle_shares_the_definitions_and_adds_its_items(folder: Path, desk: Desk) -> None:
    load(folder, desk)
    for name in ("2031.yaml", "2031-figures.yaml"):
        text = (folder / name).read_text("utf-8")
        for year in (32, 31):
            text = text.replace(f"20{year}-0", f"20{year + 1}-0").replace(f"20{year}-1", f"20{year + 1}-1")
        (folder / name.replace("2031", "2032")).write_text(text.replace("year: 2031", "year: 2032"), "utf-8")
    file = read_cycle_file(folder / "2032.yaml")
    load_cycle(file, is_confirmed=True, actor=desk.administrator, now=desk.now)
    assert Indicator.objects.count() == 2 and Source.objects.count() == 2
    assert Series.objects.count() == 4 and Figure.objects.count() == 14
    years = IndicatorItem.objects.filter(indicator__code="VICTIMS").values_list(
        "item__cycle__year", flat=True
    )
    assert sorted(years) == [2031, 2031, 2032, 2032]


def test_agency_is_found_by_an_earlier_code(folder: Path, desk: Desk) -> None:
    load_cycle(read_cycle_file(OTHER_FILE), actor=desk.administrator, now=desk.now)
    Agency.objects.filter(code="XYZ").update(code="XYZA")
    load(folder, desk)
    assert Indicator.objects.get(code="VICTIMS").agency == Agency.objects.get(code="XYZA")
    assert Indicator.objects.get(code="MONEY").agency is None


def test_nothing_is_added_to_a_closed_cycle(folder: Path, desk: Desk) -> None:
    load_cycle(read_cycle_file(OTHER_FILE), actor=desk.administrator, now=desk.now)
    close_cycle(Cycle.objects.get(year=2031), reason="Tamat.", actor=desk.administrator, now=desk.now)
    load(folder, desk)
    assert not Source.objects.exists() and not Indicator.objects.exists()


def test_mistake_in_the_figures_loads_nothing_of_the_cycle(folder: Path, desk: Desk) -> None:
    (folder / "2031-figures.yaml").write_text(FIGURES.replace("[34, null]", "[35, null]"), "utf-8")
    with pytest.raises(CommandError, match=r"2031-figures\.yaml:47: "):
        call_command("load_cycle", folder / "2031.yaml")
    assert not Cycle.objects.filter(year=2031).exists() and not Indicator.objects.exists()


def test_what_a_source_printed_is_never_changed_or_deleted(folder: Path, desk: Desk) -> None:
    load(folder, desk)
    for model in (Source, PublishedTable, PublishedCell, Check, Series, SeriesValue, Dimension):
        row = model._default_manager.first() or model(pk=1)
        field = next(field for field in model._meta.concrete_fields if not field.primary_key)
        with pytest.raises(DatabaseError), transaction.atomic():
            model._default_manager.filter(pk=row.pk).update(**{field.attname: 1})
        with pytest.raises(DatabaseError), transaction.atomic():
            model._base_manager.filter(pk=row.pk)._raw_delete("default")


def test_definition_answers_as_at_a_day(folder: Path, desk: Desk, clock: Clock) -> None:
    load(folder, desk)
    indicator = Indicator.objects.get(code="VICTIMS")
    later = clock.move_to(desk.now + timedelta(days=3))
    Indicator.objects.filter(pk=indicator.pk).update(basis_en="Each order once.", unit="orders")
    IndicatorItem.objects.filter(indicator=indicator, item__kind="weakness").delete()

    def as_at(day: date) -> Any:
        version = IndicatorVersion.objects.as_at(end_of_day(day)).filter(indicator=indicator).first()
        links = IndicatorItemVersion.objects.as_at(end_of_day(day)).filter(indicator=indicator)
        return version and (version.unit, version.basis_en), links.count()

    assert as_at(desk.now.date() - timedelta(days=1)) == (None, 0)
    assert as_at(desk.now.date() + timedelta(days=1)) == (("persons", "Each victim once."), 2)
    assert as_at(later.date()) == (("orders", "Each order once."), 1)
    assert not Figure.objects.as_at(end_of_day(desk.now.date() - timedelta(days=1))).exists()
    assert Figure.objects.as_at(end_of_day(desk.now.date())).count() == 7


def delete(desk: Desk) -> None:
    connection.check_constraints()  # As the commit of the loading did.
    delete_cycle(
        Cycle.objects.get(year=2031), reason="Fail tahun yang salah.", actor=desk.administrator, now=desk.now
    )


def test_deleted_cycle_takes_its_figures_along_and_leaves_the_definitions(folder: Path, desk: Desk) -> None:
    load(folder, desk)
    delete(desk)
    assert not Cycle.objects.filter(year=2031).exists()
    assert not any(kind.objects.exists() for kind in OF_CYCLE)
    assert Indicator.objects.count() == 2
    # The guards hold again, and the file can be loaded again.
    report = load(folder, desk)
    assert report.created["figures"] == 7 and not differences(report)
    with pytest.raises(DatabaseError), transaction.atomic():
        Figure.objects.all()._raw_delete("default")


def test_log_keeps_all_files_of_a_deleted_cycle(folder: Path, desk: Desk) -> None:
    load(folder, desk)
    delete(desk)
    event = Event.objects.get(action="cycle.deleted")

    def given_back(*options: str) -> bytes:
        out = StringIO()
        call_command("deleted_cycle_file", event.pk, *options, stdout=out)
        return out.getvalue().encode()

    assert given_back("--beside=2031-figures.yaml").decode() == FIGURES
    assert given_back("--beside=2031-statement.txt") == STATEMENT.read_bytes()
    assert read_cycle_bytes(given_back(), name="2031.yaml").cycle.year == 2031
    with pytest.raises(CommandError):
        given_back("--beside=none.txt")


def test_cycle_whose_figures_mapo_explained_stays(folder: Path, desk: Desk) -> None:
    load(folder, desk)
    check = Check.objects.create(
        source=Source.objects.get(), code="total", kind="sum", position=1, note_ms="Jumlah", note_en="Total"
    )
    with acting(desk.administrator):
        CheckExplanation.objects.create(
            check_of=check, text="Salah cetak.", explained_by=desk.administrator, explained_at=desk.now
        )
    with pytest.raises(NotNow):
        delete(desk)
    assert Figure.objects.count() == 7 and Cycle.objects.filter(year=2031).exists()


def test_only_the_deletion_of_a_cycle_deletes_figures(folder: Path, desk: Desk) -> None:
    load(folder, desk)
    cycle = Cycle.objects.get(year=2031)
    with pytest.raises(DatabaseError), transaction.atomic(), transaction.get_connection().cursor() as cursor:
        cursor.execute("SELECT jejak_delete_figures(%s)", [cycle.pk])
    assert Figure.objects.count() == 7


def test_cycle_that_the_project_keeps_can_be_deleted_with_all_that_its_file_brought(
    desk: Desk, now: datetime
) -> None:
    Cycle.objects.filter(pk=desk.cycle.pk).update(year=2000)
    load_cycle(read_cycle_file(kept_cycle_files()[0]), is_confirmed=True, actor=desk.administrator, now=now)
    cycle = Cycle.objects.get(year=2023)
    assert cycle.facts.exists() and cycle.sources.exists()
    connection.check_constraints()  # As the commit of the loading did.
    delete_cycle(cycle, reason="Dimuatkan tersilap.", actor=desk.administrator, now=now)
    assert not Cycle.objects.filter(year=2023).exists()
    assert not CycleFact.objects.exists() and not Check.objects.exists()


def test_fact_that_somebody_entered_keeps_its_cycle(folder: Path, desk: Desk) -> None:
    load(folder, desk)
    cycle = Cycle.objects.get(year=2031)
    values = dict.fromkeys(("title_ms", "title_en", "text_ms", "text_en"), "Taklimat")
    CycleFact.objects.create(cycle=cycle, kind="programme", **values)
    with pytest.raises(NotNow):
        delete(desk)
    assert cycle.facts.exists()
