"""Texts of a summary in a given language ("ms" or "en") or in several, whatever language the reader's page has."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.functional import Promise
from django.utils.translation import override

from recommendations.states import item_label

#: A lazily translated text, or a function that is called while a language is active.
Wording = str | Promise | Callable[..., object]


def label_in(lazy: str | Promise, language: str) -> str:
    """Return a lazily translated text in a language."""
    with override(language):
        return str(lazy)


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
