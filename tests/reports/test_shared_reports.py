"""Colleagues share what is ready: who downloads whose summary, and whom the page answers as if there were none."""

from __future__ import annotations

import itertools

import pytest

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from reports.models import Download, Report
from reports.permissions import is_shared_with
from reports.states import ExportFormat
from tests.factories.accounts import UserFactory
from tests.reports.conftest import Told
from tests.reports.makers import asked, demote, good, ready, use_writer
from tests.reports.test_report_pages import address, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _good_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    use_writer(monkeypatch, good)


def test_colleagues_download_and_others_find_nothing(told: Told) -> None:
    """To everybody else the page answers as if there were none."""
    pdrm = told.people["officer"].agency
    told.people["second"] = UserFactory(role=Role.COORDINATOR, agency=pdrm)
    told.people["watcher"] = UserFactory(role=Role.OBSERVER, agency=told.people["observer"].agency)
    told.people["lowly"] = UserFactory(role=Role.OFFICER, agency=pdrm, clearance=0)
    reports = {
        ready(told, by): getters
        for by, getters in (
            ("reviewer", {"reviewer", "administrator"}),
            ("administrator", {"reviewer", "administrator"}),
            ("officer", {"officer", "second"}),
            ("observer", {"observer"}),
            ("outsider", {"outsider"}),
        )
    }
    for by in told.people:
        client = signed_in(told, by)
        assert client.get("/summaries/999999/file/").status_code == 404
        for report, getters in reports.items():
            answer = client.get(address("file", report))
            assert answer.status_code == (200 if by in getters else 404), (by, report.asked_by)
            answer.getvalue()
    for report, getters in reports.items():
        takers = {told.people[getter].pk for getter in getters}
        downloads = Download.objects.filter(report=report).values_list("downloaded_by", flat=True)
        taken = Event.objects.about("reports.Report", report.pk).filter(action="report.taken")
        assert set(downloads) == takers
        assert set(taken.values_list("actor_id", flat=True)) == takers, "each download stays with who"


def test_rule_for_one_is_the_rule_for_many(told: Told) -> None:
    pdrm = told.people["officer"].agency
    for role, clearance in itertools.product(Role.values, (0, 1, 4)):
        for agency in (pdrm, told.people["reviewer"].agency):
            UserFactory(role=role, agency=agency, clearance=clearance)
    reports = [ready(told, by) for by in told.people]
    waiting = asked(told, "reviewer", export_format=ExportFormat.COUNCIL)
    for user in User.objects.all():
        shared = set(Report.objects.shared_with(user).values_list("pk", flat=True))
        assert shared == {each.pk for each in [*reports, waiting] if is_shared_with(user, each)}


def test_colleague_below_the_clearance_finds_nothing(told: Told) -> None:
    report = ready(told, "reviewer")
    demote(told.people["administrator"], clearance=1)
    client = signed_in(told, "administrator")
    assert client.get(address("file", report)).status_code == 404
    page = client.get(address("report", report))
    assert page.status_code == 200, "its record stays visible"
    assert "Only the person who asked for it and their colleagues" in page.text


def test_list_names_who_asked_and_can_show_ones_own(told: Told) -> None:
    theirs, mine = ready(told, "administrator"), ready(told, "reviewer")
    client = signed_in(told, "reviewer")
    page = client.get("/summaries/made/").text
    assert address("report", theirs) in page and address("report", mine) in page
    assert told.people["administrator"].name in page
    assert ", full, as at 31 August 2023, in Malay" in page.replace("\xa0", " ")
    own = client.get("/summaries/made/?whose=mine").text
    assert address("report", mine) in own and address("report", theirs) not in own
