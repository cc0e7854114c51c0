"""What waits for a decision of MAPO, oldest first, with what stands against deciding it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Posting, User
from accounts.roles import MAPO_ROLES
from audit.clock import local_date
from evidence.models import held_scan_states
from recommendations.models import Item, Review, Submission, SubmissionDocument, Update
from recommendations.readings.signs import ICONS
from recommendations.states import Status, UpdateState


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One version that waits. `bar` says why this reader may not decide on it; empty when they may."""

    submission: Submission
    waiting_days: int
    held_count: int
    bar: str
    has_reviewer: bool

    @property
    def update(self) -> Update:
        return self.submission.update

    @property
    def item(self) -> Item:
        return self.submission.update.assignment.item

    @property
    def icon(self) -> str:
        return ICONS[self.submission.status]

    @property
    def status_label(self) -> str:
        return str(Status(self.submission.status).label)

    @property
    def agency_code(self) -> str:
        return self.submission.update.assignment.agency.code

    @property
    def agency_name(self) -> str:
        return self.submission.update.assignment.agency.name

    @property
    def may_decide(self) -> bool:
        return not self.bar

    @property
    def notes(self) -> list[dict[str, str]]:
        """What a reviewer should know before opening it: tone, icon and words."""
        return [{"tone": tone, "icon": icon, "text": text} for tone, icon, text in self._notes()]

    def _notes(self) -> Iterator[tuple[str, str, str]]:
        if not self.has_reviewer:
            yield "danger", "user-x", _("Nobody may decide: no reviewer of another agency is left")
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


def waiting_rows(user: User, *, today: date) -> list[QueueRow]:
    """Every waiting version that the person may see, oldest first. One query.

    An assignment has at most one, so the list is no longer than the list of assignments.
    """
    return [_row(submission, today=today) for submission in waiting_submissions(user)]


def waiting_submissions(user: User) -> QuerySet[Any]:
    """The queryset behind `waiting_rows`, with everything that a row tells."""
    updates = Update.objects.visible_to(user).filter(state=UpdateState.SUBMITTED).order_by()
    undecided = Submission.objects.filter(update__in=updates).exclude(
        Exists(Review.objects.filter(submission=OuterRef("pk")))
    )
    return (
        undecided.annotate(
            held_count=_held_count(),
            wrote_it=_wrote(user),
            belongs_to_agency=_belongs(user),
            has_reviewer=Exists(_those_who_may_decide()),
        )
        .select_related("update__assignment__item__cycle", "update__assignment__agency", "submitted_by")
        .order_by("submitted_at", "pk")
    )


def _held_count() -> Coalesce:
    held = SubmissionDocument.objects.filter(
        submission=OuterRef("pk"), document__scan_state__in=held_scan_states()
    ).exclude(document__stored_name="")
    counted = held.order_by().values("submission").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


def _wrote(user: User) -> Case:
    """The queryset's form of `permissions.is_author`."""
    sent = Submission.objects.filter(update=OuterRef("update"), submitted_by=user)
    return _whether(Q(update__created_by=user) | Q(update__saved_by=user) | Q(Exists(sent)))


def _belongs(user: User) -> Case:
    """The queryset's form of `permissions.belongs_to_agency`."""
    held = _postings_at_submission().filter(user=user, agency=OuterRef("update__assignment__agency"))
    return _whether(Q(update__assignment__agency=user.agency_id) | Q(Exists(held)))


def _postings_at_submission() -> QuerySet[Posting]:
    sent_at = OuterRef("submitted_at")
    not_ended = Q(ended_at__isnull=True) | Q(ended_at__gte=sent_at)
    return Posting.objects.filter(not_ended, began_at__lt=sent_at)


def _those_who_may_decide() -> QuerySet[User]:
    """Active people for whom `permissions.may_review` holds on the outer submission."""
    outer_agency = OuterRef("update__assignment__agency")
    sent = Submission.objects.filter(update=OuterRef(OuterRef("update")), submitted_by=OuterRef("pk"))
    sent_at = OuterRef(OuterRef("submitted_at"))
    belonged = Posting.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gte=sent_at),
        began_at__lt=sent_at,
        user=OuterRef("pk"),
        agency=OuterRef(OuterRef("update__assignment__agency")),
    )
    above = SubmissionDocument.objects.filter(
        submission=OuterRef(OuterRef("pk")), document__classification__gt=OuterRef("clearance")
    )
    cleared = User.objects.active().filter(role__in=MAPO_ROLES, clearance__gte=OuterRef("classification"))
    others = cleared.exclude(agency=outer_agency).exclude(pk=OuterRef("update__created_by"))
    return others.exclude(pk=OuterRef("update__saved_by")).filter(
        ~Exists(sent), ~Exists(belonged), ~Exists(above)
    )


def _whether(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _row(submission: Any, *, today: date) -> QueueRow:
    return QueueRow(
        submission=submission,
        waiting_days=(today - local_date(submission.submitted_at)).days,
        held_count=submission.held_count,
        bar=_bar(submission),
        has_reviewer=submission.has_reviewer,
    )


def _bar(submission: Any) -> str:
    if submission.wrote_it:
        return _("You wrote this update. Somebody else has to decide on it.")
    if submission.belongs_to_agency:
        return _("You belong to this agency, or did when it reported. Somebody else has to decide.")
    return ""


def next_to_decide(rows: Sequence[QueueRow], *, after: int | None = None) -> QueueRow | None:
    """The first row that the person may decide, behind the row of update `after` where it is given.

    Goes round to the oldest when none is left behind it.
    """
    open_rows = [row for row in rows if row.may_decide and row.update.pk != after]
    place = next((index for index, row in enumerate(rows) if row.update.pk == after), -1)
    behind = [row for row in rows[place + 1 :] if row.may_decide]
    return next(iter(behind or open_rows), None)
