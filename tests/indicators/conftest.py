"""The world of the core's tests with an indicator, and the small world of reports of a month."""

from __future__ import annotations

from datetime import datetime

from indicators.models import Indicator
from tests.factories.figure_reports import FigureDesk
from tests.factories.indicators import make_indicator
from tests.recommendations.conftest import Desk, desk, open_desk
from tests.shared import shared

__all__ = ["desk", "open_desk"]


@shared
def figure_desk(now: datetime) -> FigureDesk:
    """The world, at the demonstration's opening instant, rolled back afterwards."""
    return FigureDesk(now)


@shared
def indicator(desk: Desk) -> Indicator:
    """An indicator that the agency of the desk answers for."""
    return make_indicator("ipo", agency=desk.agency)
