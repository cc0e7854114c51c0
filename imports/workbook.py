"""Reads an uploaded workbook without trusting it.

The file comes from outside and is read while a person waits, so two things limit it: its size, and a process of its own
(`workbook_process`), which checks the container by the rules for evidence and lets the library parse under limits of
memory, processor and time, with an empty environment. A file that makes the library fail ends that process, and the
person reads why.
"""

import hashlib
import json
import tempfile
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evidence.child_process import SandboxFailed, run_child
from evidence.errors import NotJudged
from evidence.sandbox import DONE
from evidence.sandbox import TOO_MUCH as LIMIT_REACHED
from imports import workbook_process as child
from imports.sheets import BadWorkbook, ReadSheet, ReadWorkbook
from ui.numbers import file_size

#: Five hundred rows with long texts, and five thousand with numbers, stay far below.
MAX_FILE_BYTES = 2 * 1024 * 1024


def read_workbook(content: bytes, *, file_name: str, most_rows: int) -> ReadWorkbook:
    """Return the visible sheets of an XLSX file. Raises `BadWorkbook`; takes at most some seconds.

    `most_rows` is how many filled rows all sheets may have together: more than the table itself, so that the table's
    reader can say how many are too many.
    """
    sheets = [ReadSheet(**sheet) for sheet in _run(content, most_rows=most_rows)]
    return ReadWorkbook(file_name, hashlib.sha256(content).hexdigest(), sheets)


def _run(content: bytes, *, most_rows: int) -> list[dict[str, Any]]:
    """Return the sheets that the child process found. Raises `BadWorkbook`."""
    if len(content) > MAX_FILE_BYTES:
        raise too_big()
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        try:
            ended = run_child(child.__name__, str(most_rows), file=file, limits=child.LIMITS)
        except SandboxFailed as error:
            raise BadWorkbook(str(NotJudged.without_sandbox(error))) from error
    if ended.code != DONE:
        raise BadWorkbook(TOO_MUCH if ended.code == LIMIT_REACHED else DAMAGED)
    answer = json.loads(ended.output)
    if "refused" in answer:
        raise BadWorkbook(_REFUSALS.get(answer["refused"], DAMAGED))
    return list(answer["sheets"])


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
_PROTECTED = _("This workbook is protected by a password. Remove the password, save it, and choose it again.")
_REFUSALS: dict[str, str | Promise] = {
    "macros": _(
        "This workbook has macros, which are programs. Save it as “Excel Workbook (.xlsx)”, without them."
    ),
    "protected_office": _PROTECTED,
    "protected_ole": _PROTECTED,
    "old_office": OLD_EXCEL,
    "bomb": TOO_MUCH,
    "outlook_message": NOT_EXCEL,
    "not_office": NOT_EXCEL,
}
