"""Texts of a Word document: one text, or the same in Malay and in English, each with its language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from reports.languages import Translator, Wording
from reports.writers.wording.labels import LABELS


@dataclass(frozen=True, slots=True)
class DocxText:
    """Phrases that mean the same, each with its language; "" for a name, a figure, or what somebody typed.

    `style` is the character style, `link` the bookmark in this document that it leads to.
    """

    phrases: tuple[tuple[str, str], ...]
    style: str = ""
    link: str = ""

    @property
    def text(self) -> str:
        return " / ".join(text for _language, text in self.phrases)


def plain(text: str, style: str = "") -> DocxText:
    """Return a text of no language: a code, a number, what a person typed."""
    return DocxText((("", text),), style)


NOTHING = plain("")


class DocxTranslator(Translator):
    """Translates into the texts of a Word document."""

    def __call__(self, wording: Wording, *args: object, style: str = "") -> DocxText:
        """Return the wording in each language; once, and of no language, where all languages say the same."""
        return self.merged(self.texts(wording, *args), style)

    def label(self, name: str, style: str = "") -> DocxText:
        """Return one of `LABELS`."""
        return self(LABELS[name], style=style)

    def each(self, wording: Callable[..., Iterable[str]], *args: object) -> Iterator[DocxText]:
        """Yield several texts, from a function that gives as many in every language."""
        return map(self.merged, self.text_lists(wording, *args))

    def merged(self, texts: list[str], style: str = "") -> DocxText:
        """Return texts that are the wording in each language; once where all are the same."""
        if len(self.languages) > 1 and len(set(texts)) == 1:
            return plain(texts[0], style)
        return DocxText(tuple(zip(self.languages, texts, strict=True)), style)

    def of_columns(self, ms: str, en: str) -> DocxText:
        """Return what is stored in two columns, one for each language, even where both are alike."""
        return DocxText(tuple(zip(self.languages, self.pick(ms, en), strict=True)))
