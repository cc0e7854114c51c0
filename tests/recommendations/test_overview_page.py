"""The overview: for everybody what the rules allow, today and on a day that is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from recommendations import services
from recommendations.models import Cycle
from recommendations.readings.overview import state_of_cycle
from recommendations.readings.overview_page import CellWords, Filters, matrix
from recommendations.states import AssignmentRole, Kind, Pillar, Status
from tests.conftest import NOW, Clock
from tests.factories.accounts import make_agency, make_person
from tests.factories.evidence import make_document
from tests.factories.recommendations import REPORTED, make_assignment, make_item
from tests.recommendations.conftest import Desk
from tests.recommendations.test_queue_page import another
from tests.recommendations.visitors import Visitor, text_of

pytestmark = pytest.mark.django_db
OVERVIEW = "/overview/"


@pytest.mark.parametrize("language", ["ms", "en"])
def test_overview_opens_for_every_role_in_both_languages(desk: Desk, language: str) -> None:
    desk.accepted()
    for person in (desk.officer, desk.coordinator, desk.reviewer, desk.administrator, desk.observer):
        response = Visitor(person, language).get(OVERVIEW)
        assert response.status_code == 200
        assert f'lang="{language}"' in response.content.decode()


def test_overview_without_a_cycle_says_so(now: object) -> None:
    reader = make_person("observer", make_agency("KDN"))
    assert "No cycle has been loaded yet" in text_of(Visitor(reader).get(OVERVIEW))


def test_overview_counts_and_shows_the_accepted_state(desk: Desk) -> None:
    desk.accepted()
    make_item(desk.cycle, kind=Kind.WEAKNESS)
    response = Visitor(desk.reviewer).get(OVERVIEW)
    text = text_of(response)
    assert "Day 167 of 366" in text
    assert [count.words for count in response.context["counts"]] == [
        "No action: 0, In progress: 1, Completed: 0",
        "No action: 1, In progress: 0, Completed: 0",
    ]
    assert "PDRM, lead agency: In progress 40%" in response.content.decode()


def test_overview_hides_claims_lateness_and_suggestions_from_others(desk: Desk, clock: Clock) -> None:
    services.suggest_assignment(
        desk.item,
        agency=desk.other_agency,
        role=AssignmentRole.SUPPORT,
        actor=desk.administrator,
        now=desk.now,
    )
    desk.submission()
    late = make_item(desk.cycle, number=2)
    make_assignment(late, desk.agency, actor=desk.administrator, now=desk.now)
    clock.move_to(NOW + timedelta(days=40))
    secrets = ("awaiting MAPO", ", late", "suggested as", "Needs your attention", "MPOB,")
    shown = Visitor(desk.reviewer).get(OVERVIEW).content.decode()
    assert all(secret in shown for secret in secrets)
    for person in (desk.outsider, desk.observer):
        html = Visitor(person).get(OVERVIEW, show="waiting").content.decode()
        assert not any(secret in html for secret in secrets)
    own = Visitor(desk.officer).get(OVERVIEW).content.decode()
    assert "awaiting MAPO" in own and ", late" in own and "suggested as" not in own


def test_cell_says_in_words_all_that_it_shows(desk: Desk) -> None:
    desk.accepted()
    (agency,) = state_of_cycle(desk.cycle, user=desk.reviewer).items[0].agencies
    with translation.override("en"):
        waiting = replace(agency, waiting_since=NOW)
        assert CellWords(NOW.date()).of(waiting) == "PDRM, lead agency: In progress 40%, awaiting MAPO"
        assert CellWords(date(2030, 1, 1)).of(agency) == "PDRM, lead agency: In progress 40%, late"
        suggested = replace(agency, stage="suggested", role="support")
        assert CellWords(NOW.date()).of(suggested) == "PDRM, suggested as supporting agency"


def test_needs_lead_to_the_place_of_the_cure(desk: Desk, settings: Settings) -> None:
    make_document(desk.agency, actor=desk.officer, now=desk.now)
    settings.SCANNER = "clamav"
    desk.submission()
    empty_agency = make_agency("MOT")
    make_assignment(
        desk.item, empty_agency, actor=desk.administrator, now=desk.now, role=AssignmentRole.SUPPORT
    )
    services.suggest_assignment(
        desk.item,
        agency=desk.other_agency,
        role=AssignmentRole.SUPPORT,
        actor=desk.administrator,
        now=desk.now,
    )
    services.decline_assignment(desk.assignment, reason="Bukan kami", actor=desk.officer, now=desk.now)
    needs = Visitor(desk.reviewer).get(OVERVIEW).context["needs"]
    assert {(need.url, need.count) for need in needs} == {
        ("/reviews/", 1),
        ("/assignments/", 1),
        ("/assignments/?tab=requests", 1),
        ("/evidence/?scan=held", 1),
        ("/assignments/?tab=confirmed#officers", 1),
    }
    words = " ".join(f"{need.count} {need.words} {need.note}" for need in needs)
    assert "1 update waits for review" in words and "PDRM, Recommendation 1" in words and "MOT" in words


def test_nothing_needed_is_said(desk: Desk) -> None:
    assert "Nothing needs you today" in text_of(Visitor(desk.reviewer).get(OVERVIEW))


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        ({}, ["recommendation 1", "recommendation 2", "weakness 1"]),
        ({"kind": "weakness"}, ["weakness 1"]),
        ({"status": "progress"}, ["recommendation 1"]),
        ({"status": "none"}, ["recommendation 2", "weakness 1"]),
        ({"agency": "PDRM"}, ["recommendation 1"]),
        ({"agency": "MPOB"}, ["recommendation 2"]),
        ({"pillar": "prevention"}, ["recommendation 2"]),
        ({"text": "PERKARA 2"}, ["recommendation 2"]),
        ({"text": "point 2"}, ["recommendation 2"]),
        ({"show": "waiting"}, ["recommendation 2"]),
        ({"show": "waiting", "agency": "PDRM"}, []),
        ({"kind": "nonsense"}, []),
        ({"show": "nonsense"}, []),
    ],
)
def test_filters_keep_what_fits_all_of_them(desk: Desk, filters: dict[str, str], kept: list[str]) -> None:
    desk.accepted()
    second = make_item(desk.cycle, number=2, pillar=Pillar.PREVENTION)
    make_item(desk.cycle, kind=Kind.WEAKNESS)
    assignment = make_assignment(second, desk.other_agency, actor=desk.administrator, now=desk.now)
    update = services.start_update(assignment, actor=desk.outsider, now=desk.now)
    services.submit_update(update, content=REPORTED, revision=0, actor=desk.outsider, now=desk.now)
    response = Visitor(desk.reviewer).get(OVERVIEW, **filters)
    state = state_of_cycle(desk.cycle, user=desk.reviewer)
    found = [
        f"{row.kind} {row.number}"
        for row in state.items
        if Filters.read(filters).keeps(row, today=NOW.date())
    ]
    assert found == kept
    assert response.context["matrix"].shown_count == len(kept)
    assert ("No item fits these filters" in text_of(response)) == (not kept)


def test_filters_stay_in_the_form_and_survive_the_choice_above_the_table(desk: Desk) -> None:
    response = Visitor(desk.reviewer).get(OVERVIEW, kind="recommendation", text="perkara", day="2023-09-13")
    html = response.content.decode()
    assert '<option value="recommendation" selected>' in html and 'value="perkara"' in html
    options = response.context["show_options"]
    assert options[2]["url"] == "?kind=recommendation&text=perkara&day=2023-09-13&show=late#matrix"


def test_a_day_that_is_over_is_shown_as_it_was_with_a_banner(desk: Desk, clock: Clock) -> None:
    desk.accepted()
    later = clock.move_to(NOW + timedelta(days=5))
    services.end_assignment(desk.assignment, reason="Pindah", actor=desk.administrator, now=later)
    visitor = Visitor(desk.reviewer)
    past = visitor.get(OVERVIEW, day="2023-09-14")
    assert "You see the state as at 14 September 2023" in text_of(past)
    assert "PDRM, lead agency: In progress 40%" in past.content.decode()
    assert "Needs your attention" not in text_of(past)
    assert "PDRM, lead agency" not in visitor.get(OVERVIEW).content.decode()


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2023-09-15", "15 September 2023 has not come yet"),
        ("2020-01-01", "Nothing was recorded in this cycle by 1 January 2020"),
        ("yesterday", "The day was not understood"),
        ("2023-02-30", "The day was not understood"),
        ("0001-01-01", "Nothing was recorded"),
        ("9999-12-31", "has not come yet"),
    ],
)
def test_a_day_that_cannot_be_shown_is_said_and_today_is_shown(desk: Desk, day: str, told: str) -> None:
    response = Visitor(desk.reviewer).get(OVERVIEW, day=day)
    assert response.status_code == 200
    assert told in text_of(response)
    assert response.context["day"] is None and "Day 167 of 366" in text_of(response)


def test_today_asked_for_by_name_is_just_today(desk: Desk) -> None:
    response = Visitor(desk.reviewer).get(OVERVIEW, day="2023-09-14")
    assert "You see the state as at" not in text_of(response)


def test_columns_are_only_agencies_of_the_items_shown(desk: Desk) -> None:
    make_assignment(
        make_item(desk.cycle, number=2), desk.other_agency, actor=desk.administrator, now=desk.now
    )
    state = state_of_cycle(desk.cycle, user=desk.reviewer)
    shown = matrix(state, Filters(agency="MPOB"), today=NOW.date())
    assert [column.code for column in shown.columns] == ["MPOB"]


def test_lead_completed_while_a_support_is_not_says_for_whom_it_waits(desk: Desk) -> None:
    make_assignment(
        desk.item, desk.other_agency, actor=desk.administrator, now=desk.now, role=AssignmentRole.SUPPORT
    )
    desk.accepted(replace(REPORTED, status=Status.DONE, percent=100))
    text = text_of(Visitor(desk.observer).get(OVERVIEW))
    assert "In progress 99% Waits for MPOB" in text


def test_a_closed_cycle_is_still_shown(desk: Desk) -> None:
    Cycle.objects.update(closed_at=desk.now)
    assert Visitor(desk.reviewer).get(OVERVIEW).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_overview_takes_the_same_queries_at_one_row_and_at_three(
    desk: Desk, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(2, 2 + count):
        another(desk, number)
    visitor = Visitor(desk.reviewer)
    visitor.get(OVERVIEW)
    with django_assert_max_num_queries(12) as captured:
        visitor.get(OVERVIEW)
    assert len(captured) == 9


def test_state_of_cycle_takes_three_queries(
    desk: Desk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    another(desk, 2)
    reader = User.objects.get(pk=desk.reviewer.pk)
    for before in (None, NOW + timedelta(hours=1)):
        with django_assert_num_queries(3):
            state_of_cycle(desk.cycle, user=reader, before=before)
