"""Attempts to sign in, by a password or a code: how failures are counted, and how long whoever failed waits. The numbers: docs/adr/0020.

An attempt is counted before its password is looked at, so that many at once are no more than their number; it is taken
back when the password was right. Everything is keyed by the e-mail as it was typed, so an address that belongs to nobody
is counted, slowed and refused exactly like one that does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import FailedSignIn, KnownDevice, User

DAY = timedelta(days=1)
#: So many failures in a day cost no wait: at one account from one network, or in one known device.
FREE_FAILURES = 4
#: The minutes to wait after each further one; the last holds from then on.
WAITS = (1, 2, 4, 8, 15, 30, 60)
#: The most failures in a day at one account from all browsers that it does not know together …
ACCOUNT_FAILURES = 20
#: … and without anybody signing in meanwhile. A known device with so many is forgotten.
CONSECUTIVE_FAILURES = 100
#: The most failures from one network, at whatever accounts, in so much time.
NETWORK_FAILURES, NETWORK_WINDOW = 20, timedelta(minutes=10)
#: How long failures are kept.
KEPT = timedelta(days=90)

#: Why an attempt in a known device with too many failures is refused: it is forgotten then.
GUESSED_DEVICE = "guessed device"

_IPV6_PREFIX = 64
#: A longer wait is said in hours.
_MINUTES_SAID = 90


@dataclass(frozen=True)
class LockOut:
    """Why an attempt is refused unread, and for how many seconds more; None: not by waiting alone."""

    by: str
    seconds: int | None

    @property
    def minutes(self) -> int:
        """The time left, rounded up: waiting that long is enough."""
        return math.ceil((self.seconds or 0) / 60)

    @property
    def hours(self) -> int:
        """The same in hours where the wait is long, else 0."""
        return math.ceil(self.minutes / 60) if self.minutes > _MINUTES_SAID else 0


@dataclass(frozen=True)
class SignInAttempt:
    """An attempt that may be judged, and whether its failure begins a wait of which the owner should hear."""

    pk: int
    slows: bool


def account_key(email: str) -> str:
    """Return the digest under which attempts at an e-mail are counted, in whatever case it was typed."""
    return salted_hmac("accounts.attempts", email.strip().lower(), algorithm="sha256").hexdigest()


def factor_account(person: User) -> str:
    """Return under what wrong codes of a person's second factors are counted, apart from the passwords."""
    return f"second factor of {person.pk}"


def network_of(address: str | None) -> str:
    """Return the network of a client: its address, of IPv6 the first 64 bits (one household has them all)."""
    if not address:
        return ""
    parsed = ip_address(address)
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    return str(ip_network(f"{parsed}/{_IPV6_PREFIX}", strict=False).network_address)


@transaction.atomic
def begin_attempt(email: str, *, address: str | None, device: KnownDevice | None) -> SignInAttempt | LockOut:
    """Count an attempt and return it, or the lock-out that refuses it; then nothing is counted.

    `device` is the account's known device in which it is made: its own limits hold in place of all others.
    """
    account, network, now = account_key(email), network_of(address), timezone.now()
    _hold(account, network)
    if device is None:
        lock_out, slows = _judge_unknown(account, network, now=now)
    else:
        lock_out, slows = _judge_device(device, now=now)
    if lock_out is not None:
        return lock_out
    row = FailedSignIn.objects.create(account=account, network=network, device=device, at=now)
    return SignInAttempt(pk=row.pk, slows=slows)


def take_back(attempt: SignInAttempt) -> None:
    """Count the attempt no longer: its password was right."""
    FailedSignIn.objects.filter(pk=attempt.pk).delete()


@transaction.atomic
def forgive(email: str, *, device: KnownDevice | None = None) -> None:
    """Note that the owner has signed in: failures before are not consecutive any more, and their device's are gone.

    Those of unknown browsers still count for the day: they need not have been the owner's.
    """
    FailedSignIn.objects.filter(account=account_key(email), is_consecutive=True).update(is_consecutive=False)
    if device is not None:
        FailedSignIn.objects.filter(device=device).delete()


@transaction.atomic
def is_first_to_tell(email: str) -> bool:
    """Return whether the owner has not been told of failures for a day, and note that they are told now."""
    account = account_key(email)
    _hold(account)
    rows = FailedSignIn.objects.filter(account=account, at__gt=timezone.now() - DAY)
    if rows.filter(is_told=True).exists():
        return False
    rows.update(is_told=True)
    return True


def forget_old_attempts() -> int:
    """Delete what nothing looks at any more; return how many rows."""
    deleted, _by_model = FailedSignIn.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return deleted


def _judge_unknown(account: str, network: str, *, now: datetime) -> tuple[LockOut | None, bool]:
    """Judge an attempt from a browser that the account does not know."""
    strangers = FailedSignIn.objects.filter(account=account, device=None)
    today = list(
        strangers.filter(at__gt=now - DAY).order_by("-at").values_list("at", "network")[:ACCOUNT_FAILURES]
    )
    everywhere = [at for at, _network in today]
    here = [at for at, where in today if where == network]
    elsewhere = FailedSignIn.objects.filter(network=network, at__gt=now - NETWORK_WINDOW, device=None)
    from_network = list(elsewhere.order_by("-at").values_list("at", flat=True)[:NETWORK_FAILURES])
    consecutive = strangers.filter(is_consecutive=True).count()
    if consecutive >= CONSECUTIVE_FAILURES:
        return LockOut("consecutive", None), False
    found = [
        LockOut("account", _seconds(_when_fewer(everywhere, ACCOUNT_FAILURES, DAY), now)),
        LockOut("address", _seconds(_when_fewer(from_network, NETWORK_FAILURES, NETWORK_WINDOW), now)),
        LockOut("address and account", _seconds(_end_of_wait(here), now)),
    ]
    slows = (
        len(here) == FREE_FAILURES
        or len(everywhere) == ACCOUNT_FAILURES - 1
        or consecutive == CONSECUTIVE_FAILURES - 1
    )
    return _longest(found), slows


def _judge_device(device: KnownDevice, *, now: datetime) -> tuple[LockOut | None, bool]:
    """Judge an attempt in a known device."""
    rows = FailedSignIn.objects.filter(device=device)
    if rows.count() >= CONSECUTIVE_FAILURES:
        return LockOut(GUESSED_DEVICE, None), False
    today = list(rows.filter(at__gt=now - DAY).order_by("-at").values_list("at", flat=True))
    return _longest([LockOut("device", _seconds(_end_of_wait(today), now))]), len(today) == FREE_FAILURES


def _end_of_wait(failures: Sequence[datetime]) -> datetime | None:
    """Return when the wait after these failures (newest first) ends; None without one."""
    beyond = len(failures) - FREE_FAILURES
    if beyond <= 0:
        return None
    return failures[0] + timedelta(minutes=WAITS[min(beyond, len(WAITS)) - 1])


def _when_fewer(failures: Sequence[datetime], most: int, window: timedelta) -> datetime | None:
    """Return when fewer than `most` of these failures (newest first) lie within the window; None when now."""
    return failures[most - 1] + window if len(failures) >= most else None


def _seconds(until: datetime | None, now: datetime) -> int:
    return math.ceil((until - now).total_seconds()) if until is not None else 0


def _longest(found: Sequence[LockOut]) -> LockOut | None:
    """Return the longest lock-out that is in force, or None."""
    in_force = [lock_out for lock_out in found if (lock_out.seconds or 0) > 0]
    return max(in_force, key=lambda lock_out: lock_out.seconds or 0, default=None)


def _hold(*keys: str) -> None:
    """Let one transaction at a time count under each of these keys, taken in this order by all."""
    with connection.cursor() as cursor:
        for key in keys:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"jejak.attempts:{key}"])
