"""Contacts: who answers for what, for everybody who signs in; never who has gone, nor what is only suggested."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.services.agencies import deactivate_agency
from accounts.services.people import deactivate_person
from recommendations import services
from recommendations.models import Cycle
from recommendations.queries.contacts import ContactFilters, read_contacts
from recommendations.states import AssignmentRole, ItemKind
from tests.conftest import NOW, Clock
from tests.factories.accounts import make_agency, make_person
from tests.factories.recommendations import make_assignment, make_cycle, make_item
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of

pytestmark = pytest.mark.django_db
PAGE = "/contacts/"


def name(desk: Desk, *people: User) -> None:
    """Name these for the assignment of the desk."""
    services.name_officers(desk.assignment, officers=people, actor=desk.administrator, now=desk.now)


def section(response: HttpResponse, code: str) -> str:
    """What the page says of one agency."""
    parts = re.findall(r"<section .*?</section>", response.content.decode(), flags=re.DOTALL)
    (found,) = (part for part in parts if f">{code}</abbr>" in part or f">{code}</span>" in part)
    return text_of(HttpResponse(found))


def told(desk: Desk, **query: str) -> HttpResponse:
    return Visitor(desk.outsider).get(PAGE, **query)


def test_contacts_tell_every_role_the_same_names(desk: Desk) -> None:
    name(desk, desk.officer)
    for language in ("ms", "en"):
        for person in (desk.outsider, desk.coordinator, desk.reviewer, desk.administrator, desk.observer):
            text = text_of(Visitor(person, language).get(PAGE))
            for contact in (desk.officer, desk.coordinator, desk.outsider, desk.reviewer, desk.administrator):
                assert contact.name in text and contact.email in text, language
            assert desk.observer.name not in section(Visitor(person, language).get(PAGE), "MAPO"), language


def test_contact_is_told_with_role_address_and_what_they_are_named_for(desk: Desk) -> None:
    name(desk, desk.officer)
    response = told(desk)
    assert f'href="mailto:{desk.officer.email}"' in response.content.decode()
    text = section(response, "PDRM")
    assert f"{desk.coordinator.name} Coordinator" in text
    assert f"{desk.officer.name} Officer {desk.officer.email} Named for Recommendation 1" in text
    assert "Lead agency Recommendation 1" in text
    assert "Nobody named" not in text


def test_items_for_which_nobody_is_named_say_so(desk: Desk) -> None:
    weakness = make_item(desk.cycle, kind=ItemKind.WEAKNESS)
    support = AssignmentRole.SUPPORT
    second = make_assignment(weakness, desk.agency, actor=desk.administrator, now=desk.now, role=support)
    assert "Nobody named For any of these items" in section(told(desk), "PDRM")
    name(desk, desk.officer)
    assert section(told(desk), "PDRM").endswith("Nobody named Weakness 1")
    services.name_officers(second, officers=[desk.officer], actor=desk.administrator, now=desk.now)
    assert "Nobody named" not in section(told(desk), "PDRM")


def test_suggestions_and_ended_assignments_are_told_to_nobody(desk: Desk, clock: Clock) -> None:
    services.suggest_assignment(
        make_item(desk.cycle, number=2),
        agency=desk.other_agency,
        role=AssignmentRole.LEAD,
        actor=desk.administrator,
        now=desk.now,
    )
    name(desk, desk.officer)
    later = clock.move_to(NOW + timedelta(days=1))
    services.end_assignment(desk.assignment, reason="Pindah", actor=desk.administrator, now=later)
    for person in (desk.outsider, desk.reviewer, desk.administrator, desk.observer):
        response = Visitor(person).get(PAGE)
        for code in ("PDRM", "MPOB"):
            assert "Has no assignment in this cycle." in section(response, code)


def test_who_was_deactivated_or_has_not_joined_is_no_contact(desk: Desk) -> None:
    name(desk, desk.officer)
    invited = make_person("officer", desk.agency, joined_at=None)
    deactivate_person(desk.officer, reason="Bersara", actor=desk.administrator, now=desk.now)
    for person in (desk.outsider, desk.administrator):
        text = text_of(Visitor(person).get(PAGE))
        assert desk.officer.email not in text and invited.email not in text
        assert "Nobody named Recommendation 1" in text


def test_who_moved_on_is_named_for_nothing_at_the_agency_they_left(desk: Desk) -> None:
    name(desk, desk.officer)
    User.objects.filter(pk=desk.officer.pk).update(agency=desk.other_agency)
    response = told(desk)
    assert "Nobody named Recommendation 1" in section(response, "PDRM")
    assert f"{desk.officer.email} Named for" not in section(response, "MPOB")


def test_agency_without_an_active_officer_stands_out_with_its_cure(desk: Desk) -> None:
    lonely = make_agency("MOT")
    make_assignment(make_item(desk.cycle, number=2), lonely, actor=desk.administrator, now=desk.now)
    make_person("officer", lonely, joined_at=None)
    cures = {
        desk.outsider.role: "Nobody there can report yet.",
        desk.observer.role: "Nobody there can report yet.",
        desk.reviewer.role: "One person is invited and has not joined yet. See its assignments",
        desk.administrator.role: "One person is invited and has not joined yet. See who is invited Invite officers",
    }
    for person in (desk.outsider, desk.observer, desk.reviewer, desk.administrator):
        response = Visitor(person).get(PAGE)
        assert "2 agencies have no active officer: KDN , MOT" in text_of(response)
        text = section(response, "MOT")
        assert "No active officer" in text and cures[person.role] in text
        assert ("Invite" in text) == person.is_administrator
    links = Visitor(desk.reviewer).get(PAGE).content.decode()
    assert "/assignments/?tab=confirmed&amp;agency=MOT&amp;cycle=2023" in links


def test_inactive_agencies_are_not_on_the_page(desk: Desk) -> None:
    deactivate_agency(make_agency("LAMA"), reason="Dibubarkan", actor=desk.administrator, now=desk.now)
    assert "LAMA" not in text_of(told(desk))


def test_other_cycles_have_their_own_answers(desk: Desk) -> None:
    name(desk, desk.officer)
    next_cycle = make_cycle(2024)
    make_assignment(
        make_item(next_cycle, number=9), desk.other_agency, actor=desk.administrator, now=desk.now
    )
    response = told(desk, cycle="2024")
    assert "Has no assignment in this cycle." in section(response, "PDRM")
    assert "Lead agency Recommendation 9" in section(response, "MPOB")
    assert "Recommendation 9" not in section(told(desk), "MPOB")


def codes(response: HttpResponse) -> list[str]:
    return [agency.code for agency in response.context["directory"].agencies]


def test_filters_stand_in_the_address_and_narrow_or_say_that_nobody_matches(desk: Desk) -> None:
    name(desk, desk.officer)
    assert codes(told(desk)) == ["KDN", "MPOB", "PDRM"]
    assert codes(told(desk, agency="PDRM")) == ["PDRM"]
    assert codes(told(desk, item="recommendation-1")) == ["PDRM"]
    assert codes(told(desk, text="mpob")) == ["MPOB"]
    by_mail = told(desk, text=desk.officer.email.upper())
    assert codes(by_mail) == ["PDRM"]
    assert [person.email for person in by_mail.context["directory"].agencies[0].people] == [
        desk.officer.email
    ]
    assert by_mail.context["directory"].secretariat == []
    assert codes(told(desk, text="mapo")) == []
    assert desk.reviewer.email in text_of(told(desk, text="mapo"))
    for query in ({"agency": "TIADA"}, {"item": "weakness-7"}, {"text": "\0tiada"}):
        response = told(desk, **query)
        assert "Nobody matches these filters" in text_of(response), query
        assert response.context["filters"].are_set, query


def test_lead_of_the_chosen_item_comes_first(desk: Desk) -> None:
    support = AssignmentRole.SUPPORT
    make_assignment(desk.item, desk.other_agency, actor=desk.administrator, now=desk.now, role=support)
    assert codes(told(desk, item="recommendation-1")) == ["PDRM", "MPOB"]


def test_who_is_named_for_the_chosen_item_comes_first(desk: Desk) -> None:
    name(desk, desk.colleague)
    (agency,) = told(desk, item="recommendation-1").context["directory"].agencies
    assert agency.people[0].user_id == desk.colleague.pk
    (agency,) = told(desk, agency="PDRM").context["directory"].agencies
    assert agency.people[0].user_id == desk.coordinator.pk


def test_contacts_without_a_cycle_still_name_people(now: object) -> None:
    reader = make_person("officer", make_agency("KDN"))
    response = Visitor(reader).get(PAGE)
    assert "Who to contact in each agency." in text_of(response)
    assert reader.email in text_of(response)


def test_contacts_read_in_malay(desk: Desk) -> None:
    response = Visitor(desk.outsider, "ms").get(PAGE)
    assert "Agensi peneraju Syor 1" in section(response, "PDRM")
    assert "Belum dinamakan" in section(response, "PDRM")


def _crowd(cycle: Cycle, desk: Desk) -> None:
    for number in range(2, 12):
        agency = make_agency(f"AG{number}")
        people = [make_person("officer", agency) for _each in range(5)]
        assignment = make_assignment(
            make_item(cycle, number=number), agency, actor=desk.administrator, now=desk.now
        )
        services.name_officers(assignment, officers=people[:2], actor=desk.administrator, now=desk.now)


def test_contacts_take_four_queries_however_many_people(
    desk: Desk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for agencies_count in (3, 13):
        with translation.override("en"), django_assert_num_queries(4):
            found = read_contacts(desk.cycle, filters=ContactFilters())
            assert len(found.agencies) == agencies_count
            assert all(agency.leads is not None and agency.unnamed is not None for agency in found.agencies)
        if agencies_count == 3:
            _crowd(desk.cycle, desk)
