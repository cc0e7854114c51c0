"""Known devices of a person: remember one at a full sign-in, forget one or all others."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.attempts import factor_account, forgive
from accounts.devices import hash_of
from accounts.models import KnownDevice, User
from accounts.services.checks import record_on
from audit.context import current_origin
from audit.errors import NotAllowed, NotNow

#: Of so many devices a person is reminded; the one unused longest makes way for another.
MOST_DEVICES = 20


def known_device(token: str, *, email: str) -> KnownDevice | None:
    """Return the device with this token if the person with this e-mail has signed in with it, and lately enough."""
    if not token:
        return None
    rows = KnownDevice.objects.filter(token_hash=hash_of(token), last_used_at__gt=_since(timezone.now()))
    return rows.filter(person__email=email.strip().lower()).first()


def devices_of(person: User) -> list[KnownDevice]:
    """Return the devices by which the person is known now, the last used first."""
    return list(KnownDevice.objects.filter(person=person, last_used_at__gt=_since(timezone.now())))


@transaction.atomic
def remember_device(person: User, *, token: str, now: datetime) -> bool:
    """Remember that the person signed in fully in the browser with this token; return whether it was unknown."""
    at, origin = timezone.now(), current_origin()
    seen = {"user_agent": origin.user_agent, "address": origin.address, "last_used_at": at}
    rows = KnownDevice.objects.filter(person=person)
    was_known = rows.filter(token_hash=hash_of(token), last_used_at__gt=_since(at)).exists()
    device, _is_new = KnownDevice.objects.update_or_create(
        person=person,
        token_hash=hash_of(token),
        defaults=seen,
        create_defaults={**seen, "first_used_at": at},
    )
    forgive(person.email, device=device)
    forgive(factor_account(person))
    if was_known:
        return False
    kept = list(rows.order_by("-last_used_at", "-pk").values_list("pk", flat=True)[:MOST_DEVICES])
    rows.exclude(pk__in=kept).delete()
    record_on(person, "device.remembered", actor=person, now=now)
    return True


@transaction.atomic
def forget_device(*, device_id: int, actor: User, now: datetime) -> None:
    """Forget one of the actor's own devices. Raises NotNow when it is gone already (or another's)."""
    deleted, _by_model = KnownDevice.objects.filter(person=actor, pk=device_id).delete()
    if not deleted:
        raise NotNow(_("That device was already removed."))
    record_on(actor, "device.forgotten", actor=actor, now=now, after={"devices": 1})


@transaction.atomic
def forget_devices(person: User, *, actor: User, now: datetime, but: str = "") -> int:
    """Forget every device of the person but the one with this token; return how many. It is for oneself alone."""
    if actor.pk != person.pk:
        raise NotAllowed(_("Only the person may do this."))
    rows = KnownDevice.objects.filter(person=person)
    if but:
        rows = rows.exclude(token_hash=hash_of(but))
    count = rows.count()
    rows.delete()
    if count:
        record_on(person, "device.forgotten", actor=actor, now=now, after={"devices": count})
    return count


@transaction.atomic
def forget_guessed_device(device: KnownDevice, *, now: datetime) -> None:
    """Forget a device in which too many passwords were tried: its person makes it known again by a reset link."""
    person = User.objects.get(pk=device.person_id)
    device.delete()
    record_on(person, "device.forgotten", actor=None, now=now, after={"devices": 1})


def _since(at: datetime) -> datetime:
    """Return since when a device must have been used to be known at this instant."""
    return at - timedelta(days=settings.KNOWN_DEVICE_DAYS)
