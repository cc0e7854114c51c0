"""Reads a pack: everything that it holds is known, and everything that is made for it lies ready, before it is streamed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import BinaryIO

from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from audit.clock import local_date
from audit.errors import NotNow
from audit.models import ChainLink, Event
from audit.verification import Head
from evidence import storage
from reports.content import Content, ReportedUpdate, Tally, read_content, steady
from reports.models import Report
from reports.pack.gathering import Gathered, gather
from reports.pack.manifest import Listed, manifest
from reports.pack.members import Made, Member, Pack, Received, Shelf
from reports.pack.names import Names, safe_name
from reports.pack.sums import sums_of
from reports.pack.texts import Contents, readme, update_text
from reports.pack.wording import wording_of
from reports.selection import kept_selection
from reports.statement import Maker, Statement, file_name
from reports.states import Paper
from reports.writers import no_progress, writer_of


def read_pack(report: Report) -> Pack:
    """Everything of the pack that this report stands for, with the rights for which it was asked.

    Raises NotNow where what it holds is no longer what it held then: it would be another pack. Raises `TooMuch` where
    the summary in it cannot be made.
    """
    shelf = Shelf()
    try:
        with steady():
            return _Packing(report, shelf).pack()
    except BaseException:
        shelf.close()
        raise


class _Packing:
    """Puts one pack together."""

    def __init__(self, report: Report, shelf: Shelf) -> None:
        self.report = report
        self.shelf = shelf
        self.selection = kept_selection(report.query)
        self.wording = wording_of(self.selection.language)
        self.names = Names()
        self.maker = Maker(
            report.asked_by.name, report.reader_agency.code, report.asked_at, local_date(report.asked_at)
        )

    def pack(self) -> Pack:
        content = self._content()
        gathered = gather(content, content.documents())
        statement = self._statement(content.finish(), gathered)
        documents = tuple(self._documents(gathered))
        names = {document.number: document.name for document in documents}
        updates = list(self._updates(names))
        texts = [made for _update, made in updates if made]
        summaries = [
            self._summary(Paper.PDF, file_name(self.selection, Paper.PDF)),
            self._summary(Paper.JSON, "summary.json"),
        ]
        head = head_of(self.report)
        contents = self._contents(summaries, texts=len(texts), documents=len(documents))
        about = self.shelf.put(self.wording.readme, readme(statement, contents, gathered, head))
        made = [("readme", about), *(("summary", each) for each in summaries)]
        listed = Listed(made, updates, gathered, names)
        told = self.shelf.put("manifest.json", manifest(statement, listed, head=head))
        first: list[Member] = [about, *summaries, told]
        last: list[Member] = [*texts, *documents]
        sums = sums_of((member.name, member.sha256) for member in [*first, *last])
        members = (*first, self.shelf.put("SHA256SUMS", sums), *last)
        return Pack(members, documents, self.report.asked_at, self.shelf)

    def _content(self) -> Content:
        return read_content(self.selection, cycle=self.report.cycle, reader=self.report.reader)

    def _statement(self, tally: Tally, gathered: Gathered) -> Statement:
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

    def _updates(self, names: Mapping[int, str]) -> Iterator[tuple[ReportedUpdate, Made | None]]:
        """Each update, without its text, and the text on the shelf where the reader may have it."""
        content = self._content()
        for update in content.updates():
            made = None
            if update.is_readable:
                day = local_date(update.decided_at).isoformat()
                code = safe_name(update.code, instead="-")
                name = f"{self.wording.item(update.item)}-{code}-{day}.txt"
                path = self.names.give(self.wording.updates, name)
                made = self.shelf.put(path, update_text(update, content, names))
            yield update._replace(narrative=""), made

    def _summary(self, paper: Paper, name: str) -> Made:
        def write(target: BinaryIO) -> None:
            writer_of(paper)(self._content(), target, maker=self.maker, progress=no_progress)

        return self.shelf.keep(name, write)

    def _contents(self, summaries: Sequence[Made], *, texts: int, documents: int) -> Contents:
        return Contents(
            file_name=self.report.file_name,
            summaries=tuple(made.name for made in summaries),
            updates_folder=self.wording.updates,
            updates_count=texts,
            evidence_folder=self.wording.evidence,
            documents_count=documents,
        )


def head_of(report: Report) -> Head | None:
    """Where the chain of the log stood when the report was made: the link of the Event that says so.

    None as long as that Event has not been committed.
    """
    told = Event.objects.about(report._meta.label, report.pk).filter(
        action__in=["report.asked", "report.made"]
    )
    link = ChainLink.objects.filter(event_id__in=told.values("pk")).order_by("-position").first()
    return Head(position=link.position, hash=link.hash) if link else None
