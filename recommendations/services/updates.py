"""Acts on updates: those of the agency, and entering on its behalf what it reported by letter."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.clearance import usual_class
from accounts.models import User
from audit.acts import require
from audit.clock import local_date
from audit.errors import NotNow, Unconfirmed
from audit.services import digest
from evidence.models import Document
from evidence.services.lifecycle import freeze_documents
from privacy.checks import check_identities, refuse_identities
from recommendations.content import Content
from recommendations.content_rules import problems
from recommendations.errors import UNCHANGED, incomplete_update, stale_update
from recommendations.models import (
    Assignment,
    Outcome,
    Review,
    Submission,
    SubmissionDocument,
    Update,
)
from recommendations.permissions import may_report, may_steer, may_write
from recommendations.services.checks import (
    locked_assignment,
    locked_update,
    record_on,
    require_alone,
    require_in_force,
    require_move,
    require_none_open,
    require_open_cycle,
)
from recommendations.services.drafts import cite_documents, describe_followers, write_draft
from submissions.drafts import require_keepable
from submissions.services import note_writers
from submissions.states import SubmissionState


@transaction.atomic
def start_update(assignment: Assignment, *, actor: User, now: datetime) -> Update:
    """Return the assignment's open update, or a new draft: pressing twice starts one."""
    assignment = locked_assignment(assignment)
    require(may_report(actor, assignment))
    require_in_force(assignment)
    return assignment.open_update or create_draft(
        assignment, _first_content(assignment, actor=actor, today=local_date(now)), actor=actor, now=now
    )


def _first_content(assignment: Assignment, *, actor: User, today: date) -> Content:
    """Return what a new draft begins with: it goes on where the last accepted one ended, but not after today."""
    last = _last_readable(assignment, actor)
    following_day = last.submission.covers_to + timedelta(days=1) if last else None
    return Content(
        classification=usual_class(actor), covers_from=min(following_day, today) if following_day else None
    )


def _last_readable(assignment: Assignment, actor: User) -> Review | None:
    """Return the newest accepted review, if the person may read the text that it accepted."""
    newest = Outcome.objects.filter(pk=assignment.pk).values("verdict")
    readable = Review.objects.with_narrative_for(actor).filter(pk__in=newest)
    return readable.select_related("submission").first()


def create_draft(assignment: Assignment, content: Content, *, actor: User, now: datetime) -> Update:
    """Write a new draft with this content. The assignment is locked and has no open update."""
    update = write_draft(assignment, content, actor=actor, now=now)
    record_on(assignment, action="update.started", actor=actor, now=now, obj=update)
    return update


@transaction.atomic
def save_update(update: Update, *, content: Content, revision: int, actor: User, now: datetime) -> Update:
    """Save what the agency has typed so far. Writes no Event: a submission does (rules, Audit).

    Raises `Stale` when the text was saved since `revision`, and `NotNow` once it is no longer the agency's to
    write. Saving the same content again changes nothing.
    """
    update = locked_update(update)
    require(may_write(actor, update))
    require_alone(update)
    require_open_cycle(update.assignment)
    if not update.is_editable:
        raise NotNow(
            _("This update was sent or closed meanwhile, so the text could not be saved. Copy it from here.")
        )
    return write_content(update, content=content, revision=revision, actor=actor, now=now)


def write_content(update: Update, *, content: Content, revision: int, actor: User, now: datetime) -> Update:
    """Put the content into the locked update, one revision on; `Stale` when `revision` is not its own."""
    if content == Content.of(update):
        return update
    if update.revision != revision:
        raise stale_update(update, actor=actor)
    require_keepable(content.narrative)
    for field, value in content.values.items():
        setattr(update, field, value)
    update.half_typed = content.half_typed
    update.revision += 1
    update.saved_by, update.saved_at = actor, now
    update.save()
    note_writers(update, actor.pk)
    cite_documents(update, content)
    if content.following_ids:
        describe_followers(update, covers=(None, None), actor=actor, now=now)
    return update


@transaction.atomic
def submit_update(
    update: Update,
    *,
    content: Content,
    revision: int,
    asks_if_unchanged: bool = False,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> Submission:
    """Send the update to MAPO: its text becomes an immutable version. Sending the same twice sends once.

    Raises `Incomplete` (what is missing, by field), `Stale` (a newer text was saved), `IdentitiesFound` (it seems to
    identify a person, and `identities_reason` does not say why it is sent so) or `NotNow`; with `asks_if_unchanged`,
    `Unconfirmed` when it repeats the version that MAPO returned last.
    """
    update = locked_update(update)
    require(may_write(actor, update))
    require_alone(update)
    if update.state == SubmissionState.SUBMITTED and Content.of(update) == content:
        submission = update.newest_submission
        assert submission is not None
        return submission
    require_in_force(update.assignment)
    require_move(update, "submit")
    update = write_content(update, content=content, revision=revision, actor=actor, now=now)
    if asks_if_unchanged and _repeats_what_was_returned(update):
        raise Unconfirmed(UNCHANGED)
    return send(update, identities_reason=identities_reason, actor=actor, now=now)


def _repeats_what_was_returned(update: Update) -> bool:
    returned = Review.objects.last_return(update.assignment_id)
    return returned is not None and Content.sent(returned.submission) == Content.of(update).as_sent


def send(
    update: Update,
    *,
    identities_reason: str = "",
    actor: User,
    now: datetime,
    action: str = "update.submitted",
) -> Submission:
    """Freeze the locked update's content as its next version and hand it to MAPO; raises what `submit_update` does."""
    content = Content.of(update)
    if found := problems(content, today=local_date(now)):
        raise incomplete_update(found)
    cited = Document.objects.filter(pk__in=content.document_ids)
    names = [document.display_name for document in cited]
    if update.opening:
        names.append(update.opening.file_name)
    identities = check_identities(
        {"narrative": content.narrative}, file_names=names, reason=identities_reason
    )
    note_writers(update, actor.pk)
    submission = _freeze(update, content, identities_reason=identities.reason, actor=actor, now=now)
    before = {"state": update.state}
    update.state, update.submitted_at = SubmissionState.SUBMITTED, now
    update.save(update_fields=["state", "submitted_at"])
    after = {
        "state": update.state,
        "version": submission.number,
        **content.values,
        "narrative": digest(content.narrative),
        "documents": sorted(content.document_ids),
        **identities.event_facts,
    }
    about: dict[str, Any] = {"obj": update, "before": before, "after": after, "reason": identities.reason}
    record_on(update.assignment, action=action, actor=actor, now=now, **about)
    return submission


def _freeze(
    update: Update, content: Content, *, identities_reason: str, actor: User, now: datetime
) -> Submission:
    newest = update.newest_submission
    submission = Submission.objects.create(
        update=update,
        number=newest.number + 1 if newest else 1,
        revision=update.revision,
        identities_reason=identities_reason,
        submitted_by=actor,
        submitted_at=now,
        **content.values,
    )
    if content.document_ids:
        covers = content.covers_from, content.covers_to
        describe_followers(update, covers=covers, actor=actor, now=now)
        documents = list(Document.objects.filter(pk__in=content.document_ids))
        SubmissionDocument.objects.bulk_create(
            SubmissionDocument(submission=submission, document=document) for document in documents
        )
        freeze_documents(documents, agency_id=update.assignment.agency_id, now=now)
    return submission


@transaction.atomic
def report_nothing_new(assignment: Assignment, *, speaks_for: date, actor: User, now: datetime) -> Submission:
    """Send "nothing new since" in one act: it repeats the accepted state, up to the day `speaks_for`.

    MAPO reviews it like any other. Raises `NotNow` when nothing was accepted yet that the person may read, or
    another update is open.
    """
    assignment = locked_assignment(assignment)
    require(may_report(actor, assignment))
    require_in_force(assignment)
    require_none_open(assignment)
    last = _last_readable(assignment, actor)
    if last is None:
        raise NotNow(
            _("Nothing has been accepted on this item yet, so there is nothing to repeat. Start an update.")
        )
    covers_from = min(last.submission.covers_to, speaks_for)
    content = Content(
        status=last.status,
        percent=last.percent,
        narrative=NOTHING_NEW % {"day": last.submission.covers_to.isoformat()},
        covers_from=covers_from,
        covers_to=speaks_for,
        classification=last.submission.classification,
    )
    update = create_draft(assignment, content, actor=actor, now=now)
    Update.objects.filter(pk=update.pk).update(is_nothing_new=True)
    update.is_nothing_new = True
    return send(update, actor=actor, now=now)


@transaction.atomic
def enter_letter(
    assignment: Assignment,
    *,
    content: Content,
    reference: str,
    letter_on: date,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> Submission:
    """Submit what an agency wrote by letter, marked so; somebody other than `actor` must review it.

    `letter_on` is the date of the letter: a fact about the world, it moves no record in time. Raises BadValue where the
    reference seems to identify a person.
    """
    require(may_steer(actor))
    assignment = locked_assignment(assignment)
    require_in_force(assignment)
    require_none_open(assignment)
    if found := problems(content, today=local_date(now)):
        raise incomplete_update(found)
    if letter_on > local_date(now):
        raise NotNow(_("The letter cannot be dated after today."))
    refuse_identities(reference, field="reference")
    update = create_draft(assignment, content, actor=actor, now=now)
    update.is_by_letter, update.letter_reference, update.letter_on = True, reference.strip(), letter_on
    update.save(update_fields=["is_by_letter", "letter_reference", "letter_on"])
    return send(
        update,
        identities_reason=identities_reason,
        actor=actor,
        now=now,
        action="update.entered_by_letter",
    )


#: The stored narrative of "nothing new since": in Malay, the language of the record; screens show their own words.
NOTHING_NEW = "Tiada perkembangan baharu sejak %(day)s."
