"""The pages of making: requesting, watching, downloading, what was made. Who sees which, and what each says."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.clearance import Clearance
from audit.models import Event
from reports.models import Report
from reports.services.downloads import begin_download, end_download
from reports.services.making import make
from reports.services.requests import UNFINISHED_LIMIT
from reports.states import DownloadOutcome, ExportFormat, ReportState
from tests.conftest import Clock
from tests.reports.conftest import Told, kuala_lumpur
from tests.reports.makers import (
    address,
    asked,
    demote,
    fresh,
    good,
    raising,
    ready,
    signed_in,
    use_writer,
)

pytestmark = pytest.mark.django_db

CHOSEN = {"cycle": "2023", "day": "2023-08-31", "language": "ms", "ceiling": "2", "depth": "full"}


@pytest.fixture(autouse=True)
def _good_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    use_writer(monkeypatch, good)


@pytest.fixture
def made(told: Told) -> Report:
    return ready(told)


# Asking


def test_small_summary_is_made_at_once_and_fetched_by_its_page(told: Told) -> None:
    client = signed_in(told)
    answer = client.post(reverse("reports:make"), {**CHOSEN, "paper": "csv"})
    report = Report.objects.get()
    assert answer["Location"] == address("report", report) + "?take=1"
    assert report.state == ReportState.READY
    refresh = f'http-equiv="refresh" content="0; url={address("file", report)}"'
    page = client.get(answer["Location"]).text
    assert refresh in page and report.file_name in page
    assert refresh not in client.get(address("report", report)).text
    client.get(address("file", report)).getvalue()
    assert refresh not in client.get(answer["Location"]).text, "a page that is loaded again fetches nothing"


def test_large_summary_waits_for_a_worker(told: Told, settings: Settings) -> None:
    settings.REPORTS_AT_ONCE_ROWS = 1
    client = signed_in(told)
    answer = client.post(reverse("reports:make"), {**CHOSEN, "paper": "csv"})
    report = Report.objects.get()
    assert (answer["Location"], report.state) == (address("report", report), ReportState.WAITING)
    page = client.get(answer["Location"]).text
    assert "The summary is in the queue" in page and "<progress" in page and "Refresh" in page


def test_what_cannot_be_meant_is_refused_with_the_way_back(told: Told) -> None:
    client = signed_in(told)
    for changed, sentence in (
        ({"cycle": "1999"}, "Choose a cycle"),
        ({"cycle": "²⁰²³"}, "Choose a cycle"),
        ({"paper": "papyrus"}, "Choose a format"),
        ({"day": "2024-01-01"}, "is in the future"),
        ({"ceiling": "4"}, "Your clearance is up to"),
        ({"status": "done"}, "No item matches"),
    ):
        answer = client.post(reverse("reports:make"), {**CHOSEN, "paper": "csv", **changed})
        assert answer.status_code == 409 and sentence in answer.text, changed
        assert f"{reverse('reports:choose')}?" in answer.text
    assert not Report.objects.exists()
    chosen = {**CHOSEN, "ceiling": "1", "paper": "council"}
    assert signed_in(told, "officer").post(reverse("reports:make"), chosen).status_code == 404


def test_sixth_unfinished_one_is_refused_with_what_to_do(told: Told) -> None:
    for day in range(1, UNFINISHED_LIMIT + 1):
        asked(told, day=f"2023-08-{day:02}")
    answer = signed_in(told).post(reverse("reports:make"), {**CHOSEN, "paper": "csv"})
    assert answer.status_code == 409
    assert "cancel one" in answer.text


def test_only_what_is_made_counts_for_the_quota_of_an_hour(told: Told, settings: Settings) -> None:
    settings.QUOTA_HEAVY, settings.REPORTS_AT_ONCE_ROWS = 1, 1
    client, url = signed_in(told), reverse("reports:make")
    for refused in ({"paper": "papyrus"}, {"status": "done"}, {"ceiling": "4"}):
        assert client.post(url, {**CHOSEN, "paper": "csv", **refused}).status_code == 409
    chosen = {**CHOSEN, "paper": "csv"}
    first = client.post(url, chosen)
    assert first.status_code == 302
    assert client.post(url, chosen)["Location"] == first["Location"], "the same, which was not made anew"
    other = {**chosen, "depth": "lines"}
    beyond = client.post(url, other, headers={"accept": "text/html"})
    assert beyond.status_code == 429 and 3_000 < int(beyond["Retry-After"]) <= 3_600
    (form,) = html.fromstring(beyond.text).xpath(f"//main//form[@action='{url}']")
    carried = {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}
    assert carried == other
    assert client.post(address("again", Report.objects.get())).status_code == 302, "still the same"
    assert client.post(url, other).status_code == 429
    assert Report.objects.count() == 1
    told_once = Event.objects.get(action="quota.reached")
    assert (told_once.actor_id, told_once.object_id) == (told.people["reviewer"].pk, "heavy")


def test_refused_tries_without_end_meet_the_limit_of_a_minute(told: Told, settings: Settings) -> None:
    settings.QUOTA_HEAVY = 1
    client, nothing = signed_in(told), {**CHOSEN, "paper": "csv", "status": "done"}
    answers = [client.post(reverse("reports:make"), nothing).status_code for _each in range(22)]
    assert answers == [409] * 20 + [429] * 2
    assert not Event.objects.filter(action="quota.reached").exists()


# The page of one


def test_page_says_what_was_made(told: Told, made: Report) -> None:
    client, schema = signed_in(told), reverse("reports:schema")
    page = client.get(address("report", made)).text.replace("\N{NO-BREAK SPACE}", " ")
    for words in (
        made.file_name, made.fingerprint, made.sha256, "Confidential", "The day is over", "Download",
        "14 October 2023", "Nobody has downloaded it yet",
    ):  # fmt: skip
        assert words in page
    assert schema not in page
    in_json = ready(told, export_format=ExportFormat.JSON)
    assert schema in client.get(address("report", in_json)).text


def test_page_judges_the_day_by_when_it_was_asked_for_as_the_cover_does(told: Told, clock: Clock) -> None:
    report = asked(told, day="2023-09-14")
    told.now = clock.move_to(kuala_lumpur("2023-09-15 00:01"))
    make(report.pk, now=told.now)
    page = signed_in(told).get(address("report", report)).text
    assert "The day was not over" in page and "The day is over" not in page


def test_page_of_what_failed_says_why_and_makes_again(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    use_writer(monkeypatch, raising(RuntimeError()))
    client = signed_in(told)
    client.post(reverse("reports:make"), {**CHOSEN, "paper": "csv"})
    failed = Report.objects.get()
    page = client.get(address("report", failed)).text
    assert "It could not be made" in page and "Make again" in page
    use_writer(monkeypatch, good)
    answer = client.post(address("again", failed))
    second = Report.objects.get(state=ReportState.READY)
    assert answer["Location"] == address("report", second) + "?take=1"
    assert second.query == failed.query


def test_making_again_takes_the_rights_of_now(told: Told, made: Report) -> None:
    demote(told.people["reviewer"], clearance=Clearance.RESTRICTED)
    answer = signed_in(told).post(address("again", made))
    assert answer.status_code == 409
    assert "Your clearance is up to" in answer.text


def test_cancelling_leads_back_to_the_page_and_says_when_it_is_too_late(told: Told) -> None:
    report, client = asked(told), signed_in(told)
    assert client.post(address("cancel", report))["Location"] == address("report", report)
    assert "It was cancelled" in client.get(address("report", report)).text
    assert fresh(report).state == ReportState.CANCELLED
    answer = client.post(address("cancel", ready(told)))
    assert answer.status_code == 409 and "finished before" in answer.text


def test_looking_tells_how_far_it_is(told: Told) -> None:
    report, client = asked(told), signed_in(told)
    Report.objects.filter(pk=report.pk).update(state=ReportState.MAKING, done_count=30, total_count=120)
    answer = client.post(address("looking", report)).json()
    assert answer == {
        "state": "making",
        "percent": 25,
        "text": "30 of about 120 rows",
        "is_settled": False,
        "download": "",
    }


def test_downloads_are_listed_with_how_they_ended(told: Told, made: Report) -> None:
    reviewer, document = told.people["reviewer"], told.documents["jim20"]
    whole, broken = (begin_download(made, actor=reviewer, now=told.now) for _ in range(2))
    end_download(whole, sha256=made.sha256, size=made.size, now=told.now)
    end_download(broken, outcome=DownloadOutcome.BROKEN, document=document, sha256="", size=0, now=told.now)
    page = signed_in(told).get(address("report", made)).text
    assert "Downloaded in full" in page and "Interrupted" in page
    assert reverse("evidence:detail", args=[document.pk]) in page


def test_administrator_sees_the_record_of_all_and_takes_nothing_of_agencies(told: Told) -> None:
    made = ready(told, "officer")
    page = signed_in(told, "administrator").get(address("report", made)).text
    assert made.fingerprint in page and address("file", made) not in page


# What was made


def test_list_holds_ones_own_newest_first(told: Told, made: Report, clock: Clock) -> None:
    told.now = clock.move_to(kuala_lumpur("2023-09-14 11:00"))
    newer, foreign = asked(told, export_format=ExportFormat.JSON), asked(told, "officer")
    page = signed_in(told).get(reverse("reports:made")).text
    assert page.index(address("report", newer)) < page.index(address("report", made))
    assert address("report", foreign) not in page
    nothing = signed_in(told, "observer").get(reverse("reports:made")).text
    assert "Requested by" not in nothing and "No summaries yet" in nothing


def test_administrator_finds_the_reports_of_all(told: Told, made: Report) -> None:
    foreign, client = asked(told, "officer"), signed_in(told, "administrator")

    def found(**query: str) -> set[int]:
        page = client.get(reverse("reports:made"), query).text
        return {report.pk for report in (made, foreign) if address("report", report) in page}

    assert found() == {made.pk, foreign.pk}
    assert found(agency="PDRM") == {foreign.pk}
    assert found(state="ready") == {made.pk}
    assert found(name=told.people["officer"].name.upper()) == {foreign.pk}
    assert found(name="\0%") == set()


def test_pages_take_as_many_queries_for_many_as_for_one(
    told: Told, made: Report, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lists = {by: signed_in(told, by) for by in ("reviewer", "administrator")}
    taken(told, made)
    of_page = queries(lists["reviewer"], address("report", made))
    of_list = {by: queries(client, reverse("reports:made")) for by, client in lists.items()}
    for day in range(1, 5):
        asked(told, day=f"2023-08-{day:02}")
        taken(told, made)
    with django_assert_num_queries(of_page):
        lists["reviewer"].get(address("report", made))
    for by, client in lists.items():
        with django_assert_num_queries(of_list[by]):
            client.get(reverse("reports:made"))


def taken(told: Told, report: Report) -> None:
    download = begin_download(report, actor=told.people["reviewer"], now=told.now)
    document = told.documents["jim20"]
    end_download(download, outcome=DownloadOutcome.BROKEN, document=document, sha256="", size=0, now=told.now)


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)
