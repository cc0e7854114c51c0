"""Opening imports: what an agency kept in a spreadsheet becomes a draft lot, is corrected, and is sent as a whole.

A lot's rows are updates only from the moment when it is sent, all in one transaction. Their `reported_on` is the day
on which the agency reported; they are recorded now, so no answer of an earlier day changes.
Locks are taken in this order: assignments by number, lot, cycle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from audit.clock import local_date
from audit.errors import NotNow
from audit.services import record
from recommendations.errors import OpeningStale, RowStale
from recommendations.models import Assignment, Cycle, OpeningImport, Update, UpdateWriter
from recommendations.models.opening import OpeningState
from recommendations.openings.ground import ground_of, highest_class, usual_class
from recommendations.openings.judge import Judged, judge
from recommendations.openings.rows import Column, Row, restored, stored
from recommendations.openings.values import Unreadable, class_of
from recommendations.permissions import may_import, may_write_opening
from recommendations.services.base import held_open_cycle, jsonable, record_on, require
from recommendations.services.updates import send, write_draft
from recommendations.states import UpdateState


@transaction.atomic
def begin_opening(
    cycle: Cycle,
    *,
    agency: Agency,
    rows: Iterable[Row],
    file_name: str,
    sha256: str,
    actor: User,
    now: datetime,
) -> OpeningImport:
    """Keep the rows of a file as a draft lot, right and wrong ones alike; nothing of it is reported yet.

    Raises `NotNow` when a row is classified above what the person, or the installation, may handle: such a text is
    not kept at all (domain, classification).
    """
    require(may_import(actor, agency))
    cycle = held_open_cycle(cycle)
    kept = _with_class(rows, actor=actor)
    opening = OpeningImport.objects.create(
        cycle=cycle,
        agency=agency,
        file_name=file_name,
        sha256=sha256,
        rows=stored(kept),
        classification=_highest(kept, actor=actor),
        created_by=actor,
        created_at=now,
    )
    record_opening(
        opening, "opening.begun", actor=actor, now=now, after={"rows": len(kept), "sha256": sha256}
    )
    return opening


@transaction.atomic
def replace_rows(
    opening: OpeningImport,
    *,
    rows: Iterable[Row],
    file_name: str,
    sha256: str,
    actor: User,
    now: datetime,
) -> OpeningImport:
    """Put the rows of another file in the place of the draft's, corrections and all."""
    opening = _locked_draft(opening, actor=actor)
    first = max((row.number for row in restored(opening.rows)), default=0)
    kept = _with_class(rows, actor=actor, numbers_after=first)
    before = {"rows": len(opening.rows), "sha256": opening.sha256}
    opening.file_name, opening.sha256 = file_name, sha256
    _keep(opening, kept, actor=actor)
    after = {"rows": len(kept), "sha256": sha256}
    record_opening(opening, "opening.file_replaced", actor=actor, now=now, before=before, after=after)
    return opening


@transaction.atomic
def correct_row(
    opening: OpeningImport,
    *,
    number: int,
    cells: Mapping[str, str],
    revision: int,
    actor: User,
    now: datetime,
) -> OpeningImport:
    """Keep what was typed into one row, right or wrong. Writes no Event: the sending does (rules, Audit).

    Raises `RowStale` when a colleague changed the row since `revision`, or it is gone. Saving what stands there
    changes nothing.
    """
    opening = _locked_draft(opening, actor=actor)
    rows = restored(opening.rows)
    row = _row_of(rows, number)
    texts = {column.value: cells.get(column.value, "").strip() for column in Column}
    if texts == row.cells:
        return opening
    if row.revision != revision:
        raise RowStale(row)
    corrected = row.corrected(texts, by=actor.pk)
    _demand_handled([corrected], actor=actor)
    _keep(opening, [corrected if each.number == number else each for each in rows], actor=actor)
    return opening


@transaction.atomic
def leave_row_out(
    opening: OpeningImport, *, number: int, is_left_out: bool, actor: User, now: datetime
) -> OpeningImport:
    """Leave one row out of what will be sent, or take it in again; its text stays in the draft."""
    opening = _locked_draft(opening, actor=actor)
    rows = restored(opening.rows)
    row = _row_of(rows, number)
    if row.is_left_out != is_left_out:
        changed = row.left_out(is_left_out)
        _keep(opening, [changed if each.number == number else each for each in rows], actor=actor)
    return opening


@transaction.atomic
def discard_opening(opening: OpeningImport, *, actor: User, now: datetime) -> OpeningImport:
    """Put a draft lot away. Its rows are kept, and `reopen_opening` brings them back."""
    opening = _locked(opening, actor=actor)
    if opening.state == OpeningState.DISCARDED:
        return opening
    _require_draft(opening)
    opening.cycle = held_open_cycle(opening.cycle)
    _close(opening, OpeningState.DISCARDED, actor=actor, now=now)
    return opening


@transaction.atomic
def send_opening(opening: OpeningImport, *, revision: int, actor: User, now: datetime) -> OpeningImport:
    """Report every row that is not left out, all or none: each becomes an update that waits with its lot.

    Raises `OpeningStale` when a row was changed since `revision` of the lot, and `NotNow` while a row has something to
    correct, none is left, or the cycle is closed. Sending twice sends once.
    """
    assignments = _locked_assignments(opening)
    opening = _locked(opening, actor=actor)
    if opening.is_submitted:
        return opening
    _require_draft(opening)
    if opening.revision != revision:
        raise OpeningStale
    opening.cycle = held_open_cycle(opening.cycle)
    taken = _taken(opening, actor=actor, now=now)
    opening.submitted_by, opening.submitted_at = actor, now
    opening.state = OpeningState.SUBMITTED
    opening.save(update_fields=["state", "submitted_by", "submitted_at"])
    writers = {row.by for row in restored(opening.rows)} | {opening.created_by_id}
    for each in taken:
        assert each.answering is not None
        assignment = assignments[each.answering.assignment_id]
        _send_row(each, opening, assignment, writers=writers, actor=actor, now=now)
    record_opening(
        opening,
        "opening.submitted",
        actor=actor,
        now=now,
        before={"state": OpeningState.DRAFT},
        after={"state": opening.state, "rows": len(taken), "classification": opening.classification},
    )
    return opening


def _taken(opening: OpeningImport, *, actor: User, now: datetime) -> list[Judged]:
    """The rows that will be sent, in order of time. Raises `NotNow` unless each is good and there is one."""
    rows = restored(opening.rows)
    ground = ground_of(opening.cycle, agency=opening.agency, person=actor, today=local_date(now))
    judged = [each for each in judge(rows, ground) if not each.row.is_left_out]
    if not judged:
        raise NotNow(
            _("Every row is left out, so there is nothing to send. Take one in again, or discard the import.")
        )
    wrong = [each for each in judged if not each.is_good]
    if wrong:
        lines = ", ".join(str(each.row.line) for each in wrong[:10])
        raise NotNow(
            _("Nothing was sent: something has to be corrected first (rows %(lines)s).") % {"lines": lines}
        )
    return sorted(judged, key=lambda each: each.order)


def _send_row(
    each: Judged,
    opening: OpeningImport,
    assignment: Assignment,
    *,
    writers: Iterable[int],
    actor: User,
    now: datetime,
) -> None:
    """Make one row an update that waits. Whoever wrote any row of the lot has had a hand in it."""
    update = write_draft(
        assignment, each.content, actor=actor, now=now, opening=opening, reported_on=each.reported_on
    )
    UpdateWriter.objects.bulk_create(
        [UpdateWriter(update=update, user_id=other) for other in sorted({*writers} - {actor.pk})],
        ignore_conflicts=True,
    )
    send(update, actor=actor, now=now, action="update.brought_in")


@transaction.atomic
def reopen_opening(opening: OpeningImport, *, actor: User, now: datetime) -> OpeningImport:
    """Begin a new draft lot with the same rows: of one that waits or was returned, taking it back; of a discarded one.

    What was sent stays in the history, withdrawn. Pressing twice begins one.
    """
    _locked_assignments(opening)
    opening = _locked(opening, actor=actor)
    following = OpeningImport.objects.filter(replaces=opening).first()
    if following is not None:
        return following
    opening.cycle = held_open_cycle(opening.cycle)
    if opening.state in (OpeningState.SUBMITTED, OpeningState.RETURNED):
        _withdraw_rows(opening, actor=actor, now=now)
        _close(opening, OpeningState.WITHDRAWN, actor=actor, now=now)
    elif opening.state != OpeningState.DISCARDED:
        raise NotNow(settled_words(opening))
    draft = OpeningImport.objects.create(
        cycle=opening.cycle,
        agency=opening.agency,
        file_name=opening.file_name,
        sha256=opening.sha256,
        rows=opening.rows,
        classification=opening.classification,
        created_by=actor,
        created_at=now,
        replaces=opening,
    )
    record_opening(
        draft,
        "opening.reopened",
        actor=actor,
        now=now,
        after={"rows": len(draft.rows), "replaces": opening.pk},
    )
    return draft


def _withdraw_rows(opening: OpeningImport, *, actor: User, now: datetime) -> None:
    for update in opening_updates(opening):
        before = {"state": update.state}
        update.state, update.closed_at = UpdateState.WITHDRAWN, now
        update.save(update_fields=["state", "closed_at"])
        record_on(
            update.assignment,
            action="update.withdrawn",
            actor=actor,
            now=now,
            obj=update,
            before=before,
            after={"state": update.state},
        )


def opening_updates(opening: OpeningImport) -> list[Update]:
    """The updates of a lot in order of time, each locked, with its assignment."""
    rows = Update.objects.select_for_update(no_key=True, of=("self",)).filter(opening=opening)
    return list(
        rows.select_related("assignment__item__cycle", "assignment__agency").order_by("reported_on", "pk")
    )


def settled_words(opening: OpeningImport) -> str:
    """Why an act on the lot is not possible any more."""
    return _(
        "This import is now “%(state)s”, so this cannot be done. Nothing was changed; reload the page."
    ) % {"state": opening.get_state_display()}


def _locked_assignments(opening: OpeningImport) -> dict[int, Assignment]:
    """All assignments that the lot's rows could be about, locked in the order of their numbers."""
    rows = Assignment.objects.select_for_update(no_key=True, of=("self",)).filter(
        agency=opening.agency_id, item__cycle=opening.cycle_id
    )
    return {each.pk: each for each in rows.select_related("item__cycle", "agency").order_by("pk")}


def _locked(opening: OpeningImport, *, actor: User) -> OpeningImport:
    rows = OpeningImport.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "cycle", "agency"
    )
    current = rows.get(pk=opening.pk)
    require(may_write_opening(actor, current))
    return current


def _locked_draft(opening: OpeningImport, *, actor: User) -> OpeningImport:
    opening = _locked(opening, actor=actor)
    _require_draft(opening)
    opening.cycle = held_open_cycle(opening.cycle)
    return opening


def _require_draft(opening: OpeningImport) -> None:
    if not opening.is_draft:
        raise NotNow(settled_words(opening))


def _row_of(rows: Iterable[Row], number: int) -> Row:
    found = next((row for row in rows if row.number == number), None)
    if found is None:
        raise RowStale(None)
    return found


def _keep(opening: OpeningImport, rows: Sequence[Row], *, actor: User) -> None:
    opening.rows = stored(rows)
    opening.classification = _highest(rows, actor=actor)
    opening.revision += 1
    opening.save(update_fields=["rows", "file_name", "sha256", "classification", "revision"])


def _with_class(rows: Iterable[Row], *, actor: User, numbers_after: int = 0) -> list[Row]:
    """The rows, numbered on from there, each with a class; raises `NotNow` for one that may not be handled here."""
    usual = str(int(usual_class(actor)))
    kept = []
    for place, row in enumerate(rows, numbers_after + 1):
        cells = {**row.cells, Column.CLASSIFICATION.value: row.text(Column.CLASSIFICATION) or usual}
        kept.append(Row(number=place, line=row.line, cells=cells, marks=row.marks, by=actor.pk))
    _demand_handled(kept, actor=actor)
    return kept


def _demand_handled(rows: Iterable[Row], *, actor: User) -> None:
    above = [str(row.line) for row in rows if _class_of(row, actor=actor) > highest_class(actor)]
    if above:
        raise NotNow(
            _(
                "Classified above what you may handle here: row %(lines)s. Nothing of it was kept. Take it out, or ask "
                "somebody who is cleared."
            )
            % {"lines": ", ".join(above[:10])}
        )


def _class_of(row: Row, *, actor: User) -> int:
    """The class of a row; what cannot be read counts as the usual one until it is corrected."""
    try:
        return class_of(row.text(Column.CLASSIFICATION))
    except Unreadable:
        return usual_class(actor)


def _highest(rows: Iterable[Row], *, actor: User) -> int:
    return max((_class_of(row, actor=actor) for row in rows), default=usual_class(actor))


def _close(opening: OpeningImport, target: OpeningState, *, actor: User, now: datetime) -> None:
    before = {"state": opening.state}
    opening.state, opening.closed_at = target, now
    opening.save(update_fields=["state", "closed_at"])
    record_opening(opening, f"opening.{target}", actor=actor, now=now, before=before, after={"state": target})


def record_opening(
    opening: OpeningImport,
    action: str,
    *,
    actor: User,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Record one Event on a lot: never a text of its rows, nor the name of its file."""
    record(
        action=action,
        actor=actor,
        obj=opening,
        label=f"{opening.agency.code} · {opening.cycle.year}",
        agency_id=opening.agency_id,
        before=jsonable(before),
        after=jsonable(after),
        now=now,
    )
