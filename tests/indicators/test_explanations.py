"""MAPO's words on a check: who may write them, on what, and what becomes of the ones before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from audit.errors import NotAllowed, NotNow, Stale
from audit.models import Event
from indicators.models import CheckExplanation, Figure
from indicators.queries.checks import judge_cycle
from indicators.services.explanations import explain_check, withdraw_explanation
from privacy.checks import IdentitiesFound
from recommendations.models import Cycle
from tests.indicators.checked import EXPLAINED, Printed, desk, printed
from tests.recommendations.conftest import Desk
from tests.shared import Clock

__all__ = ["desk", "printed"]
pytestmark = pytest.mark.django_db

WORDS = "Seorang wanita dikira dua kali dalam jumlah."


def explain(
    desk: Desk, printed: Printed, text: str = WORDS, who: str = "reviewer", **values: object
) -> CheckExplanation:
    about = {"days": EXPLAINED, "actor": getattr(desk, who), "now": desk.now} | values
    return explain_check(printed.sums, text=text, **about)


def stands_on(desk: Desk, who: str = "reviewer", **asked: object) -> list[tuple[str, str]]:
    """Text and giver of what stands beside failures."""
    failing = judge_cycle(desk.cycle, user=getattr(desk, who), **asked).failing
    return [(row.explanation.text, row.explanation.given_by) for row in failing if row.explanation]


@pytest.mark.parametrize("who", ["reviewer", "administrator"])
def test_mapo_explains_and_everybody_reads_it(desk: Desk, printed: Printed, who: str) -> None:
    explain(desk, printed, who=who)
    assert stands_on(desk) == [(WORDS, getattr(desk, who).name)]
    assert stands_on(desk, "observer") == [(WORDS, "")]
    assert printed.figure("", 2022).value == 81


@pytest.mark.parametrize("who", ["officer", "coordinator", "outsider", "observer"])
def test_nobody_else_does(desk: Desk, printed: Printed, who: str) -> None:
    with pytest.raises(NotAllowed):
        explain(desk, printed, who=who)
    assert not CheckExplanation.objects.exists()


def test_one_event_holds_the_digest_alone(desk: Desk, printed: Printed) -> None:
    explain(desk, printed)
    event = Event.objects.get(action="check.explained")
    assert event.after["text"]["length"] == len(WORDS)
    assert WORDS not in str(event.after)


def test_the_words_before_are_replaced_and_kept_and_answer_for_their_day(
    desk: Desk, printed: Printed, clock: Clock
) -> None:
    first = explain(desk, printed)
    later = clock.move_to(desk.now + timedelta(days=2))
    second = explain(
        desk,
        printed,
        "Jumlah disalin daripada senarai lain.",
        who="administrator",
        now=later,
        seen=str(first.pk),
    )
    first.refresh_from_db()
    assert (first.ended_at, first.ended_by) == (later, desk.administrator)
    assert [text for text, _who in stands_on(desk)] == [second.text]
    assert [text for text, _who in stands_on(desk, before=later)] == [WORDS]
    assert stands_on(desk, before=desk.now) == []


def test_the_same_words_again_change_nothing(desk: Desk, printed: Printed) -> None:
    assert explain(desk, printed) == explain(desk, printed, f"  {WORDS}\n")
    assert Event.objects.filter(action="check.explained").count() == 1


def test_what_cannot_be_judged_is_explained_without_days(desk: Desk, printed: Printed) -> None:
    about = {"actor": desk.reviewer, "now": desk.now}
    given = explain_check(printed.bases, text=WORDS, **about)
    assert given.begins_on is None
    assert [row.is_explained for row in judge_cycle(desk.cycle, user=desk.officer).unjudged] == [True]


@pytest.mark.parametrize(
    "days", [(date(2021, 1, 1), date(2021, 12, 31)), (date(2019, 1, 1), date(2019, 12, 31)), (None, None)]
)
def test_what_holds_and_what_is_not_there_is_not_explained(
    desk: Desk, printed: Printed, days: tuple[date | None, date | None]
) -> None:
    with pytest.raises(NotNow):
        explain(desk, printed, days=days)


@pytest.mark.parametrize("text", ["", "  ", "\u200b"])
def test_nothing_is_no_explanation(desk: Desk, printed: Printed, text: str) -> None:
    with pytest.raises(NotNow):
        explain(desk, printed, text)


def test_a_closed_cycle_takes_none(desk: Desk, printed: Printed) -> None:
    Cycle.objects.filter(pk=desk.cycle.pk).update(closed_at=desk.now)
    with pytest.raises(NotNow):
        explain(desk, printed)


def test_words_that_identify_a_person_need_a_reason(desk: Desk, printed: Printed) -> None:
    text = "Mangsa dengan nombor 880101-14-5566 dikira dua kali."
    with pytest.raises(IdentitiesFound):
        explain(desk, printed, text)
    assert not CheckExplanation.objects.exists()
    explain(desk, printed, text, identities_reason="Nombor contoh dalam borang.")
    assert Event.objects.get(action="check.explained").reason == "Nombor contoh dalam borang."


def withdraw(desk: Desk, printed: Printed, who: str = "reviewer", **values: object) -> CheckExplanation:
    standing = CheckExplanation.objects.standing().first()
    about = {"days": EXPLAINED, "reason": "Tersilap baca.", "actor": getattr(desk, who), "now": desk.now}
    about["seen"] = str(standing.pk) if standing else ""
    return withdraw_explanation(printed.sums, **(about | values))


class TestWithdrawing:
    def test_it_stands_no_longer_and_past_days_keep_it(
        self, desk: Desk, printed: Printed, clock: Clock
    ) -> None:
        explain(desk, printed)
        later = clock.move_to(desk.now + timedelta(days=2))
        given = withdraw(desk, printed, who="administrator", now=later)
        assert (given.ended_by, given.ended_at, given.ended_reason) == (
            desk.administrator,
            later,
            "Tersilap baca.",
        )
        assert stands_on(desk) == []
        assert [text for text, _who in stands_on(desk, before=later)] == [WORDS]
        event = Event.objects.get(action="check.explanation_withdrawn")
        assert event.reason == "Tersilap baca." and WORDS not in str(event.before)

    def test_it_can_be_explained_again(self, desk: Desk, printed: Printed) -> None:
        explain(desk, printed)
        withdraw(desk, printed)
        explain(desk, printed)
        assert stands_on(desk) == [(WORDS, desk.reviewer.name)]

    @pytest.mark.parametrize("who", ["officer", "coordinator", "outsider", "observer"])
    def test_nobody_else_does(self, desk: Desk, printed: Printed, who: str) -> None:
        explain(desk, printed)
        with pytest.raises(NotAllowed):
            withdraw(desk, printed, who=who)

    def test_nothing_is_withdrawn_twice_or_without_a_reason(self, desk: Desk, printed: Printed) -> None:
        explain(desk, printed)
        with pytest.raises(NotNow):
            withdraw(desk, printed, reason=" ")
        withdraw(desk, printed)
        with pytest.raises(NotNow):
            withdraw(desk, printed)

    def test_reason_that_identifies_a_person_is_asked_about(self, desk: Desk, printed: Printed) -> None:
        explain(desk, printed)
        with pytest.raises(IdentitiesFound):
            withdraw(desk, printed, reason="Nombor 880101-14-5566.")

    def test_a_closed_cycle_takes_none(self, desk: Desk, printed: Printed) -> None:
        explain(desk, printed)
        Cycle.objects.filter(pk=desk.cycle.pk).update(closed_at=desk.now)
        with pytest.raises(NotNow):
            withdraw(desk, printed)

    def test_the_reason_is_never_changed(self, desk: Desk, printed: Printed) -> None:
        explain(desk, printed)
        given = withdraw(desk, printed)
        with pytest.raises(DatabaseError), transaction.atomic():
            CheckExplanation.objects.filter(pk=given.pk).update(ended_reason="Lain.")


class TestWhatSomebodyElseWroteMeanwhile:
    @pytest.mark.parametrize("seen", ["", "0", "x"])
    def test_it_is_not_replaced(self, desk: Desk, printed: Printed, seen: str) -> None:
        given = explain(desk, printed)
        with pytest.raises(Stale) as refused:
            explain(desk, printed, "Lain.", who="administrator", seen=seen)
        assert refused.value.current == given
        assert stands_on(desk) == [(WORDS, desk.reviewer.name)]

    def test_it_is_not_withdrawn(self, desk: Desk, printed: Printed) -> None:
        first = explain(desk, printed)
        second = explain(desk, printed, "Lain.", who="administrator", seen=str(first.pk))
        with pytest.raises(Stale) as refused:
            withdraw(desk, printed, seen=str(first.pk))
        assert refused.value.current == second
        assert stands_on(desk) == [("Lain.", desk.administrator.name)]

    def test_what_was_withdrawn_is_not_replaced(self, desk: Desk, printed: Printed) -> None:
        given = explain(desk, printed)
        withdraw(desk, printed, who="administrator")
        with pytest.raises(Stale) as refused:
            explain(desk, printed, "Lain.", seen=str(given.pk))
        assert refused.value.current is None
        assert stands_on(desk) == []


def test_no_figure_changes(desk: Desk, printed: Printed) -> None:
    before = list(Figure.objects.order_by("pk").values())
    explain(desk, printed)
    assert list(Figure.objects.order_by("pk").values()) == before
