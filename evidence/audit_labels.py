"""Labels for the audit trail: what people do to documents, and the fields that change."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evidence.states import Harm

ACTIONS: dict[str, str | Promise] = {
    "document.received": _("Evidence file added"),
    "document.refused": _("Evidence file refused"),
    "document.registered": _("Paper file registered"),
    "document.described": _("Details of evidence file changed"),
    "document.withdrawn": _("Evidence file withdrawn"),
    "document.restored": _("Withdrawal of evidence file undone"),
    "document.replaced": _("Evidence file replaced"),
    "document.sealed": _("Evidence file sealed"),
    "document.destroyed": _("Content of evidence file destroyed"),
    "document.scanned": _("Evidence file scanned"),
    "document.rescan_asked": _("New scan of evidence file requested"),
    "document.downloaded": _("Evidence file downloaded"),
    "document.previewed": _("Evidence image viewed"),
    "document.found_harmed": _("Evidence file found to differ or missing"),
    "document.found_whole": _("Evidence file found whole again"),
}
OBJECTS: dict[str, str | Promise] = {"evidence.Document": _("Evidence file")}
FIELDS: dict[str, str | Promise] = {
    "approval": _("approval of the National Archives"),
    "classification": _("classification"),
    "evidence_from": _("evidence from"),
    "evidence_to": _("evidence to"),
    "harm": _("state of the bytes"),
    "media_type": _("type"),
    "note": _("Note"),
    "reason": _("Reason"),
    "reason_code": _("Reason"),
    "reference_number": _("Reference number"),
    "scan_state": _("scan"),
    "sha256": _("SHA-256"),
    "size": _("Size"),
    "state": _("status"),
}


def harm_words(value: str) -> str:
    """Return the words for a `harm`, or the value itself where it is none."""
    return str(Harm(value).label) if value in Harm.values else value
