"""manifest.json: what a pack is, and what each file of it is, for programs. Names are English, days are ISO 8601."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from audit.clock import KUALA_LUMPUR
from audit.verification import ChainHead
from reports.pack.gathering import Above, Cited, Gathered, Left
from reports.pack.members import Member
from reports.summary.rows import ReportedUpdate
from reports.summary.statement import Statement, class_facts

#: Another form of the manifest gets another name.
FORM = "jejak-evidence-pack-1"


@dataclass(frozen=True, slots=True)
class Listed:
    """What the manifest tells of: made files by what they are, updates with their file, documents."""

    made: Sequence[tuple[str, Member]]
    updates: Sequence[tuple[ReportedUpdate, Member | None]]
    gathered: Gathered
    names: Mapping[int, str]


def manifest(statement: Statement, listed: Listed, *, head: ChainHead | None) -> bytes:
    """The whole manifest as UTF-8."""
    documents = [
        *(_cited(each, listed.names) for each in listed.gathered.cited.values()),
        *(_above(each) for each in listed.gathered.above),
    ]
    whole = {
        "form": FORM,
        **statement.facts(),
        "audit_head": {"position": head.position, "hash": head.hash} if head else None,
        "files": [{"kind": kind, **_file(member)} for kind, member in listed.made],
        "updates": [_update(update, member) for update, member in listed.updates],
        "documents": documents,
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def _file(member: Member) -> dict[str, Any]:
    return {"name": member.name, "size": member.size, "sha256": member.sha256}


def _update(update: ReportedUpdate, member: Member | None) -> dict[str, Any]:
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


def _cited(cited: Cited, names: Mapping[int, str]) -> dict[str, Any]:
    row = cited.row
    return {
        "number": row.number,
        "name": names.get(row.number),
        "not_packed": _reason(cited.left),
        "original_name": row.name or None,
        "reference_number": row.reference_number or None,
        "size": row.size,
        "sha256": row.sha256 or None,
        "media_type": row.media_type or None,
        "classification": class_facts(cited.document.classification),
        "evidence_from": _day(row.evidence_from),
        "evidence_to": _day(row.evidence_to),
        "agency": row.code,
        "cited_by": list(cited.review_ids),
    }


def _above(above: Above) -> dict[str, Any]:
    return {
        "number": above.number,
        "name": None,
        "not_packed": Left.ABOVE.value,
        "classification": class_facts(above.classification),
    }


def _reason(left: Left | None) -> str | None:
    return left.value if left else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
