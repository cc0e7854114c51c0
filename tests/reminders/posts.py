"""A desk whose officers are due mails, and a real mail server that may misbehave."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from pytest_django import Settings

from accounts.models import User
from recommendations.services import name_officers
from reminders.models import Attempt, Delivery, Reminder
from reminders.services.packing import pack
from reminders.services.planning import plan
from reminders.services.sending import SendingSummary, send
from tests.factories.accounts import UserFactory
from tests.factories.reminders import make_rule
from tests.recommendations.conftest import Desk
from tests.reminders.mail_server import Running

#: A Thursday; the desk stands at ten in the morning.
THURSDAY = date(2023, 9, 14)


@dataclass
class Post:
    """Officers who are each due a mail about the desk's assignment, and the server that it goes to."""

    desk: Desk
    officers: list[User]
    server: Running | None

    @property
    def now(self) -> datetime:
        return self.desk.now

    def packed(self, now: datetime | None = None) -> list[Delivery]:
        """Plan, pack, and return the mails that wait."""
        now = now or self.now
        plan(now=now)
        pack(now=now)
        return list(Delivery.objects.filter(state="waiting").order_by("pk"))

    def sent(self, now: datetime | None = None) -> SendingSummary:
        """Plan, pack and send."""
        self.packed(now)
        return send(now=now or self.now)

    def mail(self, number: int = 0) -> Delivery:
        return Delivery.objects.get(user=self.officers[number])

    def reminders(self, number: int = 0) -> list[Reminder]:
        return list(Reminder.objects.filter(user=self.officers[number]).order_by("pk"))


def make_post(desk: Desk, server: Running | None, settings: Settings, *, officers: int = 1) -> Post:
    """Name so many officers, and add a rule that tells them of the assignment's date."""
    people = [UserFactory(agency=desk.agency, language="en") for _number in range(officers)]
    name_officers(desk.assignment, officers=people, actor=desk.reviewer, now=desk.now)
    make_rule(desk.cycle, "update_due", first_days=-90)
    if server is not None:
        use_server(settings, server.port)
    return Post(desk, people, server)


def use_server(settings: Settings, port: int) -> None:
    """Send mails to a server of this machine."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 10


def dead_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def outcomes(delivery: Delivery) -> list[str]:
    """Return the outcomes of the attempts, in order; empty for one that was cut off."""
    return list(Attempt.objects.filter(delivery=delivery).order_by("pk").values_list("outcome", flat=True))


def lease(delivery: Delivery, seconds: float) -> None:
    """Lease the mail for so long from now, as a worker would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reminders_delivery SET leased_until = clock_timestamp() + %s WHERE id = %s",
            [timedelta(seconds=seconds), delivery.pk],
        )
