"""Who is told of something: the ladder, as SQL for the planning and as Python for calendars of the past.

Tests hold both against an independent calculation (`tests/reminders/oracle.py`).
"""

from collections.abc import Collection, Mapping

from accounts.roles import AGENCY_ROLES, MAPO_ROLES, Role


def _quoted(words: Collection[str]) -> str:
    """Return the words as a list in SQL."""
    return ", ".join(f"'{word}'" for word in words)


#: Conditions on an `accounts_user person` who can sign in.
ACTS_FOR_AGENCY = f"person.role IN ({_quoted(AGENCY_ROLES)})"
COORDINATES = f"(person.role = '{Role.COORDINATOR.value}' OR person.is_acting)"
IS_MAPO = f"person.role IN ({_quoted(MAPO_ROLES)})"

#: The audiences as relations over `live`. `contacts` are the coordinators of an agency or, where it has none, all who
#: act for it; `responsible` are the officers named for an assignment or, where none of them can act, the contacts.
AUDIENCES = f"""
people AS MATERIALIZED (
    SELECT person.id, person.agency_id, person.clearance,
           coalesce(nullif(person.place, ''), agency.place) AS place,
           {ACTS_FOR_AGENCY} AS acts, {COORDINATES} AS coordinates, {IS_MAPO} AS is_mapo
    FROM accounts_user person
    JOIN accounts_agency agency ON agency.id = person.agency_id
    WHERE person.is_active AND person.joined_at IS NOT NULL),
coordinators AS MATERIALIZED (SELECT agency_id, id FROM people WHERE acts AND coordinates),
contacts AS MATERIALIZED (
    SELECT agency_id, id FROM coordinators
    UNION ALL
    SELECT agency_id, id FROM people
    WHERE acts AND NOT EXISTS (SELECT FROM coordinators WHERE coordinators.agency_id = people.agency_id)),
named AS MATERIALIZED (
    SELECT live.id AS assignment_id, people.id
    FROM live
    JOIN recommendations_assignmentofficer officer ON officer.assignment_id = live.id
    JOIN people ON people.id = officer.user_id AND people.acts AND people.agency_id = live.agency_id),
responsible AS MATERIALIZED (
    SELECT assignment_id, id FROM named
    UNION ALL
    SELECT live.id, contacts.id
    FROM live
    JOIN contacts USING (agency_id)
    WHERE NOT EXISTS (SELECT FROM named WHERE named.assignment_id = live.id)),
mapo AS MATERIALIZED (SELECT id, agency_id, clearance FROM people WHERE is_mapo)
"""  # noqa: S608 - the words are ours


def coordinates(role: str, *, is_acting: bool) -> bool:
    """Whether somebody who acts for an agency coordinates it: `COORDINATES` in Python."""
    return role == Role.COORDINATOR or is_acting


def is_told(person_id: int, *, named: Collection[int], actors: Mapping[int, bool]) -> bool:
    """Whether a person is responsible or coordinates: the relations `responsible` and `coordinators` in Python.

    `named` are the people named for the assignment (or the owner of a step). `actors` are those who act for the
    agency, each with whether they coordinate it.
    """
    if person_id not in actors:
        return False
    able = [person for person in named if person in actors]
    is_responsible = person_id in able if able else not any(actors.values())
    return actors[person_id] or is_responsible
