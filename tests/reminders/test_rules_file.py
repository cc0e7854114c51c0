"""The section `reminders` of cycle files: read with the rest, problems with their lines, loaded once."""

from __future__ import annotations

import os
from collections import Counter
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from audit.models import Event
from cycles.file import kept_cycle_files, read_cycle_file
from cycles.services import close_cycle
from recommendations.models import Cycle
from reminders.cycle_section import MAX_RULES
from reminders.kinds import RULE_KINDS, ReminderKind
from reminders.models import ReminderRule
from reminders.rules.checks import RuleValues
from reminders.services.default_rules import KEY, give_default_rules
from reminders.states import Audience
from tests.cycles.test_cycle_file import OTHER_FILE
from tests.factories.recommendations import make_cycle
from tests.factories.reminders import make_rule
from tests.recommendations.conftest import Desk

pytestmark = pytest.mark.django_db

ONE = "reminders:\n  - {what: update_due, to: responsible, days: -5}\n"


def file_with(tmp_path: Path, section: str) -> Path:
    path = tmp_path / "2031.yaml"
    path.write_text(OTHER_FILE.read_text(encoding="utf-8") + "\n" + section, encoding="utf-8")
    return path


def load(*files: Path) -> str:
    out = StringIO()
    with translation.override("en"):
        call_command("load_cycle", *files, stdout=out)
    return out.getvalue()


def refused(path: Path) -> list[str]:
    """What is wrong with the file, without its name."""
    with translation.override("en"), pytest.raises(CommandError) as error:
        call_command("load_cycle", path)
    return [line.partition(":")[2] for line in str(error.value).splitlines()[1:]]


def line_of(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


class TestPackaged:
    def test_each_kept_file_has_rules_for_every_date(self) -> None:
        for path in kept_cycle_files():
            entries = read_cycle_file(path).others[KEY]
            assert {entry.values.what for entry in entries} == set(RULE_KINDS)

    def test_first_file_escalates_what_is_late_and_sends_returns_at_once(self) -> None:
        entries = read_cycle_file(kept_cycle_files()[0]).others[KEY]
        rules = {entry.values.twin_key: entry.values for entry in entries}
        late = rules[ReminderKind.UPDATE_DUE, Audience.RESPONSIBLE, 1]
        assert (late.every_days, late.times, late.coordinator_days, late.mapo_days) == (5, None, 3, 10)
        assert rules[ReminderKind.RETURNED, Audience.RESPONSIBLE, 0].is_urgent
        assert rules[ReminderKind.REVIEW_WAITING, Audience.MAPO, 3].every_days == 3


class TestReading:
    def test_file_without_the_section_loads_as_before(self, now: datetime) -> None:
        assert "reminder rules" not in load(OTHER_FILE)
        assert not ReminderRule.objects.exists()

    def test_bad_rule_is_refused_with_its_line(self, tmp_path: Path, now: datetime) -> None:
        for entry, reason in (
            ("{what: wedding, to: responsible, days: 1}", "“wedding” is not known under “what”"),
            ("{what: nudge, to: responsible, days: 1}", "“nudge” is not known under “what”"),
            ("{what: update_due, to: minister, days: 1}", "“minister” is not known under “to”"),
            ("{what: update_due, to: responsible, days: soon}", "“days” must be a whole number"),
            ("{what: update_due, to: responsible, days: 1.5}", "“days” must be a whole number"),
            ("{what: update_due, to: responsible, days: -91}", "“days” must be a whole number"),
            ("{what: update_due, to: responsible}", "The key “days” is missing"),
            ("{what: update_due, to: responsible, days: 1, whom: mapo}", "The key “whom” is not known"),
            ("{what: update_due, to: responsible, days: 1, urgent: ja}", "“urgent” must be true or false"),
            ("{what: update_due, to: responsible, days: 1, again_every: 0}", "“again_every” must be a whole"),
            ("{what: returned, to: responsible, days: -1}", "nobody can know of this before"),
            ("{what: update_due, to: responsible, days: 1, mapo_after: 0}", "before the first time"),
            # The file's own cadence is 14 days.
            ("{what: update_due, to: responsible, days: -10}", "every 14 days"),
        ):
            path = file_with(tmp_path, f"{ONE}  - {entry}\n")
            problems = refused(path)
            assert len(problems) == 1, entry
            assert problems[0].startswith(f"{line_of(path, entry)}: "), entry
            assert reason in problems[0], entry
            assert not Cycle.objects.exists(), entry

    def test_problem_stands_at_the_line_of_its_key(self, tmp_path: Path, now: datetime) -> None:
        rule = "reminders:\n  - what: update_due\n    to: responsible\n    days: 3\n    mapo_after: 1\n"
        path = file_with(tmp_path, rule)
        assert refused(path)[0].startswith(f"{line_of(path, 'mapo_after')}: ")

    def test_twins_are_refused(self, tmp_path: Path, now: datetime) -> None:
        path = file_with(tmp_path, ONE + ONE.splitlines()[1] + "\n")
        assert "Another active rule" in refused(path)[0]

    def test_section_of_another_shape_is_refused(self, tmp_path: Path, now: datetime) -> None:
        for section, reason in (
            ("reminders: none\n", "must be a list"),
            ("reminders:\n  - often\n", "Keys with values are expected"),
            (
                "reminders:\n" + "  - {what: update_due, to: responsible, days: 1}\n" * (MAX_RULES + 1),
                "more than 200 rules",
            ),
        ):
            assert reason in refused(file_with(tmp_path, section))[0], section


class TestLoading:
    def test_new_cycle_gets_the_rules_of_its_file(self, tmp_path: Path, now: datetime) -> None:
        path = file_with(tmp_path, ONE + "  - {what: returned, to: responsible, days: 0, urgent: true}\n")
        assert "reminder rules: 2 created, 0 not changed" in load(path)
        rules = [RuleValues.of(rule) for rule in ReminderRule.objects.filter(cycle__year=2031)]
        assert [(rule.what, rule.first_days, rule.is_urgent) for rule in rules] == [
            (ReminderKind.UPDATE_DUE, -5, False),
            (ReminderKind.RETURNED, 0, True),
        ]
        event = Event.objects.get(action="rules.loaded")
        assert (event.label, event.after) == ("2031 cycle", {"rules": 2})

    def test_loading_again_leaves_the_rules_alone(self, tmp_path: Path, now: datetime) -> None:
        path = file_with(tmp_path, ONE)
        load(path)
        ReminderRule.objects.update(first_days=-7)
        events = Event.objects.count()
        assert "reminder rules: 0 created, 1 not changed" in load(path)
        assert ReminderRule.objects.get().first_days == -7
        assert Event.objects.count() == events


class TestUsual:
    def test_cycle_of_a_kept_file_gets_its_rules_once(self, desk: Desk) -> None:
        entries = read_cycle_file(kept_cycle_files()[0]).others[KEY]
        assert give_default_rules(desk.cycle, now=desk.now) == len(entries)
        assert give_default_rules(desk.cycle, now=desk.now) == 0
        kept = [RuleValues.of(rule) for rule in ReminderRule.objects.filter(cycle=desk.cycle)]
        assert Counter(kept) == Counter(entry.values for entry in entries)
        event = Event.objects.get(action="rules.loaded")
        assert event.actor_id is None
        assert event.object_id == str(desk.cycle.pk)
        assert event.after == {"rules": len(entries), "taken_from": "2023.yaml"}

    def test_cycle_without_a_file_gets_what_is_on_in_the_newest_earlier_one(self, desk: Desk) -> None:
        older = make_cycle(2022)
        make_rule(older, ReminderKind.LETTER)
        make_rule(desk.cycle, ReminderKind.UPDATE_DUE, first_days=2, every_days=4)
        make_rule(desk.cycle, ReminderKind.UPDATE_DUE, first_days=9, is_on=False)
        later = make_cycle(2030)
        assert give_default_rules(later, now=desk.now) == 1
        assert RuleValues.of(ReminderRule.objects.get(cycle=later)).every_days == 4
        assert Event.objects.get(action="rules.loaded").after == {"rules": 1, "taken_from": "2023"}

    def test_rules_that_do_not_fit_the_dates_of_a_cycle_are_left_out(self, desk: Desk) -> None:
        make_rule(desk.cycle, ReminderKind.INTERIM, first_days=-40)
        make_rule(desk.cycle, ReminderKind.UPDATE_DUE, first_days=-2)
        later = make_cycle(2030, interim_on=datetime(2030, 4, 15).date())  # noqa: DTZ001 - a day alone
        assert give_default_rules(later, now=desk.now) == 1
        assert Event.objects.get(action="rules.loaded").after["left_out"] == 1

    def test_cycle_without_file_or_forerunner_gets_those_of_the_newest_file(self, now: datetime) -> None:
        cycle = make_cycle(2019)
        assert give_default_rules(cycle, now=now) > 20
        assert Event.objects.get(action="rules.loaded").after["taken_from"] == "2023.yaml"

    def test_cycle_with_any_rule_gets_none(self, desk: Desk) -> None:
        make_rule(desk.cycle, ReminderKind.LETTER, is_on=False)
        assert give_default_rules(desk.cycle, now=desk.now) == 0
        assert ReminderRule.objects.count() == 1

    def test_closed_cycle_gets_none(self, desk: Desk) -> None:
        close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=desk.now)
        assert give_default_rules(desk.cycle, now=desk.now) == 0
        assert not ReminderRule.objects.exists()

    def test_bad_kept_file_does_not_stop_the_next_source(
        self, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        (tmp_path / "2023.yaml").write_text("format: 1\n", encoding="utf-8")
        monkeypatch.setattr("cycles.file.read.DATA_FOLDER", tmp_path)
        make_rule(make_cycle(2022), ReminderKind.LETTER)
        assert give_default_rules(desk.cycle, now=desk.now) == 1
        assert "2023.yaml" in caplog.text

    def test_kept_file_is_read_once_until_it_changes(
        self, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        path = tmp_path / "2031.yaml"
        path.write_text("format: 1\n", encoding="utf-8")
        monkeypatch.setattr("cycles.file.read.DATA_FOLDER", tmp_path)
        for _planning in range(3):
            assert give_default_rules(desk.cycle, now=desk.now) == 0
        assert len(caplog.records) == 1
        path = file_with(tmp_path, ONE)
        os.utime(path, (0, 0))
        assert give_default_rules(desk.cycle, now=desk.now) == 1
