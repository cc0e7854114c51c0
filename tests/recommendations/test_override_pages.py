"""MAPO's own state of an item: how it is set, shown to everybody, replaced and ended."""

from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse

from audit.clock import KUALA_LUMPUR
from audit.models import Event
from recommendations.models import ItemOverride
from recommendations.services import override_item
from recommendations.states import ItemKind
from tests.conftest import Clock
from tests.factories.recommendations import make_item
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of
from tests.recommendations.visitors import toasts
from tests.shared import shared

EVERYBODY = ["officer", "coordinator", "outsider", "reviewer", "administrator", "observer"]
NOT_MAPO = ["officer", "coordinator", "outsider", "observer"]
WHY = "Angka Sabah belum disahkan."


def url(desk: Desk) -> str:
    return reverse("recommendations:item_override", args=[desk.item.pk])


def item_url(desk: Desk) -> str:
    return reverse("recommendations:item", args=[desk.item.pk])


def end_url(override: ItemOverride) -> str:
    return reverse("recommendations:override_end", args=[override.pk])


def typed(**changes: str) -> dict[str, str]:
    return {"status": "progress", "percent": "30", "reason": WHY, **changes}


@shared
def override(desk: Desk, now: datetime) -> ItemOverride:
    """MAPO set 30%, where the agencies' verdicts give 40%."""
    desk.accepted()
    return override_item(desk.item, status="progress", percent=30, reason=WHY, actor=desk.reviewer, now=now)


class TestShown:
    def test_everybody_reads_state_and_reason_and_only_mapo_is_offered_the_act(
        self, desk: Desk, override: ItemOverride
    ) -> None:
        for who in EVERYBODY:
            for language in ("ms", "en"):
                words = words_of(browser_of(getattr(desk, who), language).get(item_url(desk)))
                assert WHY in words, (who, language)
                assert "30%" in words, (who, language)
        words = words_of(browser_of(desk.observer).get(item_url(desk)))
        assert "Set by MAPO on 14 September 2023" in words
        assert "The agencies’ verdicts alone give: In progress, 40%." in words
        assert desk.reviewer.name not in words
        for who in NOT_MAPO:
            page = browser_of(getattr(desk, who)).get(item_url(desk)).content.decode()
            assert url(desk) not in page, who
            assert end_url(override) not in page, who

    def test_mapo_is_offered_to_set_replace_and_end(self, desk: Desk, now: datetime) -> None:
        browser = browser_of(desk.reviewer)
        assert url(desk) in browser.get(item_url(desk)).content.decode()
        override = override_item(
            desk.item, status="done", percent=100, reason=WHY, actor=desk.reviewer, now=now
        )
        page = browser.get(item_url(desk)).content.decode()
        assert url(desk) in page and end_url(override) in page

    def test_closed_cycle_offers_nothing_and_still_shows_it(self, desk: Desk, override: ItemOverride) -> None:
        desk.cycle.closed_at = desk.now
        desk.cycle.save()
        browser = browser_of(desk.reviewer)
        answer = browser.get(item_url(desk))
        assert WHY in words_of(answer)
        assert url(desk) not in answer.content.decode()
        assert browser.get(url(desk)).status_code == 409
        assert browser.get(end_url(override)).status_code == 409

    def test_item_page_takes_no_query_more(
        self, desk: Desk, override: ItemOverride, django_assert_num_queries: Any
    ) -> None:
        browser = browser_of(desk.observer)
        browser.get(item_url(desk))
        other = make_item(desk.cycle, number=2)
        with django_assert_num_queries(15):
            browser.get(item_url(desk))
        assert other.pk


class TestWithALateAgency:
    """What both pages show beside the form is as whole when an agency is late: they say for how long."""

    LATE = "16 days late"

    @pytest.fixture
    def standing(self, override: ItemOverride, clock: Clock) -> ItemOverride:
        clock.move_to(datetime(2023, 10, 30, 10, tzinfo=KUALA_LUMPUR))
        return override

    def test_state_can_be_set_and_ended(self, desk: Desk, standing: ItemOverride) -> None:
        browser = browser_of(desk.reviewer)
        assert self.LATE in words_of(browser.get(url(desk)))
        assert self.LATE in words_of(browser.post(url(desk), {}))
        assert self.LATE in words_of(browser.get(end_url(standing)))
        assert self.LATE in words_of(browser.post(end_url(standing), {"reason": ""}))


class TestSet:
    def test_form_says_who_will_read_before_it_is_written(self, desk: Desk) -> None:
        for language in ("ms", "en"):
            answer = browser_of(desk.reviewer, language).get(url(desk))
            assert answer.status_code == 200, language
            if language == "en":
                assert (
                    "Everybody who can see Recommendation 1 can read it, including all agencies and observers."
                    in words_of(answer)
                ), language

    def test_state_is_set_and_shown(self, desk: Desk) -> None:
        desk.accepted()
        answer = browser_of(desk.reviewer).post(url(desk), typed(), follow=True)
        assert answer.redirect_chain == [(f"{item_url(desk)}#state", 302)]
        assert toasts(answer) == ["MAPO's status for Recommendation 1: In progress, 30%."]
        assert WHY in words_of(answer)

    def test_what_does_not_agree_is_refused_and_kept(self, desk: Desk) -> None:
        for change in (
            {"status": ""},
            {"percent": ""},
            {"percent": "100"},
            {"status": "done"},
            {"reason": " "},
        ):
            answer = browser_of(desk.reviewer).post(url(desk), typed(**change))
            assert answer.status_code == 422, change
            assert set(answer.context["form"].errors) == (
                {"percent"} if "done" in change.values() else set(change)
            ), change
            assert ("reason" in change) or WHY in answer.content.decode(), change
            assert not ItemOverride.objects.exists(), change

    def test_new_one_takes_the_place_of_the_old(self, desk: Desk, override: ItemOverride) -> None:
        browser = browser_of(desk.second_reviewer)
        assert WHY in words_of(browser.get(url(desk)))
        browser.post(url(desk), typed(status="done", percent="100", reason="Sudah disahkan."))
        standing = ItemOverride.objects.standing().get()
        assert (standing.status, standing.replaces) == ("done", override)
        words = words_of(browser.get(item_url(desk)))
        assert "Sudah disahkan." in words and WHY not in words

    def test_others_do_not_find_it(self, desk: Desk) -> None:
        for who in NOT_MAPO:
            browser = browser_of(getattr(desk, who))
            assert browser.get(url(desk)).status_code == 404, who
            assert browser.post(url(desk), typed()).status_code == 404, who
        assert not ItemOverride.objects.exists()
        assert Event.objects.filter(action="permission.refused").count() == 2 * len(NOT_MAPO)

    def test_achievement_has_no_state_to_set(self, desk: Desk) -> None:
        achievement = make_item(desk.cycle, number=9, kind=ItemKind.ACHIEVEMENT)
        address = reverse("recommendations:item_override", args=[achievement.pk])
        assert browser_of(desk.reviewer).get(address).status_code == 404


class TestEnd:
    def test_ended_with_a_reason_the_verdicts_speak_again(self, desk: Desk, override: ItemOverride) -> None:
        browser = browser_of(desk.second_reviewer)
        assert "the agencies’ verdicts give the status again: In progress, 40%" in words_of(
            browser.get(end_url(override))
        )
        answer = browser.post(end_url(override), {"reason": "Sudah disahkan."}, follow=True)
        assert answer.redirect_chain == [(f"{item_url(desk)}#state", 302)]
        assert WHY not in words_of(answer)
        override.refresh_from_db()
        assert (override.ended_by, override.ended_reason) == (desk.second_reviewer, "Sudah disahkan.")

    def test_it_stands_without_a_reason_and_others_do_not_find_it(
        self, desk: Desk, override: ItemOverride
    ) -> None:
        answer = browser_of(desk.reviewer).post(end_url(override))
        assert answer.status_code == 200
        assert not answer.context["form"].errors
        assert ItemOverride.objects.standing().exists()
        answer = browser_of(desk.reviewer).post(end_url(override), {"reason": " "})
        assert answer.status_code == 422
        assert ItemOverride.objects.standing().exists()
        for who in NOT_MAPO:
            assert (
                browser_of(getattr(desk, who)).post(end_url(override), {"reason": "x"}).status_code == 404
            ), who
            assert ItemOverride.objects.standing().exists(), who

    def test_one_that_has_ended_leads_to_the_item(self, desk: Desk, override: ItemOverride) -> None:
        browser = browser_of(desk.reviewer)
        browser.post(end_url(override), {"reason": "Sudah"})
        assert browser.get(end_url(override)).url == f"{item_url(desk)}#state"
        assert browser.post(end_url(override), {"reason": "Lagi"}).status_code == 302
        override.refresh_from_db()
        assert override.ended_reason == "Sudah"
