"""Notes of backups: small files that the scripts leave in a folder, and that a worker takes up.

The scripts run as users that must not have Jejak's secrets, and while Jejak may be stopped. A note has one `key=value` a line:
kind, began and ended (ISO 8601 with its zone), exit_code, and, where they are known, added_bytes and label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from backups.states import BackupKind

ENDING = ".note"
#: No note is longer; the most that are read at once.
_MOST_BYTES, _MOST_NOTES = 2_000, 500
_LABEL = re.compile(r"[A-Za-z0-9_.-]{0,64}")
_NUMBER = re.compile(r"[0-9]{1,18}")
_MOST_EXIT_CODE = 255


class BadNote(ValueError):
    """The text is no note of a backup; the message says why, in English, for the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupNote:
    """What a script says of one backup."""

    kind: BackupKind
    began_at: datetime
    ended_at: datetime
    exit_code: int
    added_bytes: int = 0
    label: str = ""


def read_note(text: str) -> BackupNote:
    """Return what a note says. Raises BadNote."""
    values = dict(line.partition("=")[::2] for line in text.split("\n") if line.strip())
    kind, label = values.get("kind", ""), values.get("label", "")
    if kind not in BackupKind.values:
        raise BadNote("it says of nothing known that it was backed up")
    if not _LABEL.fullmatch(label):
        raise BadNote("its label is none")
    began, ended = _instant(values.get("began", "")), _instant(values.get("ended", ""))
    if ended < began:
        raise BadNote("it ended before it began")
    return BackupNote(
        kind=BackupKind(kind),
        began_at=began,
        ended_at=ended,
        exit_code=min(_number(values.get("exit_code", "")), _MOST_EXIT_CODE),
        added_bytes=_number(values.get("added_bytes", "") or "0"),
        label=label,
    )


def waiting_notes(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield the notes that wait in a folder, the oldest first, each with its text; nothing where there is no folder."""
    for path in sorted(folder.glob(f"*{ENDING}"))[:_MOST_NOTES]:
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                yield path, file.read(_MOST_BYTES).decode(errors="replace")


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadNote(f"{text[:40]!r} is no instant") from None
    if found.tzinfo is None:
        raise BadNote(f"{text[:40]!r} has no zone")
    return found


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise BadNote(f"{text[:40]!r} is no number")
    return int(text)
