"""The errors that services raise and views show to the reader."""

from django.utils.functional import Promise


class DomainError(Exception):
    """A refusal with a message for the reader: what happened, what was kept, what to do next."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(DomainError):
    """This person may not do this, whatever the state."""


class NotNow(DomainError):
    """This person may do this, but the state or the version of the object forbids it at the moment."""


class BadValue(DomainError):
    """The value cannot be stored, whoever gives it. `field` names the argument where there are several."""

    def __init__(self, message: str | Promise, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field
