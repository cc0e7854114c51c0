"""What is hidden makes no difference: pages are the same to the letter, whichever small numbers were reported."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from accounts.roles import Role
from indicators.models import Check, Figure, IndicatorItem, PublishedTable, Series
from indicators.services.targets import set_target
from indicators.states import CheckKind, PeriodKind
from recommendations.states import ItemKind
from reports.states import ExportFormat
from reports.summary.content import SummaryContent
from reports.summary.selection import read_selection
from reports.summary.statement import Maker
from reports.summary.writing import writer_of
from tests.conftest import NOW, Clock
from tests.factories.accounts import UserFactory
from tests.factories.indicators import (
    make_check,
    make_dimension,
    make_figure,
    make_indicator,
    make_series,
    make_source,
    make_table,
)
from tests.factories.recommendations import make_item
from tests.pages import body_of
from tests.recommendations.conftest import Desk, desk
from tests.recommendations.pages import browser_of

__all__ = ["desk"]
pytestmark = pytest.mark.django_db

_LATER = NOW + timedelta(days=1)
#: Days of the present and of the time before the revision.
_DAYS = ({}, {"day": NOW.date().isoformat()})


@dataclass
class Counted:
    """An indicator with a breakdown, one without, a target, checks and a printed table; its figures come with a world."""

    series: dict[str, Series]
    total: Series
    checks: list[Check]
    table: PublishedTable


@pytest.fixture
def counted(desk: Desk) -> Counted:
    ipo = make_indicator("ipo", agency=desk.agency, dimensions=(make_dimension(),))
    po = make_indicator("po", agency=desk.agency)
    weakness = make_item(desk.cycle, number=1, kind=ItemKind.WEAKNESS)
    for indicator in (ipo, po):
        IndicatorItem.objects.create(indicator=indicator, item=weakness)
        IndicatorItem.objects.create(indicator=indicator, item=desk.item)
        about: dict[str, Any] = {"due_on": desk.cycle.window_end, "reason": "Ikut pelan", "now": NOW}
        set_target(indicator, desk.cycle, number=Decimal(90), actor=desk.reviewer, **about)
    values = ("men", "women", "boys", "girls")
    series = {value: make_series(ipo, sex_age=value) for value in values} | {"": make_series(ipo)}
    total, source = make_series(po), make_source(desk.cycle, now=NOW)
    parts = [series[value] for value in values]
    sums = make_check(source, list(parts), [series[""]])
    bound = make_check(source, [series["boys"]], [total], kind=CheckKind.BOUND)
    window = {"kind": PeriodKind.WINDOW, "begins_on": date(2022, 4, 1), "ends_on": date(2023, 3, 31)}
    years = {"begins_on": date(2022, 1, 1), "ends_on": date(2022, 12, 31)}
    rows = [
        [make_figure(each, 100, now=NOW, source=source, **days) for days in (window, years)]
        for each in [*series.values(), total]
    ]
    return Counted(series, total, [sums, bound], make_table(source, rows))


def fill(counted: Counted, clock: Clock, *, boys: int, july: int) -> None:
    """Report one world: only what is hidden differs from another one."""
    keys = iter(range(1_000_000, 1_000_100))

    def month(series: Series, number: int, *, year: int = 2023, of: int = 8, **more: Any) -> Figure:
        days = {"begins_on": date(year, of, 1), "ends_on": date(year, of, 31), "kind": PeriodKind.MONTH}
        return make_figure(series, number, pk=next(keys), **({"now": NOW} | days | more))

    small = {"men": 30, "women": 14 - boys, "boys": boys, "girls": 0, "": 44}
    first = {value: month(counted.series[value], number) for value, number in small.items()}
    month(counted.series[""], 40, year=2022)
    month(counted.total, 25, year=2022)
    month(counted.total, july, of=7)
    month(counted.total, 23 - july)
    quarter = {"begins_on": date(2023, 7, 1), "ends_on": date(2023, 9, 30), "kind": PeriodKind.QUARTER}
    make_figure(counted.total, 53, now=NOW, pk=next(keys), **quarter)
    clock.move_to(_LATER)
    for value, number in (("boys", 5 - boys), ("women", 9 + boys)):
        old = first[value]
        old.ended_at = _LATER
        old.save(update_fields=["ended_at"])
        month(counted.series[value], number, now=_LATER, replaces=old, reason=f"Sebab {boys}")
    clock.move_to(_LATER + timedelta(days=1))


def addresses(desk: Desk, counted: Counted) -> Iterator[tuple[str, dict[str, str]]]:
    """Pages that show figures, or what follows from them."""
    pages: list[tuple[str, dict[str, str]]] = [("/figures/", {}), ("/figures/", {"show": "contradictions"})]
    pages += [(f"/figures/{code}/", {}) for code in ("ipo", "po")]
    pages += [(f"/figures/{code}/", {"by": kind}) for code in ("ipo", "po") for kind in ("month", "quarter")]
    pages += [("/figures/contradictions/", {"outcome": each}) for each in ("", "holds", "fails", "unjudged")]
    pages += [(f"/figures/contradictions/{check.pk}/", {}) for check in counted.checks]
    pages += [(f"/items/{desk.item.pk}/", {}), ("/overview/", {}), (f"/cycles/{desk.cycle.year}/", {})]
    pages += [("/figures/windows/", {}), ("/weaknesses/", {}), ("/", {})]
    pages += [("/search/", {"q": "ipo"}), ("/figures/tables/", {}), ("/figures/reports/", {})]
    pages += [(f"/figures/tables/{counted.table.pk}/", {})]
    for url, query in pages:
        for day in _DAYS:
            yield url, query | day


def read(user: User, desk: Desk, counted: Counted) -> dict[str, str]:
    """What a person gets at each address, to the letter."""
    browser = browser_of(user)
    return {
        f"{url} {query}": body_of(browser.get(url, query)).decode() for url, query in addresses(desk, counted)
    }


def assert_same(
    desk: Desk,
    counted: Counted,
    clock: Clock,
    made: Callable[[User], dict[str, str]],
    *,
    marks: tuple[str, ...],
) -> None:
    """Make what outsiders and an observer of the agency get in two worlds, and compare it to the letter."""
    people = (desk.outsider, UserFactory(role=Role.OBSERVER, agency=desk.agency))
    worlds = []
    for boys, july in ((2, 1), (3, 4)):
        with transaction.atomic():
            fill(counted, clock, boys=boys, july=july)
            worlds.append([made(person) for person in people])
            transaction.set_rollback(True)

    for one, other in zip(*worlds, strict=True):
        assert {each: _difference(one[each], other[each]) for each in one if one[each] != other[each]} == {}
        assert sum(any(mark in part for mark in marks) for part in one.values()) > 5


def test_pages_do_not_depend_on_what_is_hidden(desk: Desk, counted: Counted, clock: Clock) -> None:
    assert_same(desk, counted, clock, lambda user: read(user, desk, counted), marks=("&lt; 5",))


def files(user: User, desk: Desk) -> Iterator[tuple[str, str]]:
    """The text of each part of each file that a person can have made."""
    at = _LATER + timedelta(days=1)
    for export_format in (
        *(ExportFormat.JSON, ExportFormat.CSV, ExportFormat.XLSX, ExportFormat.DOCX),
        *(ExportFormat.TABLES_XLSX, ExportFormat.TABLES_DOCX),
    ):
        for day in (NOW.date(), at.date()):
            asked = {"day": day.isoformat(), "depth": "lines", "language": "en"}
            selection = read_selection(asked, cycle=desk.cycle, today=at.date(), user=user)
            selection, target = selection.as_deep_as(export_format), BytesIO()
            with closing(SummaryContent(selection, cycle=desk.cycle, reader=user)) as content:
                writer_of(export_format)(content, target, maker=Maker.of(user, now=at))
            parts = {"": target.getvalue()}
            if zipfile.is_zipfile(target):
                with zipfile.ZipFile(target) as book:
                    parts = {name: book.read(name) for name in book.namelist()}
            for name, part in parts.items():
                yield f"{export_format} {day} {name}", part.decode(errors="replace").replace("><", ">\n<")


def test_files_do_not_depend_on_what_is_hidden(desk: Desk, counted: Counted, clock: Clock) -> None:
    assert_same(desk, counted, clock, lambda user: dict(files(user, desk)), marks=("< 5", "&lt; 5"))


def _difference(one: str, other: str) -> list[tuple[str, str]]:
    """The lines in which two pages differ."""
    return [pair for pair in zip(one.splitlines(), other.splitlines(), strict=False) if pair[0] != pair[1]]
