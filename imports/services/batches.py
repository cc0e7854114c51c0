"""Acts on a workbook that an agency uploaded, whatever its rows are about. Each kind adds the rules of its own.

Locks are taken in this order: assignments by number, agency, batch, cycle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from audit.acts import jsonable, require
from audit.errors import NotNow, Stale
from audit.services import record
from imports.rows import TableRow, stored
from recommendations.models import Cycle
from submissions.batches import RowBatch
from submissions.services import note_writers
from submissions.states import OPEN_STATES, SubmissionState

Batch = TypeVar("Batch", bound=RowBatch)
Row = TypeVar("Row", bound=TableRow)

#: By number of the row: what was typed into its cells, and the revision from which that started.
Corrections = Mapping[int, tuple[Mapping[str, str], int]]

#: No row is changed.
NO_ROWS: Mapping[int, Any] = MappingProxyType({})


def standing_draft(
    kind: type[Batch], *, agency: Agency, cycle: Cycle, sha256: str, actor: User
) -> Batch | None:
    """Return the draft that the person began with this file and may still see: the form sent twice begins one.

    The agency stays locked, so that two who begin at the same moment do so one after the other. Raises `NotNow` unless
    the cycle is open.
    """
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    Cycle.objects.held_open(cycle)
    drafts = kind.objects.visible_to(actor).filter(state=SubmissionState.DRAFT, created_by=actor)
    found: Batch | None = drafts.filter(agency=agency, cycle=cycle, sha256=sha256).first()
    return found


def begin_batch(batch: Batch, *, actor: User, now: datetime, action: str = "begun", **facts: Any) -> Batch:
    """Save a new batch, whose owner, file and rows are set, right and wrong ones; `facts` go into the Event."""
    batch.created_by, batch.created_at = actor, now
    batch.save()
    note_writers(batch, actor.pk)
    record_batch(batch, action, actor=actor, now=now, after={"rows": len(batch.rows), **facts})
    return batch


def changed_rows(
    rows: Iterable[Row],
    *,
    corrections: Corrections,
    left_out: Mapping[int, bool],
    columns: Iterable[StrEnum],
    by: int,
) -> list[Row]:
    """Return the rows with what was typed, right or wrong, left out or taken in again as `left_out` says by number.

    Raises `Stale` when a colleague changed one of them since, or it is gone. What stands there already changes nothing.
    """
    changed = {row.number: row for row in rows}
    for number, (cells, revision) in corrections.items():
        row = _row_of(changed, number)
        texts = {column.value: cells.get(column.value, "").strip() for column in columns}
        if any(row.text(column) != text for column, text in texts.items()):
            if row.revision != revision:
                raise stale_row(row)
            changed[number] = row.corrected(texts, by=by)
    for number, is_left_out in left_out.items():
        row = _row_of(changed, number)
        changed[number] = row if row.is_left_out == is_left_out else row.left_out(is_left_out)
    return list(changed.values())


def keep_rows(batch: RowBatch, rows: Iterable[TableRow], *, actor: User, fields: Iterable[str] = ()) -> None:
    """Save the rows of a locked draft, with these other fields. Writes no Event: taking them over writes one."""
    batch.rows = stored(rows)
    batch.revision += 1
    batch.save(update_fields=["rows", "revision", *fields])
    note_writers(batch, actor.pk)


@transaction.atomic
def discard_batch(batch: Batch, *, revision: int, actor: User, now: datetime) -> Batch:
    """Discard a draft; its rows are kept. Discarding twice discards once. Raises what `require_seen` does."""
    batch = locked_batch(batch, actor=actor)
    if batch.state == SubmissionState.DISCARDED:
        return batch
    require_draft(batch)
    require_seen(batch, revision)
    change_state(batch, SubmissionState.DISCARDED, actor=actor, now=now)
    return batch


def locked_batch(batch: Batch, *, actor: User) -> Batch:
    """Return the batch as it is now, locked. Raises `NotAllowed` when the person may not write it."""
    rows = type(batch).objects.select_for_update(no_key=True, of=("self",))
    current: Batch = rows.select_related("agency", "cycle").get(pk=batch.pk)
    require(current.may_be_written_by(actor))
    return current


def locked_draft(batch: Batch, *, actor: User) -> Batch:
    """Return a draft of an open cycle, locked. Raises `NotNow` for any other batch."""
    batch = locked_batch(batch, actor=actor)
    require_draft(batch)
    return batch


def require_draft(batch: RowBatch) -> None:
    """Raise `NotNow` unless the locked batch is a draft of an open cycle, which stays open until the act is done."""
    if not batch.is_draft:
        raise settled(batch)
    batch.cycle = Cycle.objects.held_open(batch.cycle)


def require_seen(batch: RowBatch, revision: int) -> None:
    """Raise `Stale` when rows of the locked batch were changed since `revision`, which the person saw."""
    if batch.revision != revision:
        raise Stale(_("These rows changed after you opened the page. They were kept: look at them first."))


def settled(batch: RowBatch) -> NotNow:
    """Return the refusal of an act on a batch that has gone on."""
    return NotNow(batch.not_in_draft % {"state": batch.get_state_display()})


def stale_row(current: TableRow | None) -> Stale:
    """Return the refusal of a text of a row that a colleague changed first; without `current` the row is gone."""
    newer = _(
        "A colleague has saved a newer text of this row. Yours is kept on this page: compare the two and choose."
    )
    gone = _("A colleague has replaced this file with another one. Your text is kept on this page.")
    return Stale(newer if current else gone, current)


def change_state(
    batch: RowBatch,
    target: str,
    *,
    actor: User,
    now: datetime,
    fields: Iterable[str] = (),
    after: Mapping[str, Any] | None = None,
) -> None:
    """Save the batch in another state, with these other fields, and record the Event, with `after` in it.

    Where nobody can go on with it, it is closed.
    """
    before, saved = {"state": batch.state}, ["state", "closed_at", *fields]
    batch.state, batch.closed_at = target, None if target in OPEN_STATES else now
    batch.save(update_fields=saved)
    after = {"state": target, **(after or {})}
    record_batch(batch, target, actor=actor, now=now, before=before, after=after)


def record_batch(
    batch: RowBatch, action: str, *, actor: User, now: datetime, **facts: Mapping[str, Any]
) -> None:
    """Record one Event, without texts of the rows or the name of the file. `facts` are before and after."""
    shown: dict[str, Any] = {name: jsonable(values) for name, values in facts.items()}
    record(
        action=f"{batch.log_name}.{action}",
        actor=actor,
        now=now,
        obj=batch,
        label=batch.label,
        agency_id=batch.agency_id,
        **shown,
    )


def _row_of(rows: Mapping[int, Row], number: int) -> Row:
    if number not in rows:
        raise stale_row(None)
    return rows[number]
