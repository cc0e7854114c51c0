"""Behind a pool of four connections in transaction mode, sixteen people work at once as without one."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from threading import Barrier
from typing import Any, TypeVar

import pytest
import requests
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from audit.snapshot import database_snapshot, stream_rows
from audit.verification import verify
from evidence.models import Document
from recommendations.models import Assignment, Cycle, Review, Submission, Update
from reminders.models import Delivery
from reminders.states import DeliveryState
from reports.models import Report
from reports.states import ReportState
from reports.tasks import make_waiting
from tests.conftest import WorkerDatabase
from tests.databases import BASE
from tests.evidence.pages import post_file, signed_in
from tests.factories.accounts import PASSWORD, AgencyFactory, UserFactory
from tests.factories.evidence import make_upload
from tests.factories.recommendations import (
    make_accepted,
    make_assignment,
    make_cycle,
    make_item,
    make_submission,
)
from tests.recommendations.pages import autosave_url, edit_url, typed
from tests.tracker.pool import Pool, running_pool
from tests.tracker.site import serving_site
from tracker.celery import app

pytestmark = pytest.mark.long

PEOPLE = 16
CHOSEN = {"cycle": "2023", "day": "2023-09-14", "language": "ms", "ceiling": "2", "depth": "full"}
Result = TypeVar("Result")


@pytest.fixture
def pool(real_db: WorkerDatabase, settings: Any) -> Iterator[Pool]:
    """All connections of this process lead through it, with the settings of DATABASE_POOLED."""
    settings.DATABASE_POOLED = True
    with running_pool(real_db) as started:
        connections.close_all()
        kept = dict(connection.settings_dict)
        connection.settings_dict.update(
            HOST="127.0.0.1",
            PORT=str(started.port),
            OPTIONS=settings.WORK_LIMITS.options(is_pooled=True),
            DISABLE_SERVER_SIDE_CURSORS=True,
        )
        try:
            yield started
        finally:
            connections.close_all()
            connection.settings_dict.update(kept)


@dataclass
class Ministry:
    """A cycle with one item and one officer for each of sixteen agencies, and MAPO's people."""

    now: datetime
    cycle: Cycle
    officers: list[User]
    assignments: list[Assignment]
    reviewer: User
    administrator: User


@pytest.fixture
def ministry(pool: Pool, now: datetime) -> Ministry:
    mapo = AgencyFactory(code="MAPO")
    reviewer, administrator = (
        UserFactory(role=role, agency=mapo) for role in (Role.REVIEWER, Role.ADMINISTRATOR)
    )
    cycle = make_cycle()
    officers = [UserFactory(role=Role.OFFICER, agency=AgencyFactory()) for _ in range(PEOPLE)]
    assignments = [
        make_assignment(make_item(cycle, number=number), officer.agency, actor=administrator, now=now)
        for number, officer in enumerate(officers, start=1)
    ]
    return Ministry(now, cycle, officers, assignments, reviewer, administrator)


def all_at_once(act: Callable[[int], Result], count: int = PEOPLE) -> list[Result]:
    """Let so many act at the same instant, each on a connection of its own; return what each got."""
    start = Barrier(count)

    def perform(place: int) -> Result:
        try:
            start.wait(60)
            return act(place)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(perform, range(count)))


def statuses(answers: Sequence[Any]) -> set[int]:
    return {answer.status_code for answer in answers}


def test_sixteen_people_sign_in_at_once(ministry: Ministry) -> None:
    def sign_in(place: int) -> tuple[int, int, bool]:
        client, person = Client(REMOTE_ADDR=f"10.{place}.0.1"), ministry.officers[place]
        answer = client.post("/sign-in/", {"login": person.email, "password": PASSWORD})
        page = client.get("/my-work/")
        return answer.status_code, page.status_code, person.name in page.text

    assert set(all_at_once(sign_in)) == {(302, 200, True)}
    events = Event.objects.filter(action="session.signed_in").values_list("actor_id", "object_id")
    assert sorted(events) == sorted((person.pk, str(person.pk)) for person in ministry.officers)


def test_sixteen_people_of_one_office_sign_in_at_the_server_at_once(
    ministry: Ministry, pool: Pool, settings: Any
) -> None:
    """Over sockets, from one address, and each then reads a page of their own."""
    token = "0123456789abcdefghijklmnopqrstuv"
    with serving_site(pool.web_url, settings.MEDIA_ROOT, DATABASE_POOLED="true") as site:

        def sign_in(place: int) -> tuple[int, int, bool]:
            person, session = ministry.officers[place], requests.Session()
            session.cookies.set("csrftoken", token)
            fields = {"login": person.email, "password": PASSWORD, "csrfmiddlewaretoken": token}
            origin = f"http://127.0.0.1:{site.port}"
            answer = session.post(f"{origin}/sign-in/", fields, allow_redirects=False, timeout=60)
            page = session.get(f"{origin}/my-work/", timeout=60)
            return answer.status_code, page.status_code, person.name in page.text

        assert set(all_at_once(sign_in)) == {(302, 200, True)}


def test_a_day_of_work_is_done_and_nobody_acts_as_another(ministry: Ministry) -> None:
    """Draft, save, upload, send, accept, read: each Event and row names who did it, and the chain is whole."""
    clients = [signed_in(person) for person in ministry.officers]

    def write(place: int) -> Update:
        client, assignment = clients[place], ministry.assignments[place]
        begun = client.post(
            reverse("recommendations:update_start", args=[assignment.pk]), typed(narrative=f"Draf {place}.")
        )
        assert begun.status_code == 302, begun.content.decode()[:2000]
        update = Update.objects.get(assignment=assignment)
        saved = client.post(
            autosave_url(update), typed(revision=str(update.revision), narrative=f"Kursus {place}.")
        )
        assert saved.status_code == 200, saved.content.decode()[:2000]
        uploaded = post_file(client, file=make_upload(f"Bukti {place}.pdf"))
        assert uploaded.status_code in (200, 201), uploaded.content.decode()[:2000]
        document = Document.objects.get(uploaded_by=ministry.officers[place])
        update.refresh_from_db()
        words = typed(
            revision=str(update.revision),
            narrative=f"Kursus {place}.",
            documents=[document.pk],
            action="submit",
        )
        sent = client.post(edit_url(update), words)
        assert sent.status_code == 302, sent.content.decode()[:4000]
        return update

    updates = all_at_once(write)
    submissions = {each.update_id: each for each in Submission.objects.all()}
    assert [submissions[update.pk].narrative for update in updates] == [
        f"Kursus {place}." for place in range(PEOPLE)
    ]
    sent = Event.objects.filter(action="update.submitted").values_list("actor_id", "agency_id")
    assert sorted(sent) == sorted((person.pk, person.agency_id) for person in ministry.officers)

    reviewers = [signed_in(ministry.reviewer) for _ in range(PEOPLE)]

    def accept(place: int) -> Any:
        submission = submissions[updates[place].pk]
        decision = {
            "submission": submission.pk,
            "decision": "accept",
            "status": submission.status,
            "percent": submission.percent,
        }
        return reviewers[place].post(reverse("recommendations:review", args=[updates[place].pk]), decision)

    assert statuses(all_at_once(accept)) == {302}
    assert set(Review.objects.values_list("reviewer_id", flat=True)) == {ministry.reviewer.pk}
    assert Review.objects.count() == PEOPLE

    def read(place: int) -> list[tuple[str, int]]:
        document = Document.objects.get(uploaded_by=ministry.officers[place])
        foreign = Document.objects.get(uploaded_by=ministry.officers[place - 1])
        found = []
        for path in (
            reverse("evidence:download", args=[document.pk]),
            f"/search/?q=kursus+{place}",
            "/my-work/",
            reverse("recommendations:item", args=[ministry.assignments[place].item_id]),
            reverse("overview:overview"),
            reverse("evidence:download", args=[foreign.pk]),
        ):
            answer = clients[place].get(path)
            answer.getvalue()
            found.append((re.sub(r"\d+", "1", path), answer.status_code))
        return found

    (seen,) = {tuple(each) for each in all_at_once(read)}
    assert [status for _path, status in seen] == [200, 200, 200, 200, 200, 404]
    downloads = Event.objects.filter(action="document.downloaded").values_list("actor_id", "agency_id")
    assert sorted(downloads) == sorted((person.pk, person.agency_id) for person in ministry.officers)
    assert verify().fault is None


def test_files_are_taken_out_whole(ministry: Ministry, settings: Any) -> None:
    """The trail, summaries made while their reader waits, and one that the worker's task makes."""
    for officer, assignment in zip(ministry.officers, ministry.assignments, strict=True):
        make_accepted(assignment, actor=officer, reviewer=ministry.reviewer, now=ministry.now)

    def take(place: int) -> tuple[int, int]:
        """The number of rows in a file, and how many its Event or its row says."""
        client = signed_in(ministry.administrator)
        if place % 2:
            content = client.post(reverse("audit:export"), {"action": "update.accepted"}).getvalue()
            return len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) - 1, PEOPLE
        paper = ("csv", "json")[place % 4 // 2]
        answer = client.post(reverse("reports:make"), {**CHOSEN, "paper": paper})
        report = Report.objects.get(pk=int(re.findall(r"\d+", answer["Location"])[0]))
        content = client.get(reverse("reports:file", args=[report.pk])).getvalue()
        assert len(content) == report.size
        if paper == "json":
            return len(json.loads(content)["updates"]), PEOPLE
        return content.count(b"Kursus"), content.count(b"Kursus")

    assert {found == said for found, said in all_at_once(take, 4)} == {True}
    told = Event.objects.filter(action="audit.exported").values_list("after__rows", flat=True)
    assert list(told) == [PEOPLE, PEOPLE]

    settings.REPORTS_AT_ONCE_ROWS = 0
    client = signed_in(ministry.administrator)
    client.post(reverse("reports:make"), {**CHOSEN, "language": "en", "paper": "csv"})
    waiting = Report.objects.get(state=ReportState.WAITING)
    assert make_waiting() == waiting.pk
    waiting.refresh_from_db()
    assert waiting.state == ReportState.READY and waiting.size > 0


def test_tasks_of_the_schedule_run_at_once(ministry: Ministry, settings: Any) -> None:
    """All of them, each on a connection of its own, while a paper waits to be made and officers' updates wait for MAPO."""
    settings.REPORTS_AT_ONCE_ROWS = 0
    for officer, assignment in zip(ministry.officers, ministry.assignments, strict=True):
        make_submission(assignment, actor=officer, now=ministry.now)
    signed_in(ministry.reviewer).post(reverse("reports:make"), {**CHOSEN, "paper": "pdf"})
    app.loader.import_default_modules()
    entries = list(app.conf.beat_schedule.values())

    def run(place: int) -> bool | str:
        result = app.tasks[entries[place]["task"]].apply(entries[place].get("args", ()))
        return bool(result.successful()) or str(result.traceback)

    for _turn in range(2):  # Mails are packed once their reminders are planned.
        assert set(all_at_once(run, len(entries))) == {True}
    assert Report.objects.get().state == ReportState.READY
    assert Delivery.objects.filter(state=DeliveryState.SENT).exists()
    assert verify().fault is None


def test_snapshot_stays_one_over_several_readings_and_others_go_on_meanwhile(ministry: Ministry) -> None:
    """Rows come in several turns of the server's cursor; what others commit meanwhile is not among them."""
    events = Event.objects.order_by("pk")
    with database_snapshot():
        before = events.count()
        rows = stream_rows(events, chunk_size=5)
        seen = [next(rows)]
        all_at_once(lambda place: signed_in(ministry.officers[place]).get("/my-work/"))
        all_at_once(lambda place: post_file(signed_in(ministry.officers[place]), file=make_upload()))
        seen += rows
        assert len(seen) == events.count() == before
    assert events.count() >= before + PEOPLE


#: What would lie on a connection after its transaction, in the product's SQL.
SESSION_STATE = {
    "a lock of the session": r"pg_(?:try_)?advisory_lock(?:_shared)?\s*\(",
    "a setting of the session": r"set_config\([^()]*,\s*false\s*\)",
    "SET without LOCAL": r"[\"'](?:RE)?SET (?!LOCAL |TRANSACTION |CONSTRAINTS )[A-Za-z_]+(?: |\.)",
    "LISTEN": r"[\"'](?:UN)?LISTEN |pg_notify|NOTIFY [a-z]",
    "a prepared statement": r"[\"']PREPARE ",
    "a temporary table": r"CREATE TEMP",
    "a cursor that outlasts its transaction": r"WITH HOLD|withhold",
    "options at the start": r"[\"']options[\"']: *f?[\"']-c",
}


@pytest.mark.parametrize("what", SESSION_STATE)
def test_nothing_that_outlasts_a_transaction_is_asked_of_the_database(what: str) -> None:
    """But for the seed of a demonstration, which refuses behind a pool, and migrations, whose owner goes through none."""
    aside = ("tests", "benchmarks", "attacks", "trials", "demo", "docs", ".venv", "node_modules")
    found = {
        path.relative_to(BASE).as_posix()
        for pattern in ("*.py", "*.sql")
        for path in BASE.rglob(pattern)
        if path.relative_to(BASE).parts[0] not in aside
        and re.search(SESSION_STATE[what], path.read_text(encoding="utf-8"))
    }
    assert found - {"audit/clock.py", "tracker/management/commands/migrate.py"} == set()
