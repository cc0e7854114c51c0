"""The error pages: both languages, no address, and the header of every page where no error of ours stands in the way."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from accounts.roles import Role
from tests.factories.accounts import UserFactory
from tests.pages import body_of
from ui import errors


def test_problem_page_speaks_both_languages(rf: RequestFactory) -> None:
    for view, status in (
        (lambda request: errors.bad_request(request, Exception("odd-reason")), 400),
        (lambda request: errors.forbidden(request, Exception("odd-reason")), 403),
        (lambda request: errors.csrf_failure(request, "odd-reason"), 403),
        (lambda request: errors.not_found(request, Exception("odd-reason")), 404),
        (errors.server_error, 500),
    ):
        for language in ("ms", "en"):
            with translation.override(language):
                response = view(rf.get("/secret/12/"))
            html = response.content.decode()
            assert response.status_code == status, view
            assert f'<html lang="{language}">' in html, view
            assert f'<div class="plain__other" lang="{ {"ms": "en", "en": "ms"}[language] }">' in html, view
            assert "secret" not in html, view
            assert "odd-reason" not in html, view


def test_refusal_is_the_same_for_every_address(rf: RequestFactory) -> None:
    for view in (errors.not_found, errors.forbidden):
        one = view(rf.get("/a/"), Exception("a"))
        other = view(rf.get("/b/?c=d"), Exception("b"))
        assert body_of(one) == body_of(other), view


def test_error_of_the_server_needs_no_person(rf: RequestFactory) -> None:
    """Without database: this test has none."""
    for view in (errors.server_error, lambda request: errors.bad_request(request, Exception())):
        html = view(rf.get("/")).content.decode()
        assert "csrfmiddlewaretoken" not in html and 'class="bell' not in html, view


def test_server_error_names_a_new_reference_each_time(rf: RequestFactory) -> None:
    bodies = {errors.server_error(rf.get("/")).content for _ in range(3)}
    assert len(bodies) == 3


@pytest.fixture(params=[404, 403])
def refused(request: pytest.FixtureRequest, rf: RequestFactory) -> Callable[[HttpRequest], str]:
    """Return the page of a refusal."""
    view = {404: errors.not_found, 403: errors.forbidden}[request.param]
    return lambda asked: view(asked, Exception("odd-reason")).content.decode()


@pytest.mark.parametrize("role", [Role.OFFICER, Role.ADMINISTRATOR])
def test_refusal_has_the_header_of_every_page(
    db: None, rf: RequestFactory, refused: Callable[[HttpRequest], str], role: Role
) -> None:
    request = rf.get("/no-such-place/?a=b")
    request.user = person = UserFactory(role=role)
    html = refused(request)
    for part in (
        'class="demo',
        'class="icon-btn bell',
        "data-language",
        'name="q"',
        "data-signout",
        person.name,
    ):
        assert part in html, part
    assert "aria-current" not in html and "no-such-place" not in html
    assert "data-person" not in html


def test_not_found_has_the_navigation_of_who_is_signed_in(db: None, client: Client) -> None:
    client.force_login(UserFactory(role=Role.OFFICER))
    response = client.get("/no-such-place/?a=b")
    html = response.content.decode()
    assert response.status_code == 404
    for view in ("recommendations:my_work", "overview:overview", "evidence:list", "accounts:my_account"):
        assert f'href="{reverse(view)}"' in html
    assert "Halaman ini tidak dijumpai</h1>" in html and "This page was not found</p>" in html


def test_not_found_is_the_same_page_for_one_person(db: None, client: Client) -> None:
    client.force_login(UserFactory(role=Role.OFFICER))
    assert body_of(client.get("/no-such-place/")) == body_of(client.get("/items/999999/"))


def test_not_found_switches_language_and_shows_nothing_else_before_sign_in(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    html = client.get("/no-such-place/").content.decode()
    assert reverse("overview:overview") not in html and "avatar" not in html
    token = client.cookies["csrftoken"].value
    choice = {"language": "en", "csrfmiddlewaretoken": token}
    where = "http://testserver/no-such-place/"
    response = client.post(reverse("accounts:set_language"), choice, headers={"referer": where})
    assert response["Location"] == where
    assert '<html lang="en">' in client.get(where).content.decode()


def test_not_found_shows_no_message_and_keeps_it_for_the_next_page(db: None, client: Client) -> None:
    client.force_login(UserFactory(role=Role.OFFICER))
    client.post(reverse("accounts:choose_place"), {"place": ""})
    assert "Telah disimpan." not in client.get("/no-such-place/").content.decode()
    assert "Telah disimpan." in client.get(reverse("accounts:my_account")).content.decode()
