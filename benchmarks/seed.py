"""Run as the owner: `python -m benchmarks.seed FACTS.json UPDATES` fills a fresh database for measuring.

Every assignment is confirmed and has so many accepted updates; seven wait for MAPO, whatever the level. The
history is written by SQL with the guards switched off for that moment, so that half a million rows take seconds.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import django
from django.db import connection, transaction

if TYPE_CHECKING:
    from accounts.models import User

OPENS_AT = datetime(2023, 9, 14, 10, 0, tzinfo=ZoneInfo("Asia/Kuala_Lumpur"))
WAITING = 7
TABLES = ("recommendations_update", "recommendations_submission", "recommendations_review")

HISTORY = """
    WITH numbered AS (
        SELECT assignment.id AS assignment_id, assignment.item_id, n,
            timestamptz '2023-04-03 09:00+08' + (interval '160 days' * n / %(updates)s) AS at
        FROM recommendations_assignment assignment, generate_series(1, %(updates)s) n
        WHERE assignment.stage = 'confirmed'
    ), updates AS (
        INSERT INTO recommendations_update (assignment_id, state, status, percent, narrative, covers_from, covers_to,
            classification, is_nothing_new, is_by_letter, letter_reference, revision, created_by_id, created_at,
            saved_by_id, saved_at, submitted_at, closed_at)
        SELECT assignment_id, 'accepted', 'progress', 1 + n %% 98,
            'Contoh ' || n || ': kursus diadakan di beberapa negeri, senarai kehadiran dilampirkan.',
            '2023-04-01', '2023-04-30', 1, false, false, '', 1, %(officer)s, at, %(officer)s, at, at, at
        FROM numbered
        RETURNING id, assignment_id, percent, narrative, submitted_at
    ), submissions AS (
        INSERT INTO recommendations_submission (update_id, number, status, percent, narrative, covers_from, covers_to,
            classification, revision, submitted_by_id, submitted_at)
        SELECT id, 1, 'progress', percent, narrative, '2023-04-01', '2023-04-30', 1, 1, %(officer)s, submitted_at
        FROM updates
        RETURNING id, update_id, percent, submitted_at
    )
    INSERT INTO recommendations_review (submission_id, assignment_id, item_id, decision, status, percent, reason,
        reviewer_id, decided_at)
    SELECT submissions.id, assignment.id, assignment.item_id, 'accept', 'progress', submissions.percent, '',
        %(reviewer)s, submissions.submitted_at + interval '1 hour'
    FROM submissions JOIN updates ON updates.id = submissions.update_id
        JOIN recommendations_assignment assignment ON assignment.id = updates.assignment_id
"""


def main(facts_file: Path, updates: int) -> None:
    """Seed, and write down sessions and paths for the measuring."""
    django.setup()
    from django.core.management import call_command

    from audit import clock

    call_command("load_cycle", verbosity=0)
    clock.move_to(OPENS_AT)
    people = _people()
    _confirm_all(people)
    _write_history(updates, people)
    _submit_some(people)
    facts_file.write_text(json.dumps(_facts(people)), encoding="utf-8")


def _people() -> dict[str, User]:
    from accounts.models import Agency
    from accounts.roles import Role
    from tests.factories.accounts import UserFactory

    officer = UserFactory(agency=Agency.objects.get(code="JTK"))
    reviewer = UserFactory(agency=Agency.objects.get(code="KDN"), role=Role.REVIEWER)
    return {"officer": officer, "reviewer": reviewer}


def _confirm_all(people: dict[str, User]) -> None:
    from audit import clock
    from recommendations.models import Item
    from recommendations.services import confirm_suggestions

    confirm_suggestions(Item.objects.all(), actor=people["reviewer"], now=clock.now())


def _write_history(updates: int, people: dict[str, User]) -> None:
    if updates == 0:
        return
    values = {"updates": updates, "officer": people["officer"].pk, "reviewer": people["reviewer"].pk}
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(HISTORY, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _submit_some(people: dict[str, User]) -> None:
    from audit import clock
    from recommendations.models import Assignment
    from tests.factories.accounts import UserFactory
    from tests.factories.recommendations import make_submission

    others = Assignment.objects.in_force().exclude(agency=people["officer"].agency).order_by("pk")
    mine = Assignment.objects.in_force().filter(agency=people["officer"].agency).order_by("pk")
    for assignment in [*mine[:2], *others[: WAITING - 2]]:
        actor = people["officer"] if assignment in mine[:2] else UserFactory(agency=assignment.agency)
        make_submission(assignment, actor=actor, now=clock.now())


def _facts(people: dict[str, User]) -> dict[str, str]:
    from django.test import Client
    from django.urls import reverse

    from recommendations.models import Assignment

    facts = {}
    for role, person in people.items():
        client = Client()
        client.force_login(person)
        facts[role] = client.cookies["sessionid"].value
    assignment = Assignment.objects.in_force().filter(agency=people["officer"].agency).order_by("pk").first()
    assert assignment is not None
    facts |= {
        "my_work": reverse("recommendations:my_work"),
        "item": reverse("recommendations:item", args=[assignment.item_id]),
        "overview": reverse("recommendations:overview"),
        "queue": reverse("recommendations:queue"),
        "upload": reverse("evidence:upload"),
        "assignment": str(assignment.pk),
        "person": str(people["officer"].pk),
    }
    return facts


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
