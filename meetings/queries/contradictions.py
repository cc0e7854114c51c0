"""What contradicts in the figures, as rows of an agenda: as at a day, with whoever answers for the figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clearance import Clearance
from accounts.models import AgencyVersion
from audit.clock import local_date
from indicators.check_words import sentence
from indicators.models import IndicatorVersion, Series
from indicators.queries.contradictions import JudgedRow, failing_rows, period_of
from indicators.queries.series_titles import read_series_titles
from indicators.titles import Titles
from meetings.queries.rows import AgendaRow
from recommendations.models import Item
from recommendations.states import item_label

if TYPE_CHECKING:
    from accounts.models import User
    from indicators.judging import Judgement
    from recommendations.models import Cycle


def contradiction_rows(cycle: Cycle, *, user: User, before: datetime) -> tuple[AgendaRow, ...]:
    """Return a row for each contradiction, in the order of the checks: `text` is MAPO's explanation, if there is one, `on`
    its day. One query without any, else twelve at most, however much there is.
    """
    rows = failing_rows(cycle, user=user, before=before)
    if not rows:
        return ()
    agencies = _agencies_of_series({term.term.series_id for row in rows for term in row.terms}, before)
    claims = Item.objects.in_bulk({row.found.claim_id for row in rows if row.found.claim_id})
    titles = read_series_titles([row.found for row in rows], before)
    return tuple(_row(row, titles, agencies, claims, user=user) for row in rows)


def contradiction_key(found: Judgement) -> str:
    """Return the key of a contradiction: its check, and the period and giver for which it stands."""
    begins_on, ends_on = found.days
    return f"{found.code}-{found.source_id or 'reported'}-{begins_on or ''}-{ends_on or ''}"


def _agencies_of_series(series_ids: Iterable[int], before: datetime) -> dict[int, str]:
    """Return the code of the agency that answered for each series; none where nobody did (three queries)."""
    indicators = dict(Series.objects.filter(pk__in=series_ids).values_list("pk", "indicator_id"))
    held = IndicatorVersion.objects.as_at(before).filter(indicator__in=set(indicators.values()))
    answering = dict(held.values_list("indicator_id", "agency_id"))
    codes = dict(AgencyVersion.objects.as_at(before).values_list("agency_id", "code"))
    return {
        series: codes[agency]
        for series, indicator in indicators.items()
        if (agency := answering.get(indicator)) in codes
    }


def _row(
    row: JudgedRow, titles: Titles, agencies: Mapping[int, str], claims: Mapping[int, Item], *, user: User
) -> AgendaRow:
    found, claim = row.found, claims.get(row.found.claim_id or 0)
    told: dict[str, Any] = {}
    for language in ("ms", "en"):
        with override(language):
            told[f"title_{language}"] = sentence(found, titles)
            told[f"about_{language}"] = _about(row, claim, note=getattr(found, f"note_{language}"))
    codes = (agencies.get(term.term.series_id, "") for term in row.terms)
    # What agencies reported is restricted, and so is what is said of it.
    given = found.explanation if found.source_id or user.clearance >= Clearance.RESTRICTED else None
    return AgendaRow(
        key=contradiction_key(found),
        **told,
        codes=tuple(dict.fromkeys(code for code in codes if code)),
        text=given.text if given else "",
        by=(given.given_by or "") if given else "",
        on=local_date(given.given_at) if given else None,
    )


def _about(row: JudgedRow, claim: Item | None, *, note: str) -> str:
    """Return what is compared and where the numbers stand: "…. Table L · 2022 · Achievement 4", in the active language."""
    place = _("Reported by agencies") if row.is_reported else ""
    if row.table_key and not row.is_reported:
        place = _("Table %(key)s") % {"key": row.table_key}
    parts = (place, period_of(row.found), item_label(claim.kind, claim.number) if claim else "")
    return f"{note} {' · '.join(part for part in parts if part)}".strip()
