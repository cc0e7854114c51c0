"""Resending mails: which can be resent, which cannot and why; with a new Message-ID, and not too often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.services.people import deactivate_person
from audit.clock import local_date
from audit.errors import NotAllowed, NotNow
from audit.models import Event
from reminders.models import Delivery, Reminder
from reminders.services.resending import AGAIN_AFTER, resend, resend_failed, resendable_failures
from reminders.states import AttemptOutcome, DeliveryState, MailKind
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.factories.deliveries import attempt, make_delivery, make_reminder
from tests.factories.recommendations import make_assignment, make_item
from tests.recommendations.at_once import at_once
from tests.recommendations.conftest import Desk, make_desk

TODAY = local_date(NOW)
REFUSED = "550 5.1.1 <x@y.example>: Recipient address rejected"


@dataclass
class Post:
    """A mail to the officer that failed, with one reminder that still stands."""

    desk: Desk
    reminder: Reminder
    mail: Delivery

    def again(self, **about: object) -> Delivery:
        meant = {"actor": self.desk.reviewer, "now": self.desk.now} | about
        return resend(self.mail, **meant)

    def fresh(self) -> Delivery:
        return Delivery.objects.get(pk=self.mail.pk)


def make_post(desk: Desk, state: str = DeliveryState.FAILED) -> Post:
    reminder = make_reminder(desk.officer, desk.assignment, due_on=TODAY, now=desk.now)
    mail = make_delivery(desk.officer, now=desk.now, state=state, reminders=(reminder,), attempts_count=1)
    outcome = AttemptOutcome.SENT if state == DeliveryState.SENT else AttemptOutcome.PERMANENT
    attempt(mail, now=desk.now, outcome=outcome, words=REFUSED)
    return Post(desk, reminder, mail)


@pytest.fixture
def post(desk: Desk) -> Post:
    return make_post(desk)


@pytest.mark.django_db
@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.SENT])
def test_resent_mail_waits_under_a_new_message_id(desk: Desk, settings: Settings, state: str) -> None:
    settings.SITE_URL = "https://jejak.kerajaan.example:8443"
    post = make_post(desk, state)
    returned = post.again()
    mail = post.fresh()
    assert returned == mail and mail.message_id == returned.message_id != post.mail.message_id
    assert mail.message_id.endswith("@jejak.kerajaan.example")
    assert (mail.state, mail.settled_at, mail.leased_until) == (DeliveryState.WAITING, None, None)
    assert (mail.next_attempt_at, mail.attempts_count) == (desk.now, 0)
    assert mail.attempts.get().server_words == REFUSED


@pytest.mark.django_db
def test_resending_is_mapos_alone_and_on_record(post: Post) -> None:
    for someone in (post.desk.officer, post.desk.coordinator, post.desk.observer):
        with pytest.raises(NotAllowed):
            post.again(actor=someone)
        with pytest.raises(NotAllowed):
            resend_failed(actor=someone, now=post.desk.now)
    assert post.fresh().state == DeliveryState.FAILED
    post.again()
    event = Event.objects.get(action="delivery.resent")
    assert (event.object_id, event.actor_id) == (str(post.mail.pk), post.desk.reviewer.pk)
    assert event.before == {"state": "failed", "message_id": post.mail.message_id}
    assert event.after == {"state": "waiting", "message_id": post.fresh().message_id}


@pytest.mark.django_db
def test_mail_that_waits_or_is_in_hand_is_not_resent(desk: Desk) -> None:
    mail = make_delivery(desk.officer, now=desk.now, state=DeliveryState.WAITING)
    with pytest.raises(NotNow) as waits:
        resend(mail, actor=desk.reviewer, now=desk.now)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reminders_delivery SET leased_until = clock_timestamp() + interval '1 minute'")
    with pytest.raises(NotNow) as in_hand:
        resend(mail, actor=desk.reviewer, now=desk.now)
    assert str(waits.value) != str(in_hand.value)
    assert not Event.objects.filter(action="delivery.resent").exists()


@pytest.mark.django_db
def test_nothing_is_resent_to_a_deactivated_person(post: Post) -> None:
    desk = post.desk
    deactivate_person(desk.officer, reason="Bersara", actor=desk.administrator, now=desk.now)
    with pytest.raises(NotNow, match=desk.officer.name):
        post.again()
    assert resend_failed(actor=desk.reviewer, now=desk.now) == 0


@pytest.mark.django_db
def test_nothing_is_resent_to_a_mailbox_that_is_gone(desk: Desk) -> None:
    desk.agency.shared_mailbox = "pejabat@pdrm.example"
    desk.agency.save()
    reminder = make_reminder(desk.agency, desk.assignment, due_on=TODAY, now=desk.now)
    mail = make_delivery(desk.agency, now=desk.now, state=DeliveryState.FAILED, reminders=(reminder,))
    assert resendable_failures(now=desk.now).get() == mail
    desk.agency.shared_mailbox = ""
    desk.agency.save()
    with pytest.raises(NotNow, match="PDRM"):
        resend(mail, actor=desk.reviewer, now=desk.now)
    assert not resendable_failures(now=desk.now).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"settled_at": NOW}, {"is_muted": True}, {"delivery": None}])
def test_mail_in_which_nothing_stands_is_not_resent(post: Post, change: dict[str, object]) -> None:
    Reminder.objects.filter(pk=post.reminder.pk).update(**change)
    with pytest.raises(NotNow):
        post.again()
    assert post.fresh().state == DeliveryState.FAILED
    assert resend_failed(actor=post.desk.reviewer, now=post.desk.now) == 0


@pytest.mark.django_db
def test_same_mail_is_resent_once_an_hour(post: Post, clock: Clock) -> None:
    mail = post.again()
    attempt(mail, now=NOW, outcome=AttemptOutcome.PERMANENT, words=REFUSED)
    Delivery.objects.update(state=DeliveryState.FAILED, settled_at=NOW)
    early = clock.move_to(NOW + AGAIN_AFTER - timedelta(minutes=1))
    with pytest.raises(NotNow):
        post.again(now=early)
    assert resend_failed(actor=post.desk.reviewer, now=early) == 0
    late = clock.move_to(NOW + AGAIN_AFTER)
    assert resend_failed(actor=post.desk.reviewer, now=late) == 1
    assert post.fresh().message_id != mail.message_id


@pytest.mark.django_db
def test_all_that_failed_goes_again_as_one_mail_a_recipient(post: Post) -> None:
    desk, later = post.desk, post.desk.now + timedelta(minutes=1)
    other = make_assignment(make_item(desk.cycle, number=2), desk.agency, actor=desk.reviewer, now=desk.now)
    second = make_reminder(desk.officer, other, due_on=TODAY, now=desk.now)
    newest = make_delivery(
        desk.officer, now=later, state=DeliveryState.FAILED, kind=MailKind.URGENT, reminders=(second,)
    )
    assert resend_failed(actor=desk.reviewer, now=later) == 1
    assert list(Delivery.objects.filter(state=DeliveryState.WAITING)) == [newest]
    assert set(newest.reminders.all()) == {post.reminder, second}


@pytest.mark.django_db
def test_all_that_failed_goes_again_and_nothing_else_does(post: Post) -> None:
    desk = post.desk
    failed = []
    for number, person in enumerate((desk.colleague, desk.coordinator)):
        reminder = make_reminder(person, desk.assignment, due_on=TODAY, now=desk.now)
        state = {"state": DeliveryState.FAILED, "kind": MailKind.URGENT}
        failed.append(
            make_delivery(person, now=desk.now + timedelta(minutes=number), reminders=(reminder,), **state)
        )
    sent = make_delivery(desk.reviewer, now=desk.now)
    empty = make_delivery(desk.administrator, now=desk.now, state=DeliveryState.EMPTY)
    assert resend_failed(actor=desk.reviewer, now=desk.now) == 3
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING)
    assert set(waiting) == {post.mail, *failed}
    assert {sent.pk, empty.pk}.isdisjoint(waiting.values_list("pk", flat=True))
    assert Event.objects.filter(action="delivery.resent").count() == 3
    assert resend_failed(actor=desk.reviewer, now=desk.now) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 4])
def test_what_can_go_again_is_found_in_one_query(
    desk: Desk, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for number in range(count):
        kinds = {"kind": MailKind.URGENT, "state": DeliveryState.FAILED}
        reminder = make_reminder(
            desk.officer, desk.assignment, due_on=TODAY - timedelta(days=number), now=desk.now
        )
        make_delivery(desk.officer, now=desk.now, reminders=(reminder,), **kinds)
    with django_assert_num_queries(1):
        assert len(resendable_failures(now=desk.now)) == count


def test_two_who_resend_at_once_resend_once(real_db: WorkerDatabase, clock: Clock) -> None:
    post = make_post(make_desk(clock.move_to(NOW)))
    answers = at_once(post.again, lambda: post.again(actor=post.desk.second_reviewer))
    assert sorted(type(answer).__name__ for answer in answers) == ["Delivery", "NotNow"]
    assert Event.objects.filter(action="delivery.resent").count() == 1


def test_one_and_all_at_once_resend_once(real_db: WorkerDatabase, clock: Clock) -> None:
    post = make_post(make_desk(clock.move_to(NOW)))
    at_once(post.again, lambda: resend_failed(actor=post.desk.second_reviewer, now=post.desk.now))
    assert Event.objects.filter(action="delivery.resent").count() == 1
