"""Workbooks for tests: plain ones, odd ones, and hostile ones made part by part."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

HEAD = (
    "Item",
    "Reported on",
    "Status",
    "Percentage",
    "What was done",
    "Covers from",
    "Covers to",
    "Classification",
)
ROW = (
    "Recommendation 1",
    date(2023, 5, 2),
    "In progress",
    20,
    "Dua kursus",
    date(2023, 4, 1),
    date(2023, 4, 30),
    "Restricted",
)


def workbook(
    *rows: Iterable[Any], head: Iterable[Any] = HEAD, change: Callable[[Worksheet], None] | None = None
) -> bytes:
    """A workbook with one table in its one sheet; `change` has the last word."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (head, *rows):
        sheet.append(list(row))
    if change:
        change(sheet)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def repacked(content: bytes, change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    """The same workbook with its parts changed one by one, and these parts added."""
    output = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, part in more.items():
            new.writestr(name, part)
    return output.getvalue()


def in_sheet(content: bytes, old: bytes, new: bytes) -> bytes:
    """The same workbook with other bytes in its first sheet."""
    return repacked(
        content, lambda name, part: part.replace(old, new) if name.endswith("sheet1.xml") else part
    )
