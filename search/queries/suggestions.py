"""What the search box offers while its reader types: items, agencies and people, each as a link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import AGENCY_ROLES, MAPO_ROLES
from recommendations.models.cycle import in_reading_language
from recommendations.states import item_label
from search.queries.found import Narrowing, Searcher
from search.queries.others import AGENCIES, ITEMS
from search.question import read_question

#: So many characters say something: R9 is an item, a single letter is nothing yet.
LEAST_CHARACTERS = 2
MOST_ITEMS, MOST_AGENCIES, MOST_PEOPLE = 5, 3, 4
_NOTE_CHARACTERS = 90
#: What is longer than this is no name of an item, an agency or a person.
MOST_CHARACTERS = 80
#: Where a word is being typed, it is looked for whole and as the beginning of another.
_OPEN_WORD = re.compile(r"[^\W_]$")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_THREE_LETTERS = re.compile(r"\w{3}")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A page to go to: its name, what tells it from others, and its address."""

    label: str
    note: str
    url: str


def read_suggestions(typed: str, *, user: User, cycle_id: int) -> list[Suggestion]:
    """Return the items of a cycle, the agencies and the people that match what was typed; an exact name comes first.

    Empty for questions that cannot be asked. Takes four queries.
    """
    typed = " ".join(typed.replace("\0", " ").split())
    if not LEAST_CHARACTERS <= len(typed) <= MOST_CHARACTERS or not _LETTER_OR_DIGIT.search(typed):
        return []
    found = [*_answering(typed, user, cycle_id), *_people(typed)]
    return sorted(found, key=lambda each: each.label.casefold() != typed.casefold())


def too_little_text(typed: str) -> str:
    """Return what to type instead of words that are too short to find anything; "" for longer words, and for none."""
    if _THREE_LETTERS.search(typed) or not _OPEN_WORD.search(typed.strip()):
        return ""
    return _("Type at least three letters, or an item's short name: R9")


def _answering(typed: str, user: User, cycle_id: int) -> Iterator[Suggestion]:
    """Yield the items and agencies that the search finds, so that its rights and its spellings hold here too."""
    question = read_question(f"{typed} or {typed}*" if _OPEN_WORD.search(typed) else typed)
    if not question.is_asked:
        return
    searcher, items = Searcher(user), Narrowing(cycle_id=cycle_id)
    for row in ITEMS.find(question, searcher=searcher, narrowing=items, size=MOST_ITEMS).rows:
        note = Truncator(in_reading_language(row, "text")).chars(_NOTE_CHARACTERS)
        yield Suggestion(
            item_label(row.kind, row.number), note, reverse("recommendations:item", args=[row.pk])
        )
    for row in AGENCIES.find(question, searcher=searcher, narrowing=Narrowing(), size=MOST_AGENCIES).rows:
        yield Suggestion(row.code, in_reading_language(row, "name"), _contacts(agency=row.code))


def _people(typed: str) -> Iterator[Suggestion]:
    """Yield the people whom everybody finds among the contacts: active, and no longer only invited."""
    people = User.objects.active().filter(role__in=(*AGENCY_ROLES, *MAPO_ROLES), agency__is_active=True)
    for person in (
        people.exclude(joined_at=None)
        .named_like(typed)
        .select_related("agency")
        .order_by("name", "pk")[:MOST_PEOPLE]
    ):
        yield Suggestion(
            person.name, f"{person.agency.code} · {person.get_role_display()}", _contacts(text=person.name)
        )


def _contacts(**filters: str) -> str:
    return f"{reverse('recommendations:contacts')}?{urlencode(filters)}"
