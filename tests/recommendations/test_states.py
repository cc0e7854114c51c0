"""The table of moves: in code, in the docs and in the database."""

import itertools
import operator
from datetime import datetime

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Q

from recommendations.management.commands.draw_states import drawing
from recommendations.models import Update
from recommendations.states import ItemKind, Status, item_key, item_label, percent_agrees, percent_fits
from submissions.states import EDITABLE_STATES, MOVES, OPEN_STATES, SubmissionState, is_allowed
from tests.recommendations.conftest import Desk


def test_states_page_is_drawn_from_the_table() -> None:
    page = (settings.BASE_DIR / "docs" / "states.md").read_text(encoding="utf-8")
    assert page == drawing(), "run: python manage.py draw_states --write"


@pytest.mark.parametrize(("source", "target"), list(itertools.permutations(SubmissionState.values, 2)))
def test_database_permits_exactly_the_moves_of_the_table(
    desk: Desk, now: datetime, source: str, target: str
) -> None:
    update = desk.draft()
    for step in _path_to(source):
        _move(update, step, now)
    permitted = any(move.source == source and move.target == target for move in MOVES)
    if permitted:
        assert _move(update, target, now) == 1
        return
    with pytest.raises(DatabaseError), transaction.atomic():
        _move(update, target, now)


def _move(update: Update, state: str, now: datetime) -> int:
    """Write a state past the services, with the instant of closing where it closes."""
    closed_at = None if state in OPEN_STATES else now
    return Update.objects.filter(pk=update.pk).update(state=state, closed_at=closed_at)


def _path_to(state: str) -> list[str]:
    """The moves that lead from draft to a state."""
    paths: dict[str, list[str]] = {"draft": []}
    for _ in MOVES:
        for move in MOVES:
            if move.source in paths and move.target not in paths:
                paths[str(move.target)] = [*paths[str(move.source)], str(move.target)]
    return paths[state]


def test_update_cannot_be_born_in_another_state(desk: Desk, now: datetime) -> None:
    update = desk.draft()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO recommendations_update (assignment_id, state, status, narrative, classification,"
            " is_nothing_new, is_by_letter, letter_reference, revision, created_by_id, created_at, saved_by_id,"
            " saved_at) SELECT assignment_id, 'accepted', status, narrative, classification, false, false, '', 0,"
            " created_by_id, created_at, saved_by_id, saved_at FROM recommendations_update WHERE id = %s",
            [update.pk],
        )


def test_content_is_settled_once_submitted(desk: Desk, now: datetime) -> None:
    submission = desk.submission()
    with pytest.raises(DatabaseError), transaction.atomic():
        Update.objects.filter(pk=submission.update_id).update(narrative="Lain")


def test_percentages_that_fit_a_status_fit_no_other() -> None:
    for percent in range(101):
        assert sum(percent_fits(status, percent) for status in Status.values) == 1, percent
    for status, fitting in (
        ("none", {0}),
        ("progress", set(range(1, 100))),
        ("done", {100}),
        ("other", set()),
    ):
        assert {percent for percent in range(-1, 103) if percent_fits(status, percent)} == fitting, (
            status,
            fitting,
        )


def test_withdrawn_is_final() -> None:
    assert not any(move.source == SubmissionState.WITHDRAWN for move in MOVES)
    assert not is_allowed("submit", SubmissionState.WITHDRAWN)


def test_acts_are_allowed_where_the_rules_say() -> None:
    for act in ("submit", "discard", "accept", "return", "withdraw"):
        for source in SubmissionState.values:
            rules = {
                "submit": {"draft", "returned"},
                "discard": {"draft"},
                "accept": {"submitted"},
                "return": {"submitted"},
                "withdraw": {"submitted", "returned"},
            }
            assert is_allowed(act, source) is (source in rules[act]), (act, source)


def test_each_act_has_one_target_and_one_side() -> None:
    assert {(move.act, move.target, move.by) for move in MOVES} == {
        ("submit", SubmissionState.SUBMITTED, "agency"),
        ("discard", SubmissionState.DISCARDED, "agency"),
        ("accept", SubmissionState.ACCEPTED, "MAPO"),
        ("return", SubmissionState.RETURNED, "MAPO"),
        ("withdraw", SubmissionState.WITHDRAWN, "agency"),
    }


def test_open_states_are_those_that_a_move_leaves() -> None:
    assert set(OPEN_STATES) == {move.source for move in MOVES}
    assert set(EDITABLE_STATES) == {move.source for move in MOVES if move.act == "submit"}


def test_item_has_one_label_a_language_and_one_key() -> None:
    assert item_key("weakness", 3) == "weakness-3"
    assert [item_label(kind, 2) for kind in ItemKind.values] == ["Syor 2", "Kelemahan 2", "Pencapaian 2"]


def _holds(condition: Q, values: dict[str, object]) -> bool:
    """Whether a condition of equalities and bounds holds for these values, reckoned without a database."""
    compare = {"": operator.eq, "gt": operator.gt, "lt": operator.lt}
    found = []
    for child in condition.children:
        if isinstance(child, Q):
            found.append(_holds(child, values))
        else:
            name, _, lookup = child[0].partition("__")
            found.append(compare[lookup](values[name], child[1]))
    return (any if condition.connector == Q.OR else all)(found) is not condition.negated


def test_condition_of_the_database_is_the_rule_of_percentages() -> None:
    for status in (*Status.values, "other"):
        for percent in range(-1, 103):
            expected = percent_fits(status, percent)
            assert _holds(percent_agrees(), {"status": status, "percent": percent}) is expected
