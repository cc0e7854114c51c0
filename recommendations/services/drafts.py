"""Steps of acts on drafts: the first row, who writes, and which documents are cited. Inside the transaction of an act."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from accounts.models import User
from evidence.models import Document
from evidence.services.lifecycle import describe_as_update
from recommendations.content import Content
from recommendations.models import Assignment, Citation, Update
from submissions.drafts import require_keepable
from submissions.services import note_writers


def write_draft(
    assignment: Assignment, content: Content, *, actor: User, now: datetime, **facts: Any
) -> Update:
    """Write a new draft with this content and these other fields; the Event is the caller's to record."""
    require_keepable(content.narrative)
    update = Update.objects.create(
        assignment=assignment,
        created_by=actor,
        created_at=now,
        saved_by=actor,
        saved_at=now,
        half_typed=content.half_typed,
        **content.values,
        **facts,
    )
    note_writers(update, actor.pk)
    if content.document_ids:
        cite_documents(update, content)
    return update


def cite_documents(update: Update, content: Content) -> None:
    """Make the update cite exactly the content's documents; ids of other agencies' documents are ignored."""
    citable = Document.objects.filter(agency_id=update.assignment.agency_id, pk__in=content.document_ids)
    wanted = {pk: pk in content.following_ids for pk in citable.values_list("pk", flat=True)}
    held = dict(update.citations.values_list("document_id", "follows_update"))
    update.citations.filter(document_id__in=held.keys() - wanted.keys()).delete()
    Citation.objects.bulk_create(
        [
            Citation(update=update, document_id=pk, follows_update=follows)
            for pk, follows in sorted(wanted.items())
            if held.get(pk) != follows
        ],
        update_conflicts=True,
        unique_fields=["update", "document"],
        update_fields=["follows_update"],
    )


def describe_followers(
    update: Update,
    *,
    covers: tuple[date | None, date | None],
    actor: User,
    now: datetime,
) -> None:
    """Raise the documents that follow the update to its class, and give them its dates where they are given.

    The class is raised at each save, so that a file is never below the draft that it belongs to; the dates when the
    update is sent, because until then they are still being typed.
    """
    followers = update.citations.filter(follows_update=True)
    describe_as_update(
        followers.values_list("document_id", flat=True),
        classification=update.classification,
        covers=covers,
        actor=actor,
        now=now,
    )
