"""What is remembered of pages of figures is as new as the database, and never more than its reader may see."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from itertools import product
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Agency, User
from accounts.roles import Role
from audit.services import record
from indicators.models import (
    Check,
    CheckExplanation,
    Figure,
    Indicator,
    IndicatorItem,
    PublishedTable,
    RegisterChange,
    Source,
    Target,
)
from indicators.permissions import reading_rights
from indicators.queries import remembered
from indicators.queries.remembered import RegisterReading
from indicators.states import CheckKind, PeriodKind
from recommendations.models import Cycle
from recommendations.queries.sql import fetch_rows, sql_of
from tests.caches import forget_all
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.figure_reports import FigureDesk
from tests.factories.indicators import (
    make_check,
    make_dimension,
    make_figure,
    make_series,
    make_source,
    make_table,
)
from tests.factories.recommendations import make_item
from tests.recommendations.at_once import at_once
from tests.recommendations.visitors import Visitor, text_of
from tests.vouching import acting

PAGES = ("/figures/", "/figures/po/")
AUGUST: dict[str, Any] = {
    "kind": PeriodKind.MONTH,
    "begins_on": date(2023, 8, 1),
    "ends_on": date(2023, 8, 31),
}
#: What pages read that no version of the register covers: who asks, when, for which cycle, and what waits for them; texts of
#: items, and the class of evidence, which are asked for anew; the marks of hidden words, whose version is part of each key
#: (`privacy.reading.reading_key`); and what triggers write with a table that is covered.
BESIDE = {
    *(
        "django_session",
        "accounts_user",
        "audit_clock",
        "audit_event",
        "accounts_standin",
        "recommendations_update",
    ),
    *("indicators_figuredecision", "indicators_sentfigure", "indicators_figuresubmission"),
    *("indicators_figuresubmissiondocument", "evidence_document"),
    *("indicators_registerchange", "recommendations_item", "reminders_dayoff", "pg_database"),
    "privacy_identitymark",
    "privacy_marksversion",
    *("indicators_indicatorversion", "indicators_indicatoritemversion", "recommendations_cycleversion"),
}


@pytest.fixture
def desk(real_db: WorkerDatabase, clock: Clock) -> FigureDesk:
    """The small world, committed, with 44 protection orders in August."""
    now: datetime = clock.move_to(NOW)
    desk = FigureDesk(now)
    make_figure(make_series(desk.po), 44, now=now, **AUGUST)
    return desk


class Counter:
    """Counts how often something is made."""

    count = 0

    def __call__(self) -> int:
        self.count += 1
        return self.count


def asked(made: Counter, user: User) -> int:
    return RegisterReading().remembered("key", made, user=user)


def _rename_agency(desk: FigureDesk) -> None:
    Agency.objects.filter(pk=desk.agency.pk).update(name_en="Renamed")


def _end_figure(desk: FigureDesk) -> None:
    Figure.objects.update(ended_at=desk.now)


def _explain(desk: FigureDesk) -> None:
    source = make_source(desk.cycle, now=desk.now)
    check = make_check(source, [make_series(desk.po)], [make_series(desk.ipo)], kind=CheckKind.BOUND)
    with acting(desk.reviewer):
        CheckExplanation.objects.create(
            check_of=check, text="Asas lain.", explained_by=desk.reviewer, explained_at=desk.now
        )


def _aim(desk: FigureDesk) -> None:
    facts: dict[str, Any] = {"number": 90, "due_on": desk.cycle.window_end, "reason": "Ikut pelan"}
    with acting(desk.reviewer):
        Target.objects.create(
            cycle=desk.cycle, indicator=desk.po, set_by=desk.reviewer, set_at=desk.now, **facts
        )


CHANGES: dict[str, Callable[[FigureDesk], object]] = {
    "another figure": lambda desk: make_figure(make_series(desk.ipo), 9, now=desk.now, **AUGUST),
    "a figure ends": _end_figure,
    "an agency's name": _rename_agency,
    "a definition": lambda desk: Indicator.objects.filter(pk=desk.po.pk).update(name_en="Other"),
    "a dimension": lambda desk: make_dimension("sector", ("farms",)),
    "the window of a cycle": lambda desk: Cycle.objects.update(interim_on=date(2023, 9, 2)),
    "a source, a check and an explanation": _explain,
    "a printed table": lambda desk: make_table(
        make_source(desk.cycle, now=desk.now, code="other"), [[Figure.objects.earliest("pk")]]
    ),
    "a target": _aim,
    "an item": lambda desk: IndicatorItem.objects.create(indicator=desk.po, item=make_item(desk.cycle)),
}


def test_whatever_changes_is_made_anew(desk: FigureDesk) -> None:
    made = Counter()
    for change, make in CHANGES.items():
        before = asked(made, desk.reviewer)
        assert asked(made, desk.reviewer) == before

        make(desk)

        assert [asked(made, desk.reviewer) for _time in range(2)] == [before + 1] * 2, change


def test_nothing_is_remembered_of_what_may_be_rolled_back(desk: FigureDesk) -> None:
    made = Counter()
    with transaction.atomic():
        make_figure(make_series(desk.ipo), 9, now=desk.now, **AUGUST)
        assert [asked(made, desk.reviewer) for _time in range(2)] == [1, 2]
        transaction.set_rollback(True)
    assert [asked(made, desk.reviewer) for _time in range(2)] == [3, 3]


def test_a_savepoint_takes_the_change_back_and_a_later_one_counts(desk: FigureDesk) -> None:
    before = RegisterChange.objects.count()
    with transaction.atomic():
        with transaction.atomic():
            make_figure(make_series(desk.po), 9, now=desk.now, **(AUGUST | {"kind": PeriodKind.QUARTER}))
            transaction.set_rollback(True)
        assert RegisterChange.objects.count() == before
        make_figure(make_series(desk.ipo), 9, now=desk.now, **AUGUST)
        make_figure(make_series(desk.ipo), 9, now=desk.now, **(AUGUST | {"kind": PeriodKind.QUARTER}))
    assert RegisterChange.objects.count() == before + 1


def test_a_deleted_cycle_is_a_change(desk: FigureDesk) -> None:
    """Its tables' triggers are off while it is deleted."""
    for action, added in (("cycle.closed", 0), ("cycle.deleted", 1)):
        before = RegisterChange.objects.count()
        with transaction.atomic():
            record(action=action, actor=desk.reviewer, obj=desk.cycle, now=desk.now)
        assert RegisterChange.objects.count() == before + added


def test_a_change_that_began_first_and_ends_last_counts(desk: FigureDesk) -> None:
    made = Counter()
    with transaction.atomic():
        make_figure(make_series(desk.po), 9, now=desk.now, **(AUGUST | {"kind": PeriodKind.QUARTER}))
        # On other connections: one changes something else and reads, and does not see what is not committed.
        at_once(partial(_rename_agency, desk))
        assert at_once(partial(asked, made, desk.reviewer)) == [1]
        assert at_once(partial(asked, made, desk.reviewer)) == [1]
    assert asked(made, desk.reviewer) == 2


def test_a_page_shows_what_was_accepted_since(desk: FigureDesk) -> None:
    reader = Visitor(desk.observer)
    for page in PAGES:
        assert "44" in text_of(reader.get(page)) and "6,745" not in text_of(reader.get(page))

    desk.accept(desk.send(desk.content("Dikira semula.", po="6745")))

    for page in PAGES:
        assert "6,745" in text_of(reader.get(page))


def test_a_second_reading_asks_the_register_for_its_version_alone(desk: FigureDesk) -> None:
    for page in PAGES:
        reader = Visitor(desk.observer)
        first = reader.get(page)
        with CaptureQueriesContext(connection) as queries:
            again = reader.get(page)
        assert text_of(again) == text_of(first)
        read = set().union(*(_tables_of(each["sql"]) for each in queries.captured_queries))
        assert {name for name in read if name.startswith("indicators_")} == {"indicators_registerchange"}


ADDRESSES = (
    "/figures/?agency=none-{}",
    "/figures/po/?by=none-{}",
    "/figures/none-{}/",
    "/figures/?unit=none-{}",
)


def test_no_address_of_free_text_takes_a_place_in_memory(
    desk: FigureDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is signed in may write any text into an address."""
    reader = Visitor(desk.observer)
    for address in ADDRESSES:
        forget_all()
        made = Counter()
        asked(made, desk.reviewer)
        reader.get(address.format("first"))
        asked(made, desk.reviewer)
        # There is room for what this address asks for, and for no more.
        most = len(remembered._PARTS._held)
        with monkeypatch.context() as narrow:
            narrow.setattr(remembered._PARTS, "_most", most)
            for number in range(most + 1):
                reader.get(address.format(number))

        assert asked(made, desk.reviewer) == 1, address


def test_each_reads_by_their_own_rights_and_in_their_own_language(desk: FigureDesk) -> None:
    Figure.objects.update(ended_at=desk.now)
    make_figure(make_series(desk.po), 3, now=desk.now, **AUGUST)
    people = (desk.reviewer, desk.officer, desk.observer, desk.outsider, desk.reviewer)
    for page, language, person in product(PAGES, ("en", "ms"), people):
        words = text_of(Visitor(person, language).get(page))
        assert ("< 5" in words) is (person in (desk.observer, desk.outsider))
        assert ("Indicator po" in words) is (language == "en") or page == PAGES[1]


def test_each_day_is_another_answer(desk: FigureDesk, clock: Clock) -> None:
    reader = Visitor(desk.observer)
    assert "44" in text_of(reader.get(PAGES[1]))
    later = clock.move_to(NOW + timedelta(days=3))
    Figure.objects.update(ended_at=later)
    make_figure(
        make_series(desk.po), 7351, now=later, replaces=Figure.objects.get(), reason="Semula", **AUGUST
    )

    assert "7,351" in text_of(reader.get(PAGES[1]))
    then = text_of(reader.get(PAGES[1], day=NOW.date().isoformat()))
    assert "44" in then and "7,351" not in then


def test_every_table_that_pages_of_figures_read_is_covered(desk: FigureDesk) -> None:
    _explain(desk)
    _aim(desk)
    women = make_series(desk.ipo, sex_age="women")
    make_figure(women, 3, now=desk.now, **AUGUST)
    source = make_source(desk.cycle, now=desk.now, code="other")
    printed = make_figure(make_series(desk.po), 40, now=desk.now, source=source, **AUGUST)
    make_table(source, [[printed]])
    make_check(source, [make_series(desk.po)], [make_series(desk.ipo)], kind=CheckKind.SUM)
    IndicatorItem.objects.create(indicator=desk.po, item=make_item(desk.cycle))
    read: set[str] = set()
    for page, day, person in product(
        (*PAGES, "/figures/ipo/"), ("", NOW.date().isoformat()), (desk.reviewer, desk.observer, desk.officer)
    ):
        forget_all()
        reader = Visitor(person)
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(page, day=day).status_code == 200
        # What every page shows around its content, the bell and what waits for MAPO, is asked anew each time.
        around = ("reminders_notice", "units_waiting")
        asked = [each["sql"] for each in queries.captured_queries if not any(map(each["sql"].count, around))]
        read |= set().union(*map(_tables_of, asked))
    covered = {
        name
        for (name,) in fetch_rows(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'register_change'", None
        )
    }
    assert read - BESIDE <= covered
    assert {
        "indicators_figure",
        "indicators_checkexplanation",
        "indicators_target",
        "accounts_agency",
    } <= read


def _tables_of(statement: str) -> set[str]:
    """The tables that a statement reads."""
    return set(re.findall(r'(?:FROM|JOIN)\s+"?((?:[a-z]+_)[a-z_]+)"?(?![a-z_(])', statement))


@pytest.mark.django_db
def test_who_sees_which_figure_is_asked_of_the_rights_alone() -> None:
    """Should one of these ask for more of its reader, `reading_rights` must hold it, else others read what was remembered."""
    agency = AgencyFactory()
    people = [UserFactory(role=role, agency=agency) for role in Role] + [UserFactory(role=Role.OFFICER)]
    for model in (Check, Figure, Indicator, PublishedTable, Source, Target):
        seen = {(reading_rights(person), sql_of(model.objects.visible_to(person))) for person in people}
        assert len(seen) == len(dict(seen)), model
    assert len({reading_rights(person) for person in people}) == 4
