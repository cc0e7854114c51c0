"""Reminders as words: what each says in both languages, in which order, and where its link leads."""

from __future__ import annotations

import re
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
from recommendations.services import plan_action, return_update, start_update
from reminders.facts import Facts, facts_of
from reminders.lines import TITLE_LENGTH, Line, line_of, lines_of, path_of, short_title
from reminders.states import OF_MAPO, OF_THE_CYCLE, Step, What
from tests.factories.deliveries import make_reminder
from tests.factories.recommendations import REPORTED, make_assignment, make_item
from tests.recommendations.conftest import Desk

TODAY = date(2023, 9, 14)
LANGUAGES = ("ms", "en")
#: Words of one language that must not turn up in the other.
ENGLISH = re.compile(r"\b(the|is|on|of|late|due|and|you|since|report)\b", re.IGNORECASE)


def facts(what: str, *, days: int = 3, **values: Any) -> Facts:
    """A reminder about recommendation 4 of PDRM for one of its officers; its day is so many days ahead."""
    usual = {
        "what": what,
        "due_on": TODAY + timedelta(days=days),
        "step": Step.RESPONSIBLE,
        "audience": Step.RESPONSIBLE,
        "agency_code": "PDRM",
        "year": 2023,
        "assignment_id": 7,
        "item_id": 8,
        "kind": "recommendation",
        "number": 4,
        "text_ms": "Perkara yang perlu ditambah baik.",
        "text_en": "A point that should be mended.",
    }
    if what in OF_THE_CYCLE:
        usual |= {"assignment_id": None, "item_id": None, "kind": "", "number": 0}
    if what in OF_MAPO:
        usual |= {"step": Step.MAPO, "audience": Step.MAPO, "is_for_mapo": True, "is_own_agency": False}
    return Facts(**(usual | values))


def for_mapo(given: Facts, **values: Any) -> Facts:
    """The same, escalated to MAPO."""
    mapo = {"step": Step.MAPO, "is_for_mapo": True, "is_own_agency": False, "is_escalation": True}
    return replace(given, **(mapo | values))


def say(given: Facts, language: str = "en") -> Line:
    with translation.override(language):
        return line_of(given, today=TODAY)


class TestWords:
    @pytest.mark.parametrize("what", What)
    @pytest.mark.parametrize("days", [-12, 0, 1, 3])
    def test_line_is_said_in_each_language(self, what: What, days: int) -> None:
        for given in (facts(what, days=days), for_mapo(facts(what, days=days))):
            malay, english = say(given, "ms"), say(given, "en")
            assert malay.task != english.task
            assert malay.when != english.when
            assert malay.why != english.why
            for words in (malay.sentence, malay.why, malay.button):
                assert "%(" not in words
                assert not ENGLISH.search(words), words

    @pytest.mark.parametrize(
        ("what", "days", "sentence"),
        [
            (What.UPDATE_DUE, 3, "Report on Recommendation 4: due in 3 days, on 17 September 2023"),
            (What.UPDATE_DUE, 0, "Report on Recommendation 4: due today, on 14 September 2023"),
            (What.UPDATE_DUE, -12, "Report on Recommendation 4: 12 days late, due on 2 September 2023"),
            (What.FINAL_DUE, 1, "Complete Recommendation 4: due tomorrow, on 15 September 2023"),
            (What.ACTION_DUE, -1, "Finish a planned step on Recommendation 4: 1 day late, due on 13 September 2023"),
            (What.RETURNED, -2, "Correct the returned update on Recommendation 4 and send it again: returned on 12 September 2023"),
            (What.LETTER, 0, "Read the update on Recommendation 4 that MAPO entered from a letter: entered on 14 September 2023"),
            (What.REVIEW_WAITING, -4, "Decide on the update of PDRM on Recommendation 4: waiting since 10 September 2023"),
            (What.REQUEST_WAITING, -4, "Answer the request of PDRM about Recommendation 4: waiting since 10 September 2023"),
            (What.INTERIM, 16, "Bring your items up to date for the interim date of the 2023 cycle: in 16 days, on 30 September 2023"),
            (What.WINDOW_END, -1, "Bring your items up to date before the window of the 2023 cycle ends: it was on 13 September 2023"),
            (What.NUDGE, 0, "MAPO asks you to act on Recommendation 4: asked on 14 September 2023"),
        ],
    )  # fmt: skip
    def test_sentence_says_what_and_when(self, what: What, days: int, sentence: str) -> None:
        assert say(facts(what, days=days)).sentence.replace("\u00a0", " ") == sentence

    def test_malay_says_the_same(self) -> None:
        line = say(facts(What.UPDATE_DUE, days=-12), "ms")
        assert (
            line.sentence.replace("\u00a0", " ")
            == "Laporkan Syor 4: lewat 12 hari, tarikh akhir 2 September 2023"
        )

    @pytest.mark.parametrize("what", sorted(set(What) - OF_MAPO))
    def test_mapo_hears_of_the_agency_and_is_not_told_to_do_its_work(self, what: str) -> None:
        for language in LANGUAGES:
            told = say(for_mapo(facts(what)), language)
            assert "PDRM" in told.task
            assert told.task != say(facts(what), language).task
            assert told.agency == "PDRM"

    @pytest.mark.parametrize("what", sorted(OF_THE_CYCLE))
    def test_mapo_keeps_the_dates_of_a_cycle_itself(self, what: str) -> None:
        told = say(facts(what, agency_code="", step=Step.MAPO, audience=Step.MAPO, is_for_mapo=True))
        assert "2023 cycle" in told.task
        assert told.why == "It is MAPO's to do."

    def test_import_is_spoken_of_as_a_whole(self) -> None:
        told = say(facts(What.RETURNED, opening_id=5, update_id=9, is_update_editable=True))
        assert told.task == "Correct the returned import and send it again"
        assert (told.item_label, told.title) == ("", "")

    def test_words_of_one_day_are_not_kept_for_another(self) -> None:
        given = facts(What.UPDATE_DUE)
        assert say(given).when != line_of(given, today=TODAY + timedelta(days=1)).when


class TestWhy:
    def test_reader_who_answers_for_it(self) -> None:
        line = say(facts(What.UPDATE_DUE))
        assert (line.why, line.is_usual) == ("You answer for it at your agency.", True)

    def test_escalation_says_that_nobody_acted(self) -> None:
        coordinator = say(facts(What.UPDATE_DUE, step=Step.COORDINATOR, is_escalation=True))
        assert coordinator.why == "Escalated to you, because nobody has acted on it."
        assert say(for_mapo(facts(What.UPDATE_DUE))).why == (
            "Escalated to MAPO, because nobody at PDRM has acted on it."
        )
        assert not coordinator.is_usual

    def test_agency_without_anybody_is_a_gap(self) -> None:
        told = say(for_mapo(facts(What.UPDATE_DUE), is_escalation=False))
        assert told.why == "Nobody at PDRM can act, so it comes to MAPO."
        assert (told.is_gap, told.tone, told.is_usual) == (True, "danger", False)

    def test_agency_without_a_coordinator_is_a_gap(self) -> None:
        told = say(for_mapo(facts(What.UPDATE_DUE, audience=Step.COORDINATOR), is_escalation=False))
        assert told.why == "PDRM has no coordinator who can act, so it comes to MAPO."

    def test_stand_in_hears_for_whom(self) -> None:
        stands_in = "You stand in for Siti binti Hassan."
        assert say(facts(What.UPDATE_DUE, in_place_of="Siti binti Hassan")).why == stands_in
        escalated = facts(
            What.UPDATE_DUE, in_place_of="Siti binti Hassan", step=Step.COORDINATOR, is_escalation=True
        )
        assert say(escalated).why == f"Escalated to you, because nobody has acted on it. {stands_in}"

    def test_mailbox_is_a_copy(self) -> None:
        copy = facts(What.UPDATE_DUE, is_for_mailbox=True)
        assert say(copy).why == "A copy for the shared mailbox of PDRM."
        assert "Escalated" in say(replace(copy, is_escalation=True)).why


class TestOrder:
    def test_most_urgent_first(self) -> None:
        wanted = [
            facts(What.UPDATE_DUE, days=-20),
            for_mapo(facts(What.RETURNED, days=-8)),
            facts(What.ACTION_DUE, days=-1),
            facts(What.RETURNED, days=-3),
            facts(What.REVIEW_WAITING, days=-2),
            facts(What.UPDATE_DUE, days=0),
            facts(What.UPDATE_DUE, days=2),
            facts(What.INTERIM, days=1),
        ]
        shuffled = wanted[::-1]
        assert sorted(shuffled, key=lambda given: say(given).rank) == wanted

    @pytest.mark.parametrize(
        ("given", "tone"),
        [
            (facts(What.UPDATE_DUE, days=-1), "danger"),
            (facts(What.UPDATE_DUE, days=3), "warning"),
            (facts(What.UPDATE_DUE, days=4), "info"),
            (facts(What.RETURNED, days=-9), "warning"),
            (facts(What.NUDGE, days=0), "warning"),
            (facts(What.REVIEW_WAITING, days=-9), "info"),
            (facts(What.INTERIM, days=1), "info"),
            (facts(What.LETTER, is_escalation=True), "danger"),
        ],
    )
    def test_tone(self, given: Facts, tone: str) -> None:
        assert say(given).tone == tone

    def test_only_what_has_a_last_day_is_late(self) -> None:
        assert say(facts(What.UPDATE_DUE, days=-2)).is_late
        assert not say(facts(What.UPDATE_DUE, days=0)).is_late
        assert not any(
            say(facts(what, days=-9)).is_late for what in (What.RETURNED, What.LETTER, *OF_MAPO, What.INTERIM)
        )


class TestTitle:
    def test_short_text_stays_whole(self) -> None:
        assert short_title("  Kelewatan dalam\n proses pendakwaan ") == "Kelewatan dalam proses pendakwaan"

    def test_long_text_is_cut_after_a_word(self) -> None:
        cut = short_title("Perkataan panjang, " * 20)
        assert len(cut) <= TITLE_LENGTH + 1
        assert cut.endswith("panjang…")

    def test_text_without_a_space_is_cut_all_the_same(self) -> None:
        assert len(short_title("x" * 500)) == TITLE_LENGTH + 1


class TestPath:
    @pytest.mark.parametrize(
        ("given", "name", "arguments"),
        [
            (facts(What.UPDATE_DUE), "update_start", [7]),
            (facts(What.UPDATE_DUE, update_id=3, is_update_editable=True), "update_edit", [3]),
            (facts(What.FINAL_DUE, update_id=3, is_update_editable=True), "update_edit", [3]),
            (facts(What.NUDGE), "update_start", [7]),
            (facts(What.RETURNED, update_id=3, is_update_editable=True), "update_edit", [3]),
            (facts(What.RESUBMIT_DUE), "update_start", [7]),
            (
                facts(What.RETURNED, update_id=3, is_update_editable=True, opening_id=5),
                "imports:opening",
                [5],
            ),
            (facts(What.ACTION_DUE), "item", [8]),
            (facts(What.LETTER, update_id=3), "update", [3]),
            (facts(What.LETTER), "item", [8]),
            (facts(What.INTERIM), "my_work", []),
            (facts(What.REVIEW_WAITING, update_id=3), "review", [3]),
            (facts(What.REVIEW_WAITING, update_id=3, opening_id=5), "imports:opening_review", [5]),
            (facts(What.REVIEW_WAITING), "queue", []),
            (for_mapo(facts(What.UPDATE_DUE)), "assignment", [7]),
            (for_mapo(facts(What.RETURNED, update_id=3, opening_id=5)), "imports:opening", [5]),
            (facts(What.UPDATE_DUE, step=Step.COORDINATOR, is_escalation=True), "update_start", [7]),
        ],
    )
    def test_link_leads_to_the_cure(self, given: Facts, name: str, arguments: list[int]) -> None:
        assert path_of(given) == reverse(name if ":" in name else f"recommendations:{name}", args=arguments)

    def test_link_to_a_cycle_names_it(self) -> None:
        assert path_of(for_mapo(facts(What.INTERIM))) == reverse("overview:overview") + "?cycle=2023"
        requests = reverse("recommendations:assignments") + "?tab=requests&cycle=2023"
        assert path_of(facts(What.REQUEST_WAITING)) == requests


@pytest.mark.django_db
class TestReading:
    def remind(self, desk: Desk, person: User | None = None, **values: Any) -> Any:
        return make_reminder(person or desk.officer, desk.assignment, due_on=TODAY, now=desk.now, **values)

    def test_facts_of_an_officer(self, desk: Desk) -> None:
        (found,) = facts_of([self.remind(desk)])
        assert (found.kind, found.number, found.agency_code, found.year) == (
            "recommendation",
            1,
            "PDRM",
            2023,
        )
        assert (found.is_own_agency, found.is_for_mapo, found.is_for_mailbox) == (True, False, False)
        assert found.update_id is None

    def test_facts_of_mapo_and_of_a_mailbox(self, desk: Desk) -> None:
        mapo, mailbox = facts_of(
            [
                self.remind(desk, desk.reviewer, step=Step.MAPO),
                make_reminder(desk.agency, desk.assignment, due_on=TODAY, now=desk.now),
            ]
        )
        assert (mapo.is_for_mapo, mapo.is_own_agency) == (True, False)
        assert (mailbox.is_for_mailbox, mailbox.is_own_agency) == (True, True)

    def test_open_draft_is_where_the_link_leads(self, desk: Desk) -> None:
        update = start_update(desk.assignment, actor=desk.colleague, now=desk.now)
        (line,) = lines_of([self.remind(desk)], today=TODAY)
        assert line.path == reverse("recommendations:update_edit", args=[update.pk])

    def test_draft_above_the_readers_clearance_is_not_named(self, desk: Desk) -> None:
        update = desk.draft()
        type(update).objects.filter(pk=update.pk).update(classification=Clearance.CONFIDENTIAL)
        (line,) = lines_of([self.remind(desk)], today=TODAY)
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
        returned = self.remind(desk, what=What.RETURNED, matter="returned:1", update=submission.update)
        (line,) = lines_of([returned], today=TODAY)
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
            for what in set(What) - {What.NUDGE}
        ]
        for language in LANGUAGES:
            with translation.override(language):
                assert secret not in repr(lines_of(rows, today=TODAY))

    def test_queries_do_not_grow_with_the_rows(self, desk: Desk) -> None:
        def cost(rows: list[Any]) -> int:
            with CaptureQueriesContext(connection) as queries:
                lines_of(rows, today=TODAY)
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
