"""Why a place took no anchor."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AnchorFailure(models.TextChoices):
    """What went wrong; the label says what to do."""

    MAIL_AWAY = (
        "mail away",
        _("The mail server did not take the e-mail: look at EMAIL_URL and at the server."),
    )
    MAIL_REFUSED = "mail refused", _("The mail server refuses this address: correct ANCHOR_READERS.")
    AUTHORITY_AWAY = "authority away", _("The authority did not answer: look at ANCHOR_AUTHORITY.")
    AUTHORITY_REFUSED = (
        "authority refused",
        _("The authority gave no timestamp, or what it gave is none: ask who runs it."),
    )
    NOT_TRUSTED = (
        "not trusted",
        _("No certificate in ANCHOR_AUTHORITY_CA vouches for the timestamp: compare the certificates."),
    )
    NO_OPENSSL = "no openssl", _("Timestamps need the program openssl: install it.")
    CLOCKS_DIFFER = (
        "clocks differ",
        _("The authority's clock and that of this machine are more than five minutes apart: set the clock."),
    )
    FOLDER_AWAY = "folder away", _("The folder cannot be written: look at ANCHOR_FOLDER and at its host.")


class AnchorFailed(Exception):
    """A place took no anchor."""

    def __init__(self, failure: AnchorFailure) -> None:
        super().__init__(failure.value)
        self.failure = failure
