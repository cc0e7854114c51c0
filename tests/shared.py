"""Fixtures that are built once and shared by many tests: `@shared` in place of `@pytest.fixture`.

A shared fixture is built in an open transaction beneath the tests' own ones, so each test begins with its rows in the
database, and what the test does is rolled back as always. Each test gets its own copy of the Python objects and of the
files. Shared fixtures that build on one another lie in layers, and a test that needs other layers than the one
before it removes what it does not need and builds the rest. No order of tests changes what a test sees.

The function may ask for `clock`, for other shared fixtures, and for parameters of the test. It may not yield. Where one
of its arguments is an ordinary fixture (a `desk` with real commits, say), it is built in the test as an ordinary one.
"""

import inspect
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Iterable
from copy import deepcopy
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings
from django.utils import translation

#: The database's clock goes on while layers stand, and stamps must lie near it: older layers are built anew.
OLDEST_SECONDS = 40


class Clock(Protocol):
    """The clock of the database, as tests move it."""

    def move_to(self, instant: datetime) -> datetime:
        """Move forward to the instant and return it."""


class MovingClock:
    """Moves the clock in the database of the test."""

    def move_to(self, instant: datetime) -> datetime:
        from audit import clock

        return clock.move_to(instant)


class Recipe(NamedTuple):
    """How one layer is built: the fixture's name, its function, and the parameters of the test that it takes."""

    name: str
    build: Callable[..., Any]
    parameters: dict[str, Any]


class Layer(NamedTuple):
    """One shared fixture in the database: its open transaction, all values so far, and the files so far."""

    recipe: Recipe
    atomic: transaction.Atomic
    values: dict[str, Any]
    files: Path


class Layers:
    """The shared fixtures that stand in this worker's database."""

    def __init__(self) -> None:
        self._stand: list[Layer] = []
        self._built_at = 0.0
        self._values: dict[str, Any] | None = None

    def prepare(self, recipes: list[Recipe]) -> None:
        """Let exactly these layers stand, for a test that begins."""
        self._values = None
        is_lost = connection.connection is None or connection.connection.closed
        if is_lost:
            connection.close()
        is_fresh = not is_lost and time.monotonic() - self._built_at < OLDEST_SECONDS
        pairs = zip(self._stand, recipes, strict=False)
        kept = len(list(takewhile(lambda pair: pair[0].recipe == pair[1], pairs))) if is_fresh else 0
        self._remove_above(kept)
        if not kept:
            self._built_at = time.monotonic()
        for recipe in recipes[kept:]:
            self._build(recipe)

    def leave(self) -> None:
        """Remove all layers: what follows commits."""
        self.prepare([])

    def holds(self, name: str) -> bool:
        """Tell whether the present test has this fixture from a layer."""
        return any(layer.recipe.name == name for layer in self._stand)

    def value(self, name: str) -> Any:
        """Return the present test's own copy; the first call also puts the files in their place."""
        top = self._stand[-1]
        if self._values is None:
            self._values = deepcopy(top.values)
            shutil.copytree(top.files, settings.MEDIA_ROOT, dirs_exist_ok=True)
        return self._values[name]

    def _remove_above(self, kept: int) -> None:
        """Roll back all but the lowest layers, the newest first."""
        while len(self._stand) > kept:
            layer = self._stand.pop()
            shutil.rmtree(layer.files)
            connection.set_rollback(True)
            layer.atomic.__exit__(None, None, None)

    def _build(self, recipe: Recipe) -> None:
        below = self._stand[-1] if self._stand else None
        files = Path(tempfile.mkdtemp(prefix="shared-", dir=settings.STATE_DIR))
        if below is not None:
            shutil.copytree(below.files, files, dirs_exist_ok=True)
        values = deepcopy(below.values) if below is not None else {}
        atomic = transaction.atomic()
        atomic._from_testcase = True  # type: ignore[attr-defined]  # As Django's own TestCase: durable blocks may begin.
        atomic.__enter__()
        self._stand.append(Layer(recipe, atomic, values, files))
        try:
            with override_settings(MEDIA_ROOT=files), translation.override(settings.LANGUAGE_CODE):
                values[recipe.name] = recipe.build(**self._arguments(recipe, values))
            # What is chained or checked at commit is so now, once, and not again at the end of each test.
            connection.check_constraints()
        except BaseException:
            self._remove_above(len(self._stand) - 1)
            raise

    def _arguments(self, recipe: Recipe, values: dict[str, Any]) -> dict[str, Any]:
        known = {"clock": MovingClock(), **recipe.parameters, **values}
        return {name: known[name] for name in _arguments_of(recipe.build)}


Plan = list[tuple[str, Callable[..., Any], list[str]]]
LAYERS = Layers()
_PLANS: dict[int, Plan] = {}


def shared(build: Callable[..., Any]) -> Any:
    """Make a fixture of the function that many tests share (see above)."""

    def fixture(request: pytest.FixtureRequest, **arguments: Any) -> Any:
        name = request.fixturename
        assert name is not None
        return LAYERS.value(name) if LAYERS.holds(name) else build(**arguments)

    names = ["request", *_arguments_of(build)]
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    fixture.__signature__ = inspect.Signature([inspect.Parameter(name, kind) for name in names])  # type: ignore[attr-defined]
    fixture.__name__ = build.__name__
    fixture.__doc__ = build.__doc__
    fixture.__module__ = build.__module__
    fixture.shared_build = build  # type: ignore[attr-defined]
    return pytest.fixture(fixture)


def recipes_of(item: pytest.Item) -> list[Recipe]:
    """Return how to build the shared fixtures of a test, each after those that it needs."""
    information = getattr(item, "_fixtureinfo", None)
    if information is None or "real_db" in item.fixturenames:  # type: ignore[attr-defined]
        return []
    given = item.callspec.params if hasattr(item, "callspec") else {}
    # Tests of one function share what pytest knows of their fixtures.
    if id(information) not in _PLANS:
        _PLANS[id(information)] = _plan(information.name2fixturedefs, item.fixturenames, given)  # type: ignore[attr-defined]
    return [
        Recipe(name, build, {each: given[each] for each in parameters})
        for name, build, parameters in _PLANS[id(information)]
    ]


def side_by_side(items: list[pytest.Item]) -> list[pytest.Item]:
    """Return the tests with those of a module that share layers together, otherwise in their (shuffled) order."""
    first: dict[tuple[Any, ...], int] = {}
    keys = []
    for place, item in enumerate(items):
        path: tuple[Any, ...] = (getattr(item, "module", None),)
        ranks = [first.setdefault(path, place)]
        for recipe in recipes_of(item):
            path = (*path, recipe.name, *map(id, recipe.parameters.values()))
            ranks.append(first.setdefault(path, place))
        keys.append(ranks)
    return [items[place] for place in sorted(range(len(items)), key=keys.__getitem__)]


def _plan(definitions: Any, names: Iterable[str], given: Collection[str]) -> Plan:
    """Return the name, the function and the test's parameters of each fixture that can be shared."""
    found: dict[str, tuple[str, Callable[..., Any], list[str]]] = {}

    def add(name: str) -> bool:
        build = getattr(definitions[name][-1].func, "shared_build", None) if name in definitions else None
        if build is None:
            return False
        arguments = _arguments_of(build)
        needed = [each for each in arguments if each != "clock" and each not in given]
        if name not in found and all(add(each) for each in needed):
            found[name] = (name, build, [each for each in arguments if each in given])
        return name in found

    for name in names:
        add(name)
    return list(found.values())


def _arguments_of(build: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(build).parameters)
