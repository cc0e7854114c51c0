"""What rooms above this one show beside an assignment on MAPO's page of it: this room knows none of them by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from recommendations.models import Assignment


@dataclass(frozen=True)
class Piece:
    """A template and what it shows, which it finds as `piece`."""

    template: str
    context: Mapping[str, Any]


Bring = Callable[[Assignment, datetime], Piece]
_brought: dict[str, Bring] = {}


def register_piece(name: str, bring: Bring) -> None:
    """Called once, when the installation starts. `bring` reads what its piece shows, at an instant."""
    _brought[name] = bring


def pieces_beside(assignment: Assignment, *, now: datetime) -> list[Piece]:
    """The pieces of all rooms, in the order in which they came."""
    return [bring(assignment, now) for bring in _brought.values()]
