"""Run as the owner: `python -m benchmarks.seed FACTS.json UPDATES` fills a fresh database for measuring.

Every assignment is confirmed and has so many accepted updates; seven wait for MAPO, whatever the level. The
history is written by COPY (`history.py`), so that half a million rows take seconds.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import django
from django.db import connection, transaction

if TYPE_CHECKING:
    from accounts.models import User
    from recommendations.models.assignment import AssignmentQuerySet

OPENS_AT = datetime(2023, 9, 14, 10, 0, tzinfo=ZoneInfo("Asia/Kuala_Lumpur"))
BEGINS_AT = datetime(2023, 4, 3, 9, 0, tzinfo=ZoneInfo("Asia/Kuala_Lumpur"))
WAITING = 7


def main(facts_file: Path, updates: int) -> None:
    """Seed, and write down sessions and paths for the measuring."""
    django.setup()
    from django.core.management import call_command

    from audit import clock
    from recommendations.models import Assignment

    call_command("load_cycle", verbosity=0)
    clock.move_to(BEGINS_AT - timedelta(hours=1))
    people = _people()
    _confirm_all(people)
    _write_history(updates)
    clock.move_to(OPENS_AT)
    _submit_some(people)
    facts = facts_of(people, Assignment.objects.in_force())
    facts_file.write_text(json.dumps(facts), encoding="utf-8")


def _people() -> dict[str, User]:
    from accounts.models import Agency
    from accounts.roles import Role
    from tests.factories.accounts import make_person

    officer = make_person(Role.OFFICER, Agency.objects.get(code="JTK"))
    reviewer = make_person(Role.REVIEWER, Agency.objects.get(code="KDN"))
    return {"officer": officer, "reviewer": reviewer}


def _confirm_all(people: dict[str, User]) -> None:
    from audit import clock
    from recommendations.models import Item
    from recommendations.services import confirm_suggestions

    confirm_suggestions(Item.objects.all(), actor=people["reviewer"], now=clock.now())


def _write_history(updates: int) -> None:
    """Accepted updates alone, from the first day of the window to the eve of the opening."""
    from benchmarks.history import Copying, Telling, courses_of
    from recommendations.models import Cycle

    if updates == 0:
        return
    cycle = Cycle.objects.get()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        copying = Copying(cursor)
        telling = Telling(
            copying=copying,
            cycle=cycle,
            begins_at=BEGINS_AT,
            ends_at=OPENS_AT - timedelta(days=1),
            leaves_open=False,
            accepts_all=True,
        )
        telling.tell([(course, updates) for course in courses_of(cycle)])
        copying.finish()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _submit_some(people: dict[str, User]) -> None:
    from accounts.roles import Role
    from audit import clock
    from recommendations.models import Assignment
    from tests.factories.accounts import make_person
    from tests.factories.recommendations import make_submission

    others = Assignment.objects.in_force().exclude(agency=people["officer"].agency).order_by("pk")
    mine = Assignment.objects.in_force().filter(agency=people["officer"].agency).order_by("pk")
    for assignment in [*mine[:2], *others[: WAITING - 2]]:
        actor = people["officer"] if assignment in mine[:2] else make_person(Role.OFFICER, assignment.agency)
        make_submission(assignment, actor=actor, now=clock.now())


def facts_of(people: dict[str, User], assignments: AssignmentQuerySet) -> dict[str, str]:
    """Sessions of these people, the pages' addresses, and an assignment of the officer's agency among these."""
    from django.test import Client
    from django.urls import reverse

    facts = {}
    for role, person in people.items():
        client = Client()
        client.force_login(person)
        facts[role] = client.cookies["sessionid"].value
    assignment = assignments.filter(agency=people["officer"].agency).order_by("pk").first()
    assert assignment is not None
    return facts | {
        "my_work": reverse("recommendations:my_work"),
        "item": reverse("recommendations:item", args=[assignment.item_id]),
        "overview": reverse("overview:overview"),
        "queue": reverse("recommendations:queue"),
        "upload": reverse("evidence:upload"),
        "assignment": str(assignment.pk),
        "person": str(people["officer"].pk),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
