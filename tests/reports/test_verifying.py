"""Verifying: whether Jejak made certain bytes, and why today's answer may be another one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from django.db import InternalError, transaction
from django.utils import translation

from accounts.clearance import Clearance
from accounts.models import User
from audit.models import Event
from evidence import services as evidence
from recommendations import services
from reports.models import Report
from reports.queries.verified import tell
from reports.services.differences import Why
from reports.services.verifying import Finding, Uncompared, verify
from reports.states import FORM, DownloadOutcome, ExportFormat
from tests.conftest import Clock
from tests.factories.recommendations import make_accepted
from tests.reports.conftest import Told, kuala_lumpur
from tests.reports.records import make_record, make_taking

pytestmark = pytest.mark.django_db
LATER = "2023-09-20 10:00"


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def later(told: Told, clock: Clock) -> dict[str, object]:
    """Who acts on a later day, and when."""
    told.now = clock.move_to(kuala_lumpur(LATER))
    return {"actor": told.people["administrator"], "now": told.now}


def test_verify_tells_what_the_cover_says(told: Told) -> None:
    report = make_record(told)
    verdict = verify(hash_of(b"bytes").upper(), now=told.now)
    assert (verdict.finding, verdict.report, verdict.taking) == (Finding.SAME, report, None)
    assert verdict.statement is not None
    assert verdict.statement.fingerprint == report.fingerprint
    assert verdict.statement.rows_count == report.rows_count
    assert verdict.statement.selection == told.select()
    assert verdict.statement.maker == told.maker()


def test_verify_keeps_the_name_under_which_it_was_asked_for(told: Told) -> None:
    make_record(told)
    User.objects.filter(pk=told.people["reviewer"].pk).update(name="Nama baharu")
    verdict = verify(hash_of(b"bytes"), now=told.now)
    assert verdict.statement is not None
    assert verdict.statement.maker.name == told.people["reviewer"].name != "Nama baharu"


def test_verify_of_other_bytes_is_unknown(told: Told) -> None:
    make_record(told)
    verdict = verify(hash_of(b"bytes, saved again"), now=told.now)
    assert (verdict.finding, verdict.report, verdict.statement) == (Finding.UNKNOWN, None, None)


def test_verify_refuses_what_is_no_hash(told: Told) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        verify("abc", now=told.now)


@pytest.mark.parametrize(
    ("outcome", "finding"),
    [
        (DownloadOutcome.WHOLE, Finding.SAME),
        (DownloadOutcome.BROKEN, Finding.UNKNOWN),
        (DownloadOutcome.CUT, Finding.UNKNOWN),
    ],
)
def test_verify_knows_a_stream_only_where_it_left_whole(
    told: Told, outcome: DownloadOutcome, finding: Finding
) -> None:
    report = make_record(told, paper=ExportFormat.PACK)
    taking = make_taking(report, outcome=outcome, content=b"a stream")
    verdict = verify(hash_of(b"a stream"), now=told.now)
    assert verdict.finding == finding
    assert verdict.taking == (taking if finding == Finding.SAME else None)


def test_verify_of_the_same_bytes_made_twice_tells_the_first(told: Told) -> None:
    first, second = make_record(told), make_record(told)
    assert first.pk != second.pk
    assert verify(hash_of(b"bytes"), now=told.now).report == first


@pytest.mark.parametrize("is_known", [True, False])
def test_verify_is_on_record(told: Told, is_known: bool) -> None:
    report = make_record(told)
    content = b"bytes" if is_known else b"others"
    verify(hash_of(content), actor=told.people["observer"], has_bytes=True, now=told.now)
    event = Event.objects.filter(action="report.verified").latest("id")
    assert event.actor_id == told.people["observer"].pk
    assert event.after == {"sha256": hash_of(content), "result": "same" if is_known else "unknown"}
    assert event.object_id == (str(report.pk) if is_known else "")


def _day_goes_on(told: Told, **acting: object) -> None:
    make_accepted(
        told.assignments["jim"], actor=told.people["jim"], reviewer=told.people["reviewer"], now=told.now
    )


def _seal(told: Told, **acting: object) -> None:
    evidence.seal_document(told.documents["pdrm0"], reason="Nama mangsa", **acting)


def _classify(told: Told, **acting: object) -> None:
    document = told.documents["jim0"]
    evidence.describe_document(
        document,
        classification=Clearance.CONFIDENTIAL,
        evidence_from=document.evidence_from,
        evidence_to=document.evidence_to,
        **acting,
    )


def _end(told: Told, **acting: object) -> None:
    services.end_assignment(told.assignments["jim"], reason="Tamat", **acting)


@pytest.mark.parametrize(
    ("by", "asked", "happens", "why"),
    [
        ("reviewer", {}, _seal, (Why.SEALED,)),
        ("officer", {}, _seal, (Why.SEALED,)),
        ("reviewer", {"ceiling": "1"}, _classify, (Why.CLASSIFIED,)),
        ("jim", {}, _end, (Why.RIGHTS,)),
    ],
)
def test_verify_says_why_a_day_that_is_over_has_another_answer(
    told: Told,
    clock: Clock,
    by: str,
    asked: dict[str, str],
    happens: Callable[..., None],
    why: tuple[Why, ...],
) -> None:
    make_record(told, by, **asked)
    happens(told, **later(told, clock))
    verdict = verify(hash_of(b"bytes"), now=told.now)
    assert (verdict.finding, verdict.why) == (Finding.DIFFERS, why)


@pytest.mark.parametrize(
    ("by", "asked", "happens"),
    [
        ("reviewer", {}, _classify),
        ("reviewer", {"depth": "lines"}, _seal),
        ("jim", {}, _seal),
        ("reviewer", {}, _end),
        ("reviewer", {}, _day_goes_on),
        ("observer", {}, _seal),
    ],
)
def test_verify_finds_the_same_where_nothing_of_the_readers_was_touched(
    told: Told, clock: Clock, by: str, asked: dict[str, str], happens: Callable[..., None]
) -> None:
    make_record(told, by, **asked)
    happens(told, **later(told, clock))
    assert verify(hash_of(b"bytes"), now=told.now).finding == Finding.SAME


def test_verify_of_a_day_that_was_not_over_says_so(told: Told) -> None:
    make_record(told, day="2023-09-14")
    _day_goes_on(told)
    verdict = verify(hash_of(b"bytes"), now=told.now)
    assert verdict.why == (Why.OPEN_DAY,)


def test_verify_says_when_nothing_explains_it(told: Told) -> None:
    """Rows that are others without any act: the last thing that may be hidden."""
    make_record(told, fingerprint="0" * 64)
    verdict = verify(hash_of(b"bytes"), now=told.now)
    assert (verdict.finding, verdict.why) == (Finding.DIFFERS, (Why.UNEXPLAINED,))


def test_verify_reads_with_the_rights_that_were_held(told: Told, clock: Clock) -> None:
    """Whoever asked has become an observer, or left: what was made for a reviewer is compared with a reviewer's rows."""
    make_record(told)
    User.objects.filter(pk=told.people["reviewer"].pk).update(role="observer", clearance=0)
    later(told, clock)
    assert verify(hash_of(b"bytes"), now=told.now).finding == Finding.SAME


def test_verify_compares_no_fingerprints_of_different_forms(told: Told) -> None:
    """The rows are written otherwise by now: that is said, and not that nothing explains it."""
    make_record(told, fingerprint="0" * 64, form=FORM + 1)
    verdict = verify(hash_of(b"bytes"), now=told.now)
    assert (verdict.finding, verdict.uncompared, verdict.why) == (Finding.MADE, Uncompared.FORM, ())
    with translation.override("en"):
        said = tell(verdict)
    assert "another form" in " ".join(said.sentences) and not said.is_same and said.is_known


def test_form_of_a_summary_is_kept(told: Told) -> None:
    report = make_record(told)
    assert report.form == FORM
    with pytest.raises(InternalError, match="report_kept"), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(form=FORM + 1)
