"""Who may do what to a contribution, and what is locked first."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Agency, User
from audit.acts import require
from audit.errors import NotNow
from recommendations.models import Cycle
from submissions.services import require_move, start, submit, take_back, write
from submissions.states import SubmissionState
from tests.submissions.recipe.kind import CONTRIBUTIONS, ContributionContent
from tests.submissions.recipe.models import Contribution, SentContribution


def _open_one(agency: Agency, cycle: Cycle, *, actor: User, now: datetime) -> Contribution:
    require(actor.is_agency_actor and actor.agency_id == agency.pk)
    return start(CONTRIBUTIONS, Contribution(agency=agency, cycle=cycle), actor=actor, now=now)


@transaction.atomic
def save_contribution(
    agency: Agency, cycle: Cycle, *, content: ContributionContent, revision: int, actor: User, now: datetime
) -> Contribution:
    draft = _open_one(agency, cycle, actor=actor, now=now)
    if not draft.is_editable:
        raise NotNow("It was sent meanwhile.")
    return write(CONTRIBUTIONS, draft, content, revision=revision, actor=actor, now=now)


@transaction.atomic
def submit_contribution(
    agency: Agency,
    cycle: Cycle,
    *,
    content: ContributionContent,
    revision: int,
    is_confirmed: bool,
    identities_reason: str,
    actor: User,
    now: datetime,
) -> SentContribution:
    draft = _open_one(agency, cycle, actor=actor, now=now)
    return submit(
        CONTRIBUTIONS,
        draft,
        content,
        revision=revision,
        is_confirmed=is_confirmed,
        identities_reason=identities_reason,
        actor=actor,
        now=now,
    )


@transaction.atomic
def take_contribution_back(contribution: Contribution, *, actor: User, now: datetime) -> Contribution:
    require(actor.is_agency_actor and actor.agency_id == contribution.agency_id)
    draft = Contribution.objects.select_for_update(no_key=True).get(pk=contribution.pk)
    return take_back(CONTRIBUTIONS, draft, actor=actor, now=now)


@transaction.atomic
def decide_contribution(
    contribution: Contribution, *, is_accepted: bool, actor: User, now: datetime
) -> Contribution:
    draft = Contribution.objects.select_for_update(no_key=True).get(pk=contribution.pk)
    require(actor.is_mapo and not draft.writers.filter(user=actor).exists())
    require_move(CONTRIBUTIONS, draft, "accept" if is_accepted else "return")
    draft.state = SubmissionState.ACCEPTED if is_accepted else SubmissionState.RETURNED
    draft.closed_at = now if is_accepted else None
    draft.save(update_fields=["state", "closed_at"])
    CONTRIBUTIONS.record(draft, f"contribution.{draft.state}", actor=actor, now=now)
    return draft
