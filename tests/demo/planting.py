"""Words of its own for every guarded field of the demonstration, also for those in which nothing stands there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import psycopg2
from django.apps import apps
from django.db import models

from audit.guarded_text import GuardedCharField, GuardedJSONField, GuardedTextField

GUARDED = (GuardedCharField, GuardedTextField)
_SOMEBODY = "(SELECT min(id) FROM accounts_user WHERE role = 'administrator')"
_ANOTHER = "(SELECT max(id) FROM accounts_user WHERE role = 'reviewer')"
_THEN = "(SELECT max(occurred_at) FROM audit_event)"
_FIRST = '(SELECT min(id) FROM "{table}")'
_DRAFT = "agency_id, cycle_id, state, file_name, sha256, rows, revision, created_by_id, created_at"
_OF_EVERY_AGENCY = f"""SELECT agency.id, (SELECT min(id) FROM recommendations_cycle), 'draft', 'x', repeat('0', 64), '[]'::jsonb, 0,
        min(person.id), {_THEN} FROM accounts_agency agency JOIN accounts_user person ON person.agency_id = agency.id
    WHERE person.role = 'officer' GROUP BY agency.id"""
#: Acts that the demonstration does not show, as their services would leave them.
_ROWS = (
    f"""INSERT INTO reminders_nudge (assignment_id, line, sent_by_id, sent_at)
        SELECT min(id), 'x', {_SOMEBODY}, {_THEN} FROM recommendations_assignment""",
    f"""INSERT INTO recommendations_askedupdate (assignment_id, due_on, reason, asked_by_id, asked_at)
        SELECT min(id), '2023-10-31', 'x', {_SOMEBODY}, {_THEN} FROM recommendations_assignment""",
    f"""INSERT INTO recommendations_bulkact (cycle_id, kind, actor_id, reason, done_at)
        SELECT min(id), 'turn_down', {_SOMEBODY}, 'x', {_THEN} FROM recommendations_cycle""",
    f"""INSERT INTO accounts_rightsrequest (person_id, role, clearance, is_activating, reason, asked_by_id, asked_at,
            decided_by_id, decided_at, outcome, decision_reason)
        SELECT (SELECT min(id) FROM accounts_user WHERE role = 'observer'), 'administrator', 3, false, 'x', {_SOMEBODY}, {_THEN}, {_ANOTHER}, {_THEN}, 'refused', 'x'""",
    f"INSERT INTO indicators_figureimport ({_DRAFT}) {_OF_EVERY_AGENCY}",
    f"""INSERT INTO recommendations_openingimport ({_DRAFT}, classification, reason)
        SELECT draft.*, 1, 'x' FROM ({_OF_EVERY_AGENCY}) draft""",
    """INSERT INTO privacy_identitymark (event_id, field, sha256, length, spans, is_hidden)
        SELECT min(id), 'text', repeat('0', 64), 1, '[[0, 1, "chosen"]]', true FROM audit_event""",
    f"""INSERT INTO identities_liftrequest
            (mark_id, reason, asked_by_id, asked_at, decided_by_id, decided_at, is_lifted, decision_reason)
        SELECT min(id), 'x', {_SOMEBODY}, {_THEN}, {_ANOTHER}, {_THEN}, false, 'x' FROM privacy_identitymark""",
)
#: What the database demands beside the words of a field: other columns, and the row that may have them.
_BESIDE = {
    "audit.Event.before": (
        "after = after",
        "id = (SELECT max(id) FROM audit_event WHERE before IS NOT NULL)",
    ),
    "evidence.Document.sealed_reason": (f"sealed_at = {_THEN}, sealed_by_id = {_SOMEBODY}", f"id = {_FIRST}"),
    "evidence.Document.withdrawn_reason": (
        f"state = 'withdrawn', withdrawn_at = {_THEN}, withdrawn_by_id = {_SOMEBODY}",
        f"id = {_FIRST} + 1",
    ),
    "evidence.Document.reference_number": (
        "stored_name = '', sha256 = '', size = 0, original_name = '', media_type = ''",
        f"id = {_FIRST} + 2",
    ),
    "indicators.CheckExplanation.ended_reason": (
        "ended_at = explained_at, ended_by_id = explained_by_id",
        f"id = {_FIRST}",
    ),
    "indicators.Target.ended_reason": ("ended_at = set_at, ended_by_id = set_by_id", f"id = {_FIRST}"),
    "meetings.AgendaPoint.title": (
        "kind = 'own'",
        'id IN (SELECT max(id) FROM "{table}" GROUP BY meeting_id)',
    ),
    "meetings.MeetingDecision.ended_reason": (
        "ended_at = recorded_at, ended_by_id = recorded_by_id",
        f"id = {_FIRST}",
    ),
    "recommendations.Action.proposed_reason": ("proposed_on = due_on", "is_decision AND NOT is_mapo"),
    "recommendations.ItemOverride.ended_reason": (
        "ended_at = set_at, ended_by_id = set_by_id",
        f"id = {_FIRST}",
    ),
}
#: In fields with values, where the words stand; in the others stand texts already, or nothing that is a text.
_VALUES: dict[str, Callable[[str], Any]] = {
    "audit.Event.before": lambda words: {"reason": words},
    "indicators.FigureImport.rows": lambda words: [_row(indicator=words, breakdown=words, number=words)],
    "indicators.FigureReport.typed": lambda words: {f"c{number}": words for number in range(1, 400)},
    "recommendations.OpeningImport.rows": lambda words: [
        _row(item=words, covers_from=words, narrative=words)
    ],
    "recommendations.Update.half_typed": lambda words: {"covers_from": words, "covers_to": words},
}


def _row(**cells: str) -> dict[str, Any]:
    """Return a row of a workbook, as its reader leaves it."""
    return {"number": 1, "line": 2, "cells": cells}


def guarded_fields() -> Iterator[models.Field[Any, Any]]:
    """Every guarded field."""
    for model in apps.get_models():
        yield from (each for each in model._meta.fields if isinstance(each, (*GUARDED, GuardedJSONField)))


def plant_words(connection: Any) -> None:
    """Write words of its own into every guarded field, of every row that may have them, as the owner."""
    with connection, connection.cursor() as cursor:
        # Else what waits for the end of the transaction would keep the triggers from being switched off again.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for row in _ROWS:
            table = row.split()[2]
            cursor.execute(
                f'ALTER TABLE "{table}" DISABLE TRIGGER USER; {row}; ALTER TABLE "{table}" ENABLE TRIGGER USER'
            )
        for field in guarded_fields():
            _plant(cursor, field)


def _plant(cursor: Any, field: models.Field[Any, Any]) -> None:
    """Where the words must not stand in every row, they stand where some do already, or where what else is needed is set."""
    table, column = field.model._meta.db_table, field.column
    name = f"{field.model._meta.label}.{field.name}"
    words = f"kenari {field.model._meta.model_name} {column} tiada siapa"[: field.max_length]
    if isinstance(field, GuardedJSONField):
        if name not in _VALUES:
            return
        words = json.dumps(_VALUES[name](words))
    beside, where = _BESIDE.get(name, ("", "true"))
    ways = (
        [(f", {beside}", where.format(table=table))]
        if beside
        else [("", "true"), ("", f"\"{column}\" <> ''")]
    )
    for more, condition in ways:
        cursor.execute("SAVEPOINT planting")
        try:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            cursor.execute(f'UPDATE "{table}" SET "{column}" = %s{more} WHERE {condition}', [words])
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
        except psycopg2.Error as error:
            problem = error
            cursor.execute("ROLLBACK TO SAVEPOINT planting")
        else:
            return
    raise AssertionError(f"{name}: {problem}")
