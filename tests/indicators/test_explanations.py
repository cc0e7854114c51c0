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


def test_mapo_explains_everybody_reads_it_and_the_same_again_changes_nothing(
    desk: Desk, printed: Printed
) -> None:
    before = list(Figure.objects.order_by("pk").values())
    explain(desk, printed)
    assert list(Figure.objects.order_by("pk").values()) == before
    assert stands_on(desk) == [(WORDS, desk.reviewer.name)]
    assert stands_on(desk, "observer") == [(WORDS, "")]
    event = Event.objects.get(action="check.explained")
    assert event.after["text"]["length"] == len(WORDS)
    assert WORDS not in str(event.after)
    assert explain(desk, printed, f"  {WORDS}\n") == CheckExplanation.objects.get()
    assert Event.objects.filter(action="check.explained").count() == 1


def test_nobody_else_explains_nor_mapo_without_words_or_what_is_not_wrong(
    desk: Desk, printed: Printed
) -> None:
    for who in ("officer", "coordinator", "outsider", "observer"):
        with pytest.raises(NotAllowed):
            explain(desk, printed, who=who)
    assert not CheckExplanation.objects.exists()
    for days in (
        (date(2021, 1, 1), date(2021, 12, 31)),
        (date(2019, 1, 1), date(2019, 12, 31)),
        (None, None),
    ):
        with pytest.raises(NotNow):
            explain(desk, printed, days=days)
    for text in ("", "  ", "\u200b"):
        with pytest.raises(NotNow):
            explain(desk, printed, text)


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


def test_what_cannot_be_judged_is_explained_without_days(desk: Desk, printed: Printed) -> None:
    about = {"actor": desk.reviewer, "now": desk.now}
    given = explain_check(printed.bases, text=WORDS, **about)
    assert given.begins_on is None
    assert [row.is_explained for row in judge_cycle(desk.cycle, user=desk.officer).unjudged] == [True]


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

    def test_it_can_be_explained_again_and_its_reason_is_never_changed(
        self, desk: Desk, printed: Printed
    ) -> None:
        explain(desk, printed)
        given = withdraw(desk, printed)
        explain(desk, printed)
        assert stands_on(desk) == [(WORDS, desk.reviewer.name)]
        with pytest.raises(DatabaseError), transaction.atomic():
            CheckExplanation.objects.filter(pk=given.pk).update(ended_reason="Lain.")

    def test_nobody_else_withdraws_nor_mapo_twice_or_without_a_good_reason(
        self, desk: Desk, printed: Printed
    ) -> None:
        explain(desk, printed)
        for who in ("officer", "coordinator", "outsider", "observer"):
            with pytest.raises(NotAllowed):
                withdraw(desk, printed, who=who)
        with pytest.raises(IdentitiesFound):
            withdraw(desk, printed, reason="Nombor 880101-14-5566.")
        with pytest.raises(NotNow):
            withdraw(desk, printed, reason=" ")
        withdraw(desk, printed)
        with pytest.raises(NotNow):
            withdraw(desk, printed)

    def test_a_closed_cycle_takes_none(self, desk: Desk, printed: Printed) -> None:
        explain(desk, printed)
        Cycle.objects.filter(pk=desk.cycle.pk).update(closed_at=desk.now)
        with pytest.raises(NotNow):
            withdraw(desk, printed)


class TestWhatSomebodyElseWroteMeanwhile:
    def test_it_is_not_replaced(self, desk: Desk, printed: Printed) -> None:
        given = explain(desk, printed)
        for seen in ("", "0", "x"):
            with pytest.raises(Stale) as refused:
                explain(desk, printed, "Lain.", who="administrator", seen=seen)
            assert refused.value.current == given, seen
            assert stands_on(desk) == [(WORDS, desk.reviewer.name)], seen

    def test_what_was_withdrawn_is_not_replaced(self, desk: Desk, printed: Printed) -> None:
        given = explain(desk, printed)
        withdraw(desk, printed, who="administrator")
        with pytest.raises(Stale) as refused:
            explain(desk, printed, "Lain.", seen=str(given.pk))
        assert refused.value.current is None
        assert stands_on(desk) == []
