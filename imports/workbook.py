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
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evidence.errors import BadEvidence
from evidence.kinds import office
from imports import workbook_process as child
from imports.sheets import BadWorkbook, ReadSheet, ReadWorkbook
from ui.numbers import file_size

#: Five hundred rows with long texts, and five thousand with numbers, stay far below.
MAX_FILE_BYTES = 2 * 1024 * 1024
MAX_UNPACKED_BYTES = 24 * 1024 * 1024

_CHILD = Path(child.__file__).resolve()
#: The child ends itself earlier; this is for a child that cannot.
_TIMEOUT_SECONDS = child.WALL_SECONDS + 5


def read_workbook(content: bytes, *, file_name: str, most_rows: int) -> ReadWorkbook:
    """Return the visible sheets of an XLSX file. Raises `BadWorkbook`; takes at most some seconds.

    `most_rows` is how many filled rows all sheets may have together: more than the table itself, so that the table's
    reader can say how many are too many.
    """
    _demand_container(content)
    sheets = [ReadSheet(**sheet) for sheet in json.loads(_run(content, most_rows=most_rows))]
    return ReadWorkbook(file_name, hashlib.sha256(content).hexdigest(), sheets)


def _demand_container(content: bytes) -> None:
    if len(content) > MAX_FILE_BYTES:
        raise too_big()
    file = io.BytesIO(content)
    if content.startswith(office.OLE_SIGNATURE):
        raise BadWorkbook(_REFUSALS.get(office.ole_refusal(file).code, OLD_EXCEL))
    if not content.startswith(b"PK\x03\x04"):
        raise BadWorkbook(NOT_EXCEL)
    try:
        _demand_small(file, size=len(content))
        kind = office.check(file, size=len(content))
    except BadEvidence as error:
        raise BadWorkbook(_REFUSALS.get(error.code, DAMAGED)) from error
    if kind.code != "xlsx":
        raise BadWorkbook(NOT_EXCEL)


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


def _run(content: bytes, *, most_rows: int) -> bytes:
    """Return the answer of the child process. Raises `BadWorkbook` by its exit code."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_CHILD), str(most_rows)],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LANG": "C.UTF-8"},
            cwd="/",
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BadWorkbook(TOO_MUCH) from error
    if done.returncode == child.DONE:
        return done.stdout
    raise BadWorkbook(DAMAGED if done.returncode == child.UNREADABLE else TOO_MUCH)


def too_big() -> BadWorkbook:
    """Return the refusal of a file that is too large, which need not be read."""
    return BadWorkbook(
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
