"""The page of an item as it was recorded by the end of a past day: facts of then, rights of now, and nothing to act on.

States, links, texts and notes are those of `cycle_state`; evidence, steps, updates and comments are left to today's page.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from accounts.models import Agency, User
from recommendations.models import CycleFactItemVersion, CycleFactVersion, Item
from recommendations.queries.comments import NewestComments
from recommendations.queries.cycle_state import (
    Achievement,
    AgencyState,
    ItemRow,
    achievements_of,
    state_of_cycle,
)
from recommendations.queries.item_agencies import ItemAgency, agencies_as_at
from recommendations.queries.item_page_parts import ItemPage
from recommendations.queries.neighbours import ConcerningFact, neighbours_of
from recommendations.queries.readable_reviews import readable_reviews
from recommendations.queries.timeline import ENTRIES, MOST_ENTRIES, entry_of, verdicts_of_item
from recommendations.rollup import Verdict
from recommendations.states import Status


def read_item_as_at(
    item: Item,
    *,
    user: User,
    day: date,
    before: datetime,
    page: int = 1,
    is_whole: bool = False,
) -> ItemPage | None:
    """Return what was recorded of an item `before` an instant, the end of `day`; None where it was not recorded yet.

    `page` and `is_whole` turn the timeline as in `read_item_page`. Eight queries at most.
    """
    state = state_of_cycle(item.cycle, user=user, before=before)
    rows: list[ItemRow | Achievement] = [*state.items, *achievements_of(item.cycle, before=before)]
    own = next((row for row in rows if row.item_id == item.pk), None)
    if own is None:
        return None
    links = [(row.item_id, answer_id) for row in rows for answer_id in row.answer_ids]
    neighbours = neighbours_of(_item_then(item, own), rows, links, _facts(item, before=before))
    around: dict[str, Any] = {"neighbours": neighbours, "is_mapo": user.is_mapo, "is_past": True}
    if own.state is None:
        return ItemPage(lines=[], entries=[], files=[], steps=[], **around)
    start, most = (0, MOST_ENTRIES) if is_whole else ((page - 1) * ENTRIES, ENTRIES)
    verdicts = verdicts_of_item(item.pk, start=start, most=most + 1, before=before)
    readable = readable_reviews([verdict.pk for verdict in verdicts], user=user)
    judged = {
        row.pk: Agency(pk=row.agency_id, code=row.code, name_ms=row.name_ms, name_en=row.name_en)
        for row in agencies_as_at(item, before=before)
    }
    return ItemPage(
        state=own.state,
        lines=[_line(agency, user=user, day=day) for agency in own.agencies],
        entries=[
            entry_of(
                verdict,
                agency=judged[verdict.assignment_id],
                user=user,
                is_readable=verdict.pk in readable,
                before=before,
            )
            for verdict in verdicts[:most]
        ],
        has_older=len(verdicts) > most,
        is_whole=is_whole,
        files=[],
        steps=[],
        **around,
    )


#: The texts of an item that its versions keep.
_TEXTS = ("text_ms", "text_en", "title_ms", "title_en", "pillar", "divergence_ms", "divergence_en")


def _item_then(item: Item, row: ItemRow | Achievement) -> Item:
    """Return the item as the row has it."""
    return Item(
        pk=item.pk,
        cycle=item.cycle,
        kind=item.kind,
        number=item.number,
        **{name: getattr(row, name) for name in _TEXTS},
    )


def _facts(item: Item, *, before: datetime) -> list[ConcerningFact]:
    """Return the facts that concerned the item then (two queries)."""
    links = CycleFactItemVersion.objects.as_at(before).filter(item=item)
    ids = list(links.order_by("fact_id").values_list("fact_id", flat=True))
    if not ids:
        return []
    held = CycleFactVersion.objects.as_at(before).filter(fact_id__in=ids, withdrawn_at=None)
    rows = held.order_by("fact_id").values_list("fact_id", "title_ms", "title_en")
    return [ConcerningFact(*row) for row in rows]


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
