"""Refusals of this app that carry more than a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.errors import AlreadyDecided, Incomplete, NotNow, Stale
from ui import dates

if TYPE_CHECKING:
    from recommendations.models import ActionVersion, Review

#: Why a closed cycle takes no write.
CYCLE_CLOSED = _("This cycle is closed. Nothing was changed; MAPO can reopen it with a reason.")
#: Why a cycle takes no write of agencies and no assignment before it is opened.
CYCLE_UNOPENED = _("This cycle is not open yet. Nothing was changed; an administrator opens it on its page.")
#: Why somebody may neither write nor decide who cannot read all of it.
ABOVE_CLEARANCE = _("This is classified above your clearance. A colleague who is cleared must go on with it.")
#: Asked where an update says what MAPO returned, word for word.
UNCHANGED = _("You have changed nothing since MAPO returned it. Send anyway?")


def stale_step(current: ActionVersion) -> Stale:
    """Return the refusal of a change to a planned step that somebody else changed first."""
    owner = current.owner.name if current.owner else _("coordinators")
    words = _(
        "Somebody else changed this step. It now says “%(text)s”, due on %(day)s, owned by %(owner)s. "
        "What you typed is kept below: save again to replace it."
    )
    return Stale(words % {"text": current.text, "day": dates.day(current.due_on), "owner": owner}, current)


def incomplete_update(problems: Mapping[str, str | Promise]) -> Incomplete:
    """Return the refusal of an update that cannot be sent yet, with what is wrong by field."""
    words = _("The update was not sent. Your text is kept: correct what is marked, then send it again.")
    return Incomplete(words, problems)


def already_decided(review: Review) -> AlreadyDecided:
    """Return the refusal of a decision that another reviewer took first."""
    words = _("%(reviewer)s has already decided on this update. Your decision was not recorded.")
    return AlreadyDecided(words % {"reviewer": review.reviewer.name})


class BadDates(NotNow):
    """The dates of a cycle contradict each other; `problems` says how, by field."""

    def __init__(self, problems: Mapping[str, str | Promise]) -> None:
        super().__init__(_("The dates contradict each other. Nothing was changed: correct what is marked."))
        self.problems = dict(problems)


class LeadChanged(NotNow):
    """The lead of the item is no longer the one that the person saw."""

    def __init__(self) -> None:
        super().__init__(
            _("The lead agency changed after you opened the page. Nothing was done: check the new effects.")
        )
