"""The mails of a demonstration, read back from the folder that stands in for a mail server."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from accounts.models import User
from reminders.mail_folder import BACKEND, NAME

#: How many bytes of a mail are read for its headers.
_HEAD_BYTES = 16_384
#: Headers of so many mails are cached: a file never changes.
_CACHED_HEADS = 10_000


@dataclass(frozen=True, slots=True)
class MailHead:
    """The headers of a mail. `name` is that of its file, `written_at` its Date, if it has one."""

    name: str
    to: str
    addresses: frozenset[str]
    subject: str
    written_at: datetime | None
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DemoMail:
    """A whole mail: its headers, both its versions, and the bytes as they would have been sent."""

    head: MailHead
    text: str
    html: str
    raw: bytes


def is_demo_mailbox() -> bool:
    """Return whether this is a demonstration whose mails go to a folder; elsewhere nobody reads mails here."""
    return bool(settings.DEMO) and settings.EMAIL_BACKEND == BACKEND


def list_mails(user: User) -> list[MailHead]:
    """Return the mails that the user may read, the newest first: administrators all, everybody else their own.

    These are mails to their own address, and to the shared mailbox of the agency that they act for.
    """
    folder = Path(settings.EMAIL_FILE_PATH)
    if not folder.is_dir():
        return []
    names = sorted((path.name for path in folder.iterdir() if NAME.fullmatch(path.name)), reverse=True)
    heads = (_head(folder, name) for name in names)
    return [head for head in heads if _is_for(head, user)]


def load_demo_mail(name: str, *, user: User) -> DemoMail | None:
    """Return the mail of that name if the user may read it; None for any other name, whatever it is."""
    path = Path(settings.EMAIL_FILE_PATH) / name
    if not NAME.fullmatch(name) or not path.is_file():
        return None
    head = _head(path.parent, name)
    return _whole(head, path.read_bytes()) if _is_for(head, user) else None


def mail_exists(name: str) -> bool:
    """Return whether there is a mail of that name, whoever may read it."""
    return bool(NAME.fullmatch(name)) and (Path(settings.EMAIL_FILE_PATH) / name).is_file()


def _is_for(head: MailHead, user: User) -> bool:
    if user.is_administrator:
        return True
    shared = user.agency.shared_mailbox if user.is_agency_actor else ""
    return bool(head.addresses & {user.email.lower(), shared.lower()} - {""})


@lru_cache(maxsize=_CACHED_HEADS)
def _head(folder: Path, name: str) -> MailHead:
    with (folder / name).open("rb") as file:
        found = BytesHeaderParser(policy=policy.default).parsebytes(file.read(_HEAD_BYTES))
    try:
        lines = list(found.items())
    except ValueError:  # The parser refuses an address: only administrators may read the mail.
        lines = []
    headers: dict[str, Any] = dict(lines)
    return MailHead(
        name=name,
        to=str(headers.get("To", "")),
        addresses=frozenset(
            address.addr_spec.lower() for address in getattr(headers.get("To"), "addresses", ())
        ),
        subject=str(headers.get("Subject", "")),
        written_at=_instant(str(headers.get("Date", ""))),
        headers=tuple((key, str(value)) for key, value in lines),
    )


def _instant(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def _whole(head: MailHead, raw: bytes) -> DemoMail:
    message = message_from_bytes(raw, policy=policy.default)
    return DemoMail(head=head, text=_version(message, "plain"), html=_version(message, "html"), raw=raw)


def _version(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""
