"""Refusals of accounts, besides `audit.errors`."""

from django.utils.functional import Promise

from audit.errors import DomainError


class BadValue(DomainError):
    """The value cannot be stored, whoever gives it. `field` names the argument where there are several."""

    def __init__(self, message: str | Promise, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field
