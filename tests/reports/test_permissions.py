"""Who may ask for which format, keeps their rights to a report, and sees which reports and selections."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from accounts.clearance import Clearance
from accounts.models import User
from accounts.roles import Role
from reports.models import Report, SavedSelection
from reports.permissions import RIGHTS_CHANGED, formats_for, keeps_rights, may_ask_for, sees_files
from reports.states import ExportFormat
from tests.recommendations.conftest import Desk, make_desk

OWN, OTHER = 1, 2


@pytest.fixture
def desk(now: datetime) -> Desk:
    """The world of the core's tests."""
    return make_desk(now)


FOR_ALL = {"pdf", "docx", "xlsx", "csv", "json", "tabledoc", "tablexls"}


def person(role: str, *, agency_id: int = OWN, clearance: int = 2, is_active: bool = True) -> User:
    """Somebody who was never saved."""
    return User(pk=7, role=role, agency_id=agency_id, clearance=clearance, is_active=is_active)


def report(
    role: str, *, export_format: str = "pdf", agency_id: int = OWN, clearance: int = 2, ceiling: int = 2
) -> Report:
    """A report that was made for a reader of this role, agency and clearance."""
    return Report(
        export_format=export_format,
        reader_role=role,
        reader_agency_id=agency_id,
        reader_clearance=clearance,
        ceiling=ceiling,
    )


@pytest.mark.parametrize(
    ("role", "more"),
    [
        ("officer", {"pack"}),
        ("coordinator", {"pack"}),
        ("reviewer", {"council", "paperpdf", "meeting", "pack"}),
        ("administrator", {"council", "paperpdf", "meeting", "pack"}),
        ("observer", set()),
    ],
)
def test_formats_of_a_role(role: str, more: set[str]) -> None:
    formats = formats_for(person(role))
    assert set(formats) == FOR_ALL | more
    assert formats == [each for each in ExportFormat if each in formats]
    assert {each for each in ExportFormat if may_ask_for(person(role), each)} == set(formats)
    assert sees_files(person(role)) is ("pack" in more)


def keepers(about: Report, *, agency_id: int = OWN) -> set[str]:
    """The roles whose people, of this agency, keep their rights to the report."""
    return {role for role in Role.values if keeps_rights(person(role, agency_id=agency_id), about)}


MAPO, AGENCY = {"reviewer", "administrator"}, {"officer", "coordinator"}


def test_report_is_kept_by_its_agency_or_observers_and_mapo() -> None:
    for reader in AGENCY:
        assert keepers(report(reader)) == AGENCY | MAPO
        assert keepers(report(reader), agency_id=OTHER) == MAPO
    assert keepers(report("observer")) == {"observer"} | MAPO
    assert keepers(report("observer"), agency_id=OTHER) == {"observer"} | MAPO
    assert keepers(report("reviewer")) == MAPO
    assert keepers(report("reviewer", export_format="council")) == MAPO
    assert keepers(report("officer", export_format="council")) == MAPO


@pytest.mark.parametrize(
    ("held", "read_with", "ceiling", "keeps"),
    [(2, 2, 2, True), (1, 2, 2, False), (1, 2, 1, True), (1, 1, 2, True), (0, 1, 1, False), (3, 2, 2, True)],
)
def test_report_is_kept_within_the_clearance_that_it_was_read_with(
    held: int, read_with: int, ceiling: int, keeps: bool
) -> None:
    about = report("officer", clearance=read_with, ceiling=ceiling)
    assert keeps_rights(person("officer", clearance=held), about) is keeps
    assert not keeps_rights(person("officer", clearance=held, is_active=False), about)


def test_lost_rights_are_said_in_the_readers_language() -> None:
    assert str(RIGHTS_CHANGED).startswith(
        "Hak akses anda telah berubah sejak ringkasan ini dibuat, maka failnya tidak"
    )


def test_reports_are_seen_by_who_asked_and_by_administrators(desk: Desk) -> None:
    Report.objects.create(
        export_format="pdf", cycle=desk.cycle, as_at=date(2023, 9, 13), language="ms", ceiling=Clearance.RESTRICTED,
        depth="full", query="day=2023-09-13", asked_by=desk.officer, asked_at=desk.now, reader_role="officer",
        reader_agency=desk.agency, reader_clearance=1,
    )  # fmt: skip
    people = (desk.officer, desk.administrator, desk.colleague, desk.reviewer, desk.observer)
    assert [Report.objects.visible_to(each).exists() for each in people] == [True, True, False, False, False]


@pytest.mark.parametrize(("is_shared", "is_of_mapo"), [(False, False), (True, False), (True, True)])
def test_saved_selections_are_seen_by_their_owner_and_whom_they_were_shared_with(
    desk: Desk, is_shared: bool, is_of_mapo: bool
) -> None:
    owner = desk.reviewer if is_of_mapo else desk.officer
    SavedSelection.objects.create(
        user=owner, name="Bulanan", query="depth=full", kept_at=desk.now, agency=owner.agency,
        is_shared=is_shared, is_of_mapo=is_of_mapo,
    )  # fmt: skip
    people = (
        desk.officer, desk.colleague, desk.outsider, desk.reviewer, desk.second_reviewer, desk.observer,
    )  # fmt: skip
    seen = [SavedSelection.objects.visible_to(each).exists() for each in people]
    if is_of_mapo:
        assert seen == [False, False, False, True, True, False]
    else:
        assert seen == [True, is_shared, False, False, False, False]
