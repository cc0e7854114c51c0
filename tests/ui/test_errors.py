"""The error pages: both languages, no address, no token."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from accounts.roles import Role
from tests.factories.accounts import UserFactory
from ui import errors


@pytest.mark.parametrize("language", ["ms", "en"])
@pytest.mark.parametrize(
    ("view", "status"),
    [
        (lambda request: errors.bad_request(request, Exception("odd-reason")), 400),
        (lambda request: errors.forbidden(request, Exception("odd-reason")), 403),
        (lambda request: errors.csrf_failure(request, "odd-reason"), 403),
        (lambda request: errors.not_found(request, Exception("odd-reason")), 404),
        (errors.server_error, 500),
    ],
)
def test_problem_page_speaks_both_languages(
    rf: RequestFactory, view: Callable[[HttpRequest], HttpResponse], status: int, language: str
) -> None:
    with translation.override(language):
        response = view(rf.get("/secret/12/"))
    html = response.content.decode()
    assert response.status_code == status
    assert f'<html lang="{language}">' in html
    assert f'lang="{ {"ms": "en", "en": "ms"}[language] }"' in html
    assert "secret" not in html
    assert "odd-reason" not in html
    assert "csrfmiddlewaretoken" not in html


def test_not_found_is_the_same_for_every_address(rf: RequestFactory) -> None:
    one = errors.not_found(rf.get("/a/"), Exception("a"))
    other = errors.not_found(rf.get("/b/?c=d"), Exception("b"))
    assert one.content == other.content


def test_server_error_names_a_new_reference_each_time(rf: RequestFactory) -> None:
    bodies = {errors.server_error(rf.get("/")).content for _ in range(3)}
    assert len(bodies) == 3


@pytest.mark.parametrize("language", ["ms", "en"])
def test_not_found_has_the_navigation_of_who_is_signed_in(db: None, client: Client, language: str) -> None:
    client.force_login(UserFactory(role=Role.OFFICER))
    client.cookies["language"] = language
    response = client.get("/no-such-place/?a=b")
    html = response.content.decode()
    assert response.status_code == 404
    for view in ("recommendations:my_work", "overview:overview", "evidence:list"):
        assert f'href="{reverse(view)}"' in html
    assert "Halaman ini tidak dijumpai" in html and "This page was not found" in html
    assert "aria-current" not in html and "no-such-place" not in html
    assert "data-person" not in html


def test_not_found_has_the_menu_of_who_is_signed_in_in_the_same_bytes(db: None, client: Client) -> None:
    person = UserFactory(role=Role.OFFICER)
    client.force_login(person)
    one, other = client.get("/no-such-place/").content, client.get("/items/999999/").content
    assert one == other
    assert person.name in one.decode() and reverse("accounts:my_account") in one.decode()


def test_not_found_has_no_navigation_before_sign_in(db: None, client: Client) -> None:
    html = client.get("/no-such-place/").content.decode()
    assert reverse("overview:overview") not in html
