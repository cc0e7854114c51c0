"""Functions of the database stand in files: the database has these, and no other."""

import re
from typing import Any

import pytest
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from audit import functions
from audit.functions import ChangedFunction, LoadFunctions, all_files, sha256_of
from tests.audit.conftest import Owner

_OURS = """
    SELECT proname, pg_get_functiondef(oid) FROM pg_proc routine
    WHERE pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = routine.oid AND deptype = 'e')
    ORDER BY 1, 2
"""


def test_every_function_of_the_database_is_that_of_its_file(owner: Owner) -> None:
    before = owner.run(_OURS)
    assert {name for name, _text in before} == {path.stem for path in all_files()}
    owner.run("BEGIN")
    try:
        for path in all_files():
            owner.run(path.read_text(encoding="utf-8"))
        assert owner.run(_OURS) == before
    finally:
        owner.run("ROLLBACK")


def test_file_holds_the_function_that_it_is_named_after() -> None:
    for path in all_files():
        named = re.findall(
            r"^CREATE OR REPLACE FUNCTION (\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE
        )
        assert set(named) == {path.stem}, path
        assert path.read_text(encoding="utf-8").startswith("-- ") or len(named) > 1, (
            f"{path} says not what it is for"
        )


def test_newest_migration_names_each_file_as_it_is() -> None:
    named: dict[tuple[str, str], str] = {}
    loader = MigrationLoader(None)
    for node in loader.graph.nodes:
        for operation in loader.graph.nodes[node].operations:
            if isinstance(operation, LoadFunctions):
                named |= {(node[0], name): sha256 for name, sha256 in operation.functions}
    assert named == {(path.parent.parent.name, path.stem): sha256_of(path) for path in all_files()}


def test_changed_file_is_not_loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    changed = tmp_path / "guard_refuse.sql"
    changed.write_text("SELECT 1")
    monkeypatch.setattr(functions, "path_of", lambda app, name: changed)
    operation, state = LoadFunctions([("guard_refuse", "0" * 64)]), ProjectState()
    editor: Any = None
    with pytest.raises(ChangedFunction, match="loads it again"):
        operation.database_forwards("audit", editor, state, state)
