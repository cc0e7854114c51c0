"""Who gets which answer at which address: the vocabulary of the matrix.

One module a room in this package exports `ROWS`, a list of `Row`, and may export `furnish(world, now)`, which puts
what its rows need into `world.extra`. `tests/test_walk.py` walks all rows with all roles, and fails when the URLconf
holds a name that no row speaks of.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.test import Client

from tests.factories.accounts import World

ANONYMOUS, OFFICER, COORDINATOR = "anonymous", "officer", "coordinator"
REVIEWER, ADMINISTRATOR, OBSERVER = "reviewer", "administrator", "observer"
ROLES = (ANONYMOUS, OFFICER, COORDINATOR, REVIEWER, ADMINISTRATOR, OBSERVER)
SIGNED_IN = ROLES[1:]
AGENCY = (OFFICER, COORDINATOR)
MAPO = (REVIEWER, ADMINISTRATOR)

#: 302 to the sign-in page; any other redirect is 302.
SIGN_IN = "sign-in"
Answer = int | str


def only(*roles: str, answer: Answer = 200) -> dict[str, Answer]:
    """This answer for these roles, 404 for everybody else who is signed in, the sign-in page for who is not."""
    return {role: SIGN_IN if role == ANONYMOUS else answer if role in roles else 404 for role in ROLES}


def everybody(answer: Answer = 200) -> dict[str, Answer]:
    """This answer for every signed-in role, the sign-in page for who is not."""
    return only(*SIGNED_IN, answer=answer)


def public(answer: Answer = 200) -> dict[str, Answer]:
    """This answer for everybody, signed in or not."""
    return dict.fromkeys(ROLES, answer)


def nobody() -> dict[str, Answer]:
    """404 for every signed-in role, the sign-in page for who is not."""
    return only()


def absent() -> dict[str, Answer]:
    """404 for everybody: the tests' installation has no such address."""
    return public(404)


def _nothing(_world: World) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Row:
    """One address, asked in one way.

    `target` says whose thing `kwargs` points at, seen from the officer and the coordinator: "own" or "foreign".
    An address that names a thing needs a row for each; where belonging makes no difference, say "any".
    `query` is what stands behind the address, for a page that shows more with it.
    """

    name: str
    expected: Mapping[str, Answer]
    method: str = "get"
    target: str = ""
    kwargs: Callable[[World], dict[str, Any]] = _nothing
    data: Callable[[World], dict[str, Any]] = _nothing
    query: str = ""

    def __str__(self) -> str:
        return "-".join(part for part in (self.name, self.method, self.target, self.query) if part)


def modules() -> list[Any]:
    """The rooms' modules, in the order in which rooms build on one another."""
    order = ["accounts", "evidence", "audit", "tracker", "recommendations_agency"]
    found = [module.name for module in pkgutil.iter_modules(__path__)]
    names = sorted(found, key=lambda name: (order.index(name) if name in order else len(order), name))
    return [importlib.import_module(f"{__name__}.{name}") for name in names]


def all_rows() -> list[Row]:
    """The rows of all rooms."""
    return [row for module in modules() for row in module.ROWS]


def session_keys(world: World) -> dict[str, str]:
    """Sign each role's person in, and return the key of the session by role."""
    keys = {}
    for role in SIGNED_IN:
        client = Client()
        client.force_login(world.people[role])
        keys[role] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return keys


def furnish(world: World, now: datetime) -> None:
    """Lets every room put its things into the world."""
    for module in modules():
        if hasattr(module, "furnish"):
            module.furnish(world, now)
