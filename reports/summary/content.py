"""The content of a summary: the rows of a selection, as one reader may see them.

The data are those of the day (`state_of_cycle` and the rows recorded before its end). The rights are the reader's, with
the clearance lowered to the ceiling of the selection. A day that is over gives the same rows for ever.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from copy import copy
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from accounts.models import AgencyVersion, User
from audit.clock import local_date
from audit.guarded_text import original, reread
from meetings.queries.contradictions import contradiction_key, contradiction_rows
from meetings.queries.gathering import state_rows
from meetings.queries.laid import LaidContent, read_laid
from meetings.services.laying import fingerprint_of
from meetings.states import PointKind
from recommendations.models import Cycle, Item
from recommendations.queries.cycle_state import AgencyState, CycleState, ItemRow, state_of_cycle
from recommendations.queries.decisions import RecordedDecision, decisions_between
from recommendations.queries.state_sql import CycleDatesRow
from recommendations.states import STATUS_KINDS, item_key
from reports.errors import EmptySelection
from reports.states import FORMATS, WITH_DOCUMENTS, WITH_UPDATES, Depth, ExportFormat
from reports.summary import row_stream, steps
from reports.summary.figure_rows import ReportedFigure
from reports.summary.figures import SummaryFigures
from reports.summary.fingerprint import RowTally
from reports.summary.links import read_achievements, read_links
from reports.summary.rows import (
    KindTotals,
    ReportedAchievement,
    ReportedAgency,
    ReportedDocument,
    ReportedItem,
    ReportedLink,
    ReportedStep,
    ReportedUpdate,
)
from reports.summary.selection import Selection, agencies_called, selection_of

if TYPE_CHECKING:
    from meetings.queries.rows import AgendaRow
    from reports.models.report import Report

#: Receives the number of rows read so far; raises where the work was cancelled.
Progress = Callable[[int], None]
#: How many rows are read between two reports of progress.
PROGRESS_ROWS = 100


def ignore_progress(_rows: int) -> None:
    """Receive progress that nobody watches."""


class SummaryContent:
    """The rows of a selection as one reader sees them, each read once: first the updates, then the documents and figures.

    All three are streamed from the database, so memory does not grow with their number. `finish()` reads what is left and
    returns what is known of the whole. `progress` is called every hundred rows and at the end, whatever format is
    written.
    """

    def __init__(
        self,
        selection: Selection,
        *,
        cycle: Cycle,
        reader: User,
        progress: Progress = ignore_progress,
        agenda: LaidContent | None = None,
        item_ids: Collection[int] | None = None,
    ) -> None:
        """Read the items. Raises `EmptySelection` where none fits.

        `agenda`: what was laid before the council, for a paper of a meeting. `item_ids`: of the selection, only these.
        Create it, and read its rows, inside `database_snapshot()`; `closing` it there where reading may end early.
        """
        self.progress = progress
        self.selection = selection
        #: Whoever has read it may see more, or less, than whom the summary is for.
        self.cycle = reread(cycle)
        self.reader = _lowered(reader, selection.ceiling)
        state = state_of_cycle(cycle, user=self.reader, before=selection.before)
        if state.dates is None:
            raise EmptySelection(
                _("Nothing had been recorded in this cycle by that day. Choose a later day.")
            )
        self.dates: CycleDatesRow = state.dates
        self.agency_ids = _agency_ids(selection)
        #: Whether it holds some items alone, and so only the figures of those.
        self.is_of_items = item_ids is not None or bool(selection.item)
        self._rows_of_day = state.items
        self.items = tuple(
            _item(row, on=selection.day)
            for row in state.items
            if (item_ids is None or row.item_id in item_ids) and _fits(row, selection, self.agency_ids)
        )
        if not self.items:
            raise EmptySelection(
                _("No item matches this selection: nothing was made. Choose fewer filters or another day.")
            )
        #: The key of each item by its id.
        self.item_keys = {item.item_id: item.key for item in self.items}
        # Also without any text, what only an agency and MAPO know is restricted.
        least = Clearance.RESTRICTED if self.sees_marks else Clearance.OPEN
        least = max(least, Clearance(agenda.classification)) if agenda else least
        self.agenda = agenda
        self.tally = RowTally(selection.as_query(), least=least)
        for item in self.items:
            self.tally.add_item(item)
        tally, figures = self.tally, self.figures
        #: The parts in the order of their rows.
        self._left: list[Generator[Any, None, None]] = [
            self._read(lambda: row_stream.stream_updates(self), tally.add_update, WITH_UPDATES),
            self._read(lambda: row_stream.stream_documents(self), tally.add_document, WITH_DOCUMENTS),
            self._read(lambda: self.steps, tally.add_step),
            self._read(lambda: self.achievements, tally.add_achievement),
            self._read(lambda: self.links, tally.add_link),
            self._read(lambda: figures.indicators, tally.add_indicator),
            self._read(lambda: figures.targets, tally.add_target),
            self._read(lambda: figures.checks, tally.add_check),
            self._read(figures.stream, tally.add_figure),
        ]

    def updates(self) -> Iterator[ReportedUpdate]:
        """Return the accepted updates, item by item, newest first; none at a depth that holds none."""
        return self._left[0]

    def documents(self) -> Iterator[ReportedDocument]:
        """Return the documents that accepted updates cite, item by item, by number; reads the updates first."""
        self._drain(1)
        return self._left[1]

    def figure_rows(self) -> Iterator[ReportedFigure]:
        """Return the figures, indicator by indicator; reads everything else first. What goes with them is in `figures`."""
        self._drain(-1)
        return self._left[-1]

    def finish(self) -> RowTally:
        """Read what is left. Return fingerprint, number of rows and class of the whole."""
        self._drain(None)
        self.progress(self.tally.rows_count)
        return self.tally

    def _drain(self, place: int | None) -> None:
        """Read the parts before a place to their ends."""
        for rows in self._left[:place]:
            for _row in rows:
                pass

    def count_rows(self) -> int:
        """Return how many rows there are, without reading the long parts: one query for each part of the depth."""
        depth = self.selection.depth
        updates = row_stream.count_updates(self) if depth in WITH_UPDATES else 0
        documents = row_stream.count_documents(self) if depth in WITH_DOCUMENTS else 0
        short = (self.items, self.steps, self.achievements, self.links)
        return updates + documents + sum(self.figures.count()) + sum(map(len, short))

    def close(self) -> None:
        """Close the cursors of what has not been read, while their transaction is open."""
        for rows in self._left:
            rows.close()

    def _read(
        self,
        stream: Callable[[], Iterable[Any]],
        add: Callable[[Any], None],
        depths: Collection[Depth] = tuple(Depth),
    ) -> Generator[Any, None, None]:
        """Yield the rows of a part that these depths hold, each tallied."""
        for row in stream() if self.selection.depth in depths else ():
            add(row)
            if self.tally.rows_count % PROGRESS_ROWS == 0:
                self.progress(self.tally.rows_count)
            yield row

    @cached_property
    def steps(self) -> tuple[ReportedStep, ...]:
        """The planned steps, item by item; none at a depth without updates.

        They are few, so all are read at once (one query).
        """
        is_asked = self.selection.depth in WITH_UPDATES and self.sees_marks
        return steps.read_steps(self) if is_asked else ()

    @cached_property
    def steps_by_item(self) -> dict[str, list[ReportedStep]]:
        """The same by the key of their item; without an entry for an item without any."""
        found: dict[str, list[ReportedStep]] = {}
        for step in self.steps:
            found.setdefault(step.item, []).append(step)
        return found

    @cached_property
    def figures(self) -> SummaryFigures:
        """Indicators, targets and contradictions, in which form 3 and its depths have them."""
        return SummaryFigures(self)

    @cached_property
    def achievements(self) -> tuple[ReportedAchievement, ...]:
        """The achievements by number, at the depths with all figures from form 3 on (one query)."""
        return read_achievements(self, self._rows_of_day) if self.figures.is_whole else ()

    @cached_property
    def links(self) -> tuple[ReportedLink, ...]:
        """Which recommendations answer which weaknesses, at the same depths."""
        return read_links(self, self._rows_of_day) if self.figures.is_whole else ()

    @cached_property
    def all_keys(self) -> dict[int, str]:
        """The key of each item of the cycle by its id, also of those that the selection leaves out (one query)."""
        rows = Item.objects.filter(cycle=self.cycle).in_order().values_list("pk", "kind", "number")
        return {pk: item_key(kind, number) for pk, kind, number in rows}

    @cached_property
    def agencies(self) -> dict[int, AgencyVersion]:
        """The code and names of every agency on the day, by its id (one query)."""
        return {row.agency_id: row for row in AgencyVersion.objects.as_at(self.selection.before)}

    @cached_property
    def names(self) -> dict[str, AgencyVersion]:
        """The same by code."""
        return {row.code: row for row in self.agencies.values()}

    @cached_property
    def by_key(self) -> dict[str, ReportedItem]:
        return {item.key: item for item in self.items}

    @cached_property
    def totals(self) -> tuple[KindTotals, ...]:
        """One for each kind of which there are items."""
        found = (
            _totals(kind.value, [item for item in self.items if item.kind == kind]) for kind in STATUS_KINDS
        )
        return tuple(each for each in found if each.items)

    @cached_property
    def decisions(self) -> list[RecordedDecision]:
        """MAPO's decisions on the selection since the last meeting, oldest first (three queries; no part of the rows).

        With an agency in the selection, those on its parts, and the states that MAPO set.
        """
        made = decisions_between(
            self.cycle, user=self.reader, since=self.selection.decisions_since, until=self.selection.day
        )
        agencies = self.agency_ids | {None}
        return [
            each
            for each in made
            if each.item_id in self.item_keys and (not self.agency_ids or each.agency_id in agencies)
        ]

    @cached_property
    def issues(self) -> dict[str, tuple[AgendaRow, ...]]:
        """What a meeting would gather of the selection on the day, by kind of point (no part of the rows)."""
        items = tuple(row for row in self._rows_of_day if row.item_id in self.item_keys)
        found = state_rows(CycleState(self.dates, items), as_at=self.selection.day)
        told = {contradiction_key(check.found) for check in self.figures.checks}
        rows = contradiction_rows(self.cycle, user=self.reader, before=self.selection.before)
        return found | {PointKind.CONTRADICTS: tuple(row for row in rows if row.key in told)}

    @property
    def sees_marks(self) -> bool:
        """Whether the reader may see claims, waiting and lateness, of some agency at least."""
        return self.reader.is_mapo or self.reader.is_agency_actor


def content_of(report: Report, *, progress: Progress = ignore_progress) -> SummaryContent:
    """Return the content of a report, to be read inside `database_snapshot()`. Raises `EmptySelection`.

    The fingerprint of an agenda is worked out again from what is held of it, so that another one gives other rows. An
    evidence pack of a meeting holds the items on its agenda alone.
    """
    selection, laid = selection_of(report), report.laid_agenda
    if laid is None or selection.agenda is None:
        return SummaryContent(selection, cycle=report.cycle, reader=report.reader, progress=progress)
    agenda = read_laid(laid)
    sha256 = fingerprint_of(original(laid.content))
    return SummaryContent(
        replace(selection, agenda=replace(selection.agenda, sha256=sha256)),
        cycle=report.cycle,
        reader=report.reader,
        progress=progress,
        agenda=agenda,
        item_ids=items_of_paper(ExportFormat(report.export_format), agenda),
    )


def items_of_paper(export_format: ExportFormat, agenda: LaidContent) -> frozenset[int] | None:
    """Return the items that a paper of a meeting is about: of an evidence pack those on the agenda; None for all."""
    return agenda.item_ids if FORMATS[export_format].holds_files else None


def count_items(selection: Selection, *, cycle: Cycle, reader: User) -> int:
    """Return how many items of a selection a reader would see."""
    state = state_of_cycle(cycle, user=_lowered(reader, selection.ceiling), before=selection.before)
    agency_ids = _agency_ids(selection)
    return sum(_fits(row, selection, agency_ids) for row in state.items)


def _lowered(reader: User, ceiling: int) -> User:
    """Return the reader with a clearance of at most the ceiling."""
    lowered = copy(reader)
    lowered.clearance = min(reader.clearance, int(ceiling))
    return lowered


def _agency_ids(selection: Selection) -> frozenset[int]:
    """Return the ids of the agencies that the selection is for; empty where it is for all."""
    return agencies_called(selection.agency, before=selection.before) if selection.agency else frozenset()


def _fits(row: ItemRow, selection: Selection, agency_ids: frozenset[int]) -> bool:
    """Return whether an item passes every filter of the selection."""
    exact = (
        (selection.kind, row.kind),
        (selection.pillar, row.pillar),
        (selection.status, row.state.status),
        (selection.item, item_key(row.kind, row.number)),
    )
    is_of_agency = not selection.agency or any(
        each.agency_id in agency_ids and each.is_confirmed for each in row.agencies
    )
    return is_of_agency and all(wanted in ("", actual) for wanted, actual in exact)


def _item(row: ItemRow, *, on: date) -> ReportedItem:
    return ReportedItem(
        item_id=row.item_id,
        kind=row.kind,
        number=row.number,
        pillar=row.pillar,
        text_ms=row.text_ms,
        text_en=row.text_en,
        title_ms=row.title_ms,
        title_en=row.title_en,
        state=row.state,
        agencies=tuple(_agency(each, on=on) for each in row.agencies),
        divergence_ms=row.divergence_ms,
        divergence_en=row.divergence_en,
    )


def _agency(state: AgencyState, *, on: date) -> ReportedAgency:
    is_late = state.is_overdue(on) and state.next_due_on is not None
    return ReportedAgency(
        code=state.code,
        name_ms=state.name_ms,
        name_en=state.name_en,
        role=state.role,
        stage=state.stage,
        status=state.status,
        percent=state.percent,
        decided_on=local_date(state.decided_at) if state.decided_at else None,
        claim_status=state.claim[0] if state.claim else None,
        claim_percent=state.claim[1] if state.claim else None,
        next_due_on=state.next_due_on,
        due_on=state.due_on,
        late_days=(on - state.next_due_on).days if is_late and state.next_due_on else None,
        waiting_since=local_date(state.waiting_since) if state.waiting_since else None,
        returned_since=local_date(state.returned_since) if state.returned_since else None,
    )


def _totals(kind: str, items: list[ReportedItem]) -> KindTotals:
    statuses = Counter(item.status for item in items)
    parts = [each for item in items for each in item.in_force]
    return KindTotals(
        kind,
        statuses["none"],
        statuses["progress"],
        statuses["done"],
        waiting=sum(each.waiting_since is not None for each in parts),
        late=sum(each.late_days is not None for each in parts),
        returned=sum(each.returned_since is not None for each in parts),
    )
