"""What waits for a decision of MAPO, oldest first, and who may not decide on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Agency, Posting, User
from accounts.models.people import UserQuerySet
from audit.clock import local_date
from evidence.models import Document
from evidence.models.document import is_above
from recommendations.models import Item, Submission, SubmissionDocument, Update, UpdateWriter
from recommendations.permissions import OWN_AGENCY, OWN_TEXT
from recommendations.queries.sql import RowCount
from ui.addresses import address_of


@dataclass(frozen=True)
class QueueRow:
    """One version that waits for a decision, or the first of a whole opening import, with what is shown of it.

    `rows_count` is of the updates of an opening import; `waiting_days` are whole days of Kuala Lumpur. Known only in a row
    with notes: `has_reviewer`, whether anybody may decide, and `held_count`, how many of its files are held.
    """

    submission: Submission
    wrote_it: bool
    belongs: bool
    rows_count: int
    today: date
    has_reviewer: bool = True
    held_count: int = 0

    @property
    def update(self) -> Update:
        return self.submission.update

    @property
    def item(self) -> Item:
        return self.update.assignment.item

    @property
    def agency(self) -> Agency:
        return self.update.assignment.agency

    @property
    def opening_id(self) -> int | None:
        """The opening import that it stands for; None for an update by itself."""
        return self.update.opening_id

    @property
    def waiting_days(self) -> int:
        return (self.today - local_date(self.submission.submitted_at)).days

    @property
    def is_opening(self) -> bool:
        """Whether it stands for a whole opening import."""
        return self.opening_id is not None

    @property
    def bar(self) -> str:
        """Why the reader may not decide; empty when they may."""
        if self.wrote_it:
            return str(OWN_TEXT)
        return str(OWN_AGENCY) if self.belongs else ""

    @property
    def may_decide(self) -> bool:
        return not self.bar

    @property
    def url(self) -> str:
        """Where it is decided on."""
        if self.opening_id is not None:
            return address_of("imports:opening_review", self.opening_id)
        return address_of("recommendations:review", self.update.pk)

    @property
    def label(self) -> str:
        return _("Opening import") if self.is_opening else str(self.item)

    @property
    def summary(self) -> str:
        """The item's short title, or how many reports a batch brings in."""
        if not self.is_opening:
            return self.item.title
        count = {"count": self.rows_count}
        return (
            ngettext("%(count)s report, one decision", "%(count)s reports, one decision", self.rows_count)
            % count
        )

    @property
    def notes(self) -> list[dict[str, str]]:
        """What a reviewer should know before opening it: tone, icon and text."""
        return [{"tone": tone, "icon": icon, "text": text} for tone, icon, text in self._notes()]

    def _notes(self) -> Iterator[tuple[str, str, str]]:
        if not self.has_reviewer:
            yield "danger", "user-x", _("Nobody may decide: there is no reviewer from another agency")
        elif self.bar:
            yield "quiet", "user-x", self.bar
        if self.held_count:
            held = {"count": self.held_count}
            yield (
                "warning",
                "shield-alert",
                ngettext("%(count)s file held", "%(count)s files held", held["count"]) % held,
            )
        if self.submission.number > 1:
            yield "quiet", "history", _("Version %(number)s") % {"number": self.submission.number}
        if self.update.is_by_letter:
            yield "quiet", "mail", _("By letter")
        if self.update.is_nothing_new:
            yield "quiet", "equal", _("Nothing new")


def waiting_rows(user: User, *, today: date, with_notes: bool = False) -> list[QueueRow]:
    """Return every waiting version that the person may see, oldest first; one for a whole opening import. Two queries.

    An assignment has at most one beside those, so the list is no longer than the list of assignments.
    """
    seen = Update.objects.waiting().visible_to(user).with_whole_import_for(user).order_by("-pk")
    units = [(opening_id or -pk, pk) for pk, opening_id in seen.values_list("pk", "opening_id")]
    rows_counts, first = Counter(unit for unit, _pk in units), dict(units)
    waiting = Submission.objects.filter(update__in=first.values(), submitted_at=F("update__submitted_at"))
    rows = waiting.select_related("update__assignment__item__cycle", "update__assignment__agency")
    # `permissions.is_author`, `belongs_to_agency` and `may_review`, for all at once: a test holds them equal.
    facts: dict[str, Any] = {
        "wrote_it": Exists(_writers(OuterRef).filter(user=user)),
        "belongs": Q(update__assignment__agency=user.agency_id) | Exists(_posted(OuterRef).filter(user=user)),
    }
    if with_notes:
        held = Document.objects.held().filter(submissions=OuterRef("pk"))
        facts |= {"has_reviewer": Exists(_reviewers()), "held_count": RowCount(held.values("pk"))}
    found = rows.annotate(**facts).defer("narrative", "update__narrative").order_by("submitted_at", "pk")
    return [
        QueueRow(
            row,
            rows_count=rows_counts[row.update.opening_id or -row.update_id],
            today=today,
            **{name: getattr(row, name) for name in facts},
        )
        for row in found
    ]


def has_reviewer(row: QueueRow | None) -> bool:
    """Whether anybody may decide on what waits (one query unless the reader may); True where nothing waits."""
    if row is None or row.may_decide:
        return True
    return Submission.objects.filter(Exists(_reviewers()), pk=row.submission.pk).exists()


def _reviewers() -> UserQuerySet:
    """Return those who may decide on the version of the outer query."""
    person, of_opening = OuterRef("pk"), OuterRef("update__opening__classification")
    cited = SubmissionDocument.objects.filter(submission=_outermost("pk"))
    return (
        User.objects.working_at_mapo()
        .filter(clearance__gte=Coalesce(of_opening, OuterRef("classification")))
        .exclude(agency=OuterRef("update__assignment__agency"))
        .filter(
            ~Exists(_writers(_outermost).filter(user=person)),
            ~Exists(_posted(_outermost).filter(user=person)),
            ~Exists(cited.filter(is_above(OuterRef("clearance"), path="document__"))),
        )
    )


def _outermost(name: str) -> OuterRef:
    """Return a column of the query around the outer query."""
    return OuterRef(OuterRef(name))


def _writers(version: Callable[[str], OuterRef]) -> QuerySet[UpdateWriter]:
    return UpdateWriter.objects.filter(update=version("update"))


def _posted(version: Callable[[str], OuterRef]) -> QuerySet[Posting]:
    """Return who belonged to the agency of a version when it was submitted."""
    return Posting.objects.touching(version("submitted_at")).filter(
        agency=version("update__assignment__agency")
    )


def next_to_decide(rows: Sequence[QueueRow], *, after: int | None = None) -> QueueRow | None:
    """Return the first row that the person may decide, after the row of update `after` where it is given.

    When none is left after it, the search starts again at the oldest.
    """
    open_rows = [row for row in rows if row.may_decide and row.update.pk != after]
    place = next((index for index, row in enumerate(rows) if row.update.pk == after), -1)
    behind = [row for row in rows[place + 1 :] if row.may_decide]
    return next(iter(behind or open_rows), None)
