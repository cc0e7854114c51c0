"""What the page says when a sign-in at the provider comes to nothing."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.errors import DomainError


@dataclass(frozen=True)
class Refusal:
    """A page: status, heading and explanation; both may hold %(provider)s."""

    status: int
    title: Any
    text: Any


DOWN = Refusal(
    HTTPStatus.SERVICE_UNAVAILABLE,
    _("%(provider)s cannot be reached"),
    _(
        "Wait a few minutes, then try again. If you have a password for Jejak, sign in with it meanwhile. Nothing is lost."
    ),
)
#: The same for who is unknown and for who was deactivated: the page tells a stranger nothing.
NOT_INVITED = Refusal(
    HTTPStatus.FORBIDDEN,
    _("You have no access to Jejak with this account"),
    _(
        "%(provider)s knows you, but no account in Jejak is connected with it. Were you invited? Open the link in the invitation. Do you have a password? Sign in with it, then connect your account under “My account”. Otherwise ask the MAPO secretariat."
    ),
)
CANCELLED = Refusal(
    HTTPStatus.OK, _("You cancelled the sign-in"), _("Nothing was changed. You may try again at any time.")
)
EXPIRED = Refusal(
    HTTPStatus.GONE,
    _("This sign-in has expired"),
    _(
        "It was begun more than ten minutes ago, in another browser, or was finished already. Begin again, in one tab."
    ),
)
CLOCK = Refusal(
    HTTPStatus.FORBIDDEN,
    _("The clocks do not agree"),
    _(
        "%(provider)s and Jejak disagree about the time, so you were not signed in. Tell the MAPO secretariat; your own computer is not the cause."
    ),
)
UNTRUSTED = Refusal(
    HTTPStatus.FORBIDDEN,
    _("You were not signed in"),
    _(
        "The answer of %(provider)s could not be verified. Try again. If it happens twice, tell the MAPO secretariat."
    ),
)
NOT_PROVED = Refusal(
    HTTPStatus.FORBIDDEN,
    _("It was not confirmed that it is you"),
    _(
        "%(provider)s did not ask you again, or somebody else signed in there. You are still signed in to Jejak, and nothing was done. Try again."
    ),
)
NOT_ASKED = Refusal(
    HTTPStatus.FORBIDDEN,
    _("Your account was not connected"),
    _(
        "%(provider)s did not confirm that it asked you just now, so it could have been somebody else’s account. Sign out there, then try again. If it happens twice, tell the MAPO secretariat."
    ),
)
TOO_MANY = Refusal(
    HTTPStatus.TOO_MANY_REQUESTS,
    _("Too many attempts"),
    _("Wait a minute, then try again."),
)


def not_connected(reason: DomainError) -> Refusal:
    """Return the page for an account that a service did not connect."""
    return Refusal(HTTPStatus.CONFLICT, _("Your account was not connected"), reason.message)
