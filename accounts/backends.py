"""Who is behind a session: read anew at every request, so that deactivation and moves act at once."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


class EmailBackend(AuthenticationBackend):
    """Signs in by e-mail; one query loads the person with the agency."""

    def get_user(self, user_id: Any) -> User | None:
        """The active person of a session, or None: then the session holds nobody."""
        return User.objects.active().select_related("agency").filter(pk=user_id).first()
