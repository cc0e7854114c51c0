"""The same audited write by eight writers at once, with and without the trigger that chains the log."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median

import psycopg2

from benchmarks.databases import STATEMENT_SECONDS, Database
from benchmarks.parts.bench import Bench
from benchmarks.processes import ChildProcess
from benchmarks.results import Measurement

WRITERS, GOAL = 8, 2.0
#: Writes of one writer in one round.
WRITES = 60


def measure(bench: Bench) -> Iterator[Measurement]:
    """Let the writers write in turns without and with the chain."""
    database = bench.database("one_cycle_0")
    taken: dict[str, list[float]] = {"DISABLE": [], "ENABLE": []}
    with ExitStack() as stack:
        writers = [
            stack.enter_context(database.answering("children.writes", number)) for number in range(WRITERS)
        ]
        write_at_once(writers, WRITES)
        for _round in range(bench.rounds):
            for word, milliseconds in taken.items():
                _switch_chain(database, word)
                milliseconds.append(write_at_once(writers, WRITES))
    yield Measurement(f"audited_write@{WRITERS}", median(taken["ENABLE"]), median(taken["DISABLE"]), GOAL)


def write_at_once(writers: list[ChildProcess], times: int) -> float:
    """Let all writers begin together; return the milliseconds for each write. Raises `ChildFailed`."""
    began = time.perf_counter()
    for writer in writers:
        writer.send("write", times=times)
    for writer in writers:
        writer.receive()
    return (time.perf_counter() - began) * 1_000 / (len(writers) * times)


def _switch_chain(database: Database, word: str) -> None:
    """Switch the trigger that chains the log off or on: DISABLE or ENABLE."""
    connection = psycopg2.connect(database.owner_url, connect_timeout=STATEMENT_SECONDS)
    with connection, connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE audit_event {word} TRIGGER audit_event_chain")
    connection.close()
