"""Bad input to every form of the product: every answer is our own sentence, none is Django's or allauth's."""

from __future__ import annotations

import html
import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import allauth
import django
import polib
import pytest
from django import forms
from django.test import Client
from django.utils import translation

from accounts.models import User
from tests.matrix import ADMINISTRATOR, ANONYMOUS, ROLES, SIGN_IN, Row
from tests.test_matrix import ROWS, Place, ask
from tests.test_matrix import place as place
from tests.test_matrix import sessions as sessions
from tests.test_matrix import world as world
from tracker.house import words
from tracker.house.apps import APPS

POSTS = [row for row in ROWS if row.method == "post"]
#: Too long for every field, and no choice, number, date or address.
NONSENSE = "x" * 30_000
LANGUAGES = ("en", "ms")


def _catalogues(language: str) -> list[Path]:
    packages = ((django.__file__, ("conf",)), (django.__file__, ("contrib", "auth")), (allauth.__file__, ()))
    folders = (Path(package).parent.joinpath(*path, "locale", language) for package, path in packages)
    return [path for folder in folders if (path := folder / "LC_MESSAGES" / "django.po").exists()]


def _texts(entry: polib.POEntry) -> list[str]:
    return [entry.msgid, entry.msgid_plural, entry.msgstr, *entry.msgstr_plural.values()]


@cache
def _library_sentences() -> dict[re.Pattern[str], str]:
    """Return a pattern of each sentence that is a library's alone, with the longest part that stands in it as it is."""
    theirs = {
        text
        for language in LANGUAGES
        for path in _catalogues(language)
        for entry in polib.pofile(str(path))
        for text in _texts(entry)
        if text.endswith(".") and " " in text and "\n" not in text
    }
    ours = {
        text
        for path in (words.MALAY, words.ENGLISH)
        for entry in polib.pofile(str(path))
        for text in _texts(entry)[2 if entry.occurrences[0][0] == words.LIBRARY_WORDS else 0 :]
    }
    parts = {text: re.split(r"%\(\w+\)[sd]|%[sd]", text) for text in theirs - ours}
    return {re.compile(".+?".join(map(re.escape, part))): max(part, key=len) for part in parts.values()}


def in_a_librarys_words(text: str) -> str:
    """Return the first sentence in the text that only a library says, or ""."""
    for pattern, longest in _library_sentences().items():
        if longest in text and (found := pattern.search(text)):
            return found[0]
    return ""


def form_classes() -> Iterator[type[forms.BaseForm]]:
    """Yield every form class of the product."""
    for app in APPS:
        package = importlib.import_module(app)
        for module in pkgutil.walk_packages(package.__path__, f"{app}."):
            # The door of gunicorn would watch this process's database, and take a test's that is made anew for one that is away.
            if not any(part in module.name for part in ("migrations", ".house", "tracker.wsgi")):
                importlib.import_module(module.name)
    found = [forms.BaseForm]
    for each in found:
        found.extend(sub for sub in each.__subclasses__() if sub not in found)
    yield from (each for each in found if each.__module__.partition(".")[0] in APPS)


def said_by(field: forms.Field) -> Iterator[str]:
    """Yield everything that a field can answer."""
    yield from (str(text) for text in field.error_messages.values())
    for part in (field, *getattr(field, "fields", ())):
        for validator in part.validators:
            if isinstance(message := getattr(validator, "message", None), str) or hasattr(
                message, "_proxy____cast"
            ):
                yield str(message)


def test_sentences_of_libraries_are_recognised() -> None:
    assert in_a_librarys_words("Name: Ensure this value has at most 3 characters (it has 4). Go back.")
    assert in_a_librarys_words("This field is required.")
    assert in_a_librarys_words("Fill this in. Ruangan ini perlu diisi.") == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_of_every_form_class_answers_in_our_words(language: str) -> None:
    classes = list(form_classes())
    assert len(classes) > 30
    with translation.override(language):
        theirs = {
            f"{each.__name__}.{name}: {text}"
            for each in classes
            for name, field in getattr(each, "base_fields", {}).items()
            for text in said_by(field)
            if in_a_librarys_words(text)
        }
    assert theirs == set()


def role_of(row: Row) -> str:
    """Return who may send this form."""
    allowed = [role for role in ROLES if row.expected[role] not in (404, SIGN_IN)]
    return ADMINISTRATOR if ADMINISTRATOR in allowed else (allowed or [ADMINISTRATOR])[-1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", POSTS, ids=str)
def test_every_form_answers_bad_input_in_our_words(
    row: Row, language: str, place: Place, client: Client
) -> None:
    role = role_of(row)
    if role != ANONYMOUS:
        place.sign_in(client, role)
        User.objects.filter(pk=place.world.people[role].pk).update(language=language)
    good = row.data(place.world)
    for bad in ("", NONSENSE):
        data: dict[str, Any] = dict.fromkeys(good, bad)
        response = ask(client, row, place.kwargs, data)
        if response.status_code == 302 and row.expected[role] != SIGN_IN:
            # What a refused act says stands on the next page.
            response = client.get(response["Location"])
        text = html.unescape(response.content.decode(errors="replace")) if not response.streaming else ""
        assert in_a_librarys_words(text) == ""


#: What the matrix sends as texts, by the names of the fields.
TEXTS = {"reason", "text", "narrative", "return_reason", "reference", "name"}
UNSEEN = "\u200b\u2060 \u202e"
SAYS_SO = re.compile(r"Nothing in this text can be seen\. Write it again\.|Fill this in\.")
#: Refused for another reason, or without a form around the text.
OTHER_REFUSALS = {404, 409, 422}
#: They answer about a text, and keep none.
WITHOUT_TEXT = {"privacy:check", "accounts:sign_out_person", "accounts:reissue_link"}


@pytest.mark.parametrize("row", [row for row in POSTS if row.name not in WITHOUT_TEXT], ids=str)
def test_text_in_which_nothing_can_be_seen_is_refused(row: Row, place: Place, client: Client) -> None:
    good = row.data(place.world)
    role = role_of(row)
    if role != ANONYMOUS:
        place.sign_in(client, role)
        User.objects.filter(pk=place.world.people[role].pk).update(language="en")
    for name in sorted(good.keys() & TEXTS):
        response = ask(client, row, place.kwargs, good | {name: UNSEEN})
        if response.status_code not in OTHER_REFUSALS:
            assert response.status_code == 200 and SAYS_SO.search(response.content.decode()), name
