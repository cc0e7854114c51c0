"""One-time links: an invitation, and a password reset. Both use the real clock."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.encoding import force_bytes, force_str
from django.utils.http import base36_to_int, urlsafe_base64_decode, urlsafe_base64_encode

from accounts.models import User


class LinkTokens(PasswordResetTokenGenerator):
    """Tokens valid once, until `lifetime` has passed, and only while the person is active.

    A new password, a sign-in, another e-mail, "sign out everywhere" and a newer invitation end them.
    """

    def __init__(self, *, purpose: str, lifetime: timedelta) -> None:
        super().__init__()
        self.key_salt = f"accounts.tokens.{purpose}"
        self.lifetime = lifetime

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        instants = [
            instant.timestamp() if instant else "" for instant in (user.signed_in_at, user.invited_at)
        ]
        marks = (user.pk, user.password, user.email, user.is_active, user.sessions_number, *instants)
        return f"{marks}{timestamp}"

    def check_token(self, user: User | None, token: str | None) -> bool:
        """Return whether the token is valid for the person."""
        return super().check_token(user, token) and self._is_young(token or "")

    def _is_young(self, token: str) -> bool:
        """Return whether the token's lifetime has not passed."""
        seconds = self._num_seconds(self._now()) - base36_to_int(token.split("-")[0])
        return seconds <= self.lifetime.total_seconds()


INVITATION = "invitation"
RESET = "reset"
TOKENS = {
    INVITATION: LinkTokens(purpose=INVITATION, lifetime=timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)),
    RESET: LinkTokens(purpose=RESET, lifetime=timedelta(hours=1)),
}


def link_path(user: User, *, purpose: str) -> str:
    """Return the path of a new one-time link; whoever opens it may set this person's password."""
    person = urlsafe_base64_encode(force_bytes(user.pk))
    token = TOKENS[purpose].make_token(user)
    return reverse("accounts:set_password", kwargs={"purpose": purpose, "person": person, "token": token})


def link_url(user: User, *, purpose: str) -> str:
    """Return the address of a new one-time link; its host is the installation's own, never a request's."""
    return f"{settings.SITE_URL}{link_path(user, purpose=purpose)}"


def user_of_link(*, purpose: str, person: str, token: str) -> User | None:
    """Return the active person whose link this is, or None when it is wrong, used, replaced or too old."""
    try:
        pk = int(force_str(urlsafe_base64_decode(person)))
    except (ValueError, OverflowError):
        return None
    user = User.objects.active().select_related("agency").filter(pk=pk).first()
    return user if user is not None and TOKENS[purpose].check_token(user, token) else None
