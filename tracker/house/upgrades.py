"""Holds each migration that is newer than the last release to what that release can live with (docs/adr/0003).

`python -m tracker.house.upgrades` prints one sentence for each operation that cannot roll out and ends with 1 when there is
one; `--release` writes down that what is there now is released. Judging needs neither a database nor the history of git.
"""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.house.check import SAMPLE

if TYPE_CHECKING:
    from django.db.migrations.graph import MigrationGraph
    from django.db.migrations.migration import Migration
    from django.db.migrations.state import ProjectState

    from tracker.house.upgrade_rules import Columns, Step

RELEASE = Path(__file__).with_name("release.toml")
#: An author's word of fewer words says nothing.
FEWEST_WORDS = 4
_HEAD = """\
# The last release and the last migration of each app in it: `python -m tracker.house.upgrades --release` writes them.
# `make check` holds newer migrations to what that release can live with (docs/adr/0003).
"""
_LIBRARIES = """
# Newer migrations of libraries, "app.name" = "why the last release can live with it"; those of Jejak say so themselves.
[libraries]
"""


@dataclass(frozen=True)
class Release:
    """The last migration of each app, and why newer migrations of libraries do no harm, by "app.name".

    `commit` is the code that was released: the trials of upgrades run it.
    """

    last: Mapping[str, str]
    libraries: Mapping[str, str] = field(default_factory=dict)
    commit: str = ""

    def covering(self, graph: "MigrationGraph") -> set[tuple[str, str]]:
        """Return the released migrations. Raises ValueError where one that was released is gone."""
        gone = [f"{app}.{name}" for app, name in self.last.items() if (app, name) not in graph.nodes]
        if gone:
            raise ValueError(
                f"{', '.join(gone)} was released and is gone: put it back; never edit what was released."
            )
        return {node for target in self.last.items() for node in graph.forwards_plan(target)}


def read_release(path: Path = RELEASE) -> Release:
    """Return what the file says."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return Release(told["last"], told.get("libraries", {}), told.get("commit", ""))


def written_release(graph: "MigrationGraph", commit: str) -> str:
    """Return the text of the file that says that this commit, with all migrations there are, has been released."""
    lines = "".join(f"{app} = {json.dumps(name)}\n" for app, name in sorted(graph.leaf_nodes()))
    return f"{_HEAD}commit = {json.dumps(commit)}\n\n[last]\n{lines}{_LIBRARIES}"


def new_migrations(graph: "MigrationGraph", release: Release) -> "Iterator[tuple[Migration, ProjectState]]":
    """Yield each migration that is newer than the release, with the models before it, in the order of their running."""
    seen = release.covering(graph)
    state = graph.make_state(nodes=sorted(release.last.items()))
    for leaf in sorted(graph.leaf_nodes()):
        for node in graph.forwards_plan(leaf):
            if node not in seen:
                seen.add(node)
                migration = graph.nodes[node]
                assert migration is not None, "a graph that was loaded holds each migration"
                yield migration, state.clone()
                state = migration.mutate_state(state)


def findings(graph: "MigrationGraph", release: Release) -> Iterator[str]:
    """Yield one sentence for each operation that cannot roll out."""
    from tracker.house.upgrade_rules import columns_of

    if release.covering(graph) >= set(graph.nodes):
        return
    released = columns_of(graph.make_state(nodes=sorted(release.last.items())))
    for migration, state in new_migrations(graph, release):
        if f"{migration.app_label}.{migration.name}" not in release.libraries:
            yield from dict.fromkeys(sentences(migration, state, released))


def sentences(migration: "Migration", state: "ProjectState", released: "Columns") -> Iterator[str]:
    """Yield one sentence for each operation of this migration that cannot roll out."""
    from tracker.house.upgrade_rules import WORD, objection_to, steps_of

    word = str(getattr(migration, WORD, ""))
    steps = list(steps_of(migration, state, released))
    for step in steps:
        objection = objection_to(step)
        if objection and not (objection.yields_to_word and len(word.split()) >= FEWEST_WORDS):
            yield f"{_place(migration, step)}: {objection.why}; {objection.instead}."
    yield from _company(migration, steps)


def _company(migration: "Migration", steps: "list[Step]") -> Iterator[str]:
    """Yield what speaks against the operations being in one migration."""
    from django.contrib.postgres.operations import ValidateConstraint

    in_database = [step for step in steps if not step.is_in_state_only]
    for step in in_database:
        if isinstance(step.operation, ValidateConstraint) and len(in_database) > 1:
            yield (
                f"{_place(migration, step)}: all rows are looked at while the locks of the other operations are "
                "held; give it a migration of its own."
            )
        if not migration.atomic and "concurrently" not in _said(step).lower():
            yield (
                f"{_place(migration, step)}: a migration with atomic = False waits for its locks without a limit; "
                "keep in it only what is built CONCURRENTLY."
            )


def _said(step: "Step") -> str:
    return f"{type(step.operation).__name__} {getattr(step.operation, 'sql', '')}"


def _place(migration: "Migration", step: "Step") -> str:
    file = f"{migration.app_label}/migrations/{migration.name}.py"
    return f"{file}: {type(step.operation).__name__} ({step.operation.describe()})"


def main(arguments: list[str]) -> None:
    """Print the findings, or write the release down."""
    os.environ.update(SAMPLE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    import django

    django.setup()
    from django.db.migrations.loader import MigrationLoader

    graph = MigrationLoader(None).graph
    if arguments == ["--release"]:
        head = subprocess.run(["git", "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout
        RELEASE.write_text(written_release(graph, head.strip()), encoding="utf-8")
        return
    try:
        found = list(findings(graph, read_release()))
    except ValueError as error:
        sys.exit(str(error))
    print("\n".join(found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
