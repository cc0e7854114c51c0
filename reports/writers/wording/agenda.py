"""The rows of an agenda, as it was laid before the council, in words: for the papers of a meeting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from recommendations.outcomes import DecisionOutcome
from recommendations.queries.decisions import DecidedStatus, DecisionKind
from recommendations.states import item_key
from reports.writers.wording.sentences import listed
from reports.writers.wording.statuses import change_words, status_words
from reports.writers.wording.steps import cancelled_words
from ui import dates
from ui.numbers import number

if TYPE_CHECKING:
    from meetings.queries.laid import LaidContent
    from meetings.queries.rows import AgendaRow
    from meetings.queries.turnaround import MonthOfDecisions
    from reports.summary.content import SummaryContent
    from reports.writers.wording.by_agency import AgencyCases, ItemDays


def meeting_words(agenda: LaidContent) -> str:
    """Return number, day, time and place of the meeting, as they were when the agenda was laid."""
    return _("%(meeting)s, %(day)s, %(time)s, %(venue)s") % {
        "meeting": agenda.meeting_number,
        "day": dates.day(agenda.meets_on),
        "time": dates.clock_time(agenda.begins),
        "venue": agenda.venue,
    }


def cases_by_agency(content: SummaryContent, rows: Iterable[AgendaRow]) -> list[AgencyCases]:
    """Return the agencies of rows in the order of their first row, each with its items and their days."""
    found: dict[str, list[ItemDays]] = defaultdict(list)
    for row in rows:
        found[row.agency].append((content.by_key[item_key(row.item_kind, row.number)], row.days))
    return [(content.names[code], items) for code, items in found.items()]


def suggested_words(row: AgendaRow) -> str:
    """Return an item without a lead agency, and which agencies are suggested as what."""
    if row.support_codes is None:
        parts = [(_("suggested: %(agencies)s"), row.codes)]
    else:
        parts = [
            (_("suggested to lead: %(agencies)s"), row.codes),
            (_("suggested in support: %(agencies)s"), row.support_codes),
        ]
    told = [words % {"agencies": listed(codes)} for words, codes in parts if codes]
    return pgettext("between parts", "; ").join([row.label, *told]) + "."


def without_action_words(rows: Iterable[AgendaRow]) -> str:
    """Return each lead agency with its items on which nothing has been done: "KDN: Recommendation 5; AGC: …"."""
    by_lead: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        by_lead[row.agency].append(row.label)
    told = (f"{lead}: {listed(labels)}" for lead, labels in by_lead.items())
    return pgettext("between parts", "; ").join(told) + "."


def contradicting_words(rows: Iterable[AgendaRow]) -> str:
    """Return how much contradicts in the figures of which agencies: "PDRM: 4; KPWKM: 7 (explained: 2)."."""
    by_agencies: dict[str, list[AgendaRow]] = defaultdict(list)
    for row in rows:
        by_agencies[", ".join(row.codes) or _("no agency")].append(row)
    told = []
    for agencies, found in by_agencies.items():
        explained = sum(bool(row.text) for row in found)
        words = (
            _("%(agencies)s: %(count)s (explained: %(explained)s)")
            if explained
            else "%(agencies)s: %(count)s"
        )
        told.append(
            words % {"agencies": agencies, "count": number(len(found)), "explained": number(explained)}
        )
    return capfirst(pgettext("between parts", "; ").join(told)) + "."


def differing_words(row: AgendaRow) -> str:
    """Return what an agency reported, and MAPO's verdict on it."""
    return _("Reported: %(claim)s. MAPO’s verdict: %(verdict)s.") % {
        "claim": status_words(row.before),
        "verdict": status_words(row.after),
    }


def contradiction_words(row: AgendaRow) -> str:
    """Return what contradicts, what was compared and where it stands, and MAPO's explanation."""
    return f"{row.title} {row.about} {row.text or _('Not explained yet.')}"


def outcome_words(row: AgendaRow) -> str:
    """Return what became of an earlier decision, and on which day."""
    day = {"day": dates.day(row.on)}
    if row.what == DecisionOutcome.DONE:
        return _("Done on %(day)s.") % day
    if row.what == DecisionOutcome.CANCELLED and row.cancelled_reason:
        return cancelled_words(row.on, row.cancelled_reason)
    if row.what == DecisionOutcome.CANCELLED:
        # An agenda that was laid in an older form does not say why.
        return _("Cancelled; it was due on %(day)s.") % day
    if row.what == DecisionOutcome.LATE:
        return _("Due on %(day)s, late by %(days)s.") % {**day, "days": dates.days(row.days)}
    return _("Due on %(day)s.") % day


def decided_words(row: AgendaRow) -> str:
    """Return "Returned (Aminah binti Salleh)", or only what was decided where no name was laid."""
    return f"{row.what_label} ({row.by})" if row.by else row.what_label


def row_change(row: AgendaRow) -> str:
    """Return the status before and after a decision; a dash for a return, which changes none."""
    return "–" if row.what == DecisionKind.RETURNED else change_words(row.before, row.after)


def item_change(row: AgendaRow) -> str:
    """Return how the item changed, where it changed in another way than the part; else empty."""
    if row.item_after is None:
        return ""
    before, after = row.item_before, row.item_after
    change = change_words(
        DecidedStatus(before.status, before.percent), DecidedStatus(after.status, after.percent)
    )
    return _("Item: %(change)s") % {"change": change}


def override_change(row: AgendaRow) -> str:
    """Return the status that MAPO set, since when, and what the verdicts alone give."""
    words = {
        "status": status_words(DecidedStatus(row.status, row.percent)),
        "day": dates.day(row.on),
        "verdicts": status_words(row.before),
    }
    return _("%(status)s since %(day)s. The verdicts alone give: %(verdicts)s.") % words


def request_words(row: AgendaRow) -> str:
    """Return what an agency asks for, and since when."""
    return _("%(what)s, since %(day)s (%(days)s)") % {
        "what": row.what_label,
        "day": dates.day(row.on),
        "days": dates.days(row.days),
    }


def turnaround_words(months: Sequence[MonthOfDecisions]) -> str:
    """Return how long MAPO took, month by month: "…: Sep 2023 3 days (5 decisions); …"; empty without a decision."""
    told = [_month(month) for month in months if month.count]
    return (
        _("MAPO’s own turnaround, median of days from submission to decision: %(months)s.")
        % {"months": listed(told)}
        if told
        else ""
    )


def _month(month: MonthOfDecisions) -> str:
    decisions = ngettext("%(count)s decision", "%(count)s decisions", month.count) % {
        "count": number(month.count)
    }
    return _("%(month)s %(days)s (%(decisions)s)") % {
        "month": month.month_text,
        "days": month.median_text,
        "decisions": decisions,
    }
