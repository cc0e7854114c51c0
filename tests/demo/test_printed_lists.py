"""The printed list of the demonstration stays short: one line per item, with its notes and what stands out."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader

from accounts.models import User
from accounts.roles import Role
from audit import clock
from recommendations.models import Cycle
from reports.states import ExportFormat
from reports.summary.content import SummaryContent
from reports.summary.selection import read_selection
from reports.summary.statement import Maker
from reports.summary.writing import writer_of

pytestmark = pytest.mark.long


def test_list_of_the_day_takes_six_pages() -> None:
    """Four of items, two of figures and what contradicts among them."""
    cycle, user = Cycle.objects.get(year=2023), User.objects.filter(role=Role.REVIEWER).order_by("pk")[0]
    asked = {"day": "2023-09-14", "depth": "lines", "language": "ms"}
    selection = read_selection(asked, cycle=cycle, today=clock.today(), user=user)
    target = BytesIO()
    content = SummaryContent(selection, cycle=cycle, reader=user)
    writer_of(ExportFormat.PDF)(content, target, maker=Maker.of(user, now=clock.now()))
    assert len(PdfReader(target).pages) <= 6
