"""The hot pages keep to the ends of indexes, however long the history: asked of PostgreSQL itself, by EXPLAIN.

Five thousand updates lie under two cycles of 24 assignments, copied in as for the benchmarks and analysed. Then every
statement that a page sends is explained and run: none may scan a long table, and none may touch more of its rows than
the page has things to show. Tables of five thousand rows are short to a planner: what it does with such (read all of
them, once) is switched off; what it chooses by itself with two million is in `docs/plans.md` and the benchmarks' growth.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import psycopg2
import pytest
from django.db import connection
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from audit import clock
from audit.clock import KUALA_LUMPUR, end_of_day, local_date
from benchmarks.children.plans import explained, statements_of
from benchmarks.seeds.history import COLUMNS, HistoryWriter, RowCopier, histories_of
from overview.queries.trend import trend_of_cycle
from recommendations.models import Cycle, Update
from recommendations.queries.cycle_state import state_of_cycle
from recommendations.queries.decisions import decisions_between
from recommendations.states import AssignmentRole, ItemKind
from submissions.states import SubmissionState
from tests.conftest import WorkerDatabase
from tests.factories.accounts import make_agency
from tests.factories.evidence import make_document
from tests.factories.recommendations import make_assignment, make_cycle, make_item
from tests.recommendations.conftest import Desk, make_desk
from tests.recommendations.pages import browser_of
from tests.shared import LAYERS

pytestmark = pytest.mark.long

#: What grows with every update.
LONG_TABLES = {*COLUMNS, "recommendations_update"}
UPDATES_EACH, BEGINS_AT = 100, datetime(2023, 4, 3, 9, tzinfo=KUALA_LUMPUR)
ENDS_AT = datetime(2024, 3, 1, 9, tzinfo=KUALA_LUMPUR)
SHORT_TABLES_HABITS = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")
#: An early day, with nearly all of the history behind it.
EARLY = date(2023, 4, 20)
#: Rows of a long table that one statement may touch: some for each assignment of a cycle, whatever it has behind it.
MOST_ROWS = 24 * 6


@dataclass(frozen=True)
class Told:
    """The world with its histories."""

    desk: Desk
    cycle: Cycle
    waiting: int

    def page(self, name: str, **arguments: int) -> str:
        return reverse(name if ":" in name else f"recommendations:{name}", kwargs=arguments)


@pytest.fixture(scope="module")
def told(worker_database: WorkerDatabase, django_db_blocker: DjangoDbBlocker) -> Iterator[Told]:
    with django_db_blocker.unblock():
        LAYERS.leave()
        desk = make_desk(clock.move_to(BEGINS_AT))
        for officer in (desk.officer, desk.outsider):
            make_document(officer.agency, actor=officer, now=desk.now)
        cycles = [desk.cycle, make_cycle(2022, window_start=date(2023, 4, 1), window_end=date(2024, 3, 31))]
        agencies = [desk.agency, desk.other_agency, make_agency("JKM"), make_agency("JTK")]
        for cycle in cycles:
            _assign(cycle, desk, agencies)
        clock.move_to(ENDS_AT + timedelta(hours=1))
        _tell(worker_database, cycles)
        with connection.cursor() as cursor:
            for habit in SHORT_TABLES_HABITS:
                cursor.execute(f"SET {habit} = off")
        waiting = Update.objects.filter(
            state=SubmissionState.SUBMITTED, assignment__item__cycle=desk.cycle
        ).latest("pk")
        yield Told(desk, desk.cycle, waiting.pk)
        worker_database.renew()


def _assign(cycle: Cycle, desk: Desk, agencies: list[Any]) -> None:
    """Six items, each with a lead and three in support."""
    items = list(cycle.items.order_by("pk")) + [
        make_item(cycle, number=number, kind=kind)
        for kind in (ItemKind.RECOMMENDATION, ItemKind.WEAKNESS)
        for number in (2, 3, 4)
    ]
    for place, item in enumerate(items[:6]):
        for number in range(4):
            agency = agencies[(place + number) % 4]
            role = AssignmentRole.SUPPORT if number or item.assignments.exists() else AssignmentRole.LEAD
            if not item.assignments.filter(agency=agency).exists():
                make_assignment(item, agency, role=role, actor=desk.administrator, now=desk.now)


def _tell(database: WorkerDatabase, cycles: list[Cycle]) -> None:
    """Copy histories in as the owner, with the guards off for that moment, and let the planner know of them."""
    connected = psycopg2.connect(database.owner_url)
    with connected, connected.cursor() as cursor:
        _switch_triggers(cursor, "DISABLE")
        copier = RowCopier(cursor)
        for cycle in cycles:
            writer = HistoryWriter(
                copier=copier,
                cycle=cycle,
                begins_at=BEGINS_AT,
                ends_at=ENDS_AT,
                leaves_open=True,
                files_every=1,
            )
            writer.write([(history, UPDATES_EACH) for history in histories_of(cycle)])
        copier.finish()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _switch_triggers(cursor, "ENABLE")
    connected.autocommit = True
    with connected.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connected.close()


def _switch_triggers(cursor: Any, word: str) -> None:
    for table in (*COLUMNS, "recommendations_assignment"):
        cursor.execute(f"ALTER TABLE {table} {word} TRIGGER USER")


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes(inner)


def plan_of(statement: str) -> list[dict[str, Any]]:
    """Every node of the plan by which a statement was run."""
    (text,) = explained(statement, "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ")
    return list(nodes((text if isinstance(text, list) else json.loads(text))[0]["Plan"]))


def rows_touched(node: dict[str, Any]) -> float:
    kept = (
        node["Actual Rows"]
        + node.get("Rows Removed by Filter", 0)
        + node.get("Rows Removed by Index Recheck", 0)
    )
    return float(kept * node["Actual Loops"])


def indexes_of(act: Callable[[], Any]) -> set[str]:
    """The indexes that an act's statements take; fails where one of them reads a long table otherwise."""
    used: set[str] = set()
    for statement in statements_of(act):
        touched: Counter[str] = Counter()
        for node in plan_of(statement):
            table = node.get("Relation Name", "")
            used.add(node.get("Index Name", ""))
            if table in LONG_TABLES:
                assert node["Node Type"] != "Seq Scan", f"{table} is scanned by: {statement}"
                touched[table] += rows_touched(node)
        assert all(rows <= MOST_ROWS for rows in touched.values()), f"{dict(touched)} touched by: {statement}"
    return used


def test_history_is_long_enough_to_tell(told: Told) -> None:
    assert Update.objects.count() == 2 * 24 * UPDATES_EACH
    with pytest.raises(AssertionError, match=r"touched|scanned"):
        indexes_of(lambda: list(Update.objects.filter(narrative="").values("pk").order_by("pk")))


@pytest.mark.parametrize(
    ("day", "versions"),
    [(None, set()), (EARLY, {"assignmentversion_past_time"})],
    ids=["now", "early"],
)
def test_state_of_a_cycle_takes_the_ends_of_indexes(told: Told, day: date | None, versions: set[str]) -> None:
    before = end_of_day(day) if day else None
    used = indexes_of(lambda: state_of_cycle(told.cycle, user=told.desk.reviewer, before=before))
    assert used >= {"review_newest_verdict", "update_newest_begun", *versions}


def test_trend_reads_turns_alone(told: Told) -> None:
    assert indexes_of(lambda: trend_of_cycle(told.cycle)) >= {"assignmentversion_turns", "review_turns"}


@pytest.mark.parametrize("who", ["reviewer", "officer", "observer"])
def test_decisions_of_two_days_do_not_read_those_before(told: Told, who: str) -> None:
    last = local_date(ENDS_AT)
    used = indexes_of(
        lambda: decisions_between(
            told.cycle, user=getattr(told.desk, who), since=last - timedelta(days=2), until=last
        )
    )
    assert used >= {"review_newest_verdict", "review_returns"}


#: Two indexes hold only what is open; either leads to what waits.
WAITING = "update_queue or update_open_by_assignment"
PAGES: dict[str, tuple[str, Callable[[Told], str], set[str]]] = {
    "my work": ("officer", lambda told: told.page("my_work"), {"review_newest_verdict"}),
    "item for its agency": (
        "officer",
        lambda told: told.page("item", item_id=told.desk.item.pk),
        {"review_newest_verdict", "review_item_timeline"},
    ),
    "item for MAPO": (
        "reviewer",
        lambda told: told.page("item", item_id=told.desk.item.pk),
        {"review_newest_verdict", "review_item_timeline"},
    ),
    "older verdicts": (
        "reviewer",
        lambda told: told.page("item", item_id=told.desk.item.pk) + "?page=3",
        {"review_item_timeline"},
    ),
    "item's history": (
        "officer",
        lambda told: told.page("item_history", item_id=told.desk.item.pk),
        {"review_turns"},
    ),
    "items": ("reviewer", lambda told: told.page("items"), {"review_newest_verdict"}),
    "overview": (
        "reviewer",
        lambda told: told.page("overview:overview"),
        {"review_newest_verdict", "review_turns"},
    ),
    "overview of a day": (
        "reviewer",
        lambda told: f"{told.page('overview:overview')}?day={EARLY}",
        {"review_newest_verdict", "assignmentversion_past_time"},
    ),
    "overview for an agency": (
        "officer",
        lambda told: told.page("overview:overview"),
        {"review_newest_verdict"},
    ),
    "queue": ("reviewer", lambda told: told.page("queue"), {WAITING}),
    "review": ("reviewer", lambda told: told.page("review", update_id=told.waiting), {WAITING}),
    "confirmed": (
        "reviewer",
        lambda told: told.page("assignments") + "?tab=confirmed",
        {"review_newest_verdict"},
    ),
    "weaknesses": ("reviewer", lambda told: told.page("overview:weaknesses"), {"review_newest_verdict"}),
}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_page_touches_no_more_than_it_shows(told: Told, name: str) -> None:
    role, address, expected = PAGES[name]
    browser = browser_of(getattr(told.desk, role))
    url = address(told)

    def ask() -> None:
        assert browser.get(url).status_code == 200

    ask()
    used = indexes_of(ask)
    assert all(used & set(names.split(" or ")) for names in expected), used
