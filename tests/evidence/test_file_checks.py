"""Stored files are read again: a share each night, all within 30 days, and administrators see how far that is."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from itertools import count

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.clearance import Clearance
from audit.models import Event
from evidence import storage, tasks
from evidence.models import Document, FileCheck
from evidence.services import file_checks, integrity
from evidence.services.file_checks import due_tonight, read_share
from evidence.states import Harm
from reminders.models import Notice
from reminders.states import FILE_HARMED
from tests.conftest import Clock
from tests.evidence import files
from tests.evidence.conftest import World
from tests.evidence.pages import signed_in, url
from tests.vouching import acting
from tracker.celery import app

MANY = 280


def many(world: World, number: int = MANY) -> list[Document]:
    """Documents of a few bytes each, received at the same instant."""
    content = files.pdf()
    facts = {
        "agency": world.agency, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "media_type": "application/pdf",
        "received_at": world.now, "uploaded_by": world.officer, "classification": Clearance.OPEN, "scan_state": "unscanned",
    }  # fmt: skip
    rows = [
        Document(stored_name=storage.new_stored_name(), original_name=f"{each}.pdf", **facts)
        for each in range(number)
    ]
    with acting(world.officer):
        Document.objects.bulk_create(rows)
    for row in rows:
        path = storage.path_of(row.stored_name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return rows


def turn(now: datetime, *, most: int = 10_000) -> file_checks.Turn:
    """One turn of a night, which has time for so many files."""
    counted = count()
    return read_share(read_clock=lambda: now, may_continue=lambda: next(counted) < most)


def flip(document: Document) -> None:
    path = storage.path_of(document.stored_name)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def test_each_night_takes_a_share_and_thirty_days_take_all(world: World, clock: Clock) -> None:
    many(world)
    taken, now = [], world.now
    for _night in range(30):
        now = clock.move_to(now + timedelta(days=1))
        taken.append(turn(now).read)
    assert set(taken[:28]) == {MANY // 28}
    assert FileCheck.objects.count() == MANY
    assert not Document.objects.with_last_check().filter(last_check__lt=now - timedelta(days=30)).exists()


def test_upgrade_with_old_files_catches_up_and_then_spreads(world: World, clock: Clock) -> None:
    many(world, 56)
    now = clock.move_to(world.now + timedelta(days=40))
    assert len(due_tonight(now)) == 56
    assert turn(now, most=30).left == 26
    assert turn(now).read == 26 and not due_tonight(now)
    following = clock.move_to(now + timedelta(days=1))
    assert turn(following).read == 2


def test_turn_that_ended_early_goes_on_with_the_oldest(world: World, clock: Clock) -> None:
    rows = many(world)
    now = clock.move_to(world.now + timedelta(days=1))
    first = turn(now, most=4)
    assert (first.read, first.left) == (4, 6)
    second = turn(now)
    assert (second.read, second.left) == (6, 0)
    assert set(FileCheck.objects.values_list("pk", flat=True)) == {row.pk for row in rows[:10]}
    assert turn(now).read == 0


def test_nothing_is_read_twice_a_night_and_nothing_on_the_day_it_came(world: World) -> None:
    world.document()
    assert due_tonight(world.now) == []


def test_harm_is_found_told_once_and_read_again_each_night(world: World, clock: Clock) -> None:
    rows = many(world, 56)
    flip(rows[1])
    now = clock.move_to(world.now + timedelta(days=1))
    assert turn(now).harmed == 1
    check = FileCheck.objects.get(document=rows[1])
    assert (check.harm, check.harmed_at) == (Harm.DIFFERS, now)
    [event] = Event.objects.filter(action="document.found_harmed")
    assert event.actor_id is None
    assert Notice.objects.filter(what=FILE_HARMED).count() == 1

    flip(rows[1])
    now = clock.move_to(now + timedelta(days=1))
    assert due_tonight(now)[0] == rows[1].pk
    turn(now)
    check.refresh_from_db()
    assert (check.harm, check.harmed_at) == ("", None)
    assert Event.objects.filter(action="document.found_whole").count() == 1


def test_file_that_is_destroyed_meanwhile_is_passed_over(world: World, clock: Clock) -> None:
    rows = many(world, 28)
    now = clock.move_to(world.now + timedelta(days=1))
    with acting(world.administrator):
        Document.objects.filter(pk=rows[0].pk).update(
            sealed_at=now, sealed_by=world.administrator, sealed_reason="Nama mangsa"
        )
        due = due_tonight(now)
        Document.objects.filter(pk=rows[0].pk).update(destroyed_at=now, destruction_approval="ANM 1")
    assert rows[0].pk in due and rows[0].pk not in due_tonight(now)
    assert integrity.record_check(rows[0], Harm.MISSING, now=now) is None
    assert not FileCheck.objects.exists()


def test_disk_that_hangs_does_not_hold_up_the_next_turn(
    world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = many(world, 28)
    now = clock.move_to(world.now + timedelta(days=1))

    def hang(_document: Document) -> Harm | None:
        raise SoftTimeLimitExceeded

    with monkeypatch.context() as patched:
        patched.setattr(file_checks, "harm_of_document", hang)
        with pytest.raises(SoftTimeLimitExceeded):
            turn(now)
    assert FileCheck.objects.get().harm == Harm.UNREADABLE
    assert rows[0].pk not in due_tonight(now)


def test_disk_that_is_not_there_sends_no_flood_of_mails(
    world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = many(world, 6)
    monkeypatch.setattr(integrity, "_MOST_TOLD", 3)
    for row in rows:
        storage.path_of(row.stored_name).unlink()
    now = clock.move_to(world.now + timedelta(days=40))
    assert turn(now).harmed == 6
    assert Event.objects.filter(action="document.found_harmed").count() == 6
    assert Notice.objects.filter(what=FILE_HARMED).count() == 3


def test_task_is_scheduled_and_bounded(world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = app.conf.beat_schedule["check-files"]
    assert entry["task"] == tasks.check_files.name
    assert set(entry["schedule"].hour) == {1, 2, 3, 4}
    assert tasks.check_files.soft_time_limit < 10 * 60
    many(world, 56)
    clock.move_to(world.now + timedelta(days=1))
    assert tasks.check_files() == 2
    clock.move_to(world.now + timedelta(days=2))
    monkeypatch.setattr(tasks, "_CHECKS_TURN_SECONDS", -1)
    assert tasks.check_files() == 0


@pytest.mark.parametrize(
    ("language", "said"),
    [("ms", "27 daripada 28 disemak dalam tempoh 30 hari"), ("en", "27 of 28 checked within 30 days")],
)
def test_administrators_see_the_progress(world: World, clock: Clock, language: str, said: str) -> None:
    rows = many(world, 28)
    now = clock.move_to(world.now + timedelta(days=31))
    flip(rows[3])
    for row in rows[:27]:
        integrity.record_check(row, integrity.harm_of_document(row), now=now)
    world.administrator.language = language
    world.administrator.save(update_fields=["language"])
    client = signed_in(world.administrator)
    page = client.get(url("checks")).content.decode()
    assert said in page and rows[3].get_absolute_url() in page
    assert url("checks") in client.get(url("list")).content.decode()
    assert url("checks") not in signed_in(world.reviewer).get(url("list")).content.decode()


def test_progress_names_no_file_above_the_clearance(world: World) -> None:
    document = world.document(
        actor=world.reviewer, classification=Clearance.CONFIDENTIAL, name="Sulit sekali.pdf"
    )
    integrity.record_check(document, Harm.MISSING, now=world.now)
    assert "Sulit sekali" in signed_in(world.administrator).get(url("checks")).content.decode()
    world.administrator.clearance = Clearance.RESTRICTED
    world.administrator.save(update_fields=["clearance"])
    page = signed_in(world.administrator).get(url("checks")).content.decode()
    assert "Sulit sekali" not in page and document.get_absolute_url() not in page
    assert "1 lagi tidak disenaraikan" in page


def test_progress_takes_as_many_queries_for_many_files(world: World) -> None:
    client = signed_in(world.administrator)
    with CaptureQueriesContext(connection) as few:
        client.get(url("checks"))
    for row in many(world, 20):
        integrity.record_check(row, Harm.DIFFERS, now=world.now)
    with CaptureQueriesContext(connection) as more:
        client.get(url("checks"))
    assert len(more) <= len(few) + 1
