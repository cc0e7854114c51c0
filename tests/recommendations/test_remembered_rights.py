"""SQL of rights that is built once for the same facts about a reader: the same as built anew, and never another's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db.models import Model

from accounts.clearance import Clearance
from accounts.models import User
from accounts.roles import Role
from evidence.models import Document
from recommendations.models import Action, Assignment, AssignmentRequest, Comment, Review, Submission, Update
from recommendations.queries.sql import (
    CANDIDATE,
    ReaderFacts,
    may_see,
    remembered_sql,
    seen_candidate,
    sql_of,
)
from recommendations.states import AssignmentRole
from reminders.models import Notice, Reminder
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.recommendations import REPORTED, make_assignment, make_draft
from tests.recommendations.conftest import Desk, desk

__all__ = ["desk"]
pytestmark = pytest.mark.django_db

RIGHTS: list[tuple[type[Model], tuple[str, ...], str]] = [
    (Update, ("visible_to",), "pk"),
    (Update, ("visible_to", "with_whole_import_for"), "pk"),
    (Review, ("visible_to",), "pk"),
    (Review, ("with_narrative_for",), "pk"),
    (Review, ("with_narrative_for",), "submission_id"),
    (Submission, ("within_clearance",), "pk"),
    (Assignment, ("visible_to",), "pk"),
    (AssignmentRequest, ("visible_to",), "pk"),
    (Comment, ("visible_to",), "pk"),
    (Action, ("visible_to",), "pk"),
]


#: Rows that also follow from who the reader is.
PERSONAL: list[Callable[[User], Any]] = [
    lambda reader: Document.objects.visible_to(reader).filter(pk=CANDIDATE),
    lambda reader: Notice.objects.of(reader).unread(),
    lambda reader: Reminder.objects.visible_to(reader).unread(),
]


def anew(model: Any, rights: tuple[str, ...], key: str, user: User) -> object:
    """What the queryset says of this person, built now."""
    rows = model.objects.all()
    for right in rights:
        rows = getattr(rows, right)(user)
    return sql_of(rows.filter(**{key: CANDIDATE}))


@pytest.mark.parametrize(("model", "rights", "key"), RIGHTS)
def test_it_is_what_the_queryset_says_of_each_reader(
    model: type[Model], rights: tuple[str, ...], key: str
) -> None:
    for agency in (AgencyFactory(), AgencyFactory()):
        for role in Role:
            for clearance in (Clearance.OPEN, Clearance.CONFIDENTIAL):
                person = UserFactory(role=role, agency=agency, clearance=clearance)
                assert seen_candidate(model, person, *rights, key=key) == anew(model, rights, key, person)


@pytest.mark.parametrize("rows_of", PERSONAL)
def test_what_is_personal_is_never_another_persons(rows_of: Callable[[User], Any]) -> None:
    agency = AgencyFactory()
    for role in Role:
        for is_active in (True, False):
            for person in (UserFactory(role=role, agency=agency, is_active=is_active) for _twin in range(2)):
                for _again in range(2):
                    assert remembered_sql(rows_of, person, is_personal=True) == sql_of(rows_of(person))


def test_a_person_who_is_deactivated_sees_no_file(desk: Desk) -> None:
    before = seen_candidate(Document, desk.officer, is_personal=True)
    desk.officer.is_active = False
    now = seen_candidate(Document, desk.officer, is_personal=True)
    assert now != before and now == anew(Document, ("visible_to",), "pk", desk.officer)


def test_it_follows_a_reader_whose_facts_change(desk: Desk) -> None:
    before = seen_candidate(Update, desk.officer)
    for name, value in (("clearance", 0), ("agency_id", desk.outsider.agency_id), ("role", Role.REVIEWER)):
        setattr(desk.officer, name, value)
        now = seen_candidate(Update, desk.officer)
        assert now != before and now == anew(Update, ("visible_to",), "pk", desk.officer)
        before = now


@pytest.mark.parametrize("name", ["pk", "id", "agency", "is_active", "is_acting", "email"])
def test_a_right_cannot_follow_from_anything_else(desk: Desk, name: str) -> None:
    facts = ReaderFacts(desk.officer.role, desk.officer.agency_id, desk.officer.clearance)
    with pytest.raises(AttributeError):
        getattr(facts, name)


def test_a_right_that_asks_for_more_is_refused(desk: Desk) -> None:
    """A right that knows who uploaded a file cannot be shared by those of one agency."""
    with pytest.raises(AttributeError):
        seen_candidate(Document, desk.officer)


def test_a_condition_leaves_the_rows_that_the_queryset_leaves(desk: Desk) -> None:
    """For everybody and each clearance; by a foreign key too."""
    desk.submission(replace(REPORTED, classification=Clearance.CONFIDENTIAL))
    other = make_assignment(
        desk.item, desk.other_agency, role=AssignmentRole.SUPPORT, actor=desk.administrator, now=desk.now
    )
    draft = make_draft(other, actor=desk.outsider, now=desk.now, content=REPORTED)
    sizes = set()
    for person in (desk.officer, desk.outsider, desk.reviewer, desk.observer):
        for clearance in (Clearance.OPEN, Clearance.CONFIDENTIAL):
            person.clearance = clearance
            updates = Update.objects.visible_to(person)
            assert set(Update.objects.filter(may_see(Update, person))) == set(updates)
            by_key = may_see(Update, person, column="recommendations_submission.update_id")
            sent = Submission.objects.filter(update__in=updates)
            assert set(Submission.objects.filter(by_key)) == set(sent)
            sizes.add((updates.count(), sent.count(), draft in updates))
    assert sizes == {(0, 0, False), (1, 1, False), (1, 0, True)}
