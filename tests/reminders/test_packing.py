"""When mails go out: one digest a day at the person's hour, urgent ones at once, none at night or on a day off."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from pytest_django import Settings

from accounts.models import Agency, User
from recommendations.models import Assignment
from recommendations.services import name_officers
from reminders.models import Attempt, Delivery, Reminder, ReminderRule
from reminders.services.packing import pack
from reminders.services.planning import plan
from reminders.services.sending import send
from reminders.states import DeliveryState, MailKind
from tests.conftest import Clock
from tests.factories.recommendations import make_assignment, make_item
from tests.factories.reminders import make_day_off, make_rule, prefer
from tests.recommendations.conftest import Desk
from tests.reminders.posts import THURSDAY, Post, dead_port, make_post, outcomes, use_server
from tests.reminders.steps import at

DAY = timedelta(days=1)
FRIDAY, SATURDAY, MONDAY = THURSDAY + DAY, THURSDAY + 2 * DAY, date(2023, 9, 18)


@pytest.fixture
def post(desk: Desk, settings: Settings) -> Post:
    """One officer who is owed one mail, which lands in Django's outbox."""
    return make_post(desk, None, settings)


def beat(day: date, hour: int, minute: int = 0) -> list[str]:
    """Plan, pack and send at an instant; the kinds of the mails that went."""
    now = at(day, hour, minute)
    before = set(Delivery.objects.filter(state=DeliveryState.SENT).values_list("pk", flat=True))
    plan(now=now)
    pack(now=now)
    send(now=now)
    gone = Delivery.objects.filter(state=DeliveryState.SENT).exclude(pk__in=before)
    return list(gone.order_by("pk").values_list("kind", flat=True))


def another(post: Post, number: int, *, due_on: date = date(2023, 11, 1)) -> Assignment:
    """Another assignment of the officer's."""
    item = make_item(post.desk.cycle, number=number)
    assignment = make_assignment(item, post.desk.agency, actor=post.desk.reviewer, now=post.now)
    name_officers(assignment, officers=post.officers, actor=post.desk.reviewer, now=post.now)
    Assignment.objects.filter(pk=assignment.pk).update(next_due_on=due_on)
    return assignment


# The hour and the day


def test_digest_goes_at_the_usual_hour(post: Post) -> None:
    assert beat(FRIDAY, 7, 59) == []
    assert beat(FRIDAY, 8) == [MailKind.DIGEST]


@pytest.mark.parametrize("hour", [7, 13, 17])
def test_digest_goes_at_the_hour_that_the_person_chose(post: Post, hour: int) -> None:
    prefer(post.officers[0], hour=hour)

    assert beat(FRIDAY, hour - 1, 59) == []
    assert beat(FRIDAY, hour) == [MailKind.DIGEST]


def test_late_beat_sends_the_digest_later_that_day(post: Post) -> None:
    assert beat(FRIDAY, 17, 59) == [MailKind.DIGEST]


def test_night_waits_for_the_next_working_morning(post: Post) -> None:
    assert [beat(FRIDAY, 18), beat(FRIDAY, 23), beat(SATURDAY, 3)] == [[], [], []]
    assert [beat(SATURDAY, 9), beat(SATURDAY + DAY, 9), beat(MONDAY, 6)] == [[], [], []]
    assert beat(MONDAY, 8) == [MailKind.DIGEST]


def test_day_off_of_the_place_waits_for_the_next_working_day(post: Post) -> None:
    make_day_off(FRIDAY, actor=post.desk.administrator, now=post.now, place="PJY")

    assert (beat(FRIDAY, 9), beat(MONDAY, 9)) == ([], [MailKind.DIGEST])


def test_sunday_is_a_working_day_in_kelantan(post: Post) -> None:
    User.objects.filter(pk=post.officers[0].pk).update(place="KTN")

    assert (beat(FRIDAY, 9), beat(SATURDAY, 9), beat(date(2023, 9, 24), 9)) == ([], [], [MailKind.DIGEST])


def test_mailbox_keeps_the_days_of_its_agency(post: Post) -> None:
    User.objects.filter(pk=post.officers[0].pk).update(place="PJY")
    Agency.objects.filter(pk=post.desk.agency.pk).update(
        place="KTN", shared_mailbox="urusetia@agensi.example"
    )

    assert beat(FRIDAY, 9) == [MailKind.DIGEST]
    assert [message.to for message in mail.outbox] == [[post.officers[0].email]]


# One a day


def test_one_digest_says_everything_of_the_day(post: Post) -> None:
    another(post, 2)
    another(post, 3)

    assert beat(FRIDAY, 8) == [MailKind.DIGEST]
    assert Reminder.objects.filter(sent_at=None).count() == 0


def test_what_comes_after_the_digest_waits_for_the_next_day(post: Post) -> None:
    beat(FRIDAY, 8)
    another(post, 2)

    assert (beat(FRIDAY, 9), beat(FRIDAY, 17), beat(MONDAY, 8)) == ([], [], [MailKind.DIGEST])


def test_nothing_to_say_sends_nothing(post: Post) -> None:
    beat(FRIDAY, 8)

    assert [beat(MONDAY + ahead * DAY, 9) for ahead in range(5)] == [[]] * 5


def test_muted_is_never_mailed(post: Post) -> None:
    prefer(post.officers[0], muted=["update_due"])

    assert beat(FRIDAY, 8) == []
    assert Reminder.objects.get().is_muted


# Urgent


def test_urgent_goes_at_once_before_the_hour_and_the_rest_with_the_digest(post: Post) -> None:
    prefer(post.officers[0], hour=10)
    make_rule(post.desk.cycle, "final_due", first_days=-90, is_urgent=True)
    Assignment.objects.filter(pk=post.desk.assignment.pk).update(due_on=date(2023, 11, 30))

    assert (beat(FRIDAY, 8), beat(FRIDAY, 10)) == ([MailKind.URGENT], [MailKind.DIGEST])


def test_urgent_goes_at_once_after_the_digest(post: Post) -> None:
    beat(FRIDAY, 8)
    ReminderRule.objects.update(is_urgent=True)
    another(post, 2)

    assert beat(FRIDAY, 9) == [MailKind.URGENT]


def test_urgent_waits_for_the_morning_after_a_night(post: Post) -> None:
    ReminderRule.objects.update(is_urgent=True)

    assert (beat(FRIDAY, 19), beat(MONDAY, 7)) == ([], [MailKind.URGENT])


def test_what_would_be_late_on_the_next_working_day_goes_at_once(post: Post) -> None:
    """The digest of Friday has gone; what is due on Sunday cannot wait until Monday, what is due on Monday can."""
    beat(FRIDAY, 8)
    another(post, 2, due_on=SATURDAY + DAY)
    another(post, 3, due_on=MONDAY)

    assert (beat(FRIDAY, 9), beat(MONDAY, 8)) == ([MailKind.URGENT], [MailKind.DIGEST])


# What an earlier day left over


@pytest.fixture
def away(post: Post, settings: Settings) -> Post:
    """The digest of Friday could not be handed over: the server was away all day."""
    backend = settings.EMAIL_BACKEND
    use_server(settings, dead_port())
    beat(FRIDAY, 8)
    settings.EMAIL_BACKEND = backend
    return post


def test_digest_left_over_takes_along_what_is_new(away: Post) -> None:
    another(away, 2)

    assert (beat(MONDAY, 7), beat(MONDAY, 8), beat(MONDAY, 9)) == ([], [MailKind.DIGEST], [])
    assert Reminder.objects.filter(sent_at=None).count() == 0


def test_digest_left_over_goes_alone_at_the_hour(away: Post) -> None:
    assert (beat(MONDAY, 7), beat(MONDAY, 8)) == ([], [MailKind.DIGEST])


def test_after_a_digest_left_over_nothing_more_goes_that_day(away: Post) -> None:
    beat(MONDAY, 8)
    another(away, 2)

    assert (beat(MONDAY, 9), beat(MONDAY + DAY, 8)) == ([], [MailKind.DIGEST])


def test_digest_left_over_that_may_have_arrived_gets_another_message_id_with_what_is_new(away: Post) -> None:
    before = away.mail().message_id
    another(away, 2)
    beat(MONDAY, 8)

    assert outcomes(away.mail()) == ["temporary", "sent"]
    assert away.mail().message_id != before


def test_digest_whose_worker_fell_gets_another_message_id_with_what_is_new(post: Post) -> None:
    (before,) = post.packed(at(FRIDAY, 8))
    Attempt.objects.create(delivery=before, message_id=before.message_id, began_at=at(FRIDAY, 8))
    another(post, 2)

    assert beat(MONDAY, 8) == [MailKind.DIGEST]
    assert post.mail().message_id != before.message_id


def test_digest_left_over_keeps_its_message_id_where_nothing_is_new(away: Post) -> None:
    before = away.mail().message_id
    beat(MONDAY, 8)

    assert away.mail().message_id == before


def test_place_that_closed_between_packing_and_sending_leaves_one_digest_for_the_next_day(
    post: Post, clock: Clock
) -> None:
    plan(now=at(FRIDAY, 8))
    pack(now=at(FRIDAY, 8))
    make_day_off(FRIDAY, actor=post.desk.administrator, now=post.now)
    assert send(now=at(FRIDAY, 8)).sent == 0
    another(post, 2)

    assert beat(MONDAY, 8) == [MailKind.DIGEST]
    assert Reminder.objects.filter(sent_at=None).count() == 0


def test_two_levels_of_one_matter_are_one_line(post: Post, settings: Settings) -> None:
    """The server was away for days: what was said of the same thing meanwhile is said once, the newest."""
    ReminderRule.objects.update(every_days=1)
    backend = settings.EMAIL_BACKEND
    use_server(settings, dead_port())
    for day in (THURSDAY, FRIDAY, MONDAY, MONDAY + DAY):
        beat(day, 9)
    settings.EMAIL_BACKEND = backend

    assert beat(MONDAY + 2 * DAY, 8) == [MailKind.DIGEST]
    (message,) = mail.outbox
    assert str(message.body).count("Recommendation 1") == 1
    assert Reminder.objects.filter(sent_at=None).count() == 0
