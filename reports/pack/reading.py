"""Reads a pack: which documents it holds is known before it is streamed; what is made for it is made on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import BinaryIO

from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from audit.clock import local_date
from audit.errors import NotNow
from audit.models import ChainLink, Event
from audit.verification import ChainHead
from evidence import storage
from reports.models import Report
from reports.pack.gathering import Gathered, gather
from reports.pack.manifest import Listed, manifest
from reports.pack.members import Made, Member, Pack, Received, Shelf
from reports.pack.names import Names, safe_name
from reports.pack.sums import sums_of
from reports.pack.texts import Contents, readme, update_text
from reports.pack.wording import wording_of
from reports.states import ExportFormat
from reports.summary.content import SummaryContent, database_snapshot
from reports.summary.fingerprint import RowTally
from reports.summary.limits import bounded_rows
from reports.summary.rows import ReportedUpdate
from reports.summary.selection import saved_selection
from reports.summary.statement import Maker, Statement, file_name
from reports.summary.writing import writer_of

SUMMARY_DATA = "summary.json"


class Moved(Exception):
    """The rows changed while the pack flowed: what is left of it would not belong to what was sent."""


def read_pack(report: Report, *, maker: Maker) -> Pack:
    """The pack that this report stands for, with the rights for which it was asked, and who asked for it, and when.

    What is made for it is made while it flows, each at its turn, so that its first bytes wait for nothing. Raises
    NotNow where what it holds is no longer what it held then: it would be another pack. Raises `TooManyRows` where the
    summary in it could not be made.
    """
    packing = _Packing(report, maker, Shelf())
    try:
        with database_snapshot():
            return packing.pack()
    except BaseException:
        packing.shelf.close()
        raise


class _Packing:
    """Puts one pack together."""

    def __init__(self, report: Report, maker: Maker, shelf: Shelf) -> None:
        self.report, self.maker, self.shelf = report, maker, shelf
        self.selection = saved_selection(report.query)
        self.wording = wording_of(self.selection.language)
        self.names = Names()
        self.summary_name = file_name(self.selection, ExportFormat.PDF)

    def pack(self) -> Pack:
        with closing(self._content()) as content:
            gathered = gather(content, bounded_rows(content))
            statement = self._statement(content.finish(), gathered)
        documents = tuple(self._documents(gathered))
        members = self._members(statement, gathered, documents)
        return Pack(members, documents, self.report.asked_at, self.shelf)

    def _members(
        self, statement: Statement, gathered: Gathered, documents: Sequence[Received]
    ) -> Iterator[Member]:
        """Every file of the pack, in its order; what is made is made when it is asked for."""
        head = head_of(self.report)
        about = self.shelf.put(self.wording.readme, readme(statement, self._contents(), gathered, head))
        yield about
        summary = self._summary(ExportFormat.PDF, self.summary_name)
        yield summary
        data = self._summary(ExportFormat.JSON, SUMMARY_DATA)
        yield data
        names = {document.number: document.name for document in documents}
        updates = self._updates(names)
        made = (("readme", about), ("summary", summary), ("summary", data))
        listed = Listed(made, updates, gathered, names)
        told = self.shelf.put("manifest.json", manifest(statement, listed, head=head))
        yield told
        rest: list[Member] = [*(text for _update, text in updates if text), *documents]
        summed = [about, summary, data, told, *rest]
        yield self.shelf.put("SHA256SUMS", sums_of((member.name, member.sha256) for member in summed))
        yield from rest

    def _content(self) -> SummaryContent:
        return SummaryContent(self.selection, cycle=self.report.cycle, reader=self.report.reader)

    def _statement(self, tally: RowTally, gathered: Gathered) -> Statement:
        """What the pack says of itself; its class is never lower than that of any file in it."""
        if tally.fingerprint != self.report.fingerprint:
            raise NotNow(
                _(
                    "What this pack holds has changed since you asked for it: something more was recorded on that day, or "
                    "a document was sealed or classified higher. Nothing was handed out. Make it again."
                )
            )
        statement = Statement.of(self.selection, self.maker, tally)
        highest = max(statement.classification, gathered.classification)
        return replace(statement, classification=Clearance(highest))

    def _documents(self, gathered: Gathered) -> Iterator[Received]:
        for number, cited in gathered.cited.items():
            if cited.left is None:
                row, instead = cited.row, f"{self.wording.document}-{number}"
                folder = f"{self.wording.evidence}/{self.wording.item(row.item)}/{safe_name(row.code, instead='-')}"
                name = self.names.give(folder, safe_name(row.name, instead=instead))
                path = storage.path_of(cited.document.stored_name)
                yield Received(name, number, path, cited.document.size, cited.document.sha256)

    def _updates(self, names: Mapping[int, str]) -> list[tuple[ReportedUpdate, Made | None]]:
        """Each update, without its text, and the text on the shelf where the reader may have it."""
        with self._again() as content:
            return [
                (update._replace(narrative=""), self._text(update, content, names))
                for update in content.updates()
            ]

    def _text(self, update: ReportedUpdate, content: SummaryContent, names: Mapping[int, str]) -> Made | None:
        if not update.is_readable:
            return None
        code, day = safe_name(update.code, instead="-"), local_date(update.decided_at).isoformat()
        name = self.names.give(self.wording.updates, f"{self.wording.item(update.item)}-{code}-{day}.txt")
        return self.shelf.put(name, update_text(update, content, names))

    def _summary(self, paper: ExportFormat, name: str) -> Made:
        def write(target: BinaryIO) -> None:
            with self._again() as content:
                writer_of(paper)(content, target, maker=self.maker)

        return self.shelf.keep(name, write)

    @contextmanager
    def _again(self) -> Iterator[SummaryContent]:
        """The same rows once more. Raises `Moved` where they are others by now."""
        with database_snapshot(), closing(self._content()) as content:
            yield content
            if content.finish().fingerprint != self.report.fingerprint:
                raise Moved(f"the rows of report {self.report.pk} changed while its pack flowed")

    def _contents(self) -> Contents:
        return Contents(
            file_name=self.report.file_name,
            summaries=(self.summary_name, SUMMARY_DATA),
            updates_folder=self.wording.updates,
            evidence_folder=self.wording.evidence,
        )


def head_of(report: Report) -> ChainHead | None:
    """Where the chain of the log stood when the report was made: the link of the Event that says so.

    None as long as that Event has not been committed.
    """
    told = Event.objects.about(report._meta.label, report.pk).filter(
        action__in=["report.asked", "report.made"]
    )
    link = ChainLink.objects.filter(event_id__in=told.values("pk")).order_by("-position").first()
    return ChainHead(position=link.position, hash=link.hash) if link else None
