"""What each person chooses about their own reminders."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.errors import NotAllowed, NotNow
from audit.services import record
from reminders.hours import CLOSES, OPENS
from reminders.models import Preference, Reminder
from reminders.muting import offered_to
from reminders.services.planning import OUTBOX_LOCK


@transaction.atomic
def change_preferences(
    person: User, *, hour: int, muted: Collection[str], actor: User, now: datetime
) -> Preference:
    """Keep at which hour of Kuala Lumpur the person's digest goes out, and which dates are muted.

    What stands unsent follows at once: muted now, it leaves the bell and is not mailed; heard again, it is. Silent
    when nothing changes. Escalations and nudges cannot be muted. Raises NotAllowed for anybody but the person, and
    NotNow for an hour at which nothing goes out, or a date that is not theirs to mute.
    """
    if person.pk != actor.pk or not person.is_active:
        raise NotAllowed(_("Everybody chooses their own reminders. Nothing was changed."))
    chosen = _checked(person, hour=hour, muted=muted)
    with connection.cursor() as cursor:
        cursor.execute(OUTBOX_LOCK)
    preference, _made = Preference.objects.select_for_update(no_key=True).get_or_create(user=person)
    before = {"hour": preference.hour, "muted": preference.muted}
    after = {"hour": hour, "muted": chosen}
    if before == after:
        return preference
    preference.hour, preference.muted = hour, chosen
    preference.save(update_fields=["hour", "muted"])
    _mute_standing(person, chosen)
    record(
        action="preferences.changed",
        actor=actor,
        obj=preference,
        label=person.name,
        agency_id=person.agency_id,
        before=before,
        after=after,
        now=now,
    )
    return preference


def _checked(person: User, *, hour: int, muted: Collection[str]) -> list[str]:
    """What is muted, in one order whatever the order of asking."""
    if not OPENS <= hour < CLOSES:
        raise NotNow(_("Nothing is sent at that hour. Nothing was changed; choose one on the list."))
    offered = offered_to(person)
    if not set(muted) <= set(offered):
        raise NotNow(_("That cannot be muted. Nothing was changed."))
    return [what.value for what in offered if what in muted]


def _mute_standing(person: User, muted: Collection[str]) -> None:
    """Let what stands follow the choice. Of a matter that is heard again, what was said last is: no mail repeats it."""
    standing = Reminder.objects.visible_to(person).standing()
    mutable = standing.filter(is_escalation=False, nudge=None)
    mutable.filter(what__in=muted, is_muted=False).update(is_muted=True)
    said_last = standing.of_same_matter().order_by("-rung").values("pk")[:1]
    heard_again = mutable.filter(is_muted=True, pk=Subquery(said_last)).exclude(what__in=muted)
    heard_again.update(is_muted=False)
