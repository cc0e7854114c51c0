"""Hidden words are in no file of a reader who may not see them, and the fingerprint of each reader's file verifies."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile, is_zipfile

import pytest

from identities.services import hide_words
from reports.services.changes import ChangeReason, is_outdated
from reports.services.verification import look_up
from reports.states import ExportFormat
from reports.summary.hiding import reading_within
from reports.summary.selection import selection_of
from tests.conftest import Clock
from tests.reports.conftest import Told, kuala_lumpur
from tests.reports.makers import ready
from tests.reports.office import pdf_text
from tests.shared import shared

pytestmark = pytest.mark.django_db
WORD = "Taklimat"
#: The name stands in JIM's narrative: who reads it whole.
SEES = {"jim": True, "reviewer": True, "officer": False, "observer": False}


@shared
def hidden(told: Told) -> Told:
    """A data officer has hidden a word of JIM's accepted narrative."""
    hide(told)
    return told


def hide(told: Told) -> None:
    mapo = {"actor": told.people["administrator"], "now": told.now}
    hide_words(WORD, is_whole=False, reason="Mengenal pasti mangsa.", **mapo)


def words_of_file(data: bytes) -> str:
    """All text of a file, whatever its kind."""
    if data.startswith(b"%PDF"):
        return pdf_text(data)
    if is_zipfile(BytesIO(data)):
        with ZipFile(BytesIO(data)) as archive:
            return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return data.decode("utf-8-sig")


@pytest.mark.parametrize("by", SEES)
def test_files_hold_what_their_reader_may_see(hidden: Told, by: str) -> None:
    ceiling = hidden.select(by).ceiling
    for each in (ExportFormat.CSV, ExportFormat.JSON, ExportFormat.XLSX, ExportFormat.DOCX, ExportFormat.PDF):
        with reading_within(hidden.people[by], ceiling):
            words = words_of_file(hidden.made(each, by))
        assert (WORD in words) == SEES[by], each
        assert ("█████" in words) == (not SEES[by]), each


def test_a_low_ceiling_hides_from_mapo_too(hidden: Told) -> None:
    with reading_within(hidden.people["reviewer"], 1):
        assert WORD not in words_of_file(hidden.made(ExportFormat.JSON, ceiling="1"))


def test_each_reader_has_another_fingerprint_that_verifies(hidden: Told) -> None:
    reports = {by: ready(hidden, by, export_format=ExportFormat.JSON) for by in ("reviewer", "observer")}
    for report in reports.values():
        found = look_up(report.sha256, has_bytes=True)
        assert found.not_compared is None
        assert found.reasons == ()


def test_what_was_made_before_is_not_given_to_who_may_not_see(told: Told, clock: Clock) -> None:
    reports = {by: ready(told, by, export_format=ExportFormat.JSON) for by in SEES}
    told.now = clock.move_to(kuala_lumpur("2023-09-20 10:00"))
    hide(told)
    outdated = {by: is_outdated(report, selection_of(report)) for by, report in reports.items()}
    assert outdated == {by: not sees for by, sees in SEES.items()}
    why = {by: look_up(report.sha256, has_bytes=True).reasons for by, report in reports.items()}
    assert why == {by: () if sees else (ChangeReason.WORDS,) for by, sees in SEES.items()}
