"""SQL of the web's role alone says of no mail that it went out, and of nobody that they were told."""

import pytest
from django.db import DatabaseError, connection, transaction

from reminders.models import Attempt, Delivery, PlanningRun
from reminders.services.planning import plan
from tests.factories.deliveries import attempt, make_delivery, make_reminder
from tests.recommendations.conftest import Desk, make_desk

pytestmark = pytest.mark.usefixtures("real_db")

FORGERIES = [
    "INSERT INTO reminders_delivery (recipient, user_id, kind, day, state, message_id, address, language, subject,"
    " made_at, next_attempt_at, attempts_count, settled_at, server_words)"
    " SELECT 'person:' || id, id, 'digest', '2023-09-01', 'sent', 'x', email, 'ms', '', now(), now(), 1, now(), '250'"
    " FROM accounts_user",
    "UPDATE reminders_delivery SET state = 'sent', settled_at = now()",
    "UPDATE reminders_delivery SET address = 'somebody@else.example'",
    "INSERT INTO reminders_attempt (delivery_id, message_id, began_at, outcome, server_words)"
    " SELECT id, message_id, now(), '', '' FROM reminders_delivery",
    "UPDATE reminders_attempt SET ended_at = now(), outcome = 'sent'",
    'INSERT INTO reminders_reminder SELECT (jsonb_populate_record(reminder, \'{"id": 4000, "rung": 3}\')).*'
    " FROM reminders_reminder reminder",
    "UPDATE reminders_reminder SET sent_at = now()",
    "UPDATE reminders_reminder SET settled_at = now()",
    "INSERT INTO reminders_round (day, checked_at, planned_count, settled_count, late_count)"
    " VALUES ('2023-09-01', now(), 0, 0, 0)",
    "UPDATE reminders_round SET checked_at = now()",
]


@pytest.fixture
def desk(now: object) -> Desk:
    """The world, committed, with a planning, a mail that waits, and an attempt that was cut off."""
    from audit import clock

    desk = make_desk(clock.now())
    plan(now=desk.now)
    reminder = make_reminder(desk.officer, desk.assignment, due_on=desk.now.date(), now=desk.now)
    mail = make_delivery(desk.officer, now=desk.now, state="waiting", reminders=(reminder,))
    attempt(mail, now=desk.now, outcome="")
    return desk


@pytest.mark.parametrize("forgery", FORGERIES)
def test_row_for_which_nobody_vouched_is_refused(desk: Desk, forgery: str) -> None:
    before = _rows()
    with pytest.raises(DatabaseError, match="nobody vouched for what reminders_"), transaction.atomic():
        connection.cursor().execute(forgery)
    assert _rows() == before


def test_what_changes_nothing_of_the_past_needs_no_one(desk: Desk) -> None:
    """Leases, and that a reminder was read."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reminders_delivery SET leased_until = now()")
        cursor.execute("UPDATE reminders_reminder SET read_at = now()")


def _rows() -> list[list[tuple[object, ...]]]:
    return [list(model.objects.order_by("pk").values_list()) for model in (Delivery, Attempt, PlanningRun)]
