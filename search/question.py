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
        """What to look for in a text to place an excerpt: the words as typed, then stems, then the cores of stems.

        A core leaves room for what stemming changes: policy and polici, menulis and tulis.
        """
        typed = [word for word in _TYPED.findall(self.text.lower()) if len(word) > 2]
        stems = sorted({*self.lexemes, *self.beginnings}, key=len, reverse=True)
        cores = [stem[1:-1] for stem in stems if len(stem) > 5]
        return list(dict.fromkeys([*typed, *stems, *cores]))


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
            _("Shorten the question to %(limit)d characters.") % {"limit": MAX_CHARACTERS},
        )
    found = _LEXEME.findall(_indexable(text))
    if not found:
        return Question(text, _("There is no word in it to look for. Write at least one word or number."))
    if len(text) < 2 and not text.isdecimal():
        return Question(text, _("One letter is too short. Write at least two."))
    return Question(
        text,
        lexemes=tuple(sorted({word.replace("''", "'") for word, star in found if not star})),
        beginnings=tuple(sorted({word.replace("''", "'") for word, star in found if star})),
    )


def _indexable(text: str) -> str:
    """Return the part of the question that an index can answer, as PostgreSQL writes it; "" if there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(querytree(jejak_query(%s)), '')", [text])
        answer: str = cursor.fetchone()[0]
    return answer
