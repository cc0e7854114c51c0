"""The orders for many assignments. Each can be tried on a copy, and calls the service that carries it out."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from audit.clock import local_date
from audit.errors import NotNow
from bulk.models import BulkKind
from recommendations.models import Assignment, AssignmentOfficer, Cycle, Item
from recommendations.models.assignment import AssignmentQuerySet
from recommendations.permissions import may_name_officers_in, may_steer
from recommendations.services.assignments import (
    agency_is_there,
    assign_agency,
    change_assignment,
    confirm_assignment,
    end_assignment,
    facts_of,
    fill_confirmation,
    lead_is_taken,
    may_be_named,
    name_officers,
    require_active_officers,
    require_assignable,
    require_not_ended,
    require_not_turned_down,
)
from recommendations.services.cadence import require_owing
from recommendations.services.checks import require_within_window
from recommendations.states import AssignmentRole, OfficersChange, Stage


class OtherAssignments:
    """The agencies assigned to the items, and those that come to them while an order is tried.

    It keeps two rules: an agency is on an item once, and one agency leads.
    """

    def __init__(self, item_ids: Iterable[int]) -> None:
        rows = Assignment.objects.filter(item__in=set(item_ids)).exclude(stage=Stage.ENDED)
        self._present: set[tuple[int, int]] = set()
        self._leads: dict[int, int | None] = {}
        for pk, item_id, agency_id, role, stage in rows.values_list(
            "pk", "item_id", "agency_id", "role", "stage"
        ):
            self._present.add((item_id, agency_id))
            if role == AssignmentRole.LEAD and stage == Stage.CONFIRMED:
                self._leads[item_id] = pk

    def enter(self, assignment: Assignment) -> None:
        """Add an agency to the item. Raises `NotNow` when it is assigned already."""
        place = (assignment.item_id, assignment.agency_id)
        if place in self._present:
            raise agency_is_there(assignment)
        self._present.add(place)

    def lead(self, assignment: Assignment) -> None:
        """Make it the lead if its role says so. Raises `NotNow` when another agency leads."""
        if not assignment.is_lead:
            return
        is_led = assignment.item_id in self._leads
        if is_led and (assignment.pk is None or self._leads[assignment.item_id] != assignment.pk):
            raise lead_is_taken(assignment)
        self._leads[assignment.item_id] = assignment.pk


class Order(ABC):
    """One act on many assignments; `reason` is kept with every Event."""

    kind: ClassVar[BulkKind]
    reason: str = ""

    @abstractmethod
    def subjects(self, cycle: Cycle, *, is_locked: bool = False) -> list[Assignment]:
        """Return the assignments of the cycle that the order is about, with item, cycle and agency; new ones are unsaved.

        They are locked in order of their primary keys, so that two acts never wait for each other in a circle.
        """

    @abstractmethod
    def try_on(self, trial: Assignment, *, others: OtherAssignments, now: datetime) -> None:
        """Change a copy as the service would change the assignment. Raises what the service would raise."""

    def may_be_given_by(self, actor: User) -> bool:
        """Return whether this person may give the order at all; each service asks again for its assignment."""
        return may_steer(actor)

    def facts(self, assignment: Assignment) -> dict[str, Any]:
        """Return what the order may change about an assignment, by name."""
        return facts_of(assignment)

    @abstractmethod
    def carry_out(self, assignment: Assignment, *, actor: User, now: datetime) -> Assignment:
        """Call the service for one assignment."""

    def key_of(self, assignment: Assignment) -> str:
        """Return the key of an assignment on the page: its id, or item and agency where it does not exist yet."""
        return str(assignment.pk or f"{assignment.item_id}-{assignment.agency_id}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _OnAssignments(Order):
    """An order about assignments that exist."""

    chosen: tuple[int, ...]

    def _found(self, cycle: Cycle) -> AssignmentQuerySet:
        """Return the chosen ones that exist for whoever may give the order."""
        return Assignment.objects.filter(pk__in=self.chosen, item__cycle=cycle)

    def subjects(self, cycle: Cycle, *, is_locked: bool = False) -> list[Assignment]:
        rows = self._found(cycle)
        if is_locked:
            rows = rows.select_for_update(no_key=True, of=("self",))
        return list(rows.select_related("item__cycle", "agency").order_by("pk"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(_OnAssignments):
    """Confirm suggestions."""

    kind: ClassVar[BulkKind] = BulkKind.CONFIRM

    def try_on(self, trial: Assignment, *, others: OtherAssignments, now: datetime) -> None:
        if trial.stage == Stage.CONFIRMED:
            return
        require_not_turned_down(trial)
        others.lead(trial)
        fill_confirmation(trial, now=now)

    def carry_out(self, assignment: Assignment, *, actor: User, now: datetime) -> Assignment:
        return confirm_assignment(assignment, actor=actor, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnDown(_OnAssignments):
    """Turn suggestions down. Assignments in force are refused: each is ended on its own page, with a reason."""

    kind: ClassVar[BulkKind] = BulkKind.TURN_DOWN

    def try_on(self, trial: Assignment, *, others: OtherAssignments, now: datetime) -> None:
        if trial.stage == Stage.CONFIRMED:
            raise NotNow(_("This assignment is in force. End it on its own page, with a reason."))
        trial.stage, trial.next_due_on = Stage.ENDED, None

    def carry_out(self, assignment: Assignment, *, actor: User, now: datetime) -> Assignment:
        return end_assignment(assignment, actor=actor, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveDue(_OnAssignments):
    """Move one of the two due dates, to a day or by a number of days."""

    kind: ClassVar[BulkKind] = BulkKind.MOVE_DUE

    field: str
    to_day: date | None = None
    by_days: int | None = None
    reason: str = ""
    identities_reason: str = ""

    def try_on(self, trial: Assignment, *, others: OtherAssignments, now: datetime) -> None:
        require_not_ended(trial)
        if self.field == "next_due_on" and trial.stage == Stage.SUGGESTED:
            raise NotNow(_("A suggested agency does not report yet. Confirm it first."))
        if self.field == "next_due_on":
            require_owing(trial)
        day = self.to_day or self._moved(getattr(trial, self.field))
        if day == getattr(trial, self.field):
            return
        require_within_window(trial.cycle, day)
        if day < local_date(now):
            raise NotNow(_("That day has passed. Choose today or a later day."))
        setattr(trial, self.field, day)

    def _moved(self, day: date | None) -> date:
        if day is None:
            raise NotNow(_("It has no such date yet. Choose a date instead of a number of days."))
        try:
            return day + timedelta(days=self.by_days or 0)
        except OverflowError as error:
            raise NotNow(_("Choose a day within the assessment window.")) from error

    def carry_out(self, assignment: Assignment, *, actor: User, now: datetime) -> Assignment:
        moved = copy(assignment)
        self.try_on(moved, others=OtherAssignments(()), now=now)
        return change_assignment(
            assignment,
            role=moved.role,
            due_on=moved.due_on,
            cadence_days=moved.cadence_days,
            next_due_on=moved.next_due_on,
            reason=self.reason,
            identities_reason=self.identities_reason,
            actor=actor,
            now=now,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign(Order):
    """Assign agencies to items; `places` are pairs of item id and agency id."""

    kind: ClassVar[BulkKind] = BulkKind.ASSIGN

    places: tuple[tuple[int, int], ...]
    role: str
    due_on: date | None = None
    cadence_days: int | None = None

    def subjects(self, cycle: Cycle, *, is_locked: bool = False) -> list[Assignment]:
        rows = Item.objects.filter(pk__in={item for item, _agency in self.places}, cycle=cycle)
        if is_locked:
            rows = rows.select_for_update(no_key=True, of=("self",))
        items = {item.pk: item for item in rows.select_related("cycle").order_by("pk")}
        agencies = Agency.objects.in_bulk({agency for _item, agency in self.places})
        return [
            Assignment(
                item=items[item],
                agency=agencies[agency],
                role=self.role,
                due_on=self.due_on,
                cadence_days=self.cadence_days,
            )
            for item, agency in self.places
            if item in items and agency in agencies
        ]

    def try_on(self, trial: Assignment, *, others: OtherAssignments, now: datetime) -> None:
        require_within_window(trial.cycle, trial.due_on)
        require_assignable(trial.item, trial.agency)
        others.enter(trial)
        others.lead(trial)
        fill_confirmation(trial, now=now)

    def carry_out(self, assignment: Assignment, *, actor: User, now: datetime) -> Assignment:
        return assign_agency(
            assignment.item,
            agency=assignment.agency,
            role=assignment.role,
            due_on=assignment.due_on,
            cadence_days=assignment.cadence_days,
            actor=actor,
            now=now,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NameOfficers(_OnAssignments):
    """Name officers for assignments of one agency; `officers` are the ids of people, `change` an `OfficersChange`.

    Whoever is named and can no longer act for the agency is left out by the way.
    """

    kind: ClassVar[BulkKind] = BulkKind.OFFICERS

    agency_id: int
    officers: tuple[int, ...]
    change: str

    def may_be_given_by(self, actor: User) -> bool:
        return may_name_officers_in(actor, self.agency_id)

    def _found(self, cycle: Cycle) -> AssignmentQuerySet:
        found = _OnAssignments._found(self, cycle).filter(agency=self.agency_id)
        # Coordinators give this order too: what the agency may not know of is as if it did not exist, also for MAPO.
        return found.once_confirmed()

    def subjects(self, cycle: Cycle, *, is_locked: bool = False) -> list[Assignment]:
        """Return the agency's own among the chosen, each with those named (`held`) and those meant (`meant`)."""
        people = User.objects.filter(pk__in=self.officers).order_by("pk")
        # People before assignments, so that nobody is deactivated while they are being named.
        meant = list(people.select_for_update(no_key=True, of=("self",)) if is_locked else people)
        rows: list[Any] = _OnAssignments.subjects(self, cycle, is_locked=is_locked)
        held: dict[int, list[User]] = {row.pk: [] for row in rows}
        for link in (
            AssignmentOfficer.objects.filter(assignment__in=held).select_related("user").order_by("pk")
        ):
            held[link.assignment_id].append(link.user)
        for row in rows:
            row.held, row.meant = held[row.pk], meant
        return rows

    def facts(self, assignment: Any) -> dict[str, Any]:
        return {"officers": sorted(person.pk for person in assignment.held)}

    def try_on(self, trial: Any, *, others: OtherAssignments, now: datetime) -> None:
        if trial.stage != Stage.CONFIRMED:
            raise NotNow(_("This assignment is not in force."))
        if self.change != OfficersChange.REMOVE:
            require_active_officers(trial.meant, agency_id=self.agency_id)
        trial.held = self._after(trial)

    def _after(self, assignment: Any) -> list[User]:
        """Return who is named for the assignment afterwards."""
        able = [each for each in assignment.held if may_be_named(each, agency_id=self.agency_id)]
        if self.change == OfficersChange.REMOVE:
            return [each for each in able if each not in assignment.meant]
        kept = able if self.change == OfficersChange.ADD else []
        return list(dict.fromkeys([*kept, *assignment.meant]))

    def carry_out(self, assignment: Any, *, actor: User, now: datetime) -> Assignment:
        wanted = self._after(assignment)
        done: Any = name_officers(assignment, officers=wanted, actor=actor, now=now)
        done.held = wanted
        named: Assignment = done
        return named
