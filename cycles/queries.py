"""What administrators see of cycles before they act: what a change, a closing or a file would do, and past titles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.models import Event
from cycles.cycle_list import setting_label, shown_setting
from cycles.extensions import UnfinishedLine, unfinished_beside
from cycles.file import CycleFile
from cycles.file.load import LoadReport
from cycles.services import CycleSettings, left_open
from cycles.titles import TITLE_COLUMNS, TITLED, UNDONE
from recommendations.models import Assignment, Cycle, Item
from recommendations.queries.cycles import window_of
from recommendations.states import KIND_HEADINGS


def changes_of(cycle: Cycle, wanted: CycleSettings) -> list[tuple[str, str, str]]:
    """Return label, present and wanted value of the settings that would change, in the order of the form."""
    held = CycleSettings.of(cycle).values
    return [
        (setting_label(name), shown_setting(held[name]), shown_setting(value))
        for name, value in wanted.values.items()
        if value != held[name]
    ]


def what_follows(cycle: Cycle, wanted: CycleSettings, *, today: date) -> list[str]:
    """Return sentences on what a change of settings would do, and what it would not (three queries at most)."""
    held = CycleSettings.of(cycle)
    found = [_("Past days keep the dates that applied then: pages as at those days do not change.")]
    if (wanted.window_start, wanted.window_end) != (held.window_start, held.window_end):
        found.append(
            _(
                "Updates and files are checked against the new window: within it, across its edge or outside "
                "it."
            )
        )
        found += _window_end_words(cycle, wanted)
        if wanted.window_end < today:
            found.append(_("The new window has already ended: no more updates will fall due."))
        elif wanted.window_start > today:
            found.append(_("The new window has not started: until then the cycle is in preparation."))
    if wanted.cadence_days != held.cadence_days:
        found.append(
            _("The new frequency applies from the next decision on each assignment. Dates already set stay.")
        )
    if wanted.due_soon_days != held.due_soon_days:
        found.append(_due_soon_words(cycle, wanted, today=today))
    if wanted.stale_after_days != held.stale_after_days:
        found.append(_("Which assignments are stale changes at once, on every page."))
    return found


def _window_end_words(cycle: Cycle, wanted: CycleSettings) -> Iterator[str]:
    in_force = Assignment.objects.in_force().filter(item__cycle=cycle)
    if wanted.window_end != cycle.window_end:
        count = in_force.filter(due_on=cycle.window_end).count()
        if count:
            yield ngettext(
                "%(count)s assignment has the old end of the window as its final date, and keeps it until MAPO moves it.",
                "%(count)s assignments have the old end of the window as their final date, and keep it until MAPO moves them.",
                count,
            ) % {"count": count}
    beyond = in_force.filter(next_due_on__gt=wanted.window_end).count()
    if beyond:
        yield ngettext(
            "%(count)s assignment has its next update due after the new end, and keeps that date until MAPO moves it.",
            "%(count)s assignments have their next update due after the new end, and keep those dates until MAPO moves them.",
            beyond,
        ) % {"count": beyond}


def _due_soon_words(cycle: Cycle, wanted: CycleSettings, *, today: date) -> str:
    last = today + timedelta(days=wanted.due_soon_days)
    coming = Assignment.objects.in_force().filter(item__cycle=cycle, next_due_on__range=(today, last))
    count = coming.filter(outcome__waiting=None).count()
    return ngettext(
        "%(count)s update will count as due soon today.",
        "%(count)s updates will count as due soon today.",
        count,
    ) % {"count": count}


def early_words(cycle: Cycle, *, today: date) -> str:
    """Say how much of the assessment window a closing today would cut off; empty once the window is over."""
    left, days = (cycle.window_end - today).days, (cycle.window_end - cycle.window_start).days + 1
    if left <= 0:
        return ""
    if today < cycle.window_start:
        return _("The assessment window has not begun yet.")
    words = ngettext(
        "The assessment window is not over: this is day %(day)s of %(days)s, and %(count)s day is left.",
        "The assessment window is not over: this is day %(day)s of %(days)s, and %(count)s days are left.",
        left,
    )
    return words % {"day": days - left, "days": days, "count": left}


def unfinished(cycle: Cycle) -> list[UnfinishedLine]:
    """Return what a closing would leave open: how much of each kind, what it is, and what happens to it."""
    counts = left_open(cycle)
    waits = _("MAPO can still decide on them.")
    rests = _("They stay as they are; nobody can continue them.")
    words = {
        "submitted": (_("Updates awaiting MAPO"), waits),
        "returned": (_("Updates returned to their agency"), _("They cannot be sent again.")),
        "draft": (_("Drafts"), rests),
        "requests": (_("Requests of agencies without an answer"), _("They cannot be answered.")),
        "suggested": (_("Suggested agencies never confirmed"), rests),
    }
    own = [(counts[key], *about) for key, about in words.items() if counts[key]]
    return [*own, *unfinished_beside(cycle)]


@dataclass(frozen=True)
class FilePreview:
    """What a cycle file holds, what loading it would do, and which other cycles it is like."""

    file: CycleFile
    report: LoadReport
    alike: list[str] = field(default_factory=list)

    @property
    def window_text(self) -> str:
        return window_of(self.file.cycle)

    @property
    def kinds(self) -> list[tuple[str, int]]:
        """Return the number of items of each kind in the file."""
        return [
            (str(label), sum(item.kind == kind for item in self.file.items))
            for kind, label in KIND_HEADINGS.items()
        ]

    @property
    def lines(self) -> list[tuple[str, int, int]]:
        """Return label, number to create and number left alone for each noun."""
        nouns = {
            "cycles": _("Cycle"),
            "sources": _("Sources that the cycle lacks"),
            "agencies": _("Agencies"),
            "items": _("Items"),
            "titles": _("Short titles of items that have none yet"),
            "links": _("Links between weaknesses and their answers"),
            "suggestions": _("Suggested agencies"),
            "facts": _("Facts of the cycle"),
            **{key: capfirst(label) for key, label in self.report.others.items()},
        }
        return [
            (label, self.report.created[noun], self.report.left_alone[noun]) for noun, label in nouns.items()
        ]


#: The most changes of short titles on their page.
TITLE_CHANGES_SHOWN = 30


@dataclass(frozen=True, slots=True)
class TitleChange:
    """One change of an item's short titles: its Event, the item's name, and each language with before and after."""

    event: Event
    item: str
    titles: list[tuple[str, str, str]]


def read_title_changes(items: Sequence[Item]) -> list[TitleChange]:
    """Return the newest changes of the short titles of these items, newest first (one query)."""
    names = {item.pk: str(item) for item in items}
    events = Event.objects.filter(action__in=(TITLED, UNDONE), item_id__in=names).newest_first()
    return [
        TitleChange(event, names[event.item_id or 0], list(_title_lines(event)))
        for event in events[:TITLE_CHANGES_SHOWN]
    ]


def _title_lines(event: Event) -> Iterator[tuple[str, str, str]]:
    before, after = event.before or {}, event.after or {}
    for column, language in zip(TITLE_COLUMNS, ("Bahasa Melayu", "English"), strict=True):
        if column in after:
            yield language, before.get(column, ""), after[column]
