"""No number and no text differs between the rows, the screen and the papers, whoever asks and however."""

from __future__ import annotations

from itertools import product

import pytest

from reports.readings.preview import read_preview
from reports.states import Depth, Paper, Tongue
from reports.tongues import item_name, speaking, status_label, tongues
from tests.reports import tables
from tests.reports.conftest import NASTY, Told
from tests.reports.office import convert, pdf_text

pytestmark = pytest.mark.django_db

READERS = ("reviewer", "officer", "jim", "observer")
EVERYTHING = list(product(READERS, Depth.values, Tongue.values))


@pytest.mark.parametrize("reader", READERS)
def test_tables_say_what_the_rows_say(told: Told, reader: str) -> None:
    for depth, language in product(Depth.values, Tongue.values):
        asked = {"depth": depth, "language": language}
        content = told.content(reader, **asked)
        wanted = tables.said_by(content)
        made = {paper: told.made(paper, reader, **asked) for paper in (Paper.XLSX, Paper.CSV, Paper.JSON)}
        tables.compare(tables.from_json(made[Paper.JSON]), wanted)
        tables.compare(tables.from_xlsx(made[Paper.XLSX], content), wanted)
        tables.compare(tables.from_csv(made[Paper.CSV]), guarded(wanted))


def guarded(said: tables.Said) -> tables.Said:
    """The same with the apostrophe that a CSV table puts before what looks like a formula."""
    for update in said.updates:
        if update["narrative"] == NASTY:
            update["narrative"] = f"'{NASTY}"
    return said
