"""Who may open a view: what a person may not see does not exist for them, and the log keeps that they asked."""

from __future__ import annotations

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from accounts.access import find_or_refuse, for_roles, person_of
from accounts.models import Agency, User
from audit.models import Event
from tests.factories.accounts import World


@pytest.fixture
def request_of_officer(world: World) -> HttpRequest:
    """A request of somebody who is signed in."""
    request = RequestFactory().get("/agensi/")
    request.user = world.people["officer"]
    return request


def refusals() -> list[tuple[int | None, str, str, int | None]]:
    """Whom the log names as refused, what they asked for, and the agency concerned."""
    events = Event.objects.filter(action="permission.refused").order_by("pk")
    return [(event.actor_id, event.object_type, event.object_id, event.agency_id) for event in events]


def test_row_that_is_allowed_is_found_and_one_that_nobody_has_is_no_refusal(
    world: World, request_of_officer: HttpRequest
) -> None:
    assert person_of(request_of_officer) is world.people["officer"]
    assert find_or_refuse(request_of_officer, Agency.objects.all(), pk=world.foreign.pk) == world.foreign
    assert refusals() == []
    with pytest.raises(Http404):
        find_or_refuse(request_of_officer, Agency.objects.all(), pk=0)
    assert refusals() == []


def test_row_that_is_not_allowed_is_answered_as_missing_and_the_refusal_is_kept(
    world: World, request_of_officer: HttpRequest
) -> None:
    allowed = Agency.objects.exclude(pk=world.foreign.pk)
    with pytest.raises(Http404):
        find_or_refuse(request_of_officer, allowed, pk=world.foreign.pk)
    officer = world.people["officer"]
    assert refusals() == [(officer.pk, "accounts.Agency", str(world.foreign.pk), None)]


def test_refusal_names_the_agency_concerned(world: World, request_of_officer: HttpRequest) -> None:
    person = world.foreign_officer
    with pytest.raises(Http404):
        find_or_refuse(request_of_officer, User.objects.none(), pk=person.pk, agency_field="agency_id")
    (refusal,) = refusals()
    assert refusal[2:] == (str(person.pk), world.foreign.pk)


def test_view_for_roles_lets_them_in_and_refuses_others(
    world: World, request_of_officer: HttpRequest
) -> None:
    def greeting(request: HttpRequest, name: str, *, tail: str) -> HttpResponse:
        """Greet."""
        return HttpResponse(name + tail)

    assert for_roles("officer")(greeting).__doc__ == "Greet."
    for roles in (("officer",), ("reviewer", "officer")):
        response = for_roles(*roles)(greeting)(request_of_officer, "Aminah", tail="!")
        assert isinstance(response, HttpResponse) and response.content == b"Aminah!"
    assert refusals() == []
    with pytest.raises(Http404):
        for_roles("reviewer")(greeting)(request_of_officer, "Aminah", tail="!")
    assert refusals() == [(world.people["officer"].pk, "page", "/agensi/", None)]
