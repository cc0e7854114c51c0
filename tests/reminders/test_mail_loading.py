"""What mails say is loaded at the moment of sending: what still stands, how late it is, at what cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from recommendations.services import plan_action
from reminders.kinds import CYCLE_KINDS, ReminderKind
from reminders.mails.content import MailContent
from reminders.mails.loading import load_mails
from reminders.mails.rendering import render_mail
from reminders.models import Delivery, Nudge, PlanningRun
from reminders.states import DeliveryState
from tests.factories.deliveries import make_delivery, make_reminder
from tests.factories.recommendations import REPORTED, make_assignment, make_item
from tests.recommendations.conftest import Desk
from tests.vouching import acting

pytestmark = pytest.mark.django_db
TODAY = date(2023, 9, 14)


class TestReading:
    def mail(self, desk: Desk, to: User | None = None, **values: Any) -> Delivery:
        told = make_reminder(to or desk.officer, desk.assignment, due_on=TODAY, now=desk.now)
        return make_delivery(
            to or desk.officer, now=desk.now, state=DeliveryState.WAITING, reminders=(told,), **values
        )

    def read(self, *mails: Delivery, today: date = TODAY) -> dict[int, MailContent]:
        return load_mails([mail.pk for mail in mails], today=today)

    def test_letter_goes_to_a_person_where_they_are_now_unless_deactivated(self, desk: Desk) -> None:
        desk.officer.language = "en"
        desk.officer.save()
        mail = self.mail(desk)
        found = self.read(mail)[mail.pk]
        assert (found.address, found.name) == (desk.officer.email, desk.officer.name)
        assert (found.language, found.message_id) == ("en", mail.message_id)
        assert found.texts[0].task == "Report on Recommendation 1"
        assert found.reminder_ids == [mail.reminders.get().pk]
        desk.officer.email = "baharu@pdrm.example"
        desk.officer.save()
        assert self.read(mail)[mail.pk].address == "baharu@pdrm.example"
        found = self.read(mail)[mail.pk]
        with CaptureQueriesContext(connection) as queries:
            render_mail(found)
        assert len(queries) == 0
        User.objects.filter(pk=desk.officer.pk).update(is_active=False)
        assert self.read(mail) == {}

    def test_letter_of_a_mailbox_is_in_malay(self, desk: Desk) -> None:
        desk.agency.shared_mailbox = "urus@pdrm.example"
        desk.agency.save()
        told = make_reminder(desk.agency, desk.assignment, due_on=TODAY, now=desk.now)
        mail = make_delivery(desk.agency, now=desk.now, state=DeliveryState.WAITING, reminders=(told,))
        found = self.read(mail)[mail.pk]
        assert (found.address, found.name, found.is_mailbox) == ("urus@pdrm.example", "PDRM", True)
        assert found.texts[0].task == "Laporkan Syor 1"

    def test_settled_and_muted_are_not_said(self, desk: Desk) -> None:
        mail = self.mail(desk)
        mail.reminders.update(settled_at=desk.now)
        assert self.read(mail) == {}
        muted = self.mail(desk, desk.colleague)
        muted.reminders.update(is_muted=True)
        assert self.read(muted) == {}

    def test_levels_of_one_matter_are_one_line(self, desk: Desk) -> None:
        told = [
            make_reminder(desk.officer, desk.assignment, due_on=TODAY, now=desk.now, level=n) for n in (0, -5)
        ]
        mail = make_delivery(desk.officer, now=desk.now, state=DeliveryState.WAITING, reminders=told)
        content = self.read(mail)[mail.pk]
        assert len(content.texts) == 1
        assert sorted(content.reminder_ids) == sorted(each.pk for each in told)

    def test_late_when_the_planning_did_not_run(self, desk: Desk) -> None:
        mail = self.mail(desk)
        assert self.read(mail)[mail.pk].late_since is None
        missed = TODAY - timedelta(days=2)
        told = make_reminder(
            desk.officer,
            desk.assignment,
            due_on=missed,
            now=desk.now,
            matter="final_due:1",
            what=ReminderKind.FINAL_DUE,
        )
        told.delivery = mail
        told.save()
        # Nothing ran before that day: the installation was not there yet.
        assert self.read(mail)[mail.pk].late_since is None
        PlanningRun.objects.create(day=missed - timedelta(days=1), checked_at=desk.now)
        assert self.read(mail)[mail.pk].late_since == missed
        # The planning ran on that day: what it says now came up since.
        PlanningRun.objects.create(day=missed, checked_at=desk.now)
        assert self.read(mail)[mail.pk].late_since is None

    def test_late_when_the_mail_did_not_go_on_its_day(self, desk: Desk) -> None:
        mail = self.mail(desk)
        tomorrow = TODAY + timedelta(days=1)
        assert self.read(mail, today=tomorrow)[mail.pk].late_since == TODAY

    def test_not_late_when_planned_after_the_digest(self, desk: Desk) -> None:
        told = make_reminder(desk.officer, desk.assignment, due_on=TODAY, now=desk.now)
        next_day = TODAY + timedelta(days=1)
        mail = make_delivery(
            desk.officer, now=desk.now, state=DeliveryState.WAITING, reminders=(told,), day=next_day
        )
        assert self.read(mail, today=next_day)[mail.pk].late_since is None

    def test_no_classified_text_is_in_a_mail(self, desk: Desk) -> None:
        secret = "Rahsia-yang-tidak-boleh-keluar"
        submission = desk.submission(replace(REPORTED, narrative=secret))
        step = plan_action(
            desk.assignment, text=secret, owner=desk.officer, due_on=TODAY, actor=desk.officer, now=desk.now
        )
        with acting(desk.reviewer):
            nudge = Nudge.objects.create(
                assignment=desk.assignment, line="Sila lapor.", sent_by=desk.reviewer, sent_at=desk.now
            )
        told = tuple(
            make_reminder(
                desk.officer,
                desk.assignment,
                due_on=TODAY,
                now=desk.now,
                what=what,
                matter=f"{what}:1",
                update=None if what in CYCLE_KINDS else submission.update,
                action=step if what == ReminderKind.ACTION_DUE else None,
                **({"nudge": nudge, "rule": None} if what == ReminderKind.NUDGE else {}),
            )
            for what in ReminderKind
        )
        mail = make_delivery(desk.officer, now=desk.now, state=DeliveryState.WAITING, reminders=told)
        raw = render_mail(self.read(mail)[mail.pk]).message().as_string()
        assert secret not in raw
        assert "Sila lapor." in raw

    def test_queries_do_not_grow_with_the_mails(self, desk: Desk) -> None:
        def cost(*mails: Delivery) -> int:
            with CaptureQueriesContext(connection) as queries:
                assert len(self.read(*mails)) == len(mails)
            return len(queries)

        one = self.mail(desk)
        more = [
            one,
            self.mail(desk, desk.colleague),
            self.mail(desk, desk.coordinator),
            self.mail(desk, desk.reviewer),
        ]
        for number in range(2, 5):
            assignment = make_assignment(
                make_item(desk.cycle, number=number), desk.agency, actor=desk.administrator, now=desk.now
            )
            told = make_reminder(desk.officer, assignment, due_on=TODAY, now=desk.now)
            told.delivery = one
            told.save()
        assert cost(*more) == cost(one) <= 10
