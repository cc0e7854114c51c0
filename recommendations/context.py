"""What every page of a signed-in person shows around its content. Costs at most two queries a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import BooleanField, OuterRef, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.access import person_of
from accounts.acting import request_time
from accounts.models import User
from accounts.session_limits import page_facts
from audit import clock
from backups.queries import IS_MAIL_HELD
from evidence import scanner_state
from recommendations.extensions import NavEntry, nav_entries, waiting_beside
from recommendations.models import Cycle, Update
from recommendations.queries.cycles import (
    Phase,
    note_on,
    phase_label,
    phase_of,
    requested_cycle,
    usual_cycle,
    window_of,
)
from recommendations.queries.sql import RowCount
from recommendations.queries.window_clock import WindowClock
from ui import dates
from ui.addresses import address_of


@dataclass(frozen=True)
class PageContext:
    """All cycles, the newest first, which of them is meant, and how much waits for a decision of MAPO.

    `usual` is the cycle of an address that names none; `asked` the one that this address names; `refused` says
    why what it names cannot be shown. `waiting_by_cycle` counts the updates that wait by the cycle's id, an opening
    import once; `beside_count` what other apps have on the queue. `is_mail_held`, for MAPO, whether reminders wait
    because the database was restored.
    """

    cycles: tuple[Cycle, ...]
    usual: Cycle | None
    asked: Cycle | None
    refused: str
    waiting_by_cycle: Mapping[int, int]
    beside_count: int
    is_mail_held: bool

    @property
    def waiting_count(self) -> int:
        """The length of the review queue, which is of all cycles."""
        return sum(self.waiting_by_cycle.values()) + self.beside_count


def page_context(request: HttpRequest) -> PageContext:
    """Return the cycles and the length of the review queue (one query a request)."""
    known: PageContext | None = getattr(request, "_page_context", None)
    if known is None:
        known = _read_page_context(request)
        vars(request)["_page_context"] = known
    return known


def page_cycle(request: HttpRequest) -> Cycle | None:
    """Return the cycle that the page is about; None before any is loaded.

    It is that of the page's own item (`set_page_cycle`), else the one that the address names (`?cycle=2024`), else the
    usual one. An address that names a cycle that does not exist gets the usual one, and a sentence at the top.
    """
    spoken: Cycle | None = getattr(request, "_page_cycle", None)
    around = page_context(request)
    return spoken or around.asked or around.usual


def set_page_cycle(request: HttpRequest, cycle: Cycle) -> None:
    """Set the cycle that the page is about: strip, switcher and links follow it, whatever the address says."""
    vars(request)["_page_cycle"] = cycle


def cycle_query(request: HttpRequest) -> str:
    """Return the query string by which links keep to the page's cycle: `cycle=2024`, or nothing for the usual one."""
    cycle, usual = page_cycle(request), page_context(request).usual
    return "" if cycle is None or cycle == usual else f"cycle={cycle.year}"


def in_cycle(request: HttpRequest, url: str) -> str:
    """Return the address with `cycle_query` added to its own query string."""
    query = cycle_query(request)
    if not query:
        return url
    return f"{url}{'&' if '?' in url else '?'}{query}"


def cycle_field(request: HttpRequest) -> SafeString:
    """Return `cycle_query` as the hidden field of a form with method GET."""
    name, _equals, value = cycle_query(request).partition("=")
    return format_html('<input type="hidden" name="{}" value="{}">', name, value) if name else SafeString("")


def _read_page_context(request: HttpRequest) -> PageContext:
    """Return the cycles and the length of the queue (one query)."""
    user = person_of(request)
    cycles: list[Any] = list(
        _with_waiting(user) if user.is_mapo else Cycle.objects.visible_to(user).order_by("-year")
    )
    asked, refused = requested_cycle(request.GET.get("cycle", ""), cycles)
    usual = usual_cycle(cycles, clock.local_date(request_time(request)))
    has_counts = bool(cycles) and user.is_mapo
    return PageContext(
        cycles=tuple(cycles),
        usual=usual,
        asked=asked,
        refused=refused,
        waiting_by_cycle={cycle.pk: cycle.units_waiting for cycle in cycles} if has_counts else {},
        beside_count=cycles[0].beside_count if has_counts else 0,
        is_mail_held=cycles[0].is_mail_held if has_counts else False,
    )


def _with_waiting(user: User) -> QuerySet[Any]:
    """Return the cycles, the newest first, with how much waits for a decision of MAPO, also of other apps (no query).

    `beside_count` and `is_mail_held` are of no cycle: PostgreSQL asks them once.
    """
    waiting = Update.objects.waiting().visible_to(user).with_whole_import_for(user)
    units = waiting.filter(assignment__item__cycle=OuterRef("pk")).decision_units()
    beside: Any = sum((RowCount(rows.values("pk")) for rows in waiting_beside(user)), start=Value(0))
    return Cycle.objects.order_by("-year").annotate(
        units_waiting=RowCount(units),
        beside_count=beside,
        is_mail_held=RawSQL(IS_MAIL_HELD, (), output_field=BooleanField()),  # noqa: S611 - a statement of our own
    )


def has_several_open_cycles(request: HttpRequest) -> bool:
    """Whether labels of items must say the year."""
    return sum(not cycle.is_closed for cycle in page_context(request).cycles) > 1


#: What `base.html` asks for also where nobody has signed in.
_BEFORE_SIGN_IN: dict[str, Any] = {
    **dict.fromkeys(("nav", "cycle_notes"), ()),
    **dict.fromkeys(("cycle_strip", "cycle_switch", "session_end", "calendar_day")),
    **dict.fromkeys(("demo_text", "scan_text", "held_text", "version"), ""),
    "home_url": "/",
}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: navigation, cycle strip and notices for `base.html`; before sign-in what its page quotes."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return _BEFORE_SIGN_IN | _quoted(request)
    return {
        "nav": list(_nav(request, user)),
        "cycle_strip": _cycle_strip(request),
        "cycle_switch": _cycle_switch(request),
        "cycle_notes": list(_cycle_notes(request)),
        "kept_fields": cycle_field(request),
        "home_url": in_cycle(request, address_of("recommendations:home")),
        "demo_text": _demo_text(request),
        "demo_day_url": address_of("audit:demo_day") if settings.DEMO and user.is_administrator else "",
        "scan_text": _scan_text(user),
        "held_text": _held_text(request),
        "held_url": address_of("reminders:held_mail") if user.is_administrator else "",
        "calendar_day": clock.local_date(request_time(request)),
        "session_end": _session_end(request, user),
        "version": settings.VERSION,
    }


def _session_end(request: HttpRequest, user: User) -> dict[str, int] | None:
    """Return what the page's script knows of the session's end; None for an error page, which knows no session."""
    return page_facts(request.session, user.role) if hasattr(request, "session") else None


def _quoted(request: HttpRequest) -> dict[str, Any]:
    """Return the usual cycle for the sign-in page, which quotes its source (one query); nothing for other pages."""
    match = request.resolver_match
    if match is None or match.view_name != "account_login":
        return {"quoted_cycle": None}
    cycles = list(Cycle.objects.opened().order_by("-year"))
    usual = usual_cycle(cycles, clock.local_date(request_time(request)))
    return {"quoted_cycle": usual if usual is not None and usual.quote else None}


#: Beginnings of the names of pages about one item.
_ITEM_VIEWS = ("recommendations:item", "recommendations:comment", "recommendations:override")


def _nav_entries(request: HttpRequest, user: User) -> Iterable[NavEntry]:
    items = NavEntry("recommendations:items", _("Items"), "list", _ITEM_VIEWS)
    evidence = NavEntry("evidence:list", _("Evidence"), "paperclip", ("evidence:",))
    overview = NavEntry("overview:overview", _("Overview"), "layout-dashboard")
    weaknesses = NavEntry("overview:weaknesses", pgettext("items", "Weaknesses"), "unplug")
    contacts = NavEntry("recommendations:contacts", _("Contacts"), "contact")
    if user.is_agency_actor:
        acts = (
            *(f"recommendations:{noun}" for noun in ("update", "assignment", "action")),
            "imports:opening",
        )
        work = NavEntry("recommendations:my_work", _("My work"), "list-checks", acts)
        agency = NavEntry(
            "recommendations:our_agency",
            _("Our agency"),
            "building-2",
            ("accounts:stand_ins", "accounts:shared_mailbox", "bulk:"),
        )
        if user.is_coordinator:
            return (work, agency, overview, items, evidence, weaknesses, contacts, *_added_entries(user))
        return (work, overview, items, evidence, weaknesses, contacts, agency, *_added_entries(user))
    if not user.is_mapo:
        return (overview, items, weaknesses, contacts, *_added_entries(user))
    waiting = page_context(request).waiting_count
    reviewing = (
        "recommendations:review",
        "recommendations:steps",
        "recommendations:action",
        "imports:opening",
    )
    queue = NavEntry("recommendations:queue", _("Reviews"), "clipboard-check", reviewing, waiting)
    steering = (
        "recommendations:assignment",
        "bulk:",
        "reminders:nudge",
        "recommendations:letter",
        "recommendations:request",
    )
    assignments = NavEntry("recommendations:assignments", _("Assignments"), "users", steering)
    entries = (overview, queue, items, assignments, evidence, weaknesses, contacts, *_added_entries(user))
    return (*entries, *(_administration_entries() if user.is_administrator else ()))


def _added_entries(user: User) -> list[NavEntry]:
    """Return the entries of other apps that this person has."""
    return [entry for entry in nav_entries.values() if entry.is_open_to(user)]


def _administration_entries() -> Iterable[NavEntry]:
    """Yield the entries that only administrators have."""
    yield NavEntry("accounts:people", _("People"), "user-cog", ("accounts:person", "accounts:people"))
    yield NavEntry("accounts:agencies", _("Agencies"), "building-2", ("accounts:agenc",))
    yield NavEntry("cycles:cycles", _("Cycles"), "calendar-range", ("cycles:cycle",))
    yield NavEntry("audit:trail", _("Audit trail"), "scroll-text", ("audit:",))


def _nav(request: HttpRequest, user: User) -> Iterable[dict[str, Any]]:
    here = request.resolver_match.view_name if request.resolver_match else ""
    for entry in _nav_entries(request, user):
        yield {
            "url": in_cycle(request, address_of(entry.view)),
            "label": str(entry.label),
            "icon": entry.icon,
            "is_current": here == entry.view or here.startswith(entry.prefixes),
            "count": entry.count,
        }


def _cycle_strip(request: HttpRequest) -> dict[str, Any] | None:
    cycle = page_cycle(request)
    if cycle is None:
        return None
    today = clock.local_date(request_time(request))
    phase = phase_of(cycle, today)
    phase_text = phase_label(phase) if phase in (Phase.CLOSED, Phase.OVER) else ""
    return WindowClock(cycle, today).strip(label=str(cycle)) | {
        "phase_text": phase_text,
        "is_closed": phase is Phase.CLOSED,
        "about_url": address_of("cycles:cycle", cycle.year),
    }


def _cycle_switch(request: HttpRequest) -> dict[str, Any] | None:
    """Return links to the same page of each cycle; None while there is only one cycle."""
    current, cycles = page_cycle(request), page_context(request).cycles
    if current is None or len(cycles) < 2:
        return None
    today = clock.local_date(request_time(request))
    usual = page_context(request).usual
    path, kept = _page_of_a_cycle(request)
    options = [
        {
            "url": _page_in(cycle, usual=usual, path=path, kept=kept),
            "label": str(cycle),
            "window_text": window_of(cycle),
            "phase_text": phase_label(phase_of(cycle, today)),
            "is_current": cycle == current,
        }
        for cycle in cycles
    ]
    return {"label": str(current), "options": options}


#: The apps whose pages are about one cycle.
_APPS_OF_A_CYCLE = ("recommendations", "imports", "bulk", "overview", "cycles", "meetings")
#: Pages that are about no single cycle, or about all.
_OF_NO_CYCLE = ("my_work", "queue", "home", "cycles", "cycle_prepare")
#: Parameters that mean something else in another cycle.
_NOT_CARRIED_OVER = ("cycle", "page", "day")


def _is_list_of_a_cycle(request: HttpRequest) -> bool:
    """Whether the page shows one cycle as a whole, so that another can be shown in its place."""
    match = request.resolver_match
    if match is None or match.kwargs or match.app_name not in _APPS_OF_A_CYCLE:
        return False
    return request.method == "GET" and match.url_name not in _OF_NO_CYCLE


def _page_of_a_cycle(request: HttpRequest) -> tuple[str, str]:
    """Return the path and the query string that this page has for any cycle; from an item, of the first page."""
    if not _is_list_of_a_cycle(request):
        page = "recommendations:items" if person_of(request).is_agency_actor else "overview:overview"
        return address_of(page), ""
    parameters = request.GET.copy()
    for name in _NOT_CARRIED_OVER:
        parameters.pop(name, None)
    return request.path, parameters.urlencode()


def _page_in(cycle: Cycle, *, usual: Cycle | None, path: str, kept: str) -> str:
    """Return the address of `path` with the query string that it keeps, for another cycle."""
    own = "" if cycle == usual else f"cycle={cycle.year}"
    query = "&".join(part for part in (kept, own) if part)
    return f"{path}?{query}" if query else path


def _cycle_notes(request: HttpRequest) -> Iterable[dict[str, str]]:
    """Yield what a reader must know about the page's cycle before anything else: its tone and its text."""
    refused, cycle = page_context(request).refused, page_cycle(request)
    if cycle is None:
        return
    if refused and not hasattr(request, "_page_cycle"):
        shown = _("The %(cycle)s is shown.") % {"cycle": cycle}
        yield {"tone": "warning", "text": f"{refused} {shown}"}
    if hasattr(request, "_page_cycle") or _is_list_of_a_cycle(request):
        note = note_on(cycle, clock.local_date(request_time(request)))
        if note:
            yield {"tone": "info", "text": note}


def _demo_text(request: HttpRequest) -> str:
    if not settings.DEMO:
        return ""
    day = dates.day(clock.local_date(request_time(request)))
    return _("Demonstration: the day shown is %(day)s; progress and files are samples.") % {"day": day}


def _held_text(request: HttpRequest) -> str:
    """Return the notice for MAPO, on every page, that no mail leaves after a restore."""
    if not page_context(request).is_mail_held:
        return ""
    return _("E-mail is held back: this database was restored or moved. Reminders and notices wait.")


def _scan_text(user: User) -> str:
    """Return the notice for administrators, on every page, that files are kept without a virus scan, or cannot have one."""
    if not user.is_administrator:
        return ""
    if settings.SCANNER != "none":
        return scanner_state.sentence(scanner_state.known())
    return _("Files are not scanned for viruses in this installation (SCANNER=none).")
