"""What apps above this one add to its pages. Each registers in `AppConfig.ready`; this app knows none of them by name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVarTuple

from django.utils.functional import Promise

from accounts.clearance import Clearance
from accounts.models import User

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from recommendations.models import Action, AskedUpdate, Assignment, Comment, Cycle, Item


#: What a kind of listener hears.
News = TypeVarTuple("News")


@dataclass(frozen=True)
class NavEntry:
    """One entry of the navigation.

    `view` is the name of the view that it opens, `prefixes` are beginnings of the names of other views that belong to
    it, `count` is shown beside the label when it is not 0, and `is_open_to` says who has the entry.
    """

    view: str
    label: str | Promise
    icon: str
    prefixes: tuple[str, ...] = ()
    count: int = 0
    is_open_to: Callable[[User], bool] = field(default=lambda user: True)


class LinkingPage(StrEnum):
    """The pages that offer links to apps above this one."""

    OVERVIEW = "overview"
    ITEM = "item"
    MY_WORK = "my_work"
    TABLES = "tables"


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link with its label and the name of its icon."""

    url: str
    label: str
    icon: str


@dataclass(frozen=True)
class AssignmentPanel:
    """A panel on MAPO's page of an assignment: a template, and the context that it finds as `panel`."""

    template: str
    context: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkLine:
    """What another app has for a person on My work, or on MAPO's queue: where it leads, what it is, what to say of it."""

    url: str
    label: str
    note: str
    tone: str = "quiet"
    icon: str = "circle-alert"


@dataclass(frozen=True)
class ItemPanel:
    """A panel of an item, or of a page of a cycle's items: a template, and the context that it finds as `panel`.

    `classification` is that of what it shows to its reader.
    """

    template: str
    context: Mapping[str, Any]
    classification: Clearance = Clearance.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """What a person who leaves has handed over: to a colleague, or (None) to the agency's coordinators or all of MAPO."""

    person: User
    colleague: User | None
    assignment_count: int
    step_count: int


class StepNews(StrEnum):
    """What became of the due date of an agency's step, or of the step itself."""

    LATER_ASKED = "later_asked"
    MOVED = "moved"
    KEPT = "kept"
    CANCELLED = "cancelled"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDate:
    """A later date of an agency's step was asked by the agency, set by either side, or refused by MAPO.

    `asker` is who had asked for it, if anybody; `before` and `after` are the dates, the same if it was refused, or if
    the step was cancelled or has just been decided by the council.
    """

    news: StepNews
    step: Action
    before: date
    after: date
    reason: str
    actor: User
    asker: User | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChange:
    """The agency of `assignment` became the lead of its item, or a supporting agency; `before` led it until then."""

    assignment: Assignment
    before: Assignment | None = None


#: Returns the link of one app on a page, or None; the mapping holds the names and values of the page's address.
MakePageLink = Callable[[LinkingPage, Mapping[str, str]], PageLink | None]
#: Returns the panel of one app about an assignment at an instant.
MakePanel = Callable[["Assignment", datetime], AssignmentPanel]
#: Returns what one app has for a person to do at an instant, the most urgent first.
MakeWorkLines = Callable[[User, datetime], list[WorkLine]]
#: Returns the rows of one app that wait for a decision of MAPO; each has a line of work on the queue.
ReadWaiting = Callable[[User], "QuerySet[Any]"]
#: Returns the panel of one app on the page of an item, as a person may see it, as recorded before an instant (None for
#: now); None without anything to show.
MakeItemPanel = Callable[["Item", User, datetime | None], ItemPanel | None]
#: Returns the panel of one app on the overview of a cycle with a window of these days, as a person may see it, as recorded
#: before an instant (None for now); None without anything to show.
MakeOverviewPanel = Callable[["Cycle", tuple[date, date], User, datetime | None], ItemPanel | None]
#: Returns the panels of one app beside items of a cycle in a list, by item, as a person may see them, as recorded before an
#: instant (None for now); items without anything to show are left out.
MakeListPanels = Callable[["Cycle", Collection[int], User, datetime | None], Mapping[int, ItemPanel]]
#: Returns the days on which the secretariat does not work besides weekends and public holidays, as they had been
#: recorded before an instant; None for now.
ReadDaysOff = Callable[[datetime | None], frozenset[date]]
#: Learns of a comment and whom it mentions, in the transaction that writes it.
HearMentions = Callable[["Comment", list[User], datetime], None]
#: Learns of a handover, in the transaction that writes it.
HearHandover = Callable[[HandedOver, datetime], None]
#: Learns of the date of an agency's step, in the transaction that writes it.
HearStepDate = Callable[[StepDate, datetime], None]
#: Learns of an update that MAPO asks for, in the transaction that writes it.
HearAsked = Callable[["AskedUpdate", datetime], None]
#: Learns that another agency leads an item, or none, in the transaction that writes it.
HearRoleChange = Callable[[RoleChange, datetime], None]

nav_entries: dict[str, NavEntry] = {}
page_links: dict[str, MakePageLink] = {}
assignment_panels: dict[str, MakePanel] = {}
item_panels: dict[str, MakeItemPanel] = {}
overview_panels: dict[str, MakeOverviewPanel] = {}
weakness_panels: dict[str, MakeListPanels] = {}
work_lines: dict[str, MakeWorkLines] = {}
waiting_readers: dict[str, ReadWaiting] = {}
days_off_readers: dict[str, ReadDaysOff] = {}
mention_listeners: dict[str, HearMentions] = {}
handover_listeners: dict[str, HearHandover] = {}
step_date_listeners: dict[str, HearStepDate] = {}
asked_update_listeners: dict[str, HearAsked] = {}
role_listeners: dict[str, HearRoleChange] = {}


def tell(listeners: Mapping[str, Callable[[*News], None]], *news: *News) -> None:
    """Let every app that registered hear of something, in the order of registration."""
    for hear in listeners.values():
        hear(*news)


def links_on(page: LinkingPage, query: Mapping[str, str]) -> list[PageLink]:
    """Return the links that other apps add to a page, in the order of registration."""
    links = (make_link(page, query) for make_link in page_links.values())
    return [link for link in links if link is not None]


def panels_about(assignment: Assignment, *, now: datetime) -> list[AssignmentPanel]:
    """Return the panels that other apps show about an assignment, in the order of registration."""
    return [make_panel(assignment, now) for make_panel in assignment_panels.values()]


def work_beside(user: User, *, now: datetime) -> list[WorkLine]:
    """Return what other apps have for a person to do, in the order of registration."""
    return [line for make_lines in work_lines.values() for line in make_lines(user, now)]


def waiting_beside(user: User) -> list[QuerySet[Any]]:
    """Return the rows of other apps that wait for a decision of MAPO, a queryset of each app (no query)."""
    return [read(user) for read in waiting_readers.values()]


def panels_on_item(item: Item, *, user: User, before: datetime | None) -> list[ItemPanel]:
    """Return the panels that other apps show on the page of an item, in the order of registration."""
    panels = (make_panel(item, user, before) for make_panel in item_panels.values())
    return [panel for panel in panels if panel is not None]


def panels_on_overview(
    cycle: Cycle, window: tuple[date, date], *, user: User, before: datetime | None
) -> list[ItemPanel]:
    """Return the panels that other apps show on the overview, in the order of registration."""
    panels = (make_panel(cycle, window, user, before) for make_panel in overview_panels.values())
    return [panel for panel in panels if panel is not None]


def panels_beside_weaknesses(
    cycle: Cycle, item_ids: Collection[int], *, user: User, before: datetime | None
) -> dict[int, list[ItemPanel]]:
    """Return the panels that other apps show beside weaknesses of a cycle, by item, in the order of registration."""
    panels: dict[int, list[ItemPanel]] = {}
    for make_panels in weakness_panels.values():
        for item_id, panel in make_panels(cycle, item_ids, user, before).items():
            panels.setdefault(item_id, []).append(panel)
    return panels


def days_off(*, before: datetime | None = None) -> frozenset[date]:
    """Return the days off that other apps know, as recorded before an instant; None for now."""
    return frozenset().union(*(read(before) for read in days_off_readers.values()))
