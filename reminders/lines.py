"""Reminders as words: what has to be done, by when, why the reader is told, and where the cure is.

The list in the app, the mails, the preview and the command all say the same. A line holds no classified text: an
item's number and official title, codes, dates, and the line that MAPO wrote to be read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from recommendations.states import ItemKind, item_label
from reminders.facts import Facts, Owed, facts_of
from reminders.states import LADDER, OF_MAPO, OF_THE_CYCLE, Step, What
from ui import dates

#: Characters of an item's text that a line shows.
TITLE_LENGTH = 80
#: From so many days before its date on, a line is coloured.
SOON_DAYS = 3

#: What has a day by which it is to be done, and is late afterwards.
DATED = frozenset({What.UPDATE_DUE, What.FINAL_DUE, What.ACTION_DUE, What.RESUBMIT_DUE, What.SUBMISSION})

#: What the agency's people are to do.
_TASKS = {
    What.UPDATE_DUE: _("Report on %(item)s"),
    What.FINAL_DUE: _("Complete %(item)s"),
    What.ACTION_DUE: _("Finish a planned step on %(item)s"),
    What.RETURNED: _("Correct the returned update on %(item)s and send it again"),
    What.RESUBMIT_DUE: _("Send the returned update on %(item)s again"),
    What.LETTER: _("Read the update on %(item)s that MAPO entered from a letter"),
    What.REVIEW_WAITING: _("Decide on the update of %(agency)s on %(item)s"),
    What.REQUEST_WAITING: _("Answer the request of %(agency)s about %(item)s"),
    What.INTERIM: _("Bring your items up to date for the interim date of the %(year)s cycle"),
    What.WINDOW_END: _("Bring your items up to date before the window of the %(year)s cycle ends"),
    What.SUBMISSION: _("Complete the information for the %(year)s cycle"),
    What.NUDGE: _("MAPO asks you to act on %(item)s"),
}
#: What MAPO is told about an agency.
_TASKS_OF_MAPO = _TASKS | {
    What.UPDATE_DUE: _("%(agency)s is yet to report on %(item)s"),
    What.FINAL_DUE: _("%(agency)s is yet to complete %(item)s"),
    What.ACTION_DUE: _("%(agency)s is yet to finish a planned step on %(item)s"),
    What.RETURNED: _("%(agency)s is yet to correct the returned update on %(item)s"),
    What.RESUBMIT_DUE: _("%(agency)s is yet to send the returned update on %(item)s again"),
    What.LETTER: _("%(agency)s is yet to look at the update on %(item)s from a letter"),
    What.INTERIM: _("%(agency)s has items to complete for the interim date of the %(year)s cycle"),
    What.WINDOW_END: _("%(agency)s has items to complete before the window of the %(year)s cycle ends"),
    What.SUBMISSION: _("%(agency)s is yet to complete its information for the %(year)s cycle"),
    What.NUDGE: _("MAPO's nudge about %(item)s found nobody at %(agency)s who can act"),
}
#: The dates of a cycle for MAPO itself.
_DATES_OF_MAPO = {
    What.INTERIM: _("Items are still to be completed for the interim date of the %(year)s cycle"),
    What.WINDOW_END: _("Items are still to be completed before the window of the %(year)s cycle ends"),
    What.SUBMISSION: _("Information is still to be completed for the %(year)s cycle"),
}
#: Of an opening import, which is returned or waits as a whole.
_TASKS_OF_LOT = {
    What.RETURNED: _("Correct the returned import and send it again"),
    What.RESUBMIT_DUE: _("Send the returned import again"),
    What.REVIEW_WAITING: _("Decide on the import of %(agency)s"),
}
_TASKS_OF_LOT_OF_MAPO = {
    What.RETURNED: _("%(agency)s is yet to correct the returned import"),
    What.RESUBMIT_DUE: _("%(agency)s is yet to send the returned import again"),
    What.REVIEW_WAITING: _("Decide on the import of %(agency)s"),
}

_BUTTONS = {
    What.UPDATE_DUE: _("Report now"),
    What.FINAL_DUE: _("Report now"),
    What.ACTION_DUE: _("Open the item"),
    What.RETURNED: _("Correct the update"),
    What.RESUBMIT_DUE: _("Correct the update"),
    What.LETTER: _("Read the update"),
    What.REVIEW_WAITING: _("Decide"),
    What.REQUEST_WAITING: _("Answer the request"),
    What.NUDGE: _("Report now"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One reminder in the language in force.

    `sentence` is `task` and `when` together. `agency` is the code of the agency meant where that is not the
    reader's own. `tone` is danger, warning or info; it never says more than the words do. `path` leads to the cure,
    from the root of the site. Lines in order of `rank` are the most urgent first. `id` is that of a kept reminder.
    `is_gap`: nobody at the agency can act, so MAPO is told. `is_usual`: `why` says what the reader knows anyway.
    `is_unnamed`: nobody is named for the item. What `reminders.gathering` draws together has other days in `also`, and
    the lines that it stands for in `parts`.
    """

    id: int | None
    what: str
    task: str
    when: str
    item_label: str
    title: str
    agency: str
    why: str
    nudge_line: str
    is_late: bool
    is_escalation: bool
    is_gap: bool
    is_usual: bool
    tone: str
    path: str
    button: str
    rank: tuple[int, int, int, str, int]
    is_unnamed: bool = False
    also: str = ""
    parts: tuple[Line, ...] = ()

    @property
    def sentence(self) -> str:
        return f"{self.task}{', ' if self.parts else ': '}{self.when}"


def lines_of(rows: Iterable[Owed], *, today: date) -> list[Line]:
    """Return a line for each row, in their order; at most seven queries, however many there are."""
    return [line_of(facts, today=today) for facts in facts_of(rows)]


def line_of(facts: Facts, *, today: date) -> Line:
    """Say one reminder in the language in force, as it stands on a day."""
    is_late = facts.what in DATED and facts.due_on < today
    is_gap = _is_gap(facts)
    is_of_cycle = facts.what in OF_THE_CYCLE
    is_of_lot = _is_of_lot(facts)
    about_item = bool(facts.kind) and not is_of_cycle and not is_of_lot
    return Line(
        id=facts.id,
        what=facts.what,
        task=_task(facts, is_of_lot=is_of_lot),
        when=when(facts.what, facts.due_on, today=today),
        item_label=item_label(facts.kind, facts.number) if about_item else "",
        title=short_title(_text(facts)) if about_item else "",
        agency="" if facts.is_own_agency else facts.agency_code,
        why=why(facts),
        nudge_line=facts.nudge_line,
        is_late=is_late,
        is_escalation=facts.is_escalation,
        is_gap=is_gap,
        is_usual=_is_usual(facts),
        tone=_tone(facts, is_late=is_late, is_gap=is_gap, today=today),
        path=path_of(facts),
        button=_button(facts),
        rank=_rank(facts, is_late=is_late, today=today),
        is_unnamed=facts.is_unnamed,
    )


def short_title(text: str) -> str:
    """The beginning of an official text, cut after a word."""
    whole = " ".join(text.split())
    if len(whole) <= TITLE_LENGTH:
        return whole
    cut = whole[: TITLE_LENGTH + 1].rpartition(" ")[0] or whole[:TITLE_LENGTH]
    return f"{cut.rstrip(' ,;:–-')}…"


def _text(facts: Facts) -> str:
    return facts.text_en if (get_language() or "ms").startswith("en") else facts.text_ms


def _is_of_lot(facts: Facts) -> bool:
    return facts.opening_id is not None and facts.what in _TASKS_OF_LOT


def _task(facts: Facts, *, is_of_lot: bool) -> str:
    names = {
        "item": item_label(facts.kind, facts.number) if facts.kind else "",
        "agency": facts.agency_code,
        "year": facts.year,
    }
    if is_of_lot:
        tasks = _TASKS_OF_LOT_OF_MAPO if facts.is_for_mapo else _TASKS_OF_LOT
    elif not facts.is_for_mapo:
        tasks = _TASKS
    elif facts.agency_code:
        tasks = _TASKS_OF_MAPO
    else:
        tasks = _DATES_OF_MAPO
    return str(tasks[What(facts.what)]) % names


def when(what: str, day: date, *, today: date) -> str:
    """Say a matter's day as seen from today: due in 3 days, on …; 12 days late; returned on …."""
    return _when(what, day, today, get_language() or "ms")


@lru_cache(maxsize=1000)
def _when(what: str, day: date, today: date, _language: str) -> str:
    """Kept by the language in force, which `gettext` and `dates` ask for by themselves."""
    facts = {"relative": dates.relative_day(day, today), "day": dates.day(day)}
    if what in DATED:
        words = (
            gettext("%(relative)s, due on %(day)s")
            if day < today
            else gettext("due %(relative)s, on %(day)s")
        )
        return words % facts
    if what in OF_THE_CYCLE:
        return (
            gettext("it was on %(day)s") % facts
            if day < today
            else gettext("%(relative)s, on %(day)s") % facts
        )
    return _since(what) % facts


def _since(what: str) -> str:
    if what == What.RETURNED:
        return gettext("returned on %(day)s")
    if what == What.LETTER:
        return gettext("entered on %(day)s")
    if what == What.NUDGE:
        return gettext("asked on %(day)s")
    return gettext("waiting since %(day)s")


def why(facts: Facts) -> str:
    """Say why the reader is told: whole sentences."""
    if facts.is_for_mailbox:
        copy = gettext("A copy for the shared mailbox of %(agency)s.") % {"agency": facts.agency_code}
        escalated = gettext("Escalated, because nobody has acted on it.") if facts.is_escalation else ""
        return f"{copy} {escalated}".rstrip()
    if not facts.in_place_of:
        return _reason(facts)
    stands_in = gettext("You stand in for %(name)s.") % {"name": facts.in_place_of}
    return f"{_reason(facts)} {stands_in}" if facts.is_escalation or _is_gap(facts) else stands_in


def _is_usual(facts: Facts) -> bool:
    if facts.is_escalation or facts.in_place_of or facts.is_unnamed or _is_passed_over(facts):
        return False
    return (
        facts.is_for_mailbox
        or facts.step == Step.RESPONSIBLE
        or not facts.agency_code
        or facts.what in OF_MAPO
    )


def _reason(facts: Facts) -> str:
    if facts.step == Step.MAPO:
        return _reason_of_mapo(facts)
    if facts.is_unnamed:
        return gettext("Nobody is named for this item, so it comes to you.")
    if facts.is_escalation:
        return gettext("Escalated to you, because nobody has acted on it.")
    if _is_passed_over(facts):
        return gettext("Nobody who answers for it can act, so it comes to you.")
    if facts.step == Step.COORDINATOR:
        return gettext("You coordinate the work of your agency.")
    return gettext("You answer for it at your agency.")


def _reason_of_mapo(facts: Facts) -> str:
    agency = {"agency": facts.agency_code}
    if facts.is_escalation:
        return gettext("Escalated to MAPO, because nobody at %(agency)s has acted on it.") % agency
    if not _is_gap(facts):
        return gettext("It is MAPO's to do.")
    if facts.audience == Step.COORDINATOR:
        return gettext("%(agency)s has no coordinator who can act, so it comes to MAPO.") % agency
    return gettext("Nobody at %(agency)s can act, so it comes to MAPO.") % agency


def _is_passed_over(facts: Facts) -> bool:
    """Whether the step that the rule begins at had nobody, so that a higher one is told in its place."""
    if facts.is_escalation:
        return False
    return facts.is_passed_on or LADDER.index(Step(facts.step)) > LADDER.index(Step(facts.audience))


def _is_gap(facts: Facts) -> bool:
    return facts.step == Step.MAPO and bool(facts.agency_code) and _is_passed_over(facts)


def _tone(facts: Facts, *, is_late: bool, is_gap: bool, today: date) -> str:
    if is_late or is_gap or facts.is_escalation:
        return "danger"
    if facts.what in (What.RETURNED, What.RESUBMIT_DUE, What.NUDGE):
        return "warning"
    is_soon = 0 <= (facts.due_on - today).days <= SOON_DAYS
    return "warning" if facts.what in DATED and is_soon else "info"


def _button(facts: Facts) -> str:
    if facts.is_for_mapo and facts.what not in (What.REVIEW_WAITING, What.REQUEST_WAITING):
        return pgettext("reminder", "See where it stands")
    return str(_BUTTONS.get(What(facts.what)) or pgettext("reminder", "See what is open"))


def _rank(facts: Facts, *, is_late: bool, today: date) -> tuple[int, int, int, str, int]:
    kind = str(list(ItemKind).index(ItemKind(facts.kind))) if facts.kind else ""
    last = (facts.due_on.toordinal(), kind, facts.number)
    if is_late or facts.is_escalation:
        return (0, (facts.due_on - today).days, *last)
    if facts.what in (What.RETURNED, What.NUDGE):
        return (1, 0, *last)
    return (3 if facts.what in OF_THE_CYCLE else 2, 0, *last)


def path_of(facts: Facts) -> str:
    """Where the reader mends the matter, from the root of the site."""
    if facts.what in OF_THE_CYCLE:
        return _page_of_cycle(facts)
    if facts.what == What.REVIEW_WAITING:
        return _review(facts)
    if facts.what == What.REQUEST_WAITING:
        return queue_of(facts)
    if facts.is_for_mapo:
        if _is_of_lot(facts):
            return _url("imports:opening", facts.opening_id)
        return _url("recommendations:assignment", facts.assignment_id)
    return _path_at_agency(facts)


def _page_of_cycle(facts: Facts) -> str:
    if facts.is_for_mapo:
        return f"{_url('overview:overview')}?cycle={facts.year}"
    return _url("recommendations:my_work")


def queue_of(facts: Facts) -> str:
    """Where all that waits at MAPO with this stands."""
    if facts.what == What.REVIEW_WAITING:
        return _url("recommendations:queue")
    return f"{_url('recommendations:assignments')}?tab=requests&cycle={facts.year}"


def assignments_of(facts: Facts, *, is_late: bool) -> str:
    """Where MAPO sees what the agency answers for, or what of it is late."""
    late = "&late=1" if is_late else ""
    url = _url("recommendations:assignments")
    return f"{url}?tab=confirmed{late}&agency={quote(facts.agency_code)}&cycle={facts.year}"


def _review(facts: Facts) -> str:
    if facts.opening_id is not None:
        return _url("imports:opening_review", facts.opening_id)
    if facts.update_id is None:
        return queue_of(facts)
    return _url("recommendations:review", facts.update_id)


def _path_at_agency(facts: Facts) -> str:
    item = _url("recommendations:item", facts.item_id)
    if facts.what == What.ACTION_DUE:
        return item
    if facts.opening_id is not None:
        return _url("imports:opening", facts.opening_id)
    if facts.what == What.LETTER:
        return _url("recommendations:update", facts.update_id) if facts.update_id else item
    if facts.update_id is not None and facts.is_update_editable:
        return _url("recommendations:update_edit", facts.update_id)
    return _url("recommendations:update_start", facts.assignment_id)


@lru_cache(maxsize=10_000)
def _url(name: str, number: int | None = None) -> str:
    """An address by its name. Kept: a round of mails asks for the same few again and again."""
    return reverse(name, args=[] if number is None else [number])
