"""Move the demonstration's day by hand, to see in a minute what a month would bring."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import clock
from audit.errors import NotAllowed, NotNow
from audit.services import record

#: A moved day begins when offices are open.
MORNING = time(9)
#: Nobody needs a demonstration of more than this at once, and it cannot be moved back.
FARTHEST = timedelta(days=366)


@transaction.atomic
def move_on(day: date, *, actor: Any, now: datetime) -> datetime:
    """Move the demonstration to the morning of a later day, for every process; return its new present.

    Raises NotAllowed for anybody but an administrator; NotNow outside a demonstration, for a day that is not
    in the future, and for one more than a year ahead.
    """
    if not actor.is_administrator:
        raise NotAllowed(_("Only administrators move the demonstration's day."))
    today = clock.local_date(now)
    if day <= today:
        raise NotNow(_("The demonstration only moves forward. Choose a later day."))
    if day - today > FARTHEST:
        raise NotNow(_("That is more than a year ahead, and there is no way back. Choose an earlier day."))
    instant = clock.move_to(datetime.combine(day, MORNING, tzinfo=clock.KUALA_LUMPUR))
    record(
        action="demo.moved_on",
        actor=actor,
        before={"day": today.isoformat()},
        after={"day": day.isoformat()},
        now=instant,
    )
    return instant
