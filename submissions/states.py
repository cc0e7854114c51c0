"""The states of what an agency submits, and the moves between them."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import pgettext_lazy


class SubmissionState(models.TextChoices):
    """The state of what an agency writes, between the agency and MAPO."""

    DRAFT = "draft", pgettext_lazy("update", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("update", "Awaiting MAPO")
    RETURNED = "returned", pgettext_lazy("update", "Returned")
    ACCEPTED = "accepted", pgettext_lazy("update", "Accepted")
    WITHDRAWN = "withdrawn", pgettext_lazy("update", "Withdrawn")
    DISCARDED = "discarded", pgettext_lazy("update", "Discarded")


@dataclass(frozen=True)
class Move:
    """One permitted step: the act, where it starts and ends, and who takes it."""

    act: str
    source: SubmissionState
    target: SubmissionState
    by: str


#: The only moves. The database refuses any other; `docs/states.md` is drawn from this table.
MOVES: tuple[Move, ...] = (
    Move("submit", SubmissionState.DRAFT, SubmissionState.SUBMITTED, "agency"),
    Move("discard", SubmissionState.DRAFT, SubmissionState.DISCARDED, "agency"),
    Move("accept", SubmissionState.SUBMITTED, SubmissionState.ACCEPTED, "MAPO"),
    Move("return", SubmissionState.SUBMITTED, SubmissionState.RETURNED, "MAPO"),
    Move("withdraw", SubmissionState.SUBMITTED, SubmissionState.WITHDRAWN, "agency"),
    Move("submit", SubmissionState.RETURNED, SubmissionState.SUBMITTED, "agency"),
    Move("withdraw", SubmissionState.RETURNED, SubmissionState.WITHDRAWN, "agency"),
)

#: There is at most one in these states: of an assignment, or of an agency and a month.
OPEN_STATES = (SubmissionState.DRAFT, SubmissionState.SUBMITTED, SubmissionState.RETURNED)

#: In these states the agency may still change the text.
EDITABLE_STATES = (SubmissionState.DRAFT, SubmissionState.RETURNED)

#: In these states the agency may copy the text into a new draft.
COPIED_STATES = (SubmissionState.WITHDRAWN, SubmissionState.DISCARDED, SubmissionState.ACCEPTED)

#: What was put away: it stands for nothing any more.
PUT_AWAY_STATES = (SubmissionState.WITHDRAWN, SubmissionState.DISCARDED)


def is_allowed(act: str, source: str) -> bool:
    """Whether what is in state `source` may take the step `act`."""
    return any(move.act == act and move.source == source for move in MOVES)


def target_of(act: str) -> SubmissionState:
    """Return the one state to which an act leads."""
    return next(move.target for move in MOVES if move.act == act)
