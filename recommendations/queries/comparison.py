"""Two texts of one update side by side: what one person typed, and what a colleague saved meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from recommendations.content import CONTENT_FIELDS, CONTENT_LABELS, Content
from recommendations.states import Status
from ui import dates
from ui.numbers import percent

if TYPE_CHECKING:
    from recommendations.models import Update


#: The fields that are shown by their label and value, because nothing below writes them in its own way.
_OTHER_FIELDS = [
    name
    for name in CONTENT_FIELDS
    if name not in ("status", "percent", "narrative", "covers_from", "covers_to", "classification")
]


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One field in both texts."""

    label: str
    mine: str
    theirs: str

    @property
    def differs(self) -> bool:
        return self.mine != self.theirs


@dataclass(frozen=True, slots=True)
class Comparison:
    """`narrative` apart, because its words are compared one by one."""

    theirs: Update
    narrative: DiffLine
    lines: list[DiffLine]


def compare(*, mine: Content, theirs: Update) -> Comparison:
    """Set what was typed against what is saved now."""
    saved = Content.of(theirs)
    pairs = [
        (_("Status"), _status(mine), _status(saved)),
        (_("Percentage completed"), percent(mine.percent), percent(saved.percent)),
        (_("Dates covered"), _covers(mine), _covers(saved)),
        (_("Classification"), _class(mine), _class(saved)),
        *((CONTENT_LABELS[name], _value(mine, name), _value(saved, name)) for name in _OTHER_FIELDS),
        (_("Files"), _files(mine, saved), _files(saved, mine)),
    ]
    narrative = DiffLine(_("Description"), mine.narrative, saved.narrative)
    return Comparison(theirs, narrative, [DiffLine(str(label), *texts) for label, *texts in pairs])


def _status(content: Content) -> str:
    return str(Status(content.status).label) if content.status else ""


def _covers(content: Content) -> str:
    return dates.day_range(content.covers_from, content.covers_to)


def _class(content: Content) -> str:
    return str(Clearance(content.classification).label)


def _value(content: Content, name: str) -> str:
    value = getattr(content, name)
    return "" if value is None else str(value)


def _files(content: Content, other: Content) -> str:
    total, own = len(content.document_ids), len(content.document_ids - other.document_ids)
    if not own:
        return str(total)
    return _("%(total)d, of which %(own)d only here") % {"total": total, "own": own}
