"""How a document is called in the audit trail: never by its name, which may be what a seal must hide."""

from evidence.models import Document


def event_label(document: Document) -> str:
    """For example "#12 9f2c41ab": the row and the beginning of the hash, or of a paper file only the row."""
    return f"#{document.pk} {document.sha256[:8]}".strip()
