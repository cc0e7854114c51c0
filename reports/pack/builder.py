"""Builds a pack: which documents it holds is known before it is streamed; other files are generated on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from audit.clock import local_date
from audit.errors import NotNow
from audit.guarded_text import shown
from audit.models import ChainLink, Event
from audit.snapshot import database_snapshot
from audit.verification import ChainHead
from evidence import storage
from meetings.queries.laid import read_laid
from meetings.services.laying import canonical
from reports.pack.agenda import agenda_text
from reports.pack.entries import PackEntry, list_entries
from reports.pack.manifest import manifest, sha256_sums
from reports.pack.members import GeneratedFile, GeneratedFiles, Pack, PackMember, ReceivedFile
from reports.pack.names import PACK_NAMES, UniqueNames, safe_name
from reports.pack.readme import readme, update_text
from reports.states import ExportFormat
from reports.summary.content import SummaryContent, content_of
from reports.summary.hiding import reading_of
from reports.summary.limits import bounded_rows
from reports.summary.selection import selection_of
from reports.summary.statement import Maker, Statement, file_name
from reports.summary.writing import writer_of

if TYPE_CHECKING:
    from reports.models.report import Report
    from reports.summary.fingerprint import RowTally
    from reports.summary.rows import ReportedUpdate

_SUMMARY_DATA = "summary.json"
AGENDA_DATA = "agenda.json"


class RowsChanged(Exception):
    """The rows changed while the pack flowed: what is left of it would not belong to what was sent."""


def build_pack(report: Report, *, maker: Maker) -> Pack:
    """Return the pack of a report, with the rights for which it was asked; `maker` is who asked for it, and when.

    Its files are generated while it flows, each at its turn, so that its first bytes wait for nothing; where its day was not over
    when it was asked for, before that, for its rows may be others a moment later. Raises NotNow
    where what it holds is no longer what it held then, and `TooManyRows` where the summary in it could not be made.
    """
    builder = _PackBuilder(report, maker)
    try:
        with database_snapshot(), reading_of(report):
            return builder.build()
    except BaseException:
        builder.generated.close()
        raise


class _PackBuilder:
    """Builds one pack."""

    def __init__(self, report: Report, maker: Maker) -> None:
        self.report, self.maker, self.generated = report, maker, GeneratedFiles()
        self.selection = selection_of(report)
        self.names = PACK_NAMES[self.selection.language]
        self.unique_names = UniqueNames()
        self.summary_name = file_name(self.selection, ExportFormat.PDF)

    def build(self) -> Pack:
        with closing(self._content()) as content:
            entries = list_entries(bounded_rows(content))
            statement = self._statement(content.finish(), entries)
        documents = tuple(self._documents(entries))
        members: Iterable[PackMember] = self._members(statement, entries, documents)
        if self.report.is_of_open_day:
            # What others record meanwhile counts for that day too: all rows are read from this one snapshot.
            members = list(members)
        folder = Path(self.report.file_name).stem
        return Pack(members, documents, self.report.asked_at, self.generated, folder)

    def _members(
        self, statement: Statement, entries: Sequence[PackEntry], documents: Sequence[ReceivedFile]
    ) -> Iterator[PackMember]:
        """Yield every file of the pack in its order, generated when it is asked for."""
        head, add = head_of(self.report), self.generated.add
        summary_names = (self.summary_name, _SUMMARY_DATA)
        agenda = self._agenda()
        text = readme(
            statement,
            entries,
            names=self.names,
            file_name=self.report.file_name,
            summary_names=summary_names,
            agenda_names=[member.name for member in agenda],
            head=head,
        )
        about = add(self.names.readme, text)
        yield about
        summary = self._summary(ExportFormat.PDF, self.summary_name)
        yield summary
        data = self._summary(ExportFormat.JSON, _SUMMARY_DATA)
        yield data
        names = {document.number: document.name for document in documents}
        updates = self._updates(names)
        files = [("readme", about), ("summary", summary), ("summary", data)]
        files += [("agenda", member) for member in agenda]
        content = manifest(statement, files=files, updates=updates, entries=entries, names=names, head=head)
        listing = add("manifest.json", content)
        yield listing
        rest: list[PackMember] = [*agenda, *(text for _update, text in updates if text), *documents]
        summed = [about, summary, data, listing, *rest]
        yield add("SHA256SUMS", sha256_sums((member.name, member.sha256) for member in summed))
        yield from rest

    def _agenda(self) -> list[GeneratedFile]:
        """Return the agenda that was laid before the council as a text and as JSON; nothing for other packs.

        The SHA-256 of the JSON is the fingerprint of the agenda.
        """
        laid = self.report.laid_agenda
        if laid is None:
            return []
        text = agenda_text(read_laid(laid), sha256=laid.sha256, languages=self.selection.language.codes)
        add = self.generated.add
        return [add("agenda.txt", text), add(AGENDA_DATA, canonical(shown(laid.content)))]

    def _content(self) -> SummaryContent:
        return content_of(self.report)

    def _statement(self, tally: RowTally, entries: Sequence[PackEntry]) -> Statement:
        """Return the pack's statement; its class is never lower than that of any file in it."""
        if tally.fingerprint != self.report.fingerprint:
            raise NotNow(
                _(
                    "The content of this pack has changed since you asked for it: something more was recorded on "
                    "that day, or a document was sealed or classified higher. Nothing was downloaded. Make it "
                    "again."
                )
            )
        statement = Statement.of(self.selection, self.maker, tally)
        packed = (entry.classification for entry in entries if not entry.reason)
        return replace(statement, classification=Clearance(max(statement.classification, *packed, 0)))

    def _documents(self, entries: Sequence[PackEntry]) -> Iterator[ReceivedFile]:
        """Yield the documents whose bytes are packed."""
        for entry in entries:
            document, citation = entry.document, entry.citation
            if entry.reason:
                continue
            agency = safe_name(citation.code, instead="-")
            folder = f"{self.names.evidence}/{self.names.item(citation.item)}/{agency}"
            name = safe_name(citation.name, instead=f"{self.names.document}-{entry.number}")
            path = storage.path_of(document.stored_name)
            yield ReceivedFile(
                self.unique_names.give(folder, name), entry.number, path, document.size, document.sha256
            )

    def _updates(self, names: Mapping[int, str]) -> list[tuple[ReportedUpdate, GeneratedFile | None]]:
        """Return each update without its text, and its text file where the reader may have it."""
        with self._same_content() as content:
            return [
                (update._replace(narrative=""), self._update_file(update, content, names))
                for update in content.updates()
            ]

    def _update_file(
        self, update: ReportedUpdate, content: SummaryContent, names: Mapping[int, str]
    ) -> GeneratedFile | None:
        if not update.is_readable:
            return None
        code, day = safe_name(update.code, instead="-"), local_date(update.decided_at).isoformat()
        path = self.unique_names.give(self.names.updates, f"{self.names.item(update.item)}-{code}-{day}.txt")
        return self.generated.add(path, update_text(update, content, names))

    def _summary(self, export_format: ExportFormat, name: str) -> GeneratedFile:
        def write(target: BinaryIO) -> None:
            with self._same_content() as content:
                writer_of(export_format)(content, target, maker=self.maker)

        return self.generated.add_written(name, write)

    @contextmanager
    def _same_content(self) -> Iterator[SummaryContent]:
        """Give the same rows once more. Raises `RowsChanged` where they are others by now."""
        with database_snapshot(), reading_of(self.report), closing(self._content()) as content:
            yield content
            if content.finish().fingerprint != self.report.fingerprint:
                raise RowsChanged(f"the rows of report {self.report.pk} changed while its pack flowed")


def head_of(report: Report) -> ChainHead | None:
    """Return the head of the audit log when the report was made: the link of the Event that says so.

    None as long as that Event has not been committed.
    """
    events = Event.objects.about(report._meta.label, report.pk).filter(
        action__in=["report.asked", "report.made"]
    )
    link = ChainLink.objects.filter(event_id__in=events.values("pk")).order_by("-position").first()
    return ChainHead(position=link.position, hash=link.hash) if link else None
