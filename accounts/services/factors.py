"""Second factors: adding, renaming and removing them, the codes that come with them, and their Events.

An Event names the kind of a factor, never a secret, a code, or what its owner called it. Codes use the real clock.
"""

import logging
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    compare_user_code,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.fernet import InvalidToken
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.factor_secrets import decrypt, encrypt
from accounts.factors import APP, CODES, NAME_LENGTH, PASSKEY, must_have_factor
from accounts.models import User
from accounts.services.checks import locked_person, record_on
from accounts.texts import require_line
from audit.errors import BadValue, NotNow

#: So many factors are enough for anybody, and keep a stranger's session from filling the table.
MOST_FACTORS = 10
_log = logging.getLogger(__name__)


def matching_counter(secret: str, code: str) -> int | None:
    """Return the counter of the half minute whose code this is, or None."""
    for counter in yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, counter))):
            return counter
    return None


@transaction.atomic
def use_code(person: User, code: str) -> Authenticator | None:
    """Return the factor of which this is a code that was never used, and use it up; None when there is none."""
    rows = Authenticator.objects.select_for_update().filter(user=person, type__in=(APP, CODES))
    for row in sorted(rows, key=lambda row: row.type != APP):
        try:
            is_right = _use_app_code(row, code) if row.type == APP else row.wrap().validate_code(code)
        except InvalidToken:
            _log.error("A second factor was encrypted with a key that is no longer in SECRET_KEY_FALLBACKS.")
            continue
        if is_right:
            row.user = person
            return row
    return None


def _use_app_code(row: Authenticator, code: str) -> bool:
    secret = decrypt(row.data["secret"])
    counter = matching_counter(secret, code)
    if counter is None or counter <= row.data.get("last_counter", 0):
        return False
    # Encrypted anew, so that the present key replaces the ones before it.
    row.data = {"secret": encrypt(secret), "last_counter": counter}
    row.save(update_fields=["data"])
    return True


@transaction.atomic
def add_app(*, secret: str, code: str, actor: User, now: datetime) -> User:
    """Add an authenticator app that shows the right code for its secret; the code is then used up.

    Raises BadValue for a wrong code, NotNow when there is an app already.
    """
    person = locked_person(actor)
    if Authenticator.objects.filter(user=person, type=APP).exists():
        raise NotNow(_("You already have an authenticator app. Remove it first."))
    counter = matching_counter(secret, code)
    if counter is None:
        raise BadValue(_("This is not the code that the app shows now. Type the newest one."), field="code")
    row = TOTP.activate(person, secret).instance
    row.data["last_counter"] = counter
    row.save(update_fields=["data"])
    return _added(person, APP, now=now)


@transaction.atomic
def add_passkey(*, name: str, credential: dict[str, Any], actor: User, now: datetime) -> User:
    """Add a passkey that the browser made and `credential` proves. Raises BadValue, NotNow when there are too many."""
    name = require_line(name, most=NAME_LENGTH)
    person = locked_person(actor)
    if Authenticator.objects.filter(user=person).count() >= MOST_FACTORS:
        raise NotNow(_("You have enough passkeys. Remove one first."))
    WebAuthn.add(person, name, credential)
    return _added(person, PASSKEY, now=now)


def _added(person: User, kind: str, *, now: datetime) -> User:
    """Record a factor; the first one brings recovery codes along."""
    record_on(person, "factor.added", actor=person, now=now, after={"factor": str(kind)})
    if not Authenticator.objects.filter(user=person, type=CODES).exists():
        RecoveryCodes.activate(person)
        record_on(person, "factor.codes_made", actor=person, now=now)
    return person


@transaction.atomic
def rename_passkey(*, passkey_id: int, name: str, actor: User, now: datetime) -> User:
    """Give one of the actor's own passkeys another name. Raises BadValue, NotNow when it is gone (or another's)."""
    person = locked_person(actor)
    row = _own(person, passkey_id, kinds=(PASSKEY,))
    row.data["name"] = require_line(name, most=NAME_LENGTH)
    row.save(update_fields=["data"])
    record_on(person, "factor.renamed", actor=person, now=now, after={"factor": str(row.type)})
    return person


@transaction.atomic
def remove_factor(*, factor_id: int, actor: User, now: datetime) -> User:
    """Remove one of the actor's own factors; with the last one go the recovery codes.

    Raises NotNow when it is gone (or another's), and for the last one of a person who must have one.
    """
    person = locked_person(actor)
    row = _own(person, factor_id, kinds=(PASSKEY, APP))
    is_last = not Authenticator.objects.filter(user=person).exclude(type=CODES).exclude(pk=row.pk).exists()
    if is_last and must_have_factor(person):
        raise NotNow(
            _("This is your last second factor, and your role must have one. Add another one first.")
        )
    row.delete()
    if is_last:
        Authenticator.objects.filter(user=person).delete()
    record_on(person, "factor.removed", actor=person, now=now, before={"factor": str(row.type)})
    return person


def _own(person: User, factor_id: int, *, kinds: tuple[str, ...]) -> Authenticator:
    row = Authenticator.objects.filter(user=person, pk=factor_id, type__in=kinds).first()
    if row is None:
        raise NotNow(_("This second factor is gone already."))
    return row


@transaction.atomic
def make_codes(*, actor: User, now: datetime) -> User:
    """Make new recovery codes; the earlier ones stop working. Raises NotNow without another factor."""
    person = locked_person(actor)
    if not Authenticator.objects.filter(user=person).exclude(type=CODES).exists():
        raise NotNow(_("Add a passkey or an authenticator app first."))
    Authenticator.objects.filter(user=person, type=CODES).delete()
    RecoveryCodes.activate(person)
    record_on(person, "factor.codes_made", actor=person, now=now)
    return person


@transaction.atomic
def note_codes_kept(*, actor: User, now: datetime) -> User:
    """Note that the person has kept the recovery codes: from now on nobody sees them again. Raises NotNow."""
    person = locked_person(actor)
    row = Authenticator.objects.select_for_update().filter(user=person, type=CODES).first()
    if row is None or row.wrap().did_view:
        raise NotNow(_("There are no recovery codes to keep."))
    row.wrap().mark_as_viewed()
    record_on(person, "factor.codes_kept", actor=person, now=now)
    return person


@transaction.atomic
def record_refused_factor(
    person: User, *, kind: str, now: datetime, is_locked_out: bool = False, is_signed_in: bool = False
) -> None:
    """Record a second factor that did not match after the right password, or that was refused unread.

    `is_signed_in`: a signed-in person was asked for it again.
    """
    action = "factor.locked_out" if is_locked_out else "factor.refused"
    actor = person if is_signed_in else None
    record_on(person, action, actor=actor, now=now, after={"factor": str(kind)})
