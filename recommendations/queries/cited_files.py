"""How evidence files appear on the pages of items and updates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from evidence.display import Badge, document_summary, identity_warnings, kind_icon, row_badge, short_kind
from evidence.models import Document
from evidence.states import DocumentState
from recommendations.windows import Window, WindowPlace, window_label
from ui import dates


@dataclass(frozen=True, slots=True)
class File:
    """One document as rows show it; `window` says where its dates lie against the window of the cycle."""

    document: Document
    window: WindowPlace

    @property
    def summary(self) -> dict[str, Any]:
        """What a row of the dropzone needs."""
        return {**document_summary(self.document), "window": self.window}

    @property
    def icon(self) -> str:
        return kind_icon(self.document)

    @property
    def state_words(self) -> str:
        """The state of the file where its agency withdrew or replaced it; else nothing."""
        is_kept = self.document.state == DocumentState.KEPT
        return "" if is_kept else str(self.document.get_state_display())

    @property
    def kind(self) -> str:
        """PDF, DOCX and so on."""
        return short_kind(self.document)

    @property
    def scan(self) -> Badge | None:
        """Tone, word and icon of the scan; None where the page says once that nothing is scanned."""
        return row_badge(self.document)

    @property
    def identity_warnings(self) -> list[str]:
        """What the name and the text of the file seem to identify."""
        return identity_warnings(self.document)

    @property
    def dates_text(self) -> str:
        return dates.day_range(self.document.evidence_from, self.document.evidence_to)


def file_row(
    file: File, *, window: WindowPlace, following_ids: frozenset[int], classification: int
) -> dict[str, Any]:
    """Return a file as a row of the dropzone; one that follows the update lies where its dates do: `window`.

    `is_higher`: its class is above the update's own `classification`, and stays so.
    """
    follows = file.document.pk in following_ids
    is_open = follows and not file.document.is_frozen
    is_higher = file.document.classification > classification
    where = window if is_open else file.window
    return file.summary | {"follows": follows, "window": where, "is_higher": is_higher}


def by_shown_name(documents: Iterable[Document]) -> list[Document]:
    """Return documents in the order of their names as the reader sees them: the place of one tells nothing of hidden words."""
    return sorted(documents, key=lambda document: (document.original_name.casefold(), document.pk))


def file_of(document: Document, window: Window) -> File:
    """Show a document against the window of a cycle."""
    return File(document, window_label(document.evidence_from, document.evidence_to, window))
