"""What administrators see of cycles: the list, one with its past, and what a change, a closing or a file would do."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import OuterRef
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.models import Event
from cycles.file import CycleFile
from cycles.file.load import LoadReport
from cycles.services import CycleSettings
from cycles.titles import TITLE_COLUMNS, TITLED, UNDONE
from recommendations.models import Assignment, Cycle, CycleVersion, Item, Update
from recommendations.queries.cycles import Phase, phase_label, phase_of, window_of
from recommendations.queries.sql import RowCount
from recommendations.states import KIND_HEADINGS, UpdateState
from ui import dates

#: The tone and icon of each phase.
LOOKS = {
    Phase.PREPARATION: ("info", "pencil-ruler"),
    Phase.RUNNING: ("success", "play"),
    Phase.OVER: ("warning", "hourglass"),
    Phase.CLOSED: ("neutral", "lock"),
}
#: The most acts on the page of a cycle.
ACTS_SHOWN = 30


def setting_label(name: str) -> str:
    """Return the label of a setting of a cycle."""
    return {
        "window_start": _("Window start"),
        "window_end": _("Window end"),
        "interim_on": _("Interim date"),
        "submission_on": _("Information due"),
        "cadence_days": _("Days between updates"),
        "due_soon_days": _("Due soon within"),
        "stale_after_days": _("Stale after"),
    }[name]


@dataclass(frozen=True)
class CycleLine:
    """One cycle in the list."""

    cycle: Any
    phase: Phase

    @property
    def phase_text(self) -> str:
        return phase_label(self.phase)

    @property
    def tone(self) -> str:
        return LOOKS[self.phase][0]

    @property
    def icon(self) -> str:
        return LOOKS[self.phase][1]

    @property
    def window_text(self) -> str:
        return window_of(self.cycle)


def cycle_lines(*, today: date) -> list[CycleLine]:
    """Return all cycles, newest first, with their counts of items, assignments and waiting updates (one query)."""
    items = Item.objects.filter(cycle=OuterRef("pk")).order_by().values("pk")
    assignments = Assignment.objects.in_force().filter(item__cycle=OuterRef("pk")).order_by().values("pk")
    waiting = Update.objects.filter(assignment__item__cycle=OuterRef("pk"), state=UpdateState.SUBMITTED)
    rows = Cycle.objects.order_by("-year").annotate(
        items_count=RowCount(items),
        assignments_count=RowCount(assignments),
        waiting_count=RowCount(waiting.order_by().values("pk")),
    )
    return [CycleLine(cycle, phase_of(cycle, today)) for cycle in rows]


@dataclass(frozen=True)
class CyclePage:
    """The page of one cycle: its phase, its settings with when they changed and how, and the acts on it, newest first."""

    line: CycleLine
    settings: list[tuple[str, str, str]]
    past: list[tuple[datetime, list[str]]]
    acts: list[Event]

    @property
    def cycle(self) -> Any:
        return self.line.cycle

    @property
    def is_closed(self) -> bool:
        return self.line.phase is Phase.CLOSED


def read_cycle_page(year: int, *, today: date) -> CyclePage | None:
    """Return the page of a cycle (three queries); None if there is no cycle of that year."""
    line = next((line for line in cycle_lines(today=today) if line.cycle.year == year), None)
    if line is None:
        return None
    versions = list(CycleVersion.objects.filter(cycle=line.cycle).order_by("began_at", "pk"))
    acts = Event.objects.about("recommendations.Cycle", line.cycle.pk).newest_first()[:ACTS_SHOWN]
    settings = CycleSettings.of(line.cycle).values
    return CyclePage(
        line=line,
        settings=[
            (setting_label(name), _shown(value), _note_on(line.cycle, name))
            for name, value in settings.items()
        ],
        past=list(reversed(list(_past(versions)))),
        acts=list(acts),
    )


def _note_on(cycle: Cycle, name: str) -> str:
    """Return where a setting comes from, as far as the cycle says so."""
    if name == "submission_on" and cycle.submission_source:
        return _("Source: %(source)s") % {"source": cycle.submission_source}
    return ""


def _past(versions: Iterable[CycleVersion]) -> Iterator[tuple[datetime, list[str]]]:
    """Yield when settings changed, and what in words; closings and reopenings are among the acts."""
    for earlier, later in pairwise(versions):
        if changes := list(_changes(earlier, later)):
            yield later.began_at, changes


def _changes(earlier: CycleVersion, later: CycleVersion) -> Iterator[str]:
    for name in CycleSettings.names():
        before, after = getattr(earlier, name), getattr(later, name)
        if before != after:
            yield _("%(what)s: %(after)s, before %(before)s") % {
                "what": setting_label(name),
                "after": _shown(after),
                "before": _shown(before),
            }


def _shown(value: date | int) -> str:
    return dates.days(value) if isinstance(value, int) else dates.day(value)


def changes_of(cycle: Cycle, wanted: CycleSettings) -> list[tuple[str, str, str]]:
    """Return label, present and wanted value of the settings that would change, in the order of the form."""
    held = CycleSettings.of(cycle).values
    return [
        (setting_label(name), _shown(held[name]), _shown(value))
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
    count = coming.exclude(updates__state=UpdateState.SUBMITTED).count()
    return ngettext(
        "%(count)s update will count as due soon today.",
        "%(count)s updates will count as due soon today.",
        count,
    ) % {"count": count}


def unfinished(counts: dict[str, int]) -> list[tuple[int, str, str]]:
    """Return what a closing would leave open: how much of each kind, what it is, and what happens to it.

    `counts` comes from `left_open`.
    """
    waits = _("MAPO can still decide on them.")
    rests = _("They stay as they are; nobody can continue them.")
    words = {
        "submitted": (_("Updates awaiting MAPO"), waits),
        "returned": (_("Updates returned to their agency"), _("They cannot be sent again.")),
        "draft": (_("Drafts"), rests),
        "requests": (_("Requests of agencies without an answer"), _("They cannot be answered.")),
        "suggested": (_("Suggested agencies never confirmed"), rests),
    }
    return [(counts[key], *about) for key, about in words.items() if counts[key]]


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
