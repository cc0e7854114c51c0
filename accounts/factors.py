"""Second factors of people: passkeys, the authenticator app, recovery codes. Who has which, and who must have one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User

PASSKEY, APP, CODES = (
    Authenticator.Type.WEBAUTHN,
    Authenticator.Type.TOTP,
    Authenticator.Type.RECOVERY_CODES,
)
#: A second factor for which the provider asked at its own sign-in (accounts.oidc).
PROVIDER = "provider"
#: The most characters of a passkey's name.
NAME_LENGTH = 60
#: What each kind is called, on pages and in the log.
FACTOR_LABELS: dict[str, str | Promise] = {
    PASSKEY: _("Passkey or security key"),
    APP: _("Authenticator app"),
    CODES: _("Recovery codes"),
    PROVIDER: _("At the provider"),
}


@dataclass(frozen=True)
class FactorLine:
    """One second factor as pages show it; `left` is how many recovery codes are unused."""

    pk: int
    kind: str
    name: str
    added_at: datetime
    used_at: datetime | None
    left: int = 0


@dataclass(frozen=True)
class FactorList:
    """The second factors of one person; codes apart, because they only stand in for the others."""

    factors: list[FactorLine]
    codes: FactorLine | None
    #: Whether the codes were not yet kept by the person, and so may still be shown.
    has_codes_to_keep: bool

    @property
    def has_app(self) -> bool:
        return any(line.kind == APP for line in self.factors)

    @property
    def has_passkey(self) -> bool:
        return any(line.kind == PASSKEY for line in self.factors)


def factors_of(person: User) -> FactorList:
    """Return what a person has, oldest first."""
    rows = list(Authenticator.objects.filter(user=person).order_by("created_at", "pk"))
    codes = next((row for row in rows if row.type == CODES), None)
    return FactorList(
        factors=[_line(row) for row in rows if row.type != CODES],
        codes=_line(codes, left=_codes_left(codes)) if codes else None,
        has_codes_to_keep=codes is not None and not codes.wrap().did_view,
    )


def _codes_left(row: Authenticator) -> int:
    """Return how many codes are unused: none that a key encrypted which is no longer known."""
    try:
        return len(row.wrap().get_unused_codes())
    except InvalidToken:
        return 0


def _line(row: Authenticator, *, left: int = 0) -> FactorLine:
    name = row.wrap().name if row.type == PASSKEY else str(FACTOR_LABELS[row.type])
    return FactorLine(row.pk, row.type, name, row.created_at, row.last_used_at, left)


def kinds_of(person: User) -> set[str]:
    """Return the kinds of factors that a person has."""
    return set(Authenticator.objects.filter(user=person).values_list("type", flat=True))


def has_factor(person: User) -> bool:
    """Return whether the person has a second factor (recovery codes alone are none)."""
    return Authenticator.objects.filter(user=person).exclude(type=CODES).exists()


def must_have_factor(person: User) -> bool:
    """Return whether the person's role must sign in with a second factor here."""
    return person.role in settings.SECOND_FACTOR_REQUIRED
