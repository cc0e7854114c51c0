"""Words that are hidden in the cycle's texts: a summary shows them to whom it is made for, whoever makes it."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest

from accounts.clearance import Clearance
from accounts.reading import reader_of
from audit.services import record
from privacy.checks import MARKS, mark_of
from privacy.reading import NOBODY, reading_as
from recommendations.models import Cycle
from reports import files
from reports.services import making
from reports.states import ExportFormat
from tests.reports.conftest import Told
from tests.reports.makers import asked, fresh
from tests.reports.test_all_writers import WORDS
from tests.shared import shared

pytestmark = pytest.mark.django_db
NAME = "Nguyen Van Canary"
CEILINGS = {each.name.lower(): str(int(each)) for each in Clearance}


@shared
def marked(told: Told) -> Told:
    """The source of the cycle names somebody, and MAPO's data officer has hidden it."""
    source = f"Kenyataan Media KDN tentang {NAME}"
    Cycle.objects.update(source_ms=source)
    at = source.index(NAME)
    marks = [mark_of("source_ms", source, [[at, at + len(NAME), "chosen"]])]
    about: dict[str, Any] = {"object_type": "privacy.IdentityMark", "now": told.now}
    record(action="identity.redacted", actor=told.people["administrator"], after={MARKS: marks}, **about)
    told.cycle.refresh_from_db()
    return told


def reading_in(place: str, told: Told) -> AbstractContextManager[None]:
    """Read as it is done there: in a worker as nobody, in a page as MAPO's cleared people, in a command as it stands."""
    if place == "command":
        return nullcontext()
    return reading_as(NOBODY if place == "worker" else reader_of(told.people["administrator"]))


@pytest.mark.parametrize(
    ("by", "ceiling", "is_shown"),
    [
        ("observer", "restricted", False),
        ("outsider", "restricted", False),
        ("jim", "confidential", False),
        ("reviewer", "restricted", False),
        ("reviewer", "confidential", True),
    ],
)
def test_source_of_the_cycle_is_shown_to_the_cleared_alone(
    marked: Told, by: str, ceiling: str, is_shown: bool
) -> None:
    for place in ("worker", "page", "command"):
        # Printing takes long: one of the three prints.
        paper = ExportFormat.PDF if place == "worker" else ExportFormat.DOCX
        report = asked(marked, by, export_format=paper, ceiling=CEILINGS[ceiling], depth="glance")
        with reading_in(place, marked):
            making.make(report.pk, now=marked.now)
            data = files.path_of(fresh(report).stored_name).read_bytes()
        words = " ".join(WORDS[paper](data).split())
        assert "Kenyataan Media KDN tentang" in words
        assert (NAME in words) is is_shown, place
