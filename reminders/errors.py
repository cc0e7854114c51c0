"""Refusals that carry more than a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from audit.errors import NotNow

if TYPE_CHECKING:
    from reminders.rules.checks import RuleValues


class BadRule(NotNow):
    """The rule would never do what it says. `problems` gives the reasons by the name of the value."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        reasons = " ".join(dict.fromkeys(problems.values()))
        super().__init__(_("The rule would not do what it says. %(reasons)s") % {"reasons": reasons})
        self.problems = dict(problems)


class RuleStale(NotNow):
    """Another administrator changed the rule first. `current` is what it says now."""

    def __init__(self, current: RuleValues) -> None:
        super().__init__(
            _(
                "Another administrator changed this rule meanwhile. What you typed is kept: compare, then save again."
            )
        )
        self.current = current
