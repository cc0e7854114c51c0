"""Collect the static files that pages refer to."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command


def main(_facts: dict[str, Any]) -> None:
    """Put them where the environment says."""
    call_command("collectstatic", interactive=False, verbosity=0)
