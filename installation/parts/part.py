"""What a part of the installation is: how it is looked at, what is said of it, and what is measured."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.functional import Promise

from installation.conditions import ConditionReport


class Sample(NamedTuple):
    """A number for Prometheus: the name of its metric without `jejak_`, the number, and what tells it from others."""

    metric: str
    value: float
    labels: Mapping[str, str] = {}


@dataclass(frozen=True)
class StatePart:
    """One part.

    `read` looks at it and returns what it found, in an unknown time; of that `say` makes a word and a sentence in the
    reader's language, and `measure` numbers, both at once. `view` is the name of a page that says more.
    """

    key: str
    label: Promise
    read: Callable[[], Any]
    say: Callable[[Any], ConditionReport]
    measure: Callable[[Any], Iterator[Sample]] = field(default=lambda found: iter(()))
    view: str = ""
