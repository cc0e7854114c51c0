"""Guards for models' `Meta.triggers`: changes that the database refuses, whoever asks.

Each function returns a list; join them: `triggers = [*append_only("review"), *must_be_now("review", "decided_at")]`. The
prefix is part of the trigger's name (at most about 30 characters).

A guard is a trigger that calls a function of the database (`<app>/sql/<function>.sql`) with arguments; what it refuses by
the row alone stands in its condition, which PostgreSQL asks without a call. A condition may follow foreign keys:
`NEW.submission.update.state`. Unlike pgtrigger's own triggers, `SET pgtrigger.ignore` does not switch guards off.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import pgtrigger
from django.db import models
from pgtrigger import compiler

#: The operations of guards that are asked of each row as it is written.
INSERT, UPDATE, WRITE, ANY = "INSERT", "UPDATE", "INSERT OR UPDATE", "INSERT OR UPDATE OR DELETE"
#: What a condition says of a row, or of one to which its foreign keys lead.
_ROW = re.compile(r"\b(NEW|OLD)\.(\w+(?:\.\w+)*)")
#: How a function that is given the row as it becomes and as it was knows them.
_PLACES = {"NEW": "$1", "OLD": "$2"}


class _GuardSql(compiler.UpsertTriggerSql):
    """The SQL of a trigger alone: its function stands in a file."""

    def get_template(self) -> str:
        return """
            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid} {when} {operation} ON {table} {timing}
                FOR EACH {level} {condition} EXECUTE FUNCTION {execute};
            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class InstalledGuard(compiler.Trigger):
    """A guard as migrations hold it: names of the database, whatever the models say later."""

    def __init__(
        self,
        name: str,
        table: str,
        event: str,
        call: str,
        *,
        condition: str = "",
        each: str = "ROW",
        at_once: bool = False,
    ) -> None:
        """`event` is BEFORE or AFTER with operations; AFTER waits for the commit unless `at_once` is set.

        `call` is a function with its arguments.
        """
        when, _, operation = event.partition(" ")
        at_commit = when == "AFTER" and not at_once
        super().__init__(
            name=name,
            sql=_GuardSql(
                pgid=f"pgtrigger_{name}",
                func="",
                table=table,
                constraint="CONSTRAINT" if at_commit else "",
                when=when,
                operation=operation,
                timing="DEFERRABLE INITIALLY DEFERRED" if at_commit else "",
                level=each,
                condition=f"WHEN ({condition})" if condition else "",
                execute=call,
            ),
        )
        self._arguments = (name, table, event, call)
        self._options = {
            key: value
            for key, value, usual in (
                ("condition", condition, ""),
                ("each", each, "ROW"),
                ("at_once", at_once, False),
            )
            if value != usual
        }

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        return f"{type(self).__module__}.{type(self).__name__}", self._arguments, self._options


class Guard(pgtrigger.Trigger):
    """A guard of a model; in its condition and arguments `{columns.field}` is the column of a field."""

    def __init__(
        self,
        name: str,
        event: str,
        function: str,
        arguments: Iterable[str] = (),
        *,
        condition: str = "",
        each: str = "ROW",
        at_once: bool = False,
    ) -> None:
        self.event = event
        self.function = function
        self.arguments = tuple(arguments)
        self.asked_if = condition
        self.each = each
        self.at_once = at_once
        super().__init__(
            name=name,
            # Never read, but demanded: pgtrigger's own words for what `event` says.
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
        )

    def get_pgid(self, model: models.Model) -> str:
        return f"pgtrigger_{self.name}"

    def compile(self, model: models.Model) -> InstalledGuard:
        """Return the guard with the columns of the model in place of its fields."""
        names = self.get_func_template_kwargs(model)
        call = ", ".join(sql_literal(argument.format(**names)) for argument in self.arguments)
        return InstalledGuard(
            self.name or "",
            model._meta.db_table,
            self.event,
            f"{self.function}({call})",
            condition=self.asked_if.format(**names),
            each=self.each,
            at_once=self.at_once,
        )


class _Required(Guard):
    """A guard whose last argument is a condition: where it names what foreign keys lead to, the database looks there."""

    def compile(self, model: models.Model) -> InstalledGuard:
        name, condition = self.arguments
        found = _ROW.sub(lambda part: _followed(model, _PLACES[part[1]], part[2].split(".")), condition)
        call = f"{self.function}({sql_literal(name)}, {sql_literal(found)})"
        return InstalledGuard(self.name or "", model._meta.db_table, self.event, call)


def _followed(model: Any, row: str, path: Sequence[str]) -> str:
    """Return SQL for the value to which foreign keys lead from a row."""
    value = row
    for name in path:
        field = model._meta.get_field(name)
        value = (
            f"{row}.{field.column}"
            if value == row
            else f"(SELECT {field.column} FROM {model._meta.db_table} WHERE {model._meta.pk.column} = {value})"  # noqa: S608
        )
        model = field.related_model
    return value


def append_only(prefix: str) -> list[pgtrigger.Trigger]:
    """Allow INSERT; refuse UPDATE, DELETE and TRUNCATE, even when they would touch no row."""
    return [
        Guard(
            f"{prefix}_append_only", "BEFORE UPDATE OR DELETE OR TRUNCATE", "guard_refuse", each="STATEMENT"
        )
    ]


def no_delete(prefix: str) -> list[pgtrigger.Trigger]:
    """Allow INSERT and UPDATE; refuse DELETE and TRUNCATE."""
    return [Guard(f"{prefix}_no_delete", "BEFORE DELETE OR TRUNCATE", "guard_refuse", each="STATEMENT")]


def must_be_now(prefix: str, *fields: str) -> list[pgtrigger.Trigger]:
    """Require that each of these columns, when written, lies within 5 minutes of `jejak_now()`.

    Holds for INSERT and for an UPDATE that changes the column; NULL is allowed where the column allows it.
    """
    return [Guard(f"{prefix}_is_now", f"BEFORE {WRITE}", "guard_present", map(_column, fields))]


def done_by(prefix: str, *fields: str) -> list[pgtrigger.Trigger]:
    """Require at commit that each person whom a row names in these foreign keys is an actor of this transaction.

    That is: of an Event recorded in it (`audit.services.record`), which the database believes by its seal alone. Holds
    for INSERT and for an UPDATE that changes the column; NULL names nobody. The owner of the tables is not asked.
    """
    # Rows that name nobody wait for no question at commit.
    somebody = " OR ".join(f"NEW.{_column(field)} IS NOT NULL" for field in fields)
    return [
        Guard(f"{prefix}_acts", f"AFTER {WRITE}", "guard_acted", map(_column, fields), condition=somebody)
    ]


def vouched(prefix: str, *fields: str) -> list[pgtrigger.Trigger]:
    """Refuse INSERT, and UPDATE of these fields, in a transaction for which this installation did not vouch before.

    It vouches by any seal (`audit.seals`): that of an Event, or `VOUCH` where none is recorded. Asked once a statement.
    """
    event = f"BEFORE INSERT OR UPDATE OF {', '.join(fields)}"
    return [Guard(f"{prefix}_vouched", event, "guard_vouched", each="STATEMENT")]


def set_once(prefix: str, fields: Iterable[str]) -> list[pgtrigger.Trigger]:
    """Allow each of these fields to go from NULL to a value, and never further; others stay free."""
    overwritten = " OR ".join(f"OLD.{_column(name)} IS NOT NULL AND {any_changed([name])}" for name in fields)
    return [refuse_update(f"{prefix}_set_once", overwritten)]


def immutable(prefix: str, fields: Iterable[str]) -> list[pgtrigger.Trigger]:
    """Freeze these fields from the insert."""
    return [refuse_update(f"{prefix}_kept", any_changed(fields))]


def final_after(prefix: str, once: str, fields: Iterable[str]) -> list[pgtrigger.Trigger]:
    """Freeze the field `once` and these fields as soon as `once` has a value."""
    changed = any_changed((once, *fields))
    return [refuse_update(f"{prefix}_settled", f"OLD.{_column(once)} IS NOT NULL AND {changed}")]


def required(prefix: str, name: str, condition: str, operation: str) -> list[pgtrigger.Trigger]:
    """Allow the operation only where the SQL condition on the row (NEW, and OLD where there is one) holds.

    The condition may follow foreign keys to other rows, and ask `no_row`.
    """
    if "SELECT" in condition or any("." in path for _row, path in _ROW.findall(condition)):
        return [_Required(f"{prefix}_{name}", f"BEFORE {operation}", "guard_required", [name, condition])]
    refused = f"({condition}) IS NOT TRUE"
    return [Guard(f"{prefix}_{name}", f"BEFORE {operation}", "guard_refuse_row", [name], condition=refused)]


def no_row(table: str, *conditions: str) -> str:
    """Return SQL that is true where no row of a table fulfils all of these conditions; for `required`."""
    return f"NOT EXISTS (SELECT FROM {table} WHERE {' AND '.join(conditions)})"


def parent_in(
    prefix: str, name: str, field: str, states: Iterable[str], operation: str
) -> list[pgtrigger.Trigger]:
    """Allow the operation only while the row that the foreign key names is in one of these states.

    An UPDATE that names another row needs both in such a state.
    """
    fit = f"IN ({', '.join(sql_literal(str(state)) for state in states)})"
    rows = ("NEW",) if operation == INSERT else ("OLD", "NEW")
    both = " AND ".join(f"({row}.{field}_id IS NULL OR {row}.{field}.state {fit})" for row in rows)
    return required(prefix, name, both if len(rows) > 1 else f"NEW.{field}.state {fit}", operation)


def own(prefix: str, name: str, operation: str, *, condition: str = "") -> list[pgtrigger.Trigger]:
    """Ask a function of its own, `<prefix>_<name>`, before the operation."""
    return [Guard(f"{prefix}_{name}", f"BEFORE {operation}", f"{prefix}_{name}", condition=condition)]


def transitions(prefix: str, field: str, allowed: Iterable[tuple[str, str]]) -> list[pgtrigger.Trigger]:
    """Allow the state in this field to change only along these (from, to) pairs."""
    column = _column(field)
    moves = ", ".join(
        f"({sql_literal(str(source))}, {sql_literal(str(target))})" for source, target in allowed
    )
    changes = f"(OLD.{column}, NEW.{column})"
    return [
        refuse_update(f"{prefix}_{field}_moves", f"{any_changed([field])} AND {changes} NOT IN ({moves})")
    ]


def any_changed(fields: Iterable[str]) -> str:
    """Return SQL that is true when an UPDATE changes one of these fields; for `refuse_update`."""
    columns = [_column(name) for name in fields]
    before, after = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return f"({before}) IS DISTINCT FROM ({after})"


def refuse_update(name: str, condition: str) -> pgtrigger.Trigger:
    """Return a trigger of this name that refuses an UPDATE where the SQL condition (on OLD and NEW) holds."""
    return Guard(name, "BEFORE UPDATE", "guard_refuse_row", [name], condition=condition)


def _column(field: str) -> str:
    return f"{{columns.{field}}}"


def sql_literal(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
