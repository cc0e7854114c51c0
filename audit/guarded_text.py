"""Texts of which some readers may not see every word.

A text is stored whole, and hidden while it is read: the fields below hand every text that comes out of the database to
one function, which `privacy` sets (`hide_with`). What was hidden is written back whole. `fetch_rows` does the same for
statements written by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models
from django.db.models.functions import JSONObject
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
else:
    _Field = models.Field

Row = TypeVar("Row", bound=models.Model)

#: What stands for hidden words: always as wide, so that it does not tell how long they are.
BLOCK = "█████"


class HiddenText(str):
    """A text with hidden words; `original` is what stands in the database."""

    __slots__ = ("original",)

    original: str

    def __new__(cls, shown: str, original: str) -> HiddenText:
        made = super().__new__(cls, shown)
        made.original = original
        return made

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        return str(self), self.original

    def __html__(self) -> SafeString:
        """The escaped text; who cannot see a block hears what it is."""
        return label_blocks(escape(str(self)))


def label_blocks(html: str) -> SafeString:
    """Return escaped text with a name for each block, for those who listen to a page.

    Without quotation marks, so that it breaks no attribute of a template that puts a text into one.
    """
    named = f"<span role=img aria-label={escape(_('redacted'))}>{BLOCK}</span>"
    return mark_safe(html.replace(BLOCK, named))  # noqa: S308 - it is escaped


def _as_it_is(text: str) -> str:
    return text


_hide: Callable[[str], str] = _as_it_is


def hide_with(hide: Callable[[str], str]) -> None:
    """Let this function say what of a text its reader sees."""
    global _hide
    _hide = hide


def shown(value: Any) -> Any:
    """Return a text as its reader may see it; of lists and dictionaries, the same with each of their texts."""
    if isinstance(value, str):
        return _hide(original(value))
    if isinstance(value, dict):
        return {key: shown(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shown(each) for each in value]
    return value


def original(value: Any) -> Any:
    """Return what stands in the database for what `shown` returned."""
    if isinstance(value, HiddenText):
        return value.original
    if isinstance(value, dict):
        return {key: original(each) for key, each in value.items()}
    if isinstance(value, list):
        return [original(each) for each in value]
    return value


class _GuardedField(_Field):
    """A field whose texts are read as their reader may see them; migrations know it as the field that it extends."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return _hide(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(original(value))

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        plain = next(each for each in type(self).__mro__ if each.__module__.startswith("django."))
        return name, f"django.db.models.{plain.__name__}", args, kwargs


def reread(row: Row) -> Row:
    """Return a copy of a row with its texts as whoever reads now may see them, for whomever it was read (no query)."""
    read = copy(row)
    for each in row._meta.concrete_fields:
        if isinstance(each, _GuardedField) and each.attname in vars(row):
            setattr(read, each.attname, shown(vars(row)[each.attname]))
    return read


class GuardedTextField(_GuardedField, models.TextField):
    """A text of any length that may name somebody."""


class GuardedCharField(_GuardedField, models.CharField):
    """A short text that may name somebody."""


class GuardedJSONField(_GuardedField, models.JSONField):
    """Values among which are texts that may name somebody."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return shown(models.JSONField.from_db_value(self, value, expression, connection))


class GuardedJSONObject(JSONObject):
    """Columns as one JSON object, among them texts that may name somebody."""

    output_field = GuardedJSONField()
