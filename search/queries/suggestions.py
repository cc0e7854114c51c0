"""What the search box offers while its reader types: items, agencies and people, each as a link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import AGENCY_ROLES, MAPO_ROLES
from recommendations.models import Assignment
from recommendations.models.cycle import in_reading_language, title_of
from recommendations.states import item_label
from search.queries.found import Narrowing, Searcher
from search.queries.others import AGENCIES, ITEMS
from search.question import read_question

#: So many characters say something: R9 is an item, 9 its number, a single letter is nothing yet.
LEAST_CHARACTERS = 2
MOST_ITEMS, MOST_AGENCIES, MOST_PEOPLE = 5, 3, 4
#: So many items and agencies are read, to choose from: more than a cycle has.
_MOST_READ = 100
#: What is longer than this is no name of an item, an agency or a person.
MOST_CHARACTERS = 80
#: Where a word is being typed, it is looked for whole and as the beginning of another.
_OPEN_WORD = re.compile(r"[^\W_]$")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_THREE_LETTERS = re.compile(r"\w{3}")
_LAST_NUMBER = re.compile(r"\d+$")
#: Every mark that the search reads as a quotation mark.
_QUOTATION_MARKS = str.maketrans("“”„‟", '""""')


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A page to go to: its name, what tells it from others, and its address."""

    label: str
    note: str
    url: str


def read_suggestions(typed: str, *, user: User, cycle_id: int) -> list[Suggestion]:
    """Return the items of a cycle, the agencies and the people that match what was typed.

    An exact name comes first, then what is the own agency's. Empty for questions that cannot be asked. Takes four queries,
    five for officers and coordinators.
    """
    typed = _without_open_quotation(" ".join(typed.replace("\0", " ").split()))
    if not (len(typed) >= LEAST_CHARACTERS or typed.isdecimal()) or len(typed) > MOST_CHARACTERS:
        return []
    if not _LETTER_OR_DIGIT.search(typed):
        return []
    found = [*_answering(typed, user, cycle_id), *_people(typed, user)]
    return sorted(found, key=lambda each: each.label.casefold() != typed.casefold())


def too_little_text(typed: str) -> str:
    """Return what to type instead of words that are too short to find anything; "" for longer words, and for none."""
    if _THREE_LETTERS.search(typed) or not _OPEN_WORD.search(typed.strip()):
        return ""
    return _("Type at least three letters, or an item's short name: R9")


def _without_open_quotation(typed: str) -> str:
    """Leave out a quotation mark that is not closed yet: what follows it are words."""
    text = typed.translate(_QUOTATION_MARKS)
    return " ".join(text.rpartition('"')[::2]).strip() if text.count('"') % 2 else text


def _answering(typed: str, user: User, cycle_id: int) -> Iterator[Suggestion]:
    """Yield the items and agencies that the search finds, so that its rights and its spellings hold here too."""
    question = read_question(f"{typed} or {typed}*" if _OPEN_WORD.search(typed) else typed)
    if not question.is_asked:
        return
    find: dict[str, Any] = {"searcher": Searcher(user), "size": _MOST_READ}
    numbered = _LAST_NUMBER.search(typed)
    number = int(numbered[0]) if numbered else None
    own = Assignment.objects.answered_by(user).filter(item__cycle=cycle_id)
    own_ids = set(own.values_list("item_id", flat=True))
    items = ITEMS.find(question, narrowing=Narrowing(cycle_id=cycle_id), **find).rows
    for row in sorted(items, key=lambda row: (row.number != number, row.pk not in own_ids))[:MOST_ITEMS]:
        url = reverse("recommendations:item", args=[row.pk])
        yield Suggestion(item_label(row.kind, row.number), title_of(row), url)
    agencies = AGENCIES.find(question, narrowing=Narrowing(), **find).rows
    agencies.sort(key=lambda row: (row.code.casefold() != typed.casefold(), row.pk != user.agency_id))
    for row in agencies[:MOST_AGENCIES]:
        yield Suggestion(row.code, in_reading_language(row, "name"), _contacts(agency=row.code))


def _people(typed: str, user: User) -> Iterator[Suggestion]:
    """Yield the people whom everybody finds among the contacts, those of the own agency first."""
    name = typed.replace('"', " ").strip()
    if len(name) < LEAST_CHARACTERS:
        return
    people = (
        User.objects.active().joined().filter(role__in=(*AGENCY_ROLES, *MAPO_ROLES), agency__is_active=True)
    )
    own_first = people.annotate(is_own=Q(agency=user.agency_id)).order_by("-is_own", "name", "pk")
    for person in own_first.named_like(name).select_related("agency")[:MOST_PEOPLE]:
        yield Suggestion(
            person.name, f"{person.agency.code} · {person.get_role_display()}", _contacts(text=person.name)
        )


def _contacts(**filters: str) -> str:
    return f"{reverse('recommendations:contacts')}?{urlencode(filters)}"
