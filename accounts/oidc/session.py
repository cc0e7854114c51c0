"""What a session keeps of a sign-in at the provider, until it ends."""

from django.contrib.sessions.backends.base import SessionBase

from accounts.oidc.id_token import Identity

#: The ID token, which the provider asks for when people sign out there.
_KEPT_UNDER = "provider-id-token"


def keep_id_token(session: SessionBase, identity: Identity) -> None:
    """Keep what signing out at the provider needs."""
    session[_KEPT_UNDER] = identity.id_token


def id_token_of(session: SessionBase) -> str:
    """Return the ID token of a sign-in at the provider; "" where there was none."""
    return str(session.get(_KEPT_UNDER, ""))
