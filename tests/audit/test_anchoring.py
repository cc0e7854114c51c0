"""The head of the chain goes to each place, once a day, and what each place can show for it is kept."""

from __future__ import annotations

import smtplib
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage

from audit import tasks
from audit.anchors import handing_over
from audit.anchors.failures import AnchorFailure
from audit.anchors.lines import our_keys, read_lines
from audit.anchors.queries import last_anchors, places
from audit.anchors.services import ClocksDiffer, anchor_head, waiting_places
from audit.anchors.timestamps import imprint_of, read_timestamp
from audit.extensions import late_anchor_listeners, outgoing_holders
from audit.models import Anchor, ChainLink
from audit.verification import ChainHead
from tests.audit.authority import Authority, question_of, serving
from tests.audit.conftest import Write
from tests.conftest import Clock
from tests.reminders.mail_server import serving as serving_mail
from tracker.anchoring import Anchoring

READERS = ["registrar@one.example", "auditor@two.example"]


@pytest.fixture
def head(real_db: object, write: Write) -> ChainHead:
    """The head of a log of three events."""
    for _ in range(3):
        write()
    link = ChainLink.objects.get(position=3)
    return ChainHead(link.position, link.hash)


@pytest.fixture(scope="session")
def made_authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    authority = Authority(tmp_path_factory.mktemp("authority"))
    authority.make()
    return authority


@pytest.fixture
def authority(made_authority: Authority, settings: Any) -> Iterator[Authority]:
    """An authority that answers; the settings name it and trust it."""
    with serving(Authority(made_authority.folder)) as answering:
        settings.ANCHORING = Anchoring(authority=answering.address, authority_ca=str(answering.root))
        yield answering


def _turn() -> None:
    """A turn of the schedule."""
    tasks.anchor()


def _only() -> Anchor:
    return Anchor.objects.get()


def test_readers_of_two_agencies_get_the_signed_head_by_mail_that_says_why_to_keep_it(
    head: ChainHead, settings: Any, mailoutbox: list[EmailMessage]
) -> None:
    settings.ANCHORING = Anchoring(readers=READERS)
    _turn()
    assert [message.to for message in mailoutbox] == [[reader] for reader in READERS]
    [line] = read_lines(str(mailoutbox[0].body))
    assert (line.head, line.installation, line.key) == (head, settings.SITE_URL, our_keys()[0])
    assert line.is_signed_with_its_key()
    anchors = Anchor.objects.order_by("pk")
    assert [(row.name, row.position, row.hash, row.line) for row in anchors] == [
        (reader, head.position, head.hash, str(line)) for reader in READERS
    ]
    kept = message_from_bytes(bytes(anchors[0].proof), policy=policy.default)
    assert (kept["To"], kept["Message-ID"]) == (READERS[0], mailoutbox[0].message()["Message-ID"])
    body = str(mailoutbox[0].body)
    assert "Simpan" in mailoutbox[0].subject
    assert "14\xa0September\xa02023" in body
    assert "verify_audit --anchors" in body


@pytest.fixture
def today(clock: Clock) -> datetime:
    """The real present, which is also the authority's; the database's clock stands there."""
    return clock.move_to(datetime.now(UTC))


def test_an_authority_stamps_the_head_and_openssl_believes_it(
    head: ChainHead, authority: Authority, today: datetime, tmp_path: Path
) -> None:
    _turn()
    timestamp = read_timestamp(bytes(_only().proof), roots=str(authority.root))
    assert timestamp.imprint == imprint_of(head)
    assert abs(timestamp.at - today) < timedelta(minutes=1)
    (tmp_path / "head.txt").write_text(str(head))
    (tmp_path / "answer.tsr").write_bytes(bytes(_only().proof))
    command = [
        "openssl",
        "ts",
        "-verify",
        "-data",
        "head.txt",
        "-in",
        "answer.tsr",
        "-CAfile",
        authority.root,
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_lines_are_appended_to_the_file_of_a_folder(
    head: ChainHead, write: Write, settings: Any, clock: Clock, now: datetime, tmp_path: Path
) -> None:
    settings.ANCHORING = Anchoring(folder=str(tmp_path))
    _turn()
    clock.move_to(now + timedelta(days=1))
    write(now=now + timedelta(days=1))
    _turn()
    lines = list(read_lines((tmp_path / handing_over.FILE_NAME).read_text()))
    assert [line.head.position for line in lines] == [3, 4]
    assert [bytes(row.proof).decode() for row in Anchor.objects.order_by("pk")] == [
        f"{line}\n" for line in lines
    ]


def test_a_place_takes_one_anchor_a_day(
    head: ChainHead, settings: Any, clock: Clock, now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    settings.ANCHORING = Anchoring(readers=READERS)
    for _ in range(3):
        _turn()
    assert len(mailoutbox) == len(READERS)
    clock.move_to(now + timedelta(hours=14))
    _turn()
    assert len(mailoutbox) == 2 * len(READERS)


def test_nothing_leaves_while_the_log_is_empty(
    real_db: object, now: datetime, settings: Any, mailoutbox: list[EmailMessage]
) -> None:
    settings.ANCHORING = Anchoring(readers=READERS)
    _turn()
    assert (mailoutbox, Anchor.objects.count()) == ([], 0)


def test_a_task_for_a_place_that_is_none_any_more_does_nothing(head: ChainHead) -> None:
    tasks.anchor_at("folder", "/somewhere")
    assert not Anchor.objects.exists()


def _fail(authority: Authority) -> AnchorFailure:
    """Take a turn that fails, and return why."""
    _turn()
    row = Anchor.objects.latest("pk")
    assert (row.is_kept, bytes(row.proof)) == (False, b"")
    return AnchorFailure(row.failure)


def test_an_authority_that_is_away_is_asked_again_at_the_next_turn_and_keeps_nobody_waiting(
    head: ChainHead,
    authority: Authority,
    today: datetime,
    settings: Any,
    tmp_path: Path,
    mailoutbox: list[EmailMessage],
) -> None:
    settings.ANCHORING = settings.ANCHORING._replace(readers=READERS, folder=str(tmp_path))
    authority.broken = True
    _turn()
    assert len(mailoutbox) == 2
    assert (tmp_path / handing_over.FILE_NAME).exists()
    [stamped] = [state for state in last_anchors() if state.place.kind == "timestamp"]
    assert stamped.failed is not None
    assert stamped.failed.failure == AnchorFailure.AUTHORITY_AWAY
    authority.broken = False
    _turn()
    assert all(state.kept and not state.failed for state in last_anchors())
    assert len(mailoutbox) == 2


def test_an_authority_that_hangs_is_given_up(
    head: ChainHead, settings: Any, today: datetime, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audit.anchors.timestamps._ANSWER_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        settings.ANCHORING = settings.ANCHORING._replace(authority=address)
        assert _fail(authority) == AnchorFailure.AUTHORITY_AWAY


@pytest.mark.parametrize("garbage", [b"x", b"<html>", b"0\x05\x30\x03\x02\x01\x02"])
def test_an_answer_that_is_no_timestamp_is_refused(
    head: ChainHead, authority: Authority, today: datetime, garbage: bytes
) -> None:
    authority.garbage = garbage
    assert _fail(authority) == AnchorFailure.AUTHORITY_REFUSED


def test_a_timestamp_of_another_head_is_refused(
    head: ChainHead, authority: Authority, today: datetime
) -> None:
    authority.garbage = authority.stamp(question_of(b"another"))
    assert _fail(authority) == AnchorFailure.NOT_TRUSTED


def test_an_authority_that_no_root_vouches_for_is_refused(
    head: ChainHead, authority: Authority, today: datetime, settings: Any, tmp_path: Path
) -> None:
    stranger = Authority(tmp_path)
    stranger.make()
    settings.ANCHORING = settings.ANCHORING._replace(authority_ca=str(stranger.root))
    assert _fail(authority) == AnchorFailure.NOT_TRUSTED


def test_an_authority_with_another_clock_is_told_apart(
    head: ChainHead, authority: Authority, now: datetime
) -> None:
    """The database stands in 2023."""
    assert _fail(authority) == AnchorFailure.CLOCKS_DIFFER


def test_a_folder_that_is_away_is_a_failure(head: ChainHead, settings: Any, tmp_path: Path) -> None:
    settings.ANCHORING = Anchoring(folder=str(tmp_path / "gone"))
    _turn()
    assert _only().failure == AnchorFailure.FOLDER_AWAY


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (smtplib.SMTPRecipientsRefused({READERS[0]: (550, b"no such user")}), AnchorFailure.MAIL_REFUSED),
        (smtplib.SMTPServerDisconnected("gone"), AnchorFailure.MAIL_AWAY),
        (ConnectionRefusedError(), AnchorFailure.MAIL_AWAY),
    ],
)
def test_a_mail_that_does_not_leave_is_a_failure(
    head: ChainHead, settings: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, failure: AnchorFailure
) -> None:
    def refuse(_self: EmailMessage) -> int:
        raise error

    monkeypatch.setattr(EmailMessage, "send", refuse)
    settings.ANCHORING = Anchoring(readers=READERS)
    _turn()
    assert {row.failure for row in Anchor.objects.all()} == {failure}


def test_a_real_server_gets_the_mail_and_the_reader_can_show_it(
    head: ChainHead, settings: Any, tmp_path: Path
) -> None:
    with serving_mail(tmp_path) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.ANCHORING = Anchoring(readers=READERS)
        _turn()
        assert len(server.accepted) == 2
    assert Anchor.objects.kept().count() == 2


def test_nothing_leaves_while_the_clocks_differ(
    head: ChainHead, now: datetime, mailoutbox: list[EmailMessage], settings: Any
) -> None:
    settings.ANCHORING = Anchoring(readers=READERS)
    with pytest.raises(ClocksDiffer):
        anchor_head(places()[0], now=now + timedelta(minutes=6))
    assert mailoutbox == []


def test_administrators_are_told_each_morning_while_there_is_no_anchor(
    head: ChainHead, settings: Any, clock: Clock, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[datetime | None] = []
    monkeypatch.setitem(late_anchor_listeners, "test", lambda last, _now: told.append(last))
    tasks.tell_of_late_anchors()
    settings.ANCHORING = Anchoring(readers=READERS)
    assert told == []
    tasks.tell_of_late_anchors()
    assert told == [None]
    _turn()
    tasks.tell_of_late_anchors()
    assert told == [None]
    clock.move_to(now + timedelta(days=3, minutes=1))
    tasks.tell_of_late_anchors()
    assert [last is not None for last in told] == [False, True]


def test_an_anchor_of_a_day_to_come_counts_for_none(head: ChainHead, settings: Any, now: datetime) -> None:
    """The clock ran ahead, and was set right."""
    settings.ANCHORING = Anchoring(readers=READERS)
    _turn()
    yesterday = now - timedelta(days=1)
    assert [state.is_late(yesterday) for state in last_anchors()] == [True, True]
    assert len(waiting_places(now=yesterday)) == 2


def test_nothing_leaves_while_mail_is_held_back_after_a_restore(
    head: ChainHead, settings: Any, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage]
) -> None:
    settings.ANCHORING = Anchoring(readers=READERS)
    assert "backups" in outgoing_holders
    monkeypatch.setitem(outgoing_holders, "backups", lambda: True)
    _turn()
    assert (mailoutbox, Anchor.objects.count()) == ([], 0)
