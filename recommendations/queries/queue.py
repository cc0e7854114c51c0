"""What waits for a decision of MAPO, oldest first, and who may not decide on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.roles import MAPO_ROLES
from audit.clock import local_date
from evidence.models import held_scan_states
from recommendations.models import Update
from recommendations.models.cycle import Titled, in_reading_language
from recommendations.permissions import OWN_AGENCY, OWN_TEXT
from recommendations.queries.sql import fetch_rows, seen_candidate
from recommendations.states import ShowsStatus, item_label
from submissions.states import SubmissionState
from ui.addresses import address_of


@dataclass(frozen=True, slots=True)
class QueueRow(Titled, ShowsStatus):
    """One version that waits for a decision, or the first of a whole opening import, with what is shown of it.

    `opening_id` is None for an update by itself. `has_reviewer` says whether anybody may decide; the counts are of held files
    and of the updates of an opening import; `waiting_days` are whole days of Kuala Lumpur.
    """

    submission_id: int
    update_id: int
    assignment_id: int
    opening_id: int | None
    submitted_at: datetime
    version: int
    status: str
    percent: int | None
    is_by_letter: bool
    is_nothing_new: bool
    kind: str
    number: int
    year: int
    text_ms: str
    text_en: str
    title_ms: str
    title_en: str
    agency_code: str
    name_ms: str
    name_en: str
    wrote_it: bool
    belongs: bool
    has_reviewer: bool
    held_count: int
    rows_count: int
    _: KW_ONLY
    today: date

    @property
    def waiting_days(self) -> int:
        return (self.today - local_date(self.submitted_at)).days

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
        return address_of("recommendations:review", self.update_id)

    @property
    def label(self) -> str:
        return _("Opening import") if self.is_opening else item_label(self.kind, self.number)

    @property
    def summary(self) -> str:
        """The item's short title, or how many reports a batch brings in."""
        if not self.is_opening:
            return self.title
        count = {"count": self.rows_count}
        return (
            ngettext("%(count)s report, one decision", "%(count)s reports, one decision", self.rows_count)
            % count
        )

    @property
    def agency_name(self) -> str:
        return in_reading_language(self, "name")

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
        if self.version > 1:
            yield "quiet", "history", _("Version %(number)s") % {"number": self.version}
        if self.is_by_letter:
            yield "quiet", "mail", _("By letter")
        if self.is_nothing_new:
            yield "quiet", "equal", _("Nothing new")


#: The undecided versions that a person may see, that which was sent last; of an opening import the first row's. With each,
#: `permissions.is_author`, `belongs_to_agency` and `may_review` for all that waits at once (a test holds the two equal), how
#: many files are held, and how many updates an opening import has.
_WAITING = """
SELECT submission.id, candidate.id, candidate.assignment_id, candidate.opening_id,
       submission.submitted_at, submission.number, submission.status, submission.percent,
       candidate.is_by_letter, candidate.is_nothing_new,
       item.kind, item.number, cycle.year, item.text_ms, item.text_en, item.title_ms, item.title_en,
       agency.code, agency.name_ms, agency.name_en,
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
JOIN recommendations_item item ON item.id = assignment.item_id
JOIN recommendations_cycle cycle ON cycle.id = item.cycle_id
JOIN accounts_agency agency ON agency.id = assignment.agency_id
JOIN recommendations_submission submission
    ON submission.update_id = candidate.id AND submission.submitted_at = candidate.submitted_at
LEFT JOIN recommendations_openingimport opening ON opening.id = candidate.opening_id
WHERE candidate.state = %s AND EXISTS ({seen}) AND NOT EXISTS (
    SELECT 1 FROM recommendations_update of_batch
    WHERE of_batch.opening_id = candidate.opening_id AND of_batch.id < candidate.id)
ORDER BY submission.submitted_at, submission.id
"""


def waiting_rows(user: User, *, today: date) -> list[QueueRow]:
    """Return every waiting version that the person may see, oldest first; one for a whole opening import. One query.

    An assignment has at most one beside those, so the list is no longer than the list of assignments.
    """
    seen, of_seen = seen_candidate(Update, user, "visible_to", "with_whole_import_for")
    held = [state.value for state in held_scan_states()]
    values = (
        user.pk,
        user.agency_id,
        user.pk,
        list(MAPO_ROLES),
        held,
        SubmissionState.SUBMITTED.value,
        *of_seen,
    )
    return [QueueRow(*facts, today=today) for facts in fetch_rows(_WAITING.format(seen=seen), values)]


def next_to_decide(rows: Sequence[QueueRow], *, after: int | None = None) -> QueueRow | None:
    """Return the first row that the person may decide, after the row of update `after` where it is given.

    When none is left after it, the search starts again at the oldest.
    """
    open_rows = [row for row in rows if row.may_decide and row.update_id != after]
    place = next((index for index, row in enumerate(rows) if row.update_id == after), -1)
    behind = [row for row in rows[place + 1 :] if row.may_decide]
    return next(iter(behind or open_rows), None)
