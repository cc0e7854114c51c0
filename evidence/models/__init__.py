"""The nouns of evidence; each module holds one, its queryset above it and its past below it."""

from evidence.models.document import (
    Document,
    DocumentQuerySet,
    DocumentVersion,
    cites_above,
    held_scan_states,
    is_above,
)
from evidence.models.document_text import DocumentText
from evidence.models.file_check import CHECKED_WITHIN, FileCheck
