"""What needs MAPO in a cycle, each with the place of its cure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Agency, User
from audit.clock import local_date
from evidence.models import Document
from recommendations.models import Assignment, AssignmentRequest, Cycle, Update
from recommendations.readings.overview import AgencyState, CycleState, ItemRow
from recommendations.states import Kind, UpdateState
from ui import dates

#: How many names a line tells before it says "and more".
NAMES_TOLD = 4


@dataclass(frozen=True, slots=True)
class Need:
    """One line: how many of what, an example in words, and where it is put right."""

    count: int
    words: str
    note: str
    url: str


def needs_of(cycle: Cycle, state: CycleState, *, user: User, today: date) -> list[Need]:
    """What needs MAPO now, the most pressing first; lines with nothing to do are left out. One query."""
    facts: Any = (
        Cycle.objects.filter(pk=cycle.pk).annotate(**_annotations(user)).values(*_annotations(user)).get()
    )
    lines = [*_of_state(state, today=today, waiting=facts), *_of_facts(facts)]
    return [line for line in lines if line.count]


def _annotations(user: User) -> dict[str, Any]:
    waiting = Update.objects.visible_to(user).filter(state=UpdateState.SUBMITTED)
    requests = AssignmentRequest.objects.unanswered().filter(assignment__item__cycle=OuterRef("pk"))
    return {
        "waiting_count": _counted(waiting),
        "oldest": Subquery(waiting.order_by("submitted_at", "pk").values(told=_told("assignment__"))[:1]),
        "request_count": _counted(requests),
        "held_count": _counted(Document.objects.visible_to(user).held()),
        "deserted": ArraySubquery(_agencies_without_officers().values("code")),
    }


def _told(prefix: str) -> JSONObject:
    return JSONObject(
        at="submitted_at",
        update="pk",
        kind=f"{prefix}item__kind",
        number=f"{prefix}item__number",
        agency=f"{prefix}agency__code",
    )


def _counted(rows: QuerySet[Any]) -> Coalesce:
    counted = (
        rows.order_by().annotate(one=F("pk") * 0).values("one").annotate(count=Count("pk")).values("count")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _agencies_without_officers() -> QuerySet[Agency]:
    """Agencies that answer for something in the outer cycle, and have nobody who can act."""
    in_force = Assignment.objects.in_force().filter(
        item__cycle=OuterRef(OuterRef("pk")), agency=OuterRef("pk")
    )
    actors = User.objects.active().agency_actors().filter(agency=OuterRef("pk"))
    return Agency.objects.filter(Exists(in_force), ~Exists(actors)).order_by("code")


def _of_state(state: CycleState, *, today: date, waiting: dict[str, Any]) -> Iterator[Need]:
    late = [(row, agency) for row, agency in state.pairs() if agency.is_overdue(today)]
    suggested = [row for row in state.items if row.suggested]
    overview, count = reverse("recommendations:overview"), waiting["waiting_count"]
    yield Need(
        count,
        ngettext("update waits for review", "updates wait for review", count),
        _oldest_words(waiting["oldest"], today=today),
        reverse("recommendations:queue"),
    )
    yield Need(
        len(late),
        ngettext("assignment is late", "assignments are late", len(late)),
        _listed(_codes(late)),
        f"{overview}?show=late#matrix",
    )
    yield Need(
        len(suggested),
        ngettext("item has suggested agencies", "items have suggested agencies", len(suggested)),
        _listed(item_label(row) for row in suggested),
        reverse("recommendations:assignments"),
    )


def _of_facts(facts: dict[str, Any]) -> Iterator[Need]:
    requests, held, deserted = facts["request_count"], facts["held_count"], facts["deserted"]
    assignments = reverse("recommendations:assignments")
    yield Need(
        requests,
        ngettext("request of an agency is unanswered", "requests of agencies are unanswered", requests),
        "",
        f"{assignments}?tab=requests",
    )
    yield Need(
        held,
        ngettext("file is held until it is scanned", "files are held until they are scanned", held),
        "",
        f"{reverse('evidence:list')}?scan=held",
    )
    yield Need(
        len(deserted),
        ngettext("agency has no active officer", "agencies have no active officer", len(deserted)),
        _listed(deserted),
        f"{assignments}?tab=confirmed#officers",
    )


def _oldest_words(oldest: dict[str, Any] | None, *, today: date) -> str:
    if not oldest:
        return ""
    waited = (today - local_date(datetime.fromisoformat(oldest["at"]))).days
    values = {
        "days": dates.days(waited),
        "agency": oldest["agency"],
        "item": f"{Kind(oldest['kind']).label} {oldest['number']}",
    }
    return _("Longest %(days)s: %(agency)s, %(item)s") % values


def item_label(row: ItemRow) -> str:
    """Recommendation 2."""
    return f"{Kind(row.kind).label} {row.number}"


def _codes(pairs: Iterable[tuple[ItemRow, AgencyState]]) -> list[str]:
    return list(dict.fromkeys(agency.code for _row, agency in pairs))


def _listed(names: Iterable[str]) -> str:
    """The first few names, and how many more."""
    known = list(names)
    told, more = ", ".join(known[:NAMES_TOLD]), len(known) - NAMES_TOLD
    if more <= 0:
        return told
    return _("%(names)s and %(count)s more") % {"names": told, "count": more}
