"""The shelf: each summary under one name wherever it is read of, and monthly ones once for all their readers."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from audit.models import Event
from reminders.messages.notices import kind_of
from reminders.models import Notice
from reports.models import Report
from reports.services.making import make
from reports.states import ExportFormat, summary_name
from tests.conftest import Clock
from tests.reports.conftest import Told
from tests.reports.makers import asked, fresh, good, ready, use_writer
from tests.reports.report_rows import make_record
from tests.reports.test_report_pages import address, queries, signed_in
from tests.reports.test_schedules import set_up, turn_on

pytestmark = pytest.mark.django_db
SHELF = "/summaries/made/"


@pytest.fixture(autouse=True)
def _good_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    use_writer(monkeypatch, good)


def told_apart(page: str) -> str:
    return page.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("asked_for", "malay", "english"),
    [
        (("pdf", "lines", "ms"), "PDF, satu baris bagi setiap perkara, setakat 31 Ogos 2023, dalam bahasa Melayu", "PDF, one line per item, as at 31 August 2023, in Malay"),
        (("docx", "glance", "both"), "Dokumen Word, satu halaman, setakat 31 Ogos 2023, dwibahasa", "Word document, one page, as at 31 August 2023, bilingual"),
        (("council", "full", "en"), "Kertas MAPO, setakat 31 Ogos 2023, dalam bahasa Inggeris", "Council paper, as at 31 August 2023, in English"),
    ],
)  # fmt: skip
def test_name_says_kind_depth_day_and_language(
    asked_for: tuple[str, str, str], malay: str, english: str
) -> None:
    export_format, depth, language = asked_for
    for reader, name in (("ms", malay), ("en", english)):
        with translation.override(reader):
            found = summary_name(export_format, depth=depth, day=date(2023, 8, 31), language=language)
            assert told_apart(found) == name


def test_shelf_page_and_notice_call_a_summary_the_same(told: Told) -> None:
    report = asked(told, export_format=ExportFormat.PDF)
    with translation.override("en"):
        name = fresh(report).name
    assert told_apart(name) == "PDF, full, as at 31 August 2023, in Malay"
    client = signed_in(told)
    assert f'<a href="{address("report", report)}">{name}</a>' in client.get(SHELF).text
    page = client.get(address("report", report)).text
    assert f"<title>{name} · Jejak</title>" in page and f"<h1>{name}</h1>" in page
    make(report.pk, now=told.now)
    assert not Notice.objects.exists(), "who waits for it needs none"


def test_notice_names_a_summary_as_the_shelf_does(told: Told, clock: Clock) -> None:
    set_up(told, "officer", name="Bulanan JIM", depth="lines")
    (report,) = turn_on(told, clock, "2023-10-01 09:00")
    make(report.pk, now=told.now)
    notice = Notice.objects.get()
    with translation.override("en"):
        said = told_apart(kind_of(notice.what).text(notice.about))
        assert said == f"A monthly summary is ready: Bulanan JIM, {told_apart(report.name)} (2023 cycle)"


def test_events_name_a_summary_by_its_file_from_the_first_on(told: Told) -> None:
    report = ready(told)
    labels = set(Event.objects.about("reports.Report", report.pk).values_list("label", flat=True))
    assert labels == {report.file_name}


@pytest.fixture
def monthly(told: Told, clock: Clock) -> dict[str, Report]:
    """Of one schedule and two months, by reader: those of the newer month."""
    set_up(told, "reviewer", "administrator", "officer")
    made = []
    for day in ("2023-10-01 09:00", "2023-11-01 09:00"):
        made = turn_on(told, clock, day)
        for each in made:
            make(each.pk, now=told.now)
    by_person = {person.pk: by for by, person in told.people.items()}
    return {by_person[each.asked_by_id]: fresh(each) for each in made}


def rows(page: str) -> list[str]:
    return re.findall(r"<tr>\s*<td.*?</tr>", page, re.DOTALL)


def test_monthly_summary_stands_once_on_the_shelf_of_mapo_in_the_same_queries(
    told: Told, monthly: dict[str, Report], clock: Clock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for by in ("reviewer", "administrator"):
        shown = rows(signed_in(told, by).get(SHELF).text)
        assert len(shown) == 2, "one for each month"
        first = re.search(r'href="([^"]+)"', shown[0])
        assert first and first[1] == address("report", monthly[by]), "the row opens the one's own"
        for other in set(monthly) - {by}:
            is_seen = other != "officer" or by == "administrator"
            assert (address("report", monthly[other]) in shown[0]) == is_seen, other
            assert (monthly[other].fingerprint[:8] in shown[0]) or not is_seen
    page = signed_in(told, "administrator").get(f"{SHELF}?agency=PDRM").text
    assert [address("report", monthly["officer"]) in row for row in rows(page)] == [True, False]
    assert "Also made for" not in page, "the filter holds for what stands beneath, too"
    page = signed_in(told, "officer").get(SHELF).text
    assert address("report", monthly["officer"]) in page
    assert address("report", monthly["reviewer"]) not in page and "Also made for" not in page
    client = signed_in(told)
    few = queries(client, SHELF)
    for each in turn_on(told, clock, "2023-12-01 09:00"):
        make(each.pk, now=told.now)
    make_record(told)
    with django_assert_num_queries(few):
        client.get(SHELF)
