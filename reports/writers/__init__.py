"""Writers: each turns one content into the bytes of one paper. They read what they are given, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import BinaryIO, Protocol

from reports.content.reading import Content
from reports.statement import Maker
from reports.states import Paper

#: Told how many rows have been written so far; raises where the making was cancelled.
Progress = Callable[[int], None]


class Writer(Protocol):
    """Writes a content to a binary file that is open for writing and reading, from its beginning.

    It takes every row of the content (`content.finish()` at the latest) and calls `progress` now and then. It opens
    no address and no file that it was not given. Raises `TooMuch` where the paper cannot hold so many rows.
    """

    def __call__(self, content: Content, target: BinaryIO, *, maker: Maker, progress: Progress) -> None: ...


_WHERE = {
    Paper.PDF: "reports.writers.pdf",
    Paper.DOCX: "reports.writers.docx",
    Paper.XLSX: "reports.writers.xlsx",
    Paper.CSV: "reports.writers.csv",
    Paper.JSON: "reports.writers.json",
    Paper.COUNCIL: "reports.writers.council",
    Paper.MEETING: "reports.writers.meeting",
}


def writer_of(paper: Paper) -> Writer:
    """The writer of a paper that is made whole; loaded when it is first needed. The pack is streamed instead."""
    return import_module(_WHERE[paper]).write


def no_progress(_rows: int) -> None:
    """For makings that nobody watches."""
