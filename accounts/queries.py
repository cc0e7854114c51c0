"""Stand-ins as pages show them: who gets whose mails, when, and why one has no effect."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Agency, ProviderAccount, StandIn, User
from accounts.oidc.provider_settings import has_provider


@dataclass(frozen=True)
class StandInLine:
    """One stand-in on a day: whether it has begun, and what keeps it from having effect ("" when nothing
    does).
    """

    stand_in: StandIn
    has_begun: bool
    trouble: str


def stand_ins_of(absent: User, *, today: date) -> list[StandInLine]:
    """Return who stands in for a person now or later, the earliest first (one query)."""
    return _lines(StandIn.objects.standing(today).filter(absent=absent), today)


def stands_in_for(colleague: User, *, today: date) -> list[StandInLine]:
    """Return for whom a person stands in now or later, the earliest first (one query)."""
    return _lines(StandIn.objects.standing(today).filter(colleague=colleague), today)


def stand_ins_in(agency: Agency, *, today: date) -> list[StandInLine]:
    """Return who stands in for whom in an agency now or later, the earliest first (one query)."""
    return _lines(StandIn.objects.standing(today).filter(absent__agency=agency), today)


def with_absences(people: QuerySet[User], *, today: date) -> QuerySet[User]:
    """Add `absences` to each person: the stand-ins named for them, now or later (one query more)."""
    rows = StandIn.objects.standing(today)
    return people.prefetch_related(Prefetch("stand_ins", queryset=rows, to_attr="absences"))


def is_provider_connected(person: User) -> bool:
    """Return whether the person may sign in at the provider; without one no query is needed."""
    return has_provider() and ProviderAccount.objects.filter(person=person, ended_at=None).exists()


def _lines(rows: QuerySet[StandIn], today: date) -> list[StandInLine]:
    """Return the stand-ins as lines for a day."""
    return [
        StandInLine(row, has_begun=row.from_on <= today, trouble=_trouble(row))
        for row in rows.select_related("absent", "colleague")
    ]


def _trouble(stand_in: StandIn) -> str:
    """Return in words which condition of StandInQuerySet.routing fails, or ""."""
    absent, colleague = stand_in.absent, stand_in.colleague
    for person in (absent, colleague):
        if not person.is_active:
            return _("%(name)s was deactivated.") % {"name": person.name}
    if colleague.agency_id != absent.agency_id:
        return _("The two no longer belong to the same agency.")
    if not (colleague.is_agency_actor and colleague.has_joined):
        return _("%(name)s no longer acts for the agency.") % {"name": colleague.name}
    return ""
