"""Begins, corrects and discards a draft. Nothing of it is reported yet."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.clearance import highest_class, usual_class
from accounts.models import Agency, User
from audit.acts import require
from audit.errors import NotNow
from imports.rows import ImportColumn, ImportRow, restored, stored
from imports.services.rows import row_of, stale_row
from imports.services.shared import change_state, locked_draft, locked_import, record_opening, require_draft
from imports.values import Unreadable, class_of
from recommendations.models import Cycle, OpeningImport
from recommendations.models.opening import OpeningState
from recommendations.permissions import may_import
from submissions.services import note_writers


@transaction.atomic
def begin_opening(
    cycle: Cycle,
    *,
    agency: Agency,
    rows: Iterable[ImportRow],
    file_name: str,
    sha256: str,
    actor: User,
    now: datetime,
) -> OpeningImport:
    """Save the rows of a file, right and wrong ones, as a draft. Nothing of it is reported yet.

    Raises `NotNow` when a row is classified above what the person, or the installation, may handle: such a text is
    not saved at all. Sending the form twice begins one draft: the one that the person began with the same file is
    returned as it is.
    """
    require(may_import(actor, agency))
    cycle = Cycle.objects.held_open(cycle)
    standing = _standing_draft(cycle, agency=agency, sha256=sha256, actor=actor)
    if standing is not None:
        return standing
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
    note_writers(opening, actor.pk)
    record_opening(
        opening, "opening.begun", actor=actor, now=now, after={"rows": len(kept), "sha256": sha256}
    )
    return opening


@transaction.atomic
def replace_rows(
    opening: OpeningImport,
    *,
    rows: Iterable[ImportRow],
    file_name: str,
    sha256: str,
    actor: User,
    now: datetime,
) -> OpeningImport:
    """Replace the draft's rows, and their corrections, with the rows of another file."""
    opening = locked_draft(opening, actor=actor)
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
    """Save what was typed into one row, right or wrong. Writes no Event: the sending writes one.

    Raises `Stale` when a colleague changed the row since `revision`, or it is gone. Saving what stands there
    changes nothing.
    """
    opening = locked_draft(opening, actor=actor)
    rows = restored(opening.rows)
    row = row_of(rows, number)
    texts = {column.value: cells.get(column.value, "").strip() for column in ImportColumn}
    if texts == row.cells:
        return opening
    if row.revision != revision:
        raise stale_row(row)
    corrected = row.corrected(texts, by=actor.pk)
    _demand_handled([corrected], actor=actor)
    _keep(opening, [corrected if each.number == number else each for each in rows], actor=actor)
    return opening


@transaction.atomic
def leave_row_out(
    opening: OpeningImport, *, number: int, is_left_out: bool, actor: User, now: datetime
) -> OpeningImport:
    """Leave one row out of what will be sent, or take it in again; its text stays in the draft.

    Writes no Event, like a correction: the sending writes one.
    """
    opening = locked_draft(opening, actor=actor)
    rows = restored(opening.rows)
    row = row_of(rows, number)
    if row.is_left_out != is_left_out:
        changed = row.left_out(is_left_out)
        _keep(opening, [changed if each.number == number else each for each in rows], actor=actor)
    return opening


@transaction.atomic
def discard_opening(opening: OpeningImport, *, actor: User, now: datetime) -> OpeningImport:
    """Discard a draft. Its rows are kept, and `reopen_opening` begins a new draft with them."""
    opening = locked_import(opening, actor=actor)
    if opening.state == OpeningState.DISCARDED:
        return opening
    require_draft(opening)
    opening.cycle = Cycle.objects.held_open(opening.cycle)
    opening.closed_at = now
    change_state(opening, OpeningState.DISCARDED, actor=actor, now=now)
    return opening


def _standing_draft(cycle: Cycle, *, agency: Agency, sha256: str, actor: User) -> OpeningImport | None:
    """Return the draft that the person began with this file and may still see, if any.

    The agency stays locked, so that two who begin at the same moment do so one after the other.
    """
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    drafts = OpeningImport.objects.visible_to(actor).filter(state=OpeningState.DRAFT, created_by=actor)
    return drafts.filter(cycle=cycle, agency=agency, sha256=sha256).first()


def _keep(opening: OpeningImport, rows: Sequence[ImportRow], *, actor: User) -> None:
    opening.rows = stored(rows)
    opening.classification = _highest(rows, actor=actor)
    opening.revision += 1
    opening.save(update_fields=["rows", "file_name", "sha256", "classification", "revision"])
    note_writers(opening, actor.pk)


def _with_class(rows: Iterable[ImportRow], *, actor: User, numbers_after: int = 0) -> list[ImportRow]:
    """Return the rows, numbered and classified. Raises `NotNow` for a row above what may be handled here."""
    usual = str(int(usual_class(actor)))
    kept = []
    for place, row in enumerate(rows, numbers_after + 1):
        cells = {
            **row.cells,
            ImportColumn.CLASSIFICATION.value: row.text(ImportColumn.CLASSIFICATION) or usual,
        }
        numbered = ImportRow(number=place, line=row.line, cells=cells, marks=row.marks, by=actor.pk)
        kept.append(numbered.with_examined())
    _demand_handled(kept, actor=actor)
    return kept


def _demand_handled(rows: Iterable[ImportRow], *, actor: User) -> None:
    above = [str(row.line) for row in rows if _class_of(row, actor=actor) > highest_class(actor)]
    if above:
        raise NotNow(
            _(
                "Classified above what you may handle here: row %(lines)s. Nothing was kept. Remove it, or "
                "ask somebody with the clearance."
            )
            % {"lines": ", ".join(above[:10])}
        )


def _class_of(row: ImportRow, *, actor: User) -> int:
    """Return the class of a row; the usual one while its cell cannot be read."""
    try:
        return class_of(row.text(ImportColumn.CLASSIFICATION))
    except Unreadable:
        return usual_class(actor)


def _highest(rows: Iterable[ImportRow], *, actor: User) -> int:
    return max((_class_of(row, actor=actor) for row in rows), default=usual_class(actor))
