"""Run as the web role: `python -m benchmarks.reminders_mail_worker FACTS.json PORT ROUNDS` sends the same mails in turns.

A thousand digests of three lines each, in a real outbox: two senders of the product take them in hand, look at each
again, write, send and record them; the bare loop hands what the product wrote to the mail library, over one connection.
It prints the milliseconds of both, and how many queries the bell adds to a page, as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from multiprocessing import get_context
from statistics import median
from typing import Any

import django
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, connections

from benchmarks.reminders_seed import PLANNED_AT

DIGESTS, LINES = 1_000, 3

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


def main(port: int, rounds: int) -> None:
    django.setup()
    _pack()
    _use_server(port)
    messages = _messages()
    assert len(messages) == DIGESTS
    product, bare = [], []
    for number in range(rounds + 1):
        taken = [_timed(lambda: _bare_loop(messages)), _timed_product()]
        if number:
            bare.append(taken[0])
            product.append(taken[1])
    print(json.dumps({"product": median(product), "bare": median(bare), "bell": _bell()}))


def _pack() -> None:
    from reminders.models import Delivery, Reminder
    from reminders.services.planning import plan

    if not Reminder.objects.exists():
        plan(now=PLANNED_AT)
    if not Delivery.objects.exists():
        values: dict[str, Any] = {
            "lines": LINES,
            "digests": DIGESTS,
            "day": PLANNED_AT.date(),
            "now": PLANNED_AT,
        }
        with connection.cursor() as cursor:
            cursor.execute(PACK, values)
            assert cursor.rowcount == LINES * DIGESTS, cursor.rowcount


def _use_server(port: int) -> None:
    from django.conf import settings

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 20


def _messages() -> list[EmailMultiAlternatives]:
    """The mails as the product writes them."""
    from reminders.models import Delivery
    from reminders.services.letters import compose, read_letters

    ids = list(Delivery.objects.values_list("pk", flat=True))
    letters = read_letters(ids, today=PLANNED_AT.date())
    assert all(len(letter.reminder_ids) == LINES for letter in letters.values())
    return [compose(letter) for letter in letters.values()]


def _bare_loop(messages: list[EmailMultiAlternatives]) -> None:
    with get_connection() as server:
        for message in messages:
            server.send_messages([message])


def _timed_product() -> float:
    from reminders.services.outbox import send

    with connection.cursor() as cursor:
        cursor.execute(AGAIN)
    # Two senders, as every turn of the beat starts them for the two children of a worker.
    connections.close_all()
    context = get_context("fork")
    ours, theirs = context.Pipe()
    other = context.Process(target=lambda: theirs.send(send(now=PLANNED_AT).sent))
    begun = time.perf_counter()
    other.start()
    sent = send(now=PLANNED_AT).sent + ours.recv()
    taken = (time.perf_counter() - begun) * 1_000
    other.join()
    assert sent == DIGESTS, sent
    return taken


def _timed(act: Any) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1_000


def _bell() -> float:
    """How many queries of a page read the reminders."""
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from accounts.models import User
    from reminders.models import Delivery

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(pk=Delivery.objects.values_list("user_id", flat=True)[0]))
    client.get(reverse("recommendations:my_work"))
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("recommendations:my_work"))
    assert page.status_code == 200
    return float(sum("reminders_" in query["sql"] for query in queries))


if __name__ == "__main__":
    main(int(sys.argv[2]), int(sys.argv[3]))
