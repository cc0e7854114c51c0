"""MAPO makes another agency the lead of an item: it sees what follows, says why, both agencies are told, and it is undone."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from audit.errors import NotAllowed, NotNow
from audit.models import Event
from recommendations import services
from recommendations.models import Assignment
from recommendations.queries.item_forecast import GONE, ItemForecasts
from recommendations.services import assign_agency, change_role, decline_assignment, suggest_assignment
from recommendations.states import AssignmentRole, Status
from reminders.mails.loading import load_mails
from reminders.mails.rendering import render_mail
from reminders.models import Delivery, Notice
from reminders.services import work_notices
from reminders.services.packing import pack
from reminders.states import ROLE_CHANGED
from tests.factories.recommendations import DONE, make_role
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of, toasts
from tests.shared import shared

pytestmark = pytest.mark.django_db
WHY = "MPOB menyelaras ladang sawit."


@shared
def support(desk: Desk) -> Assignment:
    """PDRM leads with 40%, MPOB supports and has reported nothing."""
    desk.accepted()
    return assign_agency(
        desk.item, agency=desk.other_agency, role=AssignmentRole.SUPPORT, actor=desk.reviewer, now=desk.now
    )


def page(assignment: Assignment) -> str:
    return f"/assignments/{assignment.pk}/role/"


def roles(desk: Desk) -> dict[str, str]:
    rows = Assignment.objects.in_force().filter(item=desk.item).order_by("pk")
    return dict(rows.values_list("agency__code", "role"))


def test_page_shows_both_leads_and_what_the_status_becomes_and_changes_nothing(
    desk: Desk, support: Assignment
) -> None:
    response = Visitor(desk.reviewer).get(page(support))
    text = text_of(response)
    assert "MPOB becomes the lead agency, and PDRM a supporting agency. Both are told." in text
    assert "changes from “In progress, 40%” to “No action, 0%”" in text
    assert f'name="replaces" value="{desk.assignment.pk}"' in response.content.decode()
    assert roles(desk) == {"PDRM": "lead", "MPOB": "support"}


def test_lead_passes_on_with_a_reason_that_both_agencies_read(desk: Desk, support: Assignment) -> None:
    visitor = Visitor(desk.reviewer)
    data: dict[str, Any] = {"reason": " ", "replaces": desk.assignment.pk}
    assert visitor.post(page(support), data).status_code == 422
    assert roles(desk) == {"PDRM": "lead", "MPOB": "support"}
    response = visitor.post(page(support), data | {"reason": WHY}, follow=True)
    assert toasts(response) == ["MPOB now leads Recommendation 1. The agencies are told."]
    assert roles(desk) == {"PDRM": "support", "MPOB": "lead"}
    events = Event.objects.filter(action="assignment.role_changed").order_by("pk")
    told = [(event.agency_id, event.after["role"], event.reason) for event in events]
    assert told == [(desk.agency.pk, "support", WHY), (desk.other_agency.pk, "lead", WHY)]
    for person in (desk.officer, desk.outsider):
        assert WHY in text_of(Visitor(person).get(f"/items/{desk.item.pk}/history/"))
    assert WHY not in text_of(Visitor(desk.observer).get(f"/items/{desk.item.pk}/history/"))


def test_both_agencies_are_told_by_bell_and_mail_and_nobody_else(
    desk: Desk, support: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_notices, "MAIL_AFTER", -timedelta(minutes=1))
    make_role(support, AssignmentRole.LEAD, actor=desk.reviewer, now=desk.now, reason=WHY)
    told = set(Notice.objects.filter(what=ROLE_CHANGED).values_list("user", flat=True))
    assert told == {desk.coordinator.pk, desk.outsider.pk}
    sentence = "MPOB now leads Recommendation 1 (2023); PDRM now supports it"
    for person in (desk.coordinator, desk.outsider):
        assert sentence in text_of(Visitor(person).get("/reminders/"))
    pack(now=desk.now)
    found = load_mails(Delivery.objects.values_list("pk", flat=True), today=desk.now.date())
    mails = [" ".join(str(render_mail(each).body).split()) for each in found.values()]
    assert len(mails) == 2 and all("Recommendation 1" in mail or "Syor 1" in mail for mail in mails)
    assert not any(WHY in mail for mail in mails)


def test_who_leaves_the_agency_is_not_told_any_more(desk: Desk, support: Assignment) -> None:
    make_role(support, AssignmentRole.LEAD, actor=desk.reviewer, now=desk.now)
    notices = Notice.objects.standing_for(desk.coordinator).filter(what=ROLE_CHANGED)
    assert notices.count() == 1
    desk.coordinator.agency = desk.other_agency
    desk.coordinator.save(update_fields=["agency"])
    assert not Notice.objects.standing_for(desk.coordinator).filter(what=ROLE_CHANGED).exists()


def test_undo_asks_for_its_own_reason_and_gives_the_lead_back(desk: Desk, support: Assignment) -> None:
    visitor = Visitor(desk.reviewer)
    response = visitor.post(page(support), {"reason": WHY, "replaces": desk.assignment.pk}, follow=True)
    assert page(desk.assignment) in response.content.decode()
    asked = visitor.post(page(desk.assignment), {})
    assert asked.status_code == 200 and "changes from “No action, 0%” to “In progress, 40%”" in text_of(asked)
    visitor.post(page(desk.assignment), {"reason": "Silap agensi.", "replaces": support.pk})
    assert roles(desk) == {"PDRM": "lead", "MPOB": "support"}


def test_lead_that_passed_on_meanwhile_is_refused_and_shown(desk: Desk, support: Assignment) -> None:
    about: dict[str, Any] = {"actor": desk.second_reviewer, "now": desk.now}
    third = assign_agency(desk.item, agency=desk.reviewer.agency, role=AssignmentRole.SUPPORT, **about)
    make_role(third, AssignmentRole.LEAD, **about)
    response = Visitor(desk.reviewer).post(page(support), {"reason": WHY, "replaces": desk.assignment.pk})
    text = text_of(response)
    assert response.status_code == 422 and "The lead agency changed after you opened the page" in text
    assert "KDN a supporting agency" in text and WHY in text
    assert roles(desk)["MPOB"] == "support"
    # What the form carries now is what the page shows now.
    again = {"reason": WHY, "replaces": response.context["form"]["replaces"].value()}
    assert again["replaces"] == str(third.pk)
    assert Visitor(desk.reviewer).post(page(support), again).status_code == 302
    assert roles(desk)["MPOB"] == "lead"


def test_lead_that_becomes_supporting_leaves_an_item_without_a_lead(desk: Desk, support: Assignment) -> None:
    visitor = Visitor(desk.reviewer)
    text = text_of(visitor.get(page(desk.assignment)))
    assert "The item then has no lead agency." in text and "No lead agency" in text
    assert "changes from “In progress, 40%” to “No action, 0%”" in text
    response = visitor.post(
        page(desk.assignment), {"reason": WHY, "replaces": desk.assignment.pk}, follow=True
    )
    assert toasts(response) == ["PDRM now supports Recommendation 1. The agency is told."]
    assert (
        Notice.objects.filter(what=ROLE_CHANGED).values_list("user", flat=True).get() == desk.coordinator.pk
    )


@pytest.mark.parametrize("has_lead", [True, False])
def test_page_that_was_sent_before_never_does_the_opposite(
    desk: Desk, support: Assignment, has_lead: bool
) -> None:
    """Two reviewers read the same page, or one clicks twice: what the second sends is what the first has done already."""
    if has_lead:
        target, seen, done = desk.assignment, str(desk.assignment.pk), "support"
    else:
        make_role(desk.assignment, AssignmentRole.SUPPORT, actor=desk.reviewer, now=desk.now)
        target, seen, done = support, "", "lead"
    for person, status in ((desk.reviewer, 302), (desk.second_reviewer, 422)):
        response = Visitor(person).post(page(target), {"reason": WHY, "replaces": seen})
        assert response.status_code == status
        target.refresh_from_db()
        assert target.role == done
    assert "The lead agency changed after you opened the page" in text_of(response)


def test_service_refuses_others_suggestions_and_agencies_without_a_reason(
    desk: Desk, support: Assignment
) -> None:
    for who in ("officer", "coordinator", "outsider", "observer"):
        with pytest.raises(NotAllowed):
            make_role(support, AssignmentRole.LEAD, actor=getattr(desk, who), now=desk.now)
    about: dict[str, Any] = {"actor": desk.reviewer, "now": desk.now}
    suggestion = suggest_assignment(
        desk.item, agency=desk.reviewer.agency, role=AssignmentRole.SUPPORT, **about
    )
    with pytest.raises(NotNow):
        make_role(suggestion, AssignmentRole.LEAD, **about)
    with pytest.raises(NotNow):
        change_role(support, role="lead", replaces=desk.assignment.pk, reason="\u200b", **about)
    with pytest.raises(NotNow):
        change_role(support, role="lead", replaces=None, reason=WHY, **about)
    assert not Event.objects.filter(action="assignment.role_changed").exists()
    assert not Notice.objects.filter(what=ROLE_CHANGED).exists()


class TestForecast:
    """What the item becomes is what it then is, and stands on every page that changes it."""

    def test_forecast_is_what_the_item_then_is(self, desk: Desk, support: Assignment) -> None:
        forecast = ItemForecasts([desk.item.pk]).of(
            desk.item.pk, roles={support.pk: "lead", desk.assignment.pk: "support"}
        )
        make_role(support, AssignmentRole.LEAD, actor=desk.reviewer, now=desk.now)
        after = ItemForecasts([desk.item.pk]).of(desk.item.pk)
        assert forecast.is_change and after.now == forecast.then and not after.is_change

    def test_override_stays_and_the_verdicts_beneath_change(self, desk: Desk, support: Assignment) -> None:
        services.override_item(
            desk.item, status=Status.DONE, percent=100, reason="Keputusan.", actor=desk.reviewer, now=desk.now
        )
        with translation.override("en"):
            words = ItemForecasts([desk.item.pk]).of(desk.item.pk, roles={desk.assignment.pk: GONE}).words
        assert words == (
            "The status that MAPO set stays. The agencies’ verdicts alone would give “No action, 0%” "
            "instead of “In progress, 40%”."
        )

    def test_end_of_the_lead_says_what_the_item_becomes(self, desk: Desk, support: Assignment) -> None:
        text = text_of(Visitor(desk.reviewer).get(f"/assignments/{desk.assignment.pk}/"))
        assert "changes from “In progress, 40%” to “No action, 0%”" in text
        text = text_of(Visitor(desk.reviewer).get(f"/assignments/{support.pk}/"))
        assert "The status of the item stays as it is: In progress, 40%." in text

    def test_granting_a_removal_says_what_the_item_becomes(self, desk: Desk) -> None:
        desk.accepted()
        decline_assignment(desk.assignment, reason="Bukan bidang kami.", actor=desk.officer, now=desk.now)
        text = text_of(Visitor(desk.reviewer).get("/assignments/", tab="requests"))
        assert "If you grant this: The status of the item changes from “In progress, 40%” to" in text

    def test_confirming_a_supporting_agency_says_that_the_item_waits_for_it(self, desk: Desk) -> None:
        desk.accepted(DONE)
        row = suggest_assignment(
            desk.item,
            agency=desk.other_agency,
            role=AssignmentRole.SUPPORT,
            actor=desk.reviewer,
            now=desk.now,
        )
        told = "changes from “Completed, 100%” to “In progress, 99%, waits for MPOB”"
        visitor = Visitor(desk.reviewer)
        assert told in text_of(visitor.get(f"/assignments/{row.pk}/"))
        assert told in text_of(visitor.post("/assignments/bulk/", {"kind": "confirm", "chosen": row.pk}))
