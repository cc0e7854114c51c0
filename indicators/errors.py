"""Refusals of reports of a month that carry more than a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.errors import AlreadyDecided, Incomplete

if TYPE_CHECKING:
    from indicators.models import FigureDecision

CHANGED_EXPLANATION = _(
    "The explanation changed after you opened this page. Nothing was saved: what applies now is shown above the form, "
    "and what you typed is kept."
)
UNUSUAL = _("Some figures differ much from the month before. Look at them again: are they right?")


def incomplete_figures(problems: Mapping[str, str | Promise]) -> Incomplete:
    """Return the refusal of figures that cannot be sent yet, with what is wrong by cell or field."""
    words = _("Nothing was sent. Everything that you typed is kept: correct what is marked, then send again.")
    return Incomplete(words, problems)


def already_decided(decision: FigureDecision) -> AlreadyDecided:
    """Return the refusal of decisions of which another reviewer took one first."""
    words = _("%(reviewer)s has already decided on one of these figures. Your decisions were not recorded.")
    return AlreadyDecided(words % {"reviewer": decision.decided_by.name})
