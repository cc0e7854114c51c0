"""Who answers for what in each agency, as every signed-in person may know it.

Naming is the purpose: confirmed assignments and the people named for them, of all agencies. Suggestions and ended
assignments are on nobody's page here, nor are people who were deactivated or have not joined yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet

from accounts.models import Agency, User
from accounts.roles import AGENCY_ROLES, MAPO_ROLES, Role
from recommendations.models import Assignment, AssignmentOfficer, Cycle, Item
from recommendations.models.cycle import Titled
from recommendations.queries.assignments_page import in_item_order
from recommendations.queries.numbers import Numbers, by_kind
from recommendations.states import AssignmentRole, item_key, item_label
from ui.query_state import AddressFilters


@dataclass(frozen=True, kw_only=True)
class ContactFilters(AddressFilters):
    """The filters of the page: `agency` is a code, `item` is named as `item_key` names it."""

    text: str = ""
    agency: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty(Titled):
    """An item that an agency answers for, with the people of the agency who are named for it."""

    item_id: int
    kind: str
    number: int
    text_ms: str
    text_en: str
    title_ms: str
    title_en: str
    is_lead: bool
    named: frozenset[int]

    @property
    def label(self) -> str:
        return item_label(self.kind, self.number)

    @property
    def key(self) -> str:
        return item_key(self.kind, self.number)


@dataclass(frozen=True, slots=True)
class Contact:
    """A person to write to, and what they are named for."""

    user_id: int
    name: str
    email: str
    role: str
    post: str
    unit: str
    telephone: str
    duties: list[Duty]

    @property
    def place(self) -> str:
        """Post and unit, "Penolong Pengarah, Unit Dasar"; empty where neither is known."""
        return ", ".join(filter(None, (self.post, self.unit)))

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label)

    @property
    def numbers(self) -> list[Numbers]:
        return by_kind(self.duties)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyContacts:
    """One agency: its people, coordinators first, and its items in force.

    `is_deserted`: nobody there can act. `invited_count`: how many have not accepted their invitation yet.
    """

    agency_id: int
    code: str
    name: str
    people: list[Contact]
    duties: list[Duty]
    is_deserted: bool
    invited_count: int

    @property
    def leads(self) -> list[Numbers]:
        return by_kind(duty for duty in self.duties if duty.is_lead)

    @property
    def supports(self) -> list[Numbers]:
        return by_kind(duty for duty in self.duties if not duty.is_lead)

    @property
    def unnamed(self) -> list[Numbers]:
        """Items for which nobody is named."""
        return by_kind(duty for duty in self.duties if not duty.named)

    @property
    def is_unnamed_throughout(self) -> bool:
        """Nobody is named for any of several items."""
        return len(self.duties) > 1 and not any(duty.named for duty in self.duties)


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """The page: MAPO's own people, the agencies that fit, and what the filters offer.

    `deserted` are those of the agencies shown in which nobody can act; `items` are all items that carry assignments.
    """

    secretariat: list[Contact]
    agencies: list[AgencyContacts]
    choices: list[tuple[str, str]]
    items: list[tuple[str, str]]

    @property
    def deserted(self) -> list[AgencyContacts]:
        return [agency for agency in self.agencies if agency.is_deserted]

    @property
    def people_count(self) -> int:
        return len(self.secretariat) + sum(len(agency.people) for agency in self.agencies)


def read_contacts(cycle: Cycle | None, *, filters: ContactFilters) -> Directory:
    """Return the people of MAPO and of every active agency, as far as the filters ask for them. Four queries."""
    people, duties = _people(), _duties(cycle)
    agencies = list(Agency.objects.active().order_by("code"))
    whole = (_agency(agency, people[agency.pk], duties[agency.pk]) for agency in agencies)
    narrowed = [agency for agency in (_narrowed(each, filters) for each in whole) if agency is not None]
    if filters.item:
        narrowed.sort(key=lambda agency: not agency.leads)
    return Directory(
        secretariat=_secretariat(people, filters),
        agencies=narrowed,
        choices=[(agency.code, agency.label) for agency in agencies],
        items=_items(cycle),
    )


def _secretariat(people: Mapping[int, list[Any]], filters: ContactFilters) -> list[Contact]:
    """MAPO's own people, of whichever agency; they answer for no item."""
    if filters.agency or filters.item:
        return []
    rows = (person for of_agency in people.values() for person in of_agency)
    joined = [_contact(row, []) for row in rows if row.role in MAPO_ROLES and row.joined_at is not None]
    return _fitting(sorted(joined, key=_in_order), filters.text, around="MAPO")


def _people() -> dict[int, list[Any]]:
    """Return the active people of MAPO and the agencies, by agency; also those who have not joined yet."""
    rows = User.objects.active().filter(role__in=(*AGENCY_ROLES, *MAPO_ROLES)).order_by("name", "pk")
    found: dict[int, list[Any]] = defaultdict(list)
    columns = ("pk", "name", "email", "role", "agency_id", "joined_at", "post", "unit", "telephone")
    for row in rows.values_list(*columns, named=True):
        found[row.agency_id].append(row)
    return found


def _duties(cycle: Cycle | None) -> dict[int, list[Duty]]:
    """Assignments in force by agency, in the order of the report."""
    found: dict[int, list[Duty]] = defaultdict(list)
    if cycle is None:
        return found
    named = AssignmentOfficer.objects.filter(assignment=OuterRef("pk")).order_by("user_id").values("user_id")
    rows = Assignment.objects.in_force().filter(item__cycle=cycle).annotate(named=ArraySubquery(named))
    of_item = ("kind", "number", "text_ms", "text_en", "title_ms", "title_en")
    columns = {name: F(f"item__{name}") for name in of_item}
    wanted = ("agency_id", "item_id", "role", "named")
    for row in in_item_order(rows).values(*wanted, **columns):
        agency_id, is_lead = row.pop("agency_id"), row.pop("role") == AssignmentRole.LEAD
        named_ids = frozenset(row.pop("named"))
        found[agency_id].append(Duty(**row, is_lead=is_lead, named=named_ids))
    return found


def _items(cycle: Cycle | None) -> list[tuple[str, str]]:
    """The items that carry assignments: how an address names each, and what it is called."""
    rows: QuerySet[Item] = Item.objects.none() if cycle is None else Item.objects.filter(cycle=cycle)
    found = rows.actionable().in_order()  # type: ignore[attr-defined]  # our queryset
    return [(item_key(item.kind, item.number), f"{item}: {item.title}") for item in found]


def _agency(agency: Agency, people: list[Any], duties: list[Duty]) -> AgencyContacts:
    """Of the people, those who write for the agency. Who is named and is none of them counts as nobody."""
    actors = [person for person in people if person.role in AGENCY_ROLES]
    joined = [person for person in actors if person.joined_at is not None]
    here = frozenset(person.pk for person in joined)
    duties = [replace(duty, named=duty.named & here) for duty in duties]
    contacts = [_contact(person, [duty for duty in duties if person.pk in duty.named]) for person in joined]
    return AgencyContacts(
        agency_id=agency.pk,
        code=agency.code,
        name=agency.name,
        people=sorted(contacts, key=_in_order),
        duties=duties,
        is_deserted=not joined,
        invited_count=len(actors) - len(joined),
    )


def _contact(person: Any, duties: list[Duty]) -> Contact:
    return Contact(
        person.pk, person.name, person.email, person.role, person.post, person.unit, person.telephone, duties
    )


def _in_order(contact: Contact) -> tuple[bool, str, int]:
    """Coordinators and administrators before officers and reviewers, then by name."""
    is_first = contact.role in (Role.COORDINATOR, Role.ADMINISTRATOR)
    return not is_first, contact.name.casefold(), contact.user_id


def _narrowed(agency: AgencyContacts, filters: ContactFilters) -> AgencyContacts | None:
    """Return what the filters leave of an agency; None where nothing is left.

    An item leaves the agencies that answer for it, the lead first, with who is named for it before their colleagues. A text leaves
    the agencies and the people whose name, code or e-mail holds it.
    """
    if filters.agency not in ("", agency.code):
        return None
    duties = [duty for duty in agency.duties if filters.item in ("", duty.key)]
    if filters.item and not duties:
        return None
    named = {user_id for duty in duties for user_id in duty.named if filters.item}
    around = f"{agency.code} {agency.name}"
    people = _fitting(agency.people, filters.text, around=around)
    if not people and not _holds(around, filters.text):
        return None
    return replace(
        agency, people=sorted(people, key=lambda person: person.user_id not in named), duties=duties
    )


def _fitting(people: list[Contact], text: str, *, around: str) -> list[Contact]:
    """Return those whose name, e-mail, post, unit or telephone holds the text; all of them where `around` holds it."""
    if _holds(around, text):
        return people
    return [
        person
        for person in people
        if _holds(f"{person.name} {person.email} {person.place} {person.telephone}", text)
    ]


def _holds(words: str, text: str) -> bool:
    return text.casefold() in words.casefold()
