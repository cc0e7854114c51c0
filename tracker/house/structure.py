"""Checks the shape of the code: class names, import levels and cycles inside apps, and how large apps grow.

`python -m tracker.house.structure` prints one line for each finding and ends with 1 when there is one;
`--table` prints the lines and import levels of each app.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from tracker.house.apps import APPS

BASE = Path(__file__).resolve().parent.parent.parent
#: Class names that Django or pytest expects in many modules.
EXPECTED_NAMES = {"Command", "Migration"}
LARGEST_SHARE = 0.22
#: The longest chain of imports between modules of one app.
MOST_LEVELS = 6


class Code:
    """The modules of the product (and of attacks, benchmarks and trials, for class names), read once."""

    def __init__(self, base: Path, apps: tuple[str, ...] = APPS) -> None:
        self.apps = apps
        self.paths = {
            _module_name(path, base): path
            for app in (*apps, "attacks", "benchmarks", "trials")
            for path in sorted((base / app).rglob("*.py"))
            if "migrations" not in path.parts
        }
        self.trees = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in self.paths.items()}

    def lines_of(self, app: str) -> int:
        """Return the number of lines in an app's modules."""
        return sum(
            path.read_text(encoding="utf-8").count("\n")
            for name, path in self.paths.items()
            if _app(name) == app
        )

    @cached_property
    def facades(self) -> dict[str, dict[str, str]]:
        """Packages that only hand names on: by name of the package, the module behind each name."""
        return {
            name: {imported: module for module, imported in _imported_names(self.trees[name])}
            for name, path in self.paths.items()
            if path.name == "__init__.py" and not _defines_anything(self.trees[name])
        }

    @cached_property
    def imports(self) -> dict[str, set[str]]:
        """By module, the modules whose code it imports; a facade counts as the module behind the name."""
        graph: dict[str, set[str]] = {}
        for name, tree in self.trees.items():
            if name not in self.facades:
                found = {self._module_behind(module, each) for module, each in _imported_names(tree)}
                graph[name] = {each for each in found if each and each != name}
        return graph

    def _module_behind(self, module: str, name: str) -> str | None:
        if f"{module}.{name}" in self.paths and f"{module}.{name}" not in self.facades:
            return f"{module}.{name}"
        if module in self.facades:
            behind = self.facades[module].get(name)
            return self._module_behind(behind, name) if behind else None
        return module if module in self.paths else None


def _module_name(path: Path, base: Path) -> str:
    parts = path.relative_to(base).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _app(module: str) -> str:
    return module.partition(".")[0]


def _defines_anything(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in tree.body)


def _imported_names(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield (module, name) of each import that happens at run time."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.module, each.name) for each in node.names)
        yield from _imported_names(node)


def doubled_class_names(code: Code) -> Iterator[str]:
    """Yield each class name that stands in two or more modules."""
    places = defaultdict(list)
    for name, tree in code.trees.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and node.name not in EXPECTED_NAMES:
                places[node.name].append(name)
    for class_name, modules in sorted(places.items()):
        if len(modules) > 1:
            yield f"the class name {class_name} stands in {', '.join(modules)}: give each its own"


def import_chains(code: Code) -> Iterator[str]:
    """Yield cycles between the modules of an app, and apps whose longest chain of imports is too long."""
    for app in code.apps:
        chain, cycles = longest_chain(code, app)
        yield from (f"{app}: import cycle {' → '.join(cycle)}" for cycle in cycles)
        if len(chain) > MOST_LEVELS:
            yield f"{app}: {len(chain)} import levels ({MOST_LEVELS} at most): {' → '.join(chain)}"


def longest_chain(code: Code, app: str) -> tuple[list[str], list[list[str]]]:
    """Return the longest chain of imports inside an app, and its cycles; both as lists of module names."""
    inside = {
        module: sorted(each for each in imported if _app(each) == app)
        for module, imported in code.imports.items()
        if _app(module) == app
    }
    chains: dict[str, list[str]] = {}
    cycles: list[list[str]] = []

    def chain_from(module: str, path: list[str]) -> list[str]:
        if module in path:
            cycles.append([*path[path.index(module) :], module])
            return []
        if module not in chains:
            below = [chain_from(each, [*path, module]) for each in inside[module]]
            chains[module] = [module, *max(below, key=len, default=[])]
        return chains[module]

    return max((chain_from(module, []) for module in inside), key=len, default=[]), cycles


def large_apps(code: Code) -> Iterator[str]:
    """Yield each app that holds too large a part of the product."""
    lines = {app: code.lines_of(app) for app in code.apps}
    total = sum(lines.values())
    for app, count in lines.items():
        if count > LARGEST_SHARE * total:
            yield f"{app} holds {count / total:.1%} of the product ({LARGEST_SHARE:.0%} at most): split it by noun"


def print_table(code: Code) -> None:
    """Print the lines, share and import levels of each app."""
    lines = {app: code.lines_of(app) for app in code.apps}
    total = sum(lines.values())
    for app, count in sorted(lines.items(), key=lambda pair: -pair[1]):
        chain, _cycles = longest_chain(code, app)
        print(f"{app:<18}{count:>7}{count / total:>8.1%}{len(chain):>4} levels")
    print(f"{'all':<18}{total:>7}")


def main(arguments: list[str]) -> None:
    """Print the findings, or the table."""
    code = Code(BASE)
    if arguments == ["--table"]:
        print_table(code)
        return
    checks = (doubled_class_names, import_chains, large_apps)
    found = [line for check in checks for line in check(code)]
    print("\n".join(found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
