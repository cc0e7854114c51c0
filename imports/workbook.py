"""Reads an uploaded workbook without trusting it.

The file comes from outside and is read while a person waits, so three things limit it: its size; the container, which
is checked by the rules for evidence and must be small when unpacked; and a process of its own (`workbook_process`), in
which the library parses under limits of memory, processor and time, with an empty environment. A file that makes the
library fail ends that process, and the person reads why.
"""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.errors import DomainError
from evidence.errors import BadEvidence
from evidence.kinds import office
from imports import workbook_process as child
from ui.numbers import file_size

#: Five hundred rows with long texts stay far below.
MAX_FILE_BYTES = 2 * 1024 * 1024
MAX_UNPACKED_BYTES = 24 * 1024 * 1024

_CHILD = Path(child.__file__).resolve()
#: The child ends itself earlier; this is for a child that cannot.
_TIMEOUT_SECONDS = child.WALL_SECONDS + 5

Cell = str | list[str]


class BadOpeningFile(DomainError):
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


def read_workbook(content: bytes, *, file_name: str) -> ReadWorkbook:
    """Return the visible sheets of an XLSX file. Raises `BadOpeningFile`; takes at most some seconds."""
    _demand_container(content)
    sheets = [ReadSheet(**sheet) for sheet in json.loads(_run(content))]
    return ReadWorkbook(file_name, hashlib.sha256(content).hexdigest(), sheets)


def _demand_container(content: bytes) -> None:
    if len(content) > MAX_FILE_BYTES:
        raise too_big()
    file = io.BytesIO(content)
    if content.startswith(office.OLE_SIGNATURE):
        raise BadOpeningFile(_REFUSALS.get(office.ole_refusal(file).code, OLD_EXCEL))
    if not content.startswith(b"PK\x03\x04"):
        raise BadOpeningFile(NOT_EXCEL)
    try:
        _demand_small(file, size=len(content))
        kind = office.check(file, size=len(content))
    except BadEvidence as error:
        raise BadOpeningFile(_REFUSALS.get(error.code, DAMAGED)) from error
    if kind.code != "xlsx":
        raise BadOpeningFile(NOT_EXCEL)


def _demand_small(file: io.BytesIO, *, size: int) -> None:
    """Raise `BadEvidence` if the parts are large by the list of contents, or one is an archive. `office.check` finds false lists."""
    with office.open_container(file, size=size) as container:
        if sum(entry.file_size for entry in container.infolist()) > MAX_UNPACKED_BYTES:
            raise office.bomb()
        if any(_begins_archive(container, entry) for entry in container.infolist()):
            raise office.bomb()


def _begins_archive(container: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    try:
        with container.open(entry) as part:
            return part.read(4) == b"PK\x03\x04"
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise office.damaged() from error


def _run(content: bytes) -> bytes:
    """Return the answer of the child process. Raises `BadOpeningFile` by its exit code."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_CHILD)],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LANG": "C.UTF-8"},
            cwd="/",
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BadOpeningFile(TOO_MUCH) from error
    if done.returncode == child.DONE:
        return done.stdout
    raise BadOpeningFile(DAMAGED if done.returncode == child.UNREADABLE else TOO_MUCH)


def too_big() -> BadOpeningFile:
    """Return the refusal of a file that is too large, which need not be read."""
    return BadOpeningFile(
        _("The file is larger than %(limit)s. Remove pictures and other sheets from it, and choose it again.")
        % {"limit": file_size(MAX_FILE_BYTES)}
    )


NOT_EXCEL = _("This is not an Excel workbook. Save it as “Excel Workbook (.xlsx)”, and choose that file.")
OLD_EXCEL = _(
    "This file is in Excel’s old format (.xls). Open it, save it as “Excel Workbook (.xlsx)”, and choose that."
)
DAMAGED = _(
    "This workbook is damaged and could not be read. Open it, save it again as .xlsx, and choose that."
)
TOO_MUCH = _(
    "This workbook contains far more than the template needs, so it was not read. Copy your rows "
    "into a new one."
)
_REFUSALS: dict[str, str | Promise] = {
    "macros": _(
        "This workbook has macros, which are programs. Save it as “Excel Workbook (.xlsx)”, without them."
    ),
    "protected": _(
        "This workbook is protected by a password. Remove the password, save it, and choose it again."
    ),
    "bomb": TOO_MUCH,
    "archive": NOT_EXCEL,
}
