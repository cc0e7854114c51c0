"""One mail to one server, and what the server said: whether to try again, and whether the line still holds."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.utils.translation import gettext_noop

from reminders.states import Outcome

#: Our own words where no server was asked; shown in the reader's language.
NO_ADDRESS = gettext_noop("There is no e-mail address to send it to.")
BAD_ADDRESS = gettext_noop("The e-mail address cannot be used.")
NOT_REACHED = gettext_noop("The mail server could not be reached.")

#: The first digit of an SMTP reply that refuses for good.
_FOR_GOOD = 5
#: The server says that it closes the connection.
_CLOSING = 421


@dataclass(frozen=True)
class Handed:
    """How an attempt ended. `is_server_gone`: no other mail can go now. `is_line_broken`: a new connection is needed."""

    outcome: Outcome
    words: str = ""
    subject: str = ""
    is_server_gone: bool = False
    is_line_broken: bool = False


def hand_over(message: EmailMultiAlternatives, address: str, *, server: BaseEmailBackend) -> Handed:
    """Give the mail to the server; every way in which that can fail is an outcome, none is raised."""
    subject = str(message.subject)
    if not address.strip():
        return Handed(Outcome.PERMANENT, NO_ADDRESS, subject)
    try:
        validate_email(address)
    except ValidationError:
        return Handed(Outcome.PERMANENT, BAD_ADDRESS, subject)
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as error:
        words = f"{NOT_REACHED} {_words(error)}"
        return Handed(Outcome.TEMPORARY, words, subject, is_server_gone=True, is_line_broken=True)
    try:
        server.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        return _replied(*next(iter(error.recipients.values())), subject)
    except (smtplib.SMTPSenderRefused, smtplib.SMTPHeloError) as error:
        # Our own sender, not this recipient: every mail would fail, so none is given up for it.
        return Handed(
            Outcome.TEMPORARY, _reply(error.smtp_code, error.smtp_error), subject, is_line_broken=True
        )
    except smtplib.SMTPResponseException as error:
        return _replied(error.smtp_code, error.smtp_error, subject)
    except (OSError, smtplib.SMTPException) as error:
        return Handed(Outcome.UNKNOWN, _words(error), subject, is_line_broken=True)
    except (UnicodeError, ValueError) as error:
        return Handed(Outcome.PERMANENT, f"{BAD_ADDRESS} {error}", subject, is_line_broken=True)
    return Handed(Outcome.SENT, subject=subject)


def _replied(code: int, words: bytes | str, subject: str) -> Handed:
    outcome = Outcome.PERMANENT if code // 100 == _FOR_GOOD else Outcome.TEMPORARY
    return Handed(outcome, _reply(code, words), subject, is_line_broken=code == _CLOSING)


def _reply(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    return _plain(f"{code} {text}")


def _words(error: Exception) -> str:
    return _plain(str(error) or type(error).__name__)


def _plain(words: str) -> str:
    """Without what the database cannot keep: the other side writes what it likes."""
    return words.replace("\x00", "")
