"""The mails of a demonstration, read back from the folder that stands in for a mail server."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
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


@dataclass(frozen=True)
class DemoMail:
    """A mail by its headers; the rest is read when it is asked for. `written_at` is its Date, if it has one."""

    path: Path
    to: str
    addresses: frozenset[str]
    subject: str
    written_at: datetime | None
    headers: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def raw(self) -> bytes:
        """The bytes as they would have been sent."""
        return self.path.read_bytes()

    @property
    def text(self) -> str:
        return self._version("plain")

    @property
    def html(self) -> str:
        return self._version("html")

    def _version(self, kind: str) -> str:
        part = message_from_bytes(self.raw, policy=policy.default).get_body(preferencelist=(kind,))
        return str(part.get_content()) if part is not None else ""

    def is_for(self, user: User) -> bool:
        """Whether the user may read it: administrators all, everybody else what goes to them.

        These are mails to their own address, and to the shared mailbox of the agency that they act for.
        """
        if user.is_administrator:
            return True
        shared = user.agency.shared_mailbox if user.is_agency_actor else ""
        return bool(self.addresses & {user.email.lower(), shared.lower()} - {""})


def is_demo_mailbox() -> bool:
    """Return whether this is a demonstration whose mails go to a folder; elsewhere nobody reads mails here."""
    return bool(settings.DEMO) and settings.EMAIL_BACKEND == BACKEND


def list_mails(user: User) -> list[DemoMail]:
    """Return the mails that the user may read, the newest first."""
    folder = Path(settings.EMAIL_FILE_PATH)
    if not folder.is_dir():
        return []
    names = sorted((path.name for path in folder.iterdir() if NAME.fullmatch(path.name)), reverse=True)
    return [mail for name in names if (mail := _read(folder / name)).is_for(user)]


def load_demo_mail(name: str) -> DemoMail | None:
    """Return the mail of that name, whoever may read it; None for any other name, whatever it is."""
    path = Path(settings.EMAIL_FILE_PATH) / name
    return _read(path) if NAME.fullmatch(name) and path.is_file() else None


@lru_cache(maxsize=_CACHED_HEADS)
def _read(path: Path) -> DemoMail:
    with path.open("rb") as file:
        found = BytesHeaderParser(policy=policy.default).parsebytes(file.read(_HEAD_BYTES))
    try:
        lines = list(found.items())
    except ValueError:  # The parser refuses an address: only administrators may read the mail.
        lines = []
    headers: dict[str, Any] = dict(lines)
    return DemoMail(
        path=path,
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
