"""Workbooks that an agency uploads: their rows are read, corrected and left out, until all are taken over at once.

A kind has a table of its own, with states and moves of its own; these are the columns and guards that all of them share.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from pgtrigger import Trigger

from audit.guarded_text import GuardedCharField, GuardedJSONField
from audit.guards import INSERT, immutable, must_be_now, no_delete, required, transitions
from submissions.states import SubmissionState

if TYPE_CHECKING:
    from accounts.models import User


class RowBatch(models.Model):
    """One workbook of an agency for a cycle. `rows` holds what was read and corrected, right or wrong.

    `revision` counts the changes of its rows, so that what is taken over is what the person saw. Every kind begins as a
    draft and may be discarded; where else it goes is its own.
    """

    file_name = GuardedCharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    rows = GuardedJSONField()
    revision = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    web_grants: ClassVar[str] = "keep"

    #: How its acts begin in the log.
    log_name: ClassVar[str]
    #: Why one that is no draft any more cannot be changed; with %(state)s.
    not_in_draft: ClassVar[Promise]

    if TYPE_CHECKING:
        #: Each kind has these itself; `objects` knows `visible_to`.
        objects: Any
        agency: Any
        agency_id: Any
        cycle: Any
        state: Any
        writers: Any
        get_state_display: Any

    class Meta:
        abstract = True
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.agency.code} · {self.file_name}"

    @property
    def label(self) -> str:
        """How Events name it: never by its file."""
        return f"{self.agency.code} · {self.cycle.year}"

    @property
    def is_draft(self) -> bool:
        return bool(self.state == SubmissionState.DRAFT)

    def may_be_written_by(self, user: User) -> bool:
        """Any officer or coordinator of the agency goes on with it."""
        return bool(user.is_agency_actor and user.agency_id == self.agency_id)


def batch_guards(
    prefix: str, *, moves: Iterable[tuple[str, str]], identity: Iterable[str], instants: Iterable[str] = ()
) -> list[Trigger]:
    """Guard a batch: it begins as a draft, takes these moves alone, and stays whose it is.

    `identity` are the fields that never change, `instants` those that say when something was done, besides the common ones.
    """
    return [
        *no_delete(prefix),
        *transitions(prefix, "state", sorted((str(source), str(target)) for source, target in moves)),
        *required(prefix, "begins_as_draft", f"NEW.state = '{SubmissionState.DRAFT}'", INSERT),
        *immutable(prefix, ["agency", "cycle", *identity, "created_by", "created_at"]),
        *must_be_now(prefix, "created_at", *instants, "closed_at"),
    ]
