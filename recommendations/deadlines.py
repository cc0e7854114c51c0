"""When something is late and when it is due soon. A day is late from the day after it, in Kuala Lumpur."""

from datetime import date, timedelta


def is_overdue(due_on: date | None, *, today: date, is_awaiting: bool = False) -> bool:
    """Whether an update was due before `today`, with nothing waiting at MAPO (docs/rules.md, Cadence).

    `AssignmentQuerySet.overdue` is the database's form of this rule; a test holds the two equal.
    """
    return due_on is not None and due_on < today and not is_awaiting


def is_due_soon(due_on: date | None, *, today: date, within_days: int, is_awaiting: bool = False) -> bool:
    """Whether an update is due today or within so many days."""
    if due_on is None or is_awaiting:
        return False
    return today <= due_on <= today + timedelta(days=within_days)


def is_stale(since: date | None, *, today: date, after_days: int, is_awaiting: bool = False) -> bool:
    """Whether more than so many days have gone since the last accepted update, or since it came into force.

    MAPO's own delay never makes an agency stale: while an update waits, nothing is.
    """
    return since is not None and not is_awaiting and today - since > timedelta(days=after_days)
