"""How pages and scripts show a document; other apps use it for the files on their own pages."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from evidence import scanning
from evidence.kinds.catalogue import BY_MEDIA_TYPE, TEXT_KINDS
from evidence.models import Document, DocumentText
from evidence.states import Harm, ScanState, TextState
from privacy.checks import identities_in_names
from privacy.kinds import count_words
from ui import dates
from ui.components import file_name, flag
from ui.icons import icon
from ui.numbers import file_size

_ICONS = {
    "xlsx": "file-spreadsheet",
    "ods": "file-spreadsheet",
    "csv": "file-spreadsheet",
    "jpeg": "file-image",
    "png": "file-image",
    "eml": "mail",
}


@dataclass(frozen=True)
class Badge:
    """A tone, a word and an icon, as `{% flag %}` and `{% chip %}` draw them."""

    tone: str
    text: str
    icon: str


def scan_badge(document: Document) -> Badge:
    """Return what a page says about the file's safety; a seal outweighs harmed bytes, and they outweigh the scan.

    It knows of harmed bytes where the document was loaded with its `file_check`.
    """
    if document.is_sealed:
        return Badge("warning", pgettext("document", "Sealed"), "lock")
    if not document.has_bytes:
        return Badge("quiet", pgettext("document", "Paper file"), "archive")
    if _is_harmed(document):
        return Badge("danger", _("Not what was received"), "shield-alert")
    text = str(ScanState(document.scan_state).label)
    return {
        ScanState.CLEAN: Badge("success", text, "shield-check"),
        ScanState.PENDING: Badge("info", text, "loader-circle"),
        ScanState.UNSCANNED: Badge("warning", text, "shield-off"),
        ScanState.INFECTED: Badge("danger", text, "shield-alert"),
        ScanState.FAILED: Badge("danger", text, "shield-question-mark"),
    }[ScanState(document.scan_state)]


def row_badge(document: Document) -> Badge | None:
    """Return what a row says about the file's safety; None where nothing is scanned, which the page says once."""
    is_unscanned = document.has_bytes and document.scan_state == ScanState.UNSCANNED
    says_nothing = is_unscanned and not document.is_sealed and not scanning.is_on()
    return None if says_nothing and not _is_harmed(document) else scan_badge(document)


def _is_harmed(document: Document) -> bool:
    """Return whether the newest check, if it was loaded with the document, found its bytes harmed; no query."""
    check = document._state.fields_cache.get("file_check")
    return check is not None and bool(check.harm)


def kind_icon(document: Document) -> str:
    """Return the name of the icon for the document's kind."""
    kind = BY_MEDIA_TYPE.get(document.media_type)
    return _ICONS.get(kind.code, "file-text") if kind else "archive"


def short_kind(document: Document) -> str:
    """Return the kind as its extension in capitals, such as PDF or DOCX; "" for a paper file."""
    kind = BY_MEDIA_TYPE.get(document.media_type)
    return kind.extensions[0].upper() if kind else ""


def kind_label(document: Document) -> str:
    """Return the kind, such as PDF or Word (DOCX); "" for a paper file."""
    kind = BY_MEDIA_TYPE.get(document.media_type)
    return kind.label if kind else ""


def text_label(document: Document) -> str:
    """Return whether the words inside the file can be searched (one query); "" for kinds without text."""
    kind = BY_MEDIA_TYPE.get(document.media_type)
    if kind is None or kind.code not in TEXT_KINDS:
        return ""
    known = DocumentText.objects.filter(document=document).values_list("state", "is_cut").first()
    state, is_cut = known or (TextState.WAITING, False)
    return _("Can be searched up to the length limit") if is_cut else str(TextState(state).label)


def harm_text(document: Document, harm: Harm) -> str:
    """Return the sentence on what is wrong with the bytes of a file."""
    texts = {
        Harm.DIFFERS: _(
            "The bytes of this file differ from what was received on %(day)s: do not rely on it. MAPO has been told."
        ),
        Harm.MISSING: _("The bytes of this file, received on %(day)s, are missing. MAPO has been told."),
        Harm.UNREADABLE: _(
            "The server cannot read the bytes of this file, received on %(day)s, at the moment. MAPO has been told."
        ),
    }
    return texts[harm] % {"day": dates.day(document.received_at)}


def identity_warnings(document: Document) -> list[str]:
    """Return sentences on what the name of the file, and the text inside it, seem to identify; usually none.

    Of the text it tells for documents `with_text_identities` alone. A sealed document tells nothing.
    """
    if document.is_sealed:
        return []
    named = identities_in_names([document.display_name])
    inside = vars(document).get("text_identities") or {}
    told = (
        (_("The name of this file seems to identify a person: %(found)s"), named),
        (_("The text of this file seems to identify a person: %(found)s"), inside),
    )
    return [words % {"found": count_words(counts)} for words, counts in told if counts]


def examination_label(document: Document) -> str:
    """Return whether the text of a document `with_text_identities` was examined and nothing found; "" where it tells more.

    A sealed document and kinds without text tell nothing.
    """
    kind = BY_MEDIA_TYPE.get(document.media_type)
    if document.is_sealed or kind is None or kind.code not in TEXT_KINDS:
        return ""
    inside = vars(document).get("text_identities")
    if inside is None:
        return _("Not checked for names and numbers of people")
    return "" if inside else _("Checked for names and numbers of people: nothing found")


def _name_warning(document: Document) -> str:
    """Return a mark for a file whose name seems to identify a person; "" for most."""
    if document.is_sealed or not identities_in_names([document.display_name]):
        return ""
    words = _("The name of this file seems to identify a person: rename it and upload it again.")
    return flag("warning", words, "triangle-alert")


def document_summary(document: Document) -> dict[str, Any]:
    """Return the document as JSON data for a script: after an upload, and for files already attached.

    Dates are ISO 8601 or "".
    """
    sign = row_badge(document)
    return {
        "id": document.pk,
        "name": document.display_name,
        "size": document.size,
        "size_text": file_size(document.size) if document.has_bytes else "",
        "media_type": document.media_type,
        "classification": document.classification,
        "classification_text": document.get_classification_display(),
        "evidence_from": str(document.evidence_from or ""),
        "evidence_to": str(document.evidence_to or ""),
        "scan_state": document.scan_state,
        "kind": short_kind(document),
        "icon": kind_icon(document),
        "icon_html": icon(kind_icon(document), "icon--20"),
        "name_html": file_name(document.display_name),
        "scan_html": flag(sign.tone, sign.text, sign.icon) if sign else "",
        "name_warning_html": _name_warning(document),
        "detail_url": document.get_absolute_url(),
        "is_frozen": document.is_frozen,
        "dates_text": dates.day_range(document.evidence_from, document.evidence_to),
        "sha256": document.sha256,
    }
