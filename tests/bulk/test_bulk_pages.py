"""Bulk steering on the screen: choose, look, do, undo; whatever goes wrong, the choice stays."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from pytest_django import DjangoAssertNumQueries

from audit.models import Event
from bulk.models import BulkAct
from recommendations import services
from recommendations.models import Assignment, Cycle
from recommendations.states import AssignmentRole, ItemKind, Stage
from tests.bulk.test_bulk_acts import LATER, apply, dates_of, in_force, move, suggest
from tests.factories.accounts import make_agency
from tests.factories.recommendations import make_assignment, make_cycle, make_item
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of, toasts

pytestmark = pytest.mark.django_db
PREVIEW, APPLY, ASSIGN, ACTS = (
    f"/assignments/{path}" for path in ("bulk/", "bulk/apply/", "assign/", "bulk/acts/")
)
LIST = "?tab=confirmed&agency=PDRM"


def ids_of(rows: Iterable[Assignment]) -> list[int]:
    return [row.pk for row in rows]


def moving(rows: Iterable[Assignment], **changes: Any) -> dict[str, Any]:
    asked: dict[str, Any] = {
        "kind": "move_due",
        "field": "next_due_on",
        "to_day": "2023-11-30",
        "by_days": "",
    }
    return {**asked, "reason": "Cuti umum", "chosen": ids_of(rows), **changes}


def hidden_in(response: HttpResponse, form_action: str) -> dict[str, str]:
    """What the form with this action would send."""
    html = response.content.decode()
    form = next(
        part for part in re.findall(r"<form.*?</form>", html, re.DOTALL) if f'action="{form_action}' in part
    )
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def do_it(visitor: Visitor, preview: HttpResponse, **more: Any) -> HttpResponse:
    """Press the button of a preview."""
    return visitor.post(f"{APPLY}{LIST}", hidden_in(preview, APPLY), **more)


@pytest.mark.parametrize("language", ["ms", "en"])
def test_five_dates_are_moved_at_once_and_undone(desk: Desk, language: str) -> None:
    rows, visitor = in_force(desk, 5), Visitor(desk.reviewer, language)
    asked = visitor.post(f"{PREVIEW}{LIST}", {"kind": "move_due", "chosen": ids_of(rows)})
    assert asked.status_code == 200 and not BulkAct.objects.exists()
    preview = visitor.post(f"{PREVIEW}{LIST}", moving(rows))
    assert preview.status_code == 200 and dates_of(rows) == [date(2023, 10, 14)] * 5
    done = do_it(visitor, preview, follow=True)
    assert done.request["PATH_INFO"] == "/assignments/" and done.request["QUERY_STRING"] == LIST[1:]
    assert dates_of(rows) == [LATER] * 5
    act = BulkAct.objects.get()
    assert f'action="{ACTS}{act.pk}/undo/"' in done.content.decode()
    undone = visitor.post(f"{ACTS}{act.pk}/undo/", follow=True)
    assert undone.status_code == 200 and dates_of(rows) == [date(2023, 10, 14)] * 5


def test_preview_tells_row_by_row_and_writes_nothing(desk: Desk) -> None:
    rows = in_force(desk, 2)
    Assignment.objects.filter(pk=rows[1].pk).update(next_due_on=LATER)
    visitor = Visitor(desk.reviewer)
    events = Event.objects.count()
    text = text_of(visitor.post(PREVIEW, moving(rows)))
    assert "Move 1 due date" in text and "1 would not change" in text
    assert "Recommendation 2 Point 2 that should be mended. PDRM 14 Oct 2023 30 Nov 2023" in text
    assert "Recommendation 3 Point 3 that should be mended. PDRM 30 Nov 2023 Would not change" in text
    assert "Next update due. Cuti umum. Nothing has been changed yet" in text
    assert Event.objects.count() == events


def test_preview_says_when_nothing_or_none_of_it_can_be_done(desk: Desk) -> None:
    visitor = Visitor(desk.reviewer)
    same = visitor.post(PREVIEW, moving([desk.assignment], to_day="2023-10-14"))
    assert "Nothing would change" in text_of(same) and not same.context["plan"].can_be_applied
    none = visitor.post(PREVIEW, moving([desk.assignment], to_day="2024-04-01"))
    assert "None of these can be done" in text_of(none) and "Leave" not in text_of(none)


def test_preview_says_where_an_update_waits_unless_it_is_above_the_readers_clearance(desk: Desk) -> None:
    submission = desk.submission()
    visitor = Visitor(desk.reviewer)
    told = "An update is waiting for MAPO"
    assert told in text_of(visitor.post(PREVIEW, moving([desk.assignment])))
    type(desk.reviewer).objects.filter(pk=desk.reviewer.pk).update(clearance=0)
    assert submission.classification > 0
    assert told not in text_of(visitor.post(PREVIEW, moving([desk.assignment])))


def test_one_that_breaks_a_rule_is_told_and_can_be_left_out(desk: Desk) -> None:
    rows = in_force(desk, 3)
    services.end_assignment(rows[1], reason="Pindah", actor=desk.reviewer, now=desk.now)
    visitor = Visitor(desk.reviewer)
    preview = visitor.post(f"{PREVIEW}{LIST}", moving(rows))
    text = text_of(preview)
    assert "1 of 3 cannot be done" in text and "This assignment has ended" in text
    assert (
        not preview.context["plan"].can_be_applied
        and "Move 2 due dates</button>" not in preview.content.decode()
    )
    refused = do_it(visitor, preview)
    assert refused.status_code == 409 and "Not all of it can be done" in text_of(refused)
    assert LATER not in dates_of(rows)
    rest = visitor.post(f"{PREVIEW}{LIST}", hidden_in(preview, PREVIEW))
    assert ids_of(step.assignment for step in rest.context["plan"].steps) == [rows[0].pk, rows[2].pk]
    do_it(visitor, rest)
    assert dates_of(rows) == [LATER, None, LATER]


def test_choice_stays_on_the_way_back_and_where_something_does_not_fit(desk: Desk) -> None:
    rows = in_force(desk, 2)
    visitor = Visitor(desk.reviewer)
    preview = visitor.post(f"{PREVIEW}{LIST}", moving(rows))
    back = visitor.client.get(preview.context["back_url"])
    assert back.content.decode().count('" checked') == 2
    assert back.context["filters"].agency == "PDRM"
    for changes, told in (
        ({"to_day": "", "by_days": ""}, "Give either a date or a number of days"),
        ({"by_days": "7"}, "Give either a date or a number of days"),
        ({"to_day": "soon"}, "is not a valid date"),
        ({"to_day": "", "by_days": "9999"}, "Give a number from -366 to 366."),
        ({"field": "created_at"}, "is not in the list"),
    ):
        response = Visitor(desk.reviewer).post(PREVIEW, moving(rows, **changes))
        assert response.status_code == 422 and told in text_of(response), changes
        assert hidden_in(response, PREVIEW)["chosen"] == ",".join(map(str, ids_of(rows))), changes
        assert "Cuti umum" in response.content.decode(), changes


def test_nothing_or_something_odd_chosen_says_so_on_the_list(desk: Desk) -> None:
    for data in ({"kind": "move_due"}, {"kind": "confirm"}, {}, {"kind": "nonsense"}):
        response = Visitor(desk.reviewer).post(f"{PREVIEW}{LIST}", data)
        assert response.status_code == 409 and "Choose at least one row" in text_of(response), data
    response = Visitor(desk.reviewer).post(f"{PREVIEW}{LIST}", {"chosen": [desk.assignment.pk]})
    assert f'value="{desk.assignment.pk}" checked' in response.content.decode()
    elsewhere = make_assignment(
        make_item(make_cycle(2021)), desk.agency, actor=desk.administrator, now=desk.now
    )
    response = Visitor(desk.reviewer).post(PREVIEW, moving([], chosen=[elsewhere.pk, "x", "-1", "9" * 30]))
    assert response.context["plan"].steps == ()


def test_what_changed_meanwhile_is_previewed_anew(desk: Desk) -> None:
    rows, visitor = in_force(desk, 2), Visitor(desk.reviewer)
    preview = visitor.post(PREVIEW, moving(rows))
    apply(desk, move(rows[:1], to_day=date(2023, 12, 1)), actor=desk.second_reviewer)
    response = do_it(visitor, preview)
    text = text_of(response)
    assert response.status_code == 409 and "Something changed after you opened the preview" in text
    assert (
        "Changed since you opened the page Point 2 that should be mended. PDRM 1 Dec 2023 30 Nov 2023" in text
    )
    assert LATER not in dates_of(rows)
    do_it(visitor, response)
    assert dates_of(rows) == [LATER, LATER]


def test_sent_twice_it_is_done_once_and_told_twice(desk: Desk) -> None:
    rows, visitor = in_force(desk, 2), Visitor(desk.reviewer)
    preview = visitor.post(PREVIEW, moving(rows, to_day="", by_days="7"))
    for _time in range(2):
        assert toasts(do_it(visitor, preview, follow=True)) == ["2 due dates moved."]
    assert dates_of(rows) == [date(2023, 10, 21)] * 2 and BulkAct.objects.count() == 1


def test_closed_cycle_is_refused_and_offers_no_choice(desk: Desk) -> None:
    visitor = Visitor(desk.reviewer)
    preview = visitor.post(PREVIEW, moving([desk.assignment]))
    Cycle.objects.update(closed_at=desk.now)
    response = do_it(visitor, preview)
    assert response.status_code == 409 and "This cycle is closed" in text_of(response)
    assert "This cycle is closed" in text_of(visitor.post(PREVIEW, moving([desk.assignment])))
    assert 'name="chosen"' not in visitor.get("/assignments/", tab="confirmed").content.decode()
    assert visitor.get(ASSIGN).status_code == 409


class TestSuggestions:
    def test_confirm_settles_all_suggestions_of_the_chosen_items(self, desk: Desk) -> None:
        first, second = suggest(desk, number=2, role=AssignmentRole.LEAD), suggest(desk, number=3)
        services.suggest_assignment(
            first.item, agency=make_agency("MOT"), role="support", actor=desk.administrator, now=desk.now
        )
        visitor = Visitor(desk.reviewer)
        preview = visitor.post(PREVIEW, {"kind": "confirm", "items": [first.item_id]})
        text = text_of(preview)
        assert "Confirm 2 suggestions" in text and "No active officer" in text
        assert "next update by 14 Oct 2023 · final due date 31 Mar 2024" in text
        assert preview.context["back_url"] == f"/assignments/?chosen={first.item_id}"
        response = visitor.post(APPLY, hidden_in(preview, APPLY), follow=True)
        assert toasts(response) == ["2 suggestions confirmed."]
        assert Assignment.objects.in_force().filter(item=first.item).count() == 2
        second.refresh_from_db()
        assert second.stage == Stage.SUGGESTED

    def test_turn_down_means_only_the_agency_that_is_filtered_for(self, desk: Desk) -> None:
        first = suggest(desk, number=2)
        other = services.suggest_assignment(
            first.item, agency=make_agency("MOT"), role="support", actor=desk.administrator, now=desk.now
        )
        visitor = Visitor(desk.reviewer)
        preview = visitor.post(f"{PREVIEW}?agency=MPOB", {"kind": "turn_down", "items": [first.item_id]})
        visitor.post(APPLY, hidden_in(preview, APPLY))
        stages = dict(Assignment.objects.filter(item=first.item).values_list("pk", "stage"))
        assert stages == {first.pk: Stage.ENDED, other.pk: Stage.SUGGESTED}

    def test_a_suggestion_that_came_meanwhile_is_not_confirmed_unseen(self, desk: Desk) -> None:
        first = suggest(desk, number=2)
        visitor = Visitor(desk.reviewer)
        preview = visitor.post(PREVIEW, {"kind": "confirm", "items": [first.item_id]})
        late = services.suggest_assignment(
            first.item, agency=make_agency("MOT"), role="support", actor=desk.administrator, now=desk.now
        )
        visitor.post(APPLY, hidden_in(preview, APPLY))
        late.refresh_from_db()
        assert late.stage == Stage.SUGGESTED

    def test_final_dates_of_suggestions_are_moved(self, desk: Desk) -> None:
        first = suggest(desk, number=2)
        visitor = Visitor(desk.reviewer)
        asked = visitor.post(PREVIEW, {"kind": "move_due", "items": [first.item_id]})
        assert asked.context["form"].initial == {"field": "due_on"}
        preview = visitor.post(PREVIEW, moving([first], field="due_on"))
        visitor.post(APPLY, hidden_in(preview, APPLY))
        first.refresh_from_db()
        assert (first.due_on, first.stage) == (LATER, Stage.SUGGESTED)


class TestAssign:
    def asked(self, desk: Desk) -> dict[str, Any]:
        items = [make_item(desk.cycle, number=number).pk for number in (2, 3)]
        data = {"kind": "assign", "items": items, "agencies": [desk.agency.pk, desk.other_agency.pk]}
        return {**data, "role": "support", "due_on": "2024-01-31", "cadence_days": "14"}

    def test_agencies_are_assigned_to_several_items_in_one_act(self, desk: Desk) -> None:
        visitor, data = Visitor(desk.reviewer), self.asked(desk)
        preview = visitor.post(PREVIEW, data)
        assert "Make 4 assignments" in text_of(preview)
        response = visitor.post(APPLY, hidden_in(preview, APPLY), follow=True)
        assert toasts(response) == ["4 assignments made."]
        made = Assignment.objects.in_force().filter(item__in=data["items"])
        facts = (AssignmentRole.SUPPORT, date(2024, 1, 31), 14)
        assert {(each.role, each.due_on, each.cadence_days) for each in made} == {facts}
        assert made.count() == 4

    def test_back_leads_to_the_form_as_it_was_filled_in(self, desk: Desk) -> None:
        visitor, data = Visitor(desk.reviewer), self.asked(desk)
        html = visitor.client.get(visitor.post(PREVIEW, data).context["back_url"]).content.decode()
        assert html.count(" checked") == 5 and 'value="31/1/2024"' in html and 'value="14"' in html

    def test_places_that_are_taken_are_told_and_left_out(self, desk: Desk) -> None:
        visitor = Visitor(desk.reviewer)
        data = self.asked(desk)
        preview = visitor.post(PREVIEW, {**data, "items": [*data["items"], desk.item.pk]})
        assert "PDRM is already on Recommendation 1" in text_of(preview)
        rest = visitor.post(PREVIEW, hidden_in(preview, PREVIEW))
        visitor.post(APPLY, hidden_in(rest, APPLY))
        assert Assignment.objects.in_force().count() == 6

    def test_what_does_not_fit_is_told_and_what_was_chosen_stays(self, desk: Desk) -> None:
        visitor, asked = Visitor(desk.reviewer), self.asked(desk)
        for changes, told in (
            ({"items": []}, "Fill this in."),
            ({"agencies": []}, "Fill this in."),
            ({"role": ""}, "Fill this in."),
            ({"role": "lead"}, "An item has one lead agency"),
            ({"cadence_days": "0"}, "Give a number from 1 to 366."),
        ):
            response = visitor.post(PREVIEW, asked | changes)
            assert response.status_code == 422 and told in text_of(response), changes
            assert response.content.decode().count(" checked") >= 2, changes
        achievement = make_item(desk.cycle, kind=ItemKind.ACHIEVEMENT)
        asleep = make_agency("LAMA", is_active=False)
        for wrong in ({"items": [achievement.pk]}, {"agencies": [asleep.pk]}):
            data = {"kind": "assign", "items": [desk.item.pk], "agencies": [desk.other_agency.pk]}
            assert visitor.post(PREVIEW, {**data, "role": "support", **wrong}).status_code == 422
        assert visitor.get(ASSIGN, item="abc").status_code == 200
        for name in ("items", "chosen"):
            chosen = desk.item.pk if name == "items" else desk.assignment.pk
            response = visitor.post(f"{PREVIEW}{LIST}", {"kind": "assign", name: [chosen]})
            assert response.status_code == 302 and response.url == f"{ASSIGN}?item={desk.item.pk}", name


def test_120_chosen_are_previewed_in_few_queries(
    desk: Desk, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows, visitor = in_force(desk, 120), Visitor(desk.reviewer)
    visitor.post(PREVIEW, moving(rows))
    with django_assert_max_num_queries(12):
        preview = visitor.post(PREVIEW, moving(rows))
    assert len(preview.context["back_url"]) < 2_000
    assert toasts(do_it(visitor, preview, follow=True)) == ["120 due dates moved."]
