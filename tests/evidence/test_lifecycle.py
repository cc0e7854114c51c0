"""What is said about a document, and whether the agency uses it."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.clearance import Clearance
from accounts.models import User
from accounts.roles import Role
from audit.errors import NotAllowed, NotNow
from audit.models import Event
from evidence import permissions
from evidence.errors import BadEvidence
from evidence.models import Document
from evidence.services.downloads import record_download
from evidence.services.lifecycle import (
    describe_document,
    freeze_documents,
    restore_document,
    seal_document,
    withdraw_document,
)
from evidence.services.receiving import register_reference, replace_document
from evidence.services.scans import record_scan
from evidence.states import DOCUMENT_MOVES, SCAN_MOVES, DocumentState, ScanState
from tests.evidence import files
from tests.evidence.conftest import World, facts_of
from tests.factories.accounts import make_person
from tests.factories.evidence import make_upload

JULY = (date(2023, 7, 3), date(2023, 7, 9))


def describe(world: World, document: Document, *, actor: User | None = None, **values: Any) -> Document:
    facts = {
        "classification": document.classification,
        "evidence_from": document.evidence_from,
        "evidence_to": document.evidence_to,
    }
    return describe_document(document, **(facts | values), actor=actor or world.officer, now=world.now)


def freeze(world: World, document: Document) -> Document:
    [row] = freeze_documents([document], agency_id=document.agency_id, now=world.now)
    return row


def last_event() -> Event:
    return Event.objects.order_by("-pk")[0]


def test_describe_document_sets_class_and_dates_and_takes_them_away(world: World) -> None:
    document = world.document()
    row = describe(world, document, classification=Clearance.OPEN, evidence_from=JULY[0], evidence_to=JULY[1])
    assert (row.classification, row.evidence_from, row.evidence_to) == (Clearance.OPEN, *JULY)
    event = last_event()
    assert event.action == "document.described"
    assert event.before == {"classification": 1, "evidence_from": "", "evidence_to": ""}
    assert facts_of(event) == {
        "classification": 0,
        "evidence_from": "2023-07-03",
        "evidence_to": "2023-07-09",
    }
    before = Event.objects.count()
    describe(world, row)
    assert Event.objects.count() == before
    row = describe(world, row, evidence_from=None, evidence_to=None)
    assert (row.evidence_from, row.evidence_to) == (None, None)


def test_describe_document_refused(world: World) -> None:
    document = world.document()
    for actor, values, error in (
        (world.other_officer, {"classification": 0}, NotAllowed),
        (world.observer, {"classification": 0}, NotAllowed),
        (world.reviewer, {"classification": 0}, NotAllowed),
        (world.reviewer, {"evidence_from": JULY[0]}, NotAllowed),
        (world.officer, {"classification": Clearance.CONFIDENTIAL}, NotAllowed),
        (world.reviewer, {"classification": Clearance.SECRET}, NotNow),
        (world.officer, {"classification": 12}, NotNow),
        (world.officer, {"evidence_from": JULY[1], "evidence_to": JULY[0]}, NotNow),
    ):
        with pytest.raises(error):
            describe(world, document, actor=actor, **values)
        document.refresh_from_db()
        assert (document.classification, document.evidence_from) == (Clearance.RESTRICTED, None), values


def test_describe_document_of_submitted_only_raises_class(world: World) -> None:
    document = world.document(classification=Clearance.OPEN)
    freeze(world, document)
    with pytest.raises(NotNow):
        describe(world, document, evidence_from=JULY[0])
    row = describe(world, document, classification=Clearance.RESTRICTED)
    assert row.classification == Clearance.RESTRICTED
    with pytest.raises(NotNow):
        describe(world, document, classification=Clearance.OPEN)
    row = describe(world, document, actor=world.reviewer, classification=Clearance.CONFIDENTIAL)
    assert row.classification == Clearance.CONFIDENTIAL
    assert document not in Document.objects.visible_to(world.officer)


def test_describe_document_keeps_paper_above_ceiling(world: World) -> None:
    document = register_reference(
        reference_number="KDN 1",
        agency=world.agency,
        actor=world.officer,
        classification=Clearance.SECRET,
        now=world.now,
    )
    with pytest.raises(NotNow):
        describe(world, document, classification=Clearance.OPEN)
    assert (
        describe(world, document, classification=Clearance.TOP_SECRET).classification == Clearance.TOP_SECRET
    )


def test_withdraw_document_keeps_reason_and_bytes_and_restore_brings_it_back_unless_sealed(
    world: World,
) -> None:
    document = world.document()
    row = withdraw_document(document, reason=" Salah fail ", actor=world.coordinator, now=world.now)
    assert (row.state, row.withdrawn_reason, row.withdrawn_by) == (
        DocumentState.WITHDRAWN,
        "Salah fail",
        world.coordinator,
    )
    assert not row.is_available
    assert row not in Document.objects.citable()
    assert (last_event().action, last_event().reason) == ("document.withdrawn", "Salah fail")
    row = restore_document(document, actor=world.coordinator, now=world.now)
    assert (row.state, row.withdrawn_reason) == (DocumentState.KEPT, "")
    assert last_event().action == "document.restored"
    withdraw_document(document, reason="Salah", actor=world.officer, now=world.now)
    seal_document(document, reason="Nama", actor=world.administrator, now=world.now)
    with pytest.raises(NotNow):
        restore_document(document, actor=world.officer, now=world.now)


def test_withdrawn_document_stays_readable_when_cited(world: World) -> None:
    document = freeze(world, world.document())
    row = withdraw_document(document, reason="Salah", actor=world.officer, now=world.now)
    assert row.is_available


def test_replace_document_points_to_the_new_one(world: World) -> None:
    old = freeze(world, world.document(evidence_from=JULY[0], evidence_to=JULY[1]))
    new = replace_document(
        old, make_upload("Baharu.pdf", files.pdf(pages=2)), actor=world.officer, now=world.now
    )
    old.refresh_from_db()
    assert (old.state, old.replaced_by) == (DocumentState.REPLACED, new)
    assert old.is_available
    assert (new.evidence_from, new.evidence_to, new.classification) == (*JULY, old.classification)
    assert last_event().action == "document.replaced"


def test_replace_document_refused_keeps_the_old_one(world: World) -> None:
    old = world.document()
    for actor, values, error in (
        ("officer", {"upload": make_upload("Resit.pdf", files.EXE)}, BadEvidence),
        ("officer", {"classification": Clearance.OPEN}, NotNow),
        ("other_officer", {}, NotAllowed),
        ("reviewer", {}, NotAllowed),
    ):
        upload = values.pop("upload", None) or make_upload("Baharu.pdf")
        with pytest.raises(error):
            replace_document(old, upload, actor=getattr(world, actor), now=world.now, **values)
        old.refresh_from_db()
        assert old.state == DocumentState.KEPT, actor
        assert Document.objects.count() == 1, actor


def test_replaced_document_takes_no_further_act(world: World) -> None:
    old = world.document()
    replace_document(old, make_upload("b.pdf"), actor=world.officer, now=world.now)
    for act in (
        lambda: replace_document(old, make_upload("c.pdf"), actor=world.officer, now=world.now),
        lambda: withdraw_document(old, reason="x", actor=world.officer, now=world.now),
        lambda: restore_document(old, actor=world.officer, now=world.now),
        lambda: describe(world, old, evidence_from=JULY[0]),
    ):
        with pytest.raises(NotNow):
            act()


def test_seal_document_hides_bytes_and_name(world: World) -> None:
    document = freeze(world, world.document(name="Mangsa.pdf"))
    row = seal_document(document, reason="Nama mangsa", actor=world.administrator, now=world.now)
    assert not row.is_available
    assert "Mangsa" not in str(row)
    assert row.sha256 == document.sha256
    assert row not in Document.objects.all().named_like("mangsa")
    event = last_event()
    assert (event.action, event.reason, facts_of(event)["sha256"]) == (
        "document.sealed",
        "Nama mangsa",
        row.sha256,
    )
    with pytest.raises(NotNow):
        seal_document(row, reason="Lagi", actor=world.administrator, now=world.now)
    with pytest.raises(NotNow):
        record_download(row, actor=world.administrator, now=world.now)
    with pytest.raises(NotNow):
        withdraw_document(row, reason="x", actor=world.officer, now=world.now)


def test_sealing_is_for_administrators_and_acts_demand_a_reason(world: World) -> None:
    document = world.document()
    for actor in (world.officer, world.coordinator, world.reviewer, world.observer):
        with pytest.raises(NotAllowed):
            seal_document(document, reason="x", actor=actor, now=world.now)
    for reason in ("", "  ", "x" * 501):
        with pytest.raises(NotNow):
            withdraw_document(document, reason=reason, actor=world.officer, now=world.now)
        with pytest.raises(NotNow):
            seal_document(document, reason=reason, actor=world.administrator, now=world.now)


def test_freeze_documents_marks_once(world: World) -> None:
    document = freeze(world, world.document())
    assert document.frozen_at == world.now
    later = world.now.replace(hour=11)
    [again] = freeze_documents([document], agency_id=world.agency.pk, now=later)
    assert again.frozen_at == world.now


def test_freeze_documents_takes_file_that_waits_for_its_scan_and_no_other(
    world: World, settings: Any
) -> None:
    settings.SCANNER = "clamav"
    assert freeze(world, world.document()).is_held
    for why in ("foreign", "withdrawn", "sealed", "infected"):
        document = world.document()
        agency_id = world.other_agency.pk if why == "foreign" else world.agency.pk
        if why == "withdrawn":
            withdraw_document(document, reason="x", actor=world.officer, now=world.now)
        if why == "sealed":
            seal_document(document, reason="x", actor=world.administrator, now=world.now)
        if why == "infected":
            record_scan(document, state=ScanState.INFECTED, now=world.now)
        with pytest.raises(NotNow), transaction.atomic():
            freeze_documents([document], agency_id=agency_id, now=world.now)


def test_sees_agrees_with_visible_to(world: World) -> None:
    """One rule in two forms: the queryset of lists and the predicate of services."""
    documents = [
        world.document(classification=Clearance.OPEN),
        world.document(actor=world.reviewer, classification=Clearance.CONFIDENTIAL),
        register_reference(
            reference_number="KDN 1",
            agency=world.agency,
            actor=world.officer,
            classification=Clearance.SECRET,
            now=world.now,
        ),
    ]
    for role, clearance, agency in product(Role, Clearance, (world.agency, world.other_agency)):
        person = make_person(role, agency, clearance=clearance)
        visible = set(Document.objects.visible_to(person))
        seen = {document for document in documents if permissions.sees(person, document)}
        assert visible == seen, (role, clearance, agency)
        if role == Role.OBSERVER:
            assert not visible
        person.is_active = False
        assert not Document.objects.visible_to(person).exists()


def test_database_allows_only_listed_moves(world: World) -> None:
    other = world.document(name="b.pdf")
    for before, after in product(DocumentState, DocumentState):
        document = world.document()
        _force(world, document, before, other)
        try:
            with transaction.atomic():
                _force(world, document, after, other)
            moved = True
        except DatabaseError:
            moved = False
        assert moved is (before == after or (before.value, after.value) in DOCUMENT_MOVES), (before, after)


def _force(world: World, document: Document, state: DocumentState, other: Document) -> None:
    """Write the state past the services, with everything the constraints require."""
    gone = state == DocumentState.WITHDRAWN
    Document.objects.filter(pk=document.pk).update(
        state=state,
        replaced_by=other if state == DocumentState.REPLACED else None,
        withdrawn_at=world.now if gone else None,
        withdrawn_by=world.officer if gone else None,
        withdrawn_reason="x" if gone else "",
    )


def test_record_scan_follows_the_table(world: World, settings: Any) -> None:
    settings.SCANNER = "clamav"
    for before, after in product(ScanState, ScanState):
        document = world.document()
        if before != ScanState.PENDING:
            record_scan(document, state=before, now=world.now)
        row = record_scan(document, state=after, now=world.now)
        expected = after if (before.value, after.value) in SCAN_MOVES else before
        assert row.scan_state == expected, (before, after)
