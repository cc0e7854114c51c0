"""OLE containers: encrypted Office files, the formats before 2007, Outlook messages. None is accepted."""

from typing import IO

import olefile
from django.utils.translation import gettext as _

from evidence.errors import BadEvidence

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refusal(file: IO[bytes]) -> BadEvidence:
    """Return the refusal that fits what the container holds."""
    names = _stream_names(file)
    if "encryptedpackage" in names or "encryptioninfo" in names:
        return protected_office()
    if "__properties_version1.0" in names:
        return BadEvidence(
            _("Outlook messages (MSG) are not accepted. Save the message as EML or as PDF, and upload that."),
            code="old_office",
        )
    return BadEvidence(
        _(
            "This is an Office file of the old format (DOC, XLS or PPT), or one that holds a program. "
            "Open it, save it as DOCX, XLSX or PPTX, and upload that."
        ),
        code="old_office",
    )


def protected_office() -> BadEvidence:
    return BadEvidence(
        _(
            "This Office file is protected by a password, so it can be neither scanned nor read by MAPO. "
            "Remove the password (File, Info, Protect), save it, and upload it again."
        ),
        code="protected",
    )


def _stream_names(file: IO[bytes]) -> set[str]:
    """Return the names of the top streams; none when the container is damaged."""
    file.seek(0)
    try:
        with olefile.OleFileIO(file) as container:
            return {parts[0].lower() for parts in container.listdir()}
    except Exception:
        return set()
