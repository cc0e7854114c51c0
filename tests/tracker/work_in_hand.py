"""`python -m tests.tracker.work_in_hand`: asks the worker for a link, a notice by mail and a scan, and prints whom and what they are about."""

import json
import os

import django


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
    print(json.dumps({"mails": [officer.email, administrator.email], "document": document.pk}))


if __name__ == "__main__":
    main()
