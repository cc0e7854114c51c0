"""What this room refuses beside `audit.errors`."""

from django.utils.functional import Promise

from audit.errors import DomainError


class BadValue(DomainError):
    """What was given cannot be kept, whoever gives it. `field` names the argument where there are several."""

    def __init__(self, message: str | Promise, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field
