"""A migration is held to what the last release can live with: each operation that is refused, and each that is not."""

import re
import sys
from collections.abc import Iterable
from typing import Any

import pgtrigger
import pytest
from django.contrib.postgres import operations as postgres
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import migrations, models
from django.db.migrations.graph import MigrationGraph
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.functions import Now, Random, Upper
from pgtrigger.migrations import AddTrigger, RemoveTrigger

from tests.replacing import replace_in
from tracker.house import upgrades
from tracker.house.upgrade_rules import columns_of

WORD = "The last release writes no such row."
GUARD = pgtrigger.Trigger(
    name="kept", operation=pgtrigger.Delete, when=pgtrigger.Before, func="RETURN OLD;"
).compile
NUMBER = models.IntegerField
SEPARATE = migrations.SeparateDatabaseAndState
NO_NEGATIVES = models.CheckConstraint(condition=models.Q(count__gte=0), name="no_negatives")
ONE_NAME = models.UniqueConstraint(fields=["name"], name="one_name")
BY_NAME = models.Index(fields=["name"], name="by_name")


def released() -> ProjectState:
    state = ProjectState()
    operations: list[Any] = [
        migrations.CreateModel("Place", [("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(
            "Thing",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=20)),
                ("count", models.IntegerField(null=True)),
                ("shade", models.CharField(max_length=9, db_default="red")),
                ("place", models.ForeignKey("tiny.Place", models.PROTECT)),
                ("others", models.ManyToManyField("tiny.Place", related_name="+")),
            ],
            options={
                "indexes": [models.Index(fields=["count"], name="by_count")],
                "constraints": [NO_NEGATIVES],
            },
        ),
    ]
    for operation in operations:
        operation.state_forwards("tiny", state)
    return state


def told(
    *operations: Operation, word: str = "", atomic: bool = True, state: ProjectState | None = None
) -> list[str]:
    migration = migrations.Migration("0002_next", "tiny")
    migration.operations = list(operations)
    migration.atomic = atomic
    migration.version_before = word  # type: ignore[attr-defined]
    return list(upgrades.sentences(migration, state or released(), columns_of(released())))


def trigger(state: ProjectState) -> Any:
    return GUARD(state.apps.get_model("tiny", "thing"))


def altered(name: str, field: "models.Field[Any, Any]") -> Operation:
    return migrations.AlterField("thing", name, field)


def added(field: "models.Field[Any, Any]") -> Operation:
    return migrations.AddField("thing", "more", field)


CHAR = models.CharField
REFUSED: dict[str, tuple[Iterable[Operation], str]] = {
    "column removed": (
        [migrations.RemoveField("thing", "name")],
        "reads this column; remove it with Separate",
    ),
    "links removed": ([migrations.RemoveField("thing", "others")], "reads this column"),
    "column left unfilled": (
        [SEPARATE(state_operations=[migrations.RemoveField("thing", "name")])],
        "no longer fills this column.*null=True or db_default",
    ),
    "column renamed": (
        [migrations.RenameField("thing", "name", "title")],
        "keep the column's name with db_column",
    ),
    "links renamed": ([migrations.RenameField("thing", "others", "places")], "old name"),
    "model renamed": ([migrations.RenameModel("Place", "Site")], "keep the table's name in db_table"),
    "table renamed": ([migrations.AlterModelTable("thing", "things")], "leave the table under its old name"),
    "model deleted": ([migrations.DeleteModel("Thing")], "one release after .* say in `version_before`"),
    "model gone from the state": (
        [SEPARATE(state_operations=[migrations.DeleteModel("Thing")])],
        "loses its rights .*keep the class for one release",
    ),
    "NOT NULL": ([altered("count", NUMBER())], "may write NULL here"),
    "shorter": ([altered("name", CHAR(max_length=19))], "narrower or other"),
    "text gets a length": (
        [altered("name", models.TextField()), altered("name", CHAR(max_length=99))],
        "narrower",
    ),
    "other type": ([altered("count", models.BigIntegerField(null=True))], "narrower or other"),
    "other column": ([altered("name", CHAR(max_length=20, db_column="title"))], "old name"),
    "default taken away": ([altered("shade", CHAR(max_length=9))], "keep db_default"),
    "unique": ([altered("name", CHAR(max_length=20, unique=True))], "AddIndexConcurrently"),
    "indexed": ([altered("name", CHAR(max_length=20, db_index=True))], "AddIndexConcurrently"),
    "positive": ([altered("count", models.PositiveIntegerField(null=True))], "new check refuses"),
    "other key": ([altered("place", models.ForeignKey("tiny.Thing", models.PROTECT))], "another foreign key"),
    "links become a column": ([altered("others", NUMBER())], "reads its links"),
    "column without default": ([added(NUMBER(default=1))], "give the field db_default or null=True"),
    "column of chance": ([added(models.FloatField(db_default=Random()))], "writes every row"),
    "generated column": (
        [
            added(
                models.GeneratedField(
                    expression=Upper("name"), output_field=CHAR(max_length=20), db_persist=True
                )
            )
        ],
        "writes every row",
    ),
    "unique column": ([added(NUMBER(null=True, unique=True))], "db_index=False"),
    "key with an index": (
        [added(models.ForeignKey("tiny.Place", models.PROTECT, null=True, related_name="+"))],
        "db_index=False.*AddIndexConcurrently",
    ),
    "index": ([migrations.AddIndex("thing", BY_NAME)], "write AddIndexConcurrently, with atomic = False"),
    "check": (
        [migrations.AddConstraint("thing", NO_NEGATIVES)],
        "AddConstraintNotValid, and ValidateConstraint",
    ),
    "unique constraint": ([migrations.AddConstraint("thing", ONE_NAME)], "CREATE UNIQUE INDEX CONCURRENTLY"),
    "exclusion": (
        [
            migrations.AddConstraint(
                "thing", ExclusionConstraint(name="x", expressions=[("count", RangeOperators.EQUAL)])
            )
        ],
        "built while nobody may write",
    ),
    "together": ([migrations.AlterUniqueTogether("thing", {("name", "count")})], "Meta.constraints"),
    "order": ([migrations.AlterOrderWithRespectTo("thing", "place")], "inserts rows without its column"),
    "check not valid": (
        [postgres.AddConstraintNotValid("thing", NO_NEGATIVES)],
        "may write what it refuses; say in",
    ),
    "constraint removed": ([migrations.RemoveConstraint("thing", "no_negatives")], "ON CONFLICT.*say in"),
    "trigger": ([AddTrigger("thing", trigger(released()))], "may write what it refuses; say in"),
    "SQL": ([migrations.RunSQL("SELECT 1")], "nobody can tell.*say in `version_before`"),
    "Python": ([migrations.RunPython(migrations.RunPython.noop)], "nobody can tell.*say in `version_before`"),
    "within": ([SEPARATE(database_operations=[migrations.RunSQL("SELECT 1")])], "nobody can tell"),
    "validated at once": (
        [migrations.AlterModelOptions("thing", {}), postgres.ValidateConstraint("thing", "no_negatives")],
        "all rows are looked at.*a migration of its own",
    ),
}
YIELD = {"model deleted", "check not valid", "constraint removed", "trigger", "SQL", "Python", "within"}


def test_operation_is_allowed_or_refused_in_one_sentence() -> None:
    for name in REFUSED:
        operations, why = REFUSED[name]
        (sentence,) = told(*operations)
        assert re.fullmatch(r"tiny/migrations/0002_next\.py: \w+ \([^\n]+\): [^\n]+; [^\n]+\.", sentence)
        assert re.search(why, sentence), name
    for name in ALLOWED:
        assert told(*ALLOWED[name]) == [], name
    for name in REFUSED:
        operations, _why = REFUSED[name]
        assert (told(*operations, word=WORD) == []) == (name in YIELD), name
        assert told(*operations, word="It is fine."), name


ALLOWED: dict[str, Iterable[Operation]] = {
    "new model": [
        migrations.CreateModel("Fresh", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("fresh", "name", CHAR(max_length=9)),
        migrations.AlterField("fresh", "name", CHAR(max_length=5, unique=True)),
        migrations.AddIndex("fresh", models.Index(fields=["name"], name="fresh_by_name")),
        migrations.AddConstraint("fresh", models.UniqueConstraint(fields=["name"], name="fresh_one_name")),
        migrations.RenameField("fresh", "name", "title"),
        migrations.AlterUniqueTogether("fresh", {("title", "id")}),
        migrations.AlterUniqueTogether("fresh", set()),
        migrations.RemoveField("fresh", "title"),
        migrations.RenameModel("Fresh", "Fresher"),
        migrations.AlterModelTable("fresher", "freshest"),
        migrations.DeleteModel("Fresher"),
    ],
    "column that may be NULL": [added(NUMBER(null=True))],
    "column with a default": [added(NUMBER(db_default=1))],
    "column with the instant": [added(models.DateTimeField(db_default=Now()))],
    "column of this release": [added(NUMBER(null=True)), migrations.RemoveField("thing", "more")],
    "links": [added(models.ManyToManyField("tiny.Place", related_name="+"))],
    "key without an index": [
        added(models.ForeignKey("tiny.Place", models.PROTECT, null=True, related_name="+", db_index=False))
    ],
    "column taken from the state": [
        altered("name", CHAR(max_length=20, null=True)),
        SEPARATE(state_operations=[migrations.RemoveField("thing", "name")]),
    ],
    "field renamed, not its column": [
        altered("name", CHAR(max_length=20, db_column="name")),
        migrations.RenameField("thing", "name", "title"),
    ],
    "longer": [altered("name", CHAR(max_length=21))],
    "any length": [altered("name", models.TextField())],
    "may be NULL": [altered("name", CHAR(max_length=20, null=True))],
    "choices": [altered("name", CHAR(max_length=20, choices=[("a", "A")], help_text="Name it."))],
    "index removed": [migrations.RemoveIndex("thing", "by_count")],
    "options": [migrations.AlterModelOptions("thing", {"ordering": ["pk"]})],
    "check validated": [postgres.ValidateConstraint("thing", "no_negatives")],
    "extension": [postgres.TrigramExtension()],
    "constraint of the state": [SEPARATE(state_operations=[migrations.AddConstraint("thing", ONE_NAME)])],
}


def test_trigger_may_go_and_guard_what_is_new() -> None:
    state = released()
    AddTrigger("thing", trigger(state)).state_forwards("tiny", state)
    assert told(RemoveTrigger("thing", "kept"), state=state) == []
    fresh = migrations.CreateModel("Fresh", [("id", models.BigAutoField(primary_key=True))])
    fresh.state_forwards("tiny", state)
    assert told(AddTrigger("fresh", GUARD(state.apps.get_model("tiny", "fresh"))), state=state) == []


def test_what_waits_without_a_limit_is_built_concurrently() -> None:
    assert told(postgres.AddIndexConcurrently("thing", BY_NAME), atomic=False) == []
    unique = migrations.RunSQL("CREATE UNIQUE INDEX CONCURRENTLY one_name ON tiny_thing (name)")
    state = [migrations.AddConstraint("thing", ONE_NAME)]
    assert told(SEPARATE([unique], state), atomic=False, word=WORD) == []
    (sentence,) = told(added(NUMBER(null=True)), atomic=False)
    assert re.search(r"AddField .*atomic = False waits .*without a limit; keep in it only", sentence)


def graph_of(*names: str) -> MigrationGraph:
    graph = MigrationGraph()
    for name in names:
        migration = migrations.Migration(name, "tiny")
        migration.operations = [migrations.RunSQL("SELECT 1")]
        graph.add_node(("tiny", name), migration)
    for name, earlier in zip(names[1:], names, strict=False):
        graph.add_dependency(None, ("tiny", name), ("tiny", earlier))
    return graph


def test_only_what_is_newer_than_the_release_is_looked_at() -> None:
    graph = graph_of("0001_a", "0002_b", "0003_c")
    assert list(upgrades.findings(graph, upgrades.Release({"tiny": "0003_c"}))) == []
    (sentence,) = upgrades.findings(graph, upgrades.Release({"tiny": "0002_b"}))
    assert sentence.startswith("tiny/migrations/0003_c.py: RunSQL")
    assert len(list(upgrades.findings(graph, upgrades.Release({})))) == 3


def test_library_gets_its_word_in_the_file_of_the_release() -> None:
    listed = upgrades.Release({"tiny": "0001_a"}, {"tiny.0002_b": WORD})
    assert list(upgrades.findings(graph_of("0001_a", "0002_b"), listed)) == []


def test_released_migration_that_is_gone_is_told() -> None:
    with pytest.raises(ValueError, match=r"tiny\.0009_z was released and is gone: put it back"):
        list(upgrades.findings(graph_of("0001_a"), upgrades.Release({"tiny": "0009_z"})))


def test_release_is_written_as_it_is_read(tmp_path: Any) -> None:
    file = tmp_path / "release.toml"
    file.write_text(upgrades.written_release(graph_of("0001_a", "0002_b"), "abc123"))
    assert upgrades.read_release(file) == upgrades.Release({"tiny": "0002_b"}, {}, "abc123")


def test_all_migrations_of_the_product_can_roll_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    replace_in(monkeypatch, upgrades, "os", environ=dict(upgrades.os.environ))
    with pytest.raises(SystemExit) as ended:
        upgrades.main([])
    assert (ended.value.code, capsys.readouterr().out.strip()) == (0, "")
    assert "tracker.house.upgrade_rules" in sys.modules
