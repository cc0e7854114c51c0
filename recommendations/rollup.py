"""How the state of an item follows from its agencies' accepted states: the one function that says it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from recommendations.states import Status

#: Shown while the lead is completed and a supporting agency is not: in progress is below 100.
NEARLY = 99


@dataclass(frozen=True)
class Verdict:
    """MAPO's newest decision for one agency. `agency` is its code; before any decision: no action, 0."""

    agency: str
    status: str = Status.NONE
    percent: int = 0


@dataclass(frozen=True)
class ItemState:
    """The state of an item; `held_by` names the supporting agencies that keep it from being completed."""

    status: str
    percent: int
    lead: str = ""
    held_by: tuple[str, ...] = ()


def roll_up(lead: Verdict | None, supports: Sequence[Verdict]) -> ItemState:
    """Return the lead's verdict, but never "completed" while a supporting agency is not (rules, State).

    Only confirmed assignments may be passed in. Without a lead nothing is decided: no action.
    """
    if lead is None:
        return ItemState(Status.NONE, 0)
    open_supports = tuple(support.agency for support in supports if support.status != Status.DONE)
    if lead.status == Status.DONE and open_supports:
        return ItemState(Status.PROGRESS, NEARLY, lead.agency, open_supports)
    return ItemState(lead.status, lead.percent, lead.agency)


def roll_up_all(verdicts: Iterable[tuple[bool, Verdict]]) -> ItemState:
    """`roll_up` for the verdicts of an item's confirmed assignments in any order, each with whether it leads."""
    known = list(verdicts)
    lead = next((verdict for is_lead, verdict in known if is_lead), None)
    return roll_up(lead, [verdict for is_lead, verdict in known if not is_lead])
