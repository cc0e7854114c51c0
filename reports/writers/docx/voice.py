"""What a Word file says: one text, or the same in Malay and in English, each with the language that it is in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from django.utils.translation import override

from reports.languages import languages_of

#: How Word names the languages.
WORD_LANGUAGES = {"ms": "ms-MY", "en": "en-MY"}


@dataclass(frozen=True, slots=True)
class Said:
    """Phrases that mean the same, each with its language; "" where it is a name, a figure, or what somebody typed.

    `style` is the style of its letters, `link` the mark in this document that it leads to.
    """

    phrases: tuple[tuple[str, str], ...]
    style: str = ""
    link: str = ""

    def styled(self, style: str) -> Said:
        return replace(self, style=style)

    def linked(self, mark: str) -> Said:
        return replace(self, link=mark)

    @property
    def text(self) -> str:
        return " / ".join(text for _tongue, text in self.phrases)


def typed(text: str, style: str = "") -> Said:
    """What is no translation of anything: a code, a number, a text of a person."""
    return Said((("", text),), style)


NOTHING = typed("")


@dataclass(frozen=True, slots=True)
class Voice:
    """Speaks the languages of a paper."""

    tongues: tuple[str, ...]

    @classmethod
    def of(cls, language: str) -> Voice:
        return cls(languages_of(language))

    @property
    def is_twofold(self) -> bool:
        return len(self.tongues) > 1

    def __call__(self, words: Callable[..., object], *of: object, style: str = "") -> Said:
        """What `words` gives of its arguments in each language; once only where they give the same."""
        said = []
        for tongue in self.tongues:
            with override(tongue):
                said.append((tongue, str(words(*of))))
        if len({text for _tongue, text in said}) == 1:
            return Said(((self._only, said[0][1]),), style)
        return Said(tuple(said), style)

    def each(self, words: Callable[..., Iterable[str]], *of: object) -> Iterator[Said]:
        """The same of each of several sentences, of which there are as many in each language."""
        told = []
        for tongue in self.tongues:
            with override(tongue):
                told.append(list(words(*of)))
        for texts in zip(*told, strict=True):
            yield self(iter(texts).__next__)

    @property
    def _only(self) -> str:
        return "" if self.is_twofold else self.tongues[0]
