"""The same selection as at the same closed day, made twice with other work in between: what stays, what honestly differs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

import pytest

from accounts.clearance import Clearance
from accounts.models import AgencyVersion
from accounts.services.agencies import change_agency
from cycles.services import CycleSettings, change_cycle
from evidence.services.lifecycle import describe_document, seal_document
from recommendations import services
from recommendations.models import Item, Submission
from recommendations.queries.state_sql import CycleDatesRow
from recommendations.states import AssignmentRole, Status
from reports import files
from reports.models import Report
from reports.services.changes import ChangeReason
from reports.services.verification import verify_file
from reports.states import VerificationOutcome
from reports.summary.content import SummaryContent
from reports.summary.rows import ReportedDocument, ReportedItem, ReportedUpdate
from tests.conftest import Clock
from tests.factories.recommendations import make_accepted, make_assignment
from tests.reports.conftest import Told, kuala_lumpur
from tests.reports.makers import ready

pytestmark = pytest.mark.django_db

READERS = ("reviewer", "administrator", "officer", "observer", "outsider")


class Taken(NamedTuple):
    """Everything that a writer is given."""

    items: tuple[ReportedItem, ...]
    updates: list[ReportedUpdate]
    documents: list[ReportedDocument]
    dates: CycleDatesRow
    names: dict[str, tuple[str, str]]
    fingerprint: str
    classification: int


def taken(content: SummaryContent) -> Taken:
    updates, documents, tally = list(content.updates()), list(content.documents()), content.finish()
    return Taken(
        content.items,
        updates,
        documents,
        content.dates,
        {code: _names(row) for code, row in content.names.items()},
        tally.fingerprint,
        tally.classification,
    )


def _names(row: AgencyVersion) -> tuple[str, str]:
    return row.name_ms, row.name_en


def read(told: Told, by: str, **asked: str) -> Taken:
    return taken(told.content(by, day="2023-08-31", depth="full", **asked))


def work(told: Told, clock: Clock) -> None:
    """Everything that is done with a cycle, on later days, without a seal and without touching a right of these readers."""
    told.now = clock.move_to(kuala_lumpur("2023-09-18 10:00"))
    Item.objects.filter(pk=told.items["first"].pk).update(divergence_ms="Lain.", divergence_en="Other.")
    mapo: dict[str, Any] = {"actor": told.people["administrator"], "now": told.now}
    reviewer: dict[str, Any] = {"actor": told.people["reviewer"], "now": told.now}
    services.supersede_verdict(
        told.reviews["pdrm"], status=Status.PROGRESS, percent=35, reason="Semak semula.", **reviewer
    )
    waiting = Submission.objects.get(update__state="submitted")
    services.accept_update(waiting, status=Status.PROGRESS, percent=70, reason="Lebih baik.", **reviewer)
    make_accepted(
        told.assignments["jim2"], actor=told.people["jim"], reviewer=told.people["reviewer"], now=told.now
    )
    services.change_assignment(
        told.assignments["pdrm"],
        role=AssignmentRole.LEAD,
        due_on=date(2023, 12, 31),
        cadence_days=7,
        next_due_on=date(2023, 9, 19),
        **mapo,
    )
    told.now = clock.move_to(kuala_lumpur("2023-09-20 10:00"))
    mapo["now"] = told.now
    services.end_assignment(told.assignments["jim"], reason="Tamat.", **mapo)
    services.confirm_suggestions([told.items["weakness"]], **mapo)
    services.override_item(
        told.items["second"], status=Status.DONE, percent=100, reason="Keputusan MAPO.", **mapo
    )
    make_assignment(told.items["second"], told.agencies["KDN"], role=AssignmentRole.SUPPORT, **mapo)
    change_agency(told.agencies["PDRM"], code="POLIS", name_ms="Polis", name_en="The police", **mapo)
    settings = CycleSettings.of(told.cycle)
    change_cycle(
        told.cycle,
        seen=settings.mark,
        wanted=replace(settings, submission_on=date(2024, 4, 20), stale_after_days=20),
        reason="Surat baharu.",
        **mapo,
    )


def classify(told: Told, key: str, classification: int) -> None:
    document = told.documents[key]
    describe_document(
        document,
        classification=classification,
        evidence_from=document.evidence_from,
        evidence_to=document.evidence_to,
        actor=told.people["administrator"],
        now=told.now,
    )


def test_closed_day_stays_what_it_was_whatever_is_done_later(told: Told, clock: Clock) -> None:
    before = {by: read(told, by) for by in READERS}
    first, of_agency = ready(told, "reviewer"), ready(told, "reviewer", agency="PDRM")
    work(told, clock)
    for by in READERS:
        assert read(told, by) == before[by], by
        later = told.content(by, day="2023-09-20", depth="full").finish()
        assert later.fingerprint != before[by].fingerprint
    classify(told, "jim0", Clearance.CONFIDENTIAL)
    for by in ("reviewer", "administrator"):
        assert read(told, by) == before[by], "within the clearance of MAPO"
    # Made twice, it has the same fingerprint and verifies; an agency is whoever had the code on the day.
    second = ready(told, "reviewer")
    assert first.pk != second.pk
    facts = [(each.fingerprint, each.rows_count, each.classification) for each in (first, second)]
    assert facts[0] == facts[1]
    for report in (first, second, of_agency):
        assert verify_file(report.sha256, now=told.now).outcome == VerificationOutcome.SAME
    assert verify_file(first.sha256, now=told.now).report == first
    files.remove(first.stored_name)
    Report.objects.filter(pk=first.pk).update(dropped_at=told.now)
    assert verify_file(first.sha256, now=told.now).outcome == VerificationOutcome.SAME, "no longer kept"


def test_seal_takes_a_name_away_and_nothing_else(told: Told, clock: Clock) -> None:
    before = read(told, "reviewer")
    report = ready(told, "reviewer")
    work(told, clock)
    seal_document(
        told.documents["pdrm0"], reason="Nama mangsa.", actor=told.people["administrator"], now=told.now
    )
    after = read(told, "reviewer")
    assert after.fingerprint != before.fingerprint
    sealed = told.documents["pdrm0"].pk
    assert after._replace(documents=[], fingerprint="") == before._replace(documents=[], fingerprint="")
    assert after.documents == [
        row._replace(name="", is_sealed=True) if row.number == sealed else row for row in before.documents
    ]
    assert verify_file(report.sha256, now=told.now).reasons == (ChangeReason.SEALED,)


def test_class_above_the_reader_takes_text_and_documents_away(told: Told, clock: Clock) -> None:
    before = read(told, "reviewer", ceiling="1")
    report = ready(told, "reviewer", ceiling="1")
    work(told, clock)
    classify(told, "jim0", Clearance.CONFIDENTIAL)
    after = read(told, "reviewer", ceiling="1")
    (hidden,) = [row for row in after.updates if row not in before.updates]
    nothing = (False, "", (), None)
    assert (hidden.is_readable, hidden.narrative, hidden.documents, hidden.claim_percent) == nothing
    assert [(row.item, row.code, row.percent) for row in after.updates] == [
        (row.item, row.code, row.percent) for row in before.updates
    ]
    assert told.documents["jim0"].pk not in {row.number for row in after.documents}
    assert verify_file(report.sha256, now=told.now).reasons == (ChangeReason.CLASSIFIED,)


def test_assignment_that_ended_takes_other_agencies_texts_away(told: Told, clock: Clock) -> None:
    before = read(told, "jim")
    report = ready(told, "jim")
    work(told, clock)
    after = read(told, "jim")
    (hidden,) = [row for row in after.updates if row not in before.updates]
    assert (hidden.code, hidden.is_readable, hidden.narrative) == ("PDRM", False, "")
    assert after.items == before.items
    assert after.documents == before.documents
    assert verify_file(report.sha256, now=told.now).reasons == (ChangeReason.RIGHTS,)
