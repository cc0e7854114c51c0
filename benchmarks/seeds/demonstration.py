"""Fill a database with the demonstration."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command


def main(_facts: dict[str, Any]) -> None:
    """Play it whole."""
    call_command("seed_demo", verbosity=0)
