"""The audit trail as a CSV file, which is made whole before its first byte leaves (docs/adr/0015)."""

import csv
import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from io import BytesIO, TextIOWrapper
from tempfile import SpooledTemporaryFile
from typing import IO, Any, BinaryIO, cast

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from audit.clock import KUALA_LUMPUR
from audit.errors import NotNow
from audit.models import Event
from audit.snapshot import database_snapshot, stream_rows
from ui.formulas import guard_formula
from ui.numbers import number

#: A spreadsheet opens 1,048,576 rows and drops the others without a word.
MOST_ROWS = 1_000_000
_CHUNK_ROWS = 1000
#: Up to so many bytes are kept in memory, where nobody needs to close them.
_MEMORY_BYTES = 8 * 1024 * 1024
_COLUMNS = (
    "id",
    "occurred_at",
    "recorded_at",
    "action",
    "action_text",
    "actor_id",
    "actor_text",
    "role_text",
    "actor_agency_code",
    "object_type",
    "object_id",
    "label",
    "agency_id",
    "item_id",
    "before",
    "after",
    "reason",
    "address",
    "user_agent",
    "request_id",
)


def make_csv(events: QuerySet[Event]) -> tuple[IO[bytes], int]:
    """Return a file without a name that holds the events as CSV, at its beginning, and their number.

    All are of one snapshot, oldest first; instants are ISO 8601 in Kuala Lumpur. Begins with a byte order mark for
    spreadsheets; a cell that they would run as a formula gets a leading quote. Memory does not grow with the events: a
    long file lies in MEDIA_ROOT/tmp and goes when it is closed. Raises NotNow when there are more than MOST_ROWS.
    """
    folder = settings.MEDIA_ROOT / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as unless_whole:
        spooled = unless_whole.enter_context(SpooledTemporaryFile(_MEMORY_BYTES, dir=str(folder)))
        file = cast("BinaryIO", spooled)
        with database_snapshot():
            _refuse_more_than_fit(events.count())
            rows = _write(events, file)
        is_short = file.tell() <= _MEMORY_BYTES
        file.seek(0)
        if is_short:
            return BytesIO(file.read()), rows
        unless_whole.pop_all()
    return file, rows


def _refuse_more_than_fit(rows: int) -> None:
    if rows > MOST_ROWS:
        raise NotNow(
            _(
                "The filter finds %(rows)s events, and a file holds at most %(most)s. Choose dates closer together, and export in parts."
            )
            % {"rows": number(rows), "most": number(MOST_ROWS)}
        )


def _write(events: QuerySet[Event], file: IO[bytes]) -> int:
    """Write all events and return their number."""
    text = TextIOWrapper(file, encoding="utf-8", newline="")
    text.write("\ufeff")
    writer, rows = csv.writer(text), 0
    writer.writerow(_COLUMNS)
    for rows, event in enumerate(_oldest_first(events), start=1):  # noqa: B007 - the last number is how many there are
        writer.writerow(_cell(getattr(event, name)) for name in _COLUMNS)
    text.flush()
    text.detach()
    return rows


def _oldest_first(events: QuerySet[Event]) -> Iterator[Event]:
    return stream_rows(events.order_by("pk"), chunk_size=_CHUNK_ROWS)


def _cell(value: Any) -> str:
    """Return a value as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(KUALA_LUMPUR).isoformat()
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return guard_formula(str(value))
