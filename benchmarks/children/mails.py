"""A thousand digests through the product, in turns with a bare loop over one connection.

Each digest holds three lines. Two senders of the product take them in hand, look at each again, write, send and record
them, as every turn of the schedule starts them for the two children of a worker. The bare loop hands what the product
wrote to Django's mail library.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from multiprocessing import get_context
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from audit.seals import VOUCH, vouching
from benchmarks.child import milliseconds_of
from benchmarks.seeds.people import PLANNED_AT
from reminders.mails.loading import load_mails
from reminders.mails.rendering import render_mail
from reminders.models import Delivery, Reminder
from reminders.services.planning import plan
from reminders.services.sending import send

DIGESTS, LINES = 1_000, 3
#: The second sender ends within so many seconds after the first.
SEND_SECONDS = 60

#: Three reminders of each of so many officers go into a mail of their own.
PACK = """
WITH numbered AS (
    SELECT reminder.id, reminder.user_id, row_number() OVER (PARTITION BY user_id ORDER BY reminder.id) AS number
    FROM reminders_reminder reminder
    JOIN accounts_user person ON person.id = reminder.user_id AND person.role = 'officer'
    JOIN accounts_agency agency ON agency.id = person.agency_id
    WHERE reminder.settled_at IS NULL AND NOT reminder.is_muted AND reminder.delivery_id IS NULL
      AND agency.place NOT IN ('KDH', 'KTN', 'TRG', 'JHR')),
chosen AS (
    SELECT user_id FROM numbered WHERE number = %(lines)s ORDER BY user_id LIMIT %(digests)s),
made AS (
    INSERT INTO reminders_delivery (
        recipient, user_id, kind, day, state, message_id, address, language, subject, made_at, next_attempt_at,
        attempts_count, server_words)
    SELECT 'person:' || user_id, user_id, 'digest', %(day)s, 'waiting', user_id || '@bench.example', '', '', '', %(now)s,
           %(now)s, 0, ''
    FROM chosen
    RETURNING id, user_id)
UPDATE reminders_reminder reminder SET delivery_id = made.id
FROM made
JOIN numbered ON numbered.user_id = made.user_id AND numbered.number <= %(lines)s
WHERE reminder.id = numbered.id
"""
#: All of them wait, as after an outage.
AGAIN = """
UPDATE reminders_delivery SET
    state = 'waiting', settled_at = NULL, next_attempt_at = made_at, attempts_count = 0, leased_until = NULL
"""


def answers(_facts: dict[str, Any], port: str) -> Mapping[str, Callable[..., object]]:
    """Answer `send`, the milliseconds of the product and of the bare loop, and `bell`, queries of a page."""
    _pack()
    _use_server(int(port))
    messages = _messages()
    assert len(messages) == DIGESTS

    def send(times: int) -> list[list[float]]:
        product, bare = [], []
        for number in range(times + 1):
            taken = milliseconds_of(lambda: _bare_loop(messages)), _time_product()
            if number:
                bare.append(taken[0])
                product.append(taken[1])
        return [product, bare]

    return {"send": send, "bell": _bell}


def _pack() -> None:
    """Plan the day, and put three reminders of each of a thousand officers into a digest."""
    if not Reminder.objects.exists():
        plan(now=PLANNED_AT)
    if not Delivery.objects.exists():
        values: dict[str, Any] = {
            "lines": LINES,
            "digests": DIGESTS,
            "day": PLANNED_AT.date(),
            "now": PLANNED_AT,
        }
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(VOUCH, vouching("bench.packed"))
            cursor.execute(PACK, values)
            assert cursor.rowcount == LINES * DIGESTS, cursor.rowcount


def _use_server(port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 20


def _messages() -> list[EmailMultiAlternatives]:
    """Return the mails as the product writes them."""
    ids = list(Delivery.objects.values_list("pk", flat=True))
    contents = load_mails(ids, today=PLANNED_AT.date())
    assert all(len(content.reminder_ids) == LINES for content in contents.values())
    return [render_mail(content) for content in contents.values()]


def _bare_loop(messages: list[EmailMultiAlternatives]) -> None:
    with get_connection() as server:
        for message in messages:
            server.send_messages([message])


def _time_product() -> float:
    """Return the milliseconds of two senders that send all digests."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(VOUCH, vouching("bench.waits"))
        cursor.execute(AGAIN)
    connections.close_all()
    context = get_context("fork")
    ours, theirs = context.Pipe()
    other = context.Process(target=_send_and_tell, args=[theirs])

    def send_all() -> None:
        other.start()
        theirs.close()
        sent = _send()
        # The other's end of the pipe closes when it dies: then this raises EOFError.
        if not ours.poll(SEND_SECONDS):
            raise TimeoutError("the second sender did not end")
        sent += ours.recv()
        assert sent == DIGESTS, sent

    taken = milliseconds_of(send_all)
    other.join(SEND_SECONDS)
    return taken


def _send_and_tell(pipe: Any) -> None:
    pipe.send(_send())


def _send() -> int:
    """Send what waits and return how many mails went out."""
    return send(now=PLANNED_AT).sent


def _bell() -> float:
    """Return how many queries of a page read the reminders."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(pk=Delivery.objects.values_list("user_id", flat=True)[0]))
    client.get(reverse("recommendations:my_work"))
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("recommendations:my_work"))
    assert page.status_code == 200
    return float(sum("reminders_" in query["sql"] for query in queries))
