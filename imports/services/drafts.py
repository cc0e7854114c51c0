"""Begins and corrects a draft. Nothing of it is reported yet."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.clearance import highest_class, usual_class
from accounts.models import Agency, User
from audit.acts import require
from audit.errors import NotNow
from imports.rows import ImportColumn, ImportRow, restored, stored
from imports.services.batches import (
    NO_ROWS,
    Corrections,
    begin_batch,
    changed_rows,
    keep_rows,
    locked_draft,
    record_batch,
    require_seen,
    standing_draft,
)
from imports.values import Unreadable, class_of
from recommendations.models import Cycle, OpeningImport
from recommendations.permissions import may_import


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
    standing = standing_draft(OpeningImport, agency=agency, cycle=cycle, sha256=sha256, actor=actor)
    if standing is not None:
        return standing
    kept = _with_class(rows, actor=actor)
    opening = OpeningImport(
        cycle=cycle,
        agency=agency,
        file_name=file_name,
        sha256=sha256,
        rows=stored(kept),
        classification=_highest(kept, actor=actor),
    )
    return begin_batch(opening, actor=actor, now=now, sha256=sha256)


@transaction.atomic
def replace_rows(
    opening: OpeningImport,
    *,
    revision: int,
    rows: Iterable[ImportRow],
    file_name: str,
    sha256: str,
    actor: User,
    now: datetime,
) -> OpeningImport:
    """Replace the draft's rows, and their corrections, with the rows of another file. Raises what `require_seen` does."""
    opening = locked_draft(opening, actor=actor)
    require_seen(opening, revision)
    first = max((row.number for row in restored(opening.rows)), default=0)
    kept = _with_class(rows, actor=actor, numbers_after=first)
    before = {"rows": len(opening.rows), "sha256": opening.sha256}
    opening.file_name, opening.sha256 = file_name, sha256
    _keep(opening, kept, actor=actor)
    after = {"rows": len(kept), "sha256": sha256}
    record_batch(opening, "file_replaced", actor=actor, now=now, before=before, after=after)
    return opening


@transaction.atomic
def correct_rows(
    opening: OpeningImport,
    *,
    corrections: Corrections = NO_ROWS,
    left_out: Mapping[int, bool] = NO_ROWS,
    actor: User,
    now: datetime,
) -> OpeningImport:
    """Save what was typed into rows, and which are left out (see `changed_rows`). Writes no Event: the sending writes one.

    Raises `NotNow` for a text that is classified above what the person may handle.
    """
    opening = locked_draft(opening, actor=actor)
    rows = restored(opening.rows)
    about: dict[str, Any] = {"columns": ImportColumn, "by": actor.pk}
    changed = changed_rows(rows, corrections=corrections, left_out=left_out, **about)
    if changed != rows:
        _demand_handled((row for row in changed if row.number in corrections), actor=actor)
        _keep(opening, changed, actor=actor)
    return opening


def _keep(opening: OpeningImport, rows: Sequence[ImportRow], *, actor: User) -> None:
    opening.classification = _highest(rows, actor=actor)
    keep_rows(opening, rows, actor=actor, fields=["file_name", "sha256", "classification"])


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
