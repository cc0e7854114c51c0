"""No test finds what another one left in the memory of the process."""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator
from importlib import import_module

import pytest

from accounts.oidc import provider
from evidence import queue
from tests.caches import FORGOTTEN, KEPT, forget_all
from tests.test_surface import BASE, modules
from ui.addresses import address_of

_CACHES = {"cache", "lru_cache"}
#: Methods by which dictionaries, lists and sets change.
_CHANGING = {
    "add",
    "append",
    "clear",
    "extend",
    "insert",
    "pop",
    "popitem",
    "remove",
    "setdefault",
    "update",
}


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_begins_without_what_another_one_left(turn: int) -> None:
    assert provider._remembered == {}
    assert queue._asked_again_at <= time.monotonic()
    assert address_of.cache_info().currsize == 0
    provider._remembered["https://sso.example"] = provider._LastAnswer(None, time.monotonic())
    queue._asked_again_at = time.monotonic() + 600
    address_of("accounts:people")


def test_what_the_process_remembers_stands_in_one_of_both_lists() -> None:
    """Whoever adds a cache says whether another test may find it otherwise: then it is forgotten, else kept."""
    found = {
        f"{'.'.join(path.relative_to(BASE).with_suffix('').parts)}.{name}"
        for path, tree in modules()
        for name in [*_caches(tree), *_changed(tree)]
    }
    assert found - FORGOTTEN.keys() - KEPT.keys() == set()
    assert KEPT.keys() - found == set(), "nothing is remembered there any more"
    assert FORGOTTEN.keys() & KEPT.keys() == set()


def test_all_that_is_to_be_forgotten_is_there() -> None:
    for name in FORGOTTEN:
        module, _dot, last = name.rpartition(".")
        assert hasattr(import_module(module), last), name
    forget_all()


def test_every_way_of_remembering_is_seen() -> None:
    tree = ast.parse(
        "import functools\n"
        "kept, seen, fixed, last = {}, set(), {1: 2}, 0\n"
        "made = functools.cache(len)\n"
        "@functools.lru_cache(maxsize=1)\n"
        "def one(): ...\n"
        "class Two:\n"
        "    @cache\n"
        "    def two(self): ...\n"
        "class Three:\n"
        "    read_at = 0\n"
        "def remember(local):\n"
        "    global last\n"
        "    kept[1] = local\n"
        "    seen.add(1)\n"
        "    local.update(fixed)\n"
        "    Three.read_at = 1\n"
        "    return functools.cache(local)\n"
    )
    assert sorted([*_caches(tree), *_changed(tree)]) == [
        "Three",
        "kept",
        "last",
        "made",
        "one",
        "seen",
        "two",
    ]


def _caches(tree: ast.Module) -> Iterator[str]:
    """Yield what a module keeps by `cache` and `lru_cache`; what a function makes for itself goes with it."""
    for node in [
        *tree.body,
        *(inner for each in tree.body if isinstance(each, ast.ClassDef) for inner in each.body),
    ]:
        if isinstance(node, ast.FunctionDef) and any(map(_is_cache, node.decorator_list)):
            yield node.name
        if isinstance(node, ast.Assign) and any(map(_is_cache, ast.walk(node.value))):
            yield from _names(node)


def _is_cache(node: ast.AST) -> bool:
    """Whether this is `cache` or `lru_cache`, plain or called, by whichever name of the module."""
    called = node.func if isinstance(node, ast.Call) else node
    return isinstance(called, ast.Name | ast.Attribute) and ast.unparse(called).rpartition(".")[2] in _CACHES


def _changed(tree: ast.Module) -> set[str]:
    """Return the names of a module whose values its own functions change or replace."""
    own = {each.name for each in tree.body if isinstance(each, ast.ClassDef)}
    own.update(*(_names(each) for each in tree.body if isinstance(each, ast.Assign | ast.AnnAssign)))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda)]
    return own & {name for function in functions for node in ast.walk(function) for name in _changes(node)}


def _changes(node: ast.AST) -> list[str]:
    """Return the names that a statement or expression changes: `name[…] = `, `name.x = `, `name.pop()`, `global name`."""
    if isinstance(node, ast.Global):
        return node.names
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGING:
        return _names_of(node.func.value)
    if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
        return _names_of(node.value)
    return []


def _names(assigned: ast.Assign | ast.AnnAssign) -> list[str]:
    targets = assigned.targets if isinstance(assigned, ast.Assign) else [assigned.target]
    return [name for target in targets for node in ast.walk(target) for name in _names_of(node)]


def _names_of(node: ast.AST) -> list[str]:
    return [node.id] if isinstance(node, ast.Name) else []
