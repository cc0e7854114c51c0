"""Deactivating says what depends on a person or an agency, and hands over what a person is responsible for."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.services.people import deactivate_person
from recommendations import services
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of

pytestmark = pytest.mark.django_db


def url(person: User) -> str:
    return reverse("accounts:deactivate_person", args=[person.pk])


def alone(desk: Desk) -> User:
    """Leave the officer as the only one who can act for the agency."""
    services.name_officers(desk.assignment, officers=[desk.officer], actor=desk.administrator, now=desk.now)
    for other in User.objects.able_to_act().colleagues_of(desk.officer):
        deactivate_person(other, reason="Bersara", actor=desk.administrator, now=desk.now)
    return desk.officer


def test_last_officer_is_told_with_what_depends_on_them(desk: Desk) -> None:
    text = text_of(Visitor(desk.administrator).get(url(alone(desk))))
    assert f"Without {desk.officer.name}, nobody at PDRM can act" in text
    assert "Responsible for 1 assignment" in text and "1 open assignment" in text
    assert "invite somebody who takes it over" in text and "Hand over to" not in text
    assert f"What depends on {desk.officer.name}" in text


def test_assignments_go_to_a_colleague_in_the_same_step(desk: Desk) -> None:
    named = [desk.officer, desk.coordinator]
    services.name_officers(desk.assignment, officers=named, actor=desk.administrator, now=desk.now)
    visitor = Visitor(desk.administrator)
    text = text_of(visitor.get(url(desk.officer)))
    assert "Hand over to" in text and "nobody at PDRM can act" not in text
    visitor.post(url(desk.officer), {"reason": "Bertukar", "colleague": desk.colleague.pk})
    desk.officer.refresh_from_db()
    assert not desk.officer.is_active
    assert set(desk.assignment.officer_links.values_list("user", flat=True)) == {
        desk.coordinator.pk,
        desk.colleague.pk,
    }


def test_nobody_of_elsewhere_takes_over(desk: Desk) -> None:
    services.name_officers(desk.assignment, officers=[desk.officer], actor=desk.administrator, now=desk.now)
    for who in ("outsider", "reviewer"):
        form = {"reason": "Bertukar", "colleague": getattr(desk, who).pk}
        Visitor(desk.administrator).post(url(desk.officer), form)
        desk.officer.refresh_from_db()
        assert desk.officer.is_active, who
        assert list(desk.assignment.officer_links.values_list("user", flat=True)) == [desk.officer.pk], who


def test_who_answers_for_nothing_is_deactivated_as_before(desk: Desk) -> None:
    visitor = Visitor(desk.administrator)
    assert "What depends on" not in text_of(visitor.get(url(desk.colleague)))
    visitor.post(url(desk.colleague), {"reason": "Bersara"})
    desk.colleague.refresh_from_db()
    assert not desk.colleague.is_active


def test_agency_with_open_assignments_says_so(desk: Desk) -> None:
    path = reverse("accounts:deactivate_agency", args=[desk.agency.pk])
    for language, words in (("en", "1 open assignment"), ("ms", "1 tugasan terbuka")):
        assert words in text_of(Visitor(desk.administrator, language).get(path)), (language, words)


def test_agency_with_active_people_is_told_before_a_reason_is_asked(desk: Desk) -> None:
    path, visitor = reverse("accounts:deactivate_agency", args=[desk.agency.pk]), Visitor(desk.administrator)
    page = visitor.get(path)
    assert "3 active people belong to this agency. Move or deactivate them first." in text_of(page)
    assert (
        f"/people/?agency={desk.agency.pk}" in page.content.decode()
        and 'name="reason"' not in page.content.decode()
    )
    for person in User.objects.filter(agency=desk.agency):
        deactivate_person(person, reason="Bersara", actor=desk.administrator, now=desk.now)
    page = visitor.get(path)
    assert "end the assignments and assign another agency" in text_of(page) and "invite" not in text_of(page)
    assert 'name="reason"' in page.content.decode()
