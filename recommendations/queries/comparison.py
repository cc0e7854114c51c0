"""Two texts side by side: what one person typed and what a colleague saved, or two versions that were sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from recommendations.content import CONTENT_FIELDS, CONTENT_LABELS, Content, submission_narrative
from recommendations.queries.cited_files import by_shown_name
from recommendations.states import Status
from ui import dates
from ui.numbers import percent

if TYPE_CHECKING:
    from recommendations.models import Review, Submission, Update


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
class EditConflict:
    """What was typed against what a colleague saved; `narrative` apart, because its words are compared one by one."""

    theirs: Update
    narrative: DiffLine
    lines: list[DiffLine]


def compare(*, mine: Content, theirs: Update) -> EditConflict:
    """Set what was typed against what is saved now."""
    saved = Content.of(theirs)
    files = DiffLine(_("Files"), _files(mine, saved), _files(saved, mine))
    narrative = DiffLine(_("Description"), mine.narrative, saved.narrative)
    return EditConflict(theirs, narrative, [*_lines(mine, saved), files])


@dataclass(frozen=True, slots=True)
class VersionChanges:
    """What a version changed in the one that MAPO returned before it; `mine` is the newer of the two.

    `lines` and `narrative` hold both texts, changed or not. `added` and `removed` are names of files.
    """

    returned: Review
    narrative: DiffLine
    lines: list[DiffLine]
    added: list[str]
    removed: list[str]

    @property
    def changed_lines(self) -> list[DiffLine]:
        return [line for line in self.lines if line.differs]

    @property
    def is_unchanged(self) -> bool:
        return not (self.changed_lines or self.narrative.differs or self.added or self.removed)

    @property
    def unchanged_labels(self) -> list[str]:
        """The fields that say the same in both, the description among them."""
        return [line.label for line in (*self.lines, self.narrative) if not line.differs]


def compare_versions(submission: Submission, *, returned: Review) -> VersionChanges:
    """Set a version against the one that this review returned (four queries)."""
    before = returned.submission
    names, names_before = _names(submission), _names(before)
    return VersionChanges(
        returned=returned,
        narrative=DiffLine(_("Description"), submission_narrative(submission), submission_narrative(before)),
        lines=_lines(Content.sent(submission), Content.sent(before)),
        added=[name for pk, name in names.items() if pk not in names_before],
        removed=[name for pk, name in names_before.items() if pk not in names],
    )


def _names(submission: Submission) -> dict[int, str]:
    """Return the names of a version's files by id, in order of their names."""
    return {document.pk: document.display_name for document in by_shown_name(submission.documents.all())}


def _lines(mine: Content, theirs: Content) -> list[DiffLine]:
    """Return the fields of both texts, apart from the description and the files."""
    pairs = [
        (_("Status"), _status(mine), _status(theirs)),
        (_("Percentage completed"), percent(mine.percent), percent(theirs.percent)),
        (_("Dates covered"), _covers(mine), _covers(theirs)),
        (_("Classification"), _class(mine), _class(theirs)),
        *((CONTENT_LABELS[name], _value(mine, name), _value(theirs, name)) for name in _OTHER_FIELDS),
    ]
    return [DiffLine(str(label), *texts) for label, *texts in pairs]


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
