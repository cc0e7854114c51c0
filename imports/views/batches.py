"""What the pages of every workbook that an agency uploads do alike: find it, read its file, see what was posted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.forms import Form
from django.http import HttpRequest

from accounts.access import find_or_refuse, person_of
from accounts.acting import ActOutcome, attempt
from accounts.models import Agency, User
from evidence.names import clean_name
from imports.workbook import read_workbook
from recommendations.context import set_page_cycle
from recommendations.models import Cycle
from submissions.batches import RowBatch

Batch = TypeVar("Batch", bound=RowBatch)


def found_batch(
    request: HttpRequest, kind: type[Batch], pk: int, *related: str, agency_field: str = ""
) -> Batch:
    """Return a batch that the person may see, with the `related` rows, or answer 404; the page is about its cycle."""
    seen = kind.objects.visible_to(person_of(request))
    seen = seen.select_related("cycle", "agency", "created_by", *related)
    batch: Batch = find_or_refuse(request, seen, pk=pk, agency_field=agency_field)
    set_page_cycle(request, batch.cycle)
    return batch


def attempt_with_rows(
    request: HttpRequest,
    form: Form,
    act: Callable[..., Any],
    *,
    rows_of: Callable[..., Any],
    most_rows: int,
    agency: Agency,
    cycle: Cycle,
) -> ActOutcome:
    """Call a service with the rows that `rows_of` finds in the form's workbook.

    A refusal, of the file or the act, is at the file.
    """

    def read_and_act(*, file: UploadedFile, actor: User, now: datetime) -> Any:
        name = clean_name(file.name or "") or "import.xlsx"
        workbook = read_workbook(file.read(), file_name=name, most_rows=most_rows)
        rows = rows_of(workbook, agency=agency, cycle=cycle, by=actor.pk)
        return act(rows=rows, file_name=workbook.file_name, sha256=workbook.sha256, actor=actor, now=now)

    return attempt(request, read_and_act, form=form, error_field="file")
