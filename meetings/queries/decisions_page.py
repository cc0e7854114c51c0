"""The decisions of a meeting, and those that name an agency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from accounts.models import User
from meetings.models import Meeting, MeetingDecision
from meetings.states import OUTCOME_LOOKS
from recommendations.outcomes import DecisionOutcome


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision with what became of it by `today`, and its former wordings, newest first.

    `has_actor`: somebody of its agency can act, or it is MAPO's own.
    """

    decision: MeetingDecision
    today: date
    former: tuple[MeetingDecision, ...] = ()
    has_actor: bool = True

    @property
    def is_withdrawn(self) -> bool:
        """Whether it no longer binds its agency: withdrawn, or corrected to bind another."""
        return self.decision.ended_at is not None

    @property
    def is_deserted(self) -> bool:
        """Whether it waits for an agency in which nobody can act."""
        return not self.has_actor and not self.is_withdrawn and self.decision.action.is_planned

    @property
    def outcome(self) -> DecisionOutcome:
        return self.decision.outcome(self.today)

    @property
    def tone(self) -> str:
        return OUTCOME_LOOKS[self.outcome][0]

    @property
    def icon(self) -> str:
        return OUTCOME_LOOKS[self.outcome][1]

    @property
    def outcome_label(self) -> str:
        return str(self.outcome.label)

    @property
    def due_on(self) -> date:
        """The day by which its step is due now, which may have been moved."""
        return self.decision.action.due_on

    @property
    def may_be_changed(self) -> bool:
        """The page's form of what `correct_decision` and `withdraw_decision` ask of the step."""
        return (
            not self.is_withdrawn and self.decision.action.is_planned and not self.decision.action.proposed_on
        )


_SHOWN = ("meeting", "item__cycle", "agency", "action", "recorded_by", "ended_by")


def decisions_of(meeting: Meeting, *, user: User, today: date) -> list[DecisionLine]:
    """Return a meeting's decisions by number, withdrawn ones too, each with its former wordings (one query)."""
    found = meeting.decisions.visible_to(user).select_related(*_SHOWN, "replaced_by")
    rows: list[Any] = list(
        found.annotate(has_actor=User.objects.can_act_for("agency")).order_by("number", "-pk")
    )
    by_number: dict[int, list[Any]] = {}
    for row in rows:
        by_number.setdefault(row.number, []).append(row)
    return [
        DecisionLine(newest, today, tuple(former), has_actor=newest.has_actor or newest.agency_id is None)
        for newest, *former in by_number.values()
    ]


def decisions_for_agency(user: User, *, today: date) -> list[DecisionLine]:
    """Return the decisions that name the person's agency, latest meeting first (one query).

    Of a decision that was corrected the agency sees the wording that stands; one that was withdrawn, or now names
    another agency, is shown as withdrawn.
    """
    rows = MeetingDecision.objects.visible_to(user).filter(
        Q(replaced_by=None) | ~Q(replaced_by__agency_id=user.agency_id)
    )
    ordered = rows.select_related(*_SHOWN).order_by("-meeting__meets_on", "-meeting_id", "number", "-pk")
    return [DecisionLine(row, today) for row in ordered]
