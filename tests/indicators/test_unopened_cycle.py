"""Figures that the file of a cycle brings are MAPO's alone until the cycle is opened, and asked of nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Agency
from accounts.roles import Role
from audit.models import Event
from cycles.file import read_cycle_file
from cycles.file.load import load_cycle
from cycles.services import delete_cycle, open_cycle
from indicators.models import (
    Check,
    Dimension,
    Figure,
    Indicator,
    IndicatorDimension,
    IndicatorItem,
    IndicatorVersion,
    PublishedTable,
    Source,
)
from indicators.queries.figures import figures_for
from indicators.queries.month_sheet import read_month_sheet
from indicators.queries.owed_months import read_asked, read_owing
from indicators.services.definitions import change_indicator, definition_of
from recommendations.models import Cycle
from reminders.queries.feed.calendar import load_feed
from tests.conftest import Clock
from tests.factories.accounts import UserFactory
from tests.indicators.test_figures_file import FIGURES, OTHER_FILE, STATEMENT
from tests.recommendations.conftest import Desk
from tests.shared import shared

pytestmark = pytest.mark.django_db

#: Stands in every text that the section brings.
HIDDEN = "lembayung"
MONTH = date(2023, 8, 1)
YEAR = 2031


@shared
def known(desk: Desk) -> Indicator:
    """An indicator in use, of the open cycle, which the file names too, with a breakdown that it does not have yet."""
    money = Indicator.objects.create(
        code="MONEY",
        name_ms="Peruntukan",
        name_en="Funds",
        unit="ringgit",
        basis_ms="Wang.",
        basis_en="Money.",
        agency=desk.agency,
    )
    IndicatorItem.objects.create(indicator=money, item=desk.item)
    return money


def write(folder: Path) -> Path:
    """Write a cycle's file and its figures, for the police."""
    text = FIGURES.replace("agency: XYZ", "agency: PDRM")
    text = text.replace("ms: Mangsa, en: Victims", f"ms: Mangsa {HIDDEN}, en: Victims {HIDDEN}")
    text = text.replace("ms: Jantina, en: Sex", f"ms: Jantina {HIDDEN}, en: Sex {HIDDEN}")
    text = text.replace("ms: MANGSA, en: VICTIMS", f"ms: MANGSA {HIDDEN}, en: VICTIMS {HIDDEN}")
    text = text.replace("ms: Kenyataan contoh, en: Sample", f"ms: Kenyataan {HIDDEN}, en: Sample {HIDDEN}")
    text = text.replace("own: [en]", "own: [ms, en]")
    text = text.replace("en: Money paid.}", "en: Money paid.}\n      dimensions: [sex]")
    (folder / "2031-figures.yaml").write_text(text, encoding="utf-8")
    (folder / OTHER_FILE.name).write_bytes(OTHER_FILE.read_bytes())
    (folder / STATEMENT.name).write_bytes(STATEMENT.read_bytes())
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the cycle's file."""
    return write(tmp_path)


def load(folder: Path, desk: Desk, *, opens: bool = False) -> Cycle:
    file = read_cycle_file(folder / OTHER_FILE.name)
    load_cycle(file, is_confirmed=True, opens=opens, actor=desk.administrator, now=desk.now)
    return Cycle.objects.get(year=YEAR)


@shared
def loaded(desk: Desk, known: Indicator) -> Cycle:
    """A cycle with figures as the page loads it: not opened."""
    with TemporaryDirectory() as folder:
        return load(write(Path(folder)), desk)


def browser(role: Role, agency: Agency) -> Client:
    client = Client()
    client.force_login(UserFactory(role=role, agency=agency))
    return client


def shown(response: object) -> str:
    """All that an answer says, that of a workbook too."""
    data = b"".join(response) if getattr(response, "streaming", False) else response.content  # type: ignore[attr-defined,call-overload]
    if not data.startswith(b"PK"):
        return str(data.decode())
    with ZipFile(BytesIO(data)) as book:
        return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


def pages_of(cycle: Cycle, desk: Desk) -> list[str]:
    source = Source.objects.get(cycle=cycle)
    return [
        "/figures/",
        f"/figures/?cycle={YEAR}",
        "/figures/windows/",
        "/figures/indicators/",
        "/figures/VICTIMS/",
        "/figures/MONEY/",
        "/figures/report/",
        "/figures/report/template/",
        f"/figures/report/{MONTH:%Y-%m}/",
        "/figures/tables/",
        f"/figures/tables/?cycle={YEAR}",
        *(f"/figures/tables/{table.pk}/" for table in PublishedTable.objects.filter(source=source)),
        f"/figures/sources/{source.pk}/",
        f"/figures/sources/{source.pk}/download/",
        "/figures/contradictions/",
        f"/figures/contradictions/?cycle={YEAR}",
        *(f"/figures/contradictions/{check.pk}/" for check in Check.objects.filter(source=source)),
        f"/items/{desk.item.pk}/",
        "/search/?q=mangsa",
        "/summaries/new/",
        "/my-work/",
        "/",
    ]


def test_nobody_but_mapo_reads_what_the_file_brought(loaded: Cycle, desk: Desk) -> None:
    for role in (Role.OFFICER, Role.COORDINATOR, Role.OBSERVER):
        client = browser(role, desk.agency)
        for page in pages_of(loaded, desk):
            text = shown(client.get(page, follow=True)).replace(page, "")
            assert HIDDEN not in text and "1,234" not in text and "1,500" not in text, page
        source = Source.objects.get(cycle=loaded)
        for page in (f"sources/{source.pk}", f"tables/{source.tables.all()[0].pk}", "VICTIMS"):
            assert client.get(f"/figures/{page}/").status_code == 404, page


def test_mapo_looks_at_it_before_it_is_opened(loaded: Cycle, desk: Desk) -> None:
    source = Source.objects.get(cycle=loaded)
    for client in (browser(Role.REVIEWER, desk.agency), browser(Role.ADMINISTRATOR, desk.agency)):
        assert HIDDEN in shown(client.get(f"/figures/sources/{source.pk}/"))
        assert HIDDEN in shown(client.get(f"/figures/tables/{source.tables.all()[0].pk}/"))
    assert HIDDEN in shown(client.get("/figures/indicators/"))


def test_nothing_of_it_is_asked_or_counted_before_it_is_opened(loaded: Cycle, desk: Desk) -> None:
    assert read_asked(desk.agency, desk.cycle)[MONTH] == (0, 1)
    assert [
        cell.indicator.code for cell in read_month_sheet(desk.agency, MONTH, report=None).cells.values()
    ] == ["MONEY"]
    assert Figure.objects.filter(source__cycle=loaded).exists()
    for person in (desk.officer, desk.observer, desk.reviewer):
        assert not figures_for(person).filter(source__cycle=loaded).exists()


def test_agency_that_answered_for_nothing_owes_nothing(folder: Path, desk: Desk) -> None:
    load(folder, desk)
    assert read_owing(desk.cycle, today=date(2023, 9, 14)) == []
    assert "/figures/report/2023-" not in shown(browser(Role.OFFICER, desk.agency).get("/my-work/"))
    assert not [
        entry for entry in load_feed(desk.officer, now=desk.now).entries if entry.subject.month is not None
    ]


def test_opening_asks_for_it_from_that_instant(loaded: Cycle, desk: Desk, clock: Clock) -> None:
    now = clock.move_to(desk.now + timedelta(days=3))
    open_cycle(loaded, actor=desk.administrator, now=now)
    victims = Indicator.objects.get(code="VICTIMS")
    assert victims.is_active
    assert list(
        IndicatorVersion.objects.filter(indicator=victims)
        .order_by("began_at")
        .values_list("is_active", flat=True)
    ) == [False, True]
    changed = Event.objects.about("indicators.Indicator", victims.pk).get()
    assert (changed.before, changed.after) == ({"is_active": False}, {"is_active": True})
    # MONEY with its total, and VICTIMS and MONEY by sex.
    assert read_asked(desk.agency, desk.cycle)[MONTH] == (0, 6)
    assert figures_for(desk.observer).filter(source__cycle=loaded).exists()
    client = browser(Role.OFFICER, desk.agency)
    assert HIDDEN in shown(client.get("/figures/VICTIMS/"))
    assert HIDDEN in shown(client.get(f"/figures/report/{MONTH:%Y-%m}/"))
    assert HIDDEN in shown(client.get(f"/figures/sources/{Source.objects.get(cycle=loaded).pk}/"))


def test_opening_leaves_what_mapo_decided_meanwhile(loaded: Cycle, desk: Desk) -> None:
    victims = Indicator.objects.get(code="VICTIMS")
    for is_active in (True, False):
        held = definition_of(victims)
        change_indicator(
            victims,
            definition=replace(held, is_active=is_active),
            seen=held.mark,
            reason="Semakan",
            actor=desk.administrator,
            now=desk.now,
        )
        victims.refresh_from_db()
    open_cycle(loaded, actor=desk.administrator, now=desk.now)
    assert not Indicator.objects.get(code="VICTIMS").is_active


def test_file_of_a_deleted_cycle_can_be_loaded_again(loaded: Cycle, desk: Desk, folder: Path) -> None:
    connection.check_constraints()  # As the commit of the loading did.
    delete_cycle(loaded, reason="Silap.", actor=desk.administrator, now=desk.now)
    again = load(folder, desk)
    assert not Indicator.objects.get(code="VICTIMS").is_active
    open_cycle(again, actor=desk.administrator, now=desk.now)
    assert Indicator.objects.get(code="VICTIMS").is_active


def test_command_takes_into_use_what_waited_for_a_deleted_cycle(
    loaded: Cycle, desk: Desk, folder: Path
) -> None:
    connection.check_constraints()  # As the commit of the loading did.
    delete_cycle(loaded, reason="Silap.", actor=desk.administrator, now=desk.now)
    load(folder, desk, opens=True)
    assert Indicator.objects.get(code="VICTIMS").is_active


def test_cycle_that_opens_at_once_asks_at_once(folder: Path, desk: Desk, known: Indicator) -> None:
    load(folder, desk, opens=True)
    victims, sex = Indicator.objects.get(code="VICTIMS"), Dimension.objects.get(code="sex")
    assert victims.is_active and not Event.objects.about("indicators.Indicator", victims.pk).exists()
    assert IndicatorDimension.objects.filter(indicator=known, dimension=sex).exists()
