"""Functions of the database: each stands in a file of its app, `<app>/sql/<function>.sql`, which migrations load."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class ChangedFunction(Exception):
    """A file is not the one that a migration names."""


class LoadFunctions(Operation):
    """Migration operation: load these functions, in this order, from the files of the migration's app.

    Each comes as its name and the SHA-256 of its file. A file that changes later needs a migration that loads it
    again; reversing that one leaves the newer function, which must serve the release before too (ADR 3).
    """

    reduces_to_sql = False
    reversible = True

    def __init__(self, functions: Sequence[tuple[str, str]]) -> None:
        self.functions = functions

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [], {"functions": self.functions}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Functions are of no model."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Load the files. Raises ChangedFunction when a file is another one than the migration names."""
        for name, sha256 in self.functions:
            path = path_of(app_label, name)
            if sha256_of(path) != sha256:
                raise ChangedFunction(
                    f"{path} changed: write a migration that loads it again (CONTRIBUTING.md)."
                )
            schema_editor.execute(path.read_text(), params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Leave the functions: whatever calls them goes with its tables."""

    def describe(self) -> str:
        return f"Load the functions {', '.join(name for name, _sha256 in self.functions)}"


def path_of(app_label: str, name: str) -> Path:
    """Return the path of the file with a function of an app."""
    return Path(apps.get_app_config(app_label).path) / "sql" / f"{name}.sql"


def sha256_of(path: Path) -> str:
    """Return what a migration says of a file: the SHA-256 of its bytes, in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def all_files() -> Iterator[Path]:
    """Yield the file of every function of every app."""
    for config in apps.get_app_configs():
        yield from sorted((Path(config.path) / "sql").glob("*.sql"))
