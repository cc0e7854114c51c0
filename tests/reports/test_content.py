"""The rows of a summary: facts of the day, rights of the reader, the same fingerprint on any later day."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounts.clearance import Clearance
from accounts.services.agencies import change_agency
from evidence.services.lifecycle import seal_document
from evidence.services.receiving import register_reference
from recommendations import services
from recommendations.models import Update
from reports.errors import EmptySelection
from reports.summary.content import SummaryContent
from reports.summary.row_stream import stream_updates as first_updates
from reports.summary.selection import stored_selection
from tests.conftest import Clock
from tests.factories.recommendations import REPORTED, make_accepted
from tests.reports.conftest import DRAFT, NASTY, Told, kuala_lumpur

pytestmark = pytest.mark.django_db


def taken(content: SummaryContent) -> tuple[list, list, str]:
    updates, documents = list(content.updates()), list(content.documents())
    return updates, documents, content.finish().fingerprint


def test_content_tells_mapo_what_was_accepted_by_that_day(told: Told) -> None:
    content = told.content()
    updates, documents, _fingerprint = taken(content)
    assert [item.key for item in content.items] == ["recommendation-1", "recommendation-2", "weakness-1"]
    assert [(update.code, update.percent, update.claim_percent) for update in updates] == [
        ("JIM", 30, 30), ("PDRM", 40, 60), ("JIM", 50, 50),
    ]  # fmt: skip
    assert updates[1].narrative == NASTY
    assert {document.name for document in documents} == {"Laporan.pdf", "Imigresen.pdf", "Sulit.pdf"}
    (pdrm, _jim) = content.items[0].agencies
    assert pdrm.waiting_since is not None


def test_content_of_officer_holds_no_claim_nor_document_of_another_agency(told: Told) -> None:
    content = told.content(by="officer")
    updates, documents, _fingerprint = taken(content)
    by_code = {update.code: update for update in updates if update.item == "recommendation-1"}
    assert by_code["JIM"].narrative == "Taklimat diadakan."
    assert (by_code["JIM"].claim_percent, by_code["JIM"].documents) == (None, ())
    assert by_code["PDRM"].claim_percent == 60
    assert {document.code for document in documents} == {"PDRM"}
    (other,) = [update for update in updates if update.item == "recommendation-2"]
    assert (other.is_readable, other.narrative, other.covers_from) == (False, "", None)
    assert not content.items[2].agencies


@pytest.mark.parametrize("by", ["reviewer", "jim", "officer", "observer"])
def test_draft_is_nobody_s_to_read_not_even_its_writer_s(told: Told, by: str) -> None:
    assert Update.objects.filter(narrative=DRAFT).exists()
    for day in ("2023-08-31", "2023-09-14"):
        updates, _documents, _fingerprint = taken(told.content(by, day=day))
        assert updates and DRAFT not in {update.narrative for update in updates}


def test_ceiling_takes_away_what_lies_above_it(told: Told) -> None:
    updates, documents, _fingerprint = taken(told.content(ceiling="1"))
    assert "Sulit.pdf" not in {document.name for document in documents}
    assert "Perkara sulit." not in {update.narrative for update in updates}


def test_kept_selection_is_the_one_that_was_asked_for_and_holds_something(told: Told) -> None:
    asked = told.select(
        kind="recommendation", agency="PDRM", since="2023-07-01", item="recommendation-1", language="both"
    )
    assert stored_selection(asked.query) == asked
    with pytest.raises(EmptySelection):
        told.content(status="done")
    whole = list(told.content().updates())
    assert list(first_updates(told.content(), most=2)) == whole[:2]


def test_update_says_when_its_assignment_ended_and_not_before(told: Told, clock: Clock) -> None:
    mapo = {"actor": told.people["reviewer"], "now": told.now}
    services.end_assignment(told.assignments["jim"], reason="Tugas dipindahkan.", **mapo)
    told.now = clock.move_to(kuala_lumpur("2023-09-16 10:00"))
    before, after = (list(told.content(day=day).updates()) for day in ("2023-09-13", "2023-09-15"))
    assert [update.ended_on for update in before] == [None] * 3
    assert [update.code for update in after if update.ended_on] == ["JIM"]


def test_agency_filter_means_who_had_the_code_on_that_day(told: Told, clock: Clock) -> None:
    before = taken(told.content(agency="JIM"))
    now = clock.move_to(kuala_lumpur("2023-09-15 10:00"))
    renamed = {
        "name_ms": "Imigresen",
        "name_en": "Immigration",
        "actor": told.people["administrator"],
        "now": now,
    }
    change_agency(told.agencies["JIM"], code="JIMM", **renamed)
    assert taken(told.content(agency="JIM")) == before
    assert {update.code for update in told.content(agency="JIMM").updates()} == {"JIM"}


def test_seal_of_a_paper_file_hides_its_reference_number(told: Told) -> None:
    actor, now = told.people["jim"], told.now
    paper = register_reference(
        reference_number="KDN.S.600-1 (7)",
        agency=actor.agency,
        actor=actor,
        classification=Clearance.SECRET,
        now=now,
    )
    make_accepted(
        told.assignments["jim2"],
        actor=actor,
        reviewer=told.people["reviewer"],
        now=now,
        content=replace(REPORTED, classification=Clearance.CONFIDENTIAL, document_ids=frozenset({paper.pk})),
    )
    asked = {"day": "2023-09-14", "depth": "evidence"}
    told.people["administrator"].clearance = Clearance.SECRET
    told.people["administrator"].save()
    before = {row.number: row for row in told.content(by="administrator", **asked).documents()}
    assert before[paper.pk].reference_number == "KDN.S.600-1 (7)"
    seal_document(paper, reason="Nama mangsa.", actor=told.people["administrator"], now=now)
    after = {row.number: row for row in told.content(by="administrator", **asked).documents()}
    assert after[paper.pk] == before[paper.pk]._replace(reference_number="", is_sealed=True)


def test_class_of_a_text_is_not_that_of_a_paper_file(told: Told) -> None:
    actor, now = told.people["officer"], told.now
    paper = register_reference(
        reference_number="PDRM.R.1",
        agency=actor.agency,
        actor=actor,
        classification=Clearance.SECRET,
        now=now,
    )
    waiting = told.assignments["pdrm"].updates.get(state="submitted")
    services.withdraw_update(waiting, actor=actor, now=now)
    make_accepted(
        told.assignments["pdrm"],
        actor=actor,
        reviewer=told.people["reviewer"],
        now=now,
        content=replace(REPORTED, document_ids=frozenset({paper.pk})),
    )
    for by in ("observer", "officer"):
        content = told.content(by=by, day="2023-09-14", ceiling="1")
        assert max(update.classification or 0 for update in content.updates()) == Clearance.RESTRICTED
        assert paper.pk not in {document.number for document in content.documents()}
        assert content.finish().classification == Clearance.RESTRICTED
