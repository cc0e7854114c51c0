"""Refusals of a file: what is wrong, and what its owner can do about it."""

import logging

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from audit.errors import DomainError

logger = logging.getLogger(__name__)


class BadEvidence(DomainError):
    """The file itself is refused. Only its hash and the reason's code stay, in the audit trail."""

    field = "file"

    def __init__(self, message: str | Promise, *, code: str) -> None:
        super().__init__(message)
        self.code = code


class StorageFailed(DomainError):
    """The file may be good, but the server did not keep it: nothing of it is left."""

    field = "file"


class NotJudged(StorageFailed):
    """The file may be good, but it could not be looked at now: nothing was kept."""

    @classmethod
    def without_sandbox(cls, error: Exception) -> "NotJudged":
        """Log that no process can be shut in, and return the refusal for the reader."""
        logger.error("No file can be opened safely, see SANDBOX in docs/operations.md: %s", error)
        return cls(
            _(
                "The server cannot open files safely at present, so this one was not kept; your text is not "
                "affected. Tell the administrator."
            )
        )
