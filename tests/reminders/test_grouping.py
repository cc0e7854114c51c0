"""What is grouped in one entry: what one act deals with, what an agency leaves to MAPO, and a long queue."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from reminders.kinds import ReminderKind
from reminders.messages.details import ReminderDetails
from reminders.messages.grouping import MIN_IN_QUEUE, TextGroup, group_reminders
from tests.reminders.test_wording import ENGLISH, TODAY, details, for_mapo
from tests.reminders.test_wording import MAPO_KINDS as WAITING


def draw(*given: ReminderDetails, language: str = "en") -> list[TextGroup]:
    with translation.override(language):
        return group_reminders(given, today=TODAY)


def about(
    number: int, what: str = ReminderKind.UPDATE_DUE, *, days: int = -5, **values: Any
) -> ReminderDetails:
    """The same about another recommendation."""
    return details(
        what, days=days, **({"assignment_id": number, "item_id": number, "number": number} | values)
    )


def late(*numbers: int, code: str = "JIM", **values: Any) -> list[ReminderDetails]:
    """What comes to MAPO of an agency: an item each, the first of them late by five days, the next by six."""
    return [
        for_mapo(about(number, days=-5 - place), agency_code=code, **values)
        for place, number in enumerate(numbers)
    ]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


class TestOneCure:
    def test_what_one_act_mends_is_said_once(self) -> None:
        update = {"update_id": 3, "is_update_editable": True}
        (one,) = draw(
            details(ReminderKind.RETURNED, days=-4, **update),
            details(ReminderKind.RESUBMIT_DUE, days=5, **update),
        )
        assert one.text.task == "Correct the returned update on Recommendation 4 and send it again"
        assert plain(one.text.also) == "Returned update to be sent again: 19 September 2023"
        assert one.positions == (0, 1)
        nudge = details(ReminderKind.NUDGE, days=0, nudge_line="Sila lapor hari ini.")
        (one,) = draw(nudge, details(ReminderKind.UPDATE_DUE, days=-12))
        assert one.text.task == "Report on Recommendation 4"
        assert one.text.nudge_line == "Sila lapor hari ini."
        assert plain(one.text.also) == "Nudge from MAPO: 14 September 2023"
        (one,) = draw(*(details(ReminderKind.NUDGE, days=0, nudge_line=text) for text in ("Satu.", "Dua.")))
        assert one.text.nudge_line == "Satu. · Dua."
        (one,) = draw(details(ReminderKind.UPDATE_DUE, days=-2), details(ReminderKind.FINAL_DUE, days=-2))
        assert one.text.also == ""
        escalated = details(ReminderKind.FINAL_DUE, days=-1, step="coordinator", is_escalation=True)
        (one,) = draw(details(ReminderKind.UPDATE_DUE, days=-2, step="coordinator"), escalated)
        assert one.text.task.startswith("Report on")
        assert (one.text.is_escalation, one.text.why) == (
            True,
            "Escalated to you because nobody has acted on it.",
        )

    def test_what_is_mended_apart_stays_apart(self) -> None:
        for pair in (
            (about(1), about(2)),
            (about(1), about(1, ReminderKind.ACTION_DUE)),
            (details(ReminderKind.INTERIM), details(ReminderKind.WINDOW_END)),
            (details(ReminderKind.REQUEST_WAITING), details(ReminderKind.REQUEST_WAITING)),
        ):
            assert len(draw(*pair)) == 2, pair
        lot = {"opening_id": 5, "update_id": 3}
        assert (
            len(draw(about(1, ReminderKind.FINAL_DUE, **lot), about(2, ReminderKind.FINAL_DUE, **lot))) == 2
        )


class TestAgencies:
    def test_agency_is_one_line(self) -> None:
        (one,) = draw(*late(1, 2, 3))
        assert plain(one.text.sentence) == "JIM: 3 matters late, the oldest 7 days"
        assert one.text.path == "/assignments/?tab=confirmed&late=1&agency=JIM&cycle=2023"
        assert one.text.why == "Escalated to MAPO because nobody at JIM has acted on them."
        assert (one.text.tone, one.text.is_escalation, one.text.is_late) == ("danger", True, True)
        assert one.text.title == "Recommendation 1, Recommendation 2, Recommendation 3"
        assert sorted(one.positions) == [0, 1, 2]
        assert [part.item_label for part in one.text.parts] == [f"Recommendation {n}" for n in (3, 2, 1)]
        both = [for_mapo(about(1, what)) for what in (ReminderKind.UPDATE_DUE, ReminderKind.FINAL_DUE)]
        (one,) = draw(*both)
        assert one.text.task == "PDRM has not reported on Recommendation 1"
        (one,) = draw(*late(1, 2), for_mapo(about(3, ReminderKind.RETURNED), agency_code="JIM"))
        assert plain(one.text.sentence) == "JIM: 3 matters, 2 of them late, the oldest 6 days"
        (one,) = draw(*late(1, 2), *late(3, is_escalation=False))
        assert one.text.why == "They come to MAPO because nobody at JIM has acted or can act."

    def test_it_is_as_urgent_as_its_most_urgent(self) -> None:
        found = draw(*late(1, 2), *late(3, code="KDN", due_on=date(2023, 9, 1)), *late(4, 5, 6, code="AGC"))
        assert [each.text.task[:3] for each in found] == ["KDN", "AGC", "JIM"]
        assert found[0].text.parts == ()

    @pytest.mark.parametrize(
        ("days", "when"),
        [(-2, "the oldest since 12 September 2023"), (3, "the first in 3 days, on 17 September 2023")],
    )
    def test_nothing_late(self, days: int, when: str) -> None:
        what = ReminderKind.RETURNED if days < 0 else ReminderKind.UPDATE_DUE
        gaps = [for_mapo(about(n, what, days=days), is_escalation=False) for n in (1, 2)]
        (one,) = draw(*gaps)
        assert (one.text.task, plain(one.text.when)) == ("PDRM: 2 matters still to be done", when)
        assert one.text.why == "Nobody at PDRM can act, so it comes to MAPO."
        assert "late=1" not in one.text.path

    def test_years_and_people_of_an_agency_stay_apart(self) -> None:
        steps = [for_mapo(about(n, ReminderKind.ACTION_DUE)) for n in (1, 2)]
        assert "late=1" not in draw(*steps)[0].text.path
        found = draw(*late(1, 2), *late(3, 4, year=2024))
        assert ["cycle=2024" in each.text.path for each in found].count(True) == 1
        assert len(draw(*(about(n, step="coordinator", is_escalation=True) for n in range(9)))) == 9


class TestQueue:
    def test_long_queue_is_one_line_and_a_short_one_stays_as_it_is(self) -> None:
        for what, sentence, path in (
            (
                ReminderKind.REVIEW_WAITING,
                "6 updates wait for a decision, the oldest since 9 September 2023",
                "/reviews/",
            ),
            (
                ReminderKind.REQUEST_WAITING,
                "6 requests wait for an answer, the oldest since 9 September 2023",
                "/assignments/?tab=requests&cycle=2023",
            ),
        ):
            waiting = [about(n, what, days=-n, update_id=n) for n in range(MIN_IN_QUEUE)]
            (one,) = draw(*waiting)
            assert (plain(one.text.sentence), one.text.path) == (sentence, path), what
            assert (one.text.tone, one.text.is_usual, len(one.text.parts)) == ("info", True, 6), what
        assert len(draw(*(about(n, ReminderKind.REVIEW_WAITING, update_id=n) for n in range(5)))) == 5


@pytest.mark.parametrize("language", ["ms", "en"])
def test_groups_are_said_in_each_language(language: str) -> None:
    queues = [about(n, what, update_id=n) for what in WAITING for n in range(6)]
    gaps = [replace(each, is_escalation=False) for each in late(1, 2, code="AGC")]
    for each in draw(*late(1, 2, 3), *gaps, *late(4, code="AGC"), *queues, language=language):
        words = f"{each.text.sentence} {each.text.why} {each.text.button}"
        assert "%(" not in words
        assert bool(ENGLISH.search(words)) == (language == "en"), words
