"""The domain's own words as a paper says them, in its languages."""

from __future__ import annotations

from datetime import date

from django.utils.translation import pgettext

from accounts.models import AgencyVersion
from recommendations.states import AssignmentRole, Status
from reports.summary.rows import ReportedAgency, ReportedItem
from reports.writers import sentences
from reports.writers.docx.voice import Said, Voice
from ui import dates

_STYLES = {Status.NONE: "StatusNone", Status.PROGRESS: "StatusProgress", Status.DONE: "StatusDone"}


def status(voice: Voice, value: str) -> Said:
    """In progress, in its colour."""
    return voice(lambda: Status(value).label, style=_STYLES[Status(value)])


def verdict(voice: Voice, value: str, share: int) -> Said:
    """In progress, 40%, in its colour."""
    return voice(sentences.verdict_words, value, share, style=_STYLES[Status(value)])


def role(voice: Voice, agency: ReportedAgency) -> Said:
    """Lead agency."""
    return voice(lambda: AssignmentRole(agency.role).label)


def short_day(voice: Voice, day: date | None) -> Said:
    """14 Sep 2023; "None" where there is no day."""
    return voice(lambda: dates.short_day(day) or pgettext("verdict", "None"))


def item_name(voice: Voice, item: ReportedItem) -> Said:
    """Recommendation 2."""
    return voice(lambda: item.label)


def item_mark(item: ReportedItem) -> str:
    """The name of an item's place in the document."""
    return f"item_{item.kind}_{item.number}"


def official_text(voice: Voice, item: ReportedItem) -> Said:
    """The source's own text, to the letter, in each language."""
    return Said(tuple((tongue, item.text_en if tongue == "en" else item.text_ms) for tongue in voice.tongues))


def agency_name(voice: Voice, agency: ReportedAgency | AgencyVersion) -> Said:
    """What an agency was called on the day."""
    return Said(
        tuple((tongue, agency.name_en if tongue == "en" else agency.name_ms) for tongue in voice.tongues)
    )
