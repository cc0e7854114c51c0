"""Acts on every kind of submission: begin, write, send, put away, take back.

Each runs inside the transaction of the act, on a draft that is locked; who may act is the caller's to ask.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.models import User
from audit.errors import NotNow, Stale
from evidence.models import Document
from evidence.services.lifecycle import freeze_documents
from privacy.checks import check_identities
from submissions.kinds import C, D, DraftKind, Kind, V
from submissions.states import SubmissionState, is_allowed, target_of


def note_writers(draft: Any, *user_ids: int) -> None:
    """Note that these people wrote in a draft, or sent it: they may not decide on it. Each is noted once.

    `draft` is anything with `writers` (`submissions.models.DraftWriter`).
    """
    writers = draft.writers
    rows = [
        writers.model(**{writers.field.name: draft, "user_id": user_id}) for user_id in sorted(set(user_ids))
    ]
    writers.model.objects.bulk_create(rows, ignore_conflicts=True)


def require_move(kind: DraftKind[D, Any], draft: D, act: str) -> None:
    """Raise `NotNow` unless the table of moves lets the draft take this step."""
    if not is_allowed(act, draft.state):
        raise NotNow(kind.not_in_state % {"state": draft.get_state_display()})


def begin(
    kind: DraftKind[D, C],
    draft: D,
    content: C | None = None,
    *,
    continues: D | None = None,
    actor: User,
    now: datetime,
) -> D:
    """Save a new draft, whose owner and further facts are set; without content nobody has written in it yet.

    `continues` is the draft whose text goes on here: its writers may not decide on this one either. The Event is the
    caller's to record. A text counts as a save: revision 0 is what a page shows that knows of no draft.
    """
    draft.created_by = draft.saved_by = actor
    draft.created_at = draft.saved_at = now
    draft.continues = continues
    if content is not None:
        kind.put(draft, content)
        draft.revision = max(draft.revision, 1)
    draft.save()
    if content is not None:
        earlier = continues.writers.values_list("user_id", flat=True) if continues else ()
        note_writers(draft, actor.pk, *earlier)
        if kind.citations(content):
            _cite(kind, draft, content, actor=actor)
    return draft


def start(kind: DraftKind[D, Any], place: D, *, actor: User, now: datetime) -> D:
    """Return the open draft of what `place`, a draft that is not saved, is about, or begin it: starting twice begins one.

    It is locked, and nobody has written in a new one yet. Raises NotNow where it takes no draft.
    """
    found = kind.open_draft(place, now=now)
    if found is not None:
        return found
    draft = begin(kind, kind.successor(place), actor=actor, now=now)
    _record(kind, draft, "started", actor=actor, now=now)
    return draft


def write(kind: DraftKind[D, C], draft: D, content: C, *, revision: int, actor: User, now: datetime) -> D:
    """Put the content into the draft, one revision on. The same content changes nothing.

    Raises `Stale` when `revision` is not the draft's own; in a draft in which nobody has written yet, 0 is, too.
    """
    before = kind.content_of(draft)
    if content == before:
        return draft
    if draft.revision != revision and (revision or draft.writers.exists()):
        raise kind.stale(draft, actor=actor)
    kind.put(draft, content)
    draft.revision += 1
    draft.saved_by, draft.saved_at = actor, now
    draft.save()
    note_writers(draft, actor.pk)
    if kind.citations(content) != kind.citations(before):
        _cite(kind, draft, content, actor=actor)
    kind.written(draft, content, actor=actor, now=now)
    return draft


def submit(
    kind: Kind[D, C, V],
    draft: D,
    content: C,
    *,
    revision: int,
    is_confirmed: bool,
    identities_reason: str,
    actor: User,
    now: datetime,
) -> V:
    """Write the content and send it; the same sent twice is sent once. Raises what `write` and `send` do."""
    if draft.state == SubmissionState.SUBMITTED and kind.content_of(draft) == content:
        version: V = draft.newest_submission
        return version
    kind.require_open(draft, "submit")
    require_move(kind, draft, "submit")
    draft = write(kind, draft, content, revision=revision, actor=actor, now=now)
    return send(
        kind, draft, is_confirmed=is_confirmed, identities_reason=identities_reason, actor=actor, now=now
    )


def send(
    kind: Kind[D, C, V],
    draft: D,
    *,
    is_confirmed: bool = True,
    identities_reason: str = "",
    action: str = "submitted",
    actor: User,
    now: datetime,
) -> V:
    """Freeze what the draft holds as its next version and hand it to MAPO. `action` is the act's name in the log.

    Raises `Incomplete` (what is wrong, by field), `Unconfirmed` unless `is_confirmed`, and `IdentitiesFound` where it
    seems to identify a person and `identities_reason` does not say why it is sent so.
    """
    content = kind.content_of(draft)
    judged = kind.judge(draft, content, actor=actor, now=now)
    if judged.incomplete is not None:
        raise judged.incomplete
    question = None if is_confirmed else kind.question(draft, content, judged)
    if question is not None:
        raise question
    named = kind.named(draft, content)
    identities = check_identities(named.texts, file_names=named.file_names, reason=identities_reason)
    note_writers(draft, actor.pk)
    newest = draft.newest_submission
    version = kind.version(
        **{kind.parent: draft},
        number=newest.number + 1 if newest else 1,
        revision=draft.revision,
        identities_reason=identities.reason,
        submitted_by=actor,
        submitted_at=now,
    )
    told = kind.freeze(draft, version, content, judged, actor=actor, now=now)
    if cited := sorted(kind.citations(content)):
        documents = Document.objects.filter(pk__in=cited)
        freeze_documents(documents, agency_id=kind.agency_id(draft), now=now)
    before = {"state": draft.state}
    draft.state, draft.submitted_at = SubmissionState.SUBMITTED, now
    draft.save(update_fields=["state", "submitted_at"])
    after = {"state": draft.state, "version": version.number, **told, "documents": cited}
    after |= identities.event_facts
    _record(kind, draft, action, actor=actor, now=now, before=before, after=after, reason=identities.reason)
    return version


def put_away(
    kind: DraftKind[D, Any], draft: D, act: str, *, revision: int | None, actor: User, now: datetime
) -> D:
    """Withdraw or discard a draft for good; its text is kept. Doing it twice does it once.

    Raises `Stale` where the text can still be written and `revision`, which the person saw, is not its own.
    """
    target = target_of(act)
    if draft.state == target:
        return draft
    kind.require_open(draft, act)
    if draft.is_editable and draft.revision != revision:
        raise Stale(kind.not_put_away, draft)
    before = _close(kind, draft, act, now=now)
    _record(kind, draft, target, actor=actor, now=now, before=before, after={"state": draft.state})
    return draft


def take_back(kind: DraftKind[D, Any], draft: D, *, goes_on: bool = True, actor: User, now: datetime) -> D:
    """Withdraw a version that waits, and go on with its text in a new draft, which is returned.

    What was sent stays as it was, withdrawn: days that are over keep their answer (docs/rules.md, Undo).
    Taking back twice returns the same. Without `goes_on` there is no text to go on with, and the draft itself
    is returned.
    """
    if draft.state == SubmissionState.WITHDRAWN:
        again = draft.continued_by.filter(state=SubmissionState.DRAFT).first() if goes_on else draft
        if again is None:
            raise NotNow(kind.not_taken_back)
        return again
    kind.require_open(draft, "continue")
    before = _close(kind, draft, "withdraw", now=now)
    after: dict[str, Any] = {"state": draft.state}
    again = continue_from(kind, draft, actor=actor, now=now) if goes_on else draft
    if goes_on:
        after["draft"] = again.pk
    kind.record(draft, kind.taken_back, actor=actor, now=now, before=before, after=after)
    return again


def continue_from(kind: DraftKind[D, Any], draft: D, *, actor: User, now: datetime) -> D:
    """Return a new draft with the text and files of one that was closed; the Event is the caller's to record."""
    content = kind.content_of(draft)
    return begin(kind, kind.successor(draft), content, continues=draft, actor=actor, now=now)


# --- Steps


def _close(kind: DraftKind[D, Any], draft: D, act: str, *, now: datetime) -> dict[str, Any]:
    """Close the draft by this move; return what it was before, for the log."""
    require_move(kind, draft, act)
    before = {"state": draft.state}
    draft.state, draft.closed_at = target_of(act), now
    draft.save(update_fields=["state", "closed_at"])
    kind.closed(draft)
    return before


def _record(kind: DraftKind[D, Any], draft: D, action: str, **facts: Any) -> None:
    kind.record(draft, f"{kind.log_name}.{action}", **facts)


def _cite(kind: DraftKind[D, C], draft: D, content: C, *, actor: User) -> None:
    """Make the draft cite exactly the content's documents; keys of other agencies' documents are ignored.

    A document above the actor's clearance stays cited: their page does not offer it, so they cannot mean to drop it.
    """
    fact, wanted = kind.citation_fact, dict(kind.citations(content))
    citable = Document.objects.of_agency(kind.agency_id(draft)).filter(pk__in=wanted)
    own = set(citable.values_list("pk", flat=True))
    held = dict(draft.citations.values_list("document_id", fact))
    seen = set(Document.objects.visible_to(actor).filter(pk__in=held).values_list("pk", flat=True))
    draft.citations.filter(document_id__in=seen - own).delete()
    rows = draft.citations
    rows.model.objects.bulk_create(
        [
            rows.model(**{rows.field.name: draft, "document_id": pk, fact: wanted[pk]})
            for pk in sorted(own)
            if pk not in held or (pk in seen and held[pk] != wanted[pk])
        ],
        update_conflicts=True,
        unique_fields=[rows.field.name, "document"],
        update_fields=[fact],
    )
