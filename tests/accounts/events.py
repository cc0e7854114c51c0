"""Read the audit trail in tests."""

from audit.models import Event


def events(action: str) -> list[Event]:
    """Return the events of an action, oldest first."""
    return list(Event.objects.filter(action=action).order_by("pk"))


def last_event(action: str) -> Event:
    """Return the newest event of an action; there must be one."""
    return events(action)[-1]
