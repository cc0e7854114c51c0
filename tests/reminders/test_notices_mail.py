"""Notices by mail: once, if still unread, and never lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from accounts.services.people import deactivate_person
from benchmarks.faults.smtp import Trick
from reminders.models import Attempt, Delivery
from reminders.permissions import mutable_kinds
from reminders.services.notices import read_notice
from reminders.services.packing import pack
from reminders.services.sending import send
from reminders.states import AttemptOutcome, DeliveryState, MailKind
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.factories.reminders import prefer
from tests.recommendations.at_once import at_once
from tests.recommendations.conftest import Desk, make_desk
from tests.reminders.mail_server import Running
from tests.reminders.notice_kinds import AWAITED, QUIET, URGENT, due, give, sent
from tests.reminders.posts import THURSDAY, dead_port, lease, make_post, outcomes, use_server
from tests.reminders.steps import at

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NIGHT, SATURDAY = at(THURSDAY, 23), at(THURSDAY + 2 * DAY, 11)


def mails() -> list[Delivery]:
    return list(Delivery.objects.filter(kind=MailKind.NEWS).order_by("pk"))


@pytest.mark.django_db
class TestSending:
    def test_notice_goes_in_one_mail_and_only_once(self, desk: Desk, server: Running) -> None:
        told = due(desk.officer, desk.now)

        assert sent(desk.now).sent == 1
        assert sent(desk.now + 5 * MINUTE).sent == 0
        assert sent(at(THURSDAY + DAY, 9)).sent == 0

        (mail,) = mails()
        told.refresh_from_db()
        assert [line["to"] for line in server.accepted] == [desk.officer.email]
        assert (mail.state, mail.attempts_count, outcomes(mail)) == (
            DeliveryState.SENT,
            1,
            [AttemptOutcome.SENT],
        )
        assert told.delivery == mail and told.read_at is None

    @pytest.mark.parametrize("in_minutes", [1, None])
    def test_notice_waits_for_its_instant_of_the_machines_clock(
        self, desk: Desk, server: Running, in_minutes: float | None
    ) -> None:
        give(desk.officer, desk.now, in_minutes=in_minutes)
        assert sent(desk.now + timedelta(days=4)).sent == 0 and not mails()

    def test_notice_that_was_read_is_in_no_mail(self, desk: Desk, server: Running) -> None:
        read_notice(due(desk.officer, desk.now), actor=desk.officer, now=desk.now)
        assert pack(now=desk.now) == 0 and not mails()

    def test_notice_that_is_read_before_its_mail_goes_leaves_it_empty(
        self, desk: Desk, server: Running
    ) -> None:
        told = due(desk.officer, desk.now)
        pack(now=desk.now)
        read_notice(told, actor=desk.officer, now=desk.now)

        assert send(now=desk.now).empty == 1
        assert (mails()[0].state, server.accepted) == (DeliveryState.EMPTY, [])

    def test_notices_of_one_person_go_in_one_mail_and_each_person_has_their_own(
        self, desk: Desk, server: Running
    ) -> None:
        for person, name in (
            (desk.officer, "satu.pdf"),
            (desk.officer, "dua.pdf"),
            (desk.colleague, "tiga.pdf"),
        ):
            due(person, desk.now, about={"file": name})

        assert sent(desk.now).sent == 2

        texts = {line["to"]: line["text"] for line in server.accepted}
        assert "satu.pdf" in texts[desk.officer.email] and "dua.pdf" in texts[desk.officer.email]
        assert "tiga.pdf" not in texts[desk.officer.email]
        assert "tiga.pdf" in texts[desk.colleague.email] and "dua.pdf" not in texts[desk.colleague.email]

    def test_notice_that_was_read_is_left_out_of_a_mail_with_others(
        self, desk: Desk, server: Running
    ) -> None:
        told = due(desk.officer, desk.now, about={"file": "satu.pdf"})
        due(desk.officer, desk.now, about={"file": "dua.pdf"})
        pack(now=desk.now)
        read_notice(told, actor=desk.officer, now=desk.now)

        assert send(now=desk.now).sent == 1
        assert "dua.pdf" in server.accepted[0]["text"] and "satu.pdf" not in server.accepted[0]["text"]

    def test_new_notice_joins_a_mail_that_still_waits(
        self, desk: Desk, server: Running, settings: Settings
    ) -> None:
        """Under another Message-ID, as the first attempt may have arrived; and at once."""
        server.tricks = [Trick.CUT_AFTER]
        due(desk.officer, desk.now, about={"file": "satu.pdf"})
        assert sent(desk.now).postponed == 1
        before = mails()[0].message_id
        due(desk.officer, desk.now, about={"file": "dua.pdf"})

        assert sent(desk.now + MINUTE / 2).sent == 1

        (mail,) = mails()
        assert mail.message_id != before and mail.notices.count() == 2
        assert [line["id"] for line in server.accepted] == [f"<{before}>", f"<{mail.message_id}>"]

    def test_new_notice_does_not_join_a_mail_that_is_in_hand(self, desk: Desk, server: Running) -> None:
        due(desk.officer, desk.now, about={"file": "satu.pdf"})
        pack(now=desk.now)
        lease(mails()[0], seconds=60)
        due(desk.officer, desk.now, about={"file": "dua.pdf"})
        pack(now=desk.now)
        assert [mail.notices.count() for mail in mails()] == [1, 1]

    def test_notice_and_reminder_go_apart(self, desk: Desk, server: Running, settings: Settings) -> None:
        post = make_post(desk, server, settings)
        due(post.officers[0], desk.now)

        assert post.sent().sent == 2
        assert sorted(Delivery.objects.values_list("kind", flat=True)) == [MailKind.DIGEST, MailKind.NEWS]

    def test_muting_and_the_hour_of_the_digest_hold_back_no_notice(self, desk: Desk, server: Running) -> None:
        prefer(desk.officer, hour=17, muted=[what.value for what in mutable_kinds(desk.officer)])
        due(desk.officer, desk.now)
        assert sent(desk.now).sent == 1


@pytest.mark.django_db
class TestHours:
    @pytest.mark.parametrize("closed", [NIGHT, SATURDAY])
    def test_quiet_notice_waits_for_working_hours(
        self, desk: Desk, server: Running, closed: datetime
    ) -> None:
        due(desk.officer, desk.now)
        assert sent(closed).sent == 0
        assert sent(at(THURSDAY + 4 * DAY, 7)).sent == 1

    @pytest.mark.parametrize("what", [AWAITED, URGENT])
    @pytest.mark.parametrize("closed", [NIGHT, SATURDAY])
    def test_what_is_waited_for_or_urgent_goes_at_any_hour(
        self, desk: Desk, server: Running, what: str, closed: datetime
    ) -> None:
        due(desk.officer, desk.now, what)
        assert sent(closed).sent == 1

    def test_what_goes_takes_the_quiet_along(self, desk: Desk, server: Running) -> None:
        due(desk.officer, desk.now, QUIET, about={"file": "senyap.pdf"})
        due(desk.officer, desk.now, AWAITED, about={"file": "ditunggu.pdf"})
        due(desk.colleague, desk.now, QUIET)

        assert sent(NIGHT).sent == 1
        assert "senyap.pdf" in server.accepted[0]["text"] and "ditunggu.pdf" in server.accepted[0]["text"]

    def test_quiet_mail_that_was_refused_is_not_tried_again_by_night(
        self, desk: Desk, server: Running
    ) -> None:
        server.tricks = [Trick.REFUSE_RECIPIENT]
        due(desk.officer, desk.now)
        assert sent(desk.now).postponed == 1
        assert sent(NIGHT).sent == 0
        assert sent(at(THURSDAY + DAY, 8)).sent == 1


@pytest.mark.django_db
class TestFalls:
    def test_mail_whose_worker_fell_goes_on_under_the_same_id(self, desk: Desk, server: Running) -> None:
        due(desk.officer, desk.now)
        pack(now=desk.now)
        (mail,) = mails()
        Attempt.objects.create(delivery=mail, message_id=mail.message_id, began_at=desk.now)
        lease(mail, seconds=60)
        assert send(now=desk.now).sent == 0
        lease(mail, seconds=-1)

        assert send(now=desk.now).sent == 1
        assert outcomes(mail) == ["", AttemptOutcome.SENT]
        assert [line["id"] for line in server.accepted] == [f"<{mail.message_id}>"]

    def test_mail_whose_line_broke_goes_again_under_the_same_id(self, desk: Desk, server: Running) -> None:
        server.tricks = [Trick.CUT_AFTER]
        due(desk.officer, desk.now)

        assert sent(desk.now).postponed == 1
        (mail,) = mails()
        assert sent(mail.next_attempt_at).sent == 1
        assert [line["id"] for line in server.accepted] == [f"<{mail.message_id}>"] * 2

    def test_mail_that_is_read_between_two_attempts_does_not_go_again(
        self, desk: Desk, server: Running
    ) -> None:
        server.tricks = [Trick.REFUSE_RECIPIENT]
        told = due(desk.officer, desk.now)
        sent(desk.now)
        read_notice(told, actor=desk.officer, now=desk.now)

        assert sent(desk.now + 5 * MINUTE).empty == 1
        assert server.accepted == []

    def test_server_that_is_away_leaves_it_waiting(
        self, desk: Desk, server: Running, settings: Settings
    ) -> None:
        due(desk.officer, desk.now)
        use_server(settings, dead_port())
        sent(desk.now)
        assert mails()[0].state == DeliveryState.WAITING
        use_server(settings, server.port)
        assert sent(desk.now + 5 * MINUTE).sent == 1

    def test_person_deactivated_before_or_after_the_packing_gets_nothing(
        self, desk: Desk, server: Running
    ) -> None:
        due(desk.officer, desk.now)
        due(desk.colleague, desk.now)
        leaves: dict[str, Any] = {"reason": "Bersara.", "actor": desk.administrator, "now": desk.now}
        deactivate_person(desk.officer, **leaves)
        assert pack(now=desk.now) == 1
        deactivate_person(desk.colleague, **leaves)

        assert send(now=desk.now).empty == 1
        assert server.accepted == []


def test_packers_at_once_make_one_mail_each(real_db: WorkerDatabase, clock: Clock) -> None:
    desk = make_desk(clock.move_to(NOW))
    for person in (desk.officer, desk.colleague, desk.reviewer):
        for name in ("a", "b"):
            due(person, desk.now, about={"file": name})

    done = at_once(*[lambda: pack(now=desk.now)] * 4)

    assert sorted(done) == [0, 0, 0, 6]
    assert [mail.notices.count() for mail in mails()] == [2, 2, 2]
