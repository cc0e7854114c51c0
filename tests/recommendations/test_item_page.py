"""The item's page: each reader sees exactly what the rules give them."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse

from accounts.clearance import Clearance
from accounts.models import User
from accounts.roles import Role
from recommendations.models import Assignment, ItemLink, Review
from recommendations.queries.item_page import read_item_page
from recommendations.queries.item_page_parts import ItemPage
from recommendations.queries.timeline import ENTRIES
from recommendations.services import (
    accept_update,
    answer_request,
    ask_later_date,
    discard_update,
    end_assignment,
    plan_action,
    report_nothing_new,
    return_update,
    suggest_assignment,
    supersede_verdict,
)
from recommendations.states import AssignmentRole, ItemKind, Status
from tests.factories.accounts import make_agency, make_person
from tests.factories.evidence import make_document
from tests.factories.recommendations import (
    REPORTED,
    make_accepted,
    make_assignment,
    make_cycle,
    make_draft,
    make_item,
    make_submission,
)
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of
from tests.shared import shared

TODAY = date(2023, 9, 14)
EVERYBODY = ["officer", "coordinator", "outsider", "reviewer", "administrator", "observer"]


def url(desk: Desk) -> str:
    return reverse("recommendations:item", args=[desk.item.pk])


def read(desk: Desk, user: User, **kwargs: Any) -> ItemPage:
    return read_item_page(desk.item, user=user, today=TODAY, **kwargs)


@shared
def partner(desk: Desk, now: datetime) -> User:
    """An officer of an agency that supports the same item."""
    agency = make_agency("JIM")
    make_assignment(desk.item, agency, actor=desk.administrator, now=now, role=AssignmentRole.SUPPORT)
    return make_person(Role.OFFICER, agency)


@shared
def told(desk: Desk, now: datetime) -> Review:
    """PDRM reported 40% with a file; MAPO decided 30%, with a reason."""
    document = make_document(desk.agency, actor=desk.officer, now=now, name="Laporan PDRM.pdf")
    submission = desk.submission(replace(REPORTED, document_ids=frozenset({document.pk})))
    return accept_update(
        submission, status="progress", percent=30, reason="Dua kontinjen belum.", actor=desk.reviewer, now=now
    )


class TestWhoSeesWhat:
    """The table of the rules, row by row."""

    def test_verdict_is_everybodys_its_text_and_its_claim_are_not(
        self, desk: Desk, told: Review, partner: User
    ) -> None:
        history = reverse("recommendations:item_history", args=[desk.item.pk])
        for who, reads_text, reads_claim in (
            ("officer", True, True),
            ("coordinator", True, True),
            ("reviewer", True, True),
            ("administrator", True, True),
            ("observer", True, False),
            ("partner", True, False),
            ("outsider", False, False),
        ):
            response = browser_of(partner if who == "partner" else getattr(desk, who)).get(url(desk))
            words = words_of(response)
            assert "In progress 30% 14 September 2023" in words and desk.item.text_en in words, who
            assert (REPORTED.narrative in words) is reads_text, who
            assert ("Covers 1 Jul – 31 Aug 2023" in words) is reads_text, who
            for claimed in ("PDRM reported 40%, MAPO decided 30%", "1 file", "Laporan PDRM.pdf"):
                assert (claimed in words) is reads_claim, (who, claimed)
            assert history in response.content.decode(), who
        desk.submission()
        for who in EVERYBODY:
            assert browser_of(getattr(desk, who), "ms").get(url(desk)).status_code == 200, who

    def test_waiting_and_its_claim(self, desk: Desk) -> None:
        desk.submission()
        for who, sees in (("officer", True), ("outsider", False), ("reviewer", True), ("observer", False)):
            words = words_of(browser_of(getattr(desk, who)).get(url(desk)))
            assert ("PDRM awaits MAPO’s review" in words) is sees, (who, sees)
            assert ("Reported: In progress, 40%" in words) is sees, (who, sees)
            assert REPORTED.narrative not in words, (who, sees)

    def test_draft_is_the_agencys_alone_and_steps_are_mapos_too(self, desk: Desk, now: datetime) -> None:
        update = desk.draft()
        for who in ("outsider", "reviewer", "observer"):
            response = browser_of(getattr(desk, who)).get(url(desk))
            assert REPORTED.narrative not in words_of(response), who
            assert reverse("recommendations:update", args=[update.pk]) not in response.content.decode(), who
        plan_action(
            desk.assignment, text="Melatih IPK", owner=desk.officer, due_on=TODAY, actor=desk.officer, now=now
        )
        for who, sees in (("officer", True), ("outsider", False), ("reviewer", True)):
            assert ("Melatih IPK" in words_of(browser_of(getattr(desk, who)).get(url(desk)))) is sees, (
                who,
                sees,
            )

    def test_suggestions_are_mapos_and_give_no_right_to_read(
        self, desk: Desk, now: datetime, told: Review
    ) -> None:
        agency = make_agency("JKDM")
        suggest_assignment(desk.item, agency=agency, role="support", actor=desk.administrator, now=now)
        for who, sees in (("officer", False), ("outsider", False), ("reviewer", True), ("observer", False)):
            assert ("JKDM" in words_of(browser_of(getattr(desk, who)).get(url(desk)))) is sees, (who, sees)
        words = words_of(browser_of(make_person(Role.OFFICER, agency)).get(url(desk)))
        assert REPORTED.narrative not in words

    def test_text_above_the_clearance_stays_hidden_while_the_verdict_is_shown(
        self, desk: Desk, now: datetime
    ) -> None:
        secret = replace(REPORTED, classification=int(Clearance.CONFIDENTIAL), narrative="Teks sulit.")
        desk.officer.clearance = Clearance.CONFIDENTIAL
        make_accepted(desk.assignment, actor=desk.officer, reviewer=desk.reviewer, now=now, content=secret)
        for who in ("colleague", "observer"):
            words = words_of(browser_of(getattr(desk, who)).get(url(desk)))
            assert "Teks sulit." not in words
            assert "In progress 40% 14 September 2023" in words
        assert "Teks sulit." in words_of(browser_of(desk.reviewer).get(url(desk)))

    def test_text_with_a_file_above_the_clearance_stays_hidden(self, desk: Desk, now: datetime) -> None:
        document = make_document(desk.agency, actor=desk.administrator, now=now, classification=2)
        submission = desk.submission(replace(REPORTED, document_ids=frozenset({document.pk})))
        accept_update(submission, status="progress", percent=40, actor=desk.reviewer, now=now)
        words = words_of(browser_of(desk.colleague).get(url(desk)))
        assert REPORTED.narrative not in words
        assert document.original_name not in words

    def test_ended_assignment_gives_no_new_reading_but_keeps_its_own_history(
        self, desk: Desk, told: Review, partner: User, now: datetime
    ) -> None:
        ended = Assignment.objects.get(agency=partner.agency)
        end_assignment(ended, reason="Tersilap", actor=desk.administrator, now=now)
        assert REPORTED.narrative not in words_of(browser_of(partner).get(url(desk)))
        assert read(desk, partner).own is not None
        assert read(desk, partner).acting is None


class TestState:
    def test_item_is_held_back_by_a_supporting_agency(self, desk: Desk, partner: User) -> None:
        desk.accepted(replace(REPORTED, status=Status.DONE, percent=100))
        words = words_of(browser_of(desk.observer).get(url(desk)))
        assert "PDRM has completed its part; waiting for JIM." in words
        assert "In progress 99%" in words

    def test_item_without_a_lead_says_so(self, desk: Desk, now: datetime) -> None:
        end_assignment(desk.assignment, reason="Tersilap", actor=desk.administrator, now=now)
        assert "No lead agency is confirmed yet." in words_of(browser_of(desk.observer).get(url(desk)))

    def test_achievement_has_text_and_links_alone(self, desk: Desk) -> None:
        weakness = make_item(desk.cycle, kind=ItemKind.WEAKNESS)
        achievement = make_item(desk.cycle, kind=ItemKind.ACHIEVEMENT)
        ItemLink.objects.create(weakness=weakness, answer=achievement)
        page = browser_of(desk.officer).get(reverse("recommendations:item", args=[achievement.pk]))
        words = words_of(page)
        assert "Weakness 1" in words
        assert "Accepted progress" not in words
        assert page.context["page"].state is None

    def test_links_lead_both_ways_and_over_the_weakness_to_achievements(self, desk: Desk) -> None:
        weakness = make_item(desk.cycle, kind=ItemKind.WEAKNESS)
        achievement = make_item(desk.cycle, kind=ItemKind.ACHIEVEMENT)
        for answer in (desk.item, achievement):
            ItemLink.objects.create(weakness=weakness, answer=answer)
        assert [each.label for each in read(desk, desk.officer).neighbours.linked] == [
            str(weakness),
            str(achievement),
        ]
        page = read_item_page(weakness, user=desk.officer, today=TODAY)
        assert page is not None
        other = page.neighbours
        assert [each.item_id for each in other.linked] == [desk.item.pk, achievement.pk]
        assert other.previous is not None
        assert other.previous.item_id == desk.item.pk

    def test_neighbours_stay_within_the_cycle(self, desk: Desk) -> None:
        make_item(make_cycle(2024))
        neighbours = read(desk, desk.officer).neighbours
        assert (neighbours.previous, neighbours.following, neighbours.count) == (None, None, 1)


class TestTimeline:
    def test_superseded_verdict_is_kept_and_marked(self, desk: Desk, told: Review, now: datetime) -> None:
        supersede_verdict(
            told, status="progress", percent=35, reason="Salah kira.", actor=desk.reviewer, now=now
        )
        officer = words_of(browser_of(desk.officer).get(url(desk)))
        assert officer.count(REPORTED.narrative) == 1
        assert "In progress 30%" in officer
        assert "Replaced by MAPO on 14 September 2023. Salah kira." in officer
        observer = words_of(browser_of(desk.observer).get(url(desk)))
        assert "Replaced by MAPO on 14 September 2023." in observer
        assert "Salah kira." not in observer

    def test_nothing_new_is_told_in_the_readers_words(self, desk: Desk, now: datetime) -> None:
        desk.accepted()
        submission = report_nothing_new(desk.assignment, speaks_for=TODAY, actor=desk.officer, now=now)
        accept_update(submission, status="progress", percent=40, actor=desk.reviewer, now=now)
        assert "Nothing new since 31 August 2023." in words_of(browser_of(desk.officer).get(url(desk)))

    def test_timeline_turns_pages(self, desk: Desk, now: datetime) -> None:
        for percent in range(1, ENTRIES + 3):
            desk.accepted(replace(REPORTED, percent=percent))
        first, second = (read(desk, desk.officer, page=page) for page in (1, 2))
        assert [entry.percent for entry in first.entries] == list(range(ENTRIES + 2, 2, -1))
        assert (first.has_older, second.has_older) == (True, False)
        assert [entry.percent for entry in second.entries] == [2, 1]
        browser = browser_of(desk.officer)
        assert "Older" in words_of(browser.get(url(desk)))
        assert "Newer" in words_of(browser.get(f"{url(desk)}?page=2"))
        for page in ("0", "-1", "x", "99999999"):
            assert browser.get(f"{url(desk)}?page={page}").status_code == 200


class TestOwnAgency:
    def test_officer_may_start_plan_and_ask_until_the_cycle_is_closed(
        self, desk: Desk, now: datetime
    ) -> None:
        page = browser_of(desk.officer).get(url(desk)).content.decode()
        for name in ("update_start", "action_plan", "assignment_later", "assignment_decline"):
            assert reverse(f"recommendations:{name}", args=[desk.assignment.pk]) in page
        desk.cycle.closed_at = now
        desk.cycle.save()
        page = browser_of(desk.officer).get(url(desk)).content.decode()
        for name in ("update_start", "action_plan", "assignment_later", "assignment_decline"):
            assert reverse(f"recommendations:{name}", args=[desk.assignment.pk]) not in page

    def test_others_are_offered_no_act(self, desk: Desk) -> None:
        for who in ("outsider", "reviewer", "observer"):
            page = browser_of(getattr(desk, who)).get(url(desk)).content.decode()
            thread = reverse("recommendations:comments", args=[desk.assignment.pk])
            assert f"/assignments/{desk.assignment.pk}/" not in page.replace(thread, ""), who
            assert (thread in page) is (who == "reviewer"), who

    def test_answer_to_a_request_is_shown(self, desk: Desk, now: datetime) -> None:
        day = date(2023, 12, 1)
        for grant, words in (
            (False, "MAPO refused the last request."),
            (True, "MAPO granted the last request."),
        ):
            request = ask_later_date(
                desk.assignment, reason="Kursus", proposed_on=day, actor=desk.officer, now=now
            )
            waiting = words_of(browser_of(desk.officer).get(url(desk)))
            assert "Asked on 14 September for 1 December instead; waiting for an answer." in waiting, grant
            answer_request(request, grant=grant, reason="Kerana tetingkap.", actor=desk.reviewer, now=now)
            assert f"{words} Kerana tetingkap." in words_of(browser_of(desk.officer).get(url(desk))), grant

    def test_updates_of_the_agency_are_listed_with_their_state(self, desk: Desk, now: datetime) -> None:
        discard_update(desk.draft(), revision=1, actor=desk.officer, now=now)
        submission = desk.submission()
        by = TODAY + timedelta(days=5)
        return_update(submission, reason="Nyatakan bilangan.", resubmit_by=by, actor=desk.reviewer, now=now)
        own = read(desk, desk.officer).own
        assert own is not None
        assert [update.state for update in own.updates] == ["returned", "discarded"]
        assert "Correct the update" in words_of(browser_of(desk.officer).get(url(desk)))

    def test_files_of_a_draft_are_shown_to_its_agency_alone(self, desk: Desk, now: datetime) -> None:
        document = make_document(desk.agency, actor=desk.officer, now=now, name="Draf.pdf")
        desk.draft(replace(REPORTED, document_ids=frozenset({document.pk})))
        assert "Draf.pdf" in words_of(browser_of(desk.officer).get(url(desk)))
        assert "Draf.pdf" not in words_of(browser_of(desk.reviewer).get(url(desk)))


class TestText:
    def test_text_is_chosen_by_the_address(self, desk: Desk) -> None:
        for query, first in (
            ("", "en"),
            ("?text=ms", "ms"),
            ("?text=en", "en"),
            ("?text=both", "en"),
            ("?text=x", "en"),
        ):
            response = browser_of(desk.officer).get(url(desk) + query)
            assert f'<h1 class="official" lang="{first}">' in response.content.decode(), (query, first)
            assert response.context["shows_both"] is (query == "?text=both"), (query, first)

    def test_divergence_is_shown_and_an_unknown_item_is_not_found(self, desk: Desk) -> None:
        desk.item.divergence_en = "The Malay says less."
        desk.item.save()
        assert "The Malay says less." in words_of(browser_of(desk.officer).get(url(desk)))
        assert browser_of(desk.officer).get(reverse("recommendations:item", args=[0])).status_code == 404


def _crowd(desk: Desk, now: datetime) -> None:
    """Give the item three more agencies, updates, files, steps, links and requests."""
    for number in range(2, 5):
        document = make_document(desk.agency, actor=desk.officer, now=now)
        submission = desk.submission(replace(REPORTED, document_ids=frozenset({document.pk})))
        review = accept_update(submission, status="progress", percent=40, actor=desk.reviewer, now=now)
        supersede_verdict(review, status="progress", percent=30, reason="Silap", actor=desk.reviewer, now=now)
        plan_action(
            desk.assignment, text="Kursus", owner=desk.officer, due_on=TODAY, actor=desk.officer, now=now
        )
        other = make_agency(f"AGENSI{number}")
        support = make_assignment(desk.item, other, actor=desk.administrator, now=now, role="support")
        make_submission(support, actor=make_person(Role.OFFICER, other), now=now)
        suggestion = make_agency(f"CADANGAN{number}")
        suggest_assignment(desk.item, agency=suggestion, role="support", actor=desk.administrator, now=now)
        weakness = make_item(desk.cycle, number=number, kind=ItemKind.WEAKNESS)
        ItemLink.objects.create(weakness=weakness, answer=desk.item)
    make_draft(desk.assignment, actor=desk.officer, now=now)
    ask_later_date(
        desk.assignment, reason="Kursus", proposed_on=date(2023, 12, 1), actor=desk.officer, now=now
    )


def test_number_of_queries_does_not_grow_with_the_item(
    desk: Desk, now: datetime, django_assert_max_num_queries: Any
) -> None:
    _crowd(desk, now)
    for who in ("officer", "reviewer", "observer", "outsider"):
        browser = browser_of(getattr(desk, who))
        with django_assert_max_num_queries(20):
            assert browser.get(url(desk)).status_code == 200, who


def test_observer_of_an_agency_that_answers_reads_the_page_as_any_observer(desk: Desk) -> None:
    observer = make_person(Role.OBSERVER, desk.agency)
    page = browser_of(observer).get(url(desk))
    assert page.status_code == 200
    assert reverse("recommendations:comments", args=[desk.assignment.pk]) not in page.content.decode()


def test_late_update_is_said_to_its_agency_and_mapo_alone(desk: Desk) -> None:
    late = TODAY - timedelta(days=3)
    Assignment.objects.filter(pk=desk.assignment.pk).update(next_due_on=late)
    languages = {"en": "3 days late", "ms": "lewat 3 hari"}
    for language, words in languages.items():
        told = {
            role: words in words_of(browser_of(getattr(desk, role), language).get(url(desk))).lower()
            for role in EVERYBODY
        }
        assert told == {role: role not in ("outsider", "observer") for role in EVERYBODY}, language
    make_submission(desk.assignment, actor=desk.officer, now=desk.now)
    for language, words in languages.items():
        assert words not in words_of(browser_of(desk.officer, language).get(url(desk))).lower()


def test_mapo_sees_of_every_agency_whether_it_is_late(desk: Desk, partner: User) -> None:
    Assignment.objects.filter(agency=partner.agency).update(next_due_on=TODAY - timedelta(days=5))
    late = {
        person: {line.code for line in read(desk, person).lines if line.is_late}
        for person in (desk.administrator, partner, desk.officer)
    }
    assert late == {desk.administrator: {"JIM"}, partner: {"JIM"}, desk.officer: set()}
    assert "5 days late" in words_of(browser_of(desk.administrator).get(url(desk)))
