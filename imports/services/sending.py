"""Sends a draft as a whole, and takes a sent batch back as a whole into a new draft."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.clock import local_date
from audit.errors import NotNow, Stale
from imports.checks import CheckedRow, check_rows
from imports.reference_data import load_reference_data
from imports.rows import BatchRows, restored
from imports.services.batches import (
    begin_batch,
    change_state,
    locked_batch,
    record_batch,
    require_draft,
    settled,
)
from imports.services.shared import locked_assignments, opening_updates
from privacy.checks import FILE_NAMES, IdentitiesFound, check_identities
from recommendations.models import Assignment, Cycle, OpeningImport, Update
from recommendations.services.cadence import release_next_due
from recommendations.services.checks import record_on
from recommendations.services.updates import UPDATES
from submissions.services import begin, note_writers, send
from submissions.states import SubmissionState

_CHANGED_ROWS = gettext_lazy(
    "Rows of this import changed after you opened the page. Nothing was sent: check them, then send."
)


@transaction.atomic
def send_opening(
    opening: OpeningImport, *, revision: int, identities_reason: str = "", actor: User, now: datetime
) -> OpeningImport:
    """Send every row that is not left out, all or none. Each becomes an update that waits for MAPO.

    Raises `Stale` when a row was changed since `revision` of the batch, and `NotNow` while a row has something to
    correct, none is left, or the cycle is closed; also when a row seems to identify a person and `identities_reason` does
    not say why it is sent so. Sending twice sends once.
    """
    assignments = locked_assignments(opening)
    opening = locked_batch(opening, actor=actor)
    if opening.is_submitted:
        return opening
    require_draft(opening)
    if opening.revision != revision:
        raise Stale(_CHANGED_ROWS)
    taken = _taken(opening, actor=actor, now=now)
    _require_reason_for_identities(taken, opening.file_name, identities_reason)
    opening.submitted_by, opening.submitted_at = actor, now
    opening.state = SubmissionState.SUBMITTED
    opening.save(update_fields=["state", "submitted_by", "submitted_at"])
    note_writers(opening, actor.pk)
    writers = list(opening.writers.values_list("user_id", flat=True))
    for each in taken:
        assert each.answering is not None
        assignment = assignments[each.answering.pk]
        about: dict[str, Any] = {"writers": writers, "identities_reason": identities_reason}
        _send_row(each, opening, assignment, actor=actor, now=now, **about)
    before = {"state": SubmissionState.DRAFT}
    after = {"state": opening.state, "rows": len(taken), "classification": opening.classification}
    record_batch(opening, "submitted", actor=actor, now=now, before=before, after=after)
    return opening


def _taken(opening: OpeningImport, *, actor: User, now: datetime) -> list[CheckedRow]:
    """Return the rows to send, in order of time. Raises `NotNow` when one has a problem or there is none."""
    reference = load_reference_data(opening.cycle, agency=opening.agency, person=actor, today=local_date(now))
    checked = BatchRows(rows=check_rows(restored(opening.rows), reference))
    checked.require_ready(
        nothing=_(
            "Every row is left out, so there is nothing to send. Include one again, or discard the import."
        ),
        wrong=_("Nothing was sent. Something must be corrected first (rows %(lines)s)."),
    )
    return sorted(checked.good, key=lambda each: each.order)


def _require_reason_for_identities(rows: Iterable[CheckedRow], file_name: str, reason: str) -> None:
    """Raise `NotNow` if rows or the name of the file seem to identify a person, unless there is a reason."""
    texts = {str(each.typed.line): each.content.narrative for each in rows}
    try:
        check_identities(texts, file_names=[file_name], reason=reason)
    except IdentitiesFound as found:
        if FILE_NAMES in found.problems:
            raise NotNow(found.problems[FILE_NAMES]) from found
        raise NotNow(
            _(
                "Nothing was sent: rows %(lines)s seem to identify a person. Redact them, or give a reason without names."
            )
            % {"lines": ", ".join(list(found.problems)[:10])}
        ) from found


def _send_row(
    each: CheckedRow,
    opening: OpeningImport,
    assignment: Assignment,
    *,
    writers: Iterable[int],
    identities_reason: str,
    actor: User,
    now: datetime,
) -> None:
    """Make one row an update that waits. Everybody who wrote a row of the batch counts as its writer."""
    row = Update(assignment=assignment, opening=opening, reported_on=each.reported_on)
    update = begin(UPDATES, row, each.content, actor=actor, now=now)
    note_writers(update, *writers)
    send(UPDATES, update, identities_reason=identities_reason, action="brought_in", actor=actor, now=now)


@transaction.atomic
def reopen_opening(opening: OpeningImport, *, actor: User, now: datetime) -> OpeningImport:
    """Begin a new draft with the rows of a batch that waits or was returned, which is withdrawn, or was discarded.

    What was sent stays in the history as withdrawn. Pressing twice begins one draft.
    """
    locked_assignments(opening)
    opening = locked_batch(opening, actor=actor)
    following = OpeningImport.objects.filter(replaces=opening).first()
    if following is not None:
        return following
    opening.cycle = Cycle.objects.held_open(opening.cycle)
    if opening.state in (SubmissionState.SUBMITTED, SubmissionState.RETURNED):
        _withdraw_rows(opening, actor=actor, now=now)
        opening.closed_at = now
        change_state(opening, SubmissionState.WITHDRAWN, actor=actor, now=now)
    elif opening.state != SubmissionState.DISCARDED:
        raise settled(opening)
    draft = OpeningImport(
        cycle=opening.cycle,
        agency=opening.agency,
        file_name=opening.file_name,
        sha256=opening.sha256,
        rows=opening.rows,
        classification=opening.classification,
        replaces=opening,
    )
    draft = begin_batch(draft, actor=actor, now=now, action="reopened", replaces=opening.pk)
    note_writers(draft, *opening.writers.values_list("user_id", flat=True))
    return draft


def _withdraw_rows(opening: OpeningImport, *, actor: User, now: datetime) -> None:
    for update in opening_updates(opening):
        before, after = {"state": update.state}, {"state": SubmissionState.WITHDRAWN}
        update.state, update.closed_at = SubmissionState.WITHDRAWN, now
        update.save(update_fields=["state", "closed_at"])
        release_next_due(update.assignment)
        about: dict[str, Any] = {"obj": update, "before": before, "after": after}
        record_on(update.assignment, action="update.withdrawn", actor=actor, now=now, **about)
