"""Fill a database with people and their open assignments, so that there is something to remind them of.

One open cycle; agencies of twenty people in all states, each on every item. One assignment in five is late, one in
twenty has an update that waits for MAPO, one in forty a returned one, one in ten a planned step. One agency in fifty
has nobody left. Rows are written without the guards that write histories.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import holidays
from django.db import connection, transaction

from accounts.models import Agency, User, default_clearance
from accounts.regions import Place
from accounts.roles import Role
from audit import clock
from audit.clock import KUALA_LUMPUR
from recommendations.models import Cycle, Item
from reminders.models import Preference
from reminders.services.default_rules import give_default_rules
from tests.factories.recommendations import make_cycle

#: An ordinary Monday morning in the window.
PLANNED_AT = datetime(2023, 10, 16, 8, 0, tzinfo=KUALA_LUMPUR)
#: The calendar of the statements by hand reaches this far around the day.
AROUND = timedelta(days=250)
PEOPLE_OF_AGENCY = 20
MAPO = 10

#: One officer is named for each assignment; the numbers make up ages, states and dates, the same in each run.
FILL = """
INSERT INTO recommendations_assignment (
    item_id, agency_id, role, stage, due_on, next_due_on, created_at, confirmed_at, ended_reason)
SELECT item.id, agency.id, 'support', 'confirmed', '2024-03-31',
       '2023-10-16'::date + ((item.id * 13 + agency.id * 37) %% 50)::integer - 10,
       %(began)s, %(began)s, ''
FROM recommendations_item item, accounts_agency agency
WHERE item.cycle_id = %(cycle)s AND agency.code LIKE 'B%%'
ORDER BY md5(item.number || agency.code);

INSERT INTO recommendations_assignmentofficer (assignment_id, user_id)
SELECT assignment.id, person.id
FROM recommendations_assignment assignment
JOIN accounts_user person ON person.agency_id = assignment.agency_id AND person.role = 'officer'
WHERE person.id %% 17 = assignment.id %% 17;

INSERT INTO recommendations_update (
    assignment_id, state, status, percent, narrative, covers_from, covers_to, classification, is_nothing_new,
    is_by_letter, letter_reference, revision, created_by_id, created_at, saved_by_id, saved_at, submitted_at, closed_at,
    half_typed)
SELECT assignment.id, parts.state, 'progress', 40, 'Kursus telah diadakan.', '2023-07-01', '2023-08-31', 1, false,
       false, '', 1, officer.id, at.at, officer.id, at.at, at.at,
       CASE WHEN parts.state = 'accepted' THEN at.at END, '{}'
FROM recommendations_assignment assignment
JOIN LATERAL (
    SELECT id FROM accounts_user WHERE agency_id = assignment.agency_id AND role = 'officer' ORDER BY id LIMIT 1
) officer ON true
CROSS JOIN LATERAL (VALUES
    ('accepted', assignment.id %% 5 <> 0, interval '40 days'),
    ('submitted', assignment.id %% 20 = 1, interval '1 day'),
    ('returned', assignment.id %% 40 = 2, interval '5 days')) parts(state, has, ago)
CROSS JOIN LATERAL (SELECT %(now)s - parts.ago - (assignment.id %% 9) * interval '1 day' AS at) at
WHERE parts.has;

INSERT INTO recommendations_updatewriter (update_id, user_id)
SELECT id, created_by_id FROM recommendations_update;

INSERT INTO recommendations_submission (
    update_id, number, status, percent, narrative, covers_from, covers_to, classification, revision, submitted_by_id,
    submitted_at, identities_reason)
SELECT id, 1, status, percent, narrative, covers_from, covers_to, classification, 1, created_by_id, submitted_at, ''
FROM recommendations_update;

INSERT INTO recommendations_review (
    submission_id, assignment_id, item_id, decision, status, percent, reason, resubmit_by, reviewer_id, decided_at,
    is_turn)
SELECT submission.id, assignment.id, assignment.item_id,
       CASE state WHEN 'accepted' THEN 'accept' ELSE 'return' END,
       CASE WHEN state = 'accepted' THEN CASE WHEN assignment.id %% 20 = 3 THEN 'done' ELSE 'progress' END ELSE '' END,
       CASE WHEN state = 'accepted' THEN CASE WHEN assignment.id %% 20 = 3 THEN 100 ELSE 40 END END,
       CASE state WHEN 'accepted' THEN '' ELSE 'Kurang bukti.' END,
       CASE WHEN state = 'returned' THEN assignment.next_due_on END,
       %(reviewer)s, submission.submitted_at + interval '4 days', true
FROM recommendations_submission submission
JOIN recommendations_update update ON update.id = submission.update_id AND update.state IN ('accepted', 'returned')
JOIN recommendations_assignment assignment ON assignment.id = update.assignment_id;

UPDATE recommendations_assignment assignment SET next_due_on = NULL
FROM recommendations_review review
WHERE review.assignment_id = assignment.id AND review.status = 'done';

INSERT INTO recommendations_action (
    assignment_id, item_id, agency_id, is_mapo, is_decision, text, owner_id, due_on, cancelled_reason, changed_reason,
    proposed_reason, created_by_id, created_at)
SELECT DISTINCT ON (assignment.id) assignment.id, assignment.item_id, assignment.agency_id, false, false, 'Kursus.',
       link.user_id, assignment.next_due_on - 3, '', '', '', link.user_id, %(began)s
FROM recommendations_assignment assignment
JOIN recommendations_assignmentofficer link ON link.assignment_id = assignment.id
WHERE assignment.id %% 10 = 7;

INSERT INTO recommendations_assignmentrequest (
    assignment_id, kind, reason, asked_by_id, asked_at, answer, answer_reason)
SELECT DISTINCT ON (assignment.id) assignment.id, 'decline', 'Bukan bidang kami.', link.user_id, '2023-10-09 10:00+08', '', ''
FROM recommendations_assignment assignment
JOIN recommendations_assignmentofficer link ON link.assignment_id = assignment.id
WHERE assignment.id %% 100 = 9;
"""


def main(_facts: dict[str, Any], people: str, assignments: str) -> None:
    """Write so many people and assignments, and the working days that the statement by hand reads."""
    clock.move_to(PLANNED_AT)
    agencies = _agencies(int(people) // PEOPLE_OF_AGENCY)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cycle = _cycle(int(assignments) // len(agencies))
        reviewer = _people(agencies)
        began = datetime(2023, 7, 3, 9, tzinfo=KUALA_LUMPUR)
        values: dict[str, Any] = {"cycle": cycle.pk, "reviewer": reviewer, "began": began, "now": PLANNED_AT}
        cursor.execute(FILL, values)
    give_default_rules(cycle, now=clock.now())
    with connection.cursor() as cursor:
        _make_floor_days(cursor)
        cursor.execute("VACUUM ANALYZE")


def _agencies(count: int) -> list[Agency]:
    places = Place.values
    return Agency.objects.bulk_create(
        Agency(
            code=f"B{number:03}",
            name_ms=f"Agensi {number}",
            name_en=f"Agency {number}",
            place=places[number % len(places)],
        )
        for number in range(count)
    )


def _cycle(items: int) -> Cycle:
    cycle = make_cycle()
    Item.objects.bulk_create(
        Item(
            cycle=cycle, kind="recommendation", number=number, text_ms=f"Perkara {number}.", text_en=f"Point {number}."
        )
        for number in range(1, items + 1)
    )  # fmt: skip
    return cycle


def _people(agencies: list[Agency]) -> int:
    """Write the people and what some of them muted; return one who reviews."""
    home = Agency.objects.create(code="KDN", name_ms="Kementerian", name_en="Ministry")
    User.objects.bulk_create([_person("mapo", number, home, Role.REVIEWER) for number in range(MAPO)])
    crowd = [
        _person(agency.code.lower(), number, agency, Role.OFFICER if number else Role.COORDINATOR)
        for place, agency in enumerate(agencies)
        if place % 50 != 7
        for number in range(PEOPLE_OF_AGENCY)
    ]
    User.objects.bulk_create(crowd)
    Preference.objects.bulk_create(
        Preference(user=person, muted=["update_due"]) for person in User.objects.order_by("pk")[10::40]
    )
    return int(User.objects.filter(role=Role.REVIEWER).values_list("pk", flat=True)[0])


def _person(name: str, number: int, agency: Agency, role: str) -> Any:
    return User(
        name=f"Pegawai {name} {number}",
        email=f"{name}.{number}@agensi.example",
        agency=agency,
        role=role,
        clearance=default_clearance(role),
        password="!",
        joined_at=datetime(2023, 1, 2, tzinfo=KUALA_LUMPUR),
    )


def _make_floor_days(cursor: Any) -> None:
    """Put the working days where the statements by hand find them."""
    first = PLANNED_AT.date() - AROUND
    days = [first + timedelta(days=number) for number in range(2 * AROUND.days)]
    rows: list[tuple[str, date, int, bool]] = []
    for place in Place.values:
        library, number = holidays.country_holidays("MY", subdiv=place), 0
        for day in days:
            works = library.is_working_day(day)
            number += works
            rows.append((place, day, number, works))
    cursor.execute("CREATE TABLE floor_days (place text, day date, number integer, works boolean)")
    values = ",".join(cursor.mogrify("(%s, %s, %s, %s)", row).decode() for row in rows)
    cursor.execute(f"INSERT INTO floor_days VALUES {values}")
    cursor.execute("CREATE INDEX ON floor_days (place, day)")
    cursor.execute("GRANT SELECT ON floor_days TO PUBLIC")
