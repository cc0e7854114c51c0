"""What the pages of opening imports show: the list, a draft row by row, and a sent batch item by item."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import ngettext

from accounts.models import Agency, User
from imports.checks import CheckedRow, check_rows
from imports.reference_data import ReferenceData, load_reference_data
from imports.rows import BatchRows, restored
from privacy.checks import identities_in_names
from privacy.identity_places import NO_PLACES, IdentityPlaces, identity_places
from privacy.kinds import count_words
from recommendations.models import Cycle, Item, OpeningImport, Review, Submission
from recommendations.states import ItemKind
from recommendations.windows import WindowPlace, window_label
from ui import dates


def openings_of(user: User, *, cycle: Cycle | None, agency: Agency | None = None) -> QuerySet[Any]:
    """Return the imports that the person may see, newest first, with `rows_count` in the place of their rows."""
    seen = OpeningImport.objects.visible_to(user)
    seen = seen.filter(cycle=cycle) if cycle else seen
    seen = seen.filter(agency=agency) if agency else seen
    return seen.with_rows_count().select_related(
        "agency", "cycle", "created_by", "submitted_by", "decided_by"
    )


@dataclass(frozen=True, kw_only=True)
class OpeningDraft(BatchRows[CheckedRow]):
    """The rows of a draft, and what they were checked against."""

    opening: OpeningImport
    reference: ReferenceData

    @cached_property
    def naming(self) -> list[CheckedRow]:
        """Rows without problems that seem to identify a person: sending them needs a reason."""
        return [row for row in self.good if row.typed.identity_counts]

    @cached_property
    def file_identities(self) -> str:
        """Return what the name of the file seems to identify, such as "1 name"; empty for most files."""
        return count_words(identities_in_names([self.opening.file_name]))


def read_draft(opening: OpeningImport, *, person: User, today: date) -> OpeningDraft:
    """Return a draft as it is now (two queries)."""
    reference = load_reference_data(opening.cycle, agency=opening.agency, person=person, today=today)
    rows = check_rows(restored(opening.rows), reference)
    return OpeningDraft(rows=rows, opening=opening, reference=reference)


@dataclass(frozen=True)
class SentRow:
    """One sent row: the version that waits or was decided."""

    submission: Submission
    cycle: Cycle

    @property
    def reported_on(self) -> date | None:
        return self.submission.update.reported_on

    @property
    def covers(self) -> str:
        return dates.day_range(self.submission.covers_from, self.submission.covers_to)

    @property
    def window(self) -> WindowPlace:
        return window_label(self.submission.covers_from, self.submission.covers_to, self.cycle)

    @property
    def identities(self) -> IdentityPlaces:
        """Return what the text seems to identify; it was looked at as it was sent, and only then was a reason kept."""
        return identity_places(self.submission.narrative) if self.submission.identities_reason else NO_PLACES

    @property
    def verdict(self) -> Review | None:
        """Return MAPO's verdict if it was corrected since and differs from the claim."""
        newest = next(iter(self.submission.reviews.all()), None)
        if newest is None or not newest.is_accepted:
            return None
        claim = self.submission.status, self.submission.percent
        return newest if (newest.status, newest.percent) != claim else None


@dataclass(frozen=True)
class ItemGroup:
    """The rows of one item, oldest first, and the verdict before them."""

    item: Item
    role: str
    standing: Review | None
    rows: list[SentRow]

    @property
    def newest(self) -> SentRow:
        return self.rows[-1]


@dataclass(frozen=True)
class SentPage:
    """The page of an import that was sent, item by item."""

    opening: OpeningImport
    groups: list[ItemGroup]

    @cached_property
    def file_identities(self) -> str:
        """Return what the name of the file seems to identify, such as "1 name"; empty for most files."""
        return count_words(identities_in_names([self.opening.file_name]))

    @property
    def identities_reason(self) -> str:
        """Why the import was sent although it seems to identify a person."""
        reasons = (row.submission.identities_reason for group in self.groups for row in group.rows)
        return next(filter(None, reasons), "")

    @property
    def rows_count(self) -> int:
        return sum(len(group.rows) for group in self.groups)

    @property
    def summary(self) -> str:
        """Return a line such as "14 reports on 5 items"."""
        reports = ngettext("%(count)s report", "%(count)s reports", self.rows_count) % {
            "count": self.rows_count
        }
        items = ngettext("on %(count)s item", "on %(count)s items", len(self.groups)) % {
            "count": len(self.groups)
        }
        return f"{reports} {items}"


def read_sent(opening: OpeningImport, *, user: User) -> SentPage:
    """Return the page of an import that was sent (three queries)."""
    reviews = Review.objects.visible_to(user).newest_first()
    versions = (
        Submission.objects.within_clearance(user)
        .filter(update__opening=opening)
        .select_related("update__assignment__item")
        .prefetch_related(Prefetch("reviews", queryset=reviews))
    )
    rows = sorted((SentRow(each, opening.cycle) for each in versions), key=_sent_order)
    standing = _standing(opening, rows)
    groups = [
        ItemGroup(assignment.item, assignment.get_role_display(), standing.get(assignment.pk), list(members))
        for assignment, members in groupby(rows, key=lambda row: row.submission.update.assignment)
    ]
    return SentPage(opening, groups)


def _sent_order(row: SentRow) -> tuple[int, int, date, int]:
    item = row.submission.update.assignment.item
    return (
        ItemKind.values.index(item.kind),
        item.number,
        row.reported_on or date.max,
        row.submission.update_id,
    )


def _standing(opening: OpeningImport, rows: Iterable[SentRow]) -> dict[int, Review]:
    """Return, by assignment id, the verdict to compare with: the current one, or for a decided batch the one before it."""
    assignments = {row.submission.update.assignment_id for row in rows}
    others = Review.objects.accepted().filter(assignment__in=assignments)
    others = others.exclude(submission__update__opening=opening)
    if opening.decided_at is not None:
        others = others.filter(decided_at__lt=opening.decided_at)
    newest = others.order_by("assignment_id", "-decided_at", "-id").distinct("assignment_id")
    return {each.assignment_id: each for each in newest}
