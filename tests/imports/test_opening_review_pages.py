"""The pages of a batch that was sent: MAPO's decision, what stays visible of its rows, and My work."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.roles import Role
from audit.models import Event
from imports.services.batches import discard_batch
from imports.services.reviews import accept_opening, return_opening
from recommendations.models import OpeningImport, Review
from tests.conftest import NOW, Clock
from tests.factories.accounts import make_agency, make_person
from tests.factories.recommendations import make_assignment, make_item
from tests.imports.openings import batch, page_of, sent, waiting
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of, toasts

pytestmark = pytest.mark.django_db
LIST = "/openings/"


# MAPO decides


def review(opening: OpeningImport) -> str:
    return page_of(opening, "review")


RETURNING = {"decision": "return", "return_reason": "Nyatakan bilangan.", "resubmit_by": "2023-09-21"}


def test_queue_shows_a_batch_as_one_line_and_the_nav_counts_it_once(desk: Desk) -> None:
    other = make_assignment(
        make_item(desk.cycle, number=2), desk.agency, actor=desk.administrator, now=desk.now
    )
    assert other.pk
    opening = waiting(desk, {}, {"reported_on": "2023-06-05"}, {"item": "Syor 2"})
    response = Visitor(desk.reviewer).get("/reviews/")
    text = text_of(response)
    assert len(response.context["page"].rows) == 1 and "3 reports, one decision" in text
    assert review(opening) in response.content.decode()
    assert next(door["count"] for door in response.context["nav"] if door["count"]) == 1


def test_queue_hides_a_batch_above_the_readers_clearance_with_all_its_rows(desk: Desk) -> None:
    secret = {"reported_on": "2023-06-05", "classification": "Sulit"}
    sent(desk.cycle, desk.agency, {}, secret, actor=desk.reviewer, now=desk.now)
    lowered = make_person(Role.REVIEWER, make_agency("JPM"), clearance=1)
    response = Visitor(lowered).get("/reviews/")
    assert response.context["page"].rows == [] and not any(door["count"] for door in response.context["nav"])
    opening = OpeningImport.objects.get()
    assert Visitor(lowered).get(review(opening)).status_code == 404
    assert Visitor(lowered).post(review(opening), {"decision": "accept"}).status_code == 404


@pytest.mark.parametrize("language", ["ms", "en"])
def test_review_page_in_both_languages(desk: Desk, language: str) -> None:
    response = Visitor(desk.reviewer, language).get(review(waiting(desk)))
    assert response.status_code == 200 and f'lang="{language}"' in response.content.decode()


def test_review_page_shows_all_rows_in_order_of_time_beside_the_verdict_that_stands(desk: Desk) -> None:
    desk.accepted()
    opening = waiting(desk, {}, {"reported_on": "2023-09-14", "percent": "60"})
    text = text_of(Visitor(desk.reviewer).get(review(opening)))
    assert "2 reports on 1 item" in text and "1 of 1" in text
    assert text.index("reported 2 May 2023") < text.index("reported 14 September 2023")
    assert "Newest report In progress 60%" in text and "MAPO's previous verdict In progress 40%" in text


def test_accept_takes_every_row_and_goes_on(desk: Desk) -> None:
    opening = waiting(desk)
    response = Visitor(desk.reviewer).post(review(opening), {"decision": "accept"}, follow=True)
    assert toasts(response) == ["Accepted: the opening import of PDRM, 3 reports on 1 item."]
    assert Review.objects.accepted().count() == 3
    text = text_of(Visitor(desk.officer).get(page_of(opening)))
    assert f"Accepted as a whole by {desk.reviewer.name}" in text


def test_return_needs_its_reason_and_keeps_what_was_typed(desk: Desk) -> None:
    opening = waiting(desk, {})
    visitor = Visitor(desk.reviewer)
    response = visitor.post(review(opening), {**RETURNING, "return_reason": " "})
    assert response.status_code == 422 and "Say what must be corrected." in text_of(response)
    response = visitor.post(review(opening), {**RETURNING, "resubmit_by": "2023-09-14"})
    assert response.status_code == 422 and "Nyatakan bilangan." in text_of(response)
    assert not Review.objects.exists()


def test_return_is_seen_by_the_agency_with_the_way_on(desk: Desk) -> None:
    opening = waiting(desk)
    assert Visitor(desk.reviewer).post(review(opening), RETURNING).status_code == 302
    visitor = Visitor(desk.officer)
    for url in ("/my-work/", page_of(opening)):
        assert "Nyatakan bilangan." in text_of(visitor.get(url))
    assert "Correct and send again" in text_of(visitor.get(page_of(opening)))
    again = text_of(visitor.post(page_of(opening, "reopen"), follow=True))
    assert "Nyatakan bilangan." in again and "3 rows: 3 ready" in again


def test_decide_after_another_reviewer_tells_who_was_first_and_keeps_the_reason(desk: Desk) -> None:
    opening = waiting(desk, {})
    accept_opening(opening, actor=desk.second_reviewer, now=desk.now)
    response = Visitor(desk.reviewer).post(review(opening), RETURNING)
    text = text_of(response)
    assert response.status_code == 409 and f"{desk.second_reviewer.name} has already decided" in text
    assert "Nyatakan bilangan." in text


def test_decide_after_it_was_taken_back_says_so(desk: Desk) -> None:
    opening = waiting(desk, {})
    Visitor(desk.officer).post(page_of(opening, "reopen"))
    response = Visitor(desk.reviewer).post(review(opening), {"decision": "accept"})
    assert response.status_code == 409 and "This import was withdrawn" in text_of(response)


def test_whoever_brought_it_in_is_told_that_somebody_else_decides(desk: Desk) -> None:
    opening = sent(desk.cycle, desk.agency, {}, actor=desk.reviewer, now=desk.now)
    visitor = Visitor(desk.reviewer)
    assert "You wrote this update. Somebody else must decide on it." in text_of(visitor.get(review(opening)))
    assert visitor.post(review(opening), {"decision": "accept"}).status_code == 403
    assert Event.objects.filter(action="permission.refused").exists()
    assert not Review.objects.exists()


def test_review_page_of_a_draft_of_ones_own_leads_to_it(desk: Desk) -> None:
    opening = batch(desk, {}, actor=desk.reviewer)
    assert Visitor(desk.reviewer).get(review(opening))["Location"] == page_of(opening)


@pytest.mark.parametrize("rows", [1, 3])
def test_review_page_takes_the_same_queries_whatever_its_rows(
    desk: Desk, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    opening = waiting(desk, *[{"reported_on": f"2023-05-0{day}"} for day in range(1, 1 + rows)])
    visitor = Visitor(desk.reviewer)
    visitor.get(review(opening))
    with django_assert_num_queries(11):
        visitor.get(review(opening))


# What stays visible of a row by itself


def test_pages_of_a_waiting_row_point_to_the_batch_and_it_is_not_taken_back_by_itself(desk: Desk) -> None:
    opening = waiting(desk, {})
    url = reverse("recommendations:update_withdraw", args=[opening.updates.get().pk])
    response = Visitor(desk.officer).post(url)
    assert response.status_code == 409 and "part of an opening import" in text_of(response)
    update = opening.updates.get()
    text = text_of(Visitor(desk.officer).get(reverse("recommendations:update", args=[update.pk])))
    assert "Reported on 2 May 2023 · brought in by opening import on 14 September 2023" in text
    assert "Withdraw" not in text
    edit = Visitor(desk.officer).get(reverse("recommendations:update_edit", args=[update.pk]))
    assert edit["Location"] == page_of(opening)
    decide = Visitor(desk.reviewer).get(reverse("recommendations:review", args=[update.pk]))
    assert decide["Location"] == review(opening)


def test_an_accepted_row_shows_both_days_to_who_may_read_it(desk: Desk) -> None:
    opening = waiting(desk, {})
    accept_opening(opening, actor=desk.reviewer, now=desk.now)
    update = opening.updates.get()
    both = "Reported on 2 May 2023 · brought in by opening import on 14 September 2023"
    for person in (desk.officer, desk.observer, desk.reviewer):
        assert both in text_of(Visitor(person).get(reverse("recommendations:item", args=[desk.item.pk])))
    assert both in text_of(Visitor(desk.reviewer).get(reverse("recommendations:review", args=[update.pk])))
    assert "Replace this verdict" in text_of(
        Visitor(desk.reviewer).get(reverse("recommendations:review", args=[update.pk]))
    )
    item = text_of(Visitor(desk.officer).get(reverse("recommendations:item", args=[desk.item.pk])))
    assert "2 May 2023 In progress 20% brought in 14 September · Accepted" in item
    assert "2 May 2023" not in text_of(
        Visitor(desk.outsider).get(reverse("recommendations:item", args=[desk.item.pk]))
    )


def test_a_corrected_verdict_is_told_beside_its_row(desk: Desk) -> None:
    from recommendations.services import supersede_verdict

    opening = waiting(desk, {})
    accept_opening(opening, actor=desk.reviewer, now=desk.now)
    verdict = Review.objects.get()
    supersede_verdict(verdict, status="none", percent=0, reason="Silap", actor=desk.reviewer, now=desk.now)
    assert "MAPO decided No action 0%" in text_of(Visitor(desk.officer).get(page_of(opening)))


# My work


def test_my_work_shows_the_open_batch_with_the_next_step(desk: Desk) -> None:
    opening = batch(desk, {}, {"reported_on": "2023-06-05"})
    visitor = Visitor(desk.colleague)
    text = text_of(visitor.get("/my-work/"))
    assert "Opening import in draft: 2 rows have been read" in text and "Nothing to send" not in text
    discard_batch(opening, revision=opening.revision, actor=desk.officer, now=desk.now)
    assert "Opening import in draft" not in text_of(visitor.get("/my-work/"))


def test_my_work_shows_a_waiting_batch_and_its_items_once_each(desk: Desk) -> None:
    opening = waiting(desk)
    response = Visitor(desk.officer).get("/my-work/")
    text = text_of(response)
    assert "The opening import awaits MAPO" in text and "Sent today" in text
    assert response.content.decode().count(f'href="{page_of(opening)}"') == 2


def test_my_work_shows_a_returned_batch_as_one_card(desk: Desk, clock: Clock) -> None:
    opening = waiting(desk)
    return_opening(
        opening, reason="Nyatakan.", resubmit_by=date(2023, 9, 21), actor=desk.reviewer, now=desk.now
    )
    text = text_of(Visitor(desk.officer).get("/my-work/"))
    assert text.count("Nyatakan.") == 1 and "The opening import needs correcting" in text
    assert "needs correcting Point" not in text
    clock.move_to(NOW + timedelta(days=1))


def test_my_work_of_others_says_nothing_of_it(desk: Desk) -> None:
    batch(desk, {})
    assert "Opening import in draft" not in text_of(Visitor(desk.outsider).get("/my-work/"))
