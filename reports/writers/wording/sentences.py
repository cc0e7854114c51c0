"""Sentences about the rows of a summary, for PDF and Word alike; each is composed in the active language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.clearance import Clearance
from audit.clock import local_date
from recommendations.models.cycle import in_reading_language
from recommendations.queries.window_clock import WindowClock
from recommendations.states import ItemKind, Pillar, Status
from recommendations.windows import window_label
from ui import dates
from ui.numbers import percent

if TYPE_CHECKING:
    from recommendations.rollup import ItemState, Override
    from recommendations.windows import Window
    from reports.summary.content import SummaryContent
    from reports.summary.rows import KindTotals, ReportedAgency, ReportedItem, ReportedUpdate

    #: An item and one agency that answers for it.
    AgencyPart = tuple[ReportedItem, ReportedAgency]


#: So many characters of MAPO's reason for an override fit on a summary of one page.
GLANCE_REASON = 240


# --- The summary as a whole


def subtitle(content: SummaryContent) -> str:
    """Return "15 recommendations and 6 weaknesses, assessment cycle 2023. Source: …", after the filters if there are any."""
    words = {
        "items": all_items(content.totals),
        "year": content.cycle.year,
        "source": content.cycle.source,
    }
    whole = _("%(items)s, assessment cycle %(year)s. Source: %(source)s") % words
    filters = " · ".join(_filters(content))
    return f"{filters}. {whole}" if filters else whole


def _filters(content: SummaryContent) -> Iterator[str]:
    """Yield each filter of the selection: "JIM, Jabatan Imigresen Malaysia", "Pillar: Protection"."""
    filters = content.selection.filter_words()
    for name in ("agency", "item", "kind", "pillar", "status"):
        if name in filters:
            yield _agency_filter(content) if name == "agency" else filters[name]


def _agency_filter(content: SummaryContent) -> str:
    """Return code and name, on the day, of the agency of the selection."""
    code = content.selection.agency
    versions = {row.code: row for key, row in content.agencies.items() if key in content.agency_ids}
    version = versions.get(code) or next(iter(versions.values()), None)
    return f"{version.code}, {in_reading_language(version, 'name')}" if version else code


def running_title(content: SummaryContent) -> str:
    """Return what stands in the foot of each page of a Word summary."""
    return _("Progress summary, as at %(day)s") % {"day": dates.day(content.selection.day)}


def source_words(content: SummaryContent) -> str:
    """Return where an item's official text comes from."""
    return _("The official text, unchanged. %(source)s.") % {"source": content.cycle.source}


def window_span(content: SummaryContent) -> str:
    """Return the first and the last day of the assessment window."""
    return dates.day_range(content.dates.window_start, content.dates.window_end, long=True)


def clock_words(content: SummaryContent) -> str:
    """Return where the day lies in the assessment window, and the dates that count."""
    return _(
        "%(day)s. Assessment window: %(window)s. Interim assessment: %(interim)s. Information due: %(due)s."
    ) % {
        "day": WindowClock(content.dates, content.selection.day).day_text,
        "window": window_span(content),
        "interim": dates.day(content.dates.interim_on),
        "due": dates.day(content.dates.submission_on),
    }


def page_numbers(page: str, pages: str) -> str:
    """Return "Page 1 of 12"; the format fills in what stands for the numbers."""
    return _("Page %(page)s of %(pages)s") % {"page": page, "pages": pages}


def sample_data() -> str:
    """Return the warning that a demonstration shows samples."""
    return _("Sample data")


# --- Counts


def counted_items(totals: KindTotals, write: Callable[[int], object] = int) -> str:
    """Return "15 recommendations"; `write` writes the number."""
    count, words = totals.items, {"count": write(totals.items)}
    if totals.kind == ItemKind.WEAKNESS:
        return ngettext("%(count)s weakness", "%(count)s weaknesses", count) % words
    return ngettext("%(count)s recommendation", "%(count)s recommendations", count) % words


def all_items(totals: Sequence[KindTotals], write: Callable[[int], object] = int) -> str:
    """Return "15 recommendations and 6 weaknesses"; `write` writes the numbers."""
    counted = [counted_items(each, write) for each in totals]
    if len(counted) == 1:
        return counted[0]
    return _("%(first)s and %(second)s") % {"first": counted[0], "second": counted[1]}


def pillar_words(pillar: str) -> str:
    """Return "Protection", or what an item without a pillar is listed under."""
    return str(Pillar(pillar).label) if pillar else _("Without a pillar")


def items_by_pillar(content: SummaryContent) -> Iterator[tuple[str, list[ReportedItem]]]:
    """Yield each pillar that has items, with its items; "" for items without a pillar, last."""
    for pillar in (*Pillar.values, ""):
        if items := [item for item in content.items if item.pillar == pillar]:
            yield pillar, items


def pillar_counts(
    content: SummaryContent, statuses: Sequence[Status] = tuple(Status)
) -> Iterator[tuple[str, list[int], int]]:
    """Yield each pillar that has items, with its number of items by status, in this order, and in all."""
    for pillar, items in items_by_pillar(content):
        counts = Counter(item.status for item in items)
        yield pillar, [counts[status.value] for status in statuses], len(items)


# --- An item and its agencies


def item_name(item: ReportedItem) -> str:
    """Return "Recommendation 4"."""
    return item.label


def item_title(item: ReportedItem) -> str:
    """Return MAPO's short title, or the beginning of the official text where there is none."""
    return item.title


def title_note(item: ReportedItem) -> str:
    """Return "MAPO’s short title: Train officials …"; empty where there is none."""
    return f"{_('MAPO’s short title:')} {item.short_title}" if item.short_title else ""


def verdict_words(status: str, share: int | None) -> str:
    """Return "In progress, 40%"."""
    return f"{Status(status).label}, {percent(share)}"


def state_origin(state: ItemState) -> str:
    """Return whose verdict an item's state is, or what holds it back."""
    if not state.lead:
        return _("No lead agency has been confirmed.")
    if state.held_by:
        agencies = listed(state.held_by)
        return _("The lead agency has completed its part; still to complete: %(agencies)s.") % {
            "agencies": agencies
        }
    return _("MAPO’s decision on %(lead)s (lead).") % {"lead": state.lead}


def override_words(override: Override, beneath: ItemState | None) -> str:
    """Return who set a state and when, and the state that the verdicts alone give; MAPO's reason follows."""
    words = {"who": override.setter, "day": dates.day(override.set_at)}
    if beneath is None:
        return _("Set by %(who)s on %(day)s, for this reason:") % words
    words |= {"status": beneath.words}
    return (
        _("Set by %(who)s on %(day)s; the agencies’ verdicts alone give: %(status)s. MAPO’s reason:") % words
    )


def override_title(item: ReportedItem) -> str:
    """Return "Recommendation 4: Completed, 100%", which begins the note about an override."""
    return f"{item_name(item)}: {verdict_words(item.status, item.percent)}"


def set_by_mapo(content: SummaryContent) -> list[ReportedItem]:
    """Return the items whose state MAPO has set itself, in the order of the rows."""
    return [item for item in content.items if item.state.override]


def reason_of(item: ReportedItem, *, most: int | None = None) -> str:
    """Return MAPO’s reason for an override as it was typed; with `most`, on one line of at most so many characters.

    A longer one ends after a whole word.
    """
    reason = item.state.override.reason if item.state.override else ""
    line = " ".join(reason.split())
    if most is None or len(line) <= most:
        return reason if most is None else line
    return f"{line[: most - 1].rpartition(' ')[0] or line[: most - 1]}…"


def state_notes(item: ReportedItem) -> Iterator[str]:
    """Yield the notes below a status: that MAPO set it, what verdicts alone give, and for which agencies it waits."""
    if item.state.override:
        yield item.state.override.mark
        yield item.state.beneath_words
    if item.state.held_by:
        yield _("Waits for %(agencies)s") % {"agencies": ", ".join(item.state.held_by)}


def suggested_leads(item: ReportedItem) -> Iterator[str]:
    """Yield the agencies that are suggested to lead (only MAPO's rows have any)."""
    for agency in item.agencies:
        if agency.is_lead and agency.is_suggested:
            yield _("%(agency)s (suggestion)") % {"agency": agency.code}


def attention_notes(agency: ReportedAgency, on: date) -> Iterator[str]:
    """Yield the notes below the day of the next update: what is late, what waits, what was returned."""
    if agency.late_days is not None:
        yield _("late by %(days)s") % {"days": dates.days(agency.late_days)}
    if agency.waiting_since:
        yield waiting_words(agency, on)
    if agency.returned_since:
        yield returned_words(agency, on)


def attention_counts(item: ReportedItem) -> Iterator[str]:
    """Yield how many agencies of an item are late, and how many updates wait or were returned, where there are any."""
    if late := sum(each.late_days is not None for each in item.in_force):
        yield ngettext("%(count)s late", "%(count)s late", late) % {"count": late}
    if waiting := sum(each.waiting_since is not None for each in item.in_force):
        yield ngettext("%(count)s waiting", "%(count)s waiting", waiting) % {"count": waiting}
    if returned := sum(each.returned_since is not None for each in item.in_force):
        yield ngettext("%(count)s returned", "%(count)s returned", returned) % {"count": returned}


def waiting_words(agency: ReportedAgency, on: date) -> str:
    """Return "Waits for MAPO since 1 Sep 2023 (13 days)"."""
    return _("Waits for MAPO since %(day)s (%(days)s)") % _since(agency.waiting_since or on, on)


def returned_words(agency: ReportedAgency, on: date) -> str:
    """Return "Returned on 1 Sep 2023 (13 days ago)"."""
    words = _since(agency.returned_since or on, on)
    if (agency.returned_since or on) == on:
        return _("Returned on %(day)s (today)") % words
    return _("Returned on %(day)s (%(days)s ago)") % words


def _since(since: date, on: date) -> dict[str, str]:
    return {"day": dates.short_day(since), "days": dates.elapsed((on - since).days)}


#: How what waits and was returned is said of an agency on a day.
ATTENTION_WORDS: dict[str, Callable[[ReportedAgency, date], str]] = {
    "waiting": waiting_words,
    "returned": returned_words,
}


def agency_parts(content: SummaryContent, matches: Callable[[ReportedAgency], object]) -> list[AgencyPart]:
    """Return the confirmed agencies that match, each with its item, in the order of the rows."""
    return [(item, agency) for item in content.items for agency in item.in_force if matches(agency)]


#: Since when an agency is late, waits for MAPO, or has an update that was returned; None where nothing stands out.
ATTENTION_SINCE: dict[str, Callable[[ReportedAgency], date | None]] = {
    "late": lambda agency: None if agency.late_days is None else agency.next_due_on,
    "waiting": lambda agency: agency.waiting_since,
    "returned": lambda agency: agency.returned_since,
}


def attention_parts(content: SummaryContent, kind: str) -> list[AgencyPart]:
    """Return the agencies that stand out so (a key of `ATTENTION_SINCE`), each with its item, the longest first."""
    since = ATTENTION_SINCE[kind]
    return sorted(agency_parts(content, since), key=lambda part: since(part[1]) or content.selection.day)


def agency_codes(content: SummaryContent) -> list[str]:
    """Return the code of every agency in a summary that had a name on the day."""
    codes = {each.code for item in content.items for each in item.agencies}
    return sorted(codes & content.names.keys())


def listed(names: Sequence[str]) -> str:
    """Return "PDRM, JIM and KLN", each name once."""
    *others, last = dict.fromkeys(names) or [""]
    if not others:
        return last
    return _("%(names)s and %(last)s") % {"names": ", ".join(others), "last": last}


def day_or_none(day: date | None) -> str:
    """Return "14 Sep 2023", or "None" where there is no day."""
    return dates.short_day(day) or pgettext("verdict", "None")


# --- Updates and documents


def update_notes(update: ReportedUpdate, content: SummaryContent) -> str:
    """Return what is known of an update beside its text; empty where nothing is."""
    return " · ".join([*_evidence_notes(update, content), *_origin_notes(update)])


def _evidence_notes(update: ReportedUpdate, content: SummaryContent) -> Iterator[str]:
    """Yield the days that an update covers, its documents, and the claim where MAPO decided otherwise."""
    if not update.is_nothing_new and (update.covers_from or update.covers_to):
        yield _("Covers %(days)s") % {"days": dates.day_range(update.covers_from, update.covers_to)}
        yield window_words(update.covers_from, update.covers_to, content.dates)
    if update.documents:
        yield _("Evidence: %(documents)s") % {"documents": document_numbers(update.documents)}
    if update.claim_differs:
        yield _("%(agency)s reported %(claim)s, MAPO decided %(verdict)s") % {
            "agency": update.code,
            "claim": verdict_words(update.claim_status or Status.NONE, update.claim_percent),
            "verdict": verdict_words(update.status, update.percent),
        }


def _origin_notes(update: ReportedUpdate) -> Iterator[str]:
    """Yield how an update came in, that it corrects a decision, and a class above restricted."""
    if update.reported_on:
        yield _("Reported on %(reported)s · brought in by opening import on %(brought)s") % {
            "reported": dates.short_day(update.reported_on),
            "brought": dates.short_day(local_date(update.decided_at)),
        }
    if update.is_by_letter:
        yield _("Received by letter")
    if update.corrected:
        yield _("This decision replaced an earlier one")
    if update.ended_on:
        yield _("The assignment ended on %(day)s") % {"day": dates.short_day(update.ended_on)}
    if update.classification is not None and update.classification > Clearance.RESTRICTED:
        yield str(Clearance(update.classification).label)


def document_numbers(numbers: Sequence[int]) -> str:
    """Return "Documents 12, 15"."""
    return ngettext("Document %(numbers)s", "Documents %(numbers)s", len(numbers)) % {
        "numbers": ", ".join(map(str, numbers))
    }


def paper_file(reference: str) -> str:
    """Return the reference number of a document that Jejak has no bytes of."""
    return _("Paper file %(reference)s") % {"reference": reference}


def no_evidence(content: SummaryContent) -> str:
    """Return that no document is cited, as far as the reader may know."""
    if content.reader.is_mapo:
        return _("No document is cited.")
    return _("No document that you may see is cited.")


def window_words(first: date | None, last: date | None, window: Window) -> str:
    """Return "Within the window"; empty without a day."""
    return {
        "": "",
        "inside": _("Within the window"),
        "spanning": _("Across the window’s edge"),
        "before": _("Before the window"),
        "after": _("After the window"),
    }[window_label(first, last, window)]
