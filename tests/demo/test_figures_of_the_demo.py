"""The demonstration's months of figures: reported, decided, hidden where they are small, and explained."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import User
from audit import clock
from demo.figure_script import read_figure_script
from demo.samples import SAMPLE_MARK
from demo.script import read_script
from demo.stage import MAIL_DOMAIN, OTHER_REVIEWER, REVIEWER
from indicators.models import CheckExplanation, Figure, FigureDecision, FigureReport, Target
from indicators.queries.figures import read_figures
from indicators.suppression import Hiding
from submissions.states import SubmissionState
from tests.demo.conftest import Demo

pytestmark = pytest.mark.long


def person(mailbox: str) -> User:
    return User.objects.get(email=f"{mailbox}@{MAIL_DOMAIN}")


def reported(user: User, code: str) -> dict[tuple[str, date], str]:
    """What a person reads of an indicator's reported months, by key of the series and first day."""
    rows = Figure.objects.standing().filter(source=None, series__indicator__code=code)
    keys = dict(rows.values_list("pk", "series__key"))
    return {
        (keys[each.figure_id], each.period.begins_on): each.number
        for each in read_figures(rows, user=user)
        if each.period.begins_on
    }


def test_agencies_report_months_as_the_script_says(demo: Demo) -> None:
    """Every month of the script stands as a report, in the state to which its story led."""
    states = Counter(
        (report.agency.code, report.state) for report in FigureReport.objects.select_related("agency")
    )
    assert states == {
        ("KPWKM", SubmissionState.ACCEPTED): 5,
        ("PDRM", SubmissionState.ACCEPTED): 3,
        ("PDRM", SubmissionState.SUBMITTED): 1,
        ("AGC", SubmissionState.ACCEPTED): 3,
        ("AGC", SubmissionState.RETURNED): 1,
        ("JTK", SubmissionState.ACCEPTED): 5,
        ("JTK", SubmissionState.DRAFT): 1,
    }
    script = read_figure_script()
    assert len(script.months) == FigureReport.objects.count()
    assert max(month.decided or month.begun for month in script.months) < read_script().opens


def test_every_number_of_an_accepted_month_is_as_scripted(demo: Demo) -> None:
    """Given KPWKM's April, when MAPO reads it, then totals and parts are those of the script, in their order."""
    numbers = reported(person(REVIEWER), "IPO")
    april = date(2023, 4, 1)
    assert {key: number for (key, month), number in numbers.items() if month == april} == {
        "": "46",
        "sex_age=men": "21",
        "sex_age=women": "17",
        "sex_age=boys": "3",
        "sex_age=girls": "5",
    }
    assert len({month for _key, month in numbers}) == 5


def test_observer_reads_less_than_five_and_totals(demo: Demo) -> None:
    """Small numbers of victims are hidden from the observer, who still reads every total of 5 or more."""
    observer, owner = person("pemerhati"), person("penyelaras.kpwkm")
    rows = Figure.objects.standing().filter(source=None, series__indicator__counts_victims=True)
    hidden = {each.figure_id: each.hiding for each in read_figures(rows, user=observer)}
    small = rows.filter(value__range=(1, 4)).values_list("pk", flat=True)
    assert small and all(hidden[pk] for pk in small)
    assert Hiding.SMALL in hidden.values()
    assert not any(each.is_hidden for each in read_figures(rows, user=owner))
    assert reported(observer, "IPO")["", date(2023, 7, 1)] == "58"
    assert reported(observer, "KBB")["sex_age=girls", date(2023, 7, 1)] == "< 5"


def test_observer_reads_all_of_a_month_but_two_that_keep_each_other(demo: Demo) -> None:
    """Of May, the total and the men are shown beside a girl; of June, women alone keep the one of whom no row tells."""
    numbers = reported(person("pemerhati"), "KBB")
    for month, shown in (
        (5, {"": "18", "men": "10", "boys": "0"}),
        (6, {"": "22", "men": "12", "boys": "0", "girls": "0"}),
    ):
        found = {
            key.removeprefix("sex_age="): text for (key, day), text in numbers.items() if day.month == month
        }
        assert {key: text for key, text in found.items() if text.isdigit()} == shown


def test_a_revised_month_keeps_what_it_replaced(demo: Demo) -> None:
    """The Labour Department's May was revised in July; as at the day before, the first number stood."""
    may = Figure.objects.filter(
        source=None, series__indicator__code="LABOUR_INSPECTIONS", begins_on=date(2023, 5, 1)
    )
    newest = may.standing().get()
    assert (newest.value, newest.replaces and newest.replaces.value) == (Decimal(4632), Decimal(4655))
    assert newest.reason.startswith(SAMPLE_MARK)
    assert may.as_at(clock.end_of_day(date(2023, 7, 24))).get().value == Decimal(4655)


def test_figures_of_the_demo_are_decided_by_somebody_else_and_marked(demo: Demo) -> None:
    """Nobody decides on their own agency's figures, and every text is marked as a sample."""
    decisions = FigureDecision.objects.select_related("decided_by", "sent__submission__report")
    for decision in decisions:
        assert decision.decided_by.agency_id != decision.sent.submission.report.agency_id
        assert decision.decided_by.is_mapo
    returned = decisions.exclude(reason="").get()
    texts = [returned.reason, *Target.objects.values_list("reason", flat=True)]
    texts += CheckExplanation.objects.values_list("text", flat=True)
    texts += [text for text in FigureReport.objects.values_list("explanation", flat=True) if text]
    assert all(text.startswith(SAMPLE_MARK) for text in texts)
    assert (Target.objects.standing().count(), CheckExplanation.objects.standing().count()) == (2, 2)


@pytest.mark.parametrize("mailbox", [REVIEWER, OTHER_REVIEWER])
def test_police_wait_for_mapo(demo: Demo, client: Client, mailbox: str) -> None:
    """PDRM's August waits, and MAPO's page of waiting figures leads to it."""
    client.force_login(person(mailbox))
    waiting = FigureReport.objects.get(state=SubmissionState.SUBMITTED)
    answer = client.get("/figures/reports/")
    assert answer.status_code == 200
    assert (waiting.agency.code, waiting.month) == ("PDRM", date(2023, 8, 1))
    assert f"/figures/reports/{waiting.pk}/" in answer.content.decode()


def test_the_printed_81_is_explained_beside_its_parts(demo: Demo, client: Client) -> None:
    """MAPO's explanation of table L stands on the page of contradictions, for an observer too."""
    client.force_login(person("pemerhati"))
    page = client.get("/figures/contradictions/").content.decode()
    assert "KPWKM diminta menyemak daftar KBB tahun 2022" in page
    assert "umur seorang mangsa" not in page
