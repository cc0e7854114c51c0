"""Plans today's reminders, or shows for any day what a planning would say to whom, and why."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from audit import clock
from reminders.due.reminders import due_reminders
from reminders.queries.preview import PreviewReminder, describe_preview
from reminders.queries.recipients import PreviewRecipient, count_preview, group_by_recipient
from reminders.services.planning import give_missing_rules, plan


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        words = {"text": text}
        raise ArgumentTypeError(
            _("“%(text)s” is not a date; write it as year-month-day, such as 2023-10-16.") % words
        ) from error


class Command(BaseCommand):
    help = "Plan what is owed today. With --dry-run, print for any day what a planning would owe to whom, and why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=_day, metavar="YYYY-MM-DD", help="the day; today without it")
        parser.add_argument("--dry-run", action="store_true", help="print only; nothing is written or sent")
        parser.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
            help="the language of the words",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Plan today, or show a day. Planning again adds nothing twice."""
        with translation.override(options["language"]):
            today = clock.today()
            day: date = options["on"] or today
            if abs((day - today).days) > MAX_DAYS_AWAY:
                raise CommandError(
                    _("%(day)s is more than ten years away: look at a nearer day.") % {"day": day}
                )
            if options["dry_run"]:
                self._show(day)
            elif day != today:
                raise CommandError(_refusal(day, today=today))
            else:
                self._plan()

    def _plan(self) -> None:
        done = plan(now=clock.now())
        words = {
            "day": done.day,
            "planned": done.planned_count,
            "settled": done.settled_count,
            "late": done.late_count,
        }
        self.stdout.write(
            _("%(day)s: %(planned)s planned, %(late)s of them late; %(settled)s settled.") % words
        )

    def _show(self, day: date) -> None:
        """Print what a planning on the day would add. Cycles without rules get theirs; all of it is rolled back."""
        with transaction.atomic():
            give_missing_rules(now=clock.now())
            recipients = group_by_recipient(due_reminders(day, exactly=False))
            described = describe_preview(recipients, today=day)
            transaction.set_rollback(True)
        for recipient, reminders in described:
            for line in _lines_of(recipient, reminders):
                self.stdout.write(line)
        self.stdout.write(
            _(
                "%(day)s: %(mails)s recipients, %(reminders)s reminders, of them %(escalations)s escalated and "
                "%(urgent)s at once; besides, %(muted)s muted. Nothing was written or sent."
            )
            % {"day": day, **count_preview(recipients)}
        )


#: The farthest day that can be shown: the calendar of holidays ends somewhere.
MAX_DAYS_AWAY = 10 * 366


def _refusal(day: date, *, today: date) -> str:
    words = {"day": day, "today": today}
    if day < today:
        return (
            _("%(day)s is over, and cannot be planned again. Today is %(today)s; look with --dry-run.")
            % words
        )
    return (
        _("%(day)s is in the future: nothing is sent early. Today is %(today)s; look with --dry-run.") % words
    )


def _lines_of(recipient: PreviewRecipient, reminders: list[PreviewReminder]) -> Iterator[str]:
    """Yield a recipient with the address, then each reminder in three lines: what, its facts, and the rule."""
    yield f"{recipient.name} <{recipient.email}> [{recipient.key}]"
    for reminder in reminders:
        yield f"  {reminder.text.sentence}"
        yield f"    {' | '.join(_facts_of(reminder))}"
        yield f"    {_('Rule')} {reminder.row.rule_id}: {' '.join(reminder.sentences)}"
    yield ""


def _facts_of(reminder: PreviewReminder) -> Iterator[str]:
    row = reminder.row
    yield row.matter
    yield from filter(None, (reminder.agency_code, reminder.text.item_label))
    yield _("due %(day)s") % {"day": row.due_on}
    yield _("level %(level)s") % {"level": f"{row.level:+d}"}
    yield reminder.step_text
    if row.is_escalation:
        yield _("escalated")
    if row.is_urgent:
        yield _("at once")
    if row.is_muted:
        yield _("muted, not sent")
    yield _("to be sent on %(day)s") % {"day": row.send_on}
