"""`plan_reminders`: shows for any day what would go to whom and why, and plans today only."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from audit.models import Event
from recommendations.models import Assignment
from reminders.kinds import ReminderKind
from reminders.models import PlanningRun, Reminder, ReminderRule
from tests.factories.reminders import make_rule, make_stand_in, prefer
from tests.recommendations.conftest import Desk
from tests.shared import shared

pytestmark = pytest.mark.django_db


@shared
def rule(desk: Desk) -> ReminderRule:
    Assignment.objects.update(next_due_on=date(2023, 9, 13), due_on=None)
    return make_rule(
        desk.cycle, ReminderKind.UPDATE_DUE, first_days=1, every_days=5, coordinator_days=2, is_urgent=True
    )


def run(*arguments: str, language: str = "en") -> str:
    out = StringIO()
    call_command("plan_reminders", *arguments, "--language", language, stdout=out)
    return out.getvalue().replace("\u00a0", " ")


class TestDryRun:
    def test_dry_run_prints_what_would_go_to_whom_and_why_and_writes_nothing(
        self, desk: Desk, rule: ReminderRule
    ) -> None:
        assert run("--on", "2023-09-14", "--dry-run") == (
            f"{desk.coordinator.name} <{desk.coordinator.email}> [person:{desk.coordinator.pk}]\n"
            "  Report on Recommendation 1: 1 day late, due on 13 September 2023\n"
            f"    update_due:{desk.assignment.pk} | PDRM | Recommendation 1 | due 2023-09-13 | level +1 | "
            "Responsible officers | at once | to be sent on 2023-09-14\n"
            f"    Rule {rule.pk}: 1 working day after an update was due, the responsible officers are reminded. It is "
            "repeated every 5 working days until it is done. After 2 working days, the coordinators of the agency "
            "are also told, and repeated as often. It is sent at once, outside the daily digest.\n"
            "\n"
            "2023-09-14: 1 recipients, 1 reminders, of them 0 escalated and 1 at once; besides, 0 muted. Nothing was "
            "written or sent.\n"
        )
        events = Event.objects.count()
        assert run("--on", "2023-09-18", "--dry-run") == run("--on", "2023-09-18", "--dry-run")
        assert not Reminder.objects.exists()
        assert not PlanningRun.objects.exists()
        assert Event.objects.count() == events
        printed = run("--on", "2023-10-16", "--dry-run")
        assert "level +22 | Coordinators of the agency | escalated" in printed
        assert "1 recipients, 1 reminders, of them 1 escalated" in printed
        printed = run("--dry-run", language="ms")
        assert "1 hari bekerja selepas kemas kini sepatutnya dihantar" in printed
        assert "Tiada apa-apa ditulis atau dihantar" in printed
        run()
        assert run("--dry-run").startswith("2023-09-14: 0 recipients, 0 reminders")

    def test_dry_run_names_stand_ins_and_what_is_muted(self, desk: Desk, rule: ReminderRule) -> None:
        today = date(2023, 9, 14)
        make_stand_in(desk.coordinator, desk.officer, from_on=today, until_on=today, now=desk.now)
        prefer(desk.officer, muted=[ReminderKind.UPDATE_DUE])
        printed = run("--dry-run")
        assert (
            f"Responsible officers: stands in for {desk.coordinator.name} | at once | muted, not sent"
            in printed
        )
        assert "besides, 1 muted" in printed

    def test_dry_run_reckons_with_the_usual_rules_of_a_cycle_without_any(self, desk: Desk) -> None:
        Assignment.objects.update(next_due_on=date(2023, 9, 14))
        assert f"update_due:{desk.assignment.pk} | PDRM" in run("--dry-run")
        assert not ReminderRule.objects.exists()


class TestPlanning:
    @pytest.mark.parametrize("arguments", [(), ("--on", "2023-09-14")])
    def test_plan_writes_todays_reminders(
        self, desk: Desk, rule: ReminderRule, arguments: tuple[str, ...]
    ) -> None:
        assert run(*arguments) == "2023-09-14: 1 planned, 0 of them late; 0 settled.\n"
        assert Reminder.objects.get().user == desk.coordinator

    def test_plan_of_another_day_or_an_impossible_one_is_refused(
        self, desk: Desk, rule: ReminderRule
    ) -> None:
        for day, words in (
            ("2023-09-13", "is over, and cannot be planned again"),
            ("2023-09-15", "is in the future"),
        ):
            with pytest.raises(CommandError, match=words):
                run("--on", day)
            assert not Reminder.objects.exists(), day
        for text in ("2023-02-31", "soon", "14.9.2023", ""):
            with pytest.raises(CommandError, match="2023-10-16"):
                run("--on", text, "--dry-run")
        for day in ("0001-01-01", "9999-12-31"):
            with pytest.raises(CommandError, match="ten years"):
                run("--on", day, "--dry-run")
