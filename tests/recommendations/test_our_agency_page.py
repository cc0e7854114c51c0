"""The page of one agency: who answers for what, drafts and their authors, what is late, who is away, what was asked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.roles import Role
from accounts.services.people import deactivate_person
from accounts.services.stand_ins import name_stand_in
from audit.models import Event
from recommendations import services
from recommendations.models import Assignment, Update
from recommendations.queries.agency_page import AgencyFilters, AgencyPage, read_agency_page
from recommendations.queries.my_work import read_agency_tasks
from tests.factories.accounts import make_person, set_clearance
from tests.factories.recommendations import (
    make_accepted,
    make_assignment,
    make_draft,
    make_item,
    make_submission,
)
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of

pytestmark = pytest.mark.django_db
PAGE = "/our-agency/"
TODAY = date(2023, 9, 14)


def more(desk: Desk, number: int) -> Assignment:
    """Another assignment in force of the desk's agency."""
    return make_assignment(
        make_item(desk.cycle, number=number), desk.agency, actor=desk.administrator, now=desk.now
    )


def name(desk: Desk, *people: User, assignment: Assignment | None = None) -> None:
    services.name_officers(
        assignment or desk.assignment, officers=people, actor=desk.administrator, now=desk.now
    )


def read(desk: Desk, reader: User | None = None, **filters: str) -> AgencyPage:
    reader = reader or desk.coordinator
    return read_agency_page(
        desk.agency,
        desk.cycle,
        tasks=read_agency_tasks(desk.agency, desk.cycle, reader=reader, today=TODAY),
        reader=reader,
        filters=AgencyFilters.read(filters),
        today=TODAY,
    )


def number_of(page: AgencyPage, state: str) -> int:
    (count,) = (each.number for each in page.counts if each.state == state)
    return count


class TestWhoMaySee:
    def test_coordinator_officer_and_mapo_see_the_agency(self, desk: Desk) -> None:
        for person in (desk.coordinator, desk.officer):
            assert "Recommendation 1 Lead" in text_of(Visitor(person).get(PAGE))
        for person in (desk.reviewer, desk.administrator):
            assert "Recommendation 1 Lead" in text_of(Visitor(person).get(PAGE, agency="PDRM"))

    def test_another_agency_is_not_found_and_recorded(self, desk: Desk) -> None:
        coordinator = make_person(Role.COORDINATOR, desk.other_agency)
        for person in (desk.outsider, coordinator):
            visitor = Visitor(person)
            assert visitor.get(PAGE, agency="PDRM").status_code == 404
            assert visitor.get(PAGE, agency="MPOB").status_code == 200
        refused = Event.objects.filter(action="permission.refused", agency_id=desk.agency.pk)
        assert refused.count() == 2

    def test_mapo_chooses_the_agency_and_unknown_codes_are_not_found(self, desk: Desk) -> None:
        response = Visitor(desk.reviewer).get(PAGE)
        assert "Choose an agency" in text_of(response) and "PDRM · " in text_of(response)
        assert "Recommendation 1" not in text_of(response)
        assert Visitor(desk.observer).get(PAGE).status_code == 404
        for code in ("NIL", "pdrm", "P\0"):
            assert Visitor(desk.reviewer).get(PAGE, agency=code).status_code == 404

    def test_coordinators_reach_it_in_one_click(self, desk: Desk) -> None:
        nav = Visitor(desk.coordinator).get("/my-work/").context["nav"]
        assert [entry["url"] for entry in nav][:2] == ["/my-work/", PAGE]
        assert PAGE in [entry["url"] for entry in Visitor(desk.officer).get("/my-work/").context["nav"]]
        assert PAGE not in [entry["url"] for entry in Visitor(desk.observer).get("/items/").context["nav"]]

    def test_only_the_coordinator_keeps_people(self, desk: Desk) -> None:
        path = f"/people/{desk.officer.pk}/stand-ins/"
        assert path in Visitor(desk.coordinator).get(PAGE).text
        assert path not in Visitor(desk.officer).get(PAGE).text
        assert path not in Visitor(desk.administrator).get(PAGE, agency="PDRM").text


class TestDrafts:
    def test_the_agency_sees_who_saved_a_draft_last(self, desk: Desk) -> None:
        draft = desk.draft()
        Update.objects.filter(pk=draft.pk).update(saved_by=desk.colleague)
        page = text_of(Visitor(desk.officer).get(PAGE))
        assert f"Draft Last saved by {desk.colleague.name} today" in page

    def test_mapo_sees_that_a_draft_exists_and_no_more(self, desk: Desk) -> None:
        draft = desk.draft()
        response = Visitor(desk.reviewer).get(PAGE, agency="PDRM")
        (row,) = response.context["page"].rows
        assert (row.is_draft, row.author) == (True, "")
        assert row.draft_since == draft.created_at and "Begun 14\xa0Sep" in response.text
        assert draft.narrative not in response.text and f"/updates/{draft.pk}/" not in response.text
        assert "Last saved by" not in text_of(response)

    def test_above_ones_clearance_there_is_no_author(self, desk: Desk) -> None:
        draft = desk.draft()
        Update.objects.filter(pk=draft.pk).update(classification=2)
        (row,) = read(desk).rows
        assert row.is_draft and not row.author
        assert "Above your clearance" in text_of(Visitor(desk.coordinator).get(PAGE))
        set_clearance(desk.reviewer, clearance=1, actor=desk.administrator, now=desk.now)
        desk.reviewer.refresh_from_db()
        (row,) = read(desk, desk.reviewer).rows
        assert row.update_state == ""


class TestStates:
    def test_counts_and_filters(self, desk: Desk) -> None:
        late, soon, draft, sent = (more(desk, number) for number in (2, 3, 4, 5))
        Assignment.objects.filter(pk=late.pk).update(next_due_on=TODAY - timedelta(days=3))
        Assignment.objects.filter(pk=soon.pk).update(next_due_on=TODAY + timedelta(days=1))
        make_draft(draft, actor=desk.officer, now=desk.now)
        make_submission(sent, actor=desk.officer, now=desk.now)
        back = desk.submission()
        services.return_update(
            back,
            reason="Sila betulkan.",
            resubmit_by=TODAY + timedelta(days=5),
            actor=desk.reviewer,
            now=desk.now,
        )
        services.decline_assignment(soon, reason="Bukan bidang kami.", actor=desk.coordinator, now=desk.now)
        name(desk, desk.officer, assignment=late)
        page = read(desk)
        assert page.total == 5 and page.rows[0].is_returned and page.rows[1].task.assignment.pk == late.pk
        assert {str(each.state): each.number for each in page.counts} == {
            "returned": 1, "late": 1, "soon": 2, "draft": 1, "awaiting": 1, "unnamed": 4, "asked": 1,
        }  # fmt: skip
        for state, assignment in (("late", late), ("draft", draft), ("awaiting", sent), ("asked", soon)):
            assert [row.task.assignment.pk for row in read(desk, state=state).rows] == [assignment.pk]
        assert [row.task.assignment.pk for row in read(desk, officer=str(desk.officer.pk)).rows] == [late.pk]
        assert len(read(desk, officer="none").rows) == 4
        assert len(read(desk, state="unknown").rows) == 5

    def test_nobody_active_is_flagged_and_told_from_nobody_named(self, desk: Desk) -> None:
        before = text_of(Visitor(desk.coordinator).get(PAGE))
        assert "Nobody named" in before and "No active officer" not in before
        name(desk, desk.officer)
        assert number_of(read(desk), "unnamed") == 0
        deactivate_person(desk.officer, reason="Bersara", actor=desk.administrator, now=desk.now)
        assert number_of(read(desk), "unnamed") == 1
        text = text_of(Visitor(desk.coordinator).get(PAGE))
        assert f"{desk.officer.name} cannot act No active officer" in text

    def test_suggested_ended_and_foreign_assignments_are_not_shown(self, desk: Desk) -> None:
        services.suggest_assignment(
            make_item(desk.cycle, number=7),
            agency=desk.agency,
            role="lead",
            actor=desk.administrator,
            now=desk.now,
        )
        make_assignment(
            make_item(desk.cycle, number=8), desk.other_agency, actor=desk.administrator, now=desk.now
        )
        services.end_assignment(more(desk, 9), reason="Tamat", actor=desk.administrator, now=desk.now)
        assert [row.task.assignment.pk for row in read(desk).rows] == [desk.assignment.pk]


class TestPeople:
    def test_who_is_away_is_shown_beside_the_items(self, desk: Desk) -> None:
        name(desk, desk.officer)
        name_stand_in(
            desk.officer,
            colleague=desk.colleague,
            from_on=TODAY,
            until_on=date(2023, 9, 20),
            actor=desk.coordinator,
            now=desk.now,
        )
        response = Visitor(desk.coordinator).get(PAGE)
        text = text_of(response)
        assert f"{desk.officer.name} away until 20 Sep 2023" in text
        assert f"{desk.colleague.name} stands in" in text
        assert response.context["page"].away_count == 1

    def test_a_later_stand_in_is_shown_and_is_not_away_today(self, desk: Desk) -> None:
        name_stand_in(
            desk.officer,
            colleague=desk.colleague,
            from_on=date(2023, 10, 2),
            until_on=date(2023, 10, 6),
            actor=desk.coordinator,
            now=desk.now,
        )
        page = read(desk)
        assert page.away_count == 0 and sum(len(each.absences) for each in page.people) == 1

    def test_own_people_alone_are_shown(self, desk: Desk) -> None:
        assert {each.person for each in read(desk).people} == {desk.officer, desk.colleague, desk.coordinator}


class TestRequests:
    def test_requests_show_their_answer_and_waiting_ones_first(self, desk: Desk) -> None:
        asked = services.ask_later_date(
            desk.assignment,
            reason="Data lewat.",
            proposed_on=date(2023, 11, 1),
            actor=desk.officer,
            now=desk.now,
        )
        services.answer_request(
            asked,
            grant=False,
            reason="Tarikh kekal.",
            actor=desk.reviewer,
            now=desk.now + timedelta(minutes=1),
        )
        services.decline_assignment(
            more(desk, 2), reason="Bukan kami.", actor=desk.officer, now=desk.now + timedelta(minutes=2)
        )
        text = text_of(Visitor(desk.coordinator).get(PAGE))
        assert text.index("Bukan kami. Waiting for an answer") < text.index(
            "Data lewat. Refused Tarikh kekal."
        )


def test_page_in_both_languages_takes_the_same_queries_for_one_row_and_for_three(
    desk: Desk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for language in ("ms", "en"):
        with transaction.atomic():
            rows = [desk.assignment]
            make_accepted(desk.assignment, actor=desk.officer, reviewer=desk.reviewer, now=desk.now)
            make_draft(desk.assignment, actor=desk.officer, now=desk.now)
            visitor = Visitor(desk.coordinator, language)
            visitor.get(PAGE)
            with CaptureQueriesContext(connection) as few:
                visitor.get(PAGE)
            for number in (2, 3):
                rows.append(more(desk, number))
                make_accepted(rows[-1], actor=desk.officer, reviewer=desk.reviewer, now=desk.now)
                make_draft(rows[-1], actor=desk.officer, now=desk.now)
            for row in rows:
                name(desk, desk.officer, desk.colleague, assignment=row)
            with django_assert_num_queries(len(few)):
                response = visitor.get(PAGE)
            assert len(response.context["page"].rows) == 3, language
            transaction.set_rollback(True)
