"""The texts in a pack: what each update says, and what the pack is and how it is checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from accounts.clearance import Clearance
from reports.summary.rows import ReportedItem, ReportedUpdate, accepted_text
from reports.writers.wording.sentences import (
    document_numbers,
    override_title,
    override_words,
    reason_of,
    title_note,
    verdict_words,
)
from ui import dates

if TYPE_CHECKING:
    from audit.verification import ChainHead
    from reports.pack.entries import PackEntry
    from reports.pack.names import PackNames
    from reports.summary.content import SummaryContent
    from reports.summary.statement import Statement

_LINE = "-" * 60
_DOUBLE_LINE = "=" * 60


def update_text(update: ReportedUpdate, content: SummaryContent, names: Mapping[int, str]) -> bytes:
    """Return the text file of an accepted update; `names` are the paths of the packed documents by number."""
    languages = content.selection.language.codes
    parts = ["\n".join(_update_heading(update, content, names, language)) for language in languages]
    heading = _without_nbsp(f"\n\n{_LINE}\n\n".join(parts))
    return f"{heading}\n\n{_LINE}\n\n{accepted_text(update, languages[0])}\n".encode()


def _update_heading(
    update: ReportedUpdate, content: SummaryContent, names: Mapping[int, str], language: str
) -> Iterator[str]:
    item, agency = content.by_key[update.item], content.names[update.code]
    text, name = (item.text_en, agency.name_en) if language == "en" else (item.text_ms, agency.name_ms)
    with override(language):
        if update.classification is not None:
            yield str(Clearance(update.classification).label).upper()
        yield from filter(None, (item.label, title_note(item), text))
        yield ""
        for label, value in _update_facts(update, name):
            yield f"{label}: {value}"
        yield from _override_lines(item)
        for number in update.documents:
            yield f"  {document_numbers([number])}: {names.get(number) or _('not in this pack')}"


def _override_lines(item: ReportedItem) -> Iterator[str]:
    """Yield that MAPO has set the state of the item itself, which this verdict then does not give."""
    if item.state.override:
        yield ""
        yield override_title(item)
        yield f"{override_words(item.state.override, item.state.beneath)} {reason_of(item)}"


def _update_facts(update: ReportedUpdate, agency: str) -> Iterator[tuple[str, str]]:
    yield _("Agency"), f"{update.code}, {agency}"
    yield _("MAPO's verdict"), verdict_words(update.status, update.percent)
    yield pgettext("verdict", "Decided on"), dates.day(update.decided_at)
    if update.claim_status is not None:
        yield _("Claimed by the agency"), verdict_words(update.claim_status, update.claim_percent)
    if update.covers_from and update.covers_to:
        yield _("Dates covered"), f"{dates.day(update.covers_from)} – {dates.day(update.covers_to)}"
    if update.is_by_letter:
        yield _("Reported"), _("by letter")
    if update.corrected:
        yield _("Correction"), _("this verdict replaces an earlier one")
    if update.documents:
        yield _("Documents"), str(len(update.documents))


def readme(
    statement: Statement,
    entries: Sequence[PackEntry],
    *,
    names: PackNames,
    file_name: str,
    summary_names: Sequence[str],
    agenda_names: Sequence[str] = (),
    head: ChainHead | None,
) -> bytes:
    """Return the text file at the top of the pack `file_name`, in each of its languages."""
    parts = []
    for language in statement.selection.language.codes:
        with override(language):
            lines = [
                *_title(statement, language),
                *_packed(entries, names, summary_names, agenda_names),
                *_not_packed(entries),
                *_how_to_check(file_name, head),
            ]
            parts.append("\n".join(lines))
    return _without_nbsp(f"\n\n{_DOUBLE_LINE}\n\n".join(parts) + "\n").encode()


def _title(statement: Statement, language: str) -> Iterator[str]:
    yield str(statement.classification.label).upper()
    yield _("Evidence pack of Jejak")
    yield ""
    for label, value in statement.lines(language):
        yield f"{label}: {value}"


def _packed(
    entries: Sequence[PackEntry],
    names: PackNames,
    summary_names: Sequence[str],
    agenda_names: Sequence[str],
) -> Iterator[str]:
    yield from ("", _("WHAT IS IN IT"))
    yield f"- {', '.join(summary_names)}: " + _("the summary, for people and for programs")
    if agenda_names:
        yield f"- {', '.join(agenda_names)}: " + _(
            "the agenda as it was laid before the council, for people and for programs; this pack is about its items"
        )
    yield f"- {names.updates}/: " + _("each accepted update, as it was typed")
    count = sum(entry.reason is None for entry in entries)
    documents = ngettext(
        "%(count)d cited document, under the name with which it was received",
        "%(count)d cited documents, under the names with which they were received",
        count,
    )
    yield f"- {names.evidence}/: {documents % {'count': count}}"
    yield "- manifest.json: " + _(
        "everything that is stated here, and every document with its number, names, size, SHA-256 and the updates that "
        "cite it"
    )
    yield "- SHA256SUMS: " + _("the SHA-256 of every other file")


def _not_packed(entries: Sequence[PackEntry]) -> Iterator[str]:
    listed = [(entry.number, entry.reason) for entry in entries if entry.reason]
    if listed:
        yield from ("", _("WHAT IS LISTED, BUT NOT IN IT"))
    for number, reason in listed:
        yield f"- {document_numbers([number])}: {reason.label}"


def _how_to_check(file_name: str, head: ChainHead | None) -> Iterator[str]:
    yield from ("", _("HOW TO CHECK IT"))
    yield "1. " + _("Unpack it, open a terminal in its folder and run:") + " sha256sum -c SHA256SUMS"
    yield "   " + _("On a Mac:") + " shasum -a 256 -c SHA256SUMS"
    yield "   " + _("On Windows, compare with SHA256SUMS what this prints of a file:") + " Get-FileHash"
    yield "2. " + _(
        "Drop %(file)s itself on the page “Verify a file” of Jejak: it tells whether Jejak made it, and whether today's "
        "answer is still the same."
    ) % {"file": file_name}
    if head:
        yield "3. " + _(
            "Jejak's audit log ended here when this pack was made. Its administrator checks that nothing before it was "
            "changed since:"
        )
        yield f"   manage.py verify_audit --head {head}"


def _without_nbsp(text: str) -> str:
    """Return the text with plain spaces: no-break spaces are for pages."""
    return text.replace(dates.NBSP, " ")
