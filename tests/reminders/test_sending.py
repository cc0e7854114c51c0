"""Sending to a server that answers as servers do: at least once, never silently lost. One test for each rule."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from accounts.models import Agency, User
from accounts.services.people import deactivate_person
from benchmarks.faults.smtp import Trick
from recommendations.services import end_assignment
from reminders.models import Attempt, Delivery
from reminders.services import sending
from reminders.services.resending import resend
from reminders.services.sending import GIVE_UP_AFTER, send
from reminders.services.smtp import BAD_ADDRESS, NO_ADDRESS, NOT_REACHED, SendResult, send_mail
from reminders.states import AttemptOutcome, DeliveryState
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.factories.recommendations import make_assignment, make_item, make_submission
from tests.recommendations.at_once import at_once
from tests.recommendations.conftest import Desk, make_desk
from tests.reminders.mail_server import Running
from tests.reminders.posts import Post, dead_port, lease, make_post, outcomes, use_server
from tests.reminders.steps import at

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def post(desk: Desk, server: Running, settings: Settings) -> Post:
    """One officer, one mail."""
    return make_post(desk, server, settings)


# Accepted


def test_accepted_mail_is_recorded_with_what_it_said(post: Post, server: Running) -> None:
    done = post.sent()

    mail, (reminder,) = post.mail(), post.reminders()
    assert (done.sent, done.postponed, done.failed, done.empty) == (1, 0, 0, 0)
    assert (mail.state, mail.address, mail.language) == (DeliveryState.SENT, post.officers[0].email, "en")
    assert mail.subject and mail.settled_at and mail.leased_until is None
    assert reminder.sent_at == mail.settled_at
    assert outcomes(mail) == [AttemptOutcome.SENT]
    assert [line["id"] for line in server.accepted] == [f"<{mail.message_id}>"]


def test_accepted_mail_does_not_go_again(post: Post, server: Running) -> None:
    post.sent()
    post.sent(post.now + 5 * MINUTE)
    post.sent(at(post.now.date() + DAY, 9))

    assert len(server.accepted) == 1


def test_shared_mailbox_gets_its_copy(post: Post, server: Running) -> None:
    Agency.objects.filter(pk=post.desk.agency.pk).update(shared_mailbox="urusetia@agensi.example")

    post.sent()

    assert {line["to"] for line in server.accepted} == {post.officers[0].email, "urusetia@agensi.example"}
    assert Delivery.objects.get(agency=post.desk.agency).address == "urusetia@agensi.example"


# Refused for now


@pytest.mark.parametrize("trick", [Trick.REFUSE_RECIPIENT, Trick.REFUSE_TEXT])
def test_mail_that_is_refused_for_now_waits_with_the_servers_words(
    post: Post, server: Running, trick: Trick
) -> None:
    server.tricks = [trick]

    done = post.sent()

    mail = post.mail()
    assert (done.sent, done.postponed) == (0, 1)
    assert (mail.state, outcomes(mail)) == (DeliveryState.WAITING, [AttemptOutcome.TEMPORARY])
    assert mail.server_words.startswith("451 4.")
    assert mail.leased_until is None and not post.reminders()[0].sent_at


def test_pauses_grow_and_the_message_id_stays(post: Post, server: Running) -> None:
    server.tricks = [Trick.REFUSE_RECIPIENT] * 6
    post.packed()
    now, pauses = post.now, []

    for _attempt in range(6):
        assert send(now=now).postponed == 1
        assert send(now=now + MINUTE / 2).postponed == 0
        mail = post.mail()
        pauses.append(round((mail.next_attempt_at - now) / MINUTE))
        now = max(mail.next_attempt_at, now)
        now = now if at(now.date(), 8) <= now < at(now.date(), 18) else at(now.date() + DAY, 9)
    assert send(now=now).sent == 1

    assert pauses == [1, 5, 15, 60, 240, 720]
    assert set(Attempt.objects.values_list("message_id", flat=True)) == {post.mail().message_id}
    assert outcomes(post.mail()) == [*[AttemptOutcome.TEMPORARY] * 6, AttemptOutcome.SENT]


def test_mail_that_is_refused_for_days_fails_with_the_servers_words(post: Post, server: Running) -> None:
    server.tricks = [Trick.REFUSE_RECIPIENT] * 50
    post.packed()
    day = post.now.date()

    while post.mail().state == DeliveryState.WAITING:
        day += DAY
        for hour in (8, 12, 17):
            send(now=at(day, hour))

    mail = post.mail()
    assert day - post.now.date() > GIVE_UP_AFTER
    assert (mail.state, mail.server_words[:3]) == (DeliveryState.FAILED, "451")


def test_old_mail_that_mapo_sends_again_is_not_given_up_at_its_first_refusal(
    post: Post, server: Running, clock: Clock
) -> None:
    server.tricks = [Trick.BOUNCE, Trick.REFUSE_RECIPIENT]
    post.sent()
    weeks_later = clock.move_to(at(post.now.date() + 21 * DAY, 9))

    resend(post.mail(), actor=post.desk.reviewer, now=weeks_later)
    send(now=weeks_later)

    assert (post.mail().state, outcomes(post.mail())) == (
        DeliveryState.WAITING, [AttemptOutcome.PERMANENT, AttemptOutcome.TEMPORARY]
    )  # fmt: skip


# Refused for good


def test_mail_that_is_refused_for_good_fails_with_the_servers_words(post: Post, server: Running) -> None:
    server.tricks = [Trick.BOUNCE]

    done = post.sent()
    again = send(now=post.now + DAY)

    mail = post.mail()
    assert (done.failed, again.failed) == (1, 0)
    assert (mail.state, outcomes(mail)) == (DeliveryState.FAILED, [AttemptOutcome.PERMANENT])
    assert mail.server_words == "550 5.1.1 No such mailbox"


# The connection breaks


@pytest.mark.parametrize(("trick", "arrived"), [(Trick.CUT_WITHIN, 1), (Trick.CUT_AFTER, 2)])
def test_mail_whose_connection_breaks_goes_again_under_the_same_id(
    post: Post, server: Running, trick: Trick, arrived: int
) -> None:
    server.tricks = [trick]

    done = post.sent()
    assert (done.postponed, outcomes(post.mail())) == (1, [AttemptOutcome.UNKNOWN])
    again = send(now=post.mail().next_attempt_at)

    assert again.sent == 1
    assert [line["id"] for line in server.accepted] == [f"<{post.mail().message_id}>"] * arrived


def test_broken_connection_stops_no_other_mail(desk: Desk, server: Running, settings: Settings) -> None:
    post = make_post(desk, server, settings, officers=4)
    server.tricks = [Trick.NONE, Trick.CUT_WITHIN, Trick.CUT_AFTER]

    done = post.sent()

    assert (done.sent, done.postponed) == (2, 2)


def test_server_that_is_away_leaves_everything_waiting(
    desk: Desk, server: Running, settings: Settings
) -> None:
    post = make_post(desk, server, settings, officers=3)
    use_server(settings, dead_port())

    done = post.sent()

    waiting = Delivery.objects.filter(state=DeliveryState.WAITING, leased_until=None)
    assert (done.sent, done.failed, waiting.count()) == (0, 0, 3)
    tried = Attempt.objects.get()
    assert (tried.outcome, tried.server_words.startswith(NOT_REACHED)) == (AttemptOutcome.TEMPORARY, True)

    use_server(settings, server.port)
    assert send(now=post.now + 5 * MINUTE).sent == 3


# Several hands


def test_two_senders_at_once_send_each_mail_once(
    real_db: WorkerDatabase, clock: Clock, server: Running, settings: Settings
) -> None:
    post = make_post(make_desk(clock.move_to(NOW)), server, settings, officers=90)
    post.packed()

    done = at_once(*[lambda: send(now=post.now)] * 3)

    assert sum(each.sent for each in done) == 90
    assert set(Counter(line["id"] for line in server.accepted).values()) == {1}
    assert Attempt.objects.count() == len(server.accepted) == 90


def test_packers_at_once_make_one_mail_each(
    real_db: WorkerDatabase, clock: Clock, settings: Settings
) -> None:
    from reminders.services.packing import pack
    from reminders.services.planning import plan

    post = make_post(make_desk(clock.move_to(NOW)), None, settings, officers=20)
    plan(now=post.now)

    done = at_once(*[lambda: pack(now=post.now)] * 4)

    assert sorted(done) == [0, 0, 0, 20]
    assert Delivery.objects.count() == 20


def test_mail_in_another_hand_is_left_there(post: Post, server: Running) -> None:
    (mail,) = post.packed()
    lease(mail, seconds=60)

    assert send(now=post.now).sent == 0
    assert server.accepted == []


def test_mail_whose_lease_is_over_is_taken_over(post: Post, server: Running) -> None:
    """A worker fell in the middle: its attempt stays without an outcome, and another goes on with the same mail."""
    (mail,) = post.packed()
    Attempt.objects.create(delivery=mail, message_id=mail.message_id, began_at=post.now)
    lease(mail, seconds=-1)

    assert send(now=post.now).sent == 1
    assert outcomes(mail) == ["", AttemptOutcome.SENT]
    assert [line["id"] for line in server.accepted] == [f"<{mail.message_id}>"]


def test_mail_that_another_hand_took_meanwhile_is_left_there(
    desk: Desk, server: Running, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database's clock jumps ahead while a worker sends: all its leases are over, and another one takes the rest."""
    post = make_post(desk, server, settings, officers=2)
    first, second = post.packed()

    def sent(*given: Any, **named: Any) -> SendResult:
        lease(second, seconds=600)
        return send_mail(*given, **named)

    monkeypatch.setattr(sending, "send_mail", sent)
    assert send(now=post.now).sent == 1
    assert [line["id"] for line in server.accepted] == [f"<{first.message_id}>"]
    assert outcomes(second) == []
    assert Delivery.objects.get(pk=second.pk).leased_until is not None


# Bad input


@pytest.mark.parametrize(
    "name",
    [
        "Ali\r\nBcc: penceroboh@luar.example",
        "Ali\nSubject: lain",
        'Ali" <penceroboh@luar.example>, "Abu',
        "Ali\u2028Bin\u202eAbu\x00"[:-1],
        "Ali <b>Abu</b> & Siti; @ , :",
    ],
)
def test_name_never_becomes_a_header_or_another_recipient(post: Post, server: Running, name: str) -> None:
    User.objects.filter(pk=post.officers[0].pk).update(name=name)

    post.sent()

    (arrived,) = server.accepted
    assert arrived["to"] == post.officers[0].email
    head = arrived["text"].partition("\r\n\r\n")[0]
    assert not [line for line in head.splitlines() if line.lower().startswith("bcc")]
    assert len([line for line in head.splitlines() if line.startswith("Subject:")]) == 1


@pytest.mark.parametrize(
    "address",
    [
        "",
        "bukan alamat",
        "ali@",
        "@agensi.example",
        "ali@agensi.example\r\nrcpt to:<x@y.example>",
        "ali@agénsi .example",
    ],
)
def test_address_that_cannot_be_used_fails_in_words_and_stops_no_other(
    desk: Desk, server: Running, settings: Settings, address: str
) -> None:
    post = make_post(desk, server, settings, officers=3)
    User.objects.filter(pk=post.officers[1].pk).update(email=address)

    done = post.sent()

    assert (done.sent, done.failed) == (2, 1)
    mail = post.mail(1)
    assert (mail.state, outcomes(mail)) == (DeliveryState.FAILED, [AttemptOutcome.PERMANENT])
    assert mail.server_words in (NO_ADDRESS, BAD_ADDRESS)
    assert {line["to"] for line in server.accepted} == {post.officers[0].email, post.officers[2].email}


def test_person_without_an_address_fails_in_clear_words(post: Post) -> None:
    User.objects.filter(pk=post.officers[0].pk).update(email="")

    post.sent()

    assert post.mail().server_words == NO_ADDRESS


def test_mended_address_counts_at_the_next_attempt(post: Post, server: Running) -> None:
    server.tricks = [Trick.REFUSE_RECIPIENT]
    post.sent()
    User.objects.filter(pk=post.officers[0].pk).update(email="baru@agensi.example")

    send(now=post.now + 5 * MINUTE)

    assert [line["to"] for line in server.accepted] == ["baru@agensi.example"]
    assert post.mail().address == "baru@agensi.example"


# Looked at again at the moment of sending


def test_mail_in_which_nothing_stands_any_more_is_not_sent(post: Post, server: Running) -> None:
    post.packed()
    make_submission(post.desk.assignment, actor=post.officers[0], now=post.now)

    done = send(now=post.now)

    (reminder,) = post.reminders()
    assert (done.empty, server.accepted, post.mail().state) == (1, [], DeliveryState.EMPTY)
    assert reminder.settled_at and not reminder.sent_at


def test_what_was_done_is_left_out_of_the_mail(post: Post, server: Running) -> None:
    other = make_assignment(
        make_item(post.desk.cycle, number=2), post.desk.agency, actor=post.desk.reviewer, now=post.now
    )
    other.officer_links.create(user=post.officers[0])
    post.packed()
    end_assignment(other, reason="Tamat.", actor=post.desk.reviewer, now=post.now)

    send(now=post.now)

    (arrived,) = server.accepted
    assert "Recommendation 1" in arrived["text"] and "Recommendation 2" not in arrived["text"]
    assert sorted((bool(row.sent_at), bool(row.settled_at)) for row in post.reminders()) == [
        (False, True), (True, False)
    ]  # fmt: skip


def test_mail_that_waits_for_another_attempt_is_looked_at_again(post: Post, server: Running) -> None:
    server.tricks = [Trick.REFUSE_RECIPIENT]
    post.sent()
    make_submission(post.desk.assignment, actor=post.officers[0], now=post.now)

    done = send(now=post.now + 5 * MINUTE)

    assert (done.empty, server.accepted) == (1, [])


def test_person_deactivated_after_the_packing_gets_nothing(post: Post, server: Running) -> None:
    post.packed()
    deactivate_person(post.officers[0], reason="Bersara.", actor=post.desk.administrator, now=post.now)

    assert send(now=post.now).empty == 1
    assert server.accepted == []
