"""The pages of a Word summary that tell one item each: its text, its agencies, what was accepted, its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.summary.content import SummaryContent
from reports.summary.rows import ReportedAgency, ReportedItem, ReportedUpdate, accepted_text
from reports.writers import sentences
from reports.writers.docx import phrases
from reports.writers.docx.evidence import evidence_of, write_evidence_of
from reports.writers.docx.gathering import Gathered
from reports.writers.docx.sheet import Sheet
from reports.writers.docx.tables import Cell, Column
from reports.writers.docx.voice import NOTHING, Said, Voice, typed
from ui import dates


def write_items(sheet: Sheet, gathered: Gathered) -> None:
    """A page for each item, in the order of the rows."""
    sheet.heading(sheet.voice(lambda: _("Item by item")), starts_page=True)
    for place, item in enumerate(gathered.content.items):
        _write_item(sheet, gathered, item, starts_page=place > 0)


def _write_item(sheet: Sheet, gathered: Gathered, item: ReportedItem, *, starts_page: bool) -> None:
    voice, content = sheet.voice, gathered.content
    mark = phrases.item_mark(item)
    sheet.heading(voice(_title, item), level=2, mark=mark, starts_page=starts_page)
    sheet.sentence(phrases.official_text(voice, item), style="OfficialText")
    sheet.sentence(voice(lambda: sentences.source_words(content)), style="Note")
    _write_state(sheet, item)
    _write_agencies(sheet, content, item)
    _write_updates(sheet, content, gathered.updates.get(item.key, []))
    if content.sees_marks:
        sheet.heading(voice(lambda: _("Evidence")), level=3)
        documents = gathered.documents.get(item.key, [])
        write_evidence_of(sheet, content, documents, caption=voice(lambda: evidence_of(item.label)))


def _title(item: ReportedItem) -> str:
    return f"{item.label} · {sentences.pillar_words(item.pillar)}" if item.pillar else item.label


def _write_state(sheet: Sheet, item: ReportedItem) -> None:
    """The state of the item, and whose it is."""
    voice, state = sheet.voice, item.state
    sheet.paragraph(phrases.verdict(voice, item.status, item.percent), style="Verdict")
    if state.override is None:
        sheet.sentence(voice(sentences.whose_words, state))
        return
    sheet.sentence(voice(sentences.override_words, state.override, state.beneath))
    sheet.paragraph(typed(state.override.reason), style="Narrative")


def _write_agencies(sheet: Sheet, content: SummaryContent, item: ReportedItem) -> None:
    if not item.agencies:
        return
    voice = sheet.voice
    sheet.heading(voice(lambda: _("Agencies")), level=3)
    sheet.table(
        list(_agency_columns(voice, content)),
        [_agency_row(voice, content, agency) for agency in item.agencies],
        caption=voice(_agencies_of, item),
    )


def _agencies_of(item: ReportedItem) -> str:
    return _("Agencies of %(item)s") % {"item": item.label}


def _agency_columns(voice: Voice, content: SummaryContent) -> Iterator[Column]:
    marked = content.sees_marks
    yield Column(36 if marked else 66, voice(lambda: _("Agency")))
    yield Column(20 if marked else 32, voice(lambda: pgettext("column", "Role")))
    if marked:
        yield Column(32, voice(lambda: pgettext("column", "Reported")))
    yield Column(34 if marked else 46, voice(lambda: pgettext("column", "Decision")))
    yield Column(22 if marked else 26, voice(lambda: pgettext("column", "Accepted")))
    if marked:
        yield Column(26, voice(lambda: pgettext("column", "Next update")))


def _agency_row(voice: Voice, content: SummaryContent, agency: ReportedAgency) -> list[Cell]:
    row: list[Cell] = [
        [typed(agency.code, "Strong"), phrases.agency_name(voice, agency)],
        [
            phrases.role(voice, agency),
            *([voice(lambda: _("Suggested, not confirmed yet"))] if agency.is_suggested else []),
        ],
    ]
    if content.sees_marks:
        row.append(_claim(voice, agency))
    row += [_verdict(voice, agency), _accepted(voice, agency)]
    if content.sees_marks:
        row.append(list(_next(voice, content, agency)) or NOTHING)
    return row


def _claim(voice: Voice, agency: ReportedAgency) -> Said:
    if agency.claim_status is None:
        return NOTHING
    return voice(sentences.verdict_words, agency.claim_status, agency.claim_percent)


def _verdict(voice: Voice, agency: ReportedAgency) -> Cell:
    if agency.is_suggested:
        return voice(lambda: _("Not confirmed"))
    decided = phrases.verdict(voice, agency.status, agency.percent)
    return [decided, voice(lambda: _("Differs from the report"))] if agency.claim_differs else decided


def _accepted(voice: Voice, agency: ReportedAgency) -> Said:
    return NOTHING if agency.is_suggested else phrases.short_day(voice, agency.decided_on)


def _next(voice: Voice, content: SummaryContent, agency: ReportedAgency) -> Iterator[Said]:
    """When the next update is owed, and below it what stands out."""
    on = content.selection.day
    if agency.next_due_on is not None:
        yield voice(dates.short_day, agency.next_due_on)
    elif agency.late_days is not None or agency.waiting_since or agency.returned_since:
        yield NOTHING
    yield from voice.each(sentences.next_words, agency, on)


def _write_updates(sheet: Sheet, content: SummaryContent, updates: Sequence[ReportedUpdate]) -> None:
    voice = sheet.voice
    sheet.heading(voice(lambda: _("Accepted progress")), level=3)
    if not updates:
        sheet.sentence(voice(lambda: _("Nothing has been accepted yet.")))
    for update in updates:
        sheet.paragraph(
            typed(update.code, "Strong"),
            typed("  "),
            phrases.verdict(voice, update.status, update.percent),
            typed("\t"),
            voice(dates.day, update.decided_at),
            style="UpdateHeading",
        )
        sheet.paragraph(*narrative(voice, update), style="Narrative", between="\n")
        notes = voice(sentences.update_notes, update, content)
        if notes.text:
            sheet.paragraph(notes, style="Note", between="\n")


def narrative(voice: Voice, update: ReportedUpdate) -> list[Said]:
    """What an update says: as it was typed, or in each language why there is no text."""
    if update.has_text:
        return [typed(update.narrative)]
    phrases_said = tuple((tongue, accepted_text(update, tongue)) for tongue in voice.tongues)
    return [Said(phrases_said)]
