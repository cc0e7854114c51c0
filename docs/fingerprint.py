"""Recomputes the fingerprint of a progress summary from its JSON data: `python fingerprint.py FILE.json`.

Needs Python 3.11 and nothing else, nothing of Jejak either. What it puts together is described in docs/reports.md.
Prints the fingerprint that it has found and the one that the file states; ends with 1 where they differ.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

CLASSES = {"open": 0, "restricted": 1, "confidential": 2, "secret": 3, "top_secret": 4}


def line(*record: Any) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"


def code(word: dict[str, str] | None) -> str | None:
    return word["code"] if word else None


def utc(instant: str | None) -> str | None:
    return datetime.fromisoformat(instant).astimezone(UTC).isoformat() if instant else None


def lines(summary: dict[str, Any]) -> Iterator[str]:
    yield line("selection", summary["about"]["rows_form"], summary["about"]["selection"])
    for name, record in (
        ("items", item), ("updates", update), ("documents", document), ("steps", step), ("achievements", achievement), ("links", link), ("indicators", indicator), ("targets", target),
        ("checks", check), ("figures", figure),
    ):  # fmt: skip
        yield from map(record, summary[name])


def item(row: dict[str, Any]) -> str:
    status, percent = code(row["status"]), row["percent"]
    names = ("text_ms", "text_en", "title_ms", "title_en", "divergence_ms", "divergence_en")
    return line(
        "item", code(row["item"]), code(row["kind"]), row["number"], code(row["pillar"]) or "", *(row[name] for name in names),
        status, percent, row["held_by"], override(row), [agency(each) for each in row["agencies"]],
    )  # fmt: skip


def override(row: dict[str, Any]) -> list[Any] | None:
    if not row["set_at"]:
        return None
    verdicts = [code(row["verdicts_status"]), row["verdicts_percent"], row["verdicts_held_by"]]
    return [
        code(row["status"]),
        row["percent"],
        row["set_reason"],
        utc(row["set_at"]),
        row["set_by"],
        verdicts,
    ]


def agency(row: dict[str, Any]) -> list[Any]:
    return [
        row["agency"], row["agency_name_ms"], row["agency_name_en"], code(row["role"]), code(row["stage"]),
        code(row["status"]), row["percent"], row["decided_on"], code(row["claim_status"]), row["claim_percent"],
        row["next_due_on"], row["due_on"], row["late_days"], row["waiting_since"], row["returned_since"],
    ]  # fmt: skip


def update(row: dict[str, Any]) -> str:
    level = code(row["classification"])
    return line(
        "update", row["decision"], code(row["item"]), row["agency"], utc(row["decided_at"]), code(row["status"]),
        row["percent"], code(row["claim_status"]), row["claim_percent"], row["is_readable"], row["narrative"],
        row["is_nothing_new"], row["covers_from"], row["covers_to"], CLASSES[level] if level else None,
        row["is_corrected"], row["is_by_letter"], row["reported_on"], row["documents"], row["ended_on"],
    )  # fmt: skip


def step(row: dict[str, Any]) -> str:
    return line(
        "step", row["step"], code(row["item"]), row["agency"], row["is_mapo"], row["is_decision"], row["step_text"],
        row["planned_on"], row["due_days"], row["done_on"], row["cancelled_on"], row["cancelled_reason"],
        row["changed_reason"], row["late_days"],
    )  # fmt: skip


def document(row: dict[str, Any]) -> str:
    return line(
        "document", row["document"], code(row["item"]), row["agency"], row["decision"], row["name"],
        row["reference_number"], row["media_type"], row["size"], row["sha256"], row["evidence_from"],
        row["evidence_to"], CLASSES[str(code(row["classification"]))], row["is_sealed"],
    )  # fmt: skip


def achievement(row: dict[str, Any]) -> str:
    return line(
        "achievement", code(row["item"]), row["number"], code(row["pillar"]) or "", row["title_ms"], row["title_en"],
        row["text_ms"], row["text_en"], row["divergence_ms"], row["divergence_en"], row["weaknesses"],
    )  # fmt: skip


def link(row: dict[str, Any]) -> str:
    return line("link", code(row["weakness"]), code(row["recommendation"]))


def indicator(row: dict[str, Any]) -> str:
    return line(
        "indicator", row["indicator"], row["indicator_name_ms"], row["indicator_name_en"], row["is_own_name_ms"],
        row["is_own_name_en"], code(row["unit"]), row["basis_ms"], row["basis_en"], code(row["pillar"]) or "",
        row["agency"], row["is_stock"], row["counts_victims"], row["items"],
    )  # fmt: skip


def target(row: dict[str, Any]) -> str:
    pace = [
        row["reached"], row["newest_on"], row["working_days_left"], row["months_left"], row["missing_count"],
        row["average"], row["recent_count"],
    ]  # fmt: skip
    is_told = row["recent_count"] is not None
    words = (row["target_number"], row["due_on"], row["target_reason"])
    return line("target", row["indicator"], *words, pace if is_told else None)


def check(row: dict[str, Any]) -> str:
    return line(
        "check", row["check"], code(row["check_kind"]), code(row["outcome"]), code(row["period_kind"]) or "",
        row["begins_on"], row["ends_on"], row["source"], row["table"], row["note_ms"], row["note_en"],
        code(row["claim"]) or "", row["left"], row["right"], row["printed"], row["indicators"], row["figures"],
        row["marked"], row["explanation"], utc(row["explained_at"]), row["explained_by"],
    )  # fmt: skip


def figure(row: dict[str, Any]) -> str:
    return line(
        "figure", row["figure"], row["indicator"], row["series"], code(row["period_kind"]), row["begins_on"],
        row["ends_on"], row["is_partial"], row["counted_to"], row["given"], row["value"], code(row["hiding"]) or "",
        row["source"], row["table"], row["line"], row["agency"], utc(row["recorded_at"]),
    )  # fmt: skip


def main(path: str) -> int:
    summary = json.loads(Path(path).read_text(encoding="utf-8"))
    digest = hashlib.sha256()
    for each in lines(summary):
        digest.update(each.encode())
    stated = summary["about"]["fingerprint"]
    print(f"found   {digest.hexdigest()}\nstated  {stated}")
    return 0 if digest.hexdigest() == stated else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
