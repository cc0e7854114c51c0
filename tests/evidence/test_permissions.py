"""Who may see and change a document, for one document and in SQL alike."""

from __future__ import annotations

import itertools

import pytest

from accounts.clearance import Clearance
from accounts.models import User
from accounts.roles import Role
from evidence import permissions
from evidence.models import Document
from evidence.services.receiving import register_reference
from tests.evidence.conftest import World
from tests.factories.accounts import make_person

OWN, OTHER = 1, 2
RULES = (
    permissions.sees,
    permissions.may_change,
    permissions.may_raise,
    permissions.may_seal,
)


def person(role: str, *, agency_id: int = OWN, clearance: int = 1, is_active: bool = True) -> User:
    """Somebody who was never saved."""
    return User(pk=7, role=role, agency_id=agency_id, clearance=clearance, is_active=is_active)


def document(*, classification: int = 1, uploaded_by: int = 8, stored_name: str = "a") -> Document:
    """A document of the first agency; without a stored name, a paper file."""
    return Document(
        agency_id=OWN, classification=classification, uploaded_by_id=uploaded_by, stored_name=stored_name
    )


def rights(somebody: User, about: Document) -> set[str]:
    """The names of the rules that let the person."""
    return {rule.__name__ for rule in RULES if rule(somebody, about)}


AGENCY = {"sees", "may_change", "may_raise"}


def test_rights_on_a_document_within_the_clearance() -> None:
    for role, agency_id, expected in (
        ("officer", OWN, AGENCY),
        ("coordinator", OWN, AGENCY),
        ("officer", OTHER, set()),
        ("coordinator", OTHER, set()),
        ("observer", OWN, set()),
        ("reviewer", OTHER, {"sees", "may_raise"}),
        ("reviewer", OWN, {"sees", "may_raise"}),
        ("administrator", OTHER, {"sees", "may_raise", "may_seal"}),
    ):
        somebody = person(role, agency_id=agency_id)
        assert rights(somebody, document()) == expected, role
        assert rights(somebody, document(classification=0)) == expected, role
        assert rights(somebody, document(classification=2)) == set(), role
        assert rights(person(role, agency_id=agency_id, is_active=False), document()) == set(), role


def test_mapo_changes_what_it_entered_and_who_registered_a_paper_file_sees_it() -> None:
    entered = document(uploaded_by=7)
    assert rights(person("reviewer", agency_id=OTHER), entered) == AGENCY
    assert rights(person("administrator", agency_id=OTHER), entered) == {*AGENCY, "may_seal"}
    assert rights(person("officer", agency_id=OTHER), entered) == set()
    assert rights(person("observer"), entered) == set()
    paper = document(classification=3, uploaded_by=7, stored_name="")
    assert rights(person("officer"), paper) == AGENCY
    assert rights(person("officer"), document(classification=3, stored_name="")) == set()
    assert rights(person("officer"), document(classification=3, uploaded_by=7)) == set()
    assert rights(person("officer", agency_id=OTHER), paper) == set()


@pytest.mark.parametrize("agency_id", [OWN, OTHER])
def test_files_are_added_by_the_agency_and_mapo(agency_id: int) -> None:
    adding = {
        role for role in Role.values if permissions.may_add(person(role, agency_id=agency_id), agency_id=OWN)
    }
    agency = {"officer", "coordinator"} if agency_id == OWN else set()
    assert adding == {"reviewer", "administrator", *agency}
    assert not any(permissions.may_add(person(role, is_active=False), agency_id=OWN) for role in Role.values)


def test_documents_that_a_queryset_shows_are_those_that_the_rule_lets_see(world: World) -> None:
    cleared = make_person(Role.OFFICER, world.agency, clearance=Clearance.SECRET)
    low = make_person(Role.REVIEWER, world.reviewer.agency, clearance=Clearance.OPEN)
    left = make_person(Role.OFFICER, world.agency, is_active=False)
    for actor, level in itertools.product((world.officer, cleared), (Clearance.OPEN, Clearance.RESTRICTED)):
        world.document(actor=actor, classification=level)
    world.document(actor=cleared, classification=Clearance.CONFIDENTIAL)
    for actor in (world.officer, cleared):
        register_reference(
            reference_number=f"KDN.S.{actor.pk}",
            agency=world.agency,
            actor=actor,
            classification=Clearance.SECRET,
            now=world.now,
        )
    people = [
        world.officer, world.coordinator, world.other_officer, world.reviewer, world.administrator, world.observer,
        cleared, low, left,
    ]  # fmt: skip
    documents = list(Document.objects.all())
    seen = {each.pk: set(Document.objects.visible_to(each)) for each in people}
    assert seen == {each.pk: {it for it in documents if permissions.sees(each, it)} for each in people}
    assert [len(seen[each.pk]) for each in people] == [5, 4, 0, 5, 5, 0, 7, 2, 0]


def test_file_above_a_clearance_that_was_lowered_is_hidden_from_who_uploaded_it(world: World) -> None:
    uploader = make_person(Role.OFFICER, world.agency, clearance=Clearance.CONFIDENTIAL)
    file = world.document(actor=uploader, classification=Clearance.CONFIDENTIAL)
    assert list(Document.objects.visible_to(uploader)) == [file]
    uploader.clearance = Clearance.RESTRICTED
    assert list(Document.objects.visible_to(uploader)) == []
