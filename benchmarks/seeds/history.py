"""Long histories of assignments, streamed into the database by COPY as the product's services would have left them.

Guards, references and the triggers that keep the past are off while rows stream in, so that two million updates take
minutes; `proofs.py` then recomputes what those triggers would have written. Rows go in by time, all assignments of a
cycle side by side, so that what belongs to one assignment lies as scattered on the disk as it does in real life.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import User
from accounts.roles import MAPO_ROLES
from audit.clock import local_date
from evidence.models import Document
from recommendations.models import Assignment, AssignmentVersion, Cycle
from recommendations.services.cadence import next_due_under
from recommendations.states import Status

UPDATE, SUBMISSION, REVIEW, VERSION, WRITER, CITATION, FILE = (
    f"recommendations_{name}"
    for name in (
        "update",
        "submission",
        "review",
        "assignmentversion",
        "updatewriter",
        "citation",
        "submissiondocument",
    )
)
COLUMNS = {
    UPDATE: "id, assignment_id, state, status, percent, narrative, covers_from, covers_to, classification, "
    "is_nothing_new, is_by_letter, letter_reference, revision, created_by_id, created_at, saved_by_id, saved_at, "
    "submitted_at, closed_at, half_typed",
    SUBMISSION: "id, update_id, number, status, percent, narrative, covers_from, covers_to, classification, revision, "
    "submitted_by_id, submitted_at, identities_reason",
    REVIEW: "id, submission_id, assignment_id, item_id, decision, status, percent, reason, resubmit_by, reviewer_id, "
    "decided_at, is_turn",
    VERSION: "id, assignment_id, item_id, agency_id, role, stage, due_on, cadence_days, next_due_on, began_at, ended_at, "
    "is_turn",
    WRITER: "id, update_id, user_id",
    CITATION: "id, update_id, document_id, follows_update",
    FILE: "id, submission_id, document_id",
}
#: The last columns of a table, which are the same in every row.
CONSTANTS = {UPDATE: ("{}",), SUBMISSION: ("",), CITATION: ("f",)}
END_VERSION = "UPDATE recommendations_assignmentversion SET ended_at = %s WHERE id = %s"
SET_NEXT_DUE = "UPDATE recommendations_assignment SET next_due_on = %s WHERE id = %s"
NUMBER_ON = "SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
#: Rows are sent in pieces of about this many characters a table.
PIECE = 4_000_000
NULL = r"\N"


@dataclass
class RowCopier:
    """Numbers rows and sends them to the database in pieces."""

    cursor: Any
    _next: dict[str, int] = field(default_factory=dict)
    _pieces: dict[str, io.StringIO] = field(
        default_factory=lambda: {table: io.StringIO() for table in COLUMNS}
    )

    def add(self, table: str, *values: object) -> int:
        """Add a row and return the number that it gets."""
        number = self._next.get(table) or self._first(table)
        self._next[table] = number + 1
        piece = self._pieces[table]
        piece.write("\t".join(map(str, (number, *values, *CONSTANTS.get(table, ())))) + "\n")
        if piece.tell() > PIECE:
            self._send(table)
        return number

    def finish(self) -> None:
        """Send what is left, and let the tables go on numbering behind it."""
        for table in COLUMNS:
            self._send(table)
            self.cursor.execute(NUMBER_ON.format(table=table))

    def _first(self, table: str) -> int:
        self.cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")
        number: int = self.cursor.fetchone()[0]
        return number

    def _send(self, table: str) -> None:
        piece = self._pieces[table]
        piece.seek(0)
        self.cursor.copy_expert(f"COPY {table} ({COLUMNS[table]}) FROM STDIN", piece)
        self._pieces[table] = io.StringIO()


@dataclass(kw_only=True)
class AssignmentHistory:
    """One assignment in force and how it goes. `version_id` is its open version that was there before, if any."""

    assignment_id: int
    item_id: int
    agency_id: int
    role: str
    due_on: date | None
    cadence_days: int | None
    next_due_on: date | None
    version_id: int | None
    version_began_at: datetime
    officer_id: int
    reviewer_id: int
    document_id: int | None
    place: int
    status: str = "none"

    def claim(self, share: float) -> tuple[str, int]:
        """What the agency reports when so much of the time is over: few turns, a percentage that moves."""
        begins, ends = 0.02 + (self.place % 10) * 0.03, 0.7 + (self.place % 7) * 0.15
        done = (share - begins) / (ends - begins)
        if done <= 0:
            return "none", 0
        is_early = self.place % 9 == 0 and 0.4 < share < 0.48
        return ("done", 100) if done >= 1 or is_early else ("progress", 1 + int(98 * done))


@dataclass(kw_only=True)
class HistoryWriter:
    """The histories of one cycle's assignments between two instants, half of whose updates are accepted.

    `leaves_open` lets some assignments end with an update that waits, is returned or is a draft; one update in
    `files_every` cites a file.
    """

    copier: RowCopier
    cycle: Cycle
    begins_at: datetime
    ends_at: datetime
    leaves_open: bool
    accepts_all: bool = False
    files_every: int = 20
    _first_ended: list[tuple[datetime, int]] = field(default_factory=list)

    def write(self, histories: Iterable[tuple[AssignmentHistory, int]]) -> None:
        """Write so many updates for each history, all side by side in time."""
        counted = list(histories)
        for number in range(max(count for _history, count in counted)):
            for history, count in counted:
                if number < count:
                    self._update(history, number, count)
        self.copier.cursor.executemany(END_VERSION, self._first_ended)
        for history, _count in counted:
            if history.version_id is None:
                self._version(history, NULL)
                self.copier.cursor.execute(SET_NEXT_DUE, [history.next_due_on, history.assignment_id])

    def _update(self, history: AssignmentHistory, number: int, count: int) -> None:
        slot = (self.ends_at - self.begins_at) / count
        begun = self.begins_at + slot * (number + 0.4 * history.place / 120)
        ending = self._ending(history, number, is_last=number == count - 1)
        _UpdateWriter(self, history, begun, slot, number, history.claim(number / count)).end_as(ending)

    def _ending(self, history: AssignmentHistory, number: int, *, is_last: bool) -> str:
        if is_last and self.leaves_open and history.place % 10 < 3:
            return ("submitted", "returned", "draft")[history.place % 10]
        if self.accepts_all or (number + history.place) % 2 == 0:
            return "accepted" if (number + history.place) % 10 else "accepted late"
        return ("discarded", "withdrawn", "withdrawn late")[(number // 2 + history.place) % 3]

    def move_due(self, history: AssignmentHistory, day: date | None, at: datetime) -> None:
        """Set the next date; where it is another one, a version ends and the next begins."""
        if day == history.next_due_on:
            return
        if history.version_id is not None:
            self._first_ended.append((at, history.version_id))
            history.version_id = None
        else:
            self._version(history, at)
        history.next_due_on, history.version_began_at = day, at

    def _version(self, history: AssignmentHistory, ended_at: object) -> None:
        self.copier.add(
            VERSION, history.assignment_id, history.item_id, history.agency_id, history.role, "confirmed",
            _text(history.due_on), _text(history.cadence_days), _text(history.next_due_on), history.version_began_at,
            ended_at, "f",
        )  # fmt: skip


@dataclass
class _UpdateWriter:
    """One update on its way from the draft to its end."""

    writer: HistoryWriter
    history: AssignmentHistory
    begun_at: datetime
    slot: timedelta
    number: int
    claim: tuple[str, int]
    update_id: int = 0
    versions: int = 0

    def end_as(self, ending: str) -> None:
        """Write the update, its versions and its reviews."""
        state, _space, is_late = ending.partition(" ")
        sends = 0 if state in ("draft", "discarded") else 2 if is_late and state == "accepted" else 1
        returns = state == "returned" or bool(is_late)
        self._open(state, sent_at=self._at(0.5 if sends == 2 else 0.1) if sends else None)
        if sends:
            self._send(0.1)
        if returns:
            self._return(0.3)
        if sends == 2:
            self._send(0.5)
        if state == "accepted":
            self._accept(0.55)
        elif state == "withdrawn" and returns and self.history.status == Status.DONE:
            self.writer.move_due(self.history, None, self._at(0.55))

    def _at(self, share: float) -> datetime:
        return self.begun_at + self.slot * share

    def _open(self, state: str, *, sent_at: datetime | None) -> None:
        closed_at = NULL if state in ("submitted", "returned", "draft") else self._at(0.55)
        self.update_id = self.writer.copier.add(
            UPDATE, self.history.assignment_id, state, *self.claim, self._narrative(), *self._covers(), 1, "f", "f", "",
            1, self.history.officer_id, self.begun_at, self.history.officer_id, self.begun_at, sent_at or NULL, closed_at,
        )  # fmt: skip
        self.writer.copier.add(WRITER, self.update_id, self.history.officer_id)
        if self._cites:
            self.writer.copier.add(CITATION, self.update_id, self.history.document_id)

    @property
    def _cites(self) -> bool:
        return self.history.document_id is not None and self.update_id % self.writer.files_every == 0

    def _send(self, share: float) -> None:
        self.versions += 1
        self.submission_id = self.writer.copier.add(
            SUBMISSION, self.update_id, self.versions, *self.claim, self._narrative(), *self._covers(), 1, 1,
            self.history.officer_id, self._at(share),
        )  # fmt: skip
        if self._cites:
            self.writer.copier.add(FILE, self.submission_id, self.history.document_id)

    def _return(self, share: float) -> None:
        at = self._at(share)
        by = local_date(at) + timedelta(days=7)
        self._review(at, "return", "", NULL, "Lampirkan bukti.", by, is_turn=False)
        self.writer.move_due(self.history, by, at)

    def _accept(self, share: float) -> None:
        at, (status, percent) = self._at(share), self.claim
        is_lowered = status == "progress" and percent > 9 and self.number % 10 == 3
        percent, reason = (percent - 5, "Bukti belum lengkap.") if is_lowered else (percent, "")
        self._review(at, "accept", status, percent, reason, NULL, is_turn=status != self.history.status)
        self.history.status = status
        regular = self.writer.cycle.next_due_after(local_date(at), cadence_days=self.history.cadence_days)
        self.writer.move_due(self.history, next_due_under(status, regular=regular), at)

    def _review(self, at: datetime, *decision: object, is_turn: bool) -> None:
        self.writer.copier.add(
            REVIEW, self.submission_id, self.history.assignment_id, self.history.item_id, *decision,
            self.history.reviewer_id, at, "t" if is_turn else "f",
        )  # fmt: skip

    def _narrative(self) -> str:
        return f"Contoh {self.number}: kursus diadakan di beberapa negeri, senarai kehadiran dilampirkan."

    def _covers(self) -> Iterator[date]:
        day = local_date(self.begun_at)
        yield day - timedelta(days=30)
        yield day


def histories_of(cycle: Cycle) -> list[AssignmentHistory]:
    """The assignments in force of a cycle, each with an officer, a reviewer, and a file to cite where there is one.

    They are those of the right agency as far as there are any.
    """

    officers = {user.agency_id: user.pk for user in User.objects.agency_actors().order_by("-pk")}
    reviewers = list(User.objects.filter(role__in=MAPO_ROLES).order_by("pk"))
    files = {file.agency_id: file.pk for file in Document.objects.order_by("pk")}
    anybody = next(iter(officers.values()))
    versions = {
        row.assignment_id: row for row in AssignmentVersion.objects.current().filter(item__cycle=cycle)
    }
    rows = Assignment.objects.in_force().filter(item__cycle=cycle).order_by("pk")
    return [
        AssignmentHistory(
            assignment_id=row.pk,
            item_id=row.item_id,
            agency_id=row.agency_id,
            role=row.role,
            due_on=row.due_on,
            cadence_days=row.cadence_days,
            next_due_on=row.next_due_on,
            version_id=versions[row.pk].pk,
            version_began_at=versions[row.pk].began_at,
            officer_id=officers.get(row.agency_id, anybody),
            reviewer_id=_reviewer_of(row, reviewers),
            document_id=files.get(row.agency_id),
            place=place,
        )
        for place, row in enumerate(rows)
    ]


def _reviewer_of(assignment: Assignment, reviewers: list[User]) -> int:
    """Somebody of another agency, if there is one."""
    others = [each.pk for each in reviewers if each.agency_id != assignment.agency_id]
    return others[0] if others else reviewers[0].pk


def _text(value: object) -> object:
    return NULL if value is None else value
