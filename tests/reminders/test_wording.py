"""Reminders in words: what each says in both languages, in which order, and where its link leads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.clearance import Clearance
from accounts.models import User
from recommendations.services import plan_action, return_update
from reminders.kinds import CYCLE_KINDS, FIGURE_KINDS, MAPO_KINDS, ReminderKind
from reminders.messages.details import ReminderDetails, load_details
from reminders.messages.texts import ReminderText
from reminders.messages.wording import describe, path_of
from reminders.states import Audience
from tests.factories.deliveries import make_reminder
from tests.factories.recommendations import REPORTED, make_assignment, make_item, start_update
from tests.recommendations.conftest import Desk

TODAY = date(2023, 9, 14)
LANGUAGES = ("ms", "en")
#: Words of one language that must not turn up in the other.
ENGLISH = re.compile(r"\b(the|is|on|of|late|due|and|you|since|report)\b", re.IGNORECASE)


def details(what: str, *, days: int = 3, **values: Any) -> ReminderDetails:
    """A reminder about recommendation 4 of PDRM for one of its officers; its day is so many days ahead."""
    usual = {
        "what": what,
        "due_on": TODAY + timedelta(days=days),
        "step": Audience.RESPONSIBLE,
        "audience": Audience.RESPONSIBLE,
        "agency_code": "PDRM",
        "year": 2023,
        "assignment_id": 7,
        "item_id": 8,
        "kind": "recommendation",
        "number": 4,
        "text_ms": "Perkara yang perlu ditambah baik.",
        "text_en": "A point that should be mended.",
    }
    if what in CYCLE_KINDS:
        usual |= {"assignment_id": None, "item_id": None, "kind": "", "number": 0}
    if what in FIGURE_KINDS:
        usual |= {
            "assignment_id": None,
            "item_id": None,
            "kind": "",
            "number": 0,
            "month": date(2023, 8, 1),
        }
    if what in MAPO_KINDS:
        usual |= {
            "step": Audience.MAPO,
            "audience": Audience.MAPO,
            "is_for_mapo": True,
            "is_own_agency": False,
        }
    return ReminderDetails(**(usual | values))


def for_mapo(given: ReminderDetails, **values: Any) -> ReminderDetails:
    """The same, escalated to MAPO."""
    mapo = {"step": Audience.MAPO, "is_for_mapo": True, "is_own_agency": False, "is_escalation": True}
    return replace(given, **(mapo | values))


def say(given: ReminderDetails, language: str = "en") -> ReminderText:
    with translation.override(language):
        return describe(given, today=TODAY)


def texts_of(rows: Sequence[object]) -> list[ReminderText]:
    """What the reminders say today."""
    return [describe(details, today=TODAY) for details in load_details(rows)]


class TestWords:
    def test_line_is_said_in_each_language(self) -> None:
        for days in (-12, 0, 1, 3):
            for what in ReminderKind:
                for given in (details(what, days=days), for_mapo(details(what, days=days))):
                    malay, english = say(given, "ms"), say(given, "en")
                    assert malay.task != english.task, days
                    assert malay.when != english.when, days
                    assert malay.why != english.why, days
                    for words in (malay.sentence, malay.why, malay.button):
                        assert "%(" not in words, days
                        assert not ENGLISH.search(words), words

    def test_sentence_says_what_and_when(self) -> None:
        for what, days, sentence in (
            (ReminderKind.UPDATE_DUE, 3, "Report on Recommendation 4: due in 3 days, on 17 September 2023"),
            (ReminderKind.UPDATE_DUE, 0, "Report on Recommendation 4: due today, on 14 September 2023"),
            (
                ReminderKind.UPDATE_DUE,
                -12,
                "Report on Recommendation 4: 12 days late, due on 2 September 2023",
            ),
            (ReminderKind.FINAL_DUE, 1, "Complete Recommendation 4: due tomorrow, on 15 September 2023"),
            (
                ReminderKind.ACTION_DUE,
                -1,
                "Finish a planned step on Recommendation 4: 1 day late, due on 13 September 2023",
            ),
            (
                ReminderKind.RETURNED,
                -2,
                "Correct the returned update on Recommendation 4 and send it again: returned on 12 September 2023",
            ),
            (
                ReminderKind.LETTER,
                0,
                "Read the update on Recommendation 4 that MAPO entered from a letter: entered on 14 September 2023",
            ),
            (
                ReminderKind.REVIEW_WAITING,
                -4,
                "Decide on the update of PDRM on Recommendation 4: waiting since 10 September 2023",
            ),
            (
                ReminderKind.REQUEST_WAITING,
                -4,
                "Answer the request of PDRM about Recommendation 4: waiting since 10 September 2023",
            ),
            (
                ReminderKind.INTERIM,
                16,
                "Update your items for the interim date of the 2023 cycle: in 16 days, on 30 September 2023",
            ),
            (
                ReminderKind.WINDOW_END,
                -1,
                "Update your items before the window of the 2023 cycle ends: it was on 13 September 2023",
            ),
            (ReminderKind.NUDGE, 0, "MAPO asks you to act on Recommendation 4: asked on 14 September 2023"),
            (ReminderKind.FIGURES_DUE, -13, "Report the figures of August 2023: owed since 1 September 2023"),
            (ReminderKind.FIGURES_DUE, 1, "Report the figures of August 2023: from 15 September 2023"),
            (
                ReminderKind.FIGURES_RETURNED,
                -2,
                "Correct the returned figures of August 2023 and send them again: returned on 12 September 2023",
            ),
            (
                ReminderKind.FIGURES_WAITING,
                -4,
                "Decide on the figures of PDRM of August 2023: waiting since 10 September 2023",
            ),
        ):
            assert say(details(what, days=days)).sentence.replace("\u00a0", " ") == sentence, what
        line = say(details(ReminderKind.UPDATE_DUE, days=-12), "ms")
        assert (
            line.sentence.replace("\u00a0", " ")
            == "Laporkan Syor 4: lewat 12 hari, tarikh akhir 2 September 2023"
        )
        told = say(details(ReminderKind.RETURNED, opening_id=5, update_id=9, is_update_editable=True))
        assert told.task == "Correct the returned import and send it again"
        assert (told.item_label, told.title) == ("", "")
        given = details(ReminderKind.UPDATE_DUE)
        assert say(given).when != describe(given, today=TODAY + timedelta(days=1)).when

    def test_mapo_hears_of_the_agency_and_keeps_the_dates_of_a_cycle_itself(self) -> None:
        for what in sorted(set(ReminderKind) - MAPO_KINDS):
            for language in LANGUAGES:
                told = say(for_mapo(details(what)), language)
                assert "PDRM" in told.task, what
                assert told.task != say(details(what), language).task, what
                assert told.agency == "PDRM", what
        for what in sorted(CYCLE_KINDS):
            told = say(
                details(what, agency_code="", step=Audience.MAPO, audience=Audience.MAPO, is_for_mapo=True)
            )
            assert "2023 cycle" in told.task, what
            assert told.why == "MAPO must act.", what


class TestWhy:
    def test_reader_hears_why_it_comes_to_them(self) -> None:
        line = say(details(ReminderKind.UPDATE_DUE))
        assert (line.why, line.is_usual) == ("You are responsible for it at your agency.", True)
        coordinator = say(details(ReminderKind.UPDATE_DUE, step=Audience.COORDINATOR, is_escalation=True))
        assert coordinator.why == "Escalated to you because nobody has acted on it."
        assert say(for_mapo(details(ReminderKind.UPDATE_DUE))).why == (
            "Escalated to MAPO because nobody at PDRM has acted on it."
        )
        assert not coordinator.is_usual
        stands_in = "You stand in for Siti binti Hassan."
        assert say(details(ReminderKind.UPDATE_DUE, in_place_of="Siti binti Hassan")).why == stands_in
        escalated = details(
            ReminderKind.UPDATE_DUE,
            in_place_of="Siti binti Hassan",
            step=Audience.COORDINATOR,
            is_escalation=True,
        )
        assert say(escalated).why == f"Escalated to you because nobody has acted on it. {stands_in}"
        copy = details(ReminderKind.UPDATE_DUE, is_for_mailbox=True)
        assert say(copy).why == "A copy for the shared mailbox of PDRM."
        assert "Escalated" in say(replace(copy, is_escalation=True)).why

    def test_agency_without_anybody_or_a_coordinator_is_a_gap(self) -> None:
        told = say(for_mapo(details(ReminderKind.UPDATE_DUE), is_escalation=False))
        assert told.why == "Nobody at PDRM can act, so it comes to MAPO."
        assert (told.is_gap, told.tone, told.is_usual) == (True, "danger", False)
        told = say(
            for_mapo(details(ReminderKind.UPDATE_DUE, audience=Audience.COORDINATOR), is_escalation=False)
        )
        assert told.why == "PDRM has no coordinator who can act, so it comes to MAPO."


class TestOrder:
    def test_most_urgent_first(self) -> None:
        wanted = [
            details(ReminderKind.UPDATE_DUE, days=-20),
            for_mapo(details(ReminderKind.RETURNED, days=-8)),
            details(ReminderKind.ACTION_DUE, days=-1),
            details(ReminderKind.RETURNED, days=-3),
            details(ReminderKind.REVIEW_WAITING, days=-2),
            details(ReminderKind.UPDATE_DUE, days=0),
            details(ReminderKind.UPDATE_DUE, days=2),
            details(ReminderKind.INTERIM, days=1),
        ]
        shuffled = wanted[::-1]
        assert sorted(shuffled, key=lambda given: say(given).rank) == wanted

    def test_tone_and_what_is_late(self) -> None:
        for given, tone in (
            (details(ReminderKind.UPDATE_DUE, days=-1), "danger"),
            (details(ReminderKind.UPDATE_DUE, days=3), "warning"),
            (details(ReminderKind.UPDATE_DUE, days=4), "info"),
            (details(ReminderKind.RETURNED, days=-9), "warning"),
            (details(ReminderKind.RESUBMIT_DUE, days=3), "warning"),
            (details(ReminderKind.RESUBMIT_DUE, days=16), "info"),
            (details(ReminderKind.NUDGE, days=0), "warning"),
            (details(ReminderKind.REVIEW_WAITING, days=-9), "info"),
            (details(ReminderKind.INTERIM, days=1), "info"),
            (details(ReminderKind.LETTER, is_escalation=True), "danger"),
        ):
            assert say(given).tone == tone, given
        assert say(details(ReminderKind.UPDATE_DUE, days=-2)).is_late
        assert not say(details(ReminderKind.UPDATE_DUE, days=0)).is_late
        assert not any(
            say(details(what, days=-9)).is_late
            for what in (ReminderKind.RETURNED, ReminderKind.LETTER, *MAPO_KINDS, ReminderKind.INTERIM)
        )


class TestPath:
    def test_link_leads_to_the_cure(self) -> None:
        for given, name, arguments in (
            (details(ReminderKind.UPDATE_DUE), "update_start", [7]),
            (details(ReminderKind.UPDATE_DUE, update_id=3, is_update_editable=True), "update_edit", [3]),
            (details(ReminderKind.FINAL_DUE, update_id=3, is_update_editable=True), "update_edit", [3]),
            (details(ReminderKind.NUDGE), "update_start", [7]),
            (details(ReminderKind.RETURNED, update_id=3, is_update_editable=True), "update_edit", [3]),
            (details(ReminderKind.RESUBMIT_DUE), "update_start", [7]),
            (
                details(ReminderKind.RETURNED, update_id=3, is_update_editable=True, opening_id=5),
                "imports:opening",
                [5],
            ),
            (details(ReminderKind.ACTION_DUE), "item", [8]),
            (details(ReminderKind.LETTER, update_id=3), "update", [3]),
            (details(ReminderKind.LETTER), "item", [8]),
            (details(ReminderKind.INTERIM), "my_work", []),
            (details(ReminderKind.REVIEW_WAITING, update_id=3), "review", [3]),
            (details(ReminderKind.REVIEW_WAITING, update_id=3, opening_id=5), "imports:opening_review", [5]),
            (details(ReminderKind.REVIEW_WAITING), "queue", []),
            (for_mapo(details(ReminderKind.UPDATE_DUE)), "assignment", [7]),
            (for_mapo(details(ReminderKind.RETURNED, update_id=3, opening_id=5)), "imports:opening", [5]),
            (
                details(ReminderKind.UPDATE_DUE, step=Audience.COORDINATOR, is_escalation=True),
                "update_start",
                [7],
            ),
        ):
            assert path_of(given) == reverse(
                name if ":" in name else f"recommendations:{name}", args=arguments
            ), given
        assert (
            path_of(for_mapo(details(ReminderKind.INTERIM))) == reverse("overview:overview") + "?cycle=2023"
        )
        requests = reverse("recommendations:assignments") + "?tab=requests&cycle=2023"
        assert path_of(details(ReminderKind.REQUEST_WAITING)) == requests


@pytest.mark.django_db
class TestReading:
    def remind(self, desk: Desk, person: User | None = None, **values: Any) -> Any:
        return make_reminder(person or desk.officer, desk.assignment, due_on=TODAY, now=desk.now, **values)

    def test_facts_of_an_officer_of_mapo_and_of_a_mailbox(self, desk: Desk) -> None:
        (found,) = load_details([self.remind(desk)])
        assert (found.kind, found.number, found.agency_code, found.year) == (
            "recommendation",
            1,
            "PDRM",
            2023,
        )
        assert (found.is_own_agency, found.is_for_mapo, found.is_for_mailbox) == (True, False, False)
        assert found.update_id is None
        mapo, mailbox = load_details(
            [
                self.remind(desk, desk.reviewer, step=Audience.MAPO),
                make_reminder(desk.agency, desk.assignment, due_on=TODAY, now=desk.now),
            ]
        )
        assert (mapo.is_for_mapo, mapo.is_own_agency) == (True, False)
        assert (mailbox.is_for_mailbox, mailbox.is_own_agency) == (True, True)

    def test_open_draft_is_where_the_link_leads(self, desk: Desk) -> None:
        update = start_update(desk.assignment, actor=desk.colleague, now=desk.now)
        (line,) = texts_of([self.remind(desk)])
        assert line.path == reverse("recommendations:update_edit", args=[update.pk])

    def test_draft_above_the_readers_clearance_is_not_named(self, desk: Desk) -> None:
        update = desk.draft()
        type(update).objects.filter(pk=update.pk).update(classification=Clearance.CONFIDENTIAL)
        (line,) = texts_of([self.remind(desk)])
        assert line.path == reverse("recommendations:update_start", args=[desk.assignment.pk])

    def test_returned_update_is_named(self, desk: Desk) -> None:
        submission = desk.submission()
        return_update(
            submission,
            reason="Tambah bukti.",
            resubmit_by=date(2023, 9, 20),
            actor=desk.reviewer,
            now=desk.now,
        )
        returned = self.remind(
            desk, what=ReminderKind.RETURNED, matter="returned:1", update=submission.update
        )
        (line,) = texts_of([returned])
        assert line.path == reverse("recommendations:update_edit", args=[submission.update_id])

    def test_no_text_of_a_report_is_in_a_line(self, desk: Desk) -> None:
        secret = "Rahsia-yang-tidak-boleh-keluar"
        submission = desk.submission(replace(REPORTED, narrative=secret))
        return_update(
            submission, reason=secret, resubmit_by=date(2023, 9, 20), actor=desk.reviewer, now=desk.now
        )
        step = plan_action(
            desk.assignment, text=secret, owner=desk.officer, due_on=TODAY, actor=desk.officer, now=desk.now
        )
        rows = [
            self.remind(desk, what=what, matter=f"{what}:1", update=submission.update, action=step)
            for what in set(ReminderKind) - {ReminderKind.NUDGE}
        ]
        for language in LANGUAGES:
            with translation.override(language):
                assert secret not in repr(texts_of(rows))

    def test_queries_do_not_grow_with_the_rows(self, desk: Desk) -> None:
        def cost(rows: list[Any]) -> int:
            with CaptureQueriesContext(connection) as queries:
                texts_of(rows)
            return len(queries)

        one = [self.remind(desk)]
        many = [*one]
        for number in range(2, 6):
            assignment = make_assignment(
                make_item(desk.cycle, number=number), desk.agency, actor=desk.administrator, now=desk.now
            )
            many += [
                make_reminder(person, assignment, due_on=TODAY, now=desk.now)
                for person in (desk.officer, desk.colleague, desk.coordinator, desk.reviewer)
            ]
        assert cost(many) == cost(one) <= 7
        assert cost([]) == 0
