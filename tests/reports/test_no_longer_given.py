"""What was made and is no longer to be told: it is not given out, and a pack that flows ends there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from accounts.clearance import Clearance
from accounts.roles import Role
from audit.errors import NotNow
from audit.models import Event
from evidence.models import DocumentVersion
from evidence.services.lifecycle import describe_document, seal_document
from recommendations import services
from reminders.models import Notice
from reports.models import Download, Report
from reports.pack.stream import StreamStopped
from reports.services.changes import ChangeReason
from reports.services.downloads import begin_download, end_download
from reports.services.notices import BROKEN_OFF
from reports.services.verification import verify_file
from reports.states import DownloadOutcome, ExportFormat, VerificationOutcome
from reports.views import streaming
from tests.conftest import Clock
from tests.evidence.pages import signed_in
from tests.factories.recommendations import make_accepted
from tests.reports.conftest import Told, kuala_lumpur
from tests.reports.makers import demote, ready
from tests.reports.packs import TODAY, asked, cite, fetch, leave_summaries_unprinted, make_row
from tests.reports.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _unprinted(monkeypatch: pytest.MonkeyPatch) -> None:
    leave_summaries_unprinted(monkeypatch)


def later(told: Told, clock: Clock) -> dict[str, Any]:
    """Who acts on a later day, and when."""
    told.now = clock.move_to(kuala_lumpur("2023-09-20 10:00"))
    return {"actor": told.people["administrator"], "now": told.now}


def _seal(told: Told, document: str = "pdrm0", **acting: Any) -> None:
    seal_document(told.documents[document], reason="Nama mangsa", **acting)


def _raise(told: Told, document: str = "pdrm0", **acting: Any) -> None:
    row = told.documents[document]
    describe_document(
        row,
        classification=Clearance.CONFIDENTIAL,
        evidence_from=row.evidence_from,
        evidence_to=row.evidence_to,
        **acting,
    )


def _end(told: Told, **acting: Any) -> None:
    services.end_assignment(told.assignments["jim"], reason="Tamat", **acting)


def _seal_elsewhere(told: Told, **acting: Any) -> None:
    _seal(told, "jim20", **acting)


def _day_goes_on(told: Told, **acting: Any) -> None:
    make_accepted(
        told.assignments["jim"], actor=told.people["jim"], reviewer=told.people["reviewer"], now=told.now
    )


@pytest.mark.parametrize(
    ("by", "selection", "happens", "why"),
    [
        ("officer", {}, _seal, ChangeReason.SEALED),
        ("reviewer", {}, _seal, ChangeReason.SEALED),
        ("officer", {"depth": "evidence"}, _seal, ChangeReason.SEALED),
        ("officer", {"ceiling": "1"}, _raise, ChangeReason.CLASSIFIED),
        ("observer", {"ceiling": "1"}, _raise, ChangeReason.CLASSIFIED),
        ("reviewer", {"ceiling": "1"}, _raise, ChangeReason.CLASSIFIED),
        ("jim", {}, _end, ChangeReason.RIGHTS),
    ],
)
def test_file_that_tells_what_may_not_be_told_is_not_given_out_and_verifying_says_why(
    told: Told,
    clock: Clock,
    by: str,
    selection: dict[str, str],
    happens: Callable[..., None],
    why: ChangeReason,
) -> None:
    report = ready(told, by, export_format=ExportFormat.JSON, **selection)
    happens(told, **later(told, clock))
    result = verify_file(report.sha256, now=told.now)
    assert (result.outcome, result.reasons) == (VerificationOutcome.DIFFERS, (why,))
    client: Any = signed_in(told.people[by])
    answer = client.get(reverse("reports:file", args=[report.pk]))
    assert answer.status_code == 409 and not answer.streaming
    page = Page(client.get(reverse("reports:report", args=[report.pk])))
    assert "telah berubah" in page.words("main")
    assert reverse("reports:again", args=[report.pk]) in {form.get("action") for form in page.root.forms}
    assert reverse("reports:file", args=[report.pk]) not in page.links("main")
    client.post(reverse("reports:again", args=[report.pk]))
    again = Report.objects.of(told.people[by]).first()
    assert again is not None and again.pk != report.pk
    assert b"".join(client.get(reverse("reports:file", args=[again.pk])).streaming_content)


@pytest.mark.parametrize(
    ("by", "selection", "happens"),
    [
        ("officer", {"depth": "lines"}, _seal),
        ("officer", {}, _seal_elsewhere),
        ("reviewer", {"item": "recommendation-1"}, _seal_elsewhere),
        ("reviewer", {"agency": "PDRM"}, _seal_elsewhere),
        ("reviewer", {"pillar": "prevention"}, _seal),
        ("reviewer", {"day": "2023-07-31"}, _seal),
        ("jim", {}, _seal),
        ("observer", {}, _seal),
        ("reviewer", {}, _raise),
        ("officer", {}, _end),
        ("reviewer", {}, _end),
        ("reviewer", {}, _day_goes_on),
    ],
)
def test_file_is_given_out_and_verifies_where_nothing_in_its_reach_was_touched(
    told: Told, clock: Clock, by: str, selection: dict[str, str], happens: Callable[..., None]
) -> None:
    report = ready(told, by, export_format=ExportFormat.JSON, **selection)
    happens(told, **later(told, clock))
    assert verify_file(report.sha256, now=told.now).outcome == VerificationOutcome.SAME
    assert b"".join(fetch(told, report, by).streaming_content)


def test_class_that_a_document_had_at_the_instant_of_the_request_may_not_rise(
    told: Told, clock: Clock
) -> None:
    told.documents["new"] = make_row(told, name="Baharu.pdf")
    cite(told, [told.documents["new"]])
    told.now = DocumentVersion.objects.get(document=told.documents["new"]).began_at
    report = ready(told, "jim", export_format=ExportFormat.JSON, ceiling="1", day=TODAY)
    _raise(told, "new", **later(told, clock))
    assert fetch(told, report, "jim").status_code == 409


@pytest.fixture
def flowing(told: Told) -> tuple[Report, Any, list[bytes]]:
    """A pack of the officer of JIM of which the first document has begun to leave."""
    rows = [make_row(told, name=f"Besar {number}.pdf", content=b"bukti" * 400_000) for number in range(3)]
    cite(told, rows)
    told.documents["last"] = rows[-1]
    report = asked(told, "jim", day=TODAY, ceiling="1")
    left: list[bytes] = []
    pieces = iter(fetch(told, report, "jim").streaming_content)
    while b"bukti" * 1_000 not in b"".join(left):
        left.append(next(pieces))
    return report, pieces, left


@pytest.mark.parametrize("happens", [{"is_active": False}, {"role": Role.OBSERVER}, _seal, _raise])
def test_pack_ends_where_it_may_not_go_on(
    told: Told, flowing: tuple[Report, Any, list[bytes]], happens: dict[str, object] | Callable[..., None]
) -> None:
    _report, pieces, left = flowing
    if isinstance(happens, dict):
        demote(told.people["jim"], **happens)
    else:
        happens(told, "last", actor=told.people["administrator"], now=told.now)
    with pytest.raises(StreamStopped):
        left.extend(pieces)
    content = b"".join(left)
    assert b"PK\x01\x02" not in content and b"PK\x05\x06" not in content
    assert content.count(b"bukti" * 400_000) < 3
    download = Download.objects.get()
    assert (download.outcome, download.document) == (DownloadOutcome.CUT, None)
    assert not Notice.objects.filter(what=BROKEN_OFF).exists()
    assert not Event.objects.filter(action="report.broken_off").exists()


@pytest.mark.parametrize("waits", ["for long", "for its document"])
def test_pack_flows_no_longer_than_it_may_and_asks_again_on_its_way(
    told: Told, flowing: tuple[Report, Any, list[bytes]], monkeypatch: pytest.MonkeyPatch, waits: str
) -> None:
    _report, pieces, _left = flowing
    if waits == "for long":
        monkeypatch.setattr(streaming, "monotonic", lambda: 1e12)
    else:
        monkeypatch.setattr(streaming, "RECHECK_SECONDS", 0)
        demote(told.people["jim"], is_active=False)
    with pytest.raises(StreamStopped):
        list(pieces)
    assert Download.objects.get().outcome == DownloadOutcome.CUT


def test_third_pack_waits_until_one_has_ended_or_an_hour_is_over(told: Told, clock: Clock) -> None:
    report = asked(told)
    acting: dict[str, Any] = {"actor": told.people["reviewer"], "now": told.now}
    first = begin_download(report, **acting)
    begin_download(report, **acting)
    with pytest.raises(NotNow):
        begin_download(report, **acting)
    response = fetch(told, report)
    assert response.status_code == 409
    assert "Dua pek bukti" in response.content.decode()
    begin_download(asked(told, "jim"), actor=told.people["jim"], now=told.now)
    end_download(first, sha256="a" * 64, size=1, now=told.now)
    assert begin_download(report, **acting).pk
    with pytest.raises(NotNow):
        begin_download(report, **acting)
    # Its process may have fallen.
    acting["now"] = told.now = clock.move_to(kuala_lumpur("2023-09-14 11:00"))
    assert begin_download(report, **acting).pk


def test_pack_tells_nothing_of_today_to_dead_rights(told: Told) -> None:
    report = asked(told, day=TODAY)
    demote(told.people["reviewer"], role=Role.OFFICER)
    told.people["reviewer"].refresh_from_db()
    before = Page(fetch(told, report)).words("main")
    _seal(told, actor=told.people["administrator"], now=told.now)
    after = Page(fetch(told, report)).words("main")
    assert before == after and "Hak akses anda telah berubah" in after


def test_twenty_first_summary_within_a_minute_is_refused(told: Told) -> None:
    client = signed_in(told.people["observer"])
    nothing = {"cycle": "2023", "paper": "none"}
    assert {client.post(reverse("reports:make"), nothing).status_code for _each in range(20)} == {409}
    assert client.post(reverse("reports:make"), nothing).status_code == 429
    assert signed_in(told.people["officer"]).post(reverse("reports:make"), nothing).status_code == 409


@pytest.mark.long
def test_sixty_first_file_within_a_minute_is_refused(told: Told) -> None:
    report = asked(told)
    demote(told.people["reviewer"], role=Role.OBSERVER)
    client = signed_in(told.people["reviewer"])
    address = reverse("reports:file", args=[report.pk])
    assert {client.get(address).status_code for _each in range(60)} == {409}
    assert client.get(address).status_code == 429
