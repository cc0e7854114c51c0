"""Verifying a report with many rows: a worker reads it again, the page follows, nothing is begun or lost twice."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models.functions import Now
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from audit.models import Event
from evidence.services.lifecycle import seal_document
from reports.models import Comparison, Report
from reports.services import verification
from reports.services.leases import MOST_ATTEMPTS, Lease, take_lease
from reports.services.making import make_next
from reports.services.verification import compare_next, result_of
from reports.states import ReportState, VerificationOutcome
from reports.summary.content import SummaryContent
from tests.conftest import Clock
from tests.reports.conftest import Told, kuala_lumpur
from tests.reports.makers import asked, demote, good, use_writer
from tests.reports.report_rows import make_record
from tests.reports.test_report_pages import signed_in

pytestmark = pytest.mark.django_db
SHA256 = hashlib.sha256(b"bytes").hexdigest()
VERIFY = "/summaries/verify/"


@pytest.fixture(autouse=True)
def _few_rows_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "AT_ONCE_ROWS", 1)


@pytest.fixture
def report(told: Told) -> Report:
    return make_record(told)


def send(client: Client, **data: Any) -> HttpResponse:
    return client.post(VERIFY, data or {"file": SimpleUploadedFile("jejak.csv", b"bytes")})


def page_of(comparison: Comparison, name: str = "comparison") -> str:
    return reverse(f"reports:{name}", args=[comparison.pk])


def compare(told: Told) -> int | None:
    return compare_next(most_leases=1, now=told.now)


@pytest.mark.parametrize("by", ["reviewer", "observer"])
def test_report_with_many_rows_is_verified_on_the_page(
    told: Told, report: Report, by: str, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client = signed_in(told, by)
    with django_capture_on_commit_callbacks() as callbacks:
        answer = send(client)
    assert len(callbacks) == 1, "a worker is asked at once"
    comparison = Comparison.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page_of(comparison))
    page = client.get(page_of(comparison)).text
    assert "The file is in the queue" in page and "manage.py" not in page
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert compare(told) == comparison.pk
    page = client.get(page_of(comparison)).text
    assert "and today&#x27;s answer is still the same." in page and "noscript><meta" not in page
    assert report.file_name in client.get(VERIFY).text, "the page of verifying lists it"
    events = Event.objects.filter(action="report.verified").order_by("id")
    results = [{"sha256": SHA256, "result": result} for result in ("made", "same")]
    assert [event.after for event in events] == results
    assert {event.actor_id for event in events} == {told.people[by].pk}
    assert compare(told) is None


def test_worker_finds_what_differs_and_says_why_to_who_may_know(
    told: Told, clock: Clock, report: Report
) -> None:
    told.now = clock.move_to(kuala_lumpur("2023-09-20 10:00"))
    acting = {"actor": told.people["administrator"], "now": told.now}
    seal_document(told.documents["pdrm1"], reason="Nama mangsa.", **acting)
    for by in ("reviewer", "observer"):
        client = signed_in(told, by)
        send(client)
        comparison = Comparison.objects.get(asked_by=told.people[by])
        assert compare(told) == comparison.pk
        page = client.get(page_of(comparison)).text
        assert "but today&#x27;s answer is another one." in page
        assert ("A document that it lists has been sealed" in page) == (by == "reviewer")


def test_two_clicks_begin_one_and_a_second_file_of_a_person_waits(told: Told, report: Report) -> None:
    other = make_record(told, content=b"other")
    client = signed_in(told)
    assert send(client)["Location"] == send(client)["Location"]
    assert Comparison.objects.count() == 1
    answer = send(client, sha256=other.sha256)
    assert answer.status_code == 409 and "Another of your files is being verified." in answer.text
    fields = {"report": other, "sha256": other.sha256, "has_bytes": True, "asked_at": told.now}
    with pytest.raises(IntegrityError, match="comparison_one_at_a_time"), transaction.atomic():
        Comparison.objects.create(asked_by=told.people["reviewer"], **fields)
    assert send(signed_in(told, "administrator"), sha256=other.sha256).status_code == 302
    compare(told)
    send(client)
    mine = Comparison.objects.filter(asked_by=told.people["reviewer"])
    assert mine.count() == 2, "the answer of another day is another"


def test_comparison_of_somebody_else_is_not_there(told: Told, report: Report) -> None:
    send(signed_in(told))
    comparison = Comparison.objects.get()
    for by in ("administrator", "officer", "observer"):
        client = signed_in(told, by)
        assert client.get(page_of(comparison)).status_code == 404
        assert client.post(page_of(comparison, "comparison_looking")).status_code == 404
        assert report.file_name not in client.get(VERIFY).text
    # A hash alone begins nothing for who may not know.
    answer = send(client, sha256=SHA256)
    assert answer.status_code == 200 and Comparison.objects.get() == comparison


def test_result_is_told_with_the_rights_of_now(told: Told, report: Report) -> None:
    make_record(told, by="reviewer", content=b"open", day=told.today.isoformat())
    reviewer = told.people["reviewer"]
    send(signed_in(told), sha256=hashlib.sha256(b"open").hexdigest())
    compare(told)
    comparison = Comparison.objects.get()
    assert result_of(comparison, actor=reviewer).outcome == VerificationOutcome.SAME
    demote(reviewer, clearance=0)
    reviewer.refresh_from_db()
    assert result_of(comparison, actor=reviewer).outcome == VerificationOutcome.MADE


def test_comparison_whose_worker_was_killed_is_made_by_the_next(told: Told, report: Report) -> None:
    send(signed_in(told))
    comparison = Comparison.objects.get()
    assert take_lease(model=Comparison, most_leases=1) == Lease(comparison.pk, 1, Comparison)
    Comparison.objects.update(done_count=1, total_count=4)
    looking = signed_in(told).post(page_of(comparison, "comparison_looking")).json()
    assert (looking["percent"], looking["is_settled"]) == (25, False)
    assert compare(told) is None, "the first still has its lease"
    Comparison.objects.update(leased_until=Now() - timedelta(seconds=1))
    assert compare(told) == comparison.pk
    comparison.refresh_from_db()
    assert (comparison.state, comparison.attempts_count) == (ReportState.READY, 2)


def test_what_is_begun_again_and_again_fails_honestly(told: Told, report: Report) -> None:
    client = signed_in(told)
    send(client)
    for _attempt in range(MOST_ATTEMPTS):
        take_lease(model=Comparison)
        Comparison.objects.update(leased_until=Now() - timedelta(seconds=1))
    assert compare(told) is not None
    page = client.get(page_of(Comparison.objects.get())).text
    assert "Today&#x27;s answer could not be compared, because of a fault in Jejak." in page


def test_fault_while_reading_is_told_and_can_be_repeated(
    told: Told, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(told)
    send(client)
    with monkeypatch.context() as broken:
        broken.setattr(SummaryContent, "finish", lambda _content: 1 / 0)
        compare(told)
    assert Comparison.objects.get().state == ReportState.FAILED
    send(client)
    compare(told)
    assert Comparison.objects.first().state == ReportState.READY


def test_reports_and_comparisons_share_the_workers(
    told: Told, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_writer(monkeypatch, good)
    send(signed_in(told))
    take_lease(model=Comparison)
    waiting = asked(told)
    assert make_next(most_leases=1, now=told.now) is None, "one child stays free for other tasks"
    Comparison.objects.update(leased_until=Now() - timedelta(seconds=1))
    assert make_next(most_leases=1, now=told.now) == waiting.pk


def test_finished_comparison_is_kept_as_it_is(told: Told, report: Report) -> None:
    send(signed_in(told))
    compare(told)
    for forged in ({"differs": True}, {"sha256": "c" * 64}, {"state": ReportState.WAITING}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Comparison.objects.update(**forged)
    with pytest.raises(DatabaseError), transaction.atomic():
        Comparison.objects.all().delete()
