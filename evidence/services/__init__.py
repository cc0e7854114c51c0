"""Every write to documents."""

from evidence.services.keeping import broken_documents, destroy_sealed_document
from evidence.services.lifecycle import (
    describe_document,
    freeze_documents,
    replace_document,
    restore_document,
    seal_document,
    withdraw_document,
)
from evidence.services.reading import record_download, record_preview
from evidence.services.receiving import receive_file, record_oversize, register_reference
from evidence.services.scans import (
    ask_for_rescan,
    claim_preview,
    claim_scan,
    claim_waiting_scans,
    note_preview,
    postpone_scan,
    record_scan,
)
from evidence.services.texts import claim_text, keep_text, read_texts_again

__all__ = [
    "ask_for_rescan",
    "broken_documents",
    "claim_preview",
    "claim_scan",
    "claim_text",
    "claim_waiting_scans",
    "describe_document",
    "destroy_sealed_document",
    "freeze_documents",
    "keep_text",
    "note_preview",
    "postpone_scan",
    "read_texts_again",
    "receive_file",
    "record_download",
    "record_oversize",
    "record_preview",
    "record_scan",
    "register_reference",
    "replace_document",
    "restore_document",
    "seal_document",
    "withdraw_document",
]
