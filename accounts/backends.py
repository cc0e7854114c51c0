"""Load the person behind a session at every request, so that deactivation and moves act at once."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


class EmailBackend(AuthenticationBackend):
    """Sign in by e-mail; one query loads the person with the agency.

    Sessions hold this path, so renaming it would sign everybody out.
    """

    def get_user(self, user_id: Any) -> User | None:
        """Return the active person of a session, or None."""
        return User.objects.active().select_related("agency").filter(pk=user_id).first()
