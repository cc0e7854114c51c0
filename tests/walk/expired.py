"""What is posted after the session has ended leads to sign-in, back to where one was, and is told there as not done."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories.accounts import PASSWORD, last_person_cookie
from tests.matrix import ANONYMOUS, SIGN_IN, SIGNED_IN, Row
from tests.walk.place import ROWS, Place

NOT_DONE = 'id="not-done"'
#: Names of addresses that somebody opens by GET.
PAGES = {row.name for row in ROWS if row.method == "get" and 200 in row.expected.values()}
#: They need a second factor, whose owner signs in with it (tests/e2e/test_sign_in_story.py), or show no page without one.
OF_A_FACTOR = {"accounts:rename_passkey", "accounts:remove_factor", "accounts:recovery_codes"}


def _posts() -> dict[str, Row]:
    """Return one row for each address that takes a POST from signed-in people."""
    rows: dict[str, Row] = {}
    for row in [row for row in ROWS if row.name not in OF_A_FACTOR]:
        may_somebody = any(row.expected[role] != 404 for role in SIGNED_IN)
        if row.method == "post" and row.expected[ANONYMOUS] == SIGN_IN and may_somebody:
            rows.setdefault(row.name, row)
    return rows


POSTS = _posts()


def check_expired_session(row: Row, place: Place) -> None:
    """The form stood at its own address, as one does that was shown again with errors: the worst case."""
    role = next(role for role in SIGNED_IN if row.expected[role] != 404)
    client = place.client_of(role)
    client.cookies.load(last_person_cookie(place.world.people[role]))
    expire(client)
    address = reverse(row.name, kwargs=place.kwargs) + row.query
    response = client.post(address, row.data(place.world), headers={"Referer": f"http://testserver{address}"})
    assert response.status_code == 302
    assert response["Location"].startswith(resolve_url(settings.LOGIN_URL))
    assert row.name not in PAGES or next_of(response) == address
    shown = sign_in_again(client, response, place.world.people[role])
    assert shown.status_code == 200, shown.redirect_chain  # type: ignore[attr-defined]
    assert NOT_DONE in shown.content.decode()


def sign_in_again(client: Client, response: HttpResponse, person: User) -> HttpResponse:
    """Fill in the sign-in page to which a response leads, and follow to where that leads."""
    data = {"login": person.email, "password": PASSWORD}
    return client.post(response["Location"], {**data, "next": next_of(response)}, follow=True)  # type: ignore[return-value]


def next_of(response: HttpResponse) -> str:
    """Return where a response leads on to after signing in."""
    return parse_qs(urlsplit(response["Location"]).query)["next"][0]


def expire(client: Client) -> None:
    """End the session on the server, as time does; the browser still sends its key."""
    Session.objects.filter(pk=client.cookies[settings.SESSION_COOKIE_NAME].value).delete()
