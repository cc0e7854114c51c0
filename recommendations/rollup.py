"""How the state of an item follows from its agencies' accepted states and from MAPO's override."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from recommendations.states import ShowsStatus, Status
from ui import dates
from ui.numbers import percent

#: Shown while the lead is completed and a supporting agency is not: in progress is below 100.
NEARLY = 99


@dataclass(frozen=True)
class Verdict(ShowsStatus):
    """MAPO's newest decision for one agency. `agency` is its code; before any decision: no action, 0."""

    agency: str
    status: str = Status.NONE
    percent: int = 0


@dataclass(frozen=True)
class Override:
    """The state that MAPO sets itself, with the reason that is shown beside it.

    `set_by` is the person's name as it was then; empty for readers who learn only that it was MAPO. `override_id` is its
    key where it may be replaced or ended.
    """

    status: str
    percent: int
    reason: str
    set_at: datetime
    set_by: str = ""
    override_id: int | None = None

    @property
    def setter(self) -> str:
        """Who set it: "MAPO", with the person where the reader may know it, "MAPO (Aminah binti Salleh)"."""
        return f"MAPO ({self.set_by})" if self.set_by else "MAPO"

    @property
    def mark(self) -> str:
        """ "Set by MAPO on 14 Sep 2023": the mark beside a status that no verdict gave."""
        return _("Set by MAPO on %(day)s") % {"day": dates.short_day(self.set_at)}

    @property
    def words(self) -> str:
        """The mark with who set it."""
        return _("Set by %(who)s on %(day)s") % {"who": self.setter, "day": dates.short_day(self.set_at)}


@dataclass(frozen=True)
class ItemState(ShowsStatus):
    """The state of an item; `held_by` names the supporting agencies that keep it from being completed.

    Where MAPO has set it, `override` says so and why, and `beneath` is what the agencies' verdicts alone give.
    """

    status: str
    percent: int
    lead: str = ""
    held_by: tuple[str, ...] = ()
    override: Override | None = None
    beneath: ItemState | None = None

    @property
    def words(self) -> str:
        """ "In progress, 99%, waits for JIM"."""
        words = f"{self.status_label}, {percent(self.percent)}"
        if not self.held_by:
            return words
        return _("%(status)s, waits for %(agencies)s") % {
            "status": words,
            "agencies": ", ".join(self.held_by),
        }

    @property
    def beneath_words(self) -> str:
        """ "Verdicts alone: In progress, 40%"; empty where MAPO has not set the state itself."""
        return _("Verdicts alone: %(status)s") % {"status": self.beneath.words} if self.beneath else ""


def roll_up(
    lead: Verdict | None, supports: Sequence[Verdict], *, override: Override | None = None
) -> ItemState:
    """Return the lead's verdict, but never "completed" while a supporting agency is not.

    Only confirmed assignments may be passed in. Without a lead the state is no action. A current override goes
    before all of it. Examples: docs/rules.md, State.
    """
    beneath = _verdicts_alone(lead, supports)
    if override is None:
        return beneath
    return ItemState(override.status, override.percent, beneath.lead, override=override, beneath=beneath)


def _verdicts_alone(lead: Verdict | None, supports: Sequence[Verdict]) -> ItemState:
    if lead is None:
        return ItemState(Status.NONE, 0)
    open_supports = tuple(support.agency for support in supports if support.status != Status.DONE)
    if lead.status == Status.DONE and open_supports:
        return ItemState(Status.PROGRESS, NEARLY, lead.agency, open_supports)
    return ItemState(lead.status, lead.percent, lead.agency)


def roll_up_all(verdicts: Iterable[tuple[bool, Verdict]], *, override: Override | None = None) -> ItemState:
    """Return `roll_up` of an item's confirmed assignments, given in any order as (is_lead, verdict)."""
    known = list(verdicts)
    lead = next((verdict for is_lead, verdict in known if is_lead), None)
    supports = [verdict for is_lead, verdict in known if not is_lead]
    return roll_up(lead, supports, override=override)
