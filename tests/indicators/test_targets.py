"""Targets and revisions: who may, what is refused, what stands, and what the database keeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from audit.clock import end_of_day
from audit.errors import BadValue, NotAllowed, NotNow
from audit.models import Event
from cycles.services import close_cycle
from indicators.models import Figure, Indicator, Target
from indicators.services.revisions import revise_figure
from indicators.services.targets import end_target, set_target
from indicators.states import PeriodKind, Unit
from privacy.checks import IdentitiesFound
from recommendations.errors import CYCLE_CLOSED
from tests.conftest import Clock
from tests.factories.indicators import make_figure, make_indicator, make_series, make_source
from tests.recommendations.conftest import Desk

pytestmark = pytest.mark.django_db

END = date(2024, 3, 31)


def aim(desk: Desk, indicator: Indicator, number: object = 40, **values: Any) -> Target:
    usual: dict[str, Any] = {"due_on": END, "reason": "Cadangan KDN", "actor": desk.reviewer, "now": desk.now}
    return set_target(indicator, desk.cycle, number=Decimal(str(number)), **(usual | values))


def reported(desk: Desk, indicator: Indicator, number: int = 12, **values: Any) -> Figure:
    days: dict[str, Any] = {"begins_on": date(2023, 8, 1), "ends_on": date(2023, 8, 31)}
    return make_figure(make_series(indicator), number, kind=PeriodKind.MONTH, now=desk.now, **(days | values))


def revise(desk: Desk, figure: Figure, text: str = "13", **values: Any) -> Figure:
    usual: dict[str, Any] = {"reason": "Dikira semula", "actor": desk.reviewer, "now": desk.now}
    return revise_figure(figure, text=text, **(usual | values))


def test_a_target_is_set_once_with_one_event(desk: Desk, indicator: Indicator) -> None:
    target = aim(desk, indicator)
    assert list(Target.objects.standing()) == [target]
    event = Event.objects.get(action__startswith="target.")
    assert (event.action, event.label, event.agency_id) == ("target.set", "ipo · 2023", desk.agency.pk)
    assert event.after is not None and event.after["target_number"] == "40"
    assert aim(desk, indicator, "40.00") == target
    assert Event.objects.filter(action__startswith="target.").count() == 1


def test_another_target_replaces_the_one_that_stands(desk: Desk, indicator: Indicator) -> None:
    first = aim(desk, indicator)
    second = aim(desk, indicator, 50, reason="Permintaan MAPO")
    first.refresh_from_db()
    assert second.replaces == first and first.ended_by == desk.reviewer
    assert first.ended_reason == "Permintaan MAPO"
    assert list(Target.objects.standing()) == [second]
    assert Event.objects.filter(action="target.replaced").count() == 1


def test_a_target_is_ended_once_with_a_reason(desk: Desk, indicator: Indicator) -> None:
    target = aim(desk, indicator)
    about: dict[str, Any] = {"actor": desk.administrator, "now": desk.now}
    for _turn in range(2):
        end_target(target, reason="Tidak lagi diperlukan", **about)
    assert not Target.objects.standing().exists()
    assert Event.objects.filter(action="target.ended").count() == 1


def test_a_past_day_keeps_its_target(desk: Desk, indicator: Indicator, clock: Clock) -> None:
    first = aim(desk, indicator)
    later = clock.move_to(desk.now + timedelta(days=2))
    second = aim(desk, indicator, 50, now=later)
    assert list(Target.objects.as_at(end_of_day(desk.now.date()))) == [first]
    assert list(Target.objects.as_at(end_of_day(later.date()))) == [second]
    assert not Target.objects.as_at(end_of_day(desk.now.date() - timedelta(days=1))).exists()


@pytest.mark.parametrize("who", ["officer", "coordinator", "observer", "outsider"])
def test_mapo_alone_sets_targets_and_revises(desk: Desk, indicator: Indicator, who: str) -> None:
    actor, target, figure = getattr(desk, who), aim(desk, indicator), reported(desk, indicator)
    acts: list[Callable[[], object]] = [
        lambda: aim(desk, indicator, 50, actor=actor),
        lambda: end_target(target, reason="x", actor=actor, now=desk.now),
        lambda: revise(desk, figure, actor=actor),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_numbers_that_are_no_target_and_money_has_sen(desk: Desk, indicator: Indicator) -> None:
    for number in (0, -5, "2.5"):
        with pytest.raises(BadValue) as refused:
            aim(desk, indicator, number)
        assert refused.value.field == "number", number
    assert aim(desk, make_indicator("money", unit=Unit.RINGGIT), "2.5").number == Decimal("2.50")


def test_days_that_are_no_targets_day_and_today_is(desk: Desk, indicator: Indicator) -> None:
    for due_on in (date(2023, 9, 13), date(2023, 3, 31), date(2024, 4, 1)):
        with pytest.raises(BadValue) as refused:
            aim(desk, indicator, due_on=due_on)
        assert refused.value.field == "due_on", due_on
    assert aim(desk, indicator, due_on=desk.now.date())


def test_reasons_are_needed_and_name_nobody(desk: Desk, indicator: Indicator) -> None:
    target, figure = aim(desk, indicator), reported(desk, indicator)
    about: dict[str, Any] = {"actor": desk.reviewer, "now": desk.now}
    for reason, refusal in (("\u200b", NotNow), ("Mangsa 900101-14-5678", IdentitiesFound)):
        with pytest.raises(refusal):
            aim(desk, indicator, 50, reason=reason)
        with pytest.raises(refusal):
            end_target(target, reason=reason, **about)
        with pytest.raises(refusal):
            revise(desk, figure, reason=reason)


def test_a_closed_cycle_takes_no_target_and_no_revision(desk: Desk, indicator: Indicator) -> None:
    target, figure = aim(desk, indicator), reported(desk, indicator)
    close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=desk.now)
    acts: list[Callable[[], object]] = [
        lambda: aim(desk, indicator, 50),
        lambda: end_target(target, reason="x", actor=desk.reviewer, now=desk.now),
        lambda: revise(desk, figure),
    ]
    for act in acts:
        with pytest.raises(NotNow, match=str(CYCLE_CLOSED)):
            act()


def test_the_database_keeps_targets(desk: Desk, indicator: Indicator) -> None:
    target = aim(desk, indicator)
    rows = Target.objects.filter(pk=target.pk)
    about: dict[str, Any] = {"indicator": indicator, "cycle": desk.cycle, "set_by": desk.reviewer}
    writes: list[Callable[[], object]] = [
        lambda: rows.update(number=50),
        lambda: rows.update(reason="Lain"),
        lambda: rows.delete(),
        lambda: rows.update(ended_at=desk.now),
        lambda: rows.update(ended_at=desk.now, ended_by=desk.reviewer),
        lambda: Target.objects.create(**about, number=50, due_on=END, reason="Dua", set_at=desk.now),
    ]
    for write in writes:
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            write()
    end_target(target, reason="Tamat", actor=desk.reviewer, now=desk.now)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(ended_reason="Lain")


def test_a_revision_replaces_and_the_past_answers(desk: Desk, indicator: Indicator, clock: Clock) -> None:
    figure = reported(desk, indicator)
    later = clock.move_to(desk.now + timedelta(days=2))
    revised = revise(desk, figure, " 1,300 ", now=later)
    assert (revised.text, revised.value, revised.reason) == ("1,300", 1300, "Dikira semula")
    assert (revised.begins_on, revised.period_kind) == (figure.begins_on, PeriodKind.MONTH)
    assert list(Figure.objects.standing()) == [revised]
    assert list(Figure.objects.as_at(end_of_day(desk.now.date()))) == [figure]
    event = Event.objects.get(action="figure.revised")
    assert (event.before, event.after) == ({"figure_text": "12"}, {"figure_text": "1,300"})


def test_the_same_number_revises_nothing(desk: Desk, indicator: Indicator) -> None:
    figure = reported(desk, indicator)
    assert revise(desk, figure, "12.0") == figure
    assert not Event.objects.filter(action="figure.revised").exists()


@pytest.mark.parametrize("text", ["", "-1", "2.5", "dua"])
def test_a_revision_needs_a_number(desk: Desk, indicator: Indicator, text: str) -> None:
    with pytest.raises(BadValue) as refused:
        revise(desk, reported(desk, indicator), text)
    assert refused.value.field == "text"


def test_what_a_source_printed_is_never_revised(desk: Desk, indicator: Indicator) -> None:
    figure = reported(desk, indicator, source=make_source(desk.cycle, now=desk.now))
    with pytest.raises(NotNow, match="Hanya cetakan yang kemudian"):
        revise(desk, figure)


def test_nobody_revises_their_own_agencys_figures(desk: Desk) -> None:
    figure = reported(desk, make_indicator("secretariat", agency=desk.reviewer.agency))
    with pytest.raises(NotAllowed):
        revise(desk, figure)


def test_what_was_replaced_is_not_revised_again(desk: Desk, indicator: Indicator) -> None:
    figure = reported(desk, indicator)
    revise(desk, figure)
    with pytest.raises(NotNow, match="telah diganti"):
        revise(desk, figure, "14")
