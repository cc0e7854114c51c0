"""What the values of an event mean, in words: dates, choices, people, digests, in the reader's language.

The log holds codes, ids and ISO dates. Their words come from the model fields of the same names, so that no app has
to register them twice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _

from audit import labels
from audit.models import Event, audit_type_of
from ui import dates
from ui.numbers import file_size, percent

#: The most characters of a text that pages show; a longer one, such as a file's, is kept in the log all the same.
LONGEST_TEXT = 5000
#: What a field without a value shows.
NOTHING = "–"


_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_INSTANT = re.compile(_DATE.pattern + r"[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


class ValueTexts:
    """The words of the values in some events. The objects that they name by id are read once (a query for each model)."""

    def __init__(self, events: Iterable[Event]) -> None:
        wanted: dict[type[models.Model], set[int]] = defaultdict(set)
        for model, pk in _references(events):
            wanted[model].add(pk)
        self._names = {
            (model, found.pk): str(found)
            for model, ids in wanted.items()
            for found in model._default_manager.filter(pk__in=ids)
        }

    def text(self, event: Event, name: str, value: Any) -> str:
        """Return a value of the field `name` in words: nothing as a dash, a list with commas."""
        if value is None or value in ("", [], {}):
            return NOTHING
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if isinstance(value, list):
            return ", ".join(self.text(event, name, part) for part in value)
        if isinstance(value, dict):
            return self._dict_text(event, value)
        referred = _model_of(event.object_type, name)
        if referred is not None and (referred, value) in self._names:
            return self._names[referred, value]
        return _choice_text(event.object_type, name, value) or _plain_text(name, value)

    def _dict_text(self, event: Event, value: dict[str, Any]) -> str:
        """Return a digest in words, or the labels and values of any other dictionary."""
        if is_digest(value):
            text = _("text of %(length)s characters, SHA-256 %(hash)s")
            return text % {"length": f"{value['length']:,}", "hash": f"{value['sha256'][:12]}…"}
        return "; ".join(
            f"{labels.field_text(key)}: {self.text(event, key, part)}" for key, part in value.items()
        )


def is_date(value: Any) -> bool:
    """Return whether a value is a day as the log writes days."""
    if not (isinstance(value, str) and _DATE.fullmatch(value)):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_digest(value: Any) -> bool:
    """Return whether a value stands for a text that the log does not hold."""
    return isinstance(value, dict) and value.keys() == {"sha256", "length"}


def _references(events: Iterable[Event]) -> Iterator[tuple[type[models.Model], int]]:
    """Yield the model and the id of every object that the events name by its id."""
    for event in events:
        for name, value in [*(event.before or {}).items(), *(event.after or {}).items()]:
            model = _model_of(event.object_type, name)
            for part in value if isinstance(value, list) else [value]:
                if model is not None and isinstance(part, int) and not isinstance(part, bool):
                    yield model, part


def _model_of(object_type: str, name: str) -> type[models.Model] | None:
    """Return the model whose ids a field holds, or None where it holds something else."""
    if name in labels.REFERENCES:
        return apps.get_model(labels.REFERENCES[name])
    field = _field_of(object_type, name)
    is_reference = isinstance(field, models.ForeignKey) and isinstance(field.related_model, type)
    return field.related_model if is_reference else None  # type: ignore[union-attr]


def _choice_text(object_type: str, name: str, value: Any) -> str:
    """Return the label of a choice: of the object's own field first, else of a field of that name of any model."""
    field = _field_of(object_type, name)
    own = dict(field.flatchoices).get(value) if field is not None else None
    return str(own if own is not None else _choices_by_name().get((name, value), ""))


def _plain_text(name: str, value: Any) -> str:
    """Return a date or an instant as the pages write it, a number with commas, anything else as it stands."""
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return _("text of %(length)s characters") % {"length": f"{len(value):,}"}
    if isinstance(value, str) and name in labels.VALUES:
        return labels.VALUES[name](value)
    if is_date(value):
        return dates.short_day(date.fromisoformat(value))
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return dates.day_time(datetime.fromisoformat(value))
    if name == "percent":
        return percent(value)
    if name == "size" and isinstance(value, int):
        return file_size(value)
    return str(value)


@cache
def _models_by_type() -> dict[str, type[models.Model]]:
    """Return the models by how the log names them."""
    return {audit_type_of(model): model for model in apps.get_models()}


@cache
def _field_of(object_type: str, name: str) -> models.Field[Any, Any] | None:
    model = _models_by_type().get(object_type)
    try:
        field = model._meta.get_field(name) if model is not None else None
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, models.Field) else None


@cache
def _choices_by_name() -> dict[tuple[str, Any], Any]:
    """Return the labels of the choices of all models by value and name of field or column; the first model wins.

    The log keeps the name of the column where a field was renamed.
    """
    found: dict[tuple[str, Any], Any] = {}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            for value, label in field.flatchoices:
                for name in filter(None, (field.name, field.column)):
                    found.setdefault((name, value), label)
    return found
