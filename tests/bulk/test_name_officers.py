"""Naming officers for many assignments at once: previewed, done as a whole, undone as a whole, within one agency."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.roles import Role
from accounts.services.people import deactivate_person
from audit.errors import NotAllowed, NotNow
from audit.models import Event
from bulk.models import BulkAct
from bulk.services.orders import NameOfficers
from bulk.services.plan import make_plan
from bulk.services.undo import BuiltUpon, undo_bulk
from recommendations import services
from recommendations.models import Assignment, AssignmentOfficer
from tests.bulk.test_bulk_acts import apply, in_force
from tests.factories.accounts import make_person
from tests.factories.recommendations import make_assignment, make_cycle, make_item
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
PAGE, PREVIEW, APPLY = "/our-agency/", "/assignments/bulk/officers/", "/assignments/bulk/officers/apply/"


def naming(desk: Desk, rows: list[Assignment], *people: User, change: str = "add") -> NameOfficers:
    return NameOfficers(
        chosen=tuple(row.pk for row in rows),
        agency_id=desk.agency.pk,
        officers=tuple(person.pk for person in people),
        change=change,
    )


def named(row: Assignment) -> set[User]:
    return {link.user for link in AssignmentOfficer.objects.filter(assignment=row).select_related("user")}


def name(desk: Desk, row: Assignment, *people: User) -> None:
    services.name_officers(row, officers=people, actor=desk.administrator, now=desk.now)


def do(desk: Desk, order: NameOfficers, **changes: Any) -> BulkAct:
    return apply(desk, order, **{"actor": desk.coordinator} | changes)


class TestNaming:
    def test_add_keeps_those_named(self, desk: Desk) -> None:
        rows = in_force(desk, 3)
        name(desk, rows[0], desk.colleague)
        act = do(desk, naming(desk, rows, desk.officer))
        assert [named(row) for row in rows] == [
            {desk.officer, desk.colleague},
            {desk.officer},
            {desk.officer},
        ]
        assert (act.kind, act.steps.count(), act.actor) == ("officers", 3, desk.coordinator)
        events = Event.objects.filter(action="assignment.officers_named", actor_id=desk.coordinator.pk)
        assert events.count() == 3

    def test_set_and_remove(self, desk: Desk) -> None:
        rows = in_force(desk, 2)
        for row in rows:
            name(desk, row, desk.colleague)
        do(desk, naming(desk, rows, desk.officer, desk.coordinator, change="set"))
        assert [named(row) for row in rows] == [{desk.officer, desk.coordinator}] * 2
        do(desk, naming(desk, rows, desk.officer, change="remove"))
        assert [named(row) for row in rows] == [{desk.coordinator}] * 2

    def test_rows_that_would_not_change_are_left_alone(self, desk: Desk) -> None:
        rows = in_force(desk, 2)
        name(desk, rows[0], desk.officer)
        act = do(desk, naming(desk, rows, desk.officer))
        assert [step.assignment_id for step in act.steps.all()] == [rows[1].pk]

    def test_who_has_gone_is_left_out_by_the_way(self, desk: Desk) -> None:
        name(desk, desk.assignment, desk.colleague)
        deactivate_person(desk.colleague, reason="Bersara", actor=desk.administrator, now=desk.now)
        do(desk, naming(desk, [desk.assignment], desk.officer))
        assert named(desk.assignment) == {desk.officer}

    def test_only_active_officers_of_the_agency_can_be_named(self, desk: Desk) -> None:
        for who in ("outsider", "observer", "gone"):
            if who == "gone":
                deactivate_person(desk.colleague, reason="Bersara", actor=desk.administrator, now=desk.now)
            person = desk.colleague if who == "gone" else getattr(desk, who)
            plan = make_plan(naming(desk, [desk.assignment], person), cycle=desk.cycle, now=desk.now)
            assert "is not an active officer of this agency" in plan.refused[0].refusal, who
            with pytest.raises(NotNow):
                do(desk, naming(desk, [desk.assignment], person))
            assert not named(desk.assignment), who

    def test_assignments_of_others_and_of_other_cycles_are_not_touched(self, desk: Desk) -> None:
        foreign = make_assignment(
            make_item(desk.cycle, number=8), desk.other_agency, actor=desk.administrator, now=desk.now
        )
        other = make_assignment(
            make_item(make_cycle(2022), number=1), desk.agency, actor=desk.administrator, now=desk.now
        )
        do(desk, naming(desk, [desk.assignment, foreign, other], desk.officer))
        assert [named(row) for row in (desk.assignment, foreign, other)] == [{desk.officer}, set(), set()]

    def test_others_may_not(self, desk: Desk) -> None:
        foreign = make_person(Role.COORDINATOR, desk.other_agency)
        for who in ("officer", "outsider", "observer", "foreign coordinator"):
            actor = foreign if who == "foreign coordinator" else getattr(desk, who)
            with pytest.raises(NotAllowed):
                do(desk, naming(desk, [desk.assignment], desk.officer), actor=actor)
            assert not named(desk.assignment) and not BulkAct.objects.exists(), who

    def test_what_changed_since_the_preview_is_refused(self, desk: Desk) -> None:
        order = naming(desk, [desk.assignment], desk.officer)
        seen = make_plan(order, cycle=desk.cycle, now=desk.now).fingerprints
        name(desk, desk.assignment, desk.colleague)
        with pytest.raises(NotNow, match="Something changed"):
            do(desk, order, seen=seen)
        assert named(desk.assignment) == {desk.colleague}

    def test_sent_twice_it_is_done_once(self, desk: Desk) -> None:
        order, token = naming(desk, [desk.assignment], desk.officer), uuid4()
        seen = make_plan(order, cycle=desk.cycle, now=desk.now).fingerprints
        first = do(desk, order, token=token, seen=seen)
        assert do(desk, order, token=token, seen=seen) == first
        assert BulkAct.objects.count() == 1


class TestUndo:
    def test_undo_names_who_was_named_before(self, desk: Desk) -> None:
        rows = in_force(desk, 2)
        name(desk, rows[0], desk.colleague)
        act = do(desk, naming(desk, rows, desk.officer, change="set"))
        undo_bulk(act, actor=desk.coordinator, now=desk.now)
        assert [named(row) for row in rows] == [{desk.colleague}, set()]

    def test_undo_is_refused_once_officers_were_named_again(self, desk: Desk) -> None:
        act = do(desk, naming(desk, [desk.assignment], desk.officer))
        name(desk, desk.assignment, desk.colleague)
        with pytest.raises(BuiltUpon):
            undo_bulk(act, actor=desk.coordinator, now=desk.now)
        assert named(desk.assignment) == {desk.colleague}

    def test_a_foreign_coordinator_may_not_undo_and_mapo_may(self, desk: Desk) -> None:
        act = do(desk, naming(desk, [desk.assignment], desk.officer))
        with pytest.raises(NotAllowed):
            undo_bulk(act, actor=make_person(Role.COORDINATOR, desk.other_agency), now=desk.now)
        undo_bulk(act, actor=desk.reviewer, now=desk.now)
        assert not named(desk.assignment)


class TestPages:
    def test_from_the_choice_over_the_preview_to_undo(self, desk: Desk) -> None:
        rows = [desk.assignment, *in_force(desk, 8)]
        visitor = Visitor(desk.coordinator)
        fields = {"chosen": [row.pk for row in rows], "officers": [desk.officer.pk], "change": "add"}
        preview = visitor.post(PREVIEW, fields)
        text = text_of(preview)
        assert "Change officers of 9 items Nothing has been changed yet" in text
        assert text.count(f"Nobody named {desk.officer.name}") == 9 and not BulkAct.objects.exists()
        shown = preview.context["preview"]
        sent = fields | {"chosen": shown.keys, "seen": shown.seen, "token": str(preview.context["token"])}
        done = visitor.post(APPLY, sent, follow=True)
        assert "Officers of 9 items changed." in text_of(done) and done.redirect_chain[0][0] == PAGE
        act = BulkAct.objects.get()
        assert f"/acts/{act.pk}/undo/" in done.text
        assert f"Nobody named {desk.officer.name}" in text_of(
            visitor.get(f"/assignments/bulk/acts/{act.pk}/")
        )
        assert "Officers of 9 items changed" in text_of(visitor.get("/assignments/bulk/acts/"))
        undone = visitor.post(f"/assignments/bulk/acts/{act.pk}/undo/", follow=True)
        assert "Undone: the officers are as before." in text_of(undone)
        assert not AssignmentOfficer.objects.exists()

    def test_back_ticks_what_was_chosen(self, desk: Desk) -> None:
        visitor = Visitor(desk.coordinator)
        fields = {"chosen": [desk.assignment.pk], "officers": [desk.officer.pk], "change": "set"}
        preview = visitor.post(f"{PREVIEW}?state=unnamed", fields)
        back = visitor.get(preview.context["back_url"])
        assert back.context["chosen"] == {desk.assignment.pk} and back.context["named"] == {desk.officer.pk}
        assert (back.context["change"], back.context["filters"].state) == ("set", "unnamed")

    def test_without_rows_or_officers_it_says_so_and_keeps_the_choice(self, desk: Desk) -> None:
        visitor = Visitor(desk.coordinator)
        nothing = visitor.post(PREVIEW, {"officers": [desk.officer.pk], "change": "remove"})
        assert nothing.status_code == 409 and "Choose at least one item." in text_of(nothing)
        assert nothing.context["named"] == {desk.officer.pk} and nothing.context["change"] == "remove"
        nobody = visitor.post(PREVIEW, {"chosen": [desk.assignment.pk], "change": "add"})
        assert nobody.status_code == 422 and "Choose at least one officer." in text_of(nobody)
        assert nobody.context["chosen"] == {desk.assignment.pk}

    def test_people_of_others_are_no_choice(self, desk: Desk) -> None:
        fields = {"chosen": [desk.assignment.pk], "officers": [desk.outsider.pk], "change": "add"}
        assert Visitor(desk.coordinator).post(PREVIEW, fields).status_code == 422

    def test_suggestions_and_what_others_answer_for_are_as_if_they_did_not_exist(self, desk: Desk) -> None:
        others = [
            services.suggest_assignment(
                make_item(desk.cycle, number=number),
                agency=agency,
                role="lead",
                actor=desk.administrator,
                now=desk.now,
            )
            for number, agency in ((71, desk.agency), (72, desk.agency), (73, desk.other_agency))
        ]
        services.end_assignment(others[1], actor=desk.administrator, now=desk.now)
        foreign = make_assignment(
            make_item(desk.cycle, number=74), desk.other_agency, actor=desk.administrator, now=desk.now
        )
        fields: dict[str, Any] = {"officers": [desk.officer.pk], "change": "add"}
        visitor, hidden = Visitor(desk.coordinator), [*(row.pk for row in others), foreign.pk]
        preview = visitor.post(PREVIEW, fields | {"chosen": [desk.assignment.pk, *hidden, 999_999]})
        assert preview.context["preview"].keys == str(desk.assignment.pk)
        assert not re.search("Recommendation 7[1-4]", text_of(preview))
        alone, nothing = (visitor.post(PREVIEW, fields | {"chosen": ids}) for ids in (hidden, [999_999]))
        assert text_of(alone) == text_of(nothing)
        seen = dict.fromkeys(map(str, hidden), "0")
        applied = visitor.post(APPLY, fields | {"chosen": hidden, "seen": [f"{k}:0" for k in seen]})
        assert not re.search("Recommendation 7[1-4]", text_of(applied))
        assert not AssignmentOfficer.objects.exists() and not BulkAct.objects.exists()

    def test_people_who_have_not_joined_are_neither_offered_nor_taken(self, desk: Desk) -> None:
        invited = make_person(Role.OFFICER, desk.agency, name="Pegawai Dijemput", joined_at=None)
        page = Visitor(desk.coordinator).get(PAGE)
        assert invited not in [each.person for each in page.context["page"].actors]
        assert f'name="officers" value="{invited.pk}"' not in page.text
        fields = {"chosen": [desk.assignment.pk], "officers": [invited.pk], "change": "add"}
        assert Visitor(desk.coordinator).post(PREVIEW, fields).status_code == 422
        with pytest.raises(NotNow, match="Pegawai Dijemput has not joined yet"):
            name(desk, desk.assignment, invited)

    def test_officers_and_other_agencies_get_no_form_and_404(self, desk: Desk) -> None:
        fields = {"chosen": [desk.assignment.pk], "officers": [desk.officer.pk], "change": "add"}
        assert "name-officers" not in Visitor(desk.officer).get(PAGE).text
        foreign = make_person(Role.COORDINATOR, desk.other_agency)
        for person in (desk.officer, desk.observer, desk.outsider):
            assert Visitor(person).post(PREVIEW, fields).status_code == 404
        for address in (PREVIEW, APPLY):
            assert Visitor(foreign).post(f"{address}?agency=PDRM", fields).status_code == 404
        assert not AssignmentOfficer.objects.exists()

    def test_acts_of_mapo_and_of_other_agencies_are_not_found(self, desk: Desk) -> None:
        foreign = make_person(Role.COORDINATOR, desk.other_agency)
        act = do(desk, naming(desk, [desk.assignment], desk.officer))
        assert Visitor(foreign).get(f"/assignments/bulk/acts/{act.pk}/").status_code == 404
        assert Visitor(foreign).post(f"/assignments/bulk/acts/{act.pk}/undo/").status_code == 404
        assert "No bulk change yet" in text_of(Visitor(foreign).get("/assignments/bulk/acts/"))

    @pytest.mark.parametrize("language", ["ms", "en"])
    def test_preview_takes_the_same_queries_for_one_row_and_for_three(
        self, desk: Desk, language: str, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        rows = [desk.assignment, *in_force(desk, 2)]
        visitor = Visitor(desk.coordinator, language)
        fields = {"officers": [desk.officer.pk, desk.colleague.pk], "change": "add"}
        visitor.post(PREVIEW, fields | {"chosen": [rows[0].pk]})
        with CaptureQueriesContext(connection) as few:
            visitor.post(PREVIEW, fields | {"chosen": [rows[0].pk]})
        with django_assert_num_queries(len(few)):
            visitor.post(PREVIEW, fields | {"chosen": [row.pk for row in rows]})
