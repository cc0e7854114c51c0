"""The mails: what one holds, read for a batch at once at the moment of sending, and how it is written."""

from reminders.services.letters.composing import compose, site_host
from reminders.services.letters.letter import Letter
from reminders.services.letters.reading import read_letters

__all__ = ["Letter", "compose", "read_letters", "site_host"]
