"""The small world of the recommendations' tests, for this room, and a mail server."""

from tests.reminders.conftest import desk, server

__all__ = ["desk", "server"]
