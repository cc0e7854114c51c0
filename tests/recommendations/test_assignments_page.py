"""MAPO steers: the lists with their filters, one assignment, its end. Many at once: see `test_bulk_pages`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.clearance import Clearance
from accounts.models import Agency
from audit.models import Event
from recommendations import services
from recommendations.models import Assignment, AssignmentOfficer, Item, Update
from recommendations.states import AssignmentRole, ItemKind, Pillar, Stage
from tests.conftest import NOW, Clock
from tests.factories.accounts import make_agency
from tests.factories.recommendations import make_assignment, make_item, start_update
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of, toasts
from tests.shared import shared
from ui import dates

pytestmark = pytest.mark.django_db
PAGE = "/assignments/"


def suggest(desk: Desk, item: Item, agency: Agency, role: str = AssignmentRole.SUPPORT) -> Assignment:
    return services.suggest_assignment(item, agency=agency, role=role, actor=desk.administrator, now=desk.now)


@shared
def suggested(desk: Desk) -> list[Assignment]:
    """Recommendation 2: MOT (nobody there) leads, MPOB supports; weakness 1: MPOB leads. None is confirmed."""
    second, weakness = make_item(desk.cycle, number=2), make_item(desk.cycle, kind=ItemKind.WEAKNESS)
    return [
        suggest(desk, second, make_agency("MOT"), AssignmentRole.LEAD),
        suggest(desk, second, desk.other_agency),
        suggest(desk, weakness, desk.other_agency, AssignmentRole.LEAD),
    ]


def test_tabs_open_in_both_languages(desk: Desk, suggested: list[Assignment]) -> None:
    for tab in ("suggested", "confirmed", "requests", "nonsense"):
        for language in ("ms", "en"):
            for person in (desk.reviewer, desk.administrator):
                response = Visitor(person, language).get(PAGE, tab=tab)
                assert response.status_code == 200 and f'lang="{language}"' in response.content.decode(), (
                    tab,
                    language,
                )


def test_box_of_a_line_says_the_short_title_of_its_item(desk: Desk, suggested: list[Assignment]) -> None:
    Item.objects.update(title_ms="Latih pegawai", title_en="Train officials")
    for tab in ("suggested", "confirmed"):
        page = Visitor(desk.reviewer, "en").get(PAGE, tab=tab).content.decode()
        boxes = [label for label in page.split('<label class="pick">')[1:] if 'type="checkbox"' in label]
        named = [
            label.split("</label>")[0]
            for label in boxes
            if 'name="items"' in label or 'name="chosen"' in label
        ]
        assert named and all(label.endswith(": Train officials</span>") for label in named), tab


def test_mapo_sees_since_when_a_draft_exists_and_nothing_of_it(desk: Desk) -> None:
    page = f"{PAGE}{desk.assignment.pk}/"
    words = "has been writing an update since"
    assert words not in Visitor(desk.reviewer, "en").get(page).content.decode()
    draft = desk.draft()
    text = Visitor(desk.reviewer, "en").get(page).content.decode()
    assert f"{words} {dates.day(NOW, language='en')}" in text
    assert draft.narrative not in text and f"/updates/{draft.pk}/" not in text
    Update.objects.filter(pk=draft.pk).update(classification=Clearance.SECRET)
    assert words not in Visitor(desk.reviewer, "en").get(page).content.decode()


def test_suggestions_are_dashed_flagged_filtered_and_turned_down_without_a_reason(
    desk: Desk, suggested: list[Assignment]
) -> None:
    response = Visitor(desk.administrator).get(PAGE)
    html, text = response.content.decode(), text_of(response)
    assert html.count("tag tag--dashed") == 3
    assert "MOT has no officer yet" in text and "MPOB has no officer yet" not in text
    agency = suggested[0].agency_id
    assert f"/people/invite/?agency={agency}" in html
    assert [tab["count"] for tab in response.context["tabs"]] == [2, 1, 0, 4]
    response = Visitor(desk.reviewer).get(PAGE, agency="MOT")
    assert [row.item.pk for row in response.context["items"]] == [suggested[0].item_id]
    assert "This applies only to suggestions for MOT" in text_of(response)
    response = Visitor(desk.reviewer).post(f"{PAGE}{suggested[1].pk}/end/", {"reason": ""}, follow=True)
    assert toasts(response) == ["Suggestion turned down: MPOB, Recommendation 2."]


def test_items_without_a_lead_are_listed_with_the_way_to_assign(desk: Desk) -> None:
    lonely = make_item(desk.cycle, number=3)
    html = Visitor(desk.reviewer).get(PAGE).content.decode()
    assert f"/assignments/assign/?item={lonely.pk}" in html


def changing(**values: Any) -> dict[str, Any]:
    facts = {
        "due_on": "2024-03-31",
        "cadence_days": "",
        "next_due_on": "2023-10-14",
        "officers": [],
    }
    return {**facts, "act": "save", **values}


def test_assignment_is_changed_and_officers_named_in_one_act(desk: Desk) -> None:
    visitor, address = Visitor(desk.reviewer), f"{PAGE}{desk.assignment.pk}/"
    data = changing(cadence_days=14, next_due_on="2023-09-30", officers=[desk.officer.pk])
    response = visitor.post(address, data, follow=True)
    assert toasts(response) == ["Saved: PDRM, Recommendation 1."]
    desk.assignment.refresh_from_db()
    facts = (desk.assignment.cadence_days, desk.assignment.next_due_on)
    assert facts == (14, date(2023, 9, 30))
    assert list(desk.assignment.officers.all()) == [desk.officer]
    assert desk.officer.name in text_of(visitor.get(PAGE, tab="confirmed"))


def test_assignment_refuses_what_does_not_fit_and_changes_nothing(desk: Desk) -> None:
    for values, told in (
        ({"cadence_days": 0}, "Give a number from 1 to 366."),
        ({"cadence_days": 1000}, "Give a number from 1 to 366."),
        ({"due_on": "soon"}, "is not a valid date"),
        ({"officers": [987654]}, "is not in the list"),
    ):
        response = Visitor(desk.reviewer).post(f"{PAGE}{desk.assignment.pk}/", changing(**values))
        assert response.status_code == 422 and told in text_of(response), (values, told)
        assert not Event.objects.filter(action="assignment.changed").exists(), (values, told)
    Visitor(desk.reviewer).post(f"{PAGE}{desk.assignment.pk}/", changing(officers=[desk.outsider.pk]))
    assert not AssignmentOfficer.objects.exists()
    extra = {
        "role": "support",
        "stage": "ended",
        "agency": desk.other_agency.pk,
        "item": 99,
        "confirmed_at": "",
        "ended_reason": "x",
    }
    Visitor(desk.reviewer).post(f"{PAGE}{desk.assignment.pk}/", changing(**extra))
    desk.assignment.refresh_from_db()
    assert desk.assignment.stage == Stage.CONFIRMED and desk.assignment.agency == desk.agency
    assert desk.assignment.ended_reason == "" and desk.assignment.is_lead


def test_suggestion_is_confirmed_with_another_role_and_date(desk: Desk, suggested: list[Assignment]) -> None:
    support = suggested[1]
    data = {
        "role": "support",
        "due_on": "2023-12-31",
        "cadence_days": 60,
        "act": "confirm",
        "next_due_on": "2030-01-01",
    }
    response = Visitor(desk.reviewer).post(f"{PAGE}{support.pk}/", data, follow=True)
    assert toasts(response) == ["MPOB is now responsible for Recommendation 2."]
    support.refresh_from_db()
    facts = (support.stage, support.due_on, support.cadence_days, support.next_due_on)
    assert facts == (Stage.CONFIRMED, date(2023, 12, 31), 60, date(2023, 11, 13))


def test_second_lead_is_refused_by_its_own_page(desk: Desk) -> None:
    rival = suggest(desk, desk.item, desk.other_agency, AssignmentRole.LEAD)
    data = {"role": "lead", "due_on": "", "cadence_days": "", "act": "confirm"}
    response = Visitor(desk.reviewer).post(f"{PAGE}{rival.pk}/", data)
    assert response.status_code == 422 and "already has a lead agency" in text_of(response)


def test_end_needs_a_reason_and_keeps_the_history(desk: Desk) -> None:
    visitor, address = Visitor(desk.reviewer), f"{PAGE}{desk.assignment.pk}/end/"
    assert visitor.post(address, {"reason": " "}).status_code == 422
    response = visitor.post(address, {"reason": "Bidang kuasa berpindah"}, follow=True)
    assert toasts(response) == ["Ended: PDRM, Recommendation 1."]
    page = text_of(visitor.get(f"{PAGE}{desk.assignment.pk}/"))
    assert "This assignment has ended" in page and "Bidang kuasa berpindah" in page


def test_assignment_page_tells_where_it_stands_and_does_not_end_before_the_decision(
    desk: Desk, clock: Clock
) -> None:
    submission = desk.submission()
    response = Visitor(desk.reviewer).post(f"{PAGE}{desk.assignment.pk}/end/", {"reason": "Pindah agensi"})
    text = text_of(response)
    assert response.status_code == 422 and "waiting for a decision" in text and "Pindah agensi" in text
    services.ask_later_date(
        desk.assignment, reason="Data lewat", proposed_on=date(2023, 11, 1), actor=desk.officer, now=desk.now
    )
    html = Visitor(desk.reviewer).get(f"{PAGE}{desk.assignment.pk}/").content.decode()
    assert f"/reviews/{submission.update_id}/" in html and "?tab=requests" in html
    clock.move_to(NOW + timedelta(days=60))
    assert "Confirmed · Lead agency" in text_of(Visitor(desk.reviewer).get(f"{PAGE}{desk.assignment.pk}/"))


def test_confirmed_tab_filters_by_agency_and_text_and_says_what_is_late(desk: Desk, clock: Clock) -> None:
    make_assignment(
        make_item(desk.cycle, number=2), desk.other_agency, actor=desk.administrator, now=desk.now
    )
    clock.move_to(NOW + timedelta(days=35))
    visitor = Visitor(desk.reviewer)
    text = text_of(visitor.get(PAGE, tab="confirmed"))
    assert "PDRM" in text and "MPOB" in text and "5 days late" in text
    by_agency = visitor.get(PAGE, tab="confirmed", agency="MPOB")
    assert [row.assignment.agency.code for row in by_agency.context["rows"]] == ["MPOB"]
    by_text = visitor.get(PAGE, tab="confirmed", text="point 1")
    assert [row.assignment.agency.code for row in by_text.context["rows"]] == ["PDRM"]
    assert "No assignment matches" in text_of(visitor.get(PAGE, tab="confirmed", text="tiada"))


def test_confirmed_tab_finds_what_is_late_of_one_agency_item_or_pillar(desk: Desk, clock: Clock) -> None:
    second = make_item(desk.cycle, number=2, pillar=Pillar.PREVENTION)
    late = make_assignment(second, desk.agency, actor=desk.administrator, now=desk.now)
    Assignment.objects.filter(pk=late.pk).update(next_due_on=date(2023, 9, 10))
    visitor = Visitor(desk.reviewer)

    def found(**query: str) -> list[int]:
        rows = visitor.get(PAGE, tab="confirmed", **query).context["rows"]
        return [row.assignment.pk for row in rows]

    assert found() == [desk.assignment.pk, late.pk]
    for query in (
        {"late": "1", "agency": "PDRM"},
        {"item": str(second.pk)},
        {"pillar": "prevention"},
    ):
        assert found(**query) == [late.pk]
    start_update(late, actor=desk.officer, now=desk.now)
    assert found(late="1") == [late.pk]
    assert found(late="1", agency="MPOB") == [late.pk]


def test_filters_that_name_nothing_are_told_and_left_out(desk: Desk, suggested: list[Assignment]) -> None:
    visitor = Visitor(desk.reviewer)
    for tab in ("confirmed", "suggested"):
        response = visitor.get(PAGE, tab=tab, agency="TIADA", item="999999", pillar="other")
        text = text_of(response)
        assert "There is no agency “TIADA” here" in text
        assert "The requested item has no assignment here" in text
        assert "There is no pillar with this name" in text
        assert not response.context["filters"].are_set


def test_what_the_address_has_chosen_is_ticked_and_any_text_may_stand_in_it(
    desk: Desk, suggested: list[Assignment]
) -> None:
    for tab in ("suggested", "confirmed"):
        chosen = suggested[0].item_id if tab == "suggested" else desk.assignment.pk
        html = Visitor(desk.reviewer).get(PAGE, tab=tab, chosen=f"{chosen},x,,999999").content.decode()
        assert html.count(" checked") == 1 and f'value="{chosen}" checked' in html, tab
    for query in ("text=%00", "agency=%00", "text=" + "%25" * 300):
        assert Visitor(desk.reviewer).client.get(f"/assignments/?tab=confirmed&{query}").status_code == 200


def test_agencies_without_officers_stand_out_on_the_confirmed_tab(desk: Desk) -> None:
    make_assignment(
        desk.item, make_agency("MOT"), actor=desk.administrator, now=desk.now, role=AssignmentRole.SUPPORT
    )
    text = text_of(Visitor(desk.reviewer).get(PAGE, tab="confirmed"))
    assert "One agency has assignments but no active officer: MOT" in text


def test_tabs_take_the_same_queries_at_one_row_and_at_three(
    desk: Desk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    visitor = Visitor(desk.reviewer)
    for numbers in ((2,), (3, 4)):
        for number in numbers:
            item = make_item(desk.cycle, number=number)
            suggest(desk, item, desk.other_agency)
            made = make_assignment(item, desk.agency, actor=desk.administrator, now=desk.now)
            services.decline_assignment(made, reason="Bukan kami", actor=desk.officer, now=desk.now)
        for tab, queries in (("suggested", 11), ("confirmed", 10), ("requests", 10)):
            visitor.get(PAGE, tab=tab)
            with django_assert_num_queries(queries):
                visitor.get(PAGE, tab=tab)
