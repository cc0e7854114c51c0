"""What can go wrong while a summary is chosen or made, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping

from audit.errors import DomainError, NotNow


class BadSelection(DomainError):
    """A selection that cannot be meant; `problems` holds a sentence by the name of what is wrong."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


class EmptySelection(NotNow):
    """No item fits, or nothing had been recorded by that day."""


class TooManyRows(NotNow):
    """More than a paper for people can hold; the sentence names what to choose instead."""
