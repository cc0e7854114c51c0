"""MAPO revises a figure that an agency reported: a new row replaces it, and what stood stays answerable."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.acts import require, require_reason
from audit.errors import BadValue, NotAllowed, NotNow
from audit.services import record
from indicators.models import Figure, FigureReport
from indicators.numbers import UnreadableNumber, read_number
from indicators.permissions import OWN_FIGURES, may_revise_figures
from privacy.checks import check_identities
from recommendations.errors import CYCLE_CLOSED
from recommendations.models import Cycle


@transaction.atomic
def revise_figure(
    figure: Figure, *, text: str, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> Figure:
    """Replace a reported figure by another number, with a reason; return the figure that stands then.

    Giving the same number changes nothing. Raises `NotAllowed` for whoever typed or sent it in another post; `NotNow` for
    what a source printed, for a figure that was replaced already and in a closed cycle; `BadValue` for a text that is no
    number; `IdentitiesFound` as `check_identities` does.
    """
    figure = _locked(figure)
    require(may_revise_figures(actor, figure.series.indicator))
    _require_others(figure, actor)
    reason = require_reason(reason)
    _require_revisable(figure)
    _require_open_cycle(figure)
    text = text.strip()
    try:
        value = read_number(text, unit=figure.series.indicator.unit)
    except UnreadableNumber as problem:
        raise BadValue(str(problem), field="text") from problem
    if value == figure.value:
        return figure
    identities = check_identities({"reason": reason}, reason=identities_reason)
    figure.ended_at = max(now, figure.recorded_at)
    figure.save(update_fields=["ended_at"])
    revised = Figure.objects.create(
        series=figure.series,
        period_kind=figure.period_kind,
        begins_on=figure.begins_on,
        ends_on=figure.ends_on,
        is_partial=figure.is_partial,
        counted_to=figure.counted_to,
        text=text,
        value=value,
        replaces=figure,
        reason=reason,
        recorded_by=actor,
        recorded_at=figure.ended_at,
    )
    _record(figure, revised, identities.trail_facts, reason=reason, actor=actor, now=now)
    return revised


def _locked(figure: Figure) -> Figure:
    rows = Figure.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("series__indicator", "source").get(pk=figure.pk)


def _require_others(figure: Figure, actor: User) -> None:
    """Raise `NotAllowed` where the person typed or sent figures of this series for the same month."""
    if figure.source is not None or figure.begins_on is None:
        return
    reports = FigureReport.objects.filter(
        month=figure.begins_on, submissions__figures__series=figure.series, writers__user=actor
    )
    if reports.exists():
        raise NotAllowed(OWN_FIGURES)


def _require_revisable(figure: Figure) -> None:
    if figure.source is not None:
        raise NotNow(
            _(
                "This figure is printed in “%(source)s” and is kept as it is printed. Only a later printing can replace "
                "it; if it contradicts another figure, explain the contradiction."
            )
            % {"source": figure.source.title}
        )
    if figure.ended_at is not None:
        raise NotNow(_("This figure was replaced meanwhile. Nothing was changed; reload the page."))


def _require_open_cycle(figure: Figure) -> None:
    """Raise `NotNow` where the figure's period lies in the windows of closed cycles alone."""
    if figure.begins_on is None or figure.ends_on is None:
        return
    windows = {"window_start__lte": figure.ends_on, "window_end__gte": figure.begins_on}
    cycles = list(Cycle.objects.filter(**windows).order_by("pk"))
    open_cycles = [cycle for cycle in cycles if not cycle.is_closed]
    if cycles and not open_cycles:
        raise NotNow(CYCLE_CLOSED)
    for cycle in open_cycles:
        Cycle.objects.held_open(cycle)


def _record(
    figure: Figure, revised: Figure, facts: dict[str, Any], *, reason: str, actor: User, now: datetime
) -> None:
    indicator = figure.series.indicator
    record(
        action="figure.revised",
        actor=actor,
        obj=revised,
        label=indicator.code,
        agency_id=indicator.agency_id,
        before={"figure_text": figure.text},
        after={"figure_text": revised.text, **facts},
        reason=reason,
        now=now,
    )
