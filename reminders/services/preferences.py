"""What people choose about their own reminders and their calendar link."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.errors import NotAllowed, NotNow
from audit.services import record
from reminders.due.outbox import hold_outbox
from reminders.models import Preference, Reminder
from reminders.permissions import mutable_kinds
from reminders.states import CLOSING_HOUR, OPENING_HOUR


@transaction.atomic
def change_preferences(
    person: User, *, hour: int, muted: Collection[str], actor: User, now: datetime
) -> Preference:
    """Save the hour of the person's digest (Kuala Lumpur) and the kinds that they mute.

    Open reminders that were not sent follow at once: muted ones leave the bell and are not mailed, unmuted ones come
    back. Escalations and nudges cannot be muted. Nothing is recorded when nothing changes. Raises `NotAllowed` for
    anybody but the person, `NotNow` for an hour without sending or a kind that they may not mute.
    """
    _require_self(person, actor, _("You can only choose your own reminders. Nothing was changed."))
    muted = _checked(person, hour=hour, muted=muted)
    hold_outbox()
    preference = _locked(person)
    if (preference.hour, preference.muted) == (hour, muted):
        return preference
    _change(preference, "preferences.changed", {"hour": hour, "muted": muted}, actor=actor, now=now)
    _mute_open(person, muted)
    return preference


@transaction.atomic
def renew_feed(person: User, *, actor: User, now: datetime) -> Preference:
    """Give the person's calendar a new secret address; the old one is invalid at once.

    Raises `NotAllowed` for anybody but the person.
    """
    _require_self(person, actor, _("You can only renew your own calendar link. Nothing was changed."))
    preference = _locked(person)
    values = {"feed_number": preference.feed_number + 1}
    _change(preference, "feed.renewed", values, actor=actor, now=now)
    return preference


def _require_self(person: User, actor: User, refusal: Promise) -> None:
    if person.pk != actor.pk or not person.is_active:
        raise NotAllowed(refusal)


def _locked(person: User) -> Preference:
    preference, _made = Preference.objects.select_for_update(no_key=True).get_or_create(user=person)
    return preference


def _change(
    preference: Preference, action: str, values: dict[str, Any], *, actor: User, now: datetime
) -> None:
    """Save the values, with one Event."""
    before = {name: getattr(preference, name) for name in values}
    for name, value in values.items():
        setattr(preference, name, value)
    preference.save(update_fields=[*values])
    record(
        action=action,
        actor=actor,
        obj=preference,
        label=actor.name,
        agency_id=actor.agency_id,
        before=before,
        after=values,
        now=now,
    )


def _checked(person: User, *, hour: int, muted: Collection[str]) -> list[str]:
    """Return the muted kinds, in display order."""
    if not OPENING_HOUR <= hour < CLOSING_HOUR:
        raise NotNow(
            _("Reminders are not sent at that hour. Nothing was changed; choose an hour from the list.")
        )
    mutable = mutable_kinds(person)
    if not set(muted) <= set(mutable):
        raise NotNow(_("That cannot be muted. Nothing was changed."))
    return [kind.value for kind in mutable if kind in muted]


def _mute_open(person: User, muted: Collection[str]) -> None:
    """Mute and unmute open reminders. Of an unmuted matter only the newest comes back: no mail repeats it."""
    unsettled = Reminder.objects.visible_to(person).open()
    mutable = unsettled.filter(is_escalation=False, nudge=None)
    mutable.filter(what__in=muted, is_muted=False).update(is_muted=True)
    newest = unsettled.of_same_matter().order_by("-level").values("pk")[:1]
    unmuted = mutable.filter(is_muted=True, pk=Subquery(newest)).exclude(what__in=muted)
    unmuted.update(is_muted=False)
