"""Tables read back: what a workbook, a CSV table or JSON data say, in one form that can be compared with the rows."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import openpyxl
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from openpyxl.worksheet.worksheet import Worksheet

from accounts.clearance import Clearance
from audit.clock import KUALA_LUMPUR
from recommendations.states import AssignmentRole, ItemKind, Pillar, Stage, Status
from reports.languages import label_in
from reports.summary.content import SummaryContent
from reports.summary.rows import accepted_text
from reports.writers.columns import AGENCY, BESIDE, DOCUMENT, ITEM, STEP, UPDATE, in_each_language
from reports.writers.figure_columns import FIGURE_RECORDS

Row = dict[str, Any]
CODES = {
    "status": [*Status],
    "claim_status": [*Status],
    "verdicts_status": [*Status],
    "role": [*AssignmentRole],
    "stage": [*Stage],
    "pillar": [*Pillar],
    "classification": [*Clearance],
}
DAYS = {
    "decided_on", "next_due_on", "due_on", "waiting_since", "returned_since", "covers_from", "covers_to", "reported_on",
    "evidence_from", "evidence_to", "planned_on", "done_on", "cancelled_on", "ended_on",
}  # fmt: skip
NUMBERS = {
    "number", "percent", "claim_percent", "verdicts_percent", "late_days", "document", "step", "size", "classification",
    "decision",
}  # fmt: skip
FLAGS = {
    "is_corrected", "is_by_letter", "is_readable", "is_nothing_new", "is_sealed", "is_mapo", "is_decision",
}  # fmt: skip
LISTS = {"supports", "held_by", "verdicts_held_by", "due_days"}
#: What only an agency and MAPO, or MAPO alone, know has no column on a sheet of who never sees it.
MARKS = {
    "claim_status", "claim_percent", "next_due_on", "due_on", "late_days", "waiting_since", "returned_since",
    "is_by_letter", "set_by", "is_mapo",
}  # fmt: skip

#: Rows of these records are compared in `test_figures_in_tables`.
FIGURE_NAMES = {record.name for record in FIGURE_RECORDS}


@dataclass
class TableContents:
    """What a paper says. What it leaves out is not in the dictionaries."""

    items: list[Row] = field(default_factory=list)
    agencies: list[Row] = field(default_factory=list)
    updates: list[Row] = field(default_factory=list)
    documents: list[Row] = field(default_factory=list)
    steps: list[Row] = field(default_factory=list)
    fingerprint: str = ""
    rows: int = 0


def contents_of(content: SummaryContent) -> TableContents:
    """What a paper of this content must say; takes all its rows."""
    contents = TableContents()
    for item in content.items:
        override, beneath = item.state.override, item.state.beneath
        contents.items.append(
            {
                "item": item.key, "number": item.number, "pillar": item.pillar or None, "title_ms": item.title_ms,
                "title_en": item.title_en, "text_ms": item.text_ms, "text_en": item.text_en, "status": item.status, "percent": item.percent,
                "lead": item.lead.code if item.lead else "",
                "supports": [each.code for each in item.in_force if not each.is_lead],
                "held_by": list(item.state.held_by), "decided_on": item.decided_on,
                "set_reason": override.reason if override else "", "set_at": override.set_at if override else None,
                "set_by": override.set_by if override else "",
                "verdicts_status": beneath.status if beneath else None,
                "verdicts_percent": beneath.percent if beneath else None,
                "verdicts_held_by": list(beneath.held_by) if beneath else [],
            }
        )  # fmt: skip
        contents.agencies += [
            {"item": item.key, "agency": each.code, **_fields(each, "role", "stage", "status", "percent", "decided_on",
             "claim_status", "claim_percent", "next_due_on", "due_on", "late_days", "waiting_since", "returned_since")}
            for each in item.agencies
        ]  # fmt: skip
    for update in content.updates():
        names = [
            "item", "status", "percent", "claim_status", "claim_percent", "narrative", "is_readable", "is_nothing_new",
            "covers_from", "covers_to", "classification", "is_by_letter", "reported_on", "ended_on",
        ]  # fmt: skip
        row = {"agency": update.code, "decision": update.review_id, "is_corrected": update.corrected}
        row |= {"decided_at": update.decided_at, "documents": list(update.documents)}
        words = [accepted_text(update, each) for each in content.selection.language.codes]
        row["text"] = BESIDE.join(dict.fromkeys(words))
        contents.updates.append(row | _fields(update, *names))
    for document in content.documents():
        names = [
            "item", "name", "reference_number", "media_type", "size", "sha256", "evidence_from", "evidence_to",
            "classification", "is_sealed",
        ]  # fmt: skip
        row = {"document": document.number, "agency": document.code, "decision": document.review_id}
        contents.documents.append(row | _fields(document, *names))
    for step in content.steps:
        names = [
            "item", "is_mapo", "is_decision", "planned_on", "due_on", "done_on", "cancelled_on", "cancelled_reason",
            "changed_reason", "late_days",
        ]  # fmt: skip
        row = {
            "step": step.number,
            "agency": step.code,
            "step_text": step.text,
            "due_days": [day.isoformat() for day in step.due_days],
        }
        contents.steps.append(row | _fields(step, *names))
    tally = content.finish()
    contents.fingerprint, contents.rows = tally.fingerprint, tally.rows_count
    return contents


def _fields(row: Any, *names: str) -> Row:
    return {name: getattr(row, name) for name in names}


def from_csv(data: bytes) -> TableContents:
    """What a CSV table says, by the `csv` module."""
    contents = TableContents()
    parts = {
        "item": contents.items,
        "agency": contents.agencies,
        "update": contents.updates,
        "document": contents.documents,
        "step": contents.steps,
    }
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    about = json.loads(rows.pop()["about"])
    for row in rows:
        if row["record"] in FIGURE_NAMES:
            continue
        values = {name: _read(name, text) for name, text in row.items()}
        values["pillar"] = values["pillar"] or None
        parts[row["record"]].append(values)
    contents.fingerprint, contents.rows = about["fingerprint"], about["rows"]
    return contents


def _read(name: str, text: str) -> Any:
    """A cell of a CSV table with its type."""
    if name == "documents":
        return [int(number) for number in text.split()]
    if name in LISTS:
        return text.split()
    makers: list[tuple[set[str], Callable[[str], Any]]] = [
        (NUMBERS, int),
        (DAYS, date.fromisoformat),
        ({"decided_at", "set_at"}, datetime.fromisoformat),
        (FLAGS, lambda word: {"true": True, "false": False}[word]),
        ({"claim_status", "verdicts_status"}, str),
    ]
    for names, make in makers:
        if name in names:
            return make(text) if text else None
    return text


def from_json(data: bytes) -> TableContents:
    """What JSON data say."""
    told_all = json.loads(data)
    contents = TableContents(
        items=[_plain(row) for row in told_all["items"]],
        agencies=[_plain(row) for item in told_all["items"] for row in item["agencies"]],
        updates=[_plain(row) for row in told_all["updates"]],
        documents=[_plain(row) for row in told_all["documents"]],
        steps=[_plain(row) for row in told_all["steps"]],
    )
    contents.fingerprint, contents.rows = told_all["about"]["fingerprint"], told_all["about"]["rows"]
    return contents


def _plain(row: Row) -> Row:
    plain = {name: value["code"] if isinstance(value, dict) else value for name, value in row.items()}
    for name in plain.keys() & DAYS:
        plain[name] = plain[name] and date.fromisoformat(plain[name])
    for name in plain.keys() & {"decided_at", "set_at"}:
        plain[name] = plain[name] and datetime.fromisoformat(plain[name])
    if plain.get("classification"):
        plain["classification"] = Clearance[plain["classification"].upper()].value
    return plain


def from_xlsx(data: bytes, content: SummaryContent) -> TableContents:
    """What a workbook says, by its headings in the languages of the content."""
    return Workbook(data, content).contents()


class Workbook:
    """A workbook that openpyxl has opened, whoever wrote it."""

    def __init__(self, data: bytes, content: SummaryContent) -> None:
        self.book = openpyxl.load_workbook(BytesIO(data))
        self.languages = content.selection.language.codes

    def contents(self) -> TableContents:
        """Everything that its sheets say."""
        contents = TableContents()
        for kind, title in ((ItemKind.RECOMMENDATION, "Recommendations"), (ItemKind.WEAKNESS, "Weaknesses")):
            for row in self._rows(title, ITEM):
                contents.items.append(row | {"item": f"{kind}-{row['number']}"})
        contents.agencies = list(self._rows(AGENCY.title, AGENCY))
        contents.updates = list(self._rows(UPDATE.title, UPDATE))
        contents.documents = list(self._rows(DOCUMENT.title, DOCUMENT))
        contents.steps = list(self._rows(STEP.title, STEP))
        cells = [value for row in self.book.worksheets[0].iter_rows(values_only=True) for value in row]
        (contents.fingerprint,) = {value for value in cells if re.fullmatch("[0-9a-f]{64}", str(value))}
        contents.rows = int(str(cells[cells.index(self._say("Rows").split(BESIDE)[0]) + 1]).replace(",", ""))
        return contents

    def sheets(self, title: str | Promise) -> list[Worksheet]:
        """The sheets of a title, those that go on among them."""
        name = self._say(title).replace(BESIDE, " · ")
        return [sheet for sheet in self.book.worksheets if sheet.title.partition(" (")[0] == name]

    def _say(self, words: str | Promise) -> str:
        lazy = words if isinstance(words, Promise) else gettext_lazy(words)
        return in_each_language(lazy, self.languages)

    def _rows(self, title: str | Promise, record: Any) -> Iterator[Row]:
        for sheet in self.sheets(title):
            columns = [
                column
                for column in record.columns
                if column.width and column.language in ("", *self.languages)
            ]
            head, *rows = sheet.iter_rows(values_only=True)
            by_place = self._by_place(head, columns)
            for row in rows:
                yield {column.name: self._value(column.name, row[place]) for place, column in by_place}

    def _by_place(self, head: tuple[Any, ...], columns: list[Any]) -> list[tuple[int, Any]]:
        """The columns of a sheet in the order of the record; those that it leaves out are marks."""
        left, found = list(columns), []
        for place, words in enumerate(head):
            while left[0].heading(self.languages) != words:
                assert left.pop(0).name in MARKS
            found.append((place, left.pop(0)))
        return found

    def _value(self, name: str, value: Any) -> Any:
        if name == "item":
            kind, number = str(value).split(BESIDE)[0].rsplit(" ", 1)
            return f"{self._code([*ItemKind], kind)}-{number}"
        if name in CODES and value is not None:
            return self._code(CODES[name], value)
        if name in DAYS:
            return value and value.date()
        if name in ("decided_at", "set_at"):
            return value and value.replace(tzinfo=KUALA_LUMPUR)
        if name in LISTS or name == "documents":
            parts = str(value).split(", ") if value not in (None, "") else []
            return [int(part) for part in parts] if name == "documents" else parts
        if name in FLAGS:
            return {self._say("Yes"): True, self._say("No"): False}[value]
        if name.endswith("percent"):
            return None if value is None else round(value * 100)
        empty = (
            None if name in NUMBERS | {"claim_status", "verdicts_status", "classification", "pillar"} else ""
        )
        return empty if value is None else unescape(value)

    def _code(self, codes: list[Any], words: str) -> Any:
        """The code of a label, in one language or in both."""
        by_label = {
            words: code
            for code in codes
            for labels in [[label_in(code.label, language) for language in self.languages]]
            for words in (BESIDE.join(labels), labels[0])
        }
        return by_label[words].value


def unescape(value: Any) -> Any:
    """Text as Excel reads it: openpyxl leaves `_x000D_` as it stands."""
    if not isinstance(value, str):
        return value
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), value)


def compare(found: TableContents, wanted: TableContents) -> None:
    """Both say the same, as far as the paper speaks of it."""
    for part in ("items", "agencies", "updates", "documents", "steps"):
        rows, told_rows = getattr(found, part), getattr(wanted, part)
        assert len(rows) == len(told_rows), part
        for row, told_row in zip(rows, told_rows, strict=True):
            names = row.keys() & told_row.keys()
            other = {
                name: (row[name], told_row[name])
                for name in names
                if _shown(row[name]) != _shown(told_row[name])
            }
            assert not other, f"{part}: read and wanted {other}"
    assert (found.fingerprint, found.rows) == (wanted.fingerprint, wanted.rows)


def _shown(value: Any) -> Any:
    """Instants to the second, in one zone: so far a sheet goes."""
    return value.astimezone(UTC).replace(microsecond=0) if isinstance(value, datetime) else value
