"""What every page of a signed-in person shows around its content. Costs at most two queries a request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import person_of
from accounts.models import User
from audit import clock
from recommendations.models import Cycle, Update
from recommendations.readings.counting import RowCount
from recommendations.readings.cycles import newest_first
from recommendations.readings.prepared import Prepared
from recommendations.readings.window_clock import WindowClock
from ui import dates


@dataclass(frozen=True)
class Surroundings:
    """The cycle that pages speak of, and how many updates wait for a decision of MAPO."""

    cycle: Cycle | None
    waiting_count: int


def instant_of(request: HttpRequest) -> datetime:
    """The present instant, the same throughout a request (one query in a demo, once)."""
    known: datetime | None = getattr(request, "_instant", None)
    if known is None:
        known = clock.now()
        setattr(request, "_instant", known)  # noqa: B010 - HttpRequest declares no such attribute
    return known


def surroundings_of(request: HttpRequest) -> Surroundings:
    """The cycle and the length of the review queue (one query a request)."""
    known: Surroundings | None = getattr(request, "_surroundings", None)
    if known is None:
        known = _read_surroundings(person_of(request))
        setattr(request, "_surroundings", known)  # noqa: B010 - HttpRequest declares no such attribute
    return known


def cycle_of(request: HttpRequest) -> Cycle | None:
    """The cycle that pages speak of: the newest open one, else the newest; None before any is loaded."""
    return surroundings_of(request).cycle


#: Every page asks this, so it is built once a process.
CYCLE_FIELDS = [field.attname for field in Cycle._meta.concrete_fields]
SURROUNDINGS = Prepared(
    lambda user: (
        newest_first()
        .annotate(waiting_count=_waiting_count(user))
        .values_list(*CYCLE_FIELDS, "waiting_count")[:1]
    )
)


def _read_surroundings(user: User) -> Surroundings:
    for *facts, waiting_count in SURROUNDINGS.rows(user):
        return Surroundings(Cycle.from_db(DEFAULT_DB_ALIAS, CYCLE_FIELDS, facts), waiting_count)
    return Surroundings(cycle=None, waiting_count=0)


def _waiting_count(user: User) -> Any:
    if not user.is_mapo:
        return Value(0)
    waiting = Update.objects.visible_to(user).awaiting_decision()
    return RowCount(waiting.order_by().values("pk"))


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: navigation, cycle strip and notices for `base.html`; nothing before sign-in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "nav": list(_nav(request, user)),
        "cycle_strip": _cycle_strip(request),
        "home_url": reverse("recommendations:home"),
        "demo_text": _demo_text(request),
        "scan_text": _scan_text(user),
    }


@dataclass(frozen=True)
class Door:
    """One entry of the navigation; `rooms` are the beginnings of view names that belong to it."""

    view: str
    label: str
    icon: str
    rooms: tuple[str, ...] = ()
    count: int = 0


def _doors(request: HttpRequest, user: User) -> Iterable[Door]:
    items = Door("recommendations:items", _("Items"), "list", ("recommendations:item",))
    evidence = Door("evidence:list", _("Evidence"), "paperclip", ("evidence:",))
    overview = Door("recommendations:overview", _("Overview"), "layout-dashboard")
    if user.is_agency_actor:
        acts = ("recommendations:update", "recommendations:assignment", "recommendations:action")
        work = Door("recommendations:my_work", _("My work"), "list-checks", acts)
        return (work, items, evidence)
    if not user.is_mapo:
        return (overview, items)
    waiting = surroundings_of(request).waiting_count
    queue = Door(
        "recommendations:queue", _("Reviews"), "clipboard-check", ("recommendations:review",), waiting
    )
    steering = ("recommendations:assignment", "recommendations:letter", "recommendations:request")
    assignments = Door("recommendations:assignments", _("Assignments"), "users", steering)
    return (overview, queue, items, assignments, evidence, *(_keeping() if user.is_administrator else ()))


def _keeping() -> Iterable[Door]:
    """What administrators keep besides."""
    yield Door("accounts:people", _("People"), "user-cog", ("accounts:person", "accounts:people"))
    yield Door("accounts:agencies", _("Agencies"), "building-2", ("accounts:agenc",))
    yield Door("audit:trail", _("Audit trail"), "scroll-text", ("audit:",))


def _nav(request: HttpRequest, user: User) -> Iterable[dict[str, Any]]:
    here = request.resolver_match.view_name if request.resolver_match else ""
    for door in _doors(request, user):
        yield {
            "url": reverse(door.view),
            "label": door.label,
            "icon": door.icon,
            "is_current": here == door.view or here.startswith(door.rooms),
            "count": door.count,
        }


def _cycle_strip(request: HttpRequest) -> dict[str, Any] | None:
    cycle = cycle_of(request)
    if cycle is None:
        return None
    return WindowClock(cycle, clock.local_date(instant_of(request))).strip(label=str(cycle))


def _demo_text(request: HttpRequest) -> str:
    if not settings.DEMO:
        return ""
    day = dates.day(clock.local_date(instant_of(request)))
    return _("Demonstration: the day shown is %(day)s; progress and files are samples.") % {"day": day}


def _scan_text(user: User) -> str:
    """Administrators are told on every page that files are kept without a virus scan."""
    if settings.SCANNER != "none" or not user.is_administrator:
        return ""
    return _("Files are not scanned for viruses in this installation (SCANNER=none).")
