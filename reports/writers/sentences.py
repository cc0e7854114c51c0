"""What papers for people say of rows: each sentence is composed once, in the language in force, for every such paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.clearance import Clearance
from audit.clock import local_date
from recommendations.models.cycle import in_reading_language
from recommendations.rollup import ItemState, Override
from recommendations.states import Kind, Pillar, Status
from recommendations.windows import Window, window_label
from reports.summary.content import SummaryContent
from reports.summary.rows import KindTotals, ReportedAgency, ReportedItem, ReportedUpdate
from reports.summary.selection import item_words
from ui import dates
from ui.numbers import percent

#: An agency's part in an item.
Part = tuple[ReportedItem, ReportedAgency]


def subtitle(content: SummaryContent) -> str:
    """15 recommendations and 6 weaknesses, assessment cycle 2023, and their source; first of all, of whom or what."""
    words = {
        "items": all_items(content.totals),
        "year": content.cycle.year,
        "source": content.cycle.source,
    }
    told = _("%(items)s, assessment cycle %(year)s. Source: %(source)s") % words
    narrowed = " · ".join(_narrowed(content))
    return f"{narrowed}. {told}" if narrowed else told


def _narrowed(content: SummaryContent) -> Iterator[str]:
    """What the summary was narrowed to: JIM, Jabatan Imigresen Malaysia; Pillar: Protection."""
    asked = content.selection
    if asked.agency:
        names = {row.code: row for key, row in content.agencies.items() if key in content.agency_ids}
        called = names.get(asked.agency) or next(iter(names.values()), None)
        yield f"{called.code}, {in_reading_language(called, 'name')}" if called else asked.agency
    if asked.item:
        yield item_words(asked.item)
    if asked.kind:
        yield str(Kind(asked.kind).label)
    if asked.pillar:
        yield f"{_('Pillar')}: {Pillar(asked.pillar).label}"
    if asked.status:
        yield f"{_('Status')}: {Status(asked.status).label}"


def source_words(content: SummaryContent) -> str:
    """Whose text an item's text is."""
    return _("The official text, unchanged. %(source)s.") % {"source": content.cycle.source}


def whose_words(state: ItemState) -> str:
    """Whose verdict an item's state is, or what holds it back."""
    if not state.lead:
        return _("No lead agency has been confirmed.")
    if state.held_by:
        agencies = listed(state.held_by)
        return _("The lead agency is done; still to be completed: %(agencies)s.") % {"agencies": agencies}
    return _("MAPO’s verdict for %(lead)s, the lead agency.") % {"lead": state.lead}


def override_words(override: Override, beneath: ItemState | None) -> str:
    """When MAPO set a state, and what lies beneath it; MAPO's reason follows."""
    words = {"day": dates.day(override.set_at)}
    if beneath is None:
        return _("Set by MAPO on %(day)s, for this reason:") % words
    words |= {"status": verdict_words(beneath.status, beneath.percent)}
    return _("Set by MAPO on %(day)s; the agencies’ verdicts alone give: %(status)s. MAPO’s reason:") % words


def state_notes(item: ReportedItem) -> Iterator[str]:
    """Beside a state in short: that MAPO set it, or for whom it waits."""
    if item.state.override:
        yield _("Set by MAPO")
    if item.state.held_by:
        yield _("Waits for %(agencies)s") % {"agencies": ", ".join(item.state.held_by)}


def suggested_leads(item: ReportedItem) -> Iterator[str]:
    """Who is suggested to lead (told to MAPO alone)."""
    for agency in item.agencies:
        if agency.is_lead and agency.is_suggested:
            yield _("%(agency)s (suggestion)") % {"agency": agency.code}


def next_words(agency: ReportedAgency, on: date) -> Iterator[str]:
    """Beside the day of the next update: what is late, what waits, what was returned."""
    if agency.late_days is not None:
        yield _("late by %(days)s") % {"days": dates.days(agency.late_days)}
    if agency.waiting_since:
        yield waiting_words(agency, on)
    if agency.returned_since:
        yield returned_words(agency, on)


def update_notes(update: ReportedUpdate, content: SummaryContent) -> str:
    """What else is known of an update; empty where nothing is."""
    return " · ".join(_notes(update, content))


def _notes(update: ReportedUpdate, content: SummaryContent) -> Iterator[str]:
    if not update.is_nothing_new and (update.covers_from or update.covers_to):
        yield _("Covers %(days)s") % {"days": dates.day_range(update.covers_from, update.covers_to)}
        yield window_words(update.covers_from, update.covers_to, content.dates)
    if update.documents:
        yield _("Evidence: %(documents)s") % {"documents": document_numbers(update.documents)}
    if update.claim_differs:
        yield claim_beside_verdict(update)
    if update.reported_on:
        yield _("Reported on %(reported)s · brought in by opening import on %(brought)s") % {
            "reported": dates.short_day(update.reported_on),
            "brought": dates.short_day(local_date(update.decided_at)),
        }
    if update.is_by_letter:
        yield _("Received by letter")
    if update.corrected:
        yield _("This decision took the place of an earlier one")
    if update.classification is not None and update.classification > Clearance.RESTRICTED:
        yield str(Clearance(update.classification).label)


def document_numbers(numbers: Sequence[int]) -> str:
    """Documents 12, 15."""
    return ngettext("Document %(numbers)s", "Documents %(numbers)s", len(numbers)) % {
        "numbers": ", ".join(map(str, numbers))
    }


def paper_file(reference: str) -> str:
    """Of a document without bytes: where it lies."""
    return _("Paper file %(reference)s") % {"reference": reference}


def no_evidence(content: SummaryContent) -> str:
    """Who does not see every document is not told that there is none."""
    if content.reader.is_mapo:
        return _("No document is cited.")
    return _("No document is cited that you may know of.")


def window_words(first: date | None, last: date | None, window: Window) -> str:
    """Within the window; empty without a day."""
    return {
        "": "",
        "inside": _("Within the window"),
        "spanning": _("Across the window’s edge"),
        "before": _("Before the window"),
        "after": _("After the window"),
    }[window_label(first, last, window)]


def verdict_words(value: str, share: int) -> str:
    """In progress, 40%."""
    return f"{Status(value).label}, {percent(share)}"


def counted_items(totals: KindTotals) -> str:
    """15 recommendations."""
    return count_of_kind(totals.kind, totals.items)


def count_of_kind(kind: str, count: int) -> str:
    """15 recommendations."""
    if kind == Kind.WEAKNESS:
        return ngettext("%(count)s weakness", "%(count)s weaknesses", count) % {"count": count}
    return ngettext("%(count)s recommendation", "%(count)s recommendations", count) % {"count": count}


def all_items(totals: Sequence[KindTotals]) -> str:
    """15 recommendations and 6 weaknesses."""
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
    """Protection."""
    return str(Pillar(pillar).label) if pillar else _("Without a pillar")


def late_words(agency: ReportedAgency) -> str:
    """Was due on 31 Aug 2023, late by 14 days."""
    return _("Was due on %(day)s, late by %(days)s") % {
        "day": dates.short_day(agency.next_due_on),
        "days": dates.days(agency.late_days or 0),
    }


def waiting_words(agency: ReportedAgency, on: date) -> str:
    """Waits for MAPO since 1 Sep 2023 (13 days)."""
    since = agency.waiting_since or on
    return _("Waits for MAPO since %(day)s (%(days)s)") % {
        "day": dates.short_day(since),
        "days": dates.days((on - since).days),
    }


def returned_words(agency: ReportedAgency, on: date) -> str:
    """Returned on 1 Sep 2023 (13 days ago)."""
    since = agency.returned_since or on
    return _("Returned on %(day)s (%(days)s ago)") % {
        "day": dates.short_day(since),
        "days": dates.days((on - since).days),
    }


def claim_beside_verdict(update: ReportedUpdate) -> str:
    """PDRM reported 60%, MAPO decided 40%."""
    return _("%(agency)s reported %(claim)s, MAPO decided %(verdict)s") % {
        "agency": update.code,
        "claim": verdict_words(update.claim_status or Status.NONE, update.claim_percent or 0),
        "verdict": verdict_words(update.status, update.percent),
    }


def parts_that_stand_out(content: SummaryContent) -> tuple[list[Part], list[Part], list[Part]]:
    """What is late, what waits and what was returned; of each the longest first."""
    parts = [(item, agency) for item in content.items for agency in item.in_force]
    late = [part for part in parts if part[1].late_days is not None]
    waiting = [part for part in parts if part[1].waiting_since]
    returned = [part for part in parts if part[1].returned_since]
    on = content.selection.day
    return (
        sorted(late, key=lambda part: -(part[1].late_days or 0)),
        sorted(waiting, key=lambda part: part[1].waiting_since or on),
        sorted(returned, key=lambda part: part[1].returned_since or on),
    )


def pillar_counts(content: SummaryContent) -> Iterator[tuple[str, list[int], int]]:
    """Each pillar that has items, with their counts by status and their total; "" for those without one."""
    for pillar in (*Pillar.values, ""):
        found = Counter(item.status for item in content.items if item.pillar == pillar)
        if found:
            yield pillar, [found[status.value] for status in Status], found.total()


def agency_codes(content: SummaryContent) -> list[str]:
    """Every code that stands in a summary and has a name of the day."""
    codes = {each.code for item in content.items for each in item.agencies}
    return sorted(codes & content.names.keys())
