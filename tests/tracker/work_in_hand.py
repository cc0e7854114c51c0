"""`python -m tests.tracker.work_in_hand [summary]`: asks the worker for a link, a notice by mail and a scan (and a summary), and prints whom and what they are about."""

import json
import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from accounts.models import User


def main() -> None:
    """Write the rows as the product does; its broker then has the tasks."""
    django.setup()
    from django.utils import timezone

    from accounts import tasks
    from accounts.roles import Role
    from audit import clock
    from reminders.services.notices import give_notice
    from reminders.states import MAIL_HELD
    from reminders.tasks import send
    from tests.factories.accounts import UserFactory, make_agency, make_person
    from tests.factories.evidence import make_document

    # The database is shared by tests, each of which runs this in a process of its own.
    within_window = datetime(2023, 9, 14, 2, tzinfo=UTC)
    if clock.now() < within_window:
        clock.move_to(within_window)
    UserFactory.reset_sequence(os.getpid())
    agency, secretariat = (make_agency(f"{code}{os.getpid()}") for code in ("JTK", "KDN"))
    officer, administrator = (
        make_person(Role.OFFICER, agency),
        make_person(Role.ADMINISTRATOR, secretariat),
    )
    document = make_document(agency, actor=officer, now=clock.now())
    tasks.ask_for_mail(tasks.send_reset_link, officer.pk)
    about = {"what": MAIL_HELD, "about": {}, "path": "/reminders/", "mail_after": timezone.now()}
    give_notice(administrator, **about, now=clock.now())
    send.delay()
    if "summary" in sys.argv:
        ask_for_summary(make_person(Role.REVIEWER, secretariat))
    print(json.dumps({"mails": [officer.email, administrator.email], "document": document.pk}))


def ask_for_summary(reader: "User") -> None:
    """Let a reviewer ask for a summary of the report that is loaded."""
    from django.core.management import call_command

    from audit import clock
    from evidence.queue import enqueue
    from recommendations.models import Cycle
    from reports.services.leases import MAKE_TASK
    from reports.services.requests import request_report
    from reports.states import ExportFormat
    from reports.summary.selection import read_selection

    call_command("load_cycle", verbosity=0)
    now, cycle = clock.now(), Cycle.objects.latest("year")
    selection = read_selection({"language": "ms"}, cycle=cycle, today=clock.local_date(now), user=reader)
    request_report(selection, export_format=ExportFormat.DOCX, cycle=cycle, actor=reader, now=now)
    # So few rows the web would make itself.
    enqueue(MAKE_TASK)


if __name__ == "__main__":
    main()
