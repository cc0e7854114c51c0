"""What was read from an uploaded workbook: its visible sheets, as texts."""

from __future__ import annotations

from dataclasses import dataclass

from audit.errors import DomainError

Cell = str | list[str]


class BadWorkbook(DomainError):
    """The file was refused as a whole, and nothing of it is kept; the message says what to do."""


@dataclass(frozen=True)
class ReadSheet:
    """One visible sheet: its filled rows, each with its line (from 1) and its cells from the first column on."""

    name: str
    rows: list[tuple[int, list[Cell]]]


@dataclass(frozen=True)
class ReadWorkbook:
    """The visible sheets of a file, with its name and hash."""

    file_name: str
    sha256: str
    sheets: list[ReadSheet]
