"""Rules that would never do what they say are refused, with the reason at the value concerned."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import translation

from recommendations.models import Cycle
from reminders.kinds import CYCLE_KINDS, EVENT_KINDS, MAPO_KINDS, RULE_KINDS, ReminderKind
from reminders.rules.checks import Problems, calendar_days, find_problems
from reminders.states import MAX_RULE_DAYS, Audience
from tests.reminders.rules import values

#: Thirty days between updates; the interim date on a Saturday, 126 working days into the window.
CYCLE = Cycle(
    year=2023,
    window_start=date(2023, 4, 1),
    window_end=date(2024, 3, 31),
    interim_on=date(2023, 9, 30),
    submission_on=date(2024, 2, 1),
    cadence_days=30,
)
MAPO, COORDINATOR = Audience.MAPO, Audience.COORDINATOR
INTERIM, WAITING = ReminderKind.INTERIM, ReminderKind.REVIEW_WAITING


def problems(**changes: Any) -> Problems:
    with translation.override("en"):
        return find_problems(values(**changes), cycle=CYCLE)


REFUSED = [
    ("first_days", "nobody can know", {"what": ReminderKind.RETURNED, "first_days": -1}),
    ("first_days", "nobody can know", {"what": WAITING, "audience": MAPO, "first_days": -3}),
    ("first_days", "the date comes once", {"what": INTERIM, "first_days": 1}),
    ("first_days", "every 30 days", {"first_days": -22}),
    ("first_days", "At most 90", {"first_days": MAX_RULE_DAYS + 1}),
    ("first_days", "At most 90", {"first_days": -MAX_RULE_DAYS - 1}),
    ("what", "Choose the date", {"what": "nudge"}),
    ("what", "Choose the date", {"what": "wedding"}),
    ("audience", "Choose who", {"audience": "minister"}),
    ("audience", "Only MAPO can act on this", {"what": WAITING}),
    (
        "audience",
        "Only MAPO can act on this",
        {"what": ReminderKind.REQUEST_WAITING, "audience": COORDINATOR},
    ),
    ("every_days", "Enter after how many", {"times": 2}),
    ("every_days", "from 1 to 90", {"every_days": 0}),
    ("times", "from 1 to 90", {"every_days": 5, "times": 0}),
    ("times", "how many more times", {"what": INTERIM, "first_days": -10, "every_days": 3}),
    ("times", "after the date", {"what": INTERIM, "first_days": -5, "every_days": 3, "times": 2}),
    ("coordinator_days", "nobody new", {"audience": COORDINATOR, "coordinator_days": 5}),
    ("coordinator_days", "nobody new", {"audience": MAPO, "coordinator_days": 5}),
    ("coordinator_days", "before the first time", {"coordinator_days": 1}),
    ("coordinator_days", "after the date", {"what": INTERIM, "first_days": -5, "coordinator_days": 1}),
    ("mapo_days", "nobody new", {"audience": MAPO, "mapo_days": 5}),
    ("mapo_days", "before the first time", {"mapo_days": 1}),
    ("mapo_days", "before the coordinators", {"coordinator_days": 6, "mapo_days": 5}),
    ("mapo_days", "after the date", {"what": INTERIM, "first_days": -5, "mapo_days": 2}),
]


def test_rule_without_sense_is_refused_with_all_reasons_at_once() -> None:
    for field, words, changes in REFUSED:
        assert words in problems(**changes)[field], field
    found = problems(what=INTERIM, first_days=2, every_days=1, coordinator_days=1, mapo_days=0)
    assert set(found) == {"first_days", "times", "coordinator_days", "mapo_days"}
    for field, changes in (("audience", {"audience": MAPO}), ("mapo_days", {"mapo_days": 5})):
        with translation.override("en"):
            found = find_problems(values(**changes), cycle=CYCLE, has_mapo=False)
        assert "Nobody at MAPO" in found[field], field


def test_rule_with_sense_is_taken() -> None:
    for changes in (
        {},
        {"first_days": -21},
        {"first_days": 0},
        {"first_days": MAX_RULE_DAYS},
        {"every_days": 5, "times": 4, "coordinator_days": 2, "mapo_days": 2},
        {"first_days": -5, "every_days": 2},
        {"audience": COORDINATOR, "mapo_days": 2},
        {"what": INTERIM, "first_days": 0},
        {"what": INTERIM, "first_days": -6, "every_days": 3, "times": 2, "mapo_days": -2},
        {"what": ReminderKind.RETURNED, "first_days": 0, "is_urgent": True},
        {"what": WAITING, "audience": MAPO, "first_days": 0, "every_days": 1},
    ):
        assert problems(**changes) == {}, changes
    for what in RULE_KINDS:
        audience = MAPO if what in MAPO_KINDS else Audience.RESPONSIBLE
        assert problems(what=what, audience=audience, first_days=0) == {}, what
    for what in (what for what in RULE_KINDS if what not in CYCLE_KINDS | EVENT_KINDS):
        assert problems(what=what, first_days=-3) == {}, what
        assert problems(what=what, first_days=3) == {}, what


def test_rule_that_falls_before_the_window_is_refused_with_the_room_that_there_is() -> None:
    with translation.override("en"):
        early = Cycle(
            year=2023,
            window_start=date(2023, 9, 18),
            window_end=date(2024, 3, 31),
            interim_on=date(2023, 9, 29),
            submission_on=date(2024, 2, 1),
            cadence_days=30,
        )
        # Nine weekdays lie between, one of them a public holiday.
        assert find_problems(values(what=INTERIM, first_days=-8), cycle=early) == {}
        found = find_problems(values(what=INTERIM, first_days=-9), cycle=early)
    assert "Choose at most 8 working days" in found["first_days"]


def test_twin_of_a_rule_that_is_on_is_refused() -> None:
    wanted = values()
    with translation.override("en"):
        found = find_problems(wanted, cycle=CYCLE, twins=[wanted.twin_key])
    assert "Another active rule" in found["first_days"]
    assert not find_problems(values(first_days=3), cycle=CYCLE, twins=[wanted.twin_key])
    assert not find_problems(values(audience=COORDINATOR), cycle=CYCLE, twins=[wanted.twin_key])


def test_least_length_counts_weekends() -> None:
    for working, days in ((0, 0), (1, 1), (4, 4), (5, 7), (9, 11), (10, 14), (22, 30)):
        assert calendar_days(working) == days, working
