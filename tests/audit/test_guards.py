"""The guards that models use: what the database refuses, whoever asks."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pgtrigger
import psycopg2
import pytest
from django.db import models
from django.test.utils import isolate_apps

from audit import guards
from tests.audit.conftest import Owner
from tests.conftest import Clock

NOON = datetime(2023, 9, 14, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def decisions(owner: Owner, clock: Clock) -> Iterator[Owner]:
    """A table with every guard but append_only, which the log itself has."""
    clock.move_to(NOON)
    with isolate_apps("audit"):

        class Decision(models.Model):  # noqa: DJ008 - never shown
            state = models.CharField(max_length=10)
            decided_at = models.DateTimeField(null=True)
            seen_at = models.DateTimeField(null=True)

            class Meta:
                app_label = "audit"
                db_table = "decision"

        model: Any = Decision
        owner.run(
            "CREATE TABLE decision"
            " (id bigint PRIMARY KEY, state text, decided_at timestamptz, seen_at timestamptz)"
        )
        for trigger in [
            *guards.no_delete("decision"),
            *guards.must_be_now("decision", "decided_at"),
            *guards.set_once("decision", ["seen_at", "state"]),
        ]:
            owner.run(str(trigger.compile(model).install_sql))
        yield owner


def _insert(owner: Owner, number: int, state: str | None = None, decided_at: datetime | None = None) -> None:
    owner.run("INSERT INTO decision VALUES (%s, %s, %s, NULL)", [number, state, decided_at])


def test_instant_of_now_or_none_is_taken_and_no_other(decisions: Owner) -> None:
    for number, distance in enumerate((-4 * MINUTE, timedelta(0), 4 * MINUTE)):
        _insert(decisions, number, decided_at=NOON + distance)
    _insert(decisions, 9, decided_at=None)
    assert decisions.run("SELECT count(*) FROM decision") == [(4,)]
    for distance in (-6 * MINUTE, 6 * MINUTE, timedelta(days=-30), timedelta(days=365)):
        with pytest.raises(psycopg2.Error, match="decided_at of decision must be the present instant"):
            _insert(decisions, 1, decided_at=NOON + distance)


def test_instant_set_later_must_be_now_too(decisions: Owner) -> None:
    decisions.run("ALTER TABLE decision DISABLE TRIGGER USER")
    _insert(decisions, 1, decided_at=NOON - timedelta(days=30))
    decisions.run("ALTER TABLE decision ENABLE TRIGGER USER")
    decisions.run("UPDATE decision SET state = 'open'")
    with pytest.raises(psycopg2.Error, match="must be the present instant"):
        decisions.run("UPDATE decision SET decided_at = %s", [NOON - timedelta(days=29)])


def test_instant_of_a_seeded_past_is_measured_against_the_seed(decisions: Owner) -> None:
    june = datetime(2023, 6, 1, tzinfo=UTC)
    decisions.run("SELECT set_config('jejak.seed_at', %s, false)", [june.isoformat()])
    _insert(decisions, 1, decided_at=june)
    with pytest.raises(psycopg2.Error, match="must be the present instant"):
        _insert(decisions, 2, decided_at=NOON)


def test_field_is_set_once(decisions: Owner) -> None:
    _insert(decisions, 1)
    decisions.run("UPDATE decision SET state = 'kept', seen_at = %s", [NOON])
    decisions.run("UPDATE decision SET state = 'kept'")
    for change in ("state = 'lost'", "state = NULL", "seen_at = now()"):
        with pytest.raises(psycopg2.Error, match="decision refuses this change"):
            decisions.run(f"UPDATE decision SET {change}")


def test_row_is_never_deleted(decisions: Owner) -> None:
    for statement in ("DELETE FROM decision", "TRUNCATE decision"):
        with pytest.raises(psycopg2.Error, match="is refused on decision"):
            decisions.run(statement)


@isolate_apps("audit")
def test_only_listed_moves_between_states_are_taken(owner: Owner) -> None:
    class Report(models.Model):  # noqa: DJ008 - never shown
        state = models.CharField(max_length=10)

        class Meta:
            app_label = "audit"
            db_table = "report"

    model: Any = Report
    owner.run("CREATE TABLE report (id bigint, state text NOT NULL); INSERT INTO report VALUES (1, 'draft')")
    [trigger] = guards.transitions("report", "state", [("draft", "submitted"), ("submitted", "accepted")])
    owner.run(str(trigger.compile(model).install_sql))
    owner.run("SELECT set_config('pgtrigger.ignore', %s, false)", ["{" + trigger.get_pgid(model) + "}"])
    with pytest.raises(psycopg2.Error, match="report refuses this change"):
        owner.run("UPDATE report SET state = 'accepted'")
    owner.run("UPDATE report SET state = 'submitted'; UPDATE report SET state = 'submitted'")
    with pytest.raises(psycopg2.Error, match="report refuses this change"):
        owner.run("UPDATE report SET state = 'draft'")


@pytest.fixture
def chapters(owner: Owner) -> Iterator[Owner]:
    """Chapters of books, which are written while their shelf is open, and not by its keeper."""
    with isolate_apps("audit"):

        class Shelf(models.Model):  # noqa: DJ008 - never shown
            state = models.CharField(max_length=10)
            keeper_id = models.BigIntegerField()

            class Meta:
                app_label = "audit"
                db_table = "shelf"

        class Book(models.Model):  # noqa: DJ008 - never shown
            shelf = models.ForeignKey(Shelf, on_delete=models.PROTECT)
            state = models.CharField(max_length=10)

            class Meta:
                app_label = "audit"
                db_table = "book"

        class Chapter(models.Model):  # noqa: DJ008 - never shown
            book = models.ForeignKey(Book, on_delete=models.PROTECT)
            writer_id = models.BigIntegerField(null=True)

            class Meta:
                app_label = "audit"
                db_table = "chapter"

        model: Any = Chapter
        owner.run(
            "CREATE TABLE shelf (id bigint, state text, keeper_id bigint); INSERT INTO shelf VALUES (1, 'open', 7);"
            "CREATE TABLE book (id bigint, shelf_id bigint, state text); INSERT INTO book VALUES (1, 1, 'x'), (2, 1, 'y');"
            "CREATE TABLE chapter (id bigint, book_id bigint, writer_id bigint)"
        )
        stranger = guards.no_row("shelf", "id = NEW.book.shelf", "keeper_id = NEW.writer_id")
        for trigger in [
            *guards.required("chapter", "on_open_shelf", "NEW.book.shelf.state = 'open'", guards.INSERT),
            *guards.required("chapter", "by_another", stranger, guards.WRITE),
            *guards.parent_in("chapter", "of_open_book", "book", ["x"], guards.ANY),
        ]:
            owner.run(str(trigger.compile(model).install_sql))
        yield owner


def test_condition_follows_foreign_keys(chapters: Owner) -> None:
    chapters.run("INSERT INTO chapter VALUES (1, 1, 8), (2, 1, NULL)")
    for row in ("3, 1, 7", "3, 9, 8", "3, NULL, 8"):
        with pytest.raises(psycopg2.Error, match="chapter refuses this row"):
            chapters.run(f"INSERT INTO chapter VALUES ({row})")
    with pytest.raises(psycopg2.Error, match="by_another"):
        chapters.run("UPDATE chapter SET writer_id = 7")
    chapters.run("UPDATE shelf SET state = 'shut'")
    with pytest.raises(psycopg2.Error, match="on_open_shelf"):
        chapters.run("INSERT INTO chapter VALUES (3, 1, 8)")
    chapters.run("UPDATE chapter SET writer_id = 9")


def test_parent_of_either_row_is_in_such_a_state(chapters: Owner) -> None:
    chapters.run("INSERT INTO chapter VALUES (1, 1, 8)")
    for change in ("INSERT INTO chapter VALUES (2, 2, 8)", "UPDATE chapter SET book_id = 2"):
        with pytest.raises(psycopg2.Error, match="of_open_book"):
            chapters.run(change)
    chapters.run("UPDATE book SET state = 'y'")
    for change in (
        "UPDATE chapter SET writer_id = 9",
        "UPDATE chapter SET book_id = 3",
        "DELETE FROM chapter",
    ):
        with pytest.raises(psycopg2.Error, match="of_open_book"):
            chapters.run(change)
    chapters.run("UPDATE book SET state = 'x'; DELETE FROM chapter")
    assert chapters.run("SELECT count(*) FROM chapter") == [(0,)]


def test_every_guard_in_the_product_is_strict() -> None:
    """Any role can switch pgtrigger's own triggers off with SET pgtrigger.ignore."""
    from django.apps import apps

    loose = [
        trigger.get_uri(model)
        for model in apps.get_models()
        for trigger in getattr(model._meta, "triggers", [])
        if not isinstance(trigger, guards.Guard)
    ]
    assert loose == []
    assert issubclass(guards.Guard, pgtrigger.Trigger)
