"""Texts of a summary in a given language ("ms" or "en") or in several, whatever language the reader's page has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext as translated
from django.utils.translation import override

from recommendations.states import AssignmentRole, Pillar, Status, item_label

#: A lazily translated text, or a function that is called while a language is active.
Wording = str | Promise | Callable[..., object]


@lru_cache(maxsize=4_096)
def translate(msgid: str, language: str) -> str:
    """Return a text marked with `gettext_noop` in a language; cached, because writers ask for every row."""
    # `gettext` under another name: makemessages would collect the variable as a text.
    with override(language):
        return translated(msgid)


def label_in(lazy: str | Promise, language: str) -> str:
    """Return a lazily translated text in a language."""
    with override(language):
        return str(lazy)


@lru_cache(maxsize=256)
def status_label(status: str, language: str) -> str:
    """Return the label of a status in a language, for example "In progress"."""
    return label_in(Status(status).label, language)


@lru_cache(maxsize=256)
def pillar_label(pillar: str, language: str) -> str:
    """Return the label of a pillar in a language; empty for an item without one."""
    return label_in(Pillar(pillar).label, language) if pillar else ""


@lru_cache(maxsize=16)
def role_label(role: str, language: str) -> str:
    """Return the label of an assignment's role in a language, for example "Lead agency"."""
    return label_in(AssignmentRole(role).label, language)


@lru_cache(maxsize=4_096)
def item_name(key: str, language: str) -> str:
    """Return "Recommendation 4" in a language, given "recommendation-4"."""
    with override(language):
        return item_words(key)


def item_words(key: str) -> str:
    """Return "Recommendation 4" in the active language, given "recommendation-4"."""
    kind, _dash, number = key.partition("-")
    return item_label(kind, int(number))


class Translator:
    """Translates into the languages of a summary, for example ("ms", "en"), always in that order."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.languages = languages

    def pick(self, ms: str, en: str) -> list[str]:
        """Return what is stored in two columns, one for each language."""
        texts = {"ms": ms, "en": en}
        return [texts[language] for language in self.languages]

    def texts(self, wording: Wording, *args: object) -> list[str]:
        """Return one text for each language; a function is called with `args`."""
        texts = []
        for language in self.languages:
            with override(language):
                texts.append(str(wording(*args) if callable(wording) else wording))
        return texts

    def text_lists(self, wording: Callable[..., Iterable[str]], *args: object) -> list[list[str]]:
        """Return several texts, each as `texts` does, from a function that gives as many in every language."""
        by_language = []
        for language in self.languages:
            with override(language):
                by_language.append(list(wording(*args)))
        return [list(texts) for texts in zip(*by_language, strict=True)]
