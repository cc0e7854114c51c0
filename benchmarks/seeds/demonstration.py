"""Fill a database with the demonstration."""

from __future__ import annotations

from io import StringIO
from typing import Any

from django.core.management import call_command


def main(_facts: dict[str, Any]) -> None:
    """Play it whole. The sign-ins that the command prints are nobody's concern here."""
    call_command("seed_demo", verbosity=0, stdout=StringIO())
