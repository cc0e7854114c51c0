"""The page of an item as it was recorded by the end of a past day: facts of then, rights of now, and nothing to act on.

States, links, texts and notes are those of `cycle_state`; evidence, steps, updates and comments are left to today's page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from accounts.models import User
from recommendations.models import Cycle, CycleFactItemVersion, CycleFactVersion, Item
from recommendations.queries.comments import NewestComments
from recommendations.queries.cycle_state import (
    Achievement,
    AgencyState,
    CycleState,
    ItemRow,
    achievements_of,
    state_of_cycle,
)
from recommendations.queries.item_agencies import ItemAgency, agencies_as_at
from recommendations.queries.item_page_parts import ItemPage
from recommendations.queries.item_sql import ItemTexts, verdicts_of_item
from recommendations.queries.neighbours import neighbours_of
from recommendations.queries.readable_reviews import readable_reviews
from recommendations.queries.timeline import ENTRIES, MOST_ENTRIES, entry_of
from recommendations.rollup import Verdict
from recommendations.states import Status


def read_item_as_at(
    item: Item,
    *,
    user: User,
    day: date,
    before: datetime,
    cycles: Iterable[Cycle] = (),
    page: int = 1,
    is_whole: bool = False,
) -> ItemPage | None:
    """Return what was recorded of an item `before` an instant, the end of `day`; None where it was not recorded yet.

    `page` and `is_whole` turn the timeline as in `read_item_page`. Eight queries at most.
    """
    state = state_of_cycle(item.cycle, user=user, before=before)
    achievements = achievements_of(item.cycle, before=before)
    facts = {item.pk: _facts(item, before=before)}
    rows = _rows(item.cycle, state, achievements, facts)
    neighbours = neighbours_of(item.pk, rows, cycles=[item.cycle, *cycles])
    if neighbours is None:
        return None
    around: dict[str, Any] = {"neighbours": neighbours, "is_mapo": user.is_mapo, "is_past": True}
    own = next((row for row in state.items if row.item_id == item.pk), None)
    if own is None:
        return ItemPage(lines=[], entries=[], files=[], steps=[], **around)
    start, most = (0, MOST_ENTRIES) if is_whole else ((page - 1) * ENTRIES, ENTRIES)
    verdicts = verdicts_of_item(item.pk, start=start, most=most + 1, before=before)
    readable = readable_reviews({row.pk for row in verdicts}, user=user)
    judged = {row.pk: row for row in agencies_as_at(item, before=before)}
    return ItemPage(
        state=own.state,
        lines=[_line(agency, user=user, day=day) for agency in own.agencies],
        entries=[
            entry_of(row, of=judged[row.assignment_id], user=user, is_readable=row.pk in readable)
            for row in verdicts[:most]
        ],
        has_older=len(verdicts) > most,
        is_whole=is_whole,
        files=[],
        steps=[],
        **around,
    )


def _rows(
    cycle: Cycle,
    state: CycleState,
    achievements: Iterable[Achievement],
    facts: Mapping[int, list[dict[str, Any]]],
) -> list[ItemTexts]:
    """Return all items of the cycle as they were, in the order of the report, as `neighbours_of` takes them."""
    items: list[ItemRow | Achievement] = [*state.items, *achievements]
    return [
        ItemTexts(
            pk=row.item_id,
            cycle_id=cycle.pk,
            kind=row.kind,
            number=row.number,
            pillar=row.pillar,
            text_ms=row.text_ms,
            text_en=row.text_en,
            title_ms=row.title_ms,
            title_en=row.title_en,
            divergence_ms=row.divergence_ms,
            divergence_en=row.divergence_en,
            answer_ids=list(row.answer_ids),
            override_id=None,
            override_status="",
            override_percent=0,
            override_reason="",
            override_set_at=None,
            override_set_by=None,
            facts=facts.get(row.item_id),
            recorded_at=None,
        )
        for row in items
    ]


def _facts(item: Item, *, before: datetime) -> list[dict[str, Any]]:
    """Return the facts that concerned the item then (two queries)."""
    links = CycleFactItemVersion.objects.as_at(before).filter(item=item)
    ids = list(links.order_by("fact_id").values_list("fact_id", flat=True))
    if not ids:
        return []
    held = CycleFactVersion.objects.as_at(before).filter(fact_id__in=ids, withdrawn_at=None)
    rows = held.order_by("fact_id").values_list("fact_id", "title_ms", "title_en")
    return [{"id": pk, "title_ms": title_ms, "title_en": title_en} for pk, title_ms, title_en in rows]


def _line(agency: AgencyState, *, user: User, day: date) -> ItemAgency:
    """Return an agency's part as it was; what the reader may not know is empty in it already."""
    is_own = user.is_agency_actor and agency.agency_id == user.agency_id
    sees = user.is_mapo or is_own
    is_settled = agency.is_confirmed and agency.status == Status.DONE and agency.next_due_on is None
    return ItemAgency(
        assignment_id=agency.assignment_id,
        code=agency.code,
        name=agency.name,
        role=agency.role,
        stage=agency.stage,
        verdict=Verdict(agency.code, agency.status, agency.percent),
        decided_at=agency.decided_at,
        accepted_until=None,
        is_own=is_own,
        is_awaiting=agency.is_awaiting,
        next_due_on=agency.next_due_on,
        is_late=agency.is_overdue(day),
        is_settled=sees and is_settled,
        asked_reason="",
        updates=[],
        request=None,
        comments=NewestComments(),
    )
