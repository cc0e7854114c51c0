"""What a contribution holds, and what sending asks of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Agency, User
from audit.errors import Incomplete, Stale, Unconfirmed
from audit.services import digest, record
from evidence.models import Document
from evidence.services.lifecycle import freeze_documents
from recommendations.models import Cycle
from submissions.drafts import require_keepable
from submissions.kinds import Judged, Kind, Named
from submissions.states import OPEN_STATES
from tests.submissions.recipe.models import Contribution, SentContribution


@dataclass(frozen=True)
class ContributionContent:
    text: str = ""
    document_ids: frozenset[int] = frozenset()


class ContributionKind(Kind[Contribution, ContributionContent, SentContribution]):
    version = SentContribution
    parent = "contribution"
    log_name = "contribution"
    taken_back = "contribution.taken_back"
    not_in_state = "This contribution is now “%(state)s”."
    newer = "A newer text was saved."
    not_taken_back = "This contribution is withdrawn already."

    def content_of(self, draft: Contribution) -> ContributionContent:
        cited = draft.citations.values_list("document_id", flat=True)
        return ContributionContent(draft.text, frozenset(cited))

    def put(self, draft: Contribution, content: ContributionContent) -> None:
        require_keepable(content.text, field="text")
        draft.text = content.text

    def citations(self, content: ContributionContent) -> Mapping[int, int]:
        return {pk: pk for pk in content.document_ids}

    def agency_id(self, draft: Contribution) -> int:
        return draft.agency_id

    def open_draft(self, place: Contribution, *, now: datetime) -> Contribution | None:
        agency = Agency.objects.select_for_update(no_key=True).get(pk=place.agency_id)
        cycle = Cycle.objects.held_open(place.cycle)
        rows = Contribution.objects.filter(agency=agency, cycle=cycle, state__in=OPEN_STATES)
        return rows.select_for_update(no_key=True).first()

    def successor(self, draft: Contribution) -> Contribution:
        return Contribution(agency=draft.agency, cycle=draft.cycle)

    def require_open(self, draft: Contribution, act: str) -> None:
        Cycle.objects.held_open(draft.cycle)

    def stale(self, draft: Contribution, *, actor: User) -> Stale:
        return Stale("A newer text was saved.", draft, is_own=draft.saved_by_id == actor.pk)

    def judge(
        self, draft: Contribution, content: ContributionContent, *, actor: User, now: datetime
    ) -> Judged:
        missing = {} if content.text.strip() else {"text": "Write something."}
        return Judged(Incomplete("It was not sent.", missing) if missing else None)

    def question(
        self, draft: Contribution, content: ContributionContent, judged: Judged
    ) -> Unconfirmed | None:
        return None if content.document_ids else Unconfirmed("Send it without a file?")

    def named(self, draft: Contribution, content: ContributionContent) -> Named:
        return Named({"text": content.text}, [each.display_name for each in _documents(content)])

    def freeze(
        self,
        draft: Contribution,
        version: SentContribution,
        content: ContributionContent,
        judged: Judged,
        *,
        actor: User,
        now: datetime,
    ) -> Mapping[str, Any]:
        version.text = content.text
        version.save()
        documents = _documents(content)
        version.documents.set(documents)
        freeze_documents(documents, agency_id=draft.agency_id, now=now)
        return {"text": digest(content.text), "documents": sorted(content.document_ids)}

    def record(self, draft: Contribution, action: str, *, actor: User, now: datetime, **facts: Any) -> None:
        label, agency_id = draft.agency.code, draft.agency_id
        record(action=action, actor=actor, obj=draft, label=label, agency_id=agency_id, now=now, **facts)


CONTRIBUTIONS = ContributionKind()


def _documents(content: ContributionContent) -> list[Document]:
    return list(Document.objects.filter(pk__in=content.document_ids))
