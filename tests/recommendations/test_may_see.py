"""A condition inside a queryset leaves the rows that the rights leave."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounts.clearance import Clearance
from recommendations.models import Submission, Update
from recommendations.queries.sql import may_see
from recommendations.states import AssignmentRole
from tests.factories.recommendations import REPORTED, make_assignment, make_draft
from tests.recommendations.conftest import Desk, desk

__all__ = ["desk"]
pytestmark = pytest.mark.django_db


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
