"""How long mails have waited, although each vain attempt puts the next one off."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import AskedMail, User
from installation.conditions import LOOK, OK
from installation.parts.work import MAILS, read_mails
from reminders.models import Delivery
from reminders.states import DeliveryState
from tests.factories.accounts import UserFactory
from tests.factories.deliveries import make_delivery
from tests.vouching import acting

HOURS = timedelta(hours=1)


@pytest.fixture
def person(db: None) -> User:
    return UserFactory()


def tried(to: User, *, made: datetime, now: datetime) -> Delivery:
    """A mail that the server did not take, whose next attempt comes in four hours."""
    later = {"next_attempt_at": now + 4 * HOURS, "attempts_count": 5, "day": made.date()}
    return make_delivery(to, now=made, state=DeliveryState.WAITING, **later)


def test_server_that_is_away_for_hours_is_told(now: datetime, person: User) -> None:
    tried(person, made=now - 2 * HOURS, now=now)
    found = read_mails()
    assert found.waiting.count == 1
    assert 2 * HOURS <= timedelta(seconds=found.waiting.oldest_seconds) < 2 * HOURS + timedelta(minutes=5)
    assert MAILS.say(found)[0] == LOOK


def test_one_mailbox_that_takes_nothing_is_no_server_that_does(now: datetime, person: User) -> None:
    """Its mail counts again when its next attempt is overdue: then nobody sends."""
    waiting = tried(person, made=now - 2 * HOURS, now=now)
    make_delivery(UserFactory(), now=now - HOURS, state=DeliveryState.SENT)
    assert read_mails().waiting.count == 0
    Delivery.objects.filter(pk=waiting.pk).update(next_attempt_at=now - 3 * HOURS)
    assert MAILS.say(read_mails())[0] == LOOK


def test_mail_with_a_link_that_was_asked_for_waits_too(now: datetime, person: User) -> None:
    real = timezone.now()
    with acting(person):
        row = AskedMail.objects.create(
            task="accounts.tasks.send_reset_link",
            facts=[person.pk],
            asked_at=real - 2 * HOURS,
            next_attempt_at=real + HOURS / 4,
        )
    assert MAILS.say(read_mails())[0] == OK, "the broker has it in hand"
    AskedMail.objects.filter(pk=row.pk).update(attempts_count=4)
    assert MAILS.say(read_mails())[0] == LOOK
