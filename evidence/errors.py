"""The refusal of a file: what is wrong with it, and what its owner can do about it."""

from django.utils.functional import Promise

from audit.errors import DomainError


class BadEvidence(DomainError):
    """The file itself is refused. Nothing of it is kept but its hash and the reason's code in the audit trail."""

    def __init__(self, message: str | Promise, *, code: str) -> None:
        super().__init__(message)
        self.code = code


class StorageFailed(DomainError):
    """The file may be good, but the server could not keep it: nothing was kept."""
