"""What an update says, apart from where it is kept, and what must hold before it may be sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recommendations.states import NARRATIVE_LENGTH, Status, percent_fits

if TYPE_CHECKING:
    from evidence.models import Document
    from recommendations.models import Update


@dataclass(frozen=True)
class Content:
    """The agency's words. While drafting, anything may be missing; see `problems` for what sending needs.

    `percent` is 0 to 100; the dates covered are both inclusive; `document_ids` are the cited documents.
    """

    status: str = ""
    percent: int | None = None
    narrative: str = ""
    covers_from: date | None = None
    covers_to: date | None = None
    classification: int = 1
    document_ids: frozenset[int] = frozenset()

    @classmethod
    def of(cls, update: Update) -> Content:
        """Return the content that an update holds now. One query, for the documents."""
        return cls(
            **{name: getattr(update, name) for name in CONTENT_FIELDS},
            document_ids=frozenset(update.citations.values_list("document_id", flat=True)),
        )

    @classmethod
    def from_form(cls, cleaned: Mapping[str, Any], *, added: Iterable[Document] = ()) -> Content:
        """Return the content in a form's cleaned data, with documents that have just been received."""
        return cls(
            **{name: cleaned[name] for name in CONTENT_FIELDS},
            document_ids=cleaned["documents"] | {document.pk for document in added},
        )

    @property
    def values(self) -> dict[str, Any]:
        """The fields by name, without the documents: the columns of an update and of a submission."""
        return {name: getattr(self, name) for name in CONTENT_FIELDS}


#: The fields that an agency writes. Models, forms, services and the log take them from here.
CONTENT_FIELDS = tuple(each.name for each in fields(Content) if each.name != "document_ids")


def problems(content: Content, *, today: date) -> dict[str, str | Promise]:
    """Return, by field, what keeps the content from being sent; empty when nothing does (rules, Updates)."""
    found: dict[str, str | Promise] = {}
    if content.status not in Status.values:
        found["status"] = _("Choose a status.")
    if content.percent is None:
        found["percent"] = _("Write the percentage completed, from 0 to 100.")
    elif content.status in Status.values and not percent_fits(content.status, content.percent):
        found["percent"] = PERCENT_RULES[Status(content.status)]
    found |= _narrative_problems(content.narrative) | _date_problems(content, today)
    return found


PERCENT_RULES: dict[Status, Promise] = {
    Status.NONE: _("No action is 0%. Write 0, or choose another status."),
    Status.PROGRESS: _("In progress is between 1% and 99%. Change the percentage, or choose another status."),
    Status.DONE: _("Completed is 100%. Write 100, or choose another status."),
}


def _narrative_problems(narrative: str) -> dict[str, str | Promise]:
    if not narrative.strip():
        return {"narrative": _("Say what was done: how many, where and when.")}
    if len(narrative) > NARRATIVE_LENGTH:
        return {
            "narrative": _(
                "The description holds up to 5,000 characters. Shorten it, or attach the rest as a file."
            )
        }
    return {}


def _date_problems(content: Content, today: date) -> dict[str, str | Promise]:
    found: dict[str, str | Promise] = {}
    if content.covers_from is None:
        found["covers_from"] = _("Give the first day that this update covers.")
    if content.covers_to is None:
        found["covers_to"] = _("Give the last day that this update covers.")
    elif content.covers_to > today:
        found["covers_to"] = _("This day has not come yet. Give a day up to today.")
    elif content.covers_from and content.covers_from > content.covers_to:
        found["covers_to"] = _("This is earlier than the first day covered.")
    return found
