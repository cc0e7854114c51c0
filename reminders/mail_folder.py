"""A folder in place of a mail server: each mail becomes one file that any mail program opens.

For demonstrations and development (`EMAIL_URL=file:///full/path`). A file gets its name when it is complete and on the
disk, so readers of the folder see whole mails only.
"""

import os
import re
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

#: The names of the files: the instant by the real clock, so that sorted names are mails in order, and a random part.
NAME = re.compile(r"\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{8}\.eml")
#: How the settings name this backend.
BACKEND = "reminders.mail_folder.MailFolder"


class MailFolder(BaseEmailBackend):
    """Writes mails to `settings.EMAIL_FILE_PATH`, which is made when it is missing. Raises OSError."""

    def __init__(self, fail_silently: bool = False, file_path: str | None = None, **options: Any) -> None:
        super().__init__(fail_silently=fail_silently, **options)
        self._folder = Path(file_path or settings.EMAIL_FILE_PATH)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the mails that have a recipient; return how many."""
        mails = [message for message in email_messages if message.recipients()]
        if mails:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for message in mails:
                _write(self._folder, message.message().as_bytes())
            _sync(self._folder)
        return len(mails)


def _write(folder: Path, mail: bytes) -> None:
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(4)}.eml"
    unfinished = folder / f".{name}.part"
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(mail)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(folder / name)


def _sync(folder: Path) -> None:
    """Write the names of new files to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
