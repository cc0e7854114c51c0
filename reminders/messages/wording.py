"""Reminders in words: what is to be done, by when, why the reader is told, and where to do it.

The list in the app, the mails, the preview and the command show the same text. It holds nothing classified: an item's
number and official title, codes, dates, and the message that MAPO wrote for the reader.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from indicators.queries.owed_months import sent_words
from recommendations.deadlines import is_overdue
from recommendations.states import ItemKind, item_label
from reminders.kinds import CYCLE_KINDS, DEADLINE_KINDS, FIGURE_KINDS, MAPO_KINDS, ReminderKind
from reminders.messages.texts import ReminderText
from reminders.states import LADDER, Audience
from ui import dates
from ui.addresses import address_of

if TYPE_CHECKING:
    from reminders.messages.details import ReminderDetails

#: What came back, and what MAPO asks for by itself.
_PRESSING = frozenset({ReminderKind.RETURNED, ReminderKind.FIGURES_RETURNED, ReminderKind.NUDGE})
#: A deadline within so many days is shown as a warning.
SOON_DAYS = 3

#: What the agency's people are to do.
_TASKS = {
    ReminderKind.UPDATE_DUE: _("Report on %(item)s"),
    ReminderKind.FINAL_DUE: _("Complete %(item)s"),
    ReminderKind.ACTION_DUE: _("Finish a planned step on %(item)s"),
    ReminderKind.RETURNED: _("Correct the returned update on %(item)s and send it again"),
    ReminderKind.RESUBMIT_DUE: _("Send the returned update on %(item)s again"),
    ReminderKind.LETTER: _("Read the update on %(item)s that MAPO entered from a letter"),
    ReminderKind.REVIEW_WAITING: _("Decide on the update of %(agency)s on %(item)s"),
    ReminderKind.REQUEST_WAITING: _("Answer the request of %(agency)s about %(item)s"),
    ReminderKind.INTERIM: _("Update your items for the interim date of the %(year)s cycle"),
    ReminderKind.WINDOW_END: _("Update your items before the window of the %(year)s cycle ends"),
    ReminderKind.SUBMISSION: _("Complete the information for the %(year)s cycle"),
    ReminderKind.NUDGE: _("MAPO asks you to act on %(item)s"),
    ReminderKind.FIGURES_DUE: _("Report the figures of %(month)s"),
    ReminderKind.FIGURES_RETURNED: _("Correct the returned figures of %(month)s and send them again"),
    ReminderKind.FIGURES_WAITING: _("Decide on the figures of %(agency)s of %(month)s"),
}
#: What MAPO is told about an agency.
_MAPO_TASKS = _TASKS | {
    ReminderKind.UPDATE_DUE: _("%(agency)s has not reported on %(item)s"),
    ReminderKind.FINAL_DUE: _("%(agency)s has not completed %(item)s"),
    ReminderKind.ACTION_DUE: _("%(agency)s has not finished a planned step on %(item)s"),
    ReminderKind.RETURNED: _("%(agency)s has not corrected the returned update on %(item)s"),
    ReminderKind.RESUBMIT_DUE: _("%(agency)s has not sent the returned update on %(item)s again"),
    ReminderKind.LETTER: _("%(agency)s has not read the update on %(item)s from a letter"),
    ReminderKind.INTERIM: _("%(agency)s has items to complete for the interim date of the %(year)s cycle"),
    ReminderKind.WINDOW_END: _(
        "%(agency)s has items to complete before the window of the %(year)s cycle ends"
    ),
    ReminderKind.SUBMISSION: _("%(agency)s has not completed its information for the %(year)s cycle"),
    ReminderKind.NUDGE: _("MAPO's nudge about %(item)s: nobody at %(agency)s can act"),
    ReminderKind.FIGURES_DUE: _("%(agency)s has not reported its figures of %(month)s"),
    ReminderKind.FIGURES_RETURNED: _("%(agency)s has not corrected its returned figures of %(month)s"),
}
#: The same of the figures of a month of which a part was sent.
_REST_OF_MONTH = _("Report the other figures of %(month)s (%(sent)s)")
_MAPO_REST_OF_MONTH = _("%(agency)s has not reported all its figures of %(month)s (%(sent)s)")
#: The dates of a cycle, and its own steps, for MAPO itself.
_MAPO_OWN_TASKS = {
    ReminderKind.ACTION_DUE: _("Finish a planned step of MAPO on %(item)s"),
    ReminderKind.INTERIM: _("Items are still to be completed for the interim date of the %(year)s cycle"),
    ReminderKind.WINDOW_END: _(
        "Items are still to be completed before the window of the %(year)s cycle ends"
    ),
    ReminderKind.SUBMISSION: _("Information is still to be completed for the %(year)s cycle"),
}
#: Of an opening import, which is returned or waits as a whole.
_IMPORT_TASKS = {
    ReminderKind.RETURNED: _("Correct the returned import and send it again"),
    ReminderKind.RESUBMIT_DUE: _("Send the returned import again"),
    ReminderKind.REVIEW_WAITING: _("Decide on the import of %(agency)s"),
}
_MAPO_IMPORT_TASKS = _IMPORT_TASKS | {
    ReminderKind.RETURNED: _("%(agency)s has not corrected the returned import"),
    ReminderKind.RESUBMIT_DUE: _("%(agency)s has not sent the returned import again"),
}

_BUTTONS = {
    ReminderKind.UPDATE_DUE: _("Report now"),
    ReminderKind.FINAL_DUE: _("Report now"),
    ReminderKind.ACTION_DUE: _("Open the item"),
    ReminderKind.RETURNED: _("Correct the update"),
    ReminderKind.RESUBMIT_DUE: _("Correct the update"),
    ReminderKind.LETTER: _("Read the update"),
    ReminderKind.REVIEW_WAITING: _("Decide"),
    ReminderKind.REQUEST_WAITING: _("Answer the request"),
    ReminderKind.NUDGE: _("Report now"),
    ReminderKind.FIGURES_DUE: _("Report now"),
    ReminderKind.FIGURES_RETURNED: _("Correct the figures"),
    ReminderKind.FIGURES_WAITING: _("Decide"),
}


def describe(details: ReminderDetails, *, today: date) -> ReminderText:
    """Return a reminder in the language in force, as it stands on a day."""
    is_late = details.what in DEADLINE_KINDS and is_overdue(details.due_on, today=today)
    is_gap = _is_gap(details)
    is_about_item = bool(details.kind) and details.what not in CYCLE_KINDS and not _is_about_import(details)
    return ReminderText(
        id=details.id,
        what=details.what,
        task=_task(details),
        when=when(details.what, details.due_on, today=today),
        path=path_of(details),
        button=_button(details),
        tone=_tone(details, is_late=is_late, is_gap=is_gap, today=today),
        rank=_rank(details, is_late=is_late, today=today),
        item_label=item_label(details.kind, details.number) if is_about_item else "",
        title=details.title if is_about_item else "",
        short_title=details.short_title if is_about_item else "",
        agency="" if details.is_own_agency else details.agency_code,
        why=why(details),
        nudge_line=details.nudge_line,
        is_late=is_late,
        is_escalation=details.is_escalation,
        is_gap=is_gap,
        is_usual=_is_usual(details),
        is_unnamed=details.is_unnamed,
    )


def _is_about_import(details: ReminderDetails) -> bool:
    return details.opening_id is not None and details.what in _IMPORT_TASKS


def _task(details: ReminderDetails) -> str:
    """Return what is to be done, as the agency or MAPO reads it."""
    names = {
        "item": item_label(details.kind, details.number) if details.kind else "",
        "agency": details.agency_code,
        "year": details.year,
        "month": dates.month_year(details.month) if details.month else "",
    }
    if details.what == ReminderKind.FIGURES_DUE and details.sent_count:
        words = _MAPO_REST_OF_MONTH if details.is_for_mapo else _REST_OF_MONTH
        return str(words) % (names | {"sent": sent_words(details.sent_count, details.asked_count)})
    if _is_about_import(details):
        tasks = _MAPO_IMPORT_TASKS if details.is_for_mapo else _IMPORT_TASKS
    elif not details.is_for_mapo:
        tasks = _TASKS
    elif details.agency_code:
        tasks = _MAPO_TASKS
    else:
        tasks = _MAPO_OWN_TASKS
    if details.is_asked and not details.is_for_mapo:
        return gettext("MAPO asks for an update on %(item)s") % names
    return str(tasks[ReminderKind(details.what)]) % names


def when(what: str, day: date, *, today: date) -> str:
    """Return the day of a matter as seen from today: due in 3 days, on …; 12 days late; returned on …."""
    return _when(what, day, today, get_language() or "ms")


@lru_cache(maxsize=1000)
def _when(what: str, day: date, today: date, _language: str) -> str:
    """Return what `when` does. `_language` is only a key of the cache: `gettext` and `dates` know it by themselves."""
    words = {"relative": dates.relative_day(day, today), "day": dates.day(day)}
    if what in DEADLINE_KINDS and day < today:
        return gettext("%(relative)s, due on %(day)s") % words
    if what in DEADLINE_KINDS:
        return gettext("due %(relative)s, on %(day)s") % words
    if what not in CYCLE_KINDS:
        return _since(what, is_ahead=day > today) % words
    if day < today:
        return gettext("it was on %(day)s") % words
    return gettext("%(relative)s, on %(day)s") % words


def _since(what: str, *, is_ahead: bool) -> str:
    if what == ReminderKind.FIGURES_DUE:
        return gettext("from %(day)s") if is_ahead else gettext("owed since %(day)s")
    if what in (ReminderKind.RETURNED, ReminderKind.FIGURES_RETURNED):
        return gettext("returned on %(day)s")
    if what == ReminderKind.LETTER:
        return gettext("entered on %(day)s")
    if what == ReminderKind.NUDGE:
        return gettext("asked on %(day)s")
    return gettext("waiting since %(day)s")


def why(details: ReminderDetails) -> str:
    """Return whole sentences that say why the reader is told."""
    if details.is_for_mailbox:
        copy = gettext("A copy for the shared mailbox of %(agency)s.") % {"agency": details.agency_code}
        escalated = gettext("Escalated because nobody has acted on it.") if details.is_escalation else ""
        return f"{copy} {escalated}".rstrip()
    if not details.in_place_of:
        return _reason(details)
    stands_in = gettext("You stand in for %(name)s.") % {"name": details.in_place_of}
    return f"{_reason(details)} {stands_in}" if details.is_escalation or _is_gap(details) else stands_in


def _is_usual(details: ReminderDetails) -> bool:
    """Whether `why` says only what the reader knows anyway."""
    if details.is_escalation or details.in_place_of or details.is_unnamed or _is_passed_over(details):
        return False
    return (
        details.is_for_mailbox
        or details.step == Audience.RESPONSIBLE
        or not details.agency_code
        or details.what in MAPO_KINDS
    )


def _reason(details: ReminderDetails) -> str:
    if details.step == Audience.MAPO:
        return _reason_of_mapo(details)
    if details.is_unnamed:
        return gettext("Nobody is named for this item, so it comes to you.")
    if details.is_escalation:
        return gettext("Escalated to you because nobody has acted on it.")
    if _is_passed_over(details):
        return gettext("None of the responsible officers can act, so it comes to you.")
    if details.step == Audience.COORDINATOR:
        return gettext("You coordinate the work of your agency.")
    return gettext("You are responsible for it at your agency.")


def _reason_of_mapo(details: ReminderDetails) -> str:
    agency = {"agency": details.agency_code}
    if details.is_escalation:
        if not details.agency_code:
            return gettext("Escalated to all of MAPO because nobody has acted on it.")
        return gettext("Escalated to MAPO because nobody at %(agency)s has acted on it.") % agency
    if details.has_actor:
        return (
            gettext("It came to MAPO while nobody at %(agency)s could act. Somebody there can now.") % agency
        )
    if not _is_gap(details):
        return gettext("MAPO must act.")
    if details.audience == Audience.COORDINATOR:
        return gettext("%(agency)s has no coordinator who can act, so it comes to MAPO.") % agency
    return gettext("Nobody at %(agency)s can act, so it comes to MAPO.") % agency


def _is_passed_over(details: ReminderDetails) -> bool:
    """Whether a higher step is told because the one where the rule begins has nobody."""
    if details.is_escalation:
        return False
    return details.is_passed_on or LADDER.index(Audience(details.step)) > LADDER.index(
        Audience(details.audience)
    )


def _is_gap(details: ReminderDetails) -> bool:
    if details.has_actor:
        return False
    return details.step == Audience.MAPO and bool(details.agency_code) and _is_passed_over(details)


def _tone(details: ReminderDetails, *, is_late: bool, is_gap: bool, today: date) -> str:
    if is_late or is_gap or details.is_escalation:
        return "danger"
    if details.what in _PRESSING:
        return "warning"
    is_soon = 0 <= (details.due_on - today).days <= SOON_DAYS
    return "warning" if details.what in DEADLINE_KINDS and is_soon else "info"


def _button(details: ReminderDetails) -> str:
    if details.is_for_mapo and details.what not in MAPO_KINDS and not _is_own_step(details):
        return pgettext("reminder", "See the status")
    return str(_BUTTONS.get(ReminderKind(details.what)) or pgettext("reminder", "See what is open"))


def _is_own_step(details: ReminderDetails) -> bool:
    """Whether it is a planned step of MAPO itself."""
    return details.what == ReminderKind.ACTION_DUE and not details.agency_code


def _rank(details: ReminderDetails, *, is_late: bool, today: date) -> tuple[int, int, int, str, int]:
    """Return the sort key: late or escalated, then returned or nudged, then other matters, then dates of the cycle."""
    kind = str(list(ItemKind).index(ItemKind(details.kind))) if details.kind else ""
    last = (details.due_on.toordinal(), kind, details.number)
    if is_late or details.is_escalation:
        return (0, (details.due_on - today).days, *last)
    if details.what in _PRESSING:
        return (1, 0, *last)
    return (3 if details.what in CYCLE_KINDS else 2, 0, *last)


def path_of(details: ReminderDetails) -> str:
    """Return the page where the reader deals with the matter, from the root of the site."""
    if details.what in CYCLE_KINDS:
        if details.is_for_mapo:
            return f"{address_of('overview:overview')}?cycle={details.year}"
        return address_of("recommendations:my_work")
    if details.what in FIGURE_KINDS:
        return _figures_path(details)
    if details.what == ReminderKind.REVIEW_WAITING:
        return _review(details)
    if details.what == ReminderKind.REQUEST_WAITING:
        return queue_of(details)
    if details.is_for_mapo:
        if _is_about_import(details):
            return address_of("imports:opening", details.opening_id or 0)
        if details.assignment_id is None:
            return address_of("recommendations:item", details.item_id or 0)
        return address_of("recommendations:assignment", details.assignment_id)
    return _path_at_agency(details)


def _figures_path(details: ReminderDetails) -> str:
    """Return the agency's form of the month; for MAPO the report that waits, or all reports with who owes one."""
    if not details.is_for_mapo:
        return reverse("indicators:month", args=[details.month])
    if details.report_id is not None:
        return address_of("indicators:report", details.report_id)
    return queue_of(details)


def queue_of(details: ReminderDetails) -> str:
    """Return the page that lists what waits for MAPO like this."""
    if details.what in FIGURE_KINDS:
        return f"{address_of('indicators:reports')}?cycle={details.year}"
    if details.what == ReminderKind.REVIEW_WAITING:
        return address_of("recommendations:queue")
    return f"{address_of('recommendations:assignments')}?tab=requests&cycle={details.year}"


def assignments_of(details: ReminderDetails, *, is_late: bool) -> str:
    """Return the page that lists the agency's assignments, or the late ones."""
    late = "&late=1" if is_late else ""
    url = address_of("recommendations:assignments")
    return f"{url}?tab=confirmed{late}&agency={quote(details.agency_code)}&cycle={details.year}"


def _review(details: ReminderDetails) -> str:
    if details.opening_id is not None:
        return address_of("imports:opening_review", details.opening_id)
    if details.update_id is None:
        return queue_of(details)
    return address_of("recommendations:review", details.update_id)


def _path_at_agency(details: ReminderDetails) -> str:
    item = address_of("recommendations:item", details.item_id or 0)
    if details.what == ReminderKind.ACTION_DUE:
        return item
    if details.opening_id is not None:
        return address_of("imports:opening", details.opening_id)
    if details.what == ReminderKind.LETTER:
        return address_of("recommendations:update", details.update_id) if details.update_id else item
    if details.update_id is not None and details.is_update_editable:
        return address_of("recommendations:update_edit", details.update_id)
    return address_of("recommendations:update_start", details.assignment_id or 0)
