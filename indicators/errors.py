"""Refusals of reports of a month that carry more than a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.errors import NotNow

if TYPE_CHECKING:
    from accounts.models import User
    from indicators.models import CheckExplanation, FigureDecision, FigureReport


class StaleFigures(NotNow):
    """Somebody saved newer figures. Nothing was overwritten; `current` holds them."""

    def __init__(self, current: FigureReport, *, actor: User) -> None:
        self.current = current
        self.is_own = current.saved_by_id == actor.pk
        own = _(
            "You have saved newer figures elsewhere. These are kept on this page: compare the two and choose."
        )
        theirs = _(
            "%(name)s has saved newer figures. Yours are kept on this page: compare the two and choose."
        )
        super().__init__(own if self.is_own else theirs % {"name": current.saved_by.name})


class ChangedExplanation(NotNow):
    """Other words stand beside a check than the person saw. Nothing was changed; `standing` is what stands, if anything."""

    def __init__(self, standing: CheckExplanation | None) -> None:
        super().__init__(
            _(
                "The explanation changed after you opened this page. Nothing was saved: what applies now is shown above the form, "
                "and what you typed is kept."
            )
        )
        self.standing = standing


class FiguresNotDiscarded(NotNow):
    """Newer figures were saved since the person opened the page, so the draft stands."""

    def __init__(self) -> None:
        super().__init__(
            _("Newer figures have been saved meanwhile. The draft was not discarded: look at them first.")
        )


class IncompleteFigures(NotNow):
    """The figures cannot be sent yet; `problems` says why, by cell or field."""

    def __init__(self, problems: Mapping[str, str | Promise]) -> None:
        super().__init__(
            _("Nothing was sent. Everything that you typed is kept: correct what is marked, then send again.")
        )
        self.problems = dict(problems)


class UnusualFigures(NotNow):
    """Figures differ much from the month before; sending them must be meant. `names` are their cells."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(
            _("Some figures differ much from the month before. Look at them again: are they right?")
        )
        self.names = names


class FigureAlreadyDecided(NotNow):
    """Another reviewer was first on one of the figures; `decision` says who and what."""

    def __init__(self, decision: FigureDecision) -> None:
        super().__init__(
            _("%(reviewer)s has already decided on one of these figures. Your decisions were not recorded.")
            % {"reviewer": decision.decided_by.name}
        )
        self.decision = decision
