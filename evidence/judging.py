"""Judge an arriving file: its kind, or a sentence that says what is wrong with it and what to do.

The bytes are read by a process of its own (`evidence.kinds.child`). What that answers is believed only as far as it is
one of our codes.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.child_process import SandboxFailed, run_child
from evidence.errors import BadEvidence, NotJudged
from evidence.kinds.catalogue import BY_CODE, EXTENSIONS, KINDS, MAX_PIXELS, FileKind
from evidence.limits import JUDGING
from evidence.names import extension_of
from evidence.sandbox import DONE

PROCESS = "evidence.kinds.child"
#: So many files are judged at once in one web process; the others wait this long for their turn.
AT_ONCE = 2
TURN_SECONDS = 8.0
_turns = threading.BoundedSemaphore(AT_ONCE)

_MEDIA_TYPE = re.compile(r"[a-z]+/[A-Za-z0-9.+-]{1,100}")

_ACCEPTED = gettext_lazy(
    "Upload a PDF, an Office or OpenDocument file, a JPEG or PNG image, CSV, TXT or EML."
)
_REFUSED = gettext_lazy(
    "The content of this file is %(what)s, although its name is “%(name)s”. It was not kept. "
)

#: The reason's code in the audit trail, and the words, of each sentence by which a file is refused.
_SENTENCES: dict[str, tuple[str, str | Promise]] = {
    "archive": (
        "archive",
        gettext_lazy("Compressed folders are not accepted. Open it, and upload the files in it one by one."),
    ),
    "not_office": (
        "archive",
        gettext_lazy(
            "A ZIP file is not accepted: by its content this is not a DOCX, XLSX, PPTX, ODT, ODS or ODP. "
            "Open it, and upload the files in it one by one."
        ),
    ),
    "hidden": (
        "mixed",
        gettext_lazy(
            "This %(kind)s file has another file hidden in it. Save it again from the program that made "
            "it, and try again."
        ),
    ),
    "late_pdf": (
        "mixed",
        gettext_lazy(
            "This PDF has other data before its beginning, so it was not accepted. Print it to a new PDF "
            "and upload that."
        ),
    ),
    "not_text": (
        "not_text",
        gettext_lazy("The content of this file was not recognised, so it was not kept. "),
    ),
    "holds_program": (
        "program",
        gettext_lazy(
            "This file contains a program, so it was not kept. Remove it, or print the file to a new PDF, and upload that."
        ),
    ),
    "macros": (
        "macros",
        gettext_lazy(
            "This file has macros, which are programs. Save it without macros (DOCX, XLSX or PPTX) or as PDF, "
            "and upload that."
        ),
    ),
    "starts_program": (
        "active",
        gettext_lazy(
            "This file starts another program when it is opened (DDE), so it was not kept. Remove the field or link, "
            "or save it as PDF, and upload that."
        ),
    ),
    "loads_from_elsewhere": (
        "active",
        gettext_lazy(
            "This file loads a template or an object from another computer when it is opened, so it was not kept. "
            "Detach the template or object, or save it as PDF, and upload that."
        ),
    ),
    "acts_on_opening": (
        "active",
        gettext_lazy(
            "This PDF runs a script or starts a program when it is opened, so it was not kept. Print it to a new PDF, "
            "and upload that."
        ),
    ),
    "bomb": (
        "bomb",
        gettext_lazy(
            "This file unpacks to far more than an Office file needs, so it was not opened. Save it "
            "again from the program that made it, or as PDF, and upload that."
        ),
    ),
    "damaged_office": (
        "damaged",
        gettext_lazy(
            "This file is damaged, or not a plain Office file. Open it, save it again and upload that."
        ),
    ),
    "damaged_pdf": (
        "damaged",
        gettext_lazy("This PDF is damaged or incomplete. Open it, save it as a new PDF, and upload that."),
    ),
    "damaged_image": (
        "damaged",
        gettext_lazy("This %(kind)s image is damaged or incomplete. Open it, save it again and upload that."),
    ),
    "not_message": (
        "damaged",
        gettext_lazy(
            "This file is named EML but is not a saved e-mail message. Save the message again, or as PDF."
        ),
    ),
    "too_many_dots": (
        "too_many_dots",
        gettext_lazy(
            "This image has more than %(limit)d million pixels, too many to open safely. Save it at a "
            "lower resolution and upload that."
        ),
    ),
    "protected_pdf": (
        "protected",
        gettext_lazy(
            "This PDF is protected by a password or by restrictions, so it can be neither scanned nor kept as "
            "evidence. Save or print it to a PDF without protection, and upload that."
        ),
    ),
    "protected_office": (
        "protected",
        gettext_lazy(
            "This file is protected by a password, so it can be neither scanned nor read by MAPO. "
            "Remove the password, save it, and upload it again."
        ),
    ),
    "protected_ole": (
        "protected",
        gettext_lazy(
            "This Office file is protected by a password, so it can be neither scanned nor read by MAPO. "
            "Remove the password (File, Info, Protect), save it, and upload it again."
        ),
    ),
    "outlook_message": (
        "old_office",
        gettext_lazy(
            "Outlook messages (MSG) are not accepted. Save the message as EML or as PDF, and upload that."
        ),
    ),
    "old_office": (
        "old_office",
        gettext_lazy(
            "This is an Office file in the old format (DOC, XLS or PPT), or one that contains a program. "
            "Open it, save it as DOCX, XLSX or PPTX, and upload that."
        ),
    ),
    "too_much": (
        "too_much",
        gettext_lazy(
            "Checking this file took more time or memory than we allow, so it was not kept. Save it again from "
            "the program that made it, or as PDF, and upload that."
        ),
    ),
}


def judge(path: Path, *, name: str, size: int) -> FileKind:
    """Return the kind of the whole file at `path`; `size` in bytes, `name` already cleaned.

    Raises BadEvidence when it is empty, not an accepted kind, protected, damaged, more than one thing at once, too big
    when unpacked, too much work, or named like another kind; NotJudged when it could not be looked at now.
    """
    if not name:
        raise BadEvidence(
            _("The file has no usable name. Give it a short name, and try again."), code="no_name"
        )
    if size == 0:
        raise BadEvidence(_("The file is empty. Check that it was saved, and choose it again."), code="empty")
    # Opened anew, and for reading alone.
    with _turn(), path.open("rb") as file:
        kind = _kind(file, name=name)
    _demand_agreeing_name(kind, name=name)
    return kind


def accepted_extensions() -> list[str]:
    """Return what a file dialog may offer: ".pdf", ".docx" and so on."""
    return [f".{extension}" for kind in KINDS for extension in kind.extensions]


@contextmanager
def _turn() -> Iterator[None]:
    """Hold one of the places of this process. Raises NotJudged when none becomes free."""
    if not _turns.acquire(timeout=TURN_SECONDS):
        raise NotJudged(
            _(
                "Too many files are being checked at this moment, so this one was not kept; your text is not "
                "affected. Try again in a minute."
            )
        )
    try:
        yield
    finally:
        _turns.release()


def _kind(file: IO[bytes], *, name: str) -> FileKind:
    """Return what the child found. Raises BadEvidence and NotJudged."""
    extension = extension_of(name)
    known = extension if extension in EXTENSIONS else ""
    try:
        ended = run_child(PROCESS, known, file=file, limits=JUDGING)
    except SandboxFailed as error:
        raise NotJudged.without_sandbox(error) from error
    verdict, told, what = [*ended.output.decode("ascii", "replace").split(" "), "", ""][:3]
    if ended.code == DONE and verdict == "kind" and told in BY_CODE:
        return BY_CODE[told]
    if ended.code == DONE and verdict == "refused":
        raise _refusal(told, what, name=name)
    raise _refusal("too_much", "", name=name)


def _refusal(sentence: str, what: str, *, name: str) -> BadEvidence:
    """Return the refusal in words. What it mentions came from the child and is checked again."""
    if sentence in ("program", "web_page", "not_accepted"):
        return _other_content(sentence, what, name=name)
    code, words = _SENTENCES[sentence if sentence in _SENTENCES else "too_much"]
    kind = BY_CODE.get(what)
    told = str(words) % {"kind": kind.label if kind else "", "limit": MAX_PIXELS // 1_000_000}
    return BadEvidence(told + (str(_ACCEPTED) if sentence == "not_text" else ""), code=code)


def _other_content(sentence: str, what: str, *, name: str) -> BadEvidence:
    """Return the refusal of content that is never evidence; says what it is, and what its name says."""
    known = {"program": _("a program"), "web_page": _("a web page or script")}
    told = known.get(sentence) or (what if _MEDIA_TYPE.fullmatch(what) else _("of another type"))
    return BadEvidence(str(_REFUSED) % {"what": told, "name": name} + str(_ACCEPTED), code=sentence)


def _demand_agreeing_name(kind: FileKind, *, name: str) -> None:
    """Raise BadEvidence unless the name ends as files of this kind do."""
    extension = extension_of(name)
    if extension in kind.extensions:
        return
    expected = f".{kind.extensions[0]}"
    if not extension:
        raise BadEvidence(
            _("The file name has no extension. The content is %(kind)s: end the name in %(expected)s.")
            % {"kind": kind.label, "expected": expected},
            code="wrong_extension",
        )
    told = EXTENSIONS.get(extension)
    raise BadEvidence(
        _(
            "The name says %(told)s, but the content is %(kind)s. If it is the right file, end its name "
            "in %(expected)s and upload it again."
        )
        % {"told": told.label if told else f".{extension}", "kind": kind.label, "expected": expected},
        code="wrong_extension",
    )
