"""manifest.json, which says for programs what a pack and each file of it is, and SHA256SUMS."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from audit.clock import KUALA_LUMPUR
from reports.summary.statement import Statement, class_facts

if TYPE_CHECKING:
    from audit.verification import ChainHead
    from reports.pack.entries import PackEntry
    from reports.pack.members import PackMember
    from reports.summary.rows import ReportedUpdate

#: Another form of the manifest gets another name.
FORM = "jejak-evidence-pack-1"
_BACKSLASH = "\\"
_SUM_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r"})


def manifest(
    statement: Statement,
    *,
    files: Sequence[tuple[str, PackMember]],
    updates: Sequence[tuple[ReportedUpdate, PackMember | None]],
    entries: Sequence[PackEntry],
    names: Mapping[int, str],
    head: ChainHead | None,
) -> bytes:
    """Return the manifest as UTF-8: names are English, days are ISO 8601.

    `files` are generated files with their kind, `updates` have their file, `names` are those of packed documents by
    number.
    """
    content = {
        "form": FORM,
        **statement.facts(),
        "audit_head": {"position": head.position, "hash": head.hash} if head else None,
        "files": [{"kind": kind, **_file(member)} for kind, member in files],
        "updates": [_update(update, member) for update, member in updates],
        "documents": [_document(entry, names) for entry in entries],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _file(member: PackMember) -> dict[str, Any]:
    return {"name": member.name, "size": member.size, "sha256": member.sha256}


def _update(update: ReportedUpdate, member: PackMember | None) -> dict[str, Any]:
    return {
        "review": update.review_id,
        "item": update.item,
        "agency": update.code,
        "decided_at": update.decided_at.astimezone(KUALA_LUMPUR).isoformat(),
        "status": update.status,
        "percent": update.percent,
        "file": _file(member) if member else None,
        "documents": list(update.documents),
    }


def _document(entry: PackEntry, names: Mapping[int, str]) -> dict[str, Any]:
    """Return what the manifest says of a document."""
    citation = entry.citation
    return {
        "number": entry.number,
        "name": names.get(entry.number),
        "not_packed": entry.reason.value if entry.reason else None,
        "original_name": citation.name or None,
        "reference_number": citation.reference_number or None,
        "size": citation.size,
        "sha256": citation.sha256 or None,
        "media_type": citation.media_type or None,
        "classification": class_facts(entry.classification),
        "evidence_from": _day(citation.evidence_from),
        "evidence_to": _day(citation.evidence_to),
        "agency": citation.code,
        "cited_by": list(entry.review_ids),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def sha256_sums(members: Iterable[tuple[str, str]]) -> bytes:
    """Return SHA256SUMS for names and their SHA-256, as `sha256sum -c` takes it."""
    lines = []
    for name, sha256 in members:
        escaped = name.translate(_SUM_ESCAPES)
        # A line begins with a backslash where the name has escapes.
        lines.append(f"{'' if escaped == name else _BACKSLASH}{sha256}  {escaped}\n")
    return "".join(lines).encode()
