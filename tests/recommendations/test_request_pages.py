"""What an agency asks of MAPO, and whom its coordinator names."""

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from cycles.services import left_open
from recommendations.models import AssignmentRequest
from recommendations.queries.assignments_page import counts_of, open_requests
from recommendations.services import (
    answer_request,
    decline_assignment,
    end_assignment,
    withdraw_request,
)
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of

OTHERS = ["outsider", "reviewer", "administrator", "observer"]


def url(desk: Desk, name: str) -> str:
    return reverse(f"recommendations:{name}", args=[desk.assignment.pk])


class TestAsk:
    def test_request_that_cannot_be_is_refused_the_text_kept_and_others_find_no_form(
        self, desk: Desk
    ) -> None:
        for name in ("assignment_decline", "assignment_later"):
            for language in ("ms", "en"):
                assert browser_of(desk.officer, language).get(url(desk, name)).status_code == 200, (
                    name,
                    language,
                )
        for day in ("2023-09-14", "2023-10-14", "2024-04-01", "2025-01-01", ""):
            data = {"reason": "Kursus ditunda.", "proposed_on": day}
            response = browser_of(desk.officer).post(url(desk, "assignment_later"), data)
            assert response.status_code == 200, day
            assert response.context["form"].errors, day
            assert "Kursus ditunda." in response.content.decode(), day
            assert not AssignmentRequest.objects.exists(), day
        response = browser_of(desk.officer).post(url(desk, "assignment_decline"), {"reason": " "})
        assert response.context["form"].errors["reason"]
        for who in OTHERS:
            for name in ("assignment_decline", "assignment_later"):
                browser = browser_of(getattr(desk, who))
                assert browser.get(url(desk, name)).status_code == 404, (who, name)
                assert (
                    browser.post(url(desk, name), {"reason": "x", "proposed_on": "2023-12-01"}).status_code
                    == 404
                ), (who, name)
                assert not AssignmentRequest.objects.exists(), (who, name)

    def test_decline_asks_mapo_and_leaves_the_assignment_in_force(self, desk: Desk) -> None:
        data = {"reason": "Bukan bidang kami.", "answer": "granted", "kind": "later"}
        response = browser_of(desk.officer).post(url(desk, "assignment_decline"), data, follow=True)
        request = AssignmentRequest.objects.get()
        assert (request.kind, request.reason, request.answer) == ("decline", "Bukan bidang kami.", "")
        desk.assignment.refresh_from_db()
        assert desk.assignment.is_confirmed
        assert "Asked MAPO on 14 September to remove this assignment; waiting for an answer." in words_of(
            response
        )

    def test_later_date_is_asked_for(self, desk: Desk) -> None:
        for day in ("2023-12-01", "1hb Disember"):
            with transaction.atomic():
                data = {"reason": "Kursus ditunda.", "proposed_on": day}
                browser_of(desk.officer).post(url(desk, "assignment_later"), data)
                assert AssignmentRequest.objects.get().proposed_on == date(2023, 12, 1), day
                transaction.set_rollback(True)

    def test_second_request_is_refused_while_one_waits(self, desk: Desk, now: datetime) -> None:
        decline_assignment(desk.assignment, reason="Bukan bidang kami", actor=desk.colleague, now=now)
        response = browser_of(desk.officer).post(url(desk, "assignment_decline"), {"reason": "Sekali lagi"})
        assert "A request on this assignment is already waiting for MAPO." in words_of(response)
        assert AssignmentRequest.objects.count() == 1

    def test_request_about_an_assignment_that_has_ended_waits_for_nobody(
        self, desk: Desk, now: datetime
    ) -> None:
        decline_assignment(desk.assignment, reason="Bukan bidang kami", actor=desk.colleague, now=now)
        assert len(open_requests(desk.cycle)) == counts_of(desk.cycle)["requests"] == 1
        assert left_open(desk.cycle)["requests"] == 1
        end_assignment(desk.assignment, reason="KPWKM sahaja", actor=desk.administrator, now=now)
        assert open_requests(desk.cycle) == [] and counts_of(desk.cycle)["requests"] == 0
        assert left_open(desk.cycle)["requests"] == 0
        words = words_of(browser_of(desk.officer).get("/our-agency/"))
        assert "The assignment has ended" in words and "Waiting for an answer" not in words


class TestWithdraw:
    def withdraw_url(self, asked: AssignmentRequest) -> str:
        return reverse("recommendations:request_withdraw", args=[asked.pk])

    def test_item_page_offers_it_while_the_request_waits(self, desk: Desk, now: datetime) -> None:
        for language in ("ms", "en"):
            asked = decline_assignment(
                desk.assignment, reason="Bukan bidang kami", actor=desk.officer, now=now
            )
            item = reverse("recommendations:item", args=[desk.item.pk])
            browser = browser_of(desk.colleague, language)
            assert self.withdraw_url(asked) in browser.get(item).content.decode(), language
            page = browser.post(self.withdraw_url(asked), follow=True)
            assert page.redirect_chain[-1][0] == item, language
            assert self.withdraw_url(asked) not in page.content.decode(), language
            assert url(desk, "assignment_decline") in page.content.decode(), language
            if language == "en":
                assert "Your agency withdrew the last request." in words_of(page), language

    def test_mapo_no_longer_finds_it_among_those_that_wait(self, desk: Desk, now: datetime) -> None:
        asked = decline_assignment(desk.assignment, reason="Bukan bidang kami", actor=desk.officer, now=now)
        tab = reverse("recommendations:assignments") + "?tab=requests"
        answer = reverse("recommendations:request_answer", args=[asked.pk])
        mapo = browser_of(desk.reviewer)
        assert answer in mapo.get(tab).content.decode()
        browser_of(desk.officer).post(self.withdraw_url(asked))
        page = mapo.get(tab)
        assert answer not in page.content.decode()
        assert "Withdrawn by the agency" in words_of(page)

    def test_mapo_that_answers_it_is_told(self, desk: Desk, now: datetime) -> None:
        asked = decline_assignment(desk.assignment, reason="Bukan bidang kami", actor=desk.officer, now=now)
        withdraw_request(asked, actor=desk.officer, now=now)
        answer = reverse("recommendations:request_answer", args=[asked.pk])
        page = browser_of(desk.reviewer).post(answer, {"answer": "refuse", "reason": "Masih perlu."})
        assert page.status_code == 422
        assert "The agency has withdrawn this request" in words_of(page)
        assert "Masih perlu." in page.content.decode()

    def test_it_is_refused_once_answered(self, desk: Desk, now: datetime) -> None:
        asked = decline_assignment(desk.assignment, reason="Bukan bidang kami", actor=desk.officer, now=now)
        answer_request(asked, grant=False, reason="Masih perlu.", actor=desk.reviewer, now=now)
        page = browser_of(desk.officer).post(self.withdraw_url(asked))
        assert page.status_code == 409
        assert "MAPO has already answered this request." in words_of(page)
        assert AssignmentRequest.objects.get().answer == "refused"

    def test_it_is_not_found_by_others(self, desk: Desk, now: datetime) -> None:
        asked = decline_assignment(desk.assignment, reason="Bukan bidang kami", actor=desk.officer, now=now)
        for who in OTHERS:
            assert browser_of(getattr(desk, who)).post(self.withdraw_url(asked)).status_code == 404, who
            assert AssignmentRequest.objects.get().answer == "", who


class TestOfficers:
    def test_form_offers_the_agencys_own_people_alone(self, desk: Desk) -> None:
        for language in ("ms", "en"):
            response = browser_of(desk.coordinator, language).get(url(desk, "assignment_officers"))
            assert set(response.context["form"].fields["officers"].queryset) == {
                desk.officer,
                desk.colleague,
                desk.coordinator,
            }, language
        data = {"officers": [desk.outsider.pk]}
        response = browser_of(desk.coordinator).post(url(desk, "assignment_officers"), data)
        assert response.context["form"].errors["officers"]
        assert not desk.assignment.officers.exists()

    def test_coordinator_names_and_unnames(self, desk: Desk) -> None:
        browser = browser_of(desk.coordinator)
        browser.post(url(desk, "assignment_officers"), {"officers": [desk.officer.pk, desk.colleague.pk]})
        assert set(desk.assignment.officers.all()) == {desk.officer, desk.colleague}
        browser.post(url(desk, "assignment_officers"), {})
        assert not desk.assignment.officers.exists()
