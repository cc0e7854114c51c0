"""The errors that services raise and views show to the reader."""

from collections.abc import Iterable, Mapping
from typing import Any

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


class Stale(NotNow):
    """Somebody saved something newer than the person saw. Nothing was overwritten.

    `current` is what stands now; None where it is gone, or no page shows it. `is_own`: the person saved it, elsewhere.
    """

    def __init__(self, message: str | Promise, current: Any = None, *, is_own: bool = False) -> None:
        super().__init__(message)
        self.current = current
        self.is_own = is_own


class Incomplete(NotNow):
    """It cannot be sent yet; `problems` says why, by field."""

    def __init__(self, message: str | Promise, problems: Mapping[str, str | Promise]) -> None:
        super().__init__(message)
        self.problems = dict(problems)


class Unconfirmed(NotNow):
    """It can be done, but must be meant: the message asks. `names` are the fields that it asks about."""

    def __init__(self, message: str | Promise, names: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.names = tuple(names)


class AlreadyDecided(NotNow):
    """Another reviewer was first; the message says who."""
