"""Refusals of this app that carry more than a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.errors import NotNow
from ui import dates

if TYPE_CHECKING:
    from accounts.models import User
    from recommendations.models import ActionVersion, Review, Update

#: Why a closed cycle takes no write.
CYCLE_CLOSED = _("This cycle is closed. Nothing was changed; MAPO can reopen it with a reason.")
#: Why a cycle takes no write of agencies and no assignment before it is opened.
CYCLE_UNOPENED = _("This cycle is not open yet. Nothing was changed; an administrator opens it on its page.")


class Stale(NotNow):
    """Somebody saved a newer text. Nothing was overwritten; `current` holds it.

    `is_own`: `actor`, who is told, saved it, in another tab or browser.
    """

    def __init__(self, current: Update, *, actor: User) -> None:
        self.current = current
        self.is_own = current.saved_by_id == actor.pk
        own = _(
            "You have saved a newer text elsewhere. This one is kept on this page: compare the two and choose."
        )
        theirs = _("%(name)s has saved a newer text. Yours is kept on this page: compare the two and choose.")
        super().__init__(own if self.is_own else theirs % {"name": current.saved_by.name})


class StaleStep(NotNow):
    """Somebody changed a planned step since it was read. Nothing was overwritten; `current` is what stands."""

    def __init__(self, current: ActionVersion) -> None:
        self.current = current
        owner = current.owner.name if current.owner else _("coordinators")
        super().__init__(
            _(
                "Somebody else changed this step. It now says “%(text)s”, due on %(day)s, owned by %(owner)s. "
                "What you typed is kept below: save again to replace it."
            )
            % {"text": current.text, "day": dates.day(current.due_on), "owner": owner}
        )


class Incomplete(NotNow):
    """The update cannot be sent yet; `problems` says why, by field."""

    def __init__(self, problems: Mapping[str, str | Promise]) -> None:
        super().__init__(
            _("The update was not sent. Your text is kept: correct what is marked, then send it again.")
        )
        self.problems = dict(problems)


class Unchanged(NotNow):
    """The update says what MAPO returned, word for word; sending it all the same must be meant."""

    def __init__(self) -> None:
        super().__init__(_("You have changed nothing since MAPO returned it. Send anyway?"))


class AlreadyDecided(NotNow):
    """Another reviewer was first; `review` says who and what."""

    def __init__(self, review: Review) -> None:
        super().__init__(
            _("%(reviewer)s has already decided on this update. Your decision was not recorded.")
            % {"reviewer": review.reviewer.name}
        )
        self.review = review


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
