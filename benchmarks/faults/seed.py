"""Run as the owner: `python -m benchmarks.faults.seed` fills a fresh database with reminders that fall due at once.

25 agencies answer for 60 items each: 1,500 assignments, each with one officer out of 1,000. For 48 items the next
update is due, for 12 the final date, which goes out at once beside the digest. All of them are owed once.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import django
from django.db import connection, transaction

from audit.clock import KUALA_LUMPUR
from benchmarks.faults.smtp import BOUNCING

if TYPE_CHECKING:
    from accounts.models import Agency, User
    from recommendations.models import Cycle, Item

AGENCIES, OFFICERS, ITEMS, DIGESTED = 25, 40, 60, 48
#: A Thursday; the three days after it on which something is due lie within five working days in every state.
OPENS_AT = datetime(2023, 9, 14, 9, 30, tzinfo=KUALA_LUMPUR)
DUE_DAYS = (date(2023, 9, 18), date(2023, 9, 19), date(2023, 9, 20))
#: These officers of an agency want their digest at ten, within the hour without schedule, the others at eight. To the
#: same officers the final dates fall, so that they get an urgent mail first, and the digest as a second one.
LATER, LATER_HOUR = slice(8, 20), 10
#: In the first agencies, so many officers in all have a mailbox that does not exist.
BOUNCERS = 6
#: ReminderKind was seeded, in words of the database alone: address, sign of the item, and whether the mailbox exists.
EXPECTED = f"""
    SELECT person.email, substring(item.text_ms FROM 'K[0-9]{{3}}'), person.email LIKE '{BOUNCING}%'
    FROM recommendations_assignmentofficer named
    JOIN recommendations_assignment assignment ON assignment.id = named.assignment_id
    JOIN recommendations_item item ON item.id = assignment.item_id
    JOIN accounts_user person ON person.id = named.user_id
    WHERE coalesce(assignment.next_due_on, assignment.due_on) IS NOT NULL
"""


def main() -> None:
    """Seed; everything is there, or nothing."""
    django.setup()
    from audit import clock

    clock.begin_demo(OPENS_AT)
    with transaction.atomic():
        cycle = _cycle()
        items = _items(cycle)
        for number, agency in enumerate(_agencies()):
            _assign(agency, number, items, _officers(agency, number))
        _rules(cycle)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _cycle() -> Cycle:
    from tests.factories.recommendations import make_cycle

    return make_cycle(OPENS_AT.year)


def _items(cycle: Cycle) -> list[Item]:
    """Items whose text begins with a sign of their own, by which a mail is recognised."""
    from recommendations.models import Item
    from recommendations.states import ItemKind, Pillar

    return Item.objects.bulk_create(
        Item(
            cycle=cycle,
            kind=ItemKind.RECOMMENDATION,
            number=number,
            text_ms=f"K{number:03} Memperkukuh latihan pegawai barisan hadapan.",
            text_en=f"K{number:03} Strengthen the training of front-line officers.",
            pillar=Pillar.PROTECTION,
        )
        for number in range(1, ITEMS + 1)
    )


def _agencies() -> list[Agency]:
    """Agencies in every state in turn."""
    from accounts.models import Agency
    from accounts.regions import Place

    places = list(Place)
    return Agency.objects.bulk_create(
        Agency(
            code=f"AG{number:02}",
            name_ms=f"Agensi {number}",
            name_en=f"Agency {number}",
            place=places[number % len(places)],
        )
        for number in range(AGENCIES)
    )


def _officers(agency: Agency, agency_number: int) -> list[User]:
    from accounts.models import Language, User, default_clearance
    from accounts.roles import Role
    from reminders.models import Preference

    languages = list(Language)
    people = User.objects.bulk_create(
        User(
            name=f"Pegawai {agency_number}-{number}",
            email=_address(agency_number, number),
            agency=agency,
            role=Role.OFFICER,
            clearance=default_clearance(Role.OFFICER),
            language=languages[number % len(languages)],
            joined_at=OPENS_AT,
        )
        for number in range(OFFICERS)
    )
    Preference.objects.bulk_create(Preference(user=person, hour=LATER_HOUR) for person in people[LATER])
    return people


def _address(agency_number: int, number: int) -> str:
    kind = BOUNCING if agency_number < BOUNCERS and number == 0 else "pegawai"
    return f"{kind}{agency_number}-{number}@agensi.example"


def _assign(agency: Agency, agency_number: int, items: list[Item], officers: list[User]) -> None:
    """The agency answers for every item, an officer for each in turn."""
    from recommendations.models import Assignment, AssignmentOfficer
    from recommendations.states import AssignmentRole, Stage

    assignments = Assignment.objects.bulk_create(
        Assignment(
            item=item,
            agency=agency,
            role=AssignmentRole.SUPPORT if agency_number else AssignmentRole.LEAD,
            stage=Stage.CONFIRMED,
            next_due_on=due_on if item.number <= DIGESTED else None,
            due_on=due_on if item.number > DIGESTED else None,
            created_at=OPENS_AT,
            confirmed_at=OPENS_AT,
        )
        for item in items
        for due_on in [DUE_DAYS[item.number % len(DUE_DAYS)]]
    )
    AssignmentOfficer.objects.bulk_create(
        AssignmentOfficer(assignment=assignment, user=officers[place % OFFICERS])
        for place, assignment in enumerate(assignments)
    )


def _rules(cycle: Cycle) -> None:
    """Each date is said once, five working days before: it has come for all of them."""
    from reminders.kinds import ReminderKind
    from reminders.models import ReminderRule
    from reminders.states import Audience

    for what in (ReminderKind.UPDATE_DUE, ReminderKind.FINAL_DUE):
        ReminderRule.objects.create(
            cycle=cycle,
            what=what,
            audience=Audience.RESPONSIBLE,
            first_days=-5,
            is_urgent=what is ReminderKind.FINAL_DUE,
            added_at=OPENS_AT,
        )


if __name__ == "__main__":
    main()
