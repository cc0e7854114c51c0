"""What verifying tells, and to whom: what happened since is no longer everybody's to know."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.utils import translation

from accounts.clearance import Clearance
from accounts.models import User
from accounts.roles import Role
from evidence.services.lifecycle import seal_document
from reports.queries.verification_page import describe
from reports.services.changes import ChangeReason
from reports.services.verification import VerificationResult, look_up
from reports.states import NotCompared, VerificationOutcome
from tests.conftest import Clock
from tests.reports.conftest import Told, kuala_lumpur
from tests.reports.packs import TODAY, cite, make_row
from tests.reports.report_rows import make_record

pytestmark = pytest.mark.django_db
SHA256 = hashlib.sha256(b"bytes").hexdigest()


def asks(told: Told, by: str, *, has_bytes: bool = True, **changed: Any) -> VerificationResult:
    """What a person is told, with these rights."""
    if changed:
        User.objects.filter(pk=told.people[by].pk).update(**changed)
    return look_up(SHA256, actor=User.objects.get(pk=told.people[by].pk), has_bytes=has_bytes)


def seal_later(told: Told, clock: Clock) -> None:
    told.now = clock.move_to(kuala_lumpur("2023-09-20 10:00"))
    acting: dict[str, Any] = {"actor": told.people["administrator"], "now": told.now}
    seal_document(told.documents["pdrm0"], reason="Nama mangsa", **acting)


def test_closed_day_is_compared_for_everybody_who_shows_the_bytes(told: Told, clock: Clock) -> None:
    make_record(told)
    assert asks(told, "observer").outcome == VerificationOutcome.SAME
    seal_later(told, clock)
    for by in ("observer", "officer"):
        result = asks(told, by)
        assert (result.outcome, result.reasons) == (VerificationOutcome.DIFFERS, ())
    for by in ("reviewer", "administrator"):
        assert asks(told, by).reasons == (ChangeReason.SEALED,)
    with translation.override("en"):
        said = describe(asks(told, "observer"))
    assert not said.reasons and "Only the person it was made for and MAPO can see why" in said.sentences[0]


def test_open_day_is_compared_for_nobody_else(told: Told) -> None:
    report = make_record(told, day=TODAY)
    cite(told, [make_row(told, name="Baharu.pdf")])
    for by, changed, finding in (
        ("reviewer", {}, VerificationOutcome.DIFFERS),
        ("administrator", {}, VerificationOutcome.DIFFERS),
        ("administrator", {"clearance": Clearance.OPEN}, VerificationOutcome.MADE),
        ("reviewer", {"role": Role.OFFICER}, VerificationOutcome.MADE),
        ("reviewer", {"role": Role.REVIEWER, "clearance": Clearance.OPEN}, VerificationOutcome.MADE),
        ("observer", {}, VerificationOutcome.MADE),
        ("officer", {}, VerificationOutcome.MADE),
    ):
        result = asks(told, by, **changed)
        assert (result.outcome, result.report) == (finding, report), (by, changed)
        assert result.not_compared == (NotCompared.RIGHTS if finding == VerificationOutcome.MADE else None)
        assert result.statement is not None, "the bytes say it themselves"
    assert look_up(SHA256).reasons == (ChangeReason.OPEN_DAY,), "the command is told everything"


def test_open_day_answers_the_same_before_and_after_for_dead_rights(told: Told) -> None:
    """What MAPO does in secret cannot be read from whether yesterday's reviewer's file is still the same."""
    make_record(told, day=TODAY)
    before = describe(asks(told, "reviewer", role=Role.OFFICER))
    cite(told, [make_row(told, name="Baharu.pdf")])
    assert describe(asks(told, "reviewer")) == before


def test_hash_alone_tells_others_neither_who_nor_what_was_selected(told: Told) -> None:
    report = make_record(told, agency="PDRM")
    for by in ("reviewer", "administrator"):
        result = asks(told, by, has_bytes=False)
        assert result.outcome == VerificationOutcome.SAME and result.statement is not None, (
            "its maker, and MAPO"
        )
    for by in ("observer", "officer"):
        result = asks(told, by, has_bytes=False)
        found = (result.outcome, result.report, result.statement)
        assert found == (VerificationOutcome.MADE, report, None)
        with translation.override("en"):
            said = describe(result)
        assert [fact.label for fact in said.facts] == ["Made as", "Cycle", "As at", "Language"]
        text = " ".join([*said.sentences, *(fact.text for fact in said.facts)])
        assert told.people["reviewer"].name not in text and "PDRM" not in text
        assert report.fingerprint not in text and "Choose the file itself" in text
