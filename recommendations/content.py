"""What an update says, apart from where it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ui import dates

if TYPE_CHECKING:
    from evidence.models import Document
    from recommendations.models import Submission, Update


@dataclass(frozen=True)
class Content:
    """The agency's words. While drafting, anything may be missing; see `content_rules` for what sending needs.

    `percent` is 0 to 100; the dates covered are both inclusive; `document_ids` are the cited documents, `following_ids`
    those of them that take the update's dates and class. `half_typed` holds, by field, what stands in a date field and
    is no date yet: a draft keeps it.
    """

    status: str = ""
    percent: int | None = None
    narrative: str = ""
    covers_from: date | None = None
    covers_to: date | None = None
    classification: int = 1
    document_ids: frozenset[int] = frozenset()
    following_ids: frozenset[int] = frozenset()
    half_typed: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, update: Update) -> Content:
        """Return the content that an update holds now. One query, for the documents of one that is saved."""
        cited = dict(update.citations.values_list("document_id", "follows_update")) if update.pk else {}
        return cls(
            **{name: getattr(update, name) for name in CONTENT_FIELDS},
            document_ids=frozenset(cited),
            following_ids=frozenset(pk for pk, follows in cited.items() if follows),
            half_typed=update.half_typed,
        )

    @classmethod
    def sent(cls, submission: Submission) -> Content:
        """Return the content of a version that was sent. One query, for the documents."""
        return cls(
            **{name: getattr(submission, name) for name in CONTENT_FIELDS},
            document_ids=frozenset(submission.document_links.values_list("document_id", flat=True)),
        )

    @classmethod
    def from_form(cls, cleaned: Mapping[str, Any], *, added: Iterable[Document] = ()) -> Content:
        """Return the content in a form's cleaned data, with documents that have just been received.

        These follow the update until somebody describes them otherwise.
        """
        new = {document.pk for document in added}
        return cls(
            **{name: cleaned[name] for name in CONTENT_FIELDS},
            document_ids=cleaned["documents"] | new,
            following_ids=cleaned["following"] & cleaned["documents"] | new,
            half_typed=cleaned.get("half_typed", {}),
        )

    @property
    def as_sent(self) -> Content:
        """The same without what only a draft holds."""
        return replace(self, following_ids=frozenset(), half_typed={})

    @property
    def values(self) -> dict[str, Any]:
        """The fields by name, without the documents: the columns of an update and of a submission."""
        return {name: getattr(self, name) for name in CONTENT_FIELDS}


_BESIDE = ("document_ids", "following_ids", "half_typed")
#: The fields that an agency writes. Models, forms, services and the log take them from here.
CONTENT_FIELDS = tuple(each.name for each in fields(Content) if each.name not in _BESIDE)

#: The labels of the fields, in the log and where two texts stand side by side. (Evidence labels `classification`.)
CONTENT_LABELS: dict[str, Promise] = {
    "status": _("Status"),
    "percent": _("Percentage"),
    "narrative": _("Description"),
    "covers_from": _("Covers from"),
    "covers_to": _("Covers to"),
}


def narrative_text(narrative: str, *, covers_from: date, is_nothing_new: bool) -> str:
    """Return the text of a version; for "nothing new since", which has no other, a sentence in the reader's language."""
    if not is_nothing_new:
        return narrative
    return gettext("Nothing new since %(day)s.") % {"day": dates.day(covers_from)}


def submission_narrative(submission: Submission) -> str:
    """Return `narrative_text` for a submission in hand, with its update."""
    is_nothing_new = submission.update.is_nothing_new
    return narrative_text(
        submission.narrative, covers_from=submission.covers_from, is_nothing_new=is_nothing_new
    )
