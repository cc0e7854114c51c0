"""What every writer of a summary does, and how the writer of a format is found."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Protocol

from django.utils.module_loading import import_string

from reports.states import FORMATS, ExportFormat

if TYPE_CHECKING:
    from reports.summary.content import SummaryContent
    from reports.summary.statement import Maker


class Writer(Protocol):
    """Writes a content to a binary file that is open for writing and reading, from its beginning.

    It reads every row of the content (`content.finish()` at the latest), and opens no address and no file that it was
    not given. Progress and cancelling are the content's matter. Raises `TooManyRows` where the format cannot hold so
    many rows.
    """

    def __call__(self, content: SummaryContent, target: BinaryIO, *, maker: Maker) -> None: ...


def writer_of(export_format: ExportFormat) -> Writer:
    """Return the writer of a format, loaded when it is first needed; a streamed format has none."""
    writer: Writer = import_string(FORMATS[export_format].writer)
    return writer
