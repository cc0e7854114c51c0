"""Mails about changes of how somebody signs in: what, when, from where, and what to do if it was not them.

No mail holds a link that signs anybody in.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.browsers import short_name
from accounts.models import User
from ui import dates
from ui.invisible_characters import visible_text


class SignInChange(models.TextChoices):
    """What a person is told of by mail; the label is the mail's subject and heading."""

    PASSWORD_CHANGED = "password_changed", _("Your password was changed")
    PASSWORD_RESET = "password_reset", _("Your password was set by a link")
    NEW_DEVICE = "new_device", _("You signed in from a new device")
    SLOWED = "slowed", _("Somebody failed to sign in with your address")
    PASSKEY_ADDED = "passkey_added", _("A passkey was added to your account")
    APP_ADDED = "app_added", _("An authenticator app was added to your account")
    FACTOR_REMOVED = "factor_removed", _("A second factor was removed from your account")
    FACTOR_REFUSED = "factor_refused", _("Somebody knows your password")
    CODES_MADE = "codes_made", _("New recovery codes were made")
    CODE_USED = "code_used", _("A recovery code was used to sign in")
    LOST_ASKED = "lost_asked", _("An administrator asks to remove your second factor")
    RIGHTS_ASKED = "rights_asked", _("A request waits for a second administrator")
    RIGHTS_GRANTED = "rights_granted", _("Your request was granted")
    RIGHTS_REFUSED = "rights_refused", _("Your request was refused")
    RIGHTS_RAISED = "rights_raised", _("You have more rights in Jejak")
    PROVIDER_CONNECTED = "provider_connected", _("Single sign-on was connected with your account")
    PROVIDER_DISCONNECTED = "provider_disconnected", _("Single sign-on was disconnected from your account")


_AT_ONCE = _(
    "If it was not you, use “Forgotten your password?” on the sign-in page at once, and tell the MAPO secretariat."
)
_FACTOR_ADDED = _("It is asked for when you sign in from now on. You were signed out everywhere else.")
#: What happened, and what to do if it was not the person. Who signs in at the provider may have no password.
_TEXTS: dict[str, tuple[Promise, Promise]] = {
    SignInChange.PASSWORD_CHANGED: (
        _("You stayed signed in where you changed it, and were signed out everywhere else."),
        _AT_ONCE,
    ),
    SignInChange.PASSWORD_RESET: (
        _(
            "It was set by a one-time link that was sent to this address. You were signed out everywhere else."
        ),
        _AT_ONCE,
    ),
    SignInChange.NEW_DEVICE: (
        _("Somebody signed in as you in a browser in which you had not signed in before, or not for long."),
        _(
            "If it was not you, end that session, remove that device, and tell the MAPO secretariat at once. If you have a password, change it."
        ),
    ),
    SignInChange.SLOWED: (
        _(
            "A wrong password was given again and again. Nobody got in by it, and further attempts have to wait. Browsers that you have used before still let you in."
        ),
        _(
            "If it was not you, you need do nothing: nobody can lock you out. If you have used your password elsewhere, change it."
        ),
    ),
    SignInChange.PASSKEY_ADDED: (_FACTOR_ADDED, _AT_ONCE),
    SignInChange.APP_ADDED: (_FACTOR_ADDED, _AT_ONCE),
    SignInChange.FACTOR_REMOVED: (
        _("It no longer lets you sign in. You were signed out everywhere else."),
        _AT_ONCE,
    ),
    SignInChange.FACTOR_REFUSED: (
        _("Your right password was given, but not your second factor. Nobody was let in."),
        _(
            "If it was you, there is nothing to do. If it was not you, change your password at once, and tell the MAPO secretariat."
        ),
    ),
    SignInChange.CODES_MADE: (
        _("The earlier codes no longer work. Keep the new ones where nobody else finds them."),
        _AT_ONCE,
    ),
    SignInChange.CODE_USED: (
        _("It took the place of your second factor, and does not work again."),
        _AT_ONCE,
    ),
    SignInChange.LOST_ASKED: (
        _(
            "They were told that your device is lost. Another administrator may grant it within 24 hours; you are told again then."
        ),
        _("If you did not lose your device, tell the MAPO secretariat at once."),
    ),
    SignInChange.RIGHTS_ASKED: (
        _(
            "An administrator asks that this person become an administrator, be let in again as one, or get a higher clearance."
        ),
        _(
            "Ask them in person. If they did not ask for it, refuse it, and tell the MAPO secretariat at once."
        ),
    ),
    SignInChange.RIGHTS_GRANTED: (
        _("Another administrator granted what you asked for about this person."),
        _("If you did not ask for it, tell the MAPO secretariat at once."),
    ),
    SignInChange.RIGHTS_REFUSED: (
        _("Another administrator refused what you asked for about this person. The page says why."),
        _("If you did not ask for it, tell the MAPO secretariat at once."),
    ),
    SignInChange.RIGHTS_RAISED: (
        _("Two administrators changed your role or your clearance. Sign in again to use it."),
        _("If you did not expect this, tell the MAPO secretariat at once."),
    ),
    SignInChange.PROVIDER_CONNECTED: (
        _("A person who signs in with that account at the provider is let in as you."),
        _(
            "If it was not you, tell the MAPO secretariat at once, so that it disconnects the account. If you have a password, change it."
        ),
    ),
    SignInChange.PROVIDER_DISCONNECTED: (
        _(
            "Sign in with your e-mail and password. If you have no password, ask for a link under “Forgotten your password?”."
        ),
        _("If you did not expect this, tell the MAPO secretariat at once."),
    ),
}


#: Whose link leads to the page of requests; all others lead to the person's own sessions.
_FOR_ADMINISTRATORS = {SignInChange.RIGHTS_ASKED, SignInChange.RIGHTS_GRANTED, SignInChange.RIGHTS_REFUSED}


@dataclass(frozen=True)
class SignInNotice:
    """A change as it is told: what, when (business time), from which address and browser, and a name of the thing."""

    kind: str
    at: datetime
    address: str
    user_agent: str
    detail: str = ""


def sign_in_mail(person: User, notice: SignInNotice) -> EmailMultiAlternatives:
    """Return the mail in the person's language."""
    with translation.override(person.language):
        context = _context(person, notice)
        text = render_to_string("emails/sign_in.txt", context)
        message = EmailMultiAlternatives(subject=context["heading"], body=text, to=[person.email])
        message.attach_alternative(render_to_string("emails/sign_in.html", context), "text/html")
    return message


def _context(person: User, notice: SignInNotice) -> dict[str, Any]:
    happened, otherwise = _TEXTS[notice.kind]
    facts = [
        (_("When"), dates.day_time(notice.at)),
        (_("Name"), visible_text(notice.detail).strip()),
        (_("Browser"), visible_text(short_name(notice.user_agent)).strip()),
        (_("Network address"), notice.address),
    ]
    page, label = "accounts:sessions", _("Your sessions and devices")
    if notice.kind in _FOR_ADMINISTRATORS:
        page, label = "accounts:rights", _("Requests for rights")
    return {
        "language": person.language,
        "heading": str(SignInChange(notice.kind).label),
        "name": visible_text(person.name).strip(),
        "day": dates.weekday_day(notice.at),
        "happened": happened,
        "otherwise": otherwise,
        "facts": [(label, value) for label, value in facts if value],
        "url": f"{settings.SITE_URL}{reverse(page)}",
        "url_label": label,
    }
