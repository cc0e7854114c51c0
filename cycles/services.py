"""Opens a cycle, changes its settings, closes and reopens it. Nothing here touches an assignment.

Closing locks the cycle's row, and every act on an open cycle holds a shared lock on it (`Cycle.objects.held_open`): an act
that has begun is finished before the cycle closes, and one that begins later finds it closed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Exists, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.acts import changed_fields, jsonable, require, require_reason
from audit.errors import NotNow
from audit.models import Event
from audit.services import record
from cycles.extensions import opening_steps
from privacy.checks import check_identities
from recommendations.errors import CYCLE_CLOSED, CYCLE_UNOPENED, BadDates
from recommendations.models import (
    Assignment,
    AssignmentRequest,
    Comment,
    Cycle,
    ItemOverride,
    OpeningImport,
    Update,
)
from recommendations.permissions import may_keep_cycles
from recommendations.states import Stage
from recommendations.windows import date_problems
from submissions.states import SubmissionState
from ui.form_snapshot import Marked

#: Where the date for information comes from.
SOURCE_COLUMNS = ("submission_source_ms", "submission_source_en")


@dataclass(frozen=True, kw_only=True)
class CycleSettings(Marked):
    """The settings of a cycle that administrators may change: its dates, thresholds in days, and tiers.

    `submission_source_*` says where the date for information comes from, in both languages or in neither.
    """

    window_start: date
    window_end: date
    interim_on: date
    submission_on: date
    cadence_days: int
    due_soon_days: int
    stale_after_days: int
    tier_before_ms: str
    tier_before_en: str
    tier_after_ms: str
    tier_after_en: str
    submission_source_ms: str
    submission_source_en: str

    @property
    def texts(self) -> dict[str, str]:
        """The tiers and the source by name."""
        return {name: value for name, value in self.values.items() if isinstance(value, str)}

    @property
    def problems(self) -> dict[str, str]:
        """Return what contradicts or is missing, by field; empty if nothing is."""
        found = date_problems(
            start=self.window_start,
            end=self.window_end,
            interim_on=self.interim_on,
            submission_on=self.submission_on,
        )
        missing = {name: _("Enter the tier.") for name, text in self.texts.items() if not text}
        for name in SOURCE_COLUMNS:
            missing.pop(name, None)
            if not getattr(self, name) and any(getattr(self, other) for other in SOURCE_COLUMNS):
                missing[name] = _("Give the source in both languages.")
        return {**found, **{name: str(words) for name, words in missing.items()}}


@transaction.atomic
def change_cycle(
    cycle: Cycle,
    *,
    seen: str,
    wanted: CycleSettings,
    reason: str,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> Cycle:
    """Set dates, thresholds and tiers, with a reason; the database keeps what held before. No assignment is moved.

    `seen` is the mark of the settings that the person saw. Raises `NotNow` when they changed since, or nothing would
    change, `BadDates` when the dates contradict each other or a tier is missing, and `IdentitiesFound` as `check_identities` does.
    """
    require(may_keep_cycles(actor))
    cycle = _locked_cycle(cycle)
    if not cycle.is_editable:
        raise NotNow(CYCLE_CLOSED)
    reason = require_reason(reason)
    identities = check_identities({"reason": reason, **wanted.texts}, reason=identities_reason)
    if CycleSettings.of(cycle).mark != seen:
        raise NotNow(
            _("Somebody else changed this cycle meanwhile. Its current values are shown: check them again.")
        )
    if wanted.problems:
        raise BadDates(wanted.problems)
    before, after = changed_fields(cycle, wanted.values)
    if not after:
        raise NotNow(_("The cycle already has these values. Nothing was changed."))
    for name, value in after.items():
        setattr(cycle, name, value)
    cycle.save(update_fields=[*after])
    after |= identities.trail_facts
    _record(cycle, "cycle.changed", actor=actor, now=now, before=before, after=after, reason=reason)
    return cycle


@transaction.atomic
def open_cycle(cycle: Cycle, *, actor: User, now: datetime) -> Cycle:
    """Show a cycle to everybody signed in, and let it take acts. Opening twice opens once; there is no way back.

    What its files brought that is of no cycle, such as indicators, is taken into use in the same transaction.
    """
    require(may_keep_cycles(actor))
    cycle = _locked_cycle(cycle)
    if cycle.is_opened:
        return cycle
    cycle.opened_at, cycle.closed_at = now, None
    cycle.save(update_fields=["opened_at", "closed_at"])
    _record(cycle, "cycle.opened", actor=actor, now=now, after={"opened_at": now})
    for loaded in _loadings(cycle):
        for key, waiting in (loaded.after or {}).get("waiting", {}).items():
            opening_steps[key](waiting, actor=actor, now=now)
    return cycle


@transaction.atomic
def close_cycle(
    cycle: Cycle, *, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> Cycle:
    """Close a cycle: from now on it takes no write but MAPO's decisions on what was sent before.

    The reason is kept and shown. Acts that have begun are finished first. Closing twice closes once.
    """
    require(may_keep_cycles(actor))
    cycle = _locked_cycle(cycle)
    if cycle.is_closed:
        return cycle
    reason = require_reason(reason)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    cycle.closed_at = now
    cycle.save(update_fields=["closed_at"])
    after = {"closed_at": now, "left_open": left_open(cycle), **identities.trail_facts}
    _record(cycle, "cycle.closed", actor=actor, now=now, after=after, reason=reason)
    return cycle


@transaction.atomic
def reopen_cycle(
    cycle: Cycle, *, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> Cycle:
    """Let a closed cycle take writes again, with a reason that is kept and shown."""
    require(may_keep_cycles(actor))
    cycle = _locked_cycle(cycle)
    if not cycle.is_opened:
        raise NotNow(CYCLE_UNOPENED)
    if not cycle.is_closed:
        raise NotNow(_("This cycle is already open. Nothing was changed."))
    reason = require_reason(reason)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    before = {"closed_at": cycle.closed_at}
    cycle.closed_at = None
    cycle.save(update_fields=["closed_at"])
    after = {"closed_at": None, **identities.trail_facts}
    _record(cycle, "cycle.reopened", actor=actor, now=now, before=before, after=after, reason=reason)
    return cycle


@transaction.atomic
def delete_cycle(
    cycle: Cycle, *, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> None:
    """Delete a cycle that was loaded by mistake, with its items, suggestions and reminder rules.

    Its Event keeps the dates, the hash and the contents of the files that were loaded, so that they can be loaded again.
    Raises `NotNow` once anything was done in it, and where its file is not on record; `IdentitiesFound` as
    `check_identities` does.
    """
    require(may_keep_cycles(actor))
    cycle = _locked_cycle(cycle)
    reason = require_reason(reason)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    files = _loaded_files(cycle)
    if not files:
        raise NotNow(_("The file of this cycle is not on record, so it cannot be deleted. Close it instead."))
    before = CycleSettings.of(cycle).values | {"items": cycle.items.count(), "files": files}
    # First: the database deletes no cycle without this Event.
    record(
        action="cycle.deleted",
        actor=actor,
        obj=cycle,
        label=str(cycle),
        before=jsonable(before),
        after=jsonable(identities.trail_facts),
        reason=reason,
        now=now,
    )
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT jejak_delete_cycle(%s)", [cycle.pk])
    except IntegrityError as error:
        raise NotNow(IN_USE) from error
    except OperationalError as error:
        raise NotNow(
            _("Somebody is at work in Jejak. Nothing was deleted; try again in a minute.")
        ) from error


#: Why a cycle cannot be deleted.
IN_USE = _(
    "Something was done in this cycle already, such as an assignment, a meeting or a summary. It cannot be deleted; "
    "close it instead."
)


def _loaded_files(cycle: Cycle) -> list[dict[str, Any]]:
    """Return name, hash, contents and files beside it of each file that was loaded into the cycle, oldest first."""
    kept = [loading.after for loading in _loadings(cycle) if loading.after and loading.after.get("contents")]
    names = ("file", "sha256", "contents", "beside")
    return [{name: after[name] for name in names if name in after} for after in kept]


def _loadings(cycle: Cycle) -> QuerySet[Event]:
    """Return the Events of loading files into the cycle, the oldest first."""
    return Event.objects.about(Cycle._meta.label, cycle.pk).filter(action="cycle.loaded").order_by("pk")


def is_untouched(cycle: Cycle) -> bool:
    """Whether nothing that agencies or MAPO do has been done in it, as far as this app knows (one query)."""
    assignments = Assignment.objects.filter(item__cycle=cycle)
    known = (
        assignments.once_confirmed(),
        OpeningImport.objects.filter(cycle=cycle),
        ItemOverride.objects.filter(item__cycle=cycle),
        Comment.objects.filter(assignment__item__cycle=cycle),
    )
    found: Any = Cycle.objects.filter(pk=cycle.pk)
    for rows in known:
        found = found.exclude(Exists(rows.order_by()))
    return bool(found.exists())


def left_open(cycle: Cycle) -> dict[str, int]:
    """Return how much is unfinished in a cycle, by kind."""
    updates = Update.objects.filter(assignment__item__cycle=cycle)
    requests = AssignmentRequest.objects.unanswered().filter(assignment__item__cycle=cycle)
    suggested = Assignment.objects.filter(item__cycle=cycle, stage=Stage.SUGGESTED)
    return {
        "submitted": updates.filter(state=SubmissionState.SUBMITTED).count(),
        "returned": updates.filter(state=SubmissionState.RETURNED).count(),
        "draft": updates.filter(state=SubmissionState.DRAFT).count(),
        "requests": requests.count(),
        "suggested": suggested.count(),
    }


def _locked_cycle(cycle: Cycle) -> Cycle:
    """Return the cycle as it is now, locked: no act on it runs until the transaction ends."""
    return Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)


def _record(
    cycle: Cycle,
    action: str,
    *,
    actor: User,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    record(
        action=action,
        actor=actor,
        obj=cycle,
        label=str(cycle),
        before=jsonable(before),
        after=jsonable(after),
        reason=reason,
        now=now,
    )
