"""What is hidden, by whom and why; and where words stand that somebody wants to hide."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import IContains

from accounts.models import Agency
from audit import labels
from audit.guarded_text import GuardedCharField, GuardedJSONField, GuardedTextField
from audit.models import Event, audit_type_of
from identities.models import LiftRequest
from privacy.kinds import IdentityKind, count_words
from privacy.models import IdentityMark

#: So many texts are hidden by one act; who finds more narrows the words.
MOST_TEXTS = 200
#: Ways from a row to the agency whose text it is, the nearest first.
_WAYS = (
    "agency",
    "document__agency",
    "assignment__agency",
    "update__assignment__agency",
    "action__agency",
    "report__agency",
    "submission__update__assignment__agency",
    "submission__report__agency",
)


@dataclass(frozen=True)
class MarkLine:
    """One text with hidden words, for the register."""

    mark: IdentityMark
    event: Event
    agency: str
    is_lifted: bool
    is_asked: bool

    @property
    def field(self) -> str:
        return labels.field_text(self.mark.field)

    @property
    def kinds(self) -> str:
        """For example "1 name"; empty where a data officer chose the words."""
        found = Counter(kind for _start, _end, kind in self.mark.spans)
        return count_words({kind: found[kind] for kind in IdentityKind.values if found[kind]})

    @property
    def places(self) -> int:
        return len(self.mark.spans)

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the text is left to be read."""
        return any(start == 0 and end == self.mark.length for start, end, _kind in self.mark.spans)

    @property
    def reason(self) -> str:
        """Why it was sent so, or why it was hidden."""
        return str((self.event.after or {}).get("identities_reason") or self.event.reason)


def marks_like(filters: Mapping[str, Any]) -> QuerySet[IdentityMark, Any]:
    """Return the marks that a valid `RegisterFilter` asks for, the newest first, with `is_lifted` and `is_asked`."""
    later = IdentityMark.objects.filter(sha256=OuterRef("sha256"), pk__gt=OuterRef("pk"), is_hidden=False)
    asked = LiftRequest.objects.filter(mark__sha256=OuterRef("sha256"), decided_at=None)
    marks = IdentityMark.objects.filter(is_hidden=True).annotate(
        is_lifted=Exists(later), is_asked=Exists(asked)
    )
    if agency := filters.get("agency"):
        marks = marks.filter(agency_id=agency)
    if kind := filters.get("kind"):
        marks = marks.filter(spans__contains=[[kind]])
    states = {
        "hidden": Q(is_lifted=False),
        "asked": Q(is_asked=True, is_lifted=False),
        "lifted": Q(is_lifted=True),
    }
    return marks.filter(states.get(filters.get("state", ""), Q())).order_by("-pk")


def mark_lines(marks: list[Any]) -> list[MarkLine]:
    """Return these marks as lines (two queries)."""
    events = Event.objects.in_bulk({mark.event_id for mark in marks})
    codes = dict(Agency.objects.values_list("pk", "code"))
    return [
        MarkLine(mark, events[mark.event_id], codes.get(mark.agency_id, ""), mark.is_lifted, mark.is_asked)
        for mark in marks
    ]


@dataclass(frozen=True)
class TextWithWords:
    """A text in which words stand: of which kind of object, which field, and whose it is."""

    kind: str
    number: int
    field: str
    text: str
    agency_id: int | None


@dataclass(frozen=True)
class WordsFound:
    """The texts in which words stand, at most `MOST_TEXTS`, each text once; `has_more` says that there are others."""

    texts: list[TextWithWords]
    has_more: bool

    @cached_property
    def lines(self) -> list[tuple[labels.Words, str, int]]:
        """Kind of object, field, and number of texts, by frequency."""
        counts = Counter((each.kind, each.field) for each in self.texts)
        return [
            (labels.OBJECTS.get(kind, kind), labels.field_text(field), count)
            for (kind, field), count in counts.most_common()
        ]


def find_words(words: str) -> WordsFound:
    """Return every kept text in which these words stand, in any case (one query for each kind of object with texts).

    Call it for somebody who sees everything.
    """
    found: dict[tuple[str, int | None], TextWithWords] = {}
    for text in _texts_with(words):
        found.setdefault((text.text, text.agency_id), text)
        if len(found) > MOST_TEXTS:
            break
    texts = list(found.values())
    return WordsFound(texts[:MOST_TEXTS], len(texts) > MOST_TEXTS)


def _texts_with(words: str) -> Iterator[TextWithWords]:
    for model in apps.get_models():
        fields = [each for each in model._meta.fields if isinstance(each, GUARDED)]
        if not fields:
            continue
        either = reduce(or_, (_holds(each, words) for each in fields))
        rows = model._default_manager.filter(either).annotate(whose=_agency_of(model))
        for row in rows.values("pk", "whose", *(each.name for each in fields))[: MOST_TEXTS + 1]:
            number = row["pk"] if isinstance(row["pk"], int) else 0
            for name, text in _found_in(row, fields, words):
                yield TextWithWords(audit_type_of(model), number, name, text, row["whose"])


def _found_in(
    row: dict[str, Any], fields: Iterable[models.Field[Any, Any]], words: str
) -> Iterator[tuple[str, str]]:
    """Yield the field and the text of each text of a row in which the words stand."""
    for each in fields:
        for text in _texts_in(row[each.name]):
            if words.casefold() in text.casefold():
                yield each.name, text


def _holds(field: models.Field[Any, Any], words: str) -> Q:
    """Return the condition that words stand in a column; within JSON they are written as JSON writes them."""
    is_json = isinstance(field, GuardedJSONField)
    sought = json.dumps(words, ensure_ascii=False)[1:-1] if is_json else words
    return Q(IContains(Cast(field.name, models.TextField()), sought))


#: Fields whose texts can be hidden.
GUARDED = (GuardedTextField, GuardedCharField, GuardedJSONField)


def _texts_in(value: Any) -> Iterator[str]:
    """Yield a text, or the texts among the values of lists and dictionaries."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(each)


def _agency_of(model: type[models.Model]) -> Any:
    """Return the expression for the agency whose text a row of a model is; NULL where it is nobody's."""
    if model is Event:
        return F("agency_id")
    ways = [F(way) for way in _WAYS if _leads(model, way)]
    if not ways:
        return models.Value(None, output_field=models.BigIntegerField(null=True))
    return ways[0] if len(ways) == 1 else Coalesce(*ways)


def _leads(model: type[models.Model], way: str) -> bool:
    """Whether these relations lead from a model to an agency."""
    here: Any = model
    for name in way.split("__"):
        known = {each.name: each for each in here._meta.fields if each.is_relation}
        if name not in known:
            return False
        here = known[name].related_model
    return here is Agency
