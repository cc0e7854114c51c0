"""Reads what a person typed into the search box."""

import re
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

#: Longer questions are refused, not cut: somebody who pastes a page wants another kind of search.
MAX_CHARACTERS = 200
#: PostgreSQL fails at about thirty minus signs in a row. So many are a pasted ruler line, not words to leave out.
_MOST_MINUSES = 16
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_LEXEME = re.compile(r"'((?:[^']|'')*)'(:\*)?")
_TYPED = re.compile(r"\w+")


@dataclass(frozen=True)
class Question:
    """A question and what it looks for; `problem` says why it cannot be asked, and is empty if it can.

    `lexemes` are the stems that answer it, `beginnings` the stems of words that were typed with an asterisk.
    """

    text: str
    problem: str = ""
    lexemes: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()

    @property
    def is_asked(self) -> bool:
        """Whether there is anything to search for."""
        return bool(self.text) and not self.problem

    @property
    def needles(self) -> list[str]:
        """What to look for in a text to place an excerpt: the words as typed, then stems, cores of stems, beginnings.

        A core leaves room for what stemming changes: policy and polici, menulis and tulis. The beginning of a word is
        the same in both spellings of English: labour and labor, organisation and organization.
        """
        typed = [word for word in _TYPED.findall(self.text.lower()) if len(word) > 2]
        stems = sorted({*self.lexemes, *self.beginnings}, key=len, reverse=True)
        cores = [stem[1:-1] for stem in stems if len(stem) > 5]
        beginnings = [word[: max(4, len(word) // 2)] for word in typed if len(word) > 4]
        return list(dict.fromkeys([*typed, *stems, *cores, *beginnings]))

    @property
    def is_short(self) -> bool:
        """Whether no word in it has three letters: such words are rarely found."""
        return _has_short_words(self.text)


def read_question(typed: str) -> Question:
    """Read words, "phrases", or, -without, begin*. Costs one query, unless the question is refused before."""
    text = " ".join(_CONTROLS.sub(" ", typed[: 20 * MAX_CHARACTERS]).split())
    if text.count("-") > _MOST_MINUSES:
        text = " ".join(text.replace("-", " ").split()) or "-"
    if not text:
        return Question("")
    if len(text) > MAX_CHARACTERS:
        return Question(
            text[:MAX_CHARACTERS],
            _("Shorten the search to %(limit)d characters.") % {"limit": MAX_CHARACTERS},
        )
    found = _LEXEME.findall(_indexable(text))
    return Question(
        text,
        _problem(text, has_words=bool(found)),
        lexemes=tuple(sorted({word.replace("''", "'") for word, star in found if not star})),
        beginnings=tuple(sorted({word.replace("''", "'") for word, star in found if star})),
    )


def _problem(text: str, *, has_words: bool) -> str:
    """Return why the question cannot be asked; empty if it can."""
    if _has_short_words(text) and (not has_words or len(text) < 2):
        return short_words_text()
    if not has_words:
        return _("There is nothing to search for. Write at least one word or number.")
    return ""


def short_words_text() -> str:
    """Return why a question of fewer than three letters finds nothing, and what to do."""
    return _(
        "Type at least three letters, or the short name of an item: R9 for Recommendation 9, W3 for Weakness 3."
    )


def _has_short_words(text: str) -> bool:
    words = _TYPED.findall(text)
    return bool(words) and max(map(len, words)) < 3 and not text.isdecimal()


def _indexable(text: str) -> str:
    """Return the part of the question that an index can answer, as PostgreSQL writes it; "" if there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(querytree(jejak_query(%s)), '')", [text])
        answer: str = cursor.fetchone()[0]
    return answer
