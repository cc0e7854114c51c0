"""Refusals of a file: what is wrong, and what its owner can do about it."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from audit.errors import DomainError


class BadEvidence(DomainError):
    """The file itself is refused. Only its hash and the reason's code stay, in the audit trail."""

    field = "file"

    def __init__(self, message: str | Promise, *, code: str) -> None:
        super().__init__(message)
        self.code = code


class StorageFailed(DomainError):
    """The file may be good, but the server could not store it: nothing was kept."""

    field = "file"


def hidden_file(label: str) -> BadEvidence:
    """Return the refusal of a file of the kind `label` that has another file hidden in it."""
    return BadEvidence(
        _(
            "This %(kind)s file has another file hidden in it. Save it again from the program that made "
            "it, and try again."
        )
        % {"kind": label},
        code="mixed",
    )
