"""Pace: against a plain oracle, in words, and as at any day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from math import ceil, floor
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cycles.services import CycleSettings, change_cycle
from indicators.models import Indicator, Target
from indicators.pace import Given, Pace, pace_of
from indicators.pace_words import pace_text
from indicators.queries.pace import TargetPanel, read_pace, read_target_panel
from indicators.services.revisions import revise_figure
from indicators.states import PeriodKind, Unit
from recommendations.working_days import is_working_day
from reminders.services.days_off import add_day_off
from tests.conftest import NOW, Clock
from tests.factories.indicators import make_dimension, make_figure, make_indicator, make_series, make_source
from tests.indicators.test_targets import aim
from tests.recommendations.conftest import Desk

FIRST, LAST = date(2023, 4, 1), date(2024, 3, 31)
TODAY = NOW.date()
#: The months of the window by first and last day, written down.
MONTHS = [
    *((date(2023, month, 1), date(2023, month, last)) for month, last in zip(range(4, 13), (30, 31, 30, 31, 31, 30, 31, 30, 31), strict=True)),
    *((date(2024, month, 1), date(2024, month, last)) for month, last in ((1, 31), (2, 29), (3, 31))),
]  # fmt: skip


def pace(*values: int, partial: tuple[int, ...] = (), **facts: Any) -> Pace:
    """The pace after April and the following months gave these."""
    months = [Given(*MONTHS[at], Decimal(value), is_partial=at in partial) for at, value in enumerate(values)]
    usual: dict[str, Any] = {"number": Decimal(40), "due_on": LAST, "day": TODAY, "first": FIRST}
    usual |= {"unit": Unit.ORDERS, "is_summed": True, "given": months}
    return pace_of(**(usual | facts))


def said(found: Pace, language: str = "en") -> str:
    with translation.override(language):
        return pace_text(found)


def test_the_sentence_of_the_issue() -> None:
    found = pace(3, 3, 2, 2, 2)
    assert said(found) == (
        "12 of 40. 28 left in 133 working days: 4 a month needed; the last 3 months reported gave 2 a month."
    )
    assert said(found, "ms") == (
        "12 daripada 40. 28 lagi dalam tempoh 133 hari bekerja: 4 sebulan diperlukan; 3 bulan terakhir yang "
        "dilaporkan memberikan 2 sebulan."
    )


def test_sums_in_words() -> None:
    for found, words in (
        (pace(day=date(2023, 4, 3)), "0 of 40. 40 left in 243 working days: 4 a month needed."),
        (
            pace(5, day=date(2023, 5, 2)),
            "5 of 40. 35 left in 225 working days: 4 a month needed; the last month reported gave 5.",
        ),
        (pace(20, 25), "Reached: 45 of 40. 3 months that are over are not reported in full."),
        (pace(*[4] * 12, day=date(2024, 4, 1)), "Reached: 48 of 40 by 31\u00a0March\u00a02024."),
        (pace(*[3] * 12, day=date(2024, 4, 1)), "Missed: 36 of 40 by 31\u00a0March\u00a02024."),
        (
            pace(*[3] * 11, day=date(2024, 4, 1)),
            "Missed: 33 of 40 by 31\u00a0March\u00a02024. 1 month that is over is not reported in full.",
        ),
        (
            pace(*[3] * 11, day=LAST),
            "33 of 40. 7 left on the last day; the last 3 months reported gave 3 a month.",
        ),
        (
            pace(1, 1, 1, 1, 1, 9, partial=(5,)),
            "14 of 40. 26 left in 133 working days: 4 a month needed; the last 3 months reported gave 1 a month.",
        ),
        (
            pace(2, 2, 2, 2, 1, due_on=date(2023, 9, 20)),
            "9 of 40. 31 left in 4 working days; the last 3 months reported gave 1.6 a month.",
        ),
    ):
        assert said(found) == words, words


def test_a_stock_is_never_summed() -> None:
    for found, words in (
        (pace(is_summed=False), "Nothing of this window was reported yet."),
        (pace(30, 36, is_summed=False), "36 on 31\u00a0May\u00a02023, below the target of 40."),
        (pace(44, 41, is_summed=False), "41 on 31\u00a0May\u00a02023: the target of 40 is reached."),
        (
            pace(44, 36, is_summed=False, day=date(2024, 4, 1)),
            "Missed: 36 on 31\u00a0May\u00a02023, below the target of 40.",
        ),
        (
            pace(3, 41, is_summed=False, day=date(2024, 4, 1)),
            "Reached: 41 on 31\u00a0May\u00a02023, with a target of 40.",
        ),
        (
            pace(30, unit=Unit.PERCENT, is_summed=False),
            "30% on 30\u00a0April\u00a02023, below the target of 40%.",
        ),
    ):
        assert said(found) == words, words


def test_money_is_written_as_money() -> None:
    words = said(pace(1000, number=Decimal("3500.50"), unit=Unit.RINGGIT))
    assert words.startswith("RM1,000.00 of RM3,500.50. RM2,500.50 left in 133 working days: RM358.00 a month")


def working_days(after: date, until: date) -> int:
    days = (after + timedelta(days=number) for number in range(1, (until - after).days + 1))
    return sum(is_working_day(each) for each in days)


# A busy machine is no fault of the count.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    values=st.lists(st.none() | st.tuples(st.integers(0, 30), st.booleans()), max_size=12),
    number=st.integers(1, 200),
    day=st.dates(date(2023, 3, 1), date(2024, 5, 1)),
    due_on=st.dates(FIRST, LAST),
)
def test_pace_is_what_a_plain_count_gives(
    values: list[tuple[int, bool] | None], number: int, day: date, due_on: date
) -> None:
    months = [
        Given(*MONTHS[at], Decimal(value[0]), is_partial=value[1])
        for at, value in enumerate(values)
        if value is not None
    ]
    found = pace(number=Decimal(number), day=day, due_on=due_on, given=months)
    done, whole, ahead, missing = 0, [], 0, 0
    for at, (begins, ends) in enumerate(MONTHS):
        if ends > due_on:
            continue
        value = values[at] if at < len(values) else None
        is_whole = value is not None and not value[1]
        done += value[0] if value is not None else 0
        whole += [value[0]] if value is not None and is_whole else []
        ahead += not is_whole and day <= ends
        missing += not is_whole and day > ends
        assert begins.day == 1
    left = max(0, number - done)
    assert (found.done, found.left, found.missing_count) == (done, left, missing)
    is_needed = left > 0 and ahead > 0 and day <= due_on
    assert found.needed == (ceil(left / ahead) if is_needed else None)
    if found.needed is not None:
        assert found.needed * ahead >= left > (found.needed - 1) * ahead, "the least whole number that does"
    recent = whole[-3:]
    assert found.recent_count == len(recent)
    average = Decimal(floor(10 * sum(recent) / len(recent))) / 10 if recent else None
    assert found.average == average
    assert found.working_days_left == working_days(max(day, FIRST - timedelta(days=1)), due_on)
    for language in ("en", "ms"):
        assert said(found, language).endswith(".")


pytest_db = pytest.mark.django_db


def report(indicator: Indicator, desk: Desk, at: int, number: int, **values: Any) -> Any:
    begins_on, ends_on = MONTHS[at]
    usual: dict[str, Any] = {"begins_on": begins_on, "ends_on": ends_on, "kind": PeriodKind.MONTH}
    return make_figure(make_series(indicator), number, **(usual | {"now": desk.now} | values))


def read(target: Target, desk: Desk, *, day: date = TODAY, is_past: bool = False) -> Pace:
    target.cycle = desk.cycle
    return read_pace(target, target.indicator, day=day, is_past=is_past)


@pytest_db
def test_only_reported_months_of_the_window_count(desk: Desk) -> None:
    indicator = make_indicator("ipo", agency=desk.agency, dimensions=(make_dimension(),))
    target = aim(desk, indicator)
    report(indicator, desk, 0, 12)
    source = make_source(desk.cycle, now=desk.now)
    report(indicator, desk, 1, 100, source=source)
    report(indicator, desk, 2, 100, kind=PeriodKind.QUARTER)
    report(indicator, desk, 3, 100, begins_on=date(2023, 3, 1), ends_on=date(2023, 3, 31))
    women = make_series(indicator, sex_age="women")
    days: dict[str, Any] = {"begins_on": MONTHS[0][0], "ends_on": MONTHS[0][1], "kind": PeriodKind.MONTH}
    make_figure(women, 7, now=desk.now, **days)
    report(make_indicator("other"), desk, 0, 100)
    assert read(target, desk).done == 12


@pytest_db
def test_a_past_day_has_the_figures_and_the_window_of_then(
    desk: Desk, indicator: Indicator, clock: Clock
) -> None:
    target, figure = aim(desk, indicator), report(indicator, desk, 0, 12)
    later = clock.move_to(desk.now + timedelta(days=7))
    about: dict[str, Any] = {"actor": desk.administrator, "now": later}
    revise_figure(figure, text="20", reason="Dikira semula", **about)
    report(indicator, desk, 1, 5, now=later)
    add_day_off(day=date(2023, 10, 2), place="", name="Cuti khas", **about)
    today, then = read(target, desk, day=later.date()), read(target, desk, is_past=True)
    assert (today.done, then.done) == (25, 12)
    assert today.working_days_left == working_days(later.date(), LAST) - 1
    assert then.working_days_left == 133
    held = CycleSettings.of(desk.cycle)
    shorter = replace(held, window_end=date(2024, 2, 29))
    change_cycle(desk.cycle, wanted=shorter, seen=held.mark, reason="Surat", **about)
    desk.cycle.refresh_from_db()
    assert read(target, desk, day=later.date()).due_on == date(2024, 2, 29)
    assert read(target, desk, is_past=True).due_on == LAST


def panel(desk: Desk, indicator: Indicator, who: str) -> TargetPanel:
    with translation.override("en"):
        return read_target_panel(indicator, desk.cycle, person=getattr(desk, who), day=TODAY)


@pytest_db
def test_agency_and_mapo_read_reason_and_pace_and_others_the_number_alone(
    desk: Desk, indicator: Indicator
) -> None:
    aim(desk, indicator)
    for who in ("officer", "coordinator", "reviewer", "administrator"):
        found = panel(desk, indicator, who)
        assert (found.number_text, found.reason) == ("40", "Cadangan KDN"), who
        assert found.pace_text.startswith("0 of 40.") and found.percent == 0, who
    for who in ("outsider", "observer"):
        found = panel(desk, indicator, who)
        assert (found.number_text, found.reason, found.pace_text, found.percent) == ("40", "", "", None), who


@pytest_db
def test_the_page_of_an_indicator_shows_the_target_and_to_some_the_pace(
    desk: Desk, indicator: Indicator, client: Client, clock: Clock
) -> None:
    aim(desk, indicator, 40, reason="Cadangan yang jelas")
    aim(desk, indicator, 50, now=clock.move_to(desk.now + timedelta(days=2)), reason="Cadangan lain")
    for who, sees in (("officer", True), ("reviewer", True), ("outsider", False), ("observer", False)):
        person = getattr(desk, who)
        person.language = "en"
        person.save(update_fields=["language"])
        client.force_login(person)
        today, then = (client.get(f"/figures/ipo/{day}").content.decode() for day in ("", f"?day={TODAY}"))
        assert "50 by" in today and "40 by" in then, (who, sees)
        assert ("0 of 50." in today) == ("Cadangan lain" in today) == sees, (who, sees)
        assert ("0 of 40." in then) == ("Cadangan yang jelas" in then) == sees, (who, sees)
        assert ("Change the target" in today) == (who == "reviewer") and "Change the target" not in then, (
            who,
            sees,
        )


@pytest_db
def test_without_a_target_mapo_alone_is_offered_to_set_one(desk: Desk, indicator: Indicator) -> None:
    shown = {who: panel(desk, indicator, who).is_shown for who in ("officer", "observer", "reviewer")}
    assert shown == {"officer": False, "observer": False, "reviewer": True}


@pytest_db
def test_pages_take_as_many_queries_for_one_indicator_as_for_many(
    desk: Desk, indicator: Indicator, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(desk.reviewer)
    aim(desk, indicator)
    for number in range(12):
        report(indicator, desk, number, number)
        aim(desk, make_indicator(f"other{number}", agency=desk.agency))
    for address in ("/figures/indicators/", "/figures/indicators/ipo/"):
        with django_assert_max_num_queries(18):
            assert client.get(address).status_code == 200
