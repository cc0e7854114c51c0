"""What the pages of bulk acts show: the preview, and the acts that were done with their steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from bulk.models import DUE_DATES, BulkAct, BulkKind, BulkStep
from bulk.services.undo import built_upon
from recommendations.models import Assignment, Cycle, Update
from recommendations.queries.item_forecast import ItemForecasts
from recommendations.states import AssignmentRole, ItemKind, Stage
from submissions.states import SubmissionState
from ui import dates

if TYPE_CHECKING:
    from bulk.services.plan import BulkPlan, PlannedStep


@dataclass(frozen=True, slots=True)
class BulkPreviewRow:
    """One step of a plan in words."""

    step: PlannedStep
    before: list[str]
    after: list[str]
    is_new: bool
    is_deserted: bool
    is_awaiting: bool
    becomes: str = ""


@dataclass(frozen=True, slots=True)
class BulkPreview:
    """A plan as its page shows it: rows and totals."""

    plan: BulkPlan
    rows: list[BulkPreviewRow]

    @property
    def title(self) -> str:
        if not self.plan.changes and not self.plan.refused:
            return _("Nothing would change")
        return asked_words(self.plan.order.kind, len(self.plan.changes) or len(self.plan.steps))

    @property
    def about(self) -> str:
        """Return which date moves and why; empty for other kinds of act."""
        return ". ".join(filter(None, [date_label(_moved_field(self.plan)), self.plan.order.reason]))

    @property
    def unchanged_words(self) -> str:
        count = len(self.plan.unchanged)
        words = ngettext("%(count)s would not change.", "%(count)s would not change.", count)
        return words % {"count": count} if count else ""

    @property
    def refused_words(self) -> str:
        count = len(self.plan.refused)
        if count and count == len(self.plan.steps):
            return _("None of these can be done. Go back and choose again.")
        words = ngettext(
            "%(count)s of %(total)s cannot be done, so nothing can be done yet. Leave it out, or go back.",
            "%(count)s of %(total)s cannot be done, so nothing can be done yet. Leave them out, or go back.",
            count,
        )
        return words % {"count": count, "total": len(self.plan.steps)} if count else ""

    @property
    def kept_keys(self) -> str:
        """Return the keys that stay chosen when refused steps are left out."""
        return ",".join(step.key for step in self.plan.steps if not step.refusal)

    @property
    def keys(self) -> str:
        return ",".join(step.key for step in self.plan.steps)

    @property
    def seen(self) -> str:
        """Return the fingerprints as the form carries them."""
        return ",".join(f"{key}:{sign}" for key, sign in self.plan.fingerprints.items())


def preview_of(plan: BulkPlan, *, reader: User, differing: Collection[PlannedStep] = ()) -> BulkPreview:
    """Return the page of a plan. `differing` are the steps that changed since they were previewed. Four queries at most."""
    changed = {step.key for step in differing}
    deserted, awaiting, becomes = _deserted(plan), _awaiting(plan, reader), _becomes(plan)
    names = _names(facts for step in plan.steps for facts in (step.before, step.after))
    kind, field = plan.order.kind, _moved_field(plan)
    return BulkPreview(
        plan,
        [
            BulkPreviewRow(
                step,
                facts_in_words(step.before, kind, field=field, names=names),
                facts_in_words(step.after, kind, field=field, names=names),
                step.key in changed,
                step.is_change and step.assignment.agency_id in deserted,
                step.is_change and step.assignment.pk in awaiting,
                becomes.get(step.assignment.item_id, "") if step.is_change else "",
            )
            for step in plan.steps
        ],
    )


def _moved_field(plan: BulkPlan) -> str:
    return str(getattr(plan.order, "field", ""))


def _deserted(plan: BulkPlan) -> set[int]:
    """Return the ids of agencies that would be assigned and have no active officer."""
    if plan.order.kind not in (BulkKind.CONFIRM, BulkKind.ASSIGN):
        return set()
    agencies = {step.assignment.agency_id for step in plan.steps}
    acting = User.objects.able_to_act().filter(agency__in=agencies)
    return agencies - set(acting.values_list("agency", flat=True))


def _becomes(plan: BulkPlan) -> dict[int, str]:
    """Return what becomes of each item whose state the plan as a whole would change, in words."""
    if plan.order.kind not in (BulkKind.CONFIRM, BulkKind.ASSIGN):
        return {}
    roles: dict[int, dict[int, str]] = defaultdict(dict)
    added: dict[int, list[Assignment]] = defaultdict(list)
    for step in plan.changes:
        item_id, pk = step.assignment.item_id, step.assignment.pk
        if pk is None:
            added[item_id].append(step.assignment)
        else:
            roles[item_id][pk] = step.after["role"]
    ids = {step.assignment.item_id for step in plan.changes}
    read = ItemForecasts(ids)
    found = {pk: read.of(pk, roles=roles[pk], added=added[pk]) for pk in ids}
    return {pk: forecast.words for pk, forecast in found.items() if forecast.is_change}


def _awaiting(plan: BulkPlan, reader: User) -> set[int]:
    """Return the ids of assignments with a waiting update that the reader may see: accepting it sets the next date anew."""
    if _moved_field(plan) != "next_due_on":
        return set()
    chosen = [step.assignment.pk for step in plan.steps]
    waiting = Update.objects.visible_to(reader).filter(assignment__in=chosen, state=SubmissionState.SUBMITTED)
    return set(waiting.values_list("assignment", flat=True))


def _names(facts: Iterable[Mapping[str, Any] | None]) -> dict[int, str]:
    """Return the names of the people in these facts, by id; no query where none is in any."""
    ids = {pk for each in facts if each for pk in each.get("officers", ())}
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def date_label(field: str) -> str:
    """Return the label of a date field; empty for other fields."""
    return {"next_due_on": _("Next update due"), "due_on": _("Final due date")}.get(field, "")


def facts_in_words(
    facts: Mapping[str, Any] | None, kind: str, *, field: str = "", names: Mapping[int, str] | None = None
) -> list[str]:
    """Return the facts of an assignment that the kind of act changes, one line each; `names` are people's by id."""
    if facts is None:
        return [_("Not on the item")]
    if kind == BulkKind.OFFICERS:
        return sorted((names or {}).get(pk, "") for pk in facts["officers"]) or [_("Nobody named")]
    if kind == BulkKind.MOVE_DUE:
        return [dates.short_day(facts[field]) if facts[field] else _("No date")]
    if facts["stage"] == Stage.SUGGESTED:
        return [_("Suggested"), str(AssignmentRole(facts["role"]).label)]
    if facts["stage"] == Stage.ENDED:
        return [_("Turned down") if kind == BulkKind.TURN_DOWN else str(Stage.ENDED.label)]
    return _in_force_words(facts)


def _in_force_words(facts: Mapping[str, Any]) -> list[str]:
    words = [str(AssignmentRole(facts["role"]).label)]
    if facts["next_due_on"]:
        words.append(_("next update by %(day)s") % {"day": dates.short_day(facts["next_due_on"])})
    if facts["due_on"]:
        words.append(_("final due date %(day)s") % {"day": dates.short_day(facts["due_on"])})
    return words


def asked_words(kind: str, count: int) -> str:
    """Return the title of a preview and the label of its button."""
    words = {
        BulkKind.MOVE_DUE: ngettext("Move %(count)s due date", "Move %(count)s due dates", count),
        BulkKind.CONFIRM: ngettext("Confirm %(count)s suggestion", "Confirm %(count)s suggestions", count),
        BulkKind.TURN_DOWN: ngettext(
            "Turn %(count)s suggestion down", "Turn %(count)s suggestions down", count
        ),
        BulkKind.ASSIGN: ngettext("Make %(count)s assignment", "Make %(count)s assignments", count),
        BulkKind.OFFICERS: ngettext(
            "Change officers of %(count)s item", "Change officers of %(count)s items", count
        ),
    }[BulkKind(kind)]
    return words % {"count": count}


def done_words(kind: str, count: int) -> str:
    """Return the message after the act."""
    words = {
        BulkKind.MOVE_DUE: ngettext("%(count)s due date moved", "%(count)s due dates moved", count),
        BulkKind.CONFIRM: ngettext(
            "%(count)s suggestion confirmed", "%(count)s suggestions confirmed", count
        ),
        BulkKind.TURN_DOWN: ngettext(
            "%(count)s suggestion turned down", "%(count)s suggestions turned down", count
        ),
        BulkKind.ASSIGN: ngettext("%(count)s assignment made", "%(count)s assignments made", count),
        BulkKind.OFFICERS: ngettext(
            "Officers of %(count)s item changed", "Officers of %(count)s items changed", count
        ),
    }[BulkKind(kind)]
    return words % {"count": count}


def undone_words(kind: str) -> str:
    """Return the message after an undo."""
    return {
        BulkKind.MOVE_DUE: _("Undone: the dates are as they were before."),
        BulkKind.CONFIRM: _("Undone: these are suggestions again."),
        BulkKind.TURN_DOWN: _("Undone: the suggestions are restored."),
        BulkKind.ASSIGN: _("Undone: these assignments have ended."),
        BulkKind.OFFICERS: _("Undone: the officers are as before."),
    }[BulkKind(kind)]


@dataclass(frozen=True)
class ShownAct:
    """One bulk act, with the number of its steps, and whether something was built on one of them since."""

    act: BulkAct
    count: int
    is_built_upon: bool

    @property
    def words(self) -> str:
        return done_words(self.act.kind, self.count)

    @property
    def can_be_undone(self) -> bool:
        return self.act.undone_at is None and not self.is_built_upon and not self.act.cycle.is_closed


def acts_of(cycle: Cycle, *, reader: User) -> QuerySet[BulkAct]:
    """Return the bulk acts of a cycle that the reader may see, newest first, each with the `count` of its steps."""
    rows = (
        BulkAct.objects.visible_to(reader).filter(cycle=cycle).select_related("actor", "undone_by", "cycle")
    )
    return rows.annotate(count=Count("steps")).order_by("-done_at", "-pk")


def as_listed(acts: Iterable[Any], *, reader: User) -> list[ShownAct]:
    """Return acts as the list shows them, in a number of queries that does not depend on them."""
    shown = list(acts)
    standing = [act.pk for act in shown if act.undone_at is None]
    steps = list(BulkStep.objects.filter(act__in=standing).select_related("act").order_by("pk"))
    built = built_upon(steps, reader=reader) if steps else {}
    bearing = {step.act_id for step in steps if step.pk in built}
    return [ShownAct(act, act.count, act.pk in bearing) for act in shown]


@dataclass(frozen=True, slots=True)
class BulkStepRow:
    """One step of an act that was done."""

    step: BulkStep
    before: list[str]
    after: list[str]
    built: list[str]


@dataclass(frozen=True)
class ActPage(ShownAct):
    """The page of one act."""

    rows: list[BulkStepRow]

    @property
    def about(self) -> str:
        """Return which date moved; empty for other kinds of act."""
        moved = self.act.kind == BulkKind.MOVE_DUE and self.rows
        return date_label(_changed_date(self.rows[0].step)) if moved else ""


def act_page(act: BulkAct, *, reader: User) -> ActPage:
    """Return the page of an act: its steps in the order of items, and what has happened to each assignment since."""
    found = act.steps.select_related("act", "assignment__item__cycle", "assignment__agency")
    steps = sorted(found.order_by("pk"), key=_place)
    built = built_upon(steps, reader=reader) if act.undone_at is None else {}
    names = _names(facts for step in steps for facts in (step.before, step.after))
    rows = [_step_row(step, built.get(step.pk, []), names) for step in steps]
    return ActPage(act, len(steps), bool(built), rows)


def _place(step: BulkStep) -> tuple[Any, ...]:
    item = step.assignment.item
    return (ItemKind.values.index(item.kind), item.number, step.assignment.agency.code)


def _step_row(step: BulkStep, built: list[str], names: Mapping[int, str]) -> BulkStepRow:
    field, kind = _changed_date(step), step.act.kind
    before, after = (
        facts_in_words(facts, kind, field=field, names=names)
        for facts in (step.facts_before, step.facts_after)
    )
    return BulkStepRow(step, before, after, built)


def _changed_date(step: BulkStep) -> str:
    before, after = step.before or {}, step.after
    return next((name for name in DUE_DATES if before.get(name) != after.get(name)), "due_on")
