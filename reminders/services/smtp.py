"""Sends one mail to one server, and says what became of it: whether to try again, and whether the connection holds."""

import smtplib
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.utils.translation import gettext_noop

from reminders.states import AttemptOutcome

#: Our own words where no server was asked. They are stored as they are, and translated when shown.
NO_ADDRESS = gettext_noop("There is no e-mail address to send it to.")
BAD_ADDRESS = gettext_noop("The e-mail address cannot be used.")
NOT_REACHED = gettext_noop("The mail server could not be reached.")

#: The first digit of an SMTP reply that refuses for good.
_PERMANENT = 5
#: The SMTP reply of a server that closes the connection.
_CLOSING = 421


@dataclass(frozen=True)
class SendResult:
    """How an attempt ended, with the words of the server.

    `is_server_gone`: no other mail can be sent now. `is_connection_broken`: a new connection is needed.
    """

    outcome: AttemptOutcome
    words: str = ""
    is_server_gone: bool = False
    is_connection_broken: bool = False


def send_mail(message: EmailMultiAlternatives, address: str, *, server: BaseEmailBackend) -> SendResult:
    """Send the mail. Every failure is returned as an outcome; none is raised."""
    if not address.strip():
        return SendResult(AttemptOutcome.PERMANENT, NO_ADDRESS)
    try:
        validate_email(address)
    except ValidationError:
        return SendResult(AttemptOutcome.PERMANENT, BAD_ADDRESS)
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as error:
        words = f"{NOT_REACHED} {_words(error)}"
        return SendResult(AttemptOutcome.TEMPORARY, words, is_server_gone=True, is_connection_broken=True)
    try:
        server.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        return _replied(*next(iter(error.recipients.values())))
    except (smtplib.SMTPSenderRefused, smtplib.SMTPHeloError) as error:
        # The server refuses us, not this recipient: every mail would fail, so none is given up for it.
        reply = _reply(error.smtp_code, error.smtp_error)
        return SendResult(AttemptOutcome.TEMPORARY, reply, is_connection_broken=True)
    except smtplib.SMTPResponseException as error:
        return _replied(error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException) as error:
        return SendResult(AttemptOutcome.UNKNOWN, _words(error), is_connection_broken=True)
    except (UnicodeError, ValueError) as error:
        return SendResult(AttemptOutcome.PERMANENT, f"{BAD_ADDRESS} {error}", is_connection_broken=True)
    return SendResult(AttemptOutcome.SENT)


def _replied(code: int, words: bytes | str) -> SendResult:
    outcome = AttemptOutcome.PERMANENT if code // 100 == _PERMANENT else AttemptOutcome.TEMPORARY
    return SendResult(outcome, _reply(code, words), is_connection_broken=code == _CLOSING)


def _reply(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    return _plain(f"{code} {text}")


def _words(error: Exception) -> str:
    return _plain(str(error) or type(error).__name__)


def _plain(words: str) -> str:
    """Return the server's words without the character that PostgreSQL cannot store."""
    return words.replace("\x00", "")
