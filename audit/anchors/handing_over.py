"""Hands the head of the chain to one place: by mail, to an authority for timestamps, or into a folder."""

import os
import smtplib
from datetime import timedelta
from email.utils import format_datetime, make_msgid
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from audit.anchors.failures import AnchorFailed, AnchorFailure
from audit.anchors.lines import AnchorLine
from audit.anchors.queries import AnchorPlace
from audit.anchors.timestamps import ask_for_timestamp, read_timestamp
from audit.models import AnchorKind
from ui.dates import day_time, weekday_day
from ui.numbers import number

#: In `ANCHORING.folder`; one line a night.
FILE_NAME = "jejak-anchors.txt"
_CLOCKS_AGREE_WITHIN = timedelta(minutes=5)


def hand_over(line: AnchorLine, place: AnchorPlace) -> bytes:
    """Return what the place can be shown for it. Raises AnchorFailed."""
    hand = {
        AnchorKind.MAIL: _send,
        AnchorKind.TIMESTAMP: _have_stamped,
        AnchorKind.FOLDER: _append,
    }[place.kind]
    return hand(line, place.name)


def _send(line: AnchorLine, reader: str) -> bytes:
    """Send the mail in the language of the installation, and return it as it left."""
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "line": line,
            "folded": str(line).replace(" ", "\n"),
            "position": number(line.head.position),
            "when": day_time(line.at),
        }
        message = EmailMessage(
            subject=_("Keep this e-mail: the audit log of Jejak on %(day)s") % {"day": weekday_day(line.at)},
            body=render_to_string("audit/mail/anchor.txt", context),
            to=[reader],
            headers={"Message-ID": make_msgid(domain=_host()), "Date": format_datetime(line.at)},
        )
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        raise AnchorFailed(AnchorFailure.MAIL_REFUSED) from error
    except (OSError, smtplib.SMTPException) as error:
        raise AnchorFailed(AnchorFailure.MAIL_AWAY) from error
    return message.message().as_bytes()


def _host() -> str:
    return settings.SITE_URL.partition("://")[2].partition(":")[0]


def _have_stamped(line: AnchorLine, authority: str) -> bytes:
    """Return the authority's answer, which holds before our roots and agrees with our clock."""
    roots = settings.ANCHORING.authority_ca
    answer = ask_for_timestamp(line.head, authority=authority, roots=roots)
    if abs(read_timestamp(answer, roots=roots).at - line.at) > _CLOCKS_AGREE_WITHIN:
        raise AnchorFailed(AnchorFailure.CLOCKS_DIFFER)
    return answer


def _append(line: AnchorLine, folder: str) -> bytes:
    """Append the line to the file of anchors, in one write that has reached the disk. The folder must be there."""
    written = f"{line}\n".encode()
    try:
        file = os.open(Path(folder) / FILE_NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            if os.write(file, written) != len(written):
                raise AnchorFailed(AnchorFailure.FOLDER_AWAY)
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        raise AnchorFailed(AnchorFailure.FOLDER_AWAY) from error
    return written
