"""Acts on updates: those of the agency, and entering on its behalf what it reported by letter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.acts import require
from audit.clock import local_date
from audit.errors import NotAllowed, NotNow, Unconfirmed
from audit.services import digest
from evidence.models import Document
from evidence.services.lifecycle import describe_as_update
from privacy.checks import refuse_identities
from recommendations.content import Content
from recommendations.content_rules import problems
from recommendations.errors import ABOVE_CLEARANCE, UNCHANGED, incomplete_update
from recommendations.models import (
    Assignment,
    Outcome,
    Review,
    Submission,
    SubmissionDocument,
    Update,
)
from recommendations.permissions import may_report, may_steer, may_write
from recommendations.services.cadence import release_next_due
from recommendations.services.checks import (
    locked_assignment,
    locked_update,
    record_on,
    require_alone,
    require_in_force,
    require_none_open,
    require_open_cycle,
)
from submissions.drafts import require_keepable
from submissions.kinds import Judged, Kind, Named
from submissions.services import (
    begin,
    continue_from,
    put_away,
    send,
    start,
    submit,
    take_back,
    write,
)
from submissions.states import SubmissionState


class UpdateKind(Kind[Update, Content, Submission]):
    version = Submission
    parent = "update"
    citation_fact = "follows_update"
    log_name = "update"
    taken_back = "update.submission_undone"
    not_in_state = _(
        "This update is now “%(state)s”, so this cannot be done. Nothing was changed; reload the page."
    )
    newer_own = _(
        "You have saved a newer text elsewhere. This one is kept on this page: compare the two and choose."
    )
    newer_theirs = _(
        "%(name)s has saved a newer text. Yours is kept on this page: compare the two and choose."
    )
    newer = _("A newer text has been saved. This one is kept on this page: compare the two and choose.")
    not_put_away = _(
        "A newer text has been saved meanwhile. Nothing was withdrawn or discarded: read the text first."
    )
    not_taken_back = _(
        "This update is already withdrawn, so there is no sending to undo. Nothing was changed. Its text is kept: "
        "open the update and copy it into a new draft, once no other draft is open."
    )

    def content_of(self, draft: Update) -> Content:
        return Content.of(draft)

    def put(self, draft: Update, content: Content) -> None:
        require_keepable(content.narrative)
        for field, value in content.values.items():
            setattr(draft, field, value)
        draft.half_typed = content.half_typed

    def citations(self, content: Content) -> Mapping[int, bool]:
        return {pk: pk in content.following_ids for pk in content.document_ids}

    def agency_id(self, draft: Update) -> int:
        return draft.assignment.agency_id

    def open_draft(self, place: Update, *, now: datetime) -> Update | None:
        require_in_force(place.assignment)
        return place.assignment.updates.open().select_for_update(no_key=True).first()

    def successor(self, draft: Update) -> Update:
        return Update(assignment=draft.assignment)

    def require_open(self, draft: Update, act: str) -> None:
        # An assignment that is not in force takes no text any more, but what is open on it can be put away.
        check = require_open_cycle if act in ("withdraw", "discard") else require_in_force
        check(draft.assignment)

    def judge(self, draft: Update, content: Content, *, actor: User, now: datetime) -> Judged:
        found = problems(content, today=local_date(now))
        return Judged(incomplete=incomplete_update(found) if found else None)

    def question(self, draft: Update, content: Content, judged: Judged) -> Unconfirmed | None:
        returned = Review.objects.last_return(draft.assignment_id)
        is_unchanged = returned is not None and Content.sent(returned.submission) == content.as_sent
        return Unconfirmed(UNCHANGED) if is_unchanged else None

    def named(self, draft: Update, content: Content) -> Named:
        cited = Document.objects.filter(pk__in=content.document_ids)
        names = [document.display_name for document in cited]
        if draft.opening:
            names.append(draft.opening.file_name)
        return Named({"narrative": content.narrative}, names)

    def freeze(
        self,
        draft: Update,
        version: Submission,
        content: Content,
        judged: Judged,
        *,
        actor: User,
        now: datetime,
    ) -> Mapping[str, Any]:
        for field, value in content.values.items():
            setattr(version, field, value)
        version.save()
        if content.document_ids:
            _describe_followers(draft, (content.covers_from, content.covers_to), actor=actor, now=now)
            SubmissionDocument.objects.bulk_create(
                SubmissionDocument(submission=version, document_id=pk) for pk in sorted(content.document_ids)
            )
        return {**content.values, "narrative": digest(content.narrative)}

    def record(self, draft: Update, action: str, *, actor: User, now: datetime, **facts: Any) -> None:
        record_on(draft.assignment, action=action, actor=actor, now=now, obj=draft, **facts)

    def written(self, draft: Update, content: Content, *, actor: User, now: datetime) -> None:
        if content.following_ids:
            _describe_followers(draft, (None, None), actor=actor, now=now)

    def closed(self, draft: Update) -> None:
        release_next_due(draft.assignment)


UPDATES = UpdateKind()


@transaction.atomic
def save_update(update: Update, *, content: Content, revision: int, actor: User, now: datetime) -> Update:
    """Save what the agency has typed so far; an update that is not saved yet, of its assignment, begins with it.

    Writes no Event but the beginning: a submission does (docs/rules.md, Audit). Saving the same content again
    changes nothing. Raises `Stale` when the text was saved since `revision`, 0 of one that is not saved yet,
    and `NotNow` once it is no longer the agency's to write.
    """
    update = _draft_of(update, actor=actor, now=now)
    require_open_cycle(update.assignment)
    if not update.is_editable:
        raise NotNow(
            _("This update was sent or closed meanwhile, so the text could not be saved. Copy it from here.")
        )
    return write(UPDATES, update, content, revision=revision, actor=actor, now=now)


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
    """Send the update to MAPO, one that is not saved yet too: its text becomes an immutable version.

    Sending the same twice sends once.

    Raises `Incomplete` (what is missing, by field), `Stale` (a newer text was saved), `IdentitiesFound` (it seems to
    identify a person, and `identities_reason` does not say why it is sent so) or `NotNow`; with `asks_if_unchanged`,
    `Unconfirmed` when it repeats the version that MAPO returned last.
    """
    update = _draft_of(update, actor=actor, now=now)
    return submit(
        UPDATES,
        update,
        content,
        revision=revision,
        is_confirmed=not asks_if_unchanged,
        identities_reason=identities_reason,
        actor=actor,
        now=now,
    )


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
    update = _begin_with(Update(assignment=assignment, is_nothing_new=True), content, actor=actor, now=now)
    return send(UPDATES, update, actor=actor, now=now)


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
    letter = {"is_by_letter": True, "letter_reference": reference.strip(), "letter_on": letter_on}
    update = _begin_with(Update(assignment=assignment, **letter), content, actor=actor, now=now)
    return send(
        UPDATES,
        update,
        identities_reason=identities_reason,
        action="entered_by_letter",
        actor=actor,
        now=now,
    )


#: The stored narrative of "nothing new since": in Malay, the language of the record; screens show their own words.
NOTHING_NEW = "Tiada perkembangan baharu sejak %(day)s."


@transaction.atomic
def withdraw_update(update: Update, *, revision: int | None = None, actor: User, now: datetime) -> Update:
    """Take a submitted or returned update back for good; `copy_update` brings its text into a new draft.

    Raises `Stale` when the text of a returned one was corrected since `revision`; what waits for MAPO has no newer text.
    """
    update = _locked_own(update, actor=actor)
    return put_away(UPDATES, update, "withdraw", revision=revision, actor=actor, now=now)


@transaction.atomic
def undo_submission(update: Update, *, actor: User, now: datetime) -> Update:
    """Take a submitted update back and go on with its text in a new draft, in one act. Return the draft.

    What was sent stays as it was, withdrawn: days that are over keep their answer (docs/rules.md, Undo).
    Nobody typed a "nothing new", so it leaves no draft and is returned itself. Pressing twice returns the
    same. Raises `NotNow` once MAPO has decided, where the assignment takes no draft, and for an update that was
    withdrawn in another way or whose draft has been sent or discarded since.
    """
    update = _locked_own(update, actor=actor)
    if update.state in (SubmissionState.ACCEPTED, SubmissionState.RETURNED):
        raise NotNow(_("MAPO has already decided on this update, so sending can no longer be undone."))
    return take_back(UPDATES, update, goes_on=not update.is_nothing_new, actor=actor, now=now)


@transaction.atomic
def discard_update(update: Update, *, revision: int, actor: User, now: datetime) -> Update:
    """Discard a draft. Its text is kept, and `copy_update` brings it into a new draft.

    Raises `Stale` when a newer text was saved since `revision`.
    """
    update = _locked_own(update, actor=actor)
    return put_away(UPDATES, update, "discard", revision=revision, actor=actor, now=now)


@transaction.atomic
def copy_update(update: Update, *, actor: User, now: datetime) -> Update:
    """Begin a new draft with the text and documents of a withdrawn, discarded or accepted update."""
    update = locked_update(update)
    require(may_report(actor, update.assignment))
    require_in_force(update.assignment)
    require_none_open(update.assignment)
    draft = continue_from(UPDATES, update, actor=actor, now=now)
    UPDATES.record(draft, "update.copied", actor=actor, now=now)
    return draft


# --- Steps


def _locked_own(update: Update, *, actor: User) -> Update:
    """Return the update as it is now, locked. Raises `NotAllowed`, and `NotNow` for a row of an opening import."""
    update = locked_update(update)
    require(may_write(actor, update))
    require_alone(update)
    return update


def _draft_of(update: Update, *, actor: User, now: datetime) -> Update:
    """Return the update as it is now, locked; for one that is not saved its assignment's open one, or the draft that begins.

    Raises `NotAllowed` and, for an open row of an opening import and where no draft can begin, `NotNow`.
    """
    draft = locked_update(update)
    require(may_write(actor, draft))
    if draft.pk is None:
        draft = start(UPDATES, draft, actor=actor, now=now)
        seen = Update.objects.visible_to(actor).filter(pk=draft.pk)
        if draft.writers.exists() and not seen.exists():
            raise NotAllowed(ABOVE_CLEARANCE)
    require_alone(draft)
    return draft


def _begin_with(update: Update, content: Content, *, actor: User, now: datetime) -> Update:
    """Save a new draft with this content. Its assignment is locked and has no open update."""
    begin(UPDATES, update, content, actor=actor, now=now)
    UPDATES.record(update, "update.started", actor=actor, now=now)
    return update


def _last_readable(assignment: Assignment, actor: User) -> Review | None:
    """Return the newest accepted review, if the person may read the text that it accepted."""
    newest = Outcome.objects.filter(pk=assignment.pk).values("verdict")
    readable = Review.objects.with_narrative_for(actor).filter(pk__in=newest)
    return readable.select_related("submission").first()


def _describe_followers(
    update: Update, covers: tuple[date | None, date | None], *, actor: User, now: datetime
) -> None:
    """Raise the documents that follow the update to its class, and give them its dates where they are given.

    The class is raised at each save, so that a file is never below the draft that it belongs to; the dates when the
    update is sent, because until then they are still being typed.
    """
    describe_as_update(
        update.citations.filter(follows_update=True).values_list("document_id", flat=True),
        classification=update.classification,
        covers=covers,
        actor=actor,
        now=now,
    )
