"""The states of a document, and the changes that the database allows."""

from datetime import timedelta

from django.db import models
from django.utils.translation import pgettext_lazy


class ScanState(models.TextChoices):
    """What the virus scanner found in the bytes."""

    PENDING = "pending", pgettext_lazy("scan", "Being scanned")
    CLEAN = "clean", pgettext_lazy("scan", "Clean")
    INFECTED = "infected", pgettext_lazy("scan", "Held: a virus was found")
    UNSCANNED = "unscanned", pgettext_lazy("scan", "Not scanned")
    FAILED = "failed", pgettext_lazy("scan", "Held: could not be scanned")


class Harm(models.TextChoices):
    """What is wrong with stored bytes."""

    DIFFERS = "differs", pgettext_lazy("bytes", "Differ from what was recorded")
    MISSING = "missing", pgettext_lazy("bytes", "Missing")
    UNREADABLE = "unreadable", pgettext_lazy("bytes", "Cannot be read")


class DocumentState(models.TextChoices):
    """Whether the agency still uses the document."""

    KEPT = "kept", pgettext_lazy("document", "In use")
    WITHDRAWN = "withdrawn", pgettext_lazy("document", "Withdrawn")
    REPLACED = "replaced", pgettext_lazy("document", "Replaced")


class TextState(models.TextChoices):
    """Whether the text inside a file was extracted."""

    WAITING = "waiting", pgettext_lazy("text of a file", "Waiting to be read")
    DONE = "done", pgettext_lazy("text of a file", "Can be searched")
    EMPTY = "empty", pgettext_lazy("text of a file", "Contains no text")
    TOO_BIG = "too_big", pgettext_lazy("text of a file", "Too big to be searched")
    FAILED = "failed", pgettext_lazy("text of a file", "Could not be read")
    REMOVED = "removed", pgettext_lazy("text of a file", "Removed")


#: Every move that a document may make. Replaced is final; a withdrawal can be undone.
DOCUMENT_MOVES = (
    (DocumentState.KEPT.value, DocumentState.WITHDRAWN.value),
    (DocumentState.KEPT.value, DocumentState.REPLACED.value),
    (DocumentState.WITHDRAWN.value, DocumentState.KEPT.value),
)

#: How long a file waits at most for its next scan: while the scanner does not answer; and where it could not be scanned, since
#: the scanner's limits may be raised. How long a task claims a text: longer than any reading takes.
LONGEST_SCAN_PAUSE, FAILED_SCAN_PAUSE = timedelta(minutes=30), timedelta(hours=6)
TEXT_CLAIM = timedelta(minutes=5)

#: Every move of a scan. Clean and infected are final: the bytes never change.
SCAN_MOVES = (
    (ScanState.PENDING.value, ScanState.CLEAN.value),
    (ScanState.PENDING.value, ScanState.INFECTED.value),
    (ScanState.PENDING.value, ScanState.FAILED.value),
    (ScanState.PENDING.value, ScanState.UNSCANNED.value),
    (ScanState.FAILED.value, ScanState.CLEAN.value),
    (ScanState.FAILED.value, ScanState.INFECTED.value),
    (ScanState.FAILED.value, ScanState.PENDING.value),
    (ScanState.UNSCANNED.value, ScanState.CLEAN.value),
    (ScanState.UNSCANNED.value, ScanState.INFECTED.value),
    (ScanState.UNSCANNED.value, ScanState.FAILED.value),
)
