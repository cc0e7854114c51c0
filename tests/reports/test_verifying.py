"""Verifying: whether Jejak made certain bytes, and why today's answer may be another one."""

from __future__ import annotations

import hashlib

import pytest
from django.db import InternalError, transaction
from django.utils import translation

from accounts.models import User
from audit.models import Event
from reports.models import Report
from reports.queries.verification_page import describe
from reports.services.changes import ChangeReason
from reports.services.verification import verify_file
from reports.states import FORM, DownloadOutcome, ExportFormat, NotCompared, VerificationOutcome
from tests.conftest import Clock
from tests.factories.recommendations import make_accepted
from tests.reports.conftest import Told, kuala_lumpur
from tests.reports.report_rows import make_download, make_record

pytestmark = pytest.mark.django_db


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_verify_tells_what_the_cover_says(told: Told) -> None:
    report = make_record(told)
    result = verify_file(hash_of(b"bytes").upper(), now=told.now)
    assert (result.outcome, result.report, result.download) == (VerificationOutcome.SAME, report, None)
    assert result.statement is not None
    assert result.statement.fingerprint == report.fingerprint
    assert result.statement.rows_count == report.rows_count
    assert result.statement.selection == told.select()
    assert result.statement.maker == told.maker()


def test_verify_keeps_the_name_and_tells_the_first_of_the_same_bytes(told: Told) -> None:
    first, _second = make_record(told), make_record(told)
    User.objects.filter(pk=told.people["reviewer"].pk).update(name="Nama baharu")
    result = verify_file(hash_of(b"bytes"), now=told.now)
    assert result.report == first and result.statement is not None
    assert result.statement.maker.name == told.people["reviewer"].name != "Nama baharu"


def test_verify_of_other_bytes_is_unknown_and_of_no_hash_refused(told: Told) -> None:
    make_record(told)
    result = verify_file(hash_of(b"bytes, saved again"), now=told.now)
    assert (result.outcome, result.report, result.statement) == (VerificationOutcome.UNKNOWN, None, None)
    with pytest.raises(ValueError, match="SHA-256"):
        verify_file("abc", now=told.now)


@pytest.mark.parametrize(
    ("outcome", "finding"),
    [
        (DownloadOutcome.WHOLE, VerificationOutcome.SAME),
        (DownloadOutcome.BROKEN, VerificationOutcome.UNKNOWN),
        (DownloadOutcome.CUT, VerificationOutcome.UNKNOWN),
    ],
)
def test_verify_knows_a_stream_only_where_it_left_whole(
    told: Told, outcome: DownloadOutcome, finding: VerificationOutcome
) -> None:
    report = make_record(told, export_format=ExportFormat.PACK)
    download = make_download(report, outcome=outcome, content=b"a stream")
    result = verify_file(hash_of(b"a stream"), now=told.now)
    assert result.outcome == finding
    assert result.download == (download if finding == VerificationOutcome.SAME else None)


@pytest.mark.parametrize("is_known", [True, False])
def test_verify_is_on_record(told: Told, is_known: bool) -> None:
    report = make_record(told)
    content = b"bytes" if is_known else b"others"
    verify_file(hash_of(content), actor=told.people["observer"], has_bytes=True, now=told.now)
    event = Event.objects.filter(action="report.verified").latest("id")
    assert event.actor_id == told.people["observer"].pk
    assert event.after == {"sha256": hash_of(content), "result": "same" if is_known else "unknown"}
    assert event.object_id == (str(report.pk) if is_known else "")


def test_verify_of_a_day_that_was_not_over_says_so(told: Told) -> None:
    make_record(told, day="2023-09-14")
    make_accepted(
        told.assignments["jim"], actor=told.people["jim"], reviewer=told.people["reviewer"], now=told.now
    )
    result = verify_file(hash_of(b"bytes"), now=told.now)
    assert result.reasons == (ChangeReason.OPEN_DAY,)


def test_verify_says_when_nothing_explains_it(told: Told) -> None:
    """Rows that are others without any act: the last thing that may be hidden."""
    make_record(told, fingerprint="0" * 64)
    result = verify_file(hash_of(b"bytes"), now=told.now)
    assert (result.outcome, result.reasons) == (VerificationOutcome.DIFFERS, (ChangeReason.UNEXPLAINED,))


def test_verify_reads_with_the_rights_that_were_held(told: Told, clock: Clock) -> None:
    """Whoever asked has become an observer, or left: what was made for a reviewer is compared with a reviewer's rows."""
    make_record(told)
    User.objects.filter(pk=told.people["reviewer"].pk).update(role="observer", clearance=0)
    told.now = clock.move_to(kuala_lumpur("2023-09-20 10:00"))
    assert verify_file(hash_of(b"bytes"), now=told.now).outcome == VerificationOutcome.SAME


def test_verify_compares_no_fingerprints_of_different_forms(told: Told) -> None:
    """The rows are written otherwise by now: that is said, and not that nothing explains it."""
    make_record(told, fingerprint="0" * 64, form=FORM + 1)
    result = verify_file(hash_of(b"bytes"), now=told.now)
    assert (result.outcome, result.not_compared, result.reasons) == (
        VerificationOutcome.MADE,
        NotCompared.FORM,
        (),
    )
    with translation.override("en"):
        said = describe(result)
    assert "changed the form of its rows" in " ".join(said.sentences) and not said.is_same and said.is_known


def test_form_of_a_summary_is_kept(told: Told) -> None:
    report = make_record(told)
    assert report.form == FORM
    with pytest.raises(InternalError, match="report_kept"), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(form=FORM + 1)
