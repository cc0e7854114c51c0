"""Statements about the outbox: its lock, and the settling of nudges."""

from django.db import connection

from audit.seals import vouching
from reminders.due.audiences import ACTS_FOR_AGENCY, IS_MAPO

_HOLD = "SELECT jejak_vouch(%s, %s), pg_advisory_xact_lock(hashtext('jejak.reminders'))"

#: Settles nudges: by an update that was sent after it, with the end of the assignment, or when the person leaves.
SETTLE_NUDGES = f"""
UPDATE reminders_reminder reminder SET settled_at = %(now)s
FROM reminders_nudge nudge
JOIN recommendations_assignment assignment ON assignment.id = nudge.assignment_id
JOIN recommendations_item item ON item.id = assignment.item_id
JOIN recommendations_cycle cycle ON cycle.id = item.cycle_id
WHERE nudge.id = reminder.nudge_id AND reminder.settled_at IS NULL AND (
    assignment.stage <> 'confirmed' OR cycle.closed_at IS NOT NULL
    OR EXISTS (
        SELECT FROM recommendations_submission submission
        JOIN recommendations_update sent ON sent.id = submission.update_id
        WHERE sent.assignment_id = assignment.id AND submission.submitted_at > nudge.sent_at)
    OR (reminder.user_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM accounts_user person
        WHERE person.id = reminder.user_id AND person.is_active AND person.joined_at IS NOT NULL
          AND CASE WHEN {ACTS_FOR_AGENCY} THEN person.agency_id = reminder.about_id
              ELSE reminder.step = 'mapo' AND {IS_MAPO} END))
    OR (reminder.agency_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM accounts_agency agency
        WHERE agency.id = reminder.agency_id AND agency.shared_mailbox <> '')))
"""  # noqa: S608 - the words are ours


def hold_outbox() -> None:
    """Hold the outbox to the end of the transaction: one plans, packs or settles at a time. Vouch for what it writes."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, vouching("outbox.held"))
