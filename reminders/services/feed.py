"""What a person does to their own calendar link."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.errors import NotAllowed
from audit.services import record
from reminders.models import Preference


@transaction.atomic
def renew_feed(person: User, *, actor: User, now: datetime) -> Preference:
    """Give the person's calendar another secret address; the one before is dead at once.

    Raises NotAllowed for anybody but the person.
    """
    if person.pk != actor.pk or not person.is_active:
        raise NotAllowed(_("Everybody renews their own calendar link. Nothing was changed."))
    rows = Preference.objects.select_for_update(no_key=True)
    preference, _made = rows.get_or_create(user=person)
    before = {"feed_number": preference.feed_number}
    preference.feed_number += 1
    preference.save(update_fields=["feed_number"])
    record(
        action="feed.renewed",
        actor=actor,
        obj=preference,
        label=person.name,
        agency_id=person.agency_id,
        before=before,
        after={"feed_number": preference.feed_number},
        now=now,
    )
    return preference
