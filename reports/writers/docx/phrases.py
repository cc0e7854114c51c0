"""The domain's own words as a paper says them, in its languages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from recommendations.states import AssignmentRole, Kind, Pillar, Status
from recommendations.windows import window_label
from reports.content import ReportedAgency, ReportedItem, ReportedUpdate, Totals
from reports.content.reading import Content
from reports.writers.docx.voice import Said, Voice
from ui import dates
from ui.numbers import percent

_STYLES = {Status.NONE: "StatusNone", Status.PROGRESS: "StatusProgress", Status.DONE: "StatusDone"}


def status(voice: Voice, value: str) -> Said:
    """In progress, in its colour."""
    return voice(lambda: Status(value).label, style=_STYLES[Status(value)])


def verdict_words(value: str, share: int) -> str:
    """In progress, 40%; in the language in force."""
    return f"{Status(value).label}, {percent(share)}"


def verdict(voice: Voice, value: str, share: int) -> Said:
    """In progress, 40%, in its colour."""
    return voice(verdict_words, value, share, style=_STYLES[Status(value)])


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


def counted_items(totals: Totals) -> str:
    """15 recommendations; in the language in force."""
    count = totals.items
    if totals.kind == Kind.WEAKNESS:
        return ngettext("%(count)s weakness", "%(count)s weaknesses", count) % {"count": count}
    return ngettext("%(count)s recommendation", "%(count)s recommendations", count) % {"count": count}


def all_items(totals: Sequence[Totals]) -> str:
    """15 recommendations and 6 weaknesses; in the language in force."""
    counted = [counted_items(each) for each in totals]
    if len(counted) == 1:
        return counted[0]
    return _("%(first)s and %(second)s") % {"first": counted[0], "second": counted[1]}


def listed(names: Sequence[str]) -> str:
    """PDRM, JIM and KLN; each once, in the language in force."""
    *others, last = dict.fromkeys(names) or [""]
    if not others:
        return last
    return _("%(names)s and %(last)s") % {"names": ", ".join(others), "last": last}


def pillar_words(pillar: str) -> str:
    """Protection; in the language in force."""
    return str(Pillar(pillar).label) if pillar else _("Without a pillar")


def agency_name(voice: Voice, agency: ReportedAgency) -> Said:
    """What an agency was called on the day."""
    return Said(
        tuple((tongue, agency.name_en if tongue == "en" else agency.name_ms) for tongue in voice.tongues)
    )


def late_words(agency: ReportedAgency) -> str:
    """Was due on 31 Aug 2023, late by 14 days; in the language in force."""
    return _("Was due on %(day)s, late by %(days)s") % {
        "day": dates.short_day(agency.next_due_on),
        "days": dates.days(agency.late_days or 0),
    }


def waiting_words(agency: ReportedAgency, on: date) -> str:
    """Waits for MAPO since 1 Sep 2023 (13 days); in the language in force."""
    since = agency.waiting_since or on
    return _("Waits for MAPO since %(day)s (%(days)s)") % {
        "day": dates.short_day(since),
        "days": dates.days((on - since).days),
    }


def returned_words(agency: ReportedAgency, on: date) -> str:
    """Returned on 1 Sep 2023 (13 days ago); in the language in force."""
    since = agency.returned_since or on
    return _("Returned on %(day)s (%(days)s ago)") % {
        "day": dates.short_day(since),
        "days": dates.days((on - since).days),
    }


def document_numbers(numbers: Sequence[int]) -> str:
    """Document 12, 15; in the language in force."""
    return pgettext("by number", "Document %(numbers)s") % {"numbers": ", ".join(map(str, numbers))}


def claim_beside_verdict(update: ReportedUpdate) -> str:
    """PDRM reported 60%, MAPO decided 40%; in the language in force."""
    return _("%(agency)s reported %(claim)s, MAPO decided %(verdict)s") % {
        "agency": update.code,
        "claim": verdict_words(update.claim_status or Status.NONE, update.claim_percent or 0),
        "verdict": verdict_words(update.status, update.percent),
    }


def window_words(first: date | None, last: date | None, content: Content) -> str:
    """Within the window; in the language in force, empty without a day."""
    place = window_label(first, last, content.dates)
    if not place:
        return ""
    return {
        "inside": _("Within the window"),
        "spanning": _("Across the window’s edge"),
        "before": _("Before the window"),
        "after": _("After the window"),
    }[place]
