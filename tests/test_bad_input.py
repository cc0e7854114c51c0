"""Bad input to every form of the product: every answer is our own sentence, none is Django's or allauth's."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from django import forms
from django.utils import translation

from tests.walk.forms import LANGUAGES, in_a_librarys_words
from tracker.house.apps import APPS


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
