"""The texts that are made for a pack: what each update says, and what the pack is and how it is checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from accounts.clearance import Clearance
from audit.verification import ChainHead
from reports import languages
from reports.pack.gathering import Gathered, Left
from reports.summary.content import SummaryContent
from reports.summary.rows import ReportedUpdate, accepted_text
from reports.summary.statement import Statement
from reports.writers.sentences import document_numbers
from ui.dates import NBSP
from ui.numbers import percent

_LINE = "-" * 60


@dataclass(frozen=True, slots=True)
class Contents:
    """What the text about the pack calls its parts."""

    file_name: str
    summaries: tuple[str, ...]
    updates_folder: str
    evidence_folder: str


def update_text(update: ReportedUpdate, content: SummaryContent, names: Mapping[int, str]) -> bytes:
    """One accepted update, to be read by people; `names`: where the documents lie that are packed."""
    spoken = languages.languages_of(content.selection.language)
    parts = ["\n".join(_about(update, content, names, tongue)) for tongue in spoken]
    heading = _plain(f"\n\n{_LINE}\n\n".join(parts))
    return f"{heading}\n\n{_LINE}\n\n{accepted_text(update, spoken[0])}\n".encode()


def _about(
    update: ReportedUpdate, content: SummaryContent, names: Mapping[int, str], tongue: str
) -> Iterator[str]:
    with override(tongue):
        if update.classification is not None:
            yield str(Clearance(update.classification).label).upper()
        item, agency = content.by_key[update.item], content.names[update.code]
        yield languages.item_name(update.item, tongue)
        yield item.text_en if tongue == "en" else item.text_ms
        yield ""
        for label, value in _facts(update, agency.name_en if tongue == "en" else agency.name_ms, tongue):
            yield f"{label}: {value}"
        for number in update.documents:
            yield f"  {document_numbers([number])}: {names.get(number) or _('not in this pack')}"


def _facts(update: ReportedUpdate, agency: str, tongue: str) -> Iterator[tuple[str, str]]:
    yield _("Agency"), f"{update.code}, {agency}"
    yield _("MAPO's verdict"), _standing(update.status, update.percent, tongue)
    yield pgettext("verdict", "Decided on"), languages.day_in(update.decided_at, tongue)
    if update.claim_status is not None:
        yield _("Claimed by the agency"), _standing(update.claim_status, update.claim_percent, tongue)
    if update.covers_from and update.covers_to:
        covered = (languages.day_in(update.covers_from, tongue), languages.day_in(update.covers_to, tongue))
        yield _("Dates covered"), " – ".join(covered)
    if update.is_by_letter:
        yield _("Reported"), _("by letter")
    if update.corrected:
        yield _("Correction"), _("this verdict takes the place of an earlier one")
    if update.documents:
        yield _("Documents"), str(len(update.documents))


def _standing(status: str, share: int | None, tongue: str) -> str:
    return f"{languages.status_label(status, tongue)}, {percent(share)}"


def readme(statement: Statement, contents: Contents, gathered: Gathered, head: ChainHead | None) -> bytes:
    """What lies at the top of the pack, in each of its languages."""
    spoken = languages.languages_of(statement.selection.language)
    parts = []
    for tongue in spoken:
        with override(tongue):
            lines = [
                *_title(statement, tongue),
                *_holds(contents, gathered),
                *_leaves_out(gathered),
                *_is_checked(contents, head),
            ]
            parts.append("\n".join(lines))
    return _plain(f"\n\n{'=' * 60}\n\n".join(parts) + "\n").encode()


def _title(statement: Statement, tongue: str) -> Iterator[str]:
    yield str(statement.classification.label).upper()
    yield _("Evidence pack of Jejak")
    yield ""
    for label, value in statement.lines(tongue):
        yield f"{label}: {value}"


def _holds(contents: Contents, gathered: Gathered) -> Iterator[str]:
    yield from ("", _("WHAT IS IN IT"))
    yield f"- {', '.join(contents.summaries)}: " + _("the summary, for people and for programs")
    yield f"- {contents.updates_folder}/: " + _("each accepted update, as it was typed")
    count = gathered.packed_count
    documents = ngettext(
        "%(count)d cited document, under the name with which it was received",
        "%(count)d cited documents, under the names with which they were received",
        count,
    )
    yield f"- {contents.evidence_folder}/: {documents % {'count': count}}"
    yield "- manifest.json: " + _(
        "everything that is stated here, and every document with its number, names, size, SHA-256 and the updates that "
        "cite it"
    )
    yield "- SHA256SUMS: " + _("the SHA-256 of every other file")


def _leaves_out(gathered: Gathered) -> Iterator[str]:
    left = [(number, each.left) for number, each in gathered.cited.items() if each.left]
    listed = [*left, *((each.number, Left.ABOVE) for each in gathered.above)]
    if not listed:
        return
    yield from ("", _("WHAT IS LISTED, BUT NOT IN IT"))
    for number, reason in listed:
        yield f"- {document_numbers([number])}: {reason_words(reason)}"


def reason_words(reason: Left) -> str:
    """Why a document is not in the pack, in the language in force."""
    return {
        Left.ABOVE: _("it, or the update that cites it, is above the class of this pack"),
        Left.SEALED: _("it is sealed: nobody can read it"),
        Left.DESTROYED: _("its bytes were destroyed with the approval of the National Archives"),
        Left.HELD: _("it is held until it is found free of viruses"),
        Left.PAPER: _("it is a paper file, known by its reference number"),
    }[reason]


def _is_checked(contents: Contents, head: ChainHead | None) -> Iterator[str]:
    yield from ("", _("HOW TO CHECK IT"))
    yield "1. " + _("Unpack it, open a terminal in its folder and run:") + " sha256sum -c SHA256SUMS"
    yield "   " + _("On a Mac:") + " shasum -a 256 -c SHA256SUMS"
    yield "   " + _("On Windows, compare with SHA256SUMS what this prints of a file:") + " Get-FileHash"
    yield "2. " + _(
        "Drop %(file)s itself on the page “Verify a file” of Jejak: it tells whether Jejak made it, and whether today's "
        "answer is still the same."
    ) % {"file": contents.file_name}
    if head:
        yield "3. " + _(
            "Jejak's audit log ended here when this pack was made. Its administrator checks that nothing before it was "
            "changed since:"
        )
        yield f"   manage.py verify_audit --head {head}"


def _plain(text: str) -> str:
    """No-break spaces are for pages."""
    return text.replace(NBSP, " ")
