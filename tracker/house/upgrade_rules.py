"""What a migration may do while the last release still serves people (docs/adr/0003): one rule for each kind of operation.

Two things are judged: whether the code of the last release goes on with the new tables, and whether a lock on a table that
people use is short. What a migration does to tables and columns that are newer than the last release is free.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.postgres import operations as postgres
from django.db import connection, migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState, StateApps
from django.db.models.functions import Now
from pgtrigger.migrations import AddTrigger, RemoveTrigger

#: The attribute of a migration with which its author says why the last release can live with it.
WORD = "version_before"
_SAY_SO = f"say in `{WORD}` of the migration why the last release can live with it"

#: The columns of each table of the last release.
Columns = Mapping[str, frozenset[str]]


class Objection(NamedTuple):
    """Why the operation may not roll out, what to do instead, and whether the author's word is enough."""

    why: str
    instead: str
    yields_to_word: bool = False


@dataclass(frozen=True)
class Step:
    """One operation of a migration, with the models before and after it."""

    operation: Any
    app: str
    before: StateApps
    after: StateApps
    released: Columns
    #: Whether it changes the database, or only what Django believes of it (SeparateDatabaseAndState).
    is_in_state_only: bool = False

    def table(self, name: str = "") -> str:
        """Return the table of the operation's model, as it is named before."""
        name = name or getattr(self.operation, "model_name", None) or self.operation.name
        return self.before.get_model(self.app, name)._meta.db_table

    @property
    def is_on_released_table(self) -> bool:
        """Return whether the operation's model has a table that the last release knows."""
        return self.table() in self.released

    def field(self, apps: StateApps, name: str = "") -> Any:
        """Return the operation's field as the models know it."""
        return apps.get_model(self.app, self.operation.model_name)._meta.get_field(
            name or self.operation.name
        )

    def is_released(self, field: Any) -> bool:
        """Return whether the last release knows the field's column, or the table of its links."""
        if field.many_to_many:
            return field.m2m_db_table() in self.released
        return field.column in self.released.get(field.model._meta.db_table, frozenset())


Found = Objection | None


def _remove_field(step: Step) -> Found:
    field = step.field(step.before)
    if not step.is_released(field):
        return None
    if step.is_in_state_only:
        fills_itself = field.many_to_many or field.null or field.has_db_default()
        return (
            None
            if fills_itself
            else Objection(
                "the new version no longer fills this column, and it takes no NULL",
                "let an AlterField before it set null=True or db_default",
            )
        )
    return Objection(
        "the last release reads this column",
        "remove it with SeparateDatabaseAndState(state_operations=[…]) now, and drop the column by RunSQL in the next release",
    )


def _rename_field(step: Step) -> Found:
    old = step.field(step.before, step.operation.old_name)
    new = step.field(step.after, step.operation.new_name)
    if not step.is_released(old) or (not old.many_to_many and old.column == new.column):
        return None
    return Objection(
        "the last release reads this column by its old name", "keep the column's name with db_column"
    )


def _rename_model(step: Step) -> Found:
    old = step.before.get_model(step.app, step.operation.old_name)._meta
    new = step.after.get_model(step.app, step.operation.new_name)._meta
    keeps_links = not any(each.remote_field.through._meta.auto_created for each in old.local_many_to_many)
    if old.db_table not in step.released or (old.db_table == new.db_table and keeps_links):
        return None
    return Objection("the last release reads this table by its old name", "keep the table's name in db_table")


def _move_table(step: Step) -> Found:
    if not step.is_on_released_table or step.operation.table == step.table():
        return None
    return Objection(
        "the last release reads this table by its old name", "leave the table under its old name"
    )


def _delete_model(step: Step) -> Found:
    if not step.is_on_released_table:
        return None
    if step.is_in_state_only:
        return Objection(
            "the web's role loses its rights on a table without a model, and the last release reads it",
            "keep the class for one release that does not use it, and delete it in the next",
        )
    return Objection(
        "the last release has this model and may read its table",
        f"delete it one release after the code stopped using it, and {_SAY_SO}",
        yields_to_word=True,
    )


def _add_field(step: Step) -> Found:
    if step.is_in_state_only or not step.is_on_released_table:
        return None
    field = step.field(step.after)
    if field.many_to_many:
        return None
    if field.generated or (field.has_db_default() and not _is_plain(field.db_default)):
        return Objection(
            "PostgreSQL writes every row of the table while nobody else may read it",
            "add the column with null=True, and fill it afterwards",
        )
    if not field.null and not field.has_db_default():
        return Objection(
            "the last release inserts rows without this column, and it takes no NULL",
            "give the field db_default or null=True",
        )
    if field.unique or field.db_index:
        return Objection(
            "its index is built while nobody may write to the table",
            "write db_index=False and no unique=True, name the index in Meta, and build it with AddIndexConcurrently",
        )
    return None


def _is_plain(default: Any) -> bool:
    """Return whether PostgreSQL reckons the default once, and so leaves the rows alone."""
    return not hasattr(default, "resolve_expression") or isinstance(default, models.Value | Now)


def _alter_field(step: Step) -> Found:
    old, new = step.field(step.before), step.field(step.after)
    if step.is_in_state_only or not step.is_released(old):
        return None
    if old.many_to_many or new.many_to_many:
        same = old.many_to_many and new.many_to_many and old.m2m_db_table() == new.m2m_db_table()
        return None if same else Objection("the last release reads its links", "add a new field instead")
    if old.column != new.column:
        return Objection(
            "the last release reads this column by its old name", "keep the column's name with db_column"
        )
    if not _holds_all_of(old.db_type(connection), new.db_type(connection)) or old.generated != new.generated:
        return Objection(
            "the column's type gets narrower or other, and every row is read or written anew",
            "add a new column, fill both, and drop this one in a later release",
        )
    return _tightened(old, new)


def _tightened(old: Any, new: Any) -> Found:
    """Return what the new field demands of rows and the old one did not."""
    if old.null and not new.null:
        return Objection(
            "the last release may write NULL here",
            "let the code fill it now, and set NOT NULL in the next release",
        )
    if old.has_db_default() and not new.has_db_default() and not new.null:
        return Objection("the last release leaves this column to its default", "keep db_default")
    if (new.unique and not old.unique) or (new.db_index and not old.db_index):
        return Objection(
            "its index is built while nobody may write to the table", "build it with AddIndexConcurrently"
        )
    if _check(new) not in (None, _check(old)):
        return Objection(
            "the last release may write what the new check refuses",
            "check it in the code now, here in the next release",
        )
    if _target(new) not in (None, _target(old)):
        return Objection(
            "the column gets another foreign key, and every row is read under a lock",
            "add a new column, fill both, and drop this one in a later release",
        )
    return None


def _check(field: Any) -> str | None:
    found: str | None = field.db_parameters(connection).get("check")
    return found


def _target(field: Any) -> str | None:
    is_key = field.remote_field is not None and field.db_constraint
    return field.remote_field.model._meta.db_table if is_key else None


def _holds_all_of(old: str | None, new: str | None) -> bool:
    """Return whether PostgreSQL turns one type of column into the other without looking at a row."""
    if old == new:
        return True
    lengths = [re.fullmatch(r"varchar(?:\((\d+)\))?", each or "") for each in (old, new)]
    if lengths[0] is None:
        return False
    if lengths[1] is None:
        return new == "text"
    return lengths[1][1] is None or (lengths[0][1] is not None and int(lengths[1][1]) >= int(lengths[0][1]))


def _add_index(step: Step) -> Found:
    if step.is_in_state_only or not step.is_on_released_table:
        return None
    return Objection(
        "the index is built while nobody may write to the table",
        "write AddIndexConcurrently, with atomic = False and nothing else in the migration",
    )


def _add_constraint(step: Step) -> Found:
    if step.is_in_state_only or not step.is_on_released_table:
        return None
    if isinstance(step.operation.constraint, models.CheckConstraint):
        return Objection(
            "all rows are looked at while nobody may read the table",
            "write AddConstraintNotValid, and ValidateConstraint in a migration of its own",
        )
    return Objection(
        "its index is built while nobody may write to the table",
        "let RunSQL build it by CREATE UNIQUE INDEX CONCURRENTLY, with AddConstraint in its state_operations",
    )


def _new_rule(step: Step) -> Found:
    if step.is_in_state_only or not step.is_on_released_table:
        return None
    return Objection("the last release may write what it refuses", _SAY_SO, yields_to_word=True)


def _without_rule(step: Step) -> Found:
    if step.is_in_state_only or not step.is_on_released_table:
        return None
    return Objection("an ON CONFLICT of the last release may rely on it", _SAY_SO, yields_to_word=True)


def _together(step: Step) -> Found:
    name = step.operation.option_name
    old, new = (
        {tuple(each) for each in getattr(apps.get_model(step.app, step.operation.name)._meta, name, ())}
        for apps in (step.before, step.after)
    )
    if step.is_in_state_only or not step.is_on_released_table or old == new:
        return None
    return _add_constraint_of_columns() if new - old else _without_rule(step)


def _add_constraint_of_columns() -> Objection:
    return Objection("its index is built while nobody may write to the table", "name it in Meta.constraints")


def _order(step: Step) -> Found:
    if step.is_in_state_only or not step.is_on_released_table:
        return None
    return Objection("the last release inserts rows without its column", "add a field with db_default")


def _unknown(step: Step) -> Found:
    if step.is_in_state_only:
        return None
    return Objection("nobody can tell from the migration what it does", _SAY_SO, yields_to_word=True)


def _free(step: Step) -> Found:
    return None


#: Classes derived from these follow the rule of the nearest one; all others need the author's word.
RULES: dict[type[Operation], Callable[[Step], Found]] = {
    Operation: _unknown,
    migrations.CreateModel: _free,
    migrations.DeleteModel: _delete_model,
    migrations.RenameModel: _rename_model,
    migrations.AlterModelTable: _move_table,
    migrations.AlterModelOptions: _free,
    migrations.AlterModelManagers: _free,
    migrations.AlterModelTableComment: _free,
    migrations.AlterUniqueTogether: _together,
    migrations.AlterIndexTogether: _together,
    migrations.AlterOrderWithRespectTo: _order,
    migrations.AddField: _add_field,
    migrations.AlterField: _alter_field,
    migrations.RemoveField: _remove_field,
    migrations.RenameField: _rename_field,
    migrations.AddIndex: _add_index,
    migrations.RemoveIndex: _free,
    migrations.RenameIndex: _free,
    migrations.AddConstraint: _add_constraint,
    migrations.RemoveConstraint: _without_rule,
    postgres.AddIndexConcurrently: _free,
    postgres.RemoveIndexConcurrently: _free,
    postgres.AddConstraintNotValid: _new_rule,
    postgres.ValidateConstraint: _free,
    postgres.CreateExtension: _free,
    AddTrigger: _new_rule,
    RemoveTrigger: _free,
}


def objection_to(step: Step) -> Found:
    """Return what speaks against the operation, or None."""
    kind = next(each for each in type(step.operation).__mro__ if each in RULES)
    return RULES[kind](step)


def steps_of(migration: migrations.Migration, state: ProjectState, released: Columns) -> Iterator[Step]:
    """Yield each operation as the database sees it; `state` is that before the migration, and is left as it was."""
    state = state.clone()
    for operation in migration.operations:
        yield from _steps(operation, migration.app_label, state.clone(), released)
        operation.state_forwards(migration.app_label, state)


def _steps(
    operation: Operation, app: str, state: ProjectState, released: Columns, *, is_in_state_only: bool = False
) -> Iterator[Step]:
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        for parts, only in ((operation.database_operations, False), (operation.state_operations, True)):
            inner = state.clone()
            for each in parts:
                yield from _steps(
                    each, app, inner.clone(), released, is_in_state_only=is_in_state_only or only
                )
                each.state_forwards(app, inner)
        return
    after = state.clone()
    operation.state_forwards(app, after)
    yield Step(operation, app, state.apps, after.apps, released, is_in_state_only)


def columns_of(state: ProjectState) -> Columns:
    """Return the columns of each table of these models."""
    found = {}
    for model in state.apps.get_models(include_auto_created=True):
        columns = (field.column for field in model._meta.local_concrete_fields)
        found[model._meta.db_table] = frozenset(column for column in columns if column)
    return found
