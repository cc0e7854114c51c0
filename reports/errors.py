"""Errors while a summary is chosen or made; their texts are shown to the reader."""

from __future__ import annotations

from collections.abc import Mapping

from audit.errors import DomainError, NotNow


class BadSelection(DomainError):
    """A selection with values that cannot be meant; `problems` holds a sentence for each, by name."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


class EmptySelection(NotNow):
    """No item fits the selection, or nothing had been recorded by its day."""


class TooManyRows(NotNow):
    """More rows than a format for people can hold; the text names what to choose instead."""
