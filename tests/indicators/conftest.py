"""The small world of reports of a month."""

from __future__ import annotations

from datetime import datetime

from tests.factories.figure_reports import FigureDesk
from tests.shared import shared


@shared
def figure_desk(now: datetime) -> FigureDesk:
    """The world, at the demonstration's opening instant, rolled back afterwards."""
    return FigureDesk(now)
