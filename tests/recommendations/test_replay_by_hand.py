"""Turns played one after another, as tables: from which instant on which state held. No database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from recommendations.queries.state_replay import (
    ITEM,
    OVERRIDE,
    OVERRIDE_END,
    PART,
    VERDICT,
    RecordedChange,
    StateChange,
    drop_momentary,
    replay,
)

BEGAN = datetime(2023, 6, 15, tzinfo=UTC)
KIND = "recommendation"


def at(day: float) -> datetime:
    """So many days after the beginning."""
    return BEGAN + timedelta(days=day)


def entered(day: float = 0, *, item: int = 1, kind: str = KIND) -> RecordedChange:
    return RecordedChange(at(day), ITEM, 0, item, kind, 0, "", "", 0)


def part(
    day: float, assignment: int, role: str = "lead", stage: str = "confirmed", *, item: int = 1
) -> RecordedChange:
    return RecordedChange(at(day), PART, 10, item, "", assignment, role, stage, 0)


def verdict(day: float, assignment: int, status: str, percent: int, *, item: int = 1) -> RecordedChange:
    return RecordedChange(at(day), VERDICT, 20, item, "", assignment, status, "", percent)


def override(day: float, status: str, percent: int, *, number: int = 30) -> RecordedChange:
    return RecordedChange(at(day), OVERRIDE, number, 1, "", 0, status, "Keputusan", percent)


def override_end(day: float, *, number: int = 30) -> RecordedChange:
    return RecordedChange(at(day), OVERRIDE_END, number, 1, "", 0, "", "", 0)


def told(changes: Sequence[StateChange]) -> list[tuple[datetime, str, int]]:
    """When which status and percentage began."""
    return [(each.at, each.state.status, each.state.percent) for each in changes]


def test_item_begins_without_action_and_follows_its_lead() -> None:
    turns = [entered(), part(1, 5), verdict(2, 5, "progress", 40), verdict(3, 5, "done", 100)]
    changes = list(replay(turns))
    assert told(changes) == [(at(0), "none", 0), (at(2), "progress", 40), (at(3), "done", 100)]
    assert [each.before and each.before.status for each in changes] == [None, "none", "progress"]
    assert [(each.kind, each.item_id, each.turn) for each in changes] == [
        (KIND, 1, turns[0]),
        (KIND, 1, turns[2]),
        (KIND, 1, turns[3]),
    ]
    assert changes[2].state.lead == "5"


def test_verdict_of_the_same_status_changes_nothing_that_is_told() -> None:
    turns = [entered(), part(1, 5), verdict(2, 5, "progress", 40), verdict(3, 5, "progress", 70)]
    assert told(list(replay(turns))) == [(at(0), "none", 0), (at(2), "progress", 40)]
    later = [*turns, verdict(4, 5, "done", 100)]
    before = list(replay(later))[-1].before
    assert before is not None and (before.status, before.percent) == ("progress", 70)


def test_supporting_agency_holds_the_item_while_it_is_in_force() -> None:
    turns = [
        entered(),
        part(1, 5),
        verdict(2, 5, "done", 100),
        part(3, 6, "support"),
        verdict(4, 6, "progress", 10),
        part(5, 6, "support", "ended"),
        part(6, 7, "support", "suggested"),
    ]
    assert told(list(replay(turns))) == [
        (at(0), "none", 0),
        (at(2), "done", 100),
        (at(3), "progress", 99),
        (at(5), "done", 100),
    ]


def test_lead_that_ended_or_was_only_suggested_decides_nothing() -> None:
    ended = [entered(), part(1, 5), verdict(2, 5, "done", 100), part(3, 5, "lead", "ended")]
    assert told(list(replay(ended))) == [(at(0), "none", 0), (at(2), "done", 100), (at(3), "none", 0)]
    suggested = [entered(), part(1, 5, "lead", "suggested"), verdict(2, 5, "done", 100)]
    assert told(list(replay(suggested))) == [(at(0), "none", 0)]
    supporting = [entered(), part(1, 5, "support"), verdict(2, 5, "done", 100)]
    assert told(list(replay(supporting))) == [(at(0), "none", 0)]


def test_turn_of_an_assignment_that_is_not_in_force_hides_no_later_one() -> None:
    turns = [entered(), part(1, 7, "support", "suggested"), part(2, 5), verdict(3, 5, "done", 100)]
    assert told(list(replay(turns))) == [(at(0), "none", 0), (at(3), "done", 100)]


def test_lead_that_becomes_supporting_takes_its_verdict_along() -> None:
    turns = [
        entered(),
        part(1, 5),
        verdict(2, 5, "progress", 40),
        part(3, 5, "support"),
        part(3, 6, "lead"),
        verdict(4, 6, "done", 100),
    ]
    assert told(list(replay(turns)))[-1] == (at(4), "progress", 99)


def test_override_holds_until_it_ends_and_what_lies_beneath_goes_on() -> None:
    turns = [
        entered(),
        part(1, 5),
        override(2, "done", 100),
        verdict(3, 5, "progress", 40),
        override_end(4),
    ]
    changes = list(replay(turns))
    assert told(changes) == [(at(0), "none", 0), (at(2), "done", 100), (at(4), "progress", 40)]
    set_by_mapo = changes[1].state.override
    assert set_by_mapo is not None
    assert (set_by_mapo.status, set_by_mapo.percent, set_by_mapo.reason, set_by_mapo.set_at) == (
        "done",
        100,
        "Keputusan",
        at(2),
    )
    assert changes[2].state.override is None


def test_end_of_an_override_that_another_replaced_ends_nothing() -> None:
    turns = [entered(), override(1, "done", 100), override(2, "progress", 50, number=31), override_end(2)]
    assert told(list(replay(turns))) == [(at(0), "none", 0), (at(1), "done", 100), (at(2), "progress", 50)]
    assert told(list(replay([entered(), override_end(1)]))) == [(at(0), "none", 0)]


def test_override_of_the_same_status_is_told() -> None:
    turns = [entered(), part(1, 5), verdict(2, 5, "done", 100), override(3, "done", 100)]
    assert told(list(replay(turns))) == [(at(0), "none", 0), (at(2), "done", 100), (at(3), "done", 100)]


def test_what_came_before_the_item_was_known_is_part_of_its_beginning() -> None:
    turns = [part(0, 5), verdict(1, 5, "progress", 40), entered(2), verdict(3, 5, "done", 100)]
    changes = list(replay(turns))
    assert told(changes) == [(at(2), "progress", 40), (at(3), "done", 100)]
    assert changes[0].before is None


def test_items_are_played_apart() -> None:
    turns = [
        entered(),
        entered(item=2, kind="weakness"),
        part(1, 5),
        part(1, 6, item=2),
        verdict(2, 6, "done", 100, item=2),
        verdict(3, 5, "progress", 40),
    ]
    assert [(each.item_id, each.kind, each.state.status) for each in replay(turns)] == [
        (1, KIND, "none"),
        (2, "weakness", "none"),
        (2, "weakness", "done"),
        (1, KIND, "progress"),
    ]


SECOND = 1 / 86_400


def test_state_that_stood_for_less_than_a_second_was_seen_by_nobody() -> None:
    turns = [
        entered(),
        part(1, 5),
        verdict(2, 5, "done", 100),
        part(3, 5, "lead", "ended"),
        part(3, 6, "lead"),
        verdict(3 + SECOND / 2, 6, "progress", 10),
    ]
    changes = drop_momentary(replay(turns))
    assert told(changes) == [(at(0), "none", 0), (at(2), "done", 100), (at(3 + SECOND / 2), "progress", 10)]
    assert changes[2].before is not None and changes[2].before.status == "done"


def test_state_that_stood_for_a_second_is_kept() -> None:
    turns = [entered(), part(1, 5), verdict(2, 5, "done", 100), verdict(2 + SECOND, 5, "progress", 10)]
    assert [each.state.status for each in drop_momentary(replay(turns))] == ["none", "done", "progress"]


def test_change_that_is_taken_back_at_once_is_none() -> None:
    turns = [
        entered(),
        part(1, 5),
        verdict(2, 5, "done", 100),
        part(3, 5, "lead", "ended"),
        part(3, 5, "lead"),
        verdict(4, 5, "progress", 50),
    ]
    assert told(drop_momentary(replay(turns))) == [
        (at(0), "none", 0),
        (at(2), "done", 100),
        (at(4), "progress", 50),
    ]


def test_first_state_is_the_one_in_which_the_item_was_first_seen() -> None:
    turns = [entered(), part(0, 5), verdict(0, 5, "progress", 10), verdict(1, 5, "done", 100)]
    changes = drop_momentary(replay(turns))
    assert told(changes) == [(at(0), "progress", 10), (at(1), "done", 100)]
    assert changes[0].before is None
