"""What administrators do to the rules of a cycle: add one, change one, switch one on or off."""

from __future__ import annotations

from reminders.services.usual_rules import give_usual_rules

__all__ = ["give_usual_rules"]
