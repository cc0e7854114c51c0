"""Cycles, assignments and updates for tests, made by the real services wherever there is one."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import Agency, User
from recommendations.content import Content
from recommendations.models import Assignment, Cycle, CycleFact, Item, Review, Submission, Update
from recommendations.services import (
    accept_update,
    assign_agency,
    change_role,
    save_update,
    submit_update,
)
from recommendations.services.checks import locked_assignment
from recommendations.services.updates import UPDATES
from recommendations.states import AssignmentRole, FactKind, ItemKind, Pillar, Status
from submissions.services import start
from tests.factories.accounts import World

REPORTED = Content(
    status=Status.PROGRESS,
    percent=40,
    narrative="Kursus telah diadakan di 4 kontinjen pada Julai 2023.",
    covers_from=date(2023, 7, 1),
    covers_to=date(2023, 8, 31),
)
DONE = replace(REPORTED, status=Status.DONE, percent=100)


def make_cycle(year: int = 2023, **values: object) -> Cycle:
    """A cycle whose window runs from 1 April of its year to 31 March of the next."""
    facts: dict[str, object] = {
        "published_on": date(year, 6, 15),
        "window_start": date(year, 4, 1),
        "window_end": date(year + 1, 3, 31),
        "interim_on": date(year, 9, 30),
        "submission_on": date(year + 1, 2, 1),
        "tier_before_ms": "Tahap 3",
        "tier_before_en": "Tier 3",
        "tier_after_ms": "Tahap 2 Pemerhatian",
        "tier_after_en": "Tier 2 Watch List",
        "source_ms": "Kenyataan Media KDN",
        "source_en": "Press statement of the Home Ministry",
        "source_on": date(year, 6, 16),
    }
    return Cycle.objects.create(year=year, **(facts | values))


def make_fact(cycle: Cycle, **values: object) -> CycleFact:
    """A fact of a cycle, of the source."""
    facts: dict[str, object] = {
        "kind": FactKind.PROGRAMME,
        "title_ms": "Garis panduan baharu",
        "title_en": "New guidelines",
        "text_ms": "Garis panduan dilancarkan.",
        "text_en": "The guidelines were launched.",
        "source_ms": "Kenyataan Media KDN",
        "source_en": "Press statement of the Home Ministry",
    }
    return CycleFact.objects.create(cycle=cycle, **(facts | values))


def make_item(
    cycle: Cycle, *, number: int = 1, kind: str = ItemKind.RECOMMENDATION, pillar: str = Pillar.PROTECTION
) -> Item:
    """An item with a text in both languages."""
    return Item.objects.create(
        cycle=cycle,
        kind=kind,
        number=number,
        text_ms=f"Perkara {number} yang perlu ditambah baik.",
        text_en=f"Point {number} that should be mended.",
        pillar=pillar,
    )


def make_assignment(
    item: Item, agency: Agency, *, actor: User, now: datetime, role: str = AssignmentRole.LEAD
) -> Assignment:
    """An assignment in force."""
    return assign_agency(item, agency=agency, role=role, actor=actor, now=now)


def make_role(
    assignment: Assignment, role: str, *, actor: User, now: datetime, reason: str = "Bidang kuasa berpindah."
) -> Assignment:
    """Give an agency in force another role, on what stands now."""
    others = Assignment.objects.in_force().filter(item=assignment.item_id).exclude(pk=assignment.pk)
    lead = others.filter(role=AssignmentRole.LEAD).first() if role == AssignmentRole.LEAD else None
    replaces = lead.pk if lead else None
    return change_role(assignment, role=role, replaces=replaces, reason=reason, actor=actor, now=now)


@transaction.atomic
def start_update(assignment: Assignment, *, actor: User, now: datetime) -> Update:
    """A draft that was begun, in which nobody has written yet; the open update, where there is one."""
    return start(UPDATES, Update(assignment=locked_assignment(assignment)), actor=actor, now=now)


def make_draft(assignment: Assignment, *, actor: User, now: datetime, content: Content = REPORTED) -> Update:
    """A draft that holds content and could be sent; an open one is written anew."""
    update = assignment.open_update or Update(assignment=assignment)
    return save_update(update, content=content, revision=update.revision, actor=actor, now=now)


def make_submission(
    assignment: Assignment, *, actor: User, now: datetime, content: Content = REPORTED, **reasons: str
) -> Submission:
    """An update that waits for MAPO."""
    update = make_draft(assignment, actor=actor, now=now, content=content)
    return submit_update(update, content=content, revision=update.revision, actor=actor, now=now, **reasons)


def make_accepted(
    assignment: Assignment, *, actor: User, reviewer: User, now: datetime, content: Content = REPORTED
) -> Review:
    """An update that MAPO accepted as claimed."""
    submission = make_submission(assignment, actor=actor, now=now, content=content)
    return accept_update(
        submission, status=submission.status, percent=submission.percent, actor=reviewer, now=now
    )


class SharedItem:
    """One item of a world where its own agency leads and the foreign one supports.

    `target` is "own" or "foreign": whose assignment is meant.
    """

    def __init__(self, world: World, now: datetime, *, number: int) -> None:
        self.world, self.now = world, now
        self.item: Item = make_item(Cycle.objects.first() or make_cycle(), number=number)
        self.administrator = world.people["administrator"]
        self.own = make_assignment(self.item, world.own, actor=self.administrator, now=now)
        self.foreign = make_assignment(
            self.item, world.foreign, actor=self.administrator, now=now, role=AssignmentRole.SUPPORT
        )

    def assignment(self, target: str) -> Assignment:
        return self.own if target == "own" else self.foreign

    def about(self, target: str) -> dict[str, Any]:
        """Who acts for the agency, and when."""
        actor = self.world.people["officer"] if target == "own" else self.world.foreign_officer
        return {"actor": actor, "now": self.now}

    def sent(self, target: str) -> int:
        """An update that waits."""
        return make_submission(self.assignment(target), **self.about(target)).update_id
