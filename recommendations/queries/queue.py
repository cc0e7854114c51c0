"""What waits for a decision of MAPO, oldest first, and who may not decide on it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Agency, User
from accounts.roles import MAPO_ROLES
from audit.clock import local_date
from evidence.models import held_scan_states
from recommendations.models import Item, OpeningImport, Submission, Update
from recommendations.permissions import OWN_AGENCY, OWN_TEXT
from recommendations.queries.sql import fetch_rows, seen_candidate
from recommendations.states import UpdateState
from ui.addresses import address_of


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One version that waits for a decision. `bar` says why this reader may not decide on it; empty when they may."""

    submission: Submission
    waiting_days: int
    held_count: int
    bar: str
    has_reviewer: bool
    rows_count: int = 0

    @property
    def update(self) -> Update:
        return self.submission.update

    @property
    def opening(self) -> OpeningImport | None:
        """The opening import that this row stands for; None for an update by itself."""
        return self.submission.update.opening

    @property
    def url(self) -> str:
        """Where it is decided on."""
        if self.opening:
            return address_of("imports:opening_review", self.opening.pk)
        return address_of("recommendations:review", self.update.pk)

    @property
    def label(self) -> str:
        return _("Opening import") if self.opening else str(self.item)

    @property
    def text(self) -> str:
        """The item's short title, or how many reports a batch brings in."""
        if not self.opening:
            return self.item.title
        count = {"count": self.rows_count}
        return (
            ngettext("%(count)s report, one decision", "%(count)s reports, one decision", self.rows_count)
            % count
        )

    @property
    def item(self) -> Item:
        return self.submission.update.assignment.item

    @property
    def agency(self) -> Agency:
        return self.submission.update.assignment.agency

    @property
    def may_decide(self) -> bool:
        return not self.bar

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


def waiting_rows(user: User, *, today: date) -> list[QueueRow]:
    """Return every waiting version that the person may see, oldest first; one for a whole opening import. Two queries.

    An assignment has at most one beside those, so the list is no longer than the list of assignments.
    """
    facts = _waiting_facts(user)
    return [
        QueueRow(
            submission=submission,
            waiting_days=(today - local_date(submission.submitted_at)).days,
            held_count=facts[submission.pk].held_count,
            bar=facts[submission.pk].bar,
            has_reviewer=facts[submission.pk].has_reviewer,
            rows_count=facts[submission.pk].rows_count,
        )
        for submission in _submissions(facts)
    ]


def _submissions(keys: Collection[int]) -> QuerySet[Any]:
    """Return those of these versions that still wait, oldest first, with all that a row shows."""
    waiting = Submission.objects.filter(pk__in=keys, update__state=UpdateState.SUBMITTED)
    related = waiting.select_related(
        "update__assignment__item__cycle", "update__assignment__agency", "update__opening", "submitted_by"
    ).defer("update__opening__rows")
    return related.order_by("submitted_at", "pk")


#: The undecided versions that a person may see, that which was sent last; of an opening import the first row's. With each,
#: `permissions.is_author`, `belongs_to_agency` and `may_review` for all that waits at once (a test holds the two equal), how
#: many files are held, and how many updates an opening import has.
_WAITING = """
SELECT submission.id,
       EXISTS (
           SELECT 1 FROM recommendations_updatewriter writer
           WHERE writer.update_id = candidate.id AND writer.user_id = %s) AS wrote_it,
       assignment.agency_id = %s OR EXISTS (
           SELECT 1 FROM accounts_posting posting
           WHERE posting.user_id = %s AND posting.agency_id = assignment.agency_id
             AND posting.began_at < submission.submitted_at
             AND (posting.ended_at IS NULL OR posting.ended_at >= submission.submitted_at)) AS belongs,
       EXISTS (
           SELECT 1 FROM accounts_user reviewer
           WHERE reviewer.is_active AND reviewer.role = ANY(%s)
             AND reviewer.clearance >= coalesce(opening.classification, submission.classification)
             AND reviewer.agency_id <> assignment.agency_id
             AND NOT EXISTS (
                 SELECT 1 FROM recommendations_updatewriter writer
                 WHERE writer.update_id = candidate.id AND writer.user_id = reviewer.id)
             AND NOT EXISTS (
                 SELECT 1 FROM accounts_posting posting
                 WHERE posting.user_id = reviewer.id AND posting.agency_id = assignment.agency_id
                   AND posting.began_at < submission.submitted_at
                   AND (posting.ended_at IS NULL OR posting.ended_at >= submission.submitted_at))
             AND NOT EXISTS (
                 SELECT 1 FROM recommendations_submissiondocument link
                 JOIN evidence_document document ON document.id = link.document_id
                 WHERE link.submission_id = submission.id AND document.stored_name <> ''
                   AND document.classification > reviewer.clearance)
       ) AS has_reviewer,
       (SELECT count(*) FROM recommendations_submissiondocument link
        JOIN evidence_document document ON document.id = link.document_id
        WHERE link.submission_id = submission.id AND document.stored_name <> ''
          AND document.scan_state = ANY(%s)) AS held_count,
       (SELECT count(*) FROM recommendations_update of_batch
        WHERE of_batch.opening_id = candidate.opening_id) AS rows_count
FROM recommendations_update candidate
JOIN recommendations_assignment assignment ON assignment.id = candidate.assignment_id
JOIN recommendations_submission submission
    ON submission.update_id = candidate.id AND submission.submitted_at = candidate.submitted_at
LEFT JOIN recommendations_openingimport opening ON opening.id = candidate.opening_id
WHERE candidate.state = %s AND EXISTS ({seen}) AND NOT EXISTS (
    SELECT 1 FROM recommendations_update of_batch
    WHERE of_batch.opening_id = candidate.opening_id AND of_batch.id < candidate.id)
"""


class WaitingFacts(NamedTuple):
    """Why a reader may not decide on one version, whether anybody may, and counts of held files and of a batch's updates."""

    wrote_it: bool
    belongs: bool
    has_reviewer: bool
    held_count: int
    rows_count: int

    @property
    def bar(self) -> str:
        """Why the reader may not decide; empty when they may."""
        if self.wrote_it:
            return str(OWN_TEXT)
        return str(OWN_AGENCY) if self.belongs else ""


def _waiting_facts(user: User) -> dict[int, WaitingFacts]:
    """Return the facts of every waiting version that the person may see, by its id. One query."""
    seen, of_seen = seen_candidate(Update, user, "visible_to", "with_whole_import_for")
    held = [state.value for state in held_scan_states()]
    values = (user.pk, user.agency_id, user.pk, list(MAPO_ROLES), held, UpdateState.SUBMITTED.value, *of_seen)
    return {number: WaitingFacts(*facts) for number, *facts in fetch_rows(_WAITING.format(seen=seen), values)}


def next_to_decide(rows: Sequence[QueueRow], *, after: int | None = None) -> QueueRow | None:
    """Return the first row that the person may decide, after the row of update `after` where it is given.

    When none is left after it, the search starts again at the oldest.
    """
    open_rows = [row for row in rows if row.may_decide and row.update.pk != after]
    place = next((index for index, row in enumerate(rows) if row.update.pk == after), -1)
    behind = [row for row in rows[place + 1 :] if row.may_decide]
    return next(iter(behind or open_rows), None)
