"""The entries of the navigation that rooms above this one bring along: this room knows none of them by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise

from accounts.models import User


@dataclass(frozen=True)
class Door:
    """One entry of the navigation; `rooms` are the beginnings of view names that belong to it.

    `is_open_to` says who has it.
    """

    view: str
    label: str | Promise
    icon: str
    rooms: tuple[str, ...] = ()
    count: int = 0
    is_open_to: Callable[[User], bool] = field(default=lambda user: True)


_brought: dict[str, Door] = {}


def register_door(door: Door) -> None:
    """Called once, when the installation starts. The same view again replaces its door."""
    _brought[door.view] = door


def brought_doors(user: User) -> Iterable[Door]:
    """The doors that other rooms brought and that this person has, in the order in which they came."""
    return [door for door in _brought.values() if door.is_open_to(user)]
