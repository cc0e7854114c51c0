"""Triggers for models' `Meta.triggers`: changes that the database refuses, whoever asks.

Each function returns a list; join them: `triggers = [*append_only("review"), *must_be_now("review",
"decided_at")]`. The prefix is part of the trigger's name (at most about 30 characters).

Unlike pgtrigger's own triggers, `SET pgtrigger.ignore` does not switch these off. Past migrations contain
`StrictTriggerSql` by name: do not change its template, add another class.
"""

from collections.abc import Iterable

import pgtrigger
from django.db import models
from pgtrigger import compiler


class StrictTriggerSql(compiler.UpsertTriggerSql):
    """The SQL of a trigger that nobody can ask to be ignored, with its search path pinned."""

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}()
            RETURNS TRIGGER AS $$
                {declare}
                BEGIN
                    {func}
                END;
            $$ LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid}
                {when} {operation} ON {table}
                {timing}
                {referencing}
                FOR EACH {level} {condition}
                EXECUTE PROCEDURE {execute};

            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class StrictTrigger(pgtrigger.Trigger):
    """A trigger that `pgtrigger.ignore` does not reach."""

    def compile(self, model: models.Model) -> compiler.Trigger:
        """Return the compiled trigger without pgtrigger's ignore function."""
        compiled = super().compile(model)
        kwargs = {key: value for key, value in compiled.sql.kwargs.items() if key != "ignore_func_name"}
        return compiler.Trigger(name=compiled.name or "", sql=StrictTriggerSql(**kwargs))


class _StrictMoves(StrictTrigger, pgtrigger.FSM):
    """pgtrigger's finite state machine as a strict trigger."""


def append_only(prefix: str) -> list[pgtrigger.Trigger]:
    """Allow INSERT; refuse UPDATE, DELETE and TRUNCATE, even when they would touch no row."""
    return [_refusal(f"{prefix}_append_only", pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate)]


def no_delete(prefix: str) -> list[pgtrigger.Trigger]:
    """Allow INSERT and UPDATE; refuse DELETE and TRUNCATE."""
    return [_refusal(f"{prefix}_no_delete", pgtrigger.Delete | pgtrigger.Truncate)]


def must_be_now(prefix: str, *fields: str) -> list[pgtrigger.Trigger]:
    """Require that each of these columns, when written, lies within 5 minutes of `jejak_now()`.

    Holds for INSERT and for an UPDATE that changes the column; NULL is allowed where the column allows it.
    """
    return [_present_instant(f"{prefix}_{field}_is_now", field) for field in fields]


def _present_instant(name: str, field: str) -> pgtrigger.Trigger:
    """Return the trigger of this name for one column of `must_be_now`."""
    func = pgtrigger.Func(
        f"""
        IF NEW.{{columns.{field}}} IS NOT NULL
           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> '{{columns.{field}}}' IS DISTINCT FROM
                                    to_jsonb(OLD) -> '{{columns.{field}}}')
           AND abs(extract(epoch FROM NEW.{{columns.{field}}} - jejak_now())) > 300 THEN
            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',
                '{{columns.{field}}}', TG_TABLE_NAME, NEW.{{columns.{field}}};
        END IF;
        RETURN NEW;
        """
    )
    operation = pgtrigger.Insert | pgtrigger.Update
    return StrictTrigger(name=name, when=pgtrigger.Before, operation=operation, func=func)


def done_by(prefix: str, *fields: str) -> list[pgtrigger.Trigger]:
    """Require at commit that each person whom a row names in these foreign keys is an actor of this transaction.

    That is: of an Event recorded in it (`audit.services.record`), which the database believes by its seal alone. Holds
    for INSERT and for an UPDATE that changes the column; NULL names nobody. The owner of the tables is not asked.
    """
    return [_of_an_actor(f"{prefix}_{field}_acts", field) for field in fields]


def _of_an_actor(name: str, field: str) -> pgtrigger.Trigger:
    """Return the trigger of this name for one column of `done_by`."""
    func = pgtrigger.Func(
        f"""
        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> '{{columns.{field}}}' IS DISTINCT FROM
                                to_jsonb(OLD) -> '{{columns.{field}}}')
           AND NOT jejak_is_vouched(NEW.{{columns.{field}}}) THEN
            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',
                '{{columns.{field}}}', TG_TABLE_NAME USING ERRCODE = 'JJ007';
        END IF;
        RETURN NULL;
        """
    )
    return StrictTrigger(
        name=name,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        timing=pgtrigger.Deferred,
        # Rows that name nobody wait for no question at commit.
        condition=pgtrigger.Q(**{f"new__{field}__isnull": False}),
        func=func,
    )


def vouched(prefix: str, *fields: str) -> list[pgtrigger.Trigger]:
    """Refuse INSERT, and UPDATE of these fields, in a transaction for which this installation did not vouch before.

    It vouches by any seal (`audit.seals`): that of an Event, or `VOUCH` where none is recorded. Asked once a statement.
    """
    return [
        StrictTrigger(
            name=f"{prefix}_vouched",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.UpdateOf(*fields),
            func="""
            IF NOT jejak_is_vouched(NULL) THEN
                RAISE EXCEPTION 'jejak: nobody vouched for what % says', TG_TABLE_NAME USING ERRCODE = 'JJ007';
            END IF;
            RETURN NULL;
            """,
        )
    ]


def set_once(prefix: str, fields: Iterable[str]) -> list[pgtrigger.Trigger]:
    """Allow each of these fields to go from NULL to a value, and never further; others stay free."""
    overwritten = " OR ".join(
        f"(OLD.{{columns.{name}}} IS NOT NULL AND {any_changed([name])})" for name in fields
    )
    return [refuse_update(f"{prefix}_set_once", overwritten)]


def immutable(prefix: str, fields: Iterable[str]) -> list[pgtrigger.Trigger]:
    """Freeze these fields from the insert."""
    return [refuse_update(f"{prefix}_kept", any_changed(fields))]


def final_after(prefix: str, once: str, fields: Iterable[str]) -> list[pgtrigger.Trigger]:
    """Freeze the field `once` and these fields as soon as `once` has a value."""
    changed = any_changed((once, *fields))
    return [refuse_update(f"{prefix}_settled", f"OLD.{{columns.{once}}} IS NOT NULL AND ({changed})")]


def required(
    prefix: str, name: str, condition: str, operation: pgtrigger.Operation
) -> list[pgtrigger.Trigger]:
    """Allow the operation only where the SQL condition (on NEW, and OLD where there is one) holds."""
    func = f"""
        IF ({condition}) IS NOT TRUE THEN
            RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, '{name}';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    """
    return [StrictTrigger(name=f"{prefix}_{name}", when=pgtrigger.Before, operation=operation, func=func)]


def transitions(prefix: str, field: str, allowed: Iterable[tuple[str, str]]) -> list[pgtrigger.Trigger]:
    """Allow the state in this field to change only along these (from, to) pairs."""
    return [_StrictMoves(name=f"{prefix}_{field}_moves", field=field, transitions=list(allowed))]


def any_changed(fields: Iterable[str]) -> str:
    """Return SQL that is true when an UPDATE changes one of these fields; for `refuse_update`."""
    return " OR ".join(f"OLD.{{columns.{name}}} IS DISTINCT FROM NEW.{{columns.{name}}}" for name in fields)


def refuse_update(name: str, condition: str) -> pgtrigger.Trigger:
    """Return a trigger of this name that refuses an UPDATE where the SQL condition (on OLD and NEW) holds."""
    func = pgtrigger.Func(
        f"""
        IF {condition} THEN
            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, '{name}';
        END IF;
        RETURN NEW;
        """
    )
    return StrictTrigger(name=name, when=pgtrigger.Before, operation=pgtrigger.Update, func=func)


def _refusal(name: str, operation: pgtrigger.Operation) -> pgtrigger.Trigger:
    """Return a trigger that refuses a whole statement of this kind."""
    return StrictTrigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=operation,
        func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;",
    )
