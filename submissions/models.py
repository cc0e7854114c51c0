"""What every kind of submission keeps: the draft, who wrote in it, and each version as it was sent.

A kind has tables of its own; these are the columns and guards that all of them share. A child's `Meta.triggers` begins with
the guards of its part.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from pgtrigger import Trigger

from audit.guards import (
    ANY,
    INSERT,
    any_changed,
    append_only,
    done_by,
    final_after,
    immutable,
    must_be_now,
    no_delete,
    no_row,
    parent_in,
    refuse_update,
    required,
    transitions,
)
from privacy.kinds import IDENTITIES_REASON_LENGTH
from submissions.states import EDITABLE_STATES, MOVES, OPEN_STATES, SubmissionState


class Draft(models.Model):
    """What an agency writes until it is sent, and again after a return.

    `revision` counts the saves: whoever saves says which revision they started from, so that nothing is overwritten
    unseen. `submitted_at` is when it was sent last; `closed_at` when nobody could go on with it any more. `continues`
    is the closed draft whose text goes on here.
    """

    state = models.CharField(max_length=10, choices=SubmissionState.choices, default=SubmissionState.DRAFT)
    revision = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    continues = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="continued_by")

    if TYPE_CHECKING:
        #: The versions that were sent, the people who wrote, the files, and the drafts that go on with the text.
        submissions: Any
        writers: Any
        citations: Any
        continued_by: Any

    class Meta:
        abstract = True

    @property
    def touched_at(self) -> datetime:
        """When it was sent last, or else saved."""
        return self.submitted_at or self.saved_at

    @property
    def is_editable(self) -> bool:
        """Whether its agency may still change the text."""
        return self.state in EDITABLE_STATES

    @property
    def is_open(self) -> bool:
        """Whether it may still be sent or decided on."""
        return self.state in OPEN_STATES

    @property
    def newest_submission(self) -> Any:
        """The version that was sent last, if any."""
        return self.submissions.order_by("-number").first()


class SubmissionVersion(models.Model):
    """One version as it was sent: never changed, and what a decision cites.

    `identities_reason` says why it was sent although it seems to identify a person.
    """

    number = models.PositiveSmallIntegerField()
    revision = models.PositiveIntegerField()
    identities_reason = models.CharField(max_length=IDENTITIES_REASON_LENGTH, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    web_grants: ClassVar[str] = "append"

    class Meta:
        abstract = True


class DraftWriter(models.Model):
    """A person who began a draft, saved its text or sent it. They may not decide on it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    web_grants: ClassVar[str] = "append"

    class Meta:
        abstract = True


def draft_constraints(prefix: str) -> list[models.BaseConstraint]:
    """Return what holds of the state of every draft: it is known, and closed ones say since when."""
    return [
        models.CheckConstraint(condition=Q(state__in=SubmissionState.values), name=f"{prefix}_state_known"),
        models.CheckConstraint(
            condition=Q(state__in=OPEN_STATES, closed_at=None)
            | (~Q(state__in=OPEN_STATES) & Q(closed_at__isnull=False)),
            name=f"{prefix}_closed_when",
        ),
    ]


def draft_guards(
    prefix: str, *, content: Iterable[str], identity: Iterable[str], settled: Iterable[str] = ()
) -> list[Trigger]:
    """Guard a draft: it begins as one, takes the moves of the table alone, and says for ever what was sent.

    `content` are the fields that its agency writes, `identity` those that never change, `settled` those that stand once it
    is closed, besides the common ones.
    """
    editable = ", ".join(f"'{state}'" for state in EDITABLE_STATES)
    moves = sorted({(str(move.source), str(move.target)) for move in MOVES})
    return [
        *no_delete(prefix),
        *transitions(prefix, "state", moves),
        *required(prefix, "begins_as_draft", "NEW.state = 'draft'", INSERT),
        refuse_update(
            f"{prefix}_content_settled", f"OLD.state NOT IN ({editable}) AND {any_changed(content)}"
        ),
        *immutable(prefix, [*identity, "continues", "created_by", "created_at"]),
        *final_after(prefix, "closed_at", ["state", "submitted_at", "saved_by", *settled]),
        *must_be_now(prefix, "created_at", "submitted_at", "closed_at"),
    ]


def version_guards(prefix: str, *, parent: str) -> list[Trigger]:
    """Guard a version: sent now, by whoever acts, of a draft that is still its agency's to write; never changed.

    `parent` is the foreign key of its draft.
    """
    return [
        *append_only(prefix),
        *must_be_now(prefix, "submitted_at"),
        *done_by(prefix, "submitted_by"),
        *parent_in(prefix, "of_open_draft", parent, EDITABLE_STATES, INSERT),
    ]


def not_by_writer(
    prefix: str, person: str, writers: str, key: str, draft: str, operation: str = INSERT
) -> list[Trigger]:
    """Refuse a decision by whoever wrote what it decides on.

    `person` is the foreign key of who decides, `writers` the table of writers with the `key` of their draft, `draft` what
    leads to it.
    """
    wrote = no_row(writers, f"{key}_id = {draft}", f"user_id = NEW.{person}_id")
    return required(prefix, "not_by_writer", wrote, operation)


def sent_part_guards(prefix: str, *, parent: str, decided: Iterable[str]) -> list[Trigger]:
    """Guard the parts of a version, such as its files: they are written with it, and afterwards it gains none.

    `parent` is the foreign key of its draft, `decided` the table and condition of decisions on it: a draft that was returned is
    its agency's to write again, but a version that was decided on is not.
    """
    editable = ", ".join(f"'{state}'" for state in EDITABLE_STATES)
    condition = f"NEW.submission.{parent}.state IN ({editable}) AND {no_row(*decided)}"
    return [*append_only(prefix), *required(prefix, "with_its_submission", condition, INSERT)]


def citation_guards(prefix: str, *, parent: str) -> list[Trigger]:
    """Guard the files of a draft: taking one away lowers its class, so once it was sent only a return opens them again."""
    return parent_in(prefix, "of_open_draft", parent, EDITABLE_STATES, ANY)
