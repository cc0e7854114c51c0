"""Every guide exists in both languages, is put together alike, and leads only to what exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import NoReverseMatch
from PIL import Image

from accounts.tokens import INVITATION, RESET, link_path
from guides.catalogue import GUIDES, OPERATORS
from guides.rendering import PICTURE_SIZE, TEXTS, guide_of, render
from tests.factories.accounts import PASSWORD, World

LANGUAGES = ("ms", "en")
PICTURES = re.compile(r'src="/static/(guides/[^"]+)" alt="([^"]+)"')


def test_there_is_a_file_for_each_guide_and_language() -> None:
    assert {path.name for path in TEXTS.iterdir()} == {
        f"{name}.{language}.md" for name in GUIDES for language in LANGUAGES
    }


@pytest.mark.parametrize("name", GUIDES)
def test_both_languages_have_the_same_sections_pictures_and_links(name: str) -> None:
    malay, english = (guide_of(name, language) for language in LANGUAGES)
    assert len(malay.sections) == len(english.sections) > 0
    assert malay.title != english.title

    def parts(html: str) -> list[str]:
        return [
            found.replace("-ms.webp", "-en.webp") for found in re.findall(r'(?:href|src)="([^"]+)"', html)
        ]

    assert parts(malay.html) == parts(english.html)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", GUIDES)
def test_pictures_exist_in_the_size_that_the_page_keeps_for_them(name: str, language: str) -> None:
    for path, words in PICTURES.findall(guide_of(name, language).html):
        found = finders.find(path)
        assert found, f"{path} is missing: run make pictures"
        with Image.open(Path(found)) as picture:
            assert picture.size == PICTURE_SIZE
        assert len(words) > 10


def test_every_role_has_a_picture_in_its_guide() -> None:
    assert all(PICTURES.search(guide_of(name, "ms").html) for name in GUIDES if name != OPERATORS)


def test_pages_and_guides_are_linked_by_their_names() -> None:
    guide = render("# Title\n\n## Part\n\n[a](page:overview:overview) [b](page:guides:summaries)\n", "en")
    assert '<a href="/overview/">a</a> <a href="/guide/summaries/">b</a>' in guide.html
    assert 'id="part-1"' in guide.html
    assert "Title" not in guide.html


def test_page_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(NoReverseMatch):
        render("# Title\n\n[a](page:overview:gone)\n", "en")


def test_html_in_a_text_is_shown_as_text() -> None:
    assert "<script>" not in render("# Title\n\n<script>alert(1)</script>\n", "en").html


@pytest.mark.django_db
class TestPage:
    def test_reader_gets_the_guide_of_the_own_role(self, world: World, client: Client) -> None:
        for role, person in world.people.items():
            if role not in GUIDES:
                continue
            client.force_login(person)
            page = client.get("/guide/").content.decode()
            assert f"<h1>{guide_of(role, person.language).title}</h1>" in page

    def test_page_is_in_the_chosen_language(self, world: World, client: Client) -> None:
        client.force_login(world.people["officer"])
        client.cookies["language"] = "en"
        assert guide_of("officer", "en").title in client.get("/guide/").content.decode()
        client.cookies["language"] = "ms"
        assert guide_of("officer", "ms").title in client.get("/guide/").content.decode()

    def test_unknown_guide_is_not_found(self, world: World, client: Client) -> None:
        client.force_login(world.people["officer"])
        assert client.get("/guide/minister/").status_code == 404

    def test_operators_guide_is_for_administrators(self, world: World, client: Client) -> None:
        for role in GUIDES.keys() & world.people.keys():
            client.force_login(world.people[role])
            status = client.get(f"/guide/{OPERATORS}/").status_code
            is_linked = f"/guide/{OPERATORS}/" in client.get("/guide/").content.decode()
            assert (status, is_linked) == ((200, True) if role == "administrator" else (404, False)), role


@pytest.mark.django_db
class TestWelcome:
    def test_first_sign_in_leads_to_three_steps(self, world: World, client: Client) -> None:
        password = {"password": PASSWORD, "password_again": PASSWORD}
        answer = client.post(link_path(world.invited, purpose=INVITATION), password)
        assert answer.status_code == 302
        assert answer["Location"] == "/welcome/"
        page = client.get("/welcome/").content.decode()
        assert page.count("<h2>") == 3
        assert '<a class="btn btn--link" href="/">Langkau semua langkah</a>' in page

    def test_new_password_leads_to_work(self, world: World, client: Client) -> None:
        password = {"password": PASSWORD, "password_again": PASSWORD}
        answer = client.post(link_path(world.people["officer"], purpose=RESET), password)
        assert answer["Location"] == "/"
