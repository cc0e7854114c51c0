"""Stand-ins: who also gets what is sent to an absent person, between two days. They give no right."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, When
from django.utils.translation import gettext_lazy as _

from accounts.models import StandIn, User
from accounts.permissions import may_name_stand_in
from audit.clock import local_date
from audit.errors import BadValue, NotAllowed, NotNow
from audit.services import record
from ui import dates

#: How long one stand-in lasts at the most, both days included; and how far ahead it may begin.
MOST_DAYS = 366


@transaction.atomic
def name_stand_in(
    absent: User, *, colleague: User, from_on: date, until_on: date, actor: User, now: datetime
) -> StandIn:
    """Name a colleague who also gets what is sent to the absent person, both days included.

    Raises NotAllowed for who may not, BadValue for a colleague (also one who is away then) or days that are
    not possible, NotNow when nobody can stand in for this person, or the same colleague already does on one
    of the days.
    """
    absent, colleague, actor = _fresh(absent, colleague, actor)
    _may(actor, absent)
    _can_be_away(absent)
    _can_stand_in(colleague, absent)
    _are_days(from_on, until_on, today=local_date(now))
    _is_there(colleague, absent, from_on, until_on)
    _is_no_second(absent, colleague, from_on, until_on)
    stand_in = StandIn.objects.create(
        absent=absent, colleague=colleague, from_on=from_on, until_on=until_on, named_by=actor, named_at=now
    )
    _record(stand_in, "stand_in.named", actor=actor, after=_facts(stand_in), now=now)
    return stand_in


@transaction.atomic
def end_stand_in(stand_in: StandIn, *, actor: User, now: datetime) -> StandIn:
    """End a stand-in now, begun or not.

    Raises NotAllowed for who may not, NotNow when it is over or ended already.
    """
    absent, actor = _fresh(stand_in.absent, actor)
    _may(actor, absent)
    rows = StandIn.objects.select_related("absent", "colleague")
    stand_in = rows.select_for_update(no_key=True, of=("self",)).get(pk=stand_in.pk)
    if stand_in.ended_at is not None or stand_in.until_on < local_date(now):
        raise NotNow(_("This stand-in has already ended."))
    stand_in.ended_by, stand_in.ended_at = actor, now
    stand_in.save(update_fields=["ended_by", "ended_at"])
    _record(stand_in, "stand_in.ended", actor=actor, before=_facts(stand_in), now=now)
    return stand_in


def _fresh(absent: User, *others: User) -> list[User]:
    """Return the people as they are now, locked in one order, so that two acts at once follow each other."""
    people = [absent, *others]
    rows = (
        User.objects.filter(pk__in={person.pk for person in people}).select_related("agency").order_by("pk")
    )
    known = {row.pk: row for row in rows.select_for_update(no_key=True, of=("self",))}
    return [known[person.pk] for person in people]


def _may(actor: User, absent: User) -> None:
    """Raise NotAllowed unless the actor may name stand-ins of this person."""
    if not may_name_stand_in(actor, absent):
        raise NotAllowed(
            _("Only the person, the agency's coordinator or a MAPO administrator may manage stand-ins.")
        )


def _can_be_away(absent: User) -> None:
    """Raise NotNow for a person who has no stand-ins."""
    if not absent.is_active:
        raise NotNow(
            _("%(name)s is deactivated, so there are no reminders for a stand-in.") % {"name": absent.name}
        )
    if not absent.is_agency_actor:
        raise NotNow(
            _("Only officers and coordinators have stand-ins: reminders to MAPO go to everybody at MAPO.")
        )


def _can_stand_in(colleague: User, absent: User) -> None:
    """Raise BadValue with the first reason why the colleague cannot stand in."""
    obstacles = (
        (colleague.pk == absent.pk, _("People cannot stand in for themselves. Choose a colleague.")),
        (colleague.agency_id != absent.agency_id, _("Choose a colleague of the same agency.")),
        (not colleague.is_active, _("%(name)s was deactivated. Choose somebody who can sign in.")),
        (not colleague.is_agency_actor, _("%(name)s is neither an officer nor a coordinator.")),
        (not colleague.has_joined, _("%(name)s has not joined yet. Choose somebody who has.")),
    )
    for is_so, message in obstacles:
        if is_so:
            raise BadValue(message % {"name": colleague.name}, field="colleague")


def _are_days(from_on: date, until_on: date, *, today: date) -> None:
    """Raise BadValue with what is wrong about the two days."""
    most = timedelta(days=MOST_DAYS)
    obstacles = (
        (until_on < from_on, "until_on", _("The last day is before the first.")),
        (until_on < today, "until_on", _("The last day has already passed.")),
        (from_on - today > most, "from_on", _("The first day is more than a year ahead. Check the year.")),
        (until_on - from_on >= most, "until_on", _("A stand-in can last up to 366 days. Check the year.")),
    )
    for is_so, field, message in obstacles:
        if is_so:
            raise BadValue(message, field=field)


def _is_there(colleague: User, absent: User, from_on: date, until_on: date) -> None:
    """Raise BadValue for a colleague who is away on one of the days; in a circle both would be."""
    away = StandIn.objects.between(from_on, until_on).filter(absent=colleague)
    first = away.order_by(Case(When(colleague=absent, then=0), default=1), "from_on").first()
    if first is None:
        return
    words = {
        "name": colleague.name,
        "absent": absent.name,
        "days": dates.day_range(first.from_on, first.until_on),
    }
    message = _("%(name)s is also away (%(days)s). Choose somebody else or other days.")
    if first.colleague_id == absent.pk:
        message = _(
            "%(name)s is also away (%(days)s) with %(absent)s standing in: they cannot stand in for each "
            "other. Choose somebody else or other days."
        )
    raise BadValue(message % words, field="colleague")


def _is_no_second(absent: User, colleague: User, from_on: date, until_on: date) -> None:
    """Raise NotNow when the same colleague already stands in on one of the days."""
    days = StandIn.objects.between(from_on, until_on)
    other = days.filter(absent=absent, colleague=colleague).first()
    if other is not None:
        words = {"name": colleague.name, "days": dates.day_range(other.from_on, other.until_on)}
        raise NotNow(
            _("%(name)s already stands in on some of these days (%(days)s). End that, or choose other days.")
            % words
        )


def _facts(stand_in: StandIn) -> dict[str, str]:
    """Return what an Event records of a stand-in."""
    return {
        "absent": stand_in.absent.name,
        "colleague": stand_in.colleague.name,
        "from_on": stand_in.from_on.isoformat(),
        "until_on": stand_in.until_on.isoformat(),
    }


def _record(stand_in: StandIn, action: str, *, actor: User, now: datetime, **facts: Any) -> None:
    """Add one Event, as a matter of the absent person's present agency; `facts` are before and after."""
    absent = stand_in.absent
    about = {"label": absent.name, "agency_id": absent.agency_id, **facts}
    record(action=action, actor=actor, obj=stand_in, now=now, **about)
