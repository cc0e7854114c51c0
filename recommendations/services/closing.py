"""Acts that close an update without MAPO, and those that bring its text into a new draft."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.acts import require
from audit.errors import NotNow
from audit.models import Event
from recommendations.content import Content
from recommendations.models import Update
from recommendations.permissions import may_report, may_write
from recommendations.services.cadence import release_next_due
from recommendations.services.checks import (
    locked_update,
    record_on,
    require_alone,
    require_in_force,
    require_move,
    require_none_open,
    require_open_cycle,
)
from recommendations.services.drafts import write_draft
from submissions.services import note_writers
from submissions.states import SubmissionState

#: The Event of undoing keeps which draft it began.
_UNDONE = "update.submission_undone"


@transaction.atomic
def withdraw_update(update: Update, *, actor: User, now: datetime) -> Update:
    """Take a submitted or returned update back for good; `copy_update` brings its text into a new draft."""
    return _close(update, act="withdraw", target=SubmissionState.WITHDRAWN, actor=actor, now=now)


@transaction.atomic
def undo_submission(update: Update, *, actor: User, now: datetime) -> Update:
    """Take a submitted update back and go on with its text in a new draft, in one act. Return the draft.

    What was sent stays as it was, withdrawn: days that are over keep their answer (rules, Undo). Nobody typed a
    "nothing new", so it leaves no draft and is returned itself. Pressing twice returns the same. Raises `NotNow` once
    MAPO has decided, where the assignment takes no draft, and for an update that was withdrawn in another way or whose
    draft has been sent or discarded since.
    """
    update = locked_update(update)
    require(may_write(actor, update))
    require_alone(update)
    if update.state == SubmissionState.WITHDRAWN:
        return _undone_before(update)
    if update.state in (SubmissionState.ACCEPTED, SubmissionState.RETURNED):
        raise NotNow(_("MAPO has already decided on this update, so sending can no longer be undone."))
    require_in_force(update.assignment)
    require_move(update, "withdraw")
    before, after = {"state": update.state}, {"state": SubmissionState.WITHDRAWN}
    _set_closed(update, SubmissionState.WITHDRAWN, now=now)
    release_next_due(update.assignment)
    draft = None if update.is_nothing_new else _write_copy(update, actor=actor, now=now)
    record_on(
        update.assignment,
        action=_UNDONE,
        actor=actor,
        now=now,
        obj=update,
        before=before,
        after=after if draft is None else after | {"draft": draft.pk},
    )
    return draft or update


def _undone_before(update: Update) -> Update:
    """Return what undoing left when it was pressed before: its draft, or the update itself where it left none."""
    undoing = Event.objects.about(Update._meta.label, update.pk).filter(action=_UNDONE).first()
    if undoing is not None:
        begun = (undoing.after or {}).get("draft")
        if begun is None:
            return update
        draft = update.assignment.updates.filter(pk=begun, state=SubmissionState.DRAFT).first()
        if draft is not None:
            return draft
    raise NotNow(
        _(
            "This update is already withdrawn, so there is no sending to undo. Nothing was changed. Its text is kept: "
            "open the update and copy it into a new draft, once no other draft is open."
        )
    )


def _write_copy(update: Update, *, actor: User, now: datetime) -> Update:
    """Write a new draft with the update's text and files. Who wrote the text may not decide on the copy either."""
    draft = write_draft(update.assignment, Content.of(update), actor=actor, now=now)
    note_writers(draft, *update.writers.values_list("user_id", flat=True))
    return draft


@transaction.atomic
def discard_update(update: Update, *, actor: User, now: datetime) -> Update:
    """Discard a draft. Its text is kept, and `copy_update` brings it into a new draft."""
    return _close(update, act="discard", target=SubmissionState.DISCARDED, actor=actor, now=now)


def _close(update: Update, *, act: str, target: SubmissionState, actor: User, now: datetime) -> Update:
    update = locked_update(update)
    require(may_write(actor, update))
    require_alone(update)
    if update.state == target:
        return update
    require_open_cycle(update.assignment)
    require_move(update, act)
    before = {"state": update.state}
    _set_closed(update, target, now=now)
    release_next_due(update.assignment)
    record_on(
        update.assignment,
        action=f"update.{target}",
        actor=actor,
        now=now,
        obj=update,
        before=before,
        after={"state": update.state},
    )
    return update


def _set_closed(update: Update, target: SubmissionState, *, now: datetime) -> None:
    update.state, update.closed_at = target, now
    update.save(update_fields=["state", "closed_at"])


@transaction.atomic
def copy_update(update: Update, *, actor: User, now: datetime) -> Update:
    """Begin a new draft with the text and documents of a withdrawn, discarded or accepted update."""
    update = locked_update(update)
    require(may_report(actor, update.assignment))
    require_in_force(update.assignment)
    require_none_open(update.assignment)
    draft = _write_copy(update, actor=actor, now=now)
    record_on(update.assignment, action="update.copied", actor=actor, now=now, obj=draft)
    return draft
