"""Monthly summaries: MAPO sets one up and stops it. `requests` requests what is due."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.acts import require
from audit.errors import NotNow
from audit.services import record
from recommendations.models import Cycle
from recommendations.saved_filters import NAME_LENGTH
from reports.models.schedule import Schedule, ScheduleReader
from reports.months import FIRST_DAY, LAST_DAY
from reports.permissions import may_ask_for
from reports.states import ExportFormat
from ui.invisible_characters import visible_line


@transaction.atomic
def create_schedule(
    name: str,
    *,
    cycle: Cycle,
    export_format: ExportFormat,
    query: str,
    day_of_month: int,
    readers: Collection[User],
    actor: User,
    now: datetime,
) -> Schedule:
    """Set up a monthly summary for these people, from its next day on. Sent twice, it is set up once.

    `query` is a selection as `monthly_query` returns it. Raises `NotAllowed` for everybody but MAPO, `NotNow` where the
    cycle is closed, the name is missing, too long or taken by another that runs, the day is in no month, or a reader
    cannot sign in or may not have such a paper.
    """
    require(actor.is_active and actor.is_mapo)
    held = Cycle.objects.held_open(Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk))
    name = _valid_name(name)
    if not FIRST_DAY <= day_of_month <= LAST_DAY:
        raise NotNow(_("Choose a day from 1 to 28: every month has those."))
    people = _valid_readers(readers, export_format=export_format)
    wanted: dict[str, Any] = {"export_format": export_format, "query": query, "day_of_month": day_of_month}
    running = Schedule.objects.filter(cycle=held, name=name, stopped_at=None).first()
    if running is not None:
        return _unless_different(running, wanted=wanted, people=people)
    schedule = Schedule.objects.create(name=name, cycle=held, made_by=actor, made_at=now, **wanted)
    ScheduleReader.objects.bulk_create(ScheduleReader(schedule=schedule, user=person) for person in people)
    after = {
        "paper": schedule.export_format,
        "selection": schedule.query,
        "day_of_month": schedule.day_of_month,
        "readers": ", ".join(person.name for person in people),
    }
    record(action="schedule.made", actor=actor, obj=schedule, label=schedule.name, after=after, now=now)
    return schedule


@transaction.atomic
def stop_schedule(schedule: Schedule, *, actor: User, now: datetime) -> Schedule:
    """Stop it: nothing more is begun, what was made stays. Stopping twice stops once. `NotAllowed` but for MAPO."""
    require(actor.is_active and actor.is_mapo)
    row = Schedule.objects.select_for_update(no_key=True).get(pk=schedule.pk)
    if row.stopped_at is None:
        row.stopped_at, row.stopped_by = now, actor
        row.save(update_fields=["stopped_at", "stopped_by"])
        record(action="schedule.stopped", actor=actor, obj=row, label=row.name, now=now)
    return row


def _valid_name(text: str) -> str:
    """Return the name as it is stored. Raises NotNow when it is empty or too long."""
    name = visible_line(text)
    if not name:
        raise NotNow(_("Give it a name. Nothing was set up."))
    if len(name) > NAME_LENGTH:
        raise NotNow(_("A name can have up to %(limit)s characters. Shorten it.") % {"limit": NAME_LENGTH})
    return name


def _valid_readers(readers: Collection[User], *, export_format: ExportFormat) -> list[User]:
    """Return the readers by name. Raises NotNow when one cannot sign in or may not have the format, or there is none."""
    able = User.objects.active().joined().filter(pk__in=[person.pk for person in readers])
    people = list(able.order_by("name", "pk"))
    if len(people) < len({person.pk for person in readers}):
        raise NotNow(_("One of the readers that you chose can no longer sign in. Check the readers."))
    if not people:
        raise NotNow(_("Choose at least one reader."))
    if others := [person.name for person in people if not may_ask_for(person, export_format)]:
        raise NotNow(
            _("This format is not available to %(names)s. Remove them, or choose another format.")
            % {"names": ", ".join(others)}
        )
    return people


def _unless_different(running: Schedule, *, wanted: Mapping[str, Any], people: list[User]) -> Schedule:
    """Return the schedule that runs under the name. Raises NotNow when it is another than the one asked for."""
    is_same = all(getattr(running, field) == value for field, value in wanted.items())
    readers = set(running.readers.values_list("user_id", flat=True))
    if not is_same or readers != {person.pk for person in people}:
        raise NotNow(
            _(
                "There is already a monthly summary with this name. Choose another name, or stop that one "
                "first."
            )
        )
    return running
