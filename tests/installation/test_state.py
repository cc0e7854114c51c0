"""The page of the installation's state: all is well or what to do, in both languages, whatever hangs."""

import threading
import time
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.roles import Role
from installation import state as installation_state
from installation.conditions import BROKEN, LOOK, OK, UNSEEN, Condition
from installation.parts import backups_and_anchors, certificate, database, machine, work
from installation.parts.part import StatePart
from installation.queues import QUEUES, turn_key
from installation.state import LookGroup, State, groups_of_installation
from tests.caches import forget_all
from tests.conftest import WorkerDatabase
from tests.factories.accounts import UserFactory
from tests.tracker.test_broker_down import hanging, refusing
from tracker.tasks import note_turn


def looked_at(*groups: LookGroup) -> State:
    """Look, and wait for all answers."""
    for group in groups:
        group.begin()
    return State(groups, time.monotonic() + 10)


def conditions(state: State) -> dict[str, Condition]:
    return {each.part.key: each.condition for each in state.parts}


def part_saying(key: str, read: Any) -> StatePart:
    return StatePart(key, key, read, lambda found: (OK, str(found)))


def test_all_parts_answer(real_db: WorkerDatabase, now: datetime) -> None:
    for queue in QUEUES:
        note_turn(queue.name)
    found = conditions(looked_at(*groups_of_installation()))
    for absent in ("anchors", "backups", "certificate"):
        assert found.pop(absent) == UNSEEN
    assert set(found.values()) == {OK}, found


def test_page_says_what_to_do(real_db: WorkerDatabase, client: Client, now: datetime) -> None:
    """The tests' schedule never had a turn."""
    for language in ("ms", "en"):
        forget_all()
        client.force_login(UserFactory(role=Role.ADMINISTRATOR, language=language))
        page = client.get(reverse("installation:state")).content.decode()
        with translation.override(language):
            assert translation.gettext("Schedule") in page, language
        assert ("2 bahagian perlu tindakan" if language == "ms" else "2 parts need action") in page, language


def test_headline_follows_the_parts(
    real_db: WorkerDatabase, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for found, told, untold in (
        ([OK, UNSEEN], "1 part is not set up, or not looked at yet", "Nothing needs to be done."),
        ([OK, BROKEN, UNSEEN], "1 part needs action", "Nothing needs to be done."),
        ([OK, OK], "Nothing needs to be done.", "not looked at yet"),
    ):
        parts = [
            StatePart(f"part{number}", f"Part {number}", lambda: 0, partial(_said_as, condition))
            for number, condition in enumerate(found)
        ]
        group = LookGroup("known", *parts)
        looked_at(group)
        monkeypatch.setattr(installation_state, "_groups", [group])
        client.force_login(UserFactory(role=Role.ADMINISTRATOR, language="en"))
        page = client.get(reverse("installation:state")).content.decode()
        assert told in page and untold not in page
        assert all(page.count(f"Part {number}<") == 1 for number in range(len(found)))


def _said_as(condition: Condition, _found: object) -> tuple[Condition, str]:
    return condition, "As it is."


def test_hung_part_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    freed, begun = threading.Event(), []

    def hang() -> str:
        begun.append("")
        freed.wait(20)
        return "back"

    group = LookGroup("slow", part_saying("slow", hang))
    began = time.monotonic()
    for _again in range(3):
        group.begin()
        assert conditions(State([group], time.monotonic() + 0.05)) == {"slow": UNSEEN}
    assert time.monotonic() - began < 2
    monkeypatch.setattr(installation_state, "MOST_SECONDS", 0.1)
    assert conditions(State([group], time.monotonic())) == {"slow": BROKEN}
    assert len(begun) == 1, "no second look begins while one hangs"
    freed.set()
    assert looked_at(group).parts[0].sentence == "back"


def test_answer_is_given_again_for_half_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    group = LookGroup("quick", part_saying("quick", lambda: begun.append("") or len(begun)))
    for _again in range(5):
        looked_at(group)
    assert len(begun) == 1
    monkeypatch.setattr(installation_state, "KEPT_SECONDS", 0)
    looked_at(group)
    assert len(begun) == 2


def fails_with(error: Exception) -> Any:
    def read() -> None:
        raise error

    return read


def test_part_that_fails_is_told_and_others_are_seen(caplog: Any) -> None:
    for error in (DatabaseError("password"), ValueError("postgres://jejak:secret@host")):
        state = looked_at(
            LookGroup("two", part_saying("failing", fails_with(error)), part_saying("other", lambda: "fine"))
        )
        assert conditions(state) == {"failing": BROKEN, "other": OK}
        assert [each.part.key for each in state.troubles] == ["failing"]
        assert "secret" not in caplog.text + state.troubles[0].sentence


def test_what_is_said_of_what_was_found() -> None:
    for part, found, condition in (
        (database.DATABASE, database.Connections(10, 100, 0), OK),
        (database.DATABASE, database.Connections(81, 100, 0), LOOK),
        (database.DATABASE, database.Connections(10, 100, 1801), LOOK),
        (database.CLOCKS, 29.0, OK),
        (database.CLOCKS, 30.0, LOOK),
        (database.CLOCKS, 300.0, BROKEN),
        (work.BEAT, {"mails": 180.0, "files": 9000.0}, OK),
        (work.BEAT, {"mails": 181.0, "files": 9000.0}, BROKEN),
        (work.BEAT, {"mails": float("inf")}, BROKEN),
        (work.TURNS, {"mails": 390.0}, OK),
        (work.TURNS, {"mails": 391.0}, BROKEN),
        (work.TURNS, {"mails": 391.0, "files": 60.0}, BROKEN),
        (work.MAILS, work.MailsFound(work.Waiting(0, 0), False), OK),
        (work.MAILS, work.MailsFound(work.Waiting(3, 3600), False), OK),
        (work.MAILS, work.MailsFound(work.Waiting(3, 3601), False), LOOK),
        (work.MAILS, work.MailsFound(work.Waiting(0, 0), True), LOOK),
        (backups_and_anchors.ANCHORS, backups_and_anchors.AnchorsFound(0, None, False), UNSEEN),
        (backups_and_anchors.ANCHORS, backups_and_anchors.AnchorsFound(1, None, False), UNSEEN),
        (backups_and_anchors.ANCHORS, backups_and_anchors.AnchorsFound(1, None, True), LOOK),
        (backups_and_anchors.ANCHORS, backups_and_anchors.AnchorsFound(1, 9000, False), OK),
        (backups_and_anchors.ANCHORS, backups_and_anchors.AnchorsFound(1, 900_000, True), BROKEN),
        (work.SCANS, work.Waiting(3, 900), OK),
        (work.SCANS, work.Waiting(3, 901), LOOK),
        (machine.DISKS, {"media": machine.Room(500 * 1024**3, 1024**4)}, OK),
        (machine.DISKS, {"media": machine.Room(19 * 1024**3, 1024**4)}, LOOK),
        (machine.DISKS, {"media": machine.Room(2 * 1024**3, 4 * 1024**3)}, OK),
        (machine.DISKS, {"media": machine.Room(1024**3 - 1, 1024**4)}, BROKEN),
        (machine.DISKS, {"media": None}, BROKEN),
        (machine.BROKER, {"mails": 3}, OK),
        (machine.BROKER, None, BROKEN),
        (machine.SCANNER, None, OK),
        (machine.SCANNER, True, OK),
        (machine.SCANNER, False, BROKEN),
        (certificate.CERTIFICATE, 14.5, OK),
        (certificate.CERTIFICATE, 13.9, LOOK),
        (certificate.CERTIFICATE, certificate.REFUSED, BROKEN),
        (certificate.CERTIFICATE, certificate.UNREACHED, UNSEEN),
        (certificate.CERTIFICATE, certificate.NO_TLS, UNSEEN),
    ):
        for language in ("ms", "en"):
            with translation.override(language):
                said, sentence = part.say(found)
            assert said == condition, part
            assert sentence.endswith(".") and "%(" not in sentence, part
        list(part.measure(found))


def test_broker_scanner_and_site_that_do_not_answer(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (machine, certificate):
        monkeypatch.setattr(module, "_STEP_SECONDS", 0.2)
    for listener in (refusing, hanging):
        with listener() as port:
            settings.BROKER_URL = f"redis://:secret@127.0.0.1:{port}/0"
            settings.SCANNER, settings.CLAMD_ADDRESS = "clamav", f"127.0.0.1:{port}"
            settings.SITE_URL = f"https://127.0.0.1:{port}"
            began = time.monotonic()
            assert machine.read_lengths() is None
            assert machine.read_scanner() is False
            assert certificate.read_days() != certificate.read_days(), (
                "not a number: the site was not reached"
            )
            assert time.monotonic() - began < 10


def test_tasks_in_folders_are_counted_and_no_scanner_is_told_in_production(
    settings: Any, tmp_path: Any
) -> None:
    settings.BROKER_URL = f"filesystem://{tmp_path}"
    for name in ("1_a.mails.msg", "2_b.mails.msg", "3_c.files.msg"):
        (tmp_path / name).write_text("{}")
    assert machine.read_lengths() == {"mails": 2, "reminders": 0, "files": 1, "summaries": 0}
    settings.ENVIRONMENT = "production"
    assert machine.SCANNER.say(None)[0] == LOOK


def test_turns_are_read_from_what_the_queues_noted(db: None) -> None:
    assert set(work.read_turns().values()) == {float("inf")}
    cache.set(turn_key("mails"), time.time() - 100)
    assert 99 < work.read_turns()["mails"] < 110
