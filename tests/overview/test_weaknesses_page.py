"""Weaknesses beside what answers them: for everybody, today and on a day that is over; MAPO links and unlinks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from audit import clock as audit_clock
from audit.models import Event
from cycles.services import close_cycle
from overview.queries.weaknesses import WeaknessFilters, read_weaknesses
from recommendations import services
from recommendations.models import Item, ItemLink
from recommendations.services import link_answer, override_item, unlink_answer
from recommendations.states import ItemKind, Pillar, Status
from tests.conftest import NOW, Clock
from tests.factories.accounts import make_agency, make_person
from tests.factories.recommendations import make_assignment, make_item
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of, toasts
from tests.shared import shared

pytestmark = pytest.mark.django_db
PAGE = "/weaknesses/"


@shared
def weakness(desk: Desk) -> Item:
    """Weakness 2: Recommendation 1 (in progress, 40 %) and Achievement 1 answer it. Nobody leads on it."""
    made = make_item(desk.cycle, number=2, kind=ItemKind.WEAKNESS, pillar=Pillar.PROSECUTION)
    desk.accepted()
    for answer in (desk.item, make_item(desk.cycle, kind=ItemKind.ACHIEVEMENT)):
        link_answer(made, answer=answer, reason="Jawapan.", actor=desk.reviewer, now=desk.now)
    return made


def page_of(desk: Desk, **query: str) -> HttpResponse:
    return Visitor(desk.officer).get(PAGE, **query)


def told(desk: Desk, *, before: Any = None) -> Any:
    """All that the page tells."""
    with translation.override("en"):
        page = read_weaknesses(desk.cycle, user=desk.officer, filters=WeaknessFilters(), before=before)
        return [(row, row.gap) for row in page.rows], page.answering_none


def test_weaknesses_open_for_every_role_with_their_answers_states_and_gap(desk: Desk, weakness: Item) -> None:
    for language in ("ms", "en"):
        for person in (desk.officer, desk.coordinator, desk.reviewer, desk.administrator, desk.observer):
            response = Visitor(person, language).get(PAGE)
            assert response.status_code == 200 and f'lang="{language}"' in response.content.decode(), language
            assert [row.weakness.item_id for row in response.context["page"].rows] == [weakness.pk], language
            assert response.context["may_link"] == person.is_mapo, language
    text = text_of(page_of(desk))
    assert "Weakness 2 Prosecution Point 2 that should be mended. No action 0%" in text
    assert "In progress 40% Recommendation 1 Point 1 that should be mended." in text
    assert "Published achievement Achievement 1 Point 1 that should be mended." in text
    assert "The recommendation that answers it is in progress; the weakness itself has no action." in text
    assert "No lead agency is confirmed yet." in text
    assert "Every recommendation answers a weakness." in text


def test_state_that_mapo_has_set_is_told_with_its_reason(desk: Desk, weakness: Item) -> None:
    values = {"status": Status.DONE, "percent": 100, "reason": "Akta dipinda"}
    override_item(weakness, **values, actor=desk.reviewer, now=desk.now)
    text = text_of(page_of(desk))
    assert "Completed 100% Set by MAPO on 14 Sep 2023 Verdicts alone: No action, 0% Akta dipinda" in text
    assert "The recommendation that answers it is in progress; the weakness itself is completed." in text


def test_recommendations_that_answer_no_weakness_are_named_at_the_end(desk: Desk, weakness: Item) -> None:
    alone = make_item(desk.cycle, number=13)
    response = page_of(desk, pillar=Pillar.PROTECTION)
    assert [point.item_id for point in response.context["page"].answering_none] == [alone.pk]
    assert "Recommendations that answer no weakness No action 0% Recommendation 13" in text_of(response)


def test_filters_narrow_by_pillar_and_state(desk: Desk, weakness: Item) -> None:
    protection = make_item(desk.cycle, number=3, kind=ItemKind.WEAKNESS)
    answering = {"pillar": Pillar.PROTECTION, "status": Status.NONE}
    for query, numbers in (
        ({}, [2, 3]),
        (answering, [3]),
        ({"status": Status.DONE}, []),
        ({"pillar": "x"}, [2, 3]),
    ):
        rows = page_of(desk, **query).context["page"].rows
        assert [row.weakness.number for row in rows] == numbers
    assert "No weakness matches these filters" in text_of(page_of(desk, status=Status.DONE))
    assert "1 of 2 weaknesses" in text_of(page_of(desk, **answering))
    assert protection.text_en in text_of(page_of(desk, **answering))


def test_pages_without_weaknesses_and_without_a_cycle_say_so(desk: Desk) -> None:
    assert "This cycle names no weakness" in text_of(page_of(desk))


def test_weaknesses_before_any_cycle_say_so(now: object) -> None:
    reader = make_person("observer", make_agency("KDN"))
    assert "No cycle has been loaded yet" in text_of(Visitor(reader).get(PAGE))


def test_a_day_that_is_over_tells_what_it_told(desk: Desk, weakness: Item, clock: Clock) -> None:
    day, then = audit_clock.local_date(NOW), told(desk)
    achievement = Item.objects.get(kind=ItemKind.ACHIEVEMENT)
    later = clock.move_to(NOW + timedelta(days=3))
    about = {"actor": desk.reviewer, "now": later}
    unlink_answer(weakness, answer=achievement, reason="Jawapan.", **about)
    unlink_answer(weakness, answer=desk.item, reason="Jawapan.", **about)
    link_answer(weakness, answer=make_item(desk.cycle, number=5), reason="Jawapan.", **about)
    make_assignment(weakness, desk.other_agency, **about)
    override_item(desk.item, status=Status.DONE, percent=100, reason="Selesai", **about)
    Item.objects.update(
        text_ms="Teks lain",
        text_en="Another text",
        title_ms="Tajuk lain",
        title_en="Another title",
        pillar="",
    )
    assert told(desk) != then
    assert told(desk, before=audit_clock.end_of_day(day)) == then


def test_a_past_day_says_so_and_takes_no_act(desk: Desk, weakness: Item, clock: Clock) -> None:
    make_item(desk.cycle, number=9)
    clock.move_to(NOW + timedelta(days=3))
    visitor = Visitor(desk.reviewer)
    past = visitor.get(PAGE, day="2023-09-14")
    assert "You see the status as at 14 September 2023" in text_of(past)
    assert not past.context["may_link"] and "Add an answer" not in text_of(past)
    assert "Add an answer" in text_of(visitor.get(PAGE))


def test_a_day_that_cannot_be_shown_says_why(desk: Desk, weakness: Item) -> None:
    for day, words in (
        ("2023-09-15", "15 September 2023 is in the future. Today is shown."),
        ("kelmarin", "The date is not valid. Today is shown."),
        ("2022-01-01", "Nothing was recorded in this cycle by 1 January 2022. Today is shown."),
    ):
        response = page_of(desk, day=day)
        assert words in text_of(response), (day, words)
        assert len(response.context["page"].rows) == 1 and response.context["day"] is None, (day, words)


def test_mapo_links_an_answer_and_says_why(desk: Desk, weakness: Item) -> None:
    achievement = make_item(desk.cycle, number=4, kind=ItemKind.ACHIEVEMENT)
    visitor, url = Visitor(desk.reviewer), f"{PAGE}{weakness.pk}/link/?pillar=prosecution"
    form = visitor.get(url).context["form"]
    offered = [key for _group, choices in form.fields["answer"].choices[1:] for key, _label in choices]
    assert achievement.pk in offered and desk.item.pk not in offered
    response = visitor.post(
        url, {"answer": achievement.pk, "reason": "Menyasarkan sebab yang sama."}, follow=True
    )
    assert response.redirect_chain == [(f"{PAGE}?pillar=prosecution#weakness-{weakness.pk}", 302)]
    assert toasts(response) == ["Achievement 4 now answers Weakness 2."]
    event = Event.objects.filter(action="item.linked").latest("pk")
    assert event.after == {"answer": "Achievement 4"}
    assert event.reason == "Menyasarkan sebab yang sama."


def test_mapo_unlinks_an_answer_and_says_why(desk: Desk, weakness: Item) -> None:
    visitor, url = Visitor(desk.administrator), f"{PAGE}{weakness.pk}/unlink/{desk.item.pk}/"
    assert "Recommendation 1" in text_of(visitor.get(url))
    response = visitor.post(url, {"reason": "Skopnya lain."}, follow=True)
    assert toasts(response) == ["Recommendation 1 no longer answers Weakness 2."]
    assert "No recommendation answers it, only one published achievement" in text_of(response)
    assert "Recommendations that answer no weakness In progress 40% Recommendation 1" in text_of(response)
    assert Event.objects.get(action="item.unlinked").reason == "Skopnya lain."


def test_linking_without_a_choice_or_to_a_weakness_keeps_the_reason(desk: Desk, weakness: Item) -> None:
    make_item(desk.cycle, number=4, kind=ItemKind.ACHIEVEMENT)
    for answer in ("", "satu", "2000000000"):
        typed = {"answer": answer, "reason": "Sebab yang ditaip."}
        told = text_of(Visitor(desk.reviewer).post(f"{PAGE}{weakness.pk}/link/", typed))
        assert "Choose a recommendation or an achievement." in told and "Sebab yang ditaip." in told, answer
        assert ItemLink.objects.count() == 2, answer
    other = make_item(desk.cycle, number=3, kind=ItemKind.WEAKNESS)
    typed = {"answer": other.pk, "reason": "Sebab."}
    told = text_of(Visitor(desk.reviewer).post(f"{PAGE}{weakness.pk}/link/", typed))
    assert "Choose a recommendation or an achievement." in told
    assert not ItemLink.objects.filter(answer=other).exists()


def test_a_link_is_not_changed_without_a_reason(desk: Desk, weakness: Item) -> None:
    achievement = make_item(desk.cycle, number=4, kind=ItemKind.ACHIEVEMENT)
    visitor = Visitor(desk.reviewer)
    for reason in ("", "  ", "\u200b"):
        visitor.post(f"{PAGE}{weakness.pk}/link/", {"answer": achievement.pk, "reason": reason})
        visitor.post(f"{PAGE}{weakness.pk}/unlink/{desk.item.pk}/", {"reason": reason})
        assert set(ItemLink.objects.values_list("answer__kind", flat=True)) == {
            "recommendation",
            "achievement",
        }, reason
        assert not ItemLink.objects.filter(answer=achievement).exists(), reason
        assert ItemLink.objects.filter(answer=desk.item).exists(), reason


def test_closed_cycle_refuses_links_and_offers_none(desk: Desk, weakness: Item) -> None:
    close_cycle(desk.cycle, reason="Laporan dihantar", actor=desk.administrator, now=desk.now)
    visitor = Visitor(desk.reviewer)
    assert "Add an answer" not in text_of(visitor.get(PAGE))
    url = f"{PAGE}{weakness.pk}/unlink/{desk.item.pk}/"
    for response in (visitor.get(url), visitor.post(url, {"reason": "Sebab."})):
        assert "This cycle is closed" in text_of(response)
    assert ItemLink.objects.count() == 2


def test_others_are_offered_no_link_and_what_is_no_weakness_is_not_found(desk: Desk, weakness: Item) -> None:
    typed = {"answer": desk.item.pk, "reason": "Sebab."}
    for person in (desk.officer, desk.coordinator, desk.observer):
        assert "Add an answer" not in text_of(Visitor(person).get(PAGE))
    mapo = Visitor(desk.reviewer)
    for known in (desk.item.pk, 2_000_000_000):
        assert mapo.post(f"{PAGE}{known}/link/", typed).status_code == 404
    assert mapo.post(f"{PAGE}{weakness.pk}/unlink/2000000000/", typed).status_code == 404


def test_item_pages_say_what_they_answer_and_what_answers_them(desk: Desk, weakness: Item) -> None:
    reader = Visitor(desk.observer)
    assert "Answers Weakness 2" in text_of(reader.get(f"/items/{desk.item.pk}/"))
    answered = text_of(reader.get(f"/items/{weakness.pk}/"))
    assert "Answered by Recommendation 1 Achievement 1" in answered


def test_weaknesses_take_three_queries_however_many(
    desk: Desk, weakness: Item, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for numbers, count in ((range(10, 11), 2), (range(11, 18), 9)):
        for number in numbers:
            other = make_item(desk.cycle, number=number, kind=ItemKind.WEAKNESS)
            answer = make_item(desk.cycle, number=number)
            services.link_answer(other, answer=answer, reason="Jawapan.", actor=desk.reviewer, now=desk.now)
        with translation.override("en"), django_assert_num_queries(3):
            page = read_weaknesses(desk.cycle, user=desk.officer, filters=WeaknessFilters())
            assert len(page.rows) == count and all(row.gap for row in page.rows)
