"""The overview: for everybody what the rules allow, today and on a day that is over."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.models import Agency, User
from overview.queries.filters import OverviewFilters
from overview.queries.marks import MarkedState, marked
from overview.queries.matrix import CellWords, matrix
from recommendations import services
from recommendations.models import Assignment, Cycle, Item
from recommendations.queries.cycle_state import state_of_cycle
from recommendations.states import AssignmentRole, ItemKind, Pillar, Status
from tests.conftest import NOW, Clock
from tests.factories.accounts import make_agency, make_person
from tests.factories.recommendations import (
    REPORTED,
    make_assignment,
    make_item,
    start_update,
)
from tests.recommendations.conftest import Desk
from tests.recommendations.test_queue_page import another
from tests.recommendations.visitors import Visitor, text_of
from ui.query_state import QueryState

pytestmark = pytest.mark.django_db
OVERVIEW = "/overview/"


def seen(desk: Desk) -> MarkedState:
    """The state as a reviewer sees it today."""
    return marked(state_of_cycle(desk.cycle, user=desk.reviewer), on=NOW.date())


def test_overview_opens_for_every_role_in_both_languages(desk: Desk) -> None:
    desk.accepted()
    for language in ("ms", "en"):
        for person in (desk.officer, desk.coordinator, desk.reviewer, desk.administrator, desk.observer):
            response = Visitor(person, language).get(OVERVIEW)
            assert response.status_code == 200, language
            assert f'lang="{language}"' in response.content.decode(), language


def test_overview_without_a_cycle_says_so(now: object) -> None:
    reader = make_person("observer", make_agency("KDN"))
    assert "No cycle has been loaded yet" in text_of(Visitor(reader).get(OVERVIEW))


def test_overview_counts_and_shows_the_accepted_state(desk: Desk) -> None:
    desk.accepted()
    make_item(desk.cycle, kind=ItemKind.WEAKNESS)
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
    secrets = ("awaiting MAPO", ", late", "suggested as", "MPOB,")
    shown = Visitor(desk.reviewer).get(OVERVIEW).content.decode()
    assert all(secret in shown for secret in secrets)
    for person in (desk.outsider, desk.observer):
        html = Visitor(person).get(OVERVIEW, show="waiting").content.decode()
        assert not any(secret in html for secret in secrets)
    own = Visitor(desk.officer).get(OVERVIEW).content.decode()
    assert "awaiting MAPO" in own and ", late" in own and "suggested as" not in own


def test_cell_says_in_words_all_that_it_shows(desk: Desk) -> None:
    desk.accepted()
    state = state_of_cycle(desk.cycle, user=desk.reviewer)
    agency = state.items[0].agencies[0]
    late = date(2030, 1, 1)
    cases: list[tuple[dict[str, Any], date, str]] = [
        ({"waiting_since": NOW, "owes_update": False}, late, "awaiting MAPO"),
        ({}, late, "late, stale"),
        ({"returned_since": NOW}, NOW.date(), "returned and not sent again"),
        ({"claim": ("done", 100)}, NOW.date(), "the agency claimed Completed 100%"),
    ]
    with translation.override("en"):
        for changes, on, words in cases:
            changed = agency._replace(**changes)
            shown = replace(state, items=(replace(state.items[0], agencies=(changed,)),))
            told = CellWords(marked(shown, on=on)).of(changed)
            assert told == f"PDRM, lead agency: In progress 40%, {words}"
        suggested = agency._replace(stage="suggested", role="support")
        assert CellWords(seen(desk)).of(suggested) == "PDRM, suggested as supporting agency"


def test_every_sign_that_is_shown_stands_in_the_legend(desk: Desk, clock: Clock) -> None:
    desk.accepted()
    clock.move_to(NOW + timedelta(days=60))
    response = Visitor(desk.reviewer).get(OVERVIEW)
    assert [sign["label"] for sign in response.context["legend"]] == [
        "No action",
        "In progress",
        "Completed",
        "Lead agency",
        "Late",
        "Stale: nothing accepted for long",
    ]
    assert response.content.decode().count("cell__mark--late") == 2  # the cell and the legend


def test_a_state_that_mapo_has_set_is_shown_with_its_reason(desk: Desk) -> None:
    services.override_item(
        desk.item, status="progress", percent=80, reason="Pekeliling", actor=desk.reviewer, now=desk.now
    )
    name = desk.reviewer.name
    for person, told in (
        (desk.reviewer, f"MAPO ({name})"),
        (desk.outsider, "MAPO"),
        (desk.observer, "MAPO"),
    ):
        text = text_of(Visitor(person).get(OVERVIEW))
        assert f"Set by {told}: Pekeliling" in text
        assert "In progress 80% Set by MAPO on 14 Sep 2023 Verdicts alone: No action, 0%" in text


def test_filters_keep_what_fits_all_of_them(desk: Desk) -> None:
    desk.accepted()
    second = make_item(desk.cycle, number=2, pillar=Pillar.PREVENTION)
    make_item(desk.cycle, kind=ItemKind.WEAKNESS)
    assignment = make_assignment(second, desk.other_agency, actor=desk.administrator, now=desk.now)
    update = start_update(assignment, actor=desk.outsider, now=desk.now)
    services.submit_update(update, content=REPORTED, revision=0, actor=desk.outsider, now=desk.now)
    for filters, kept in (
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
    ):
        response = Visitor(desk.reviewer).get(OVERVIEW, **filters)
        state = seen(desk)
        read, refused = OverviewFilters.read(filters, marked=state, user=desk.reviewer)
        found = [f"{row.kind} {row.number}" for row in state.state.items if read.keeps(row, marked=state)]
        assert (found, refused) == (kept, ""), filters
        assert response.context["matrix"].shown_count == len(kept), filters
        assert ("No item matches these filters" in text_of(response)) == (not kept), filters


def test_what_names_nothing_to_its_reader_is_said_and_not_applied(desk: Desk) -> None:
    for asked, told in (
        ({"kind": "nonsense"}, "This filter is not valid and was not applied: Kind “nonsense”."),
        ({"agency": "XYZ", "status": "?"}, "not applied: Status “?”, Agency “XYZ”."),
        ({"show": "nonsense"}, "Show “nonsense”"),
        ({"pillar": "<b>"}, "Pillar “<b>”"),
    ):
        response = Visitor(desk.reviewer).get(OVERVIEW, text="perkara", day="2023-09-14", **asked)
        assert told in " ".join(response.context["refusals"]), asked
        assert response.context["matrix"].shown_count == 1, asked
        assert response.context["filters"] == OverviewFilters(text="perkara"), asked
    for person, unknown in ((desk.observer, "late"), (desk.observer, "differs"), (desk.officer, "suggested")):
        context = Visitor(person).get(OVERVIEW, show=unknown).context
        assert f"Show “{unknown}”" in context["refusals"][0]
        assert context["found"] is None
    assert Visitor(desk.officer).get(OVERVIEW, show="late").context["refusals"] == []
    services.suggest_assignment(
        desk.item,
        agency=desk.other_agency,
        role=AssignmentRole.SUPPORT,
        actor=desk.administrator,
        now=desk.now,
    )
    assert Visitor(desk.reviewer).get(OVERVIEW, agency="MPOB").context["refusals"] == []
    for person in (desk.officer, desk.outsider, desk.observer):
        refusals = [
            Visitor(person).get(OVERVIEW, agency=code).context["refusals"] for code in ("MPOB", "XYZ")
        ]
        assert refusals[0][0].replace("MPOB", "XYZ") == refusals[1][0]


def test_filters_stay_in_the_form_and_survive_the_choice_above_the_table(desk: Desk, clock: Clock) -> None:
    clock.move_to(NOW + timedelta(days=60))
    response = Visitor(desk.reviewer).get(OVERVIEW, kind="recommendation", text="perkara", day="2023-11-12")
    html = response.content.decode()
    assert '<option value="recommendation" selected>' in html and 'value="perkara"' in html
    (_all, late, _stale) = response.context["show_options"]
    assert late["url"] == "?day=2023-11-12&text=perkara&kind=recommendation&show=late#matrix"
    assert late["label"] == "Late 1"
    assert ("kind", "recommendation") in response.context["day_fields"]
    assert response.context["today_url"] == "?text=perkara&kind=recommendation"


def test_columns_are_only_agencies_of_the_items_shown(desk: Desk) -> None:
    make_assignment(
        make_item(desk.cycle, number=2), desk.other_agency, actor=desk.administrator, now=desk.now
    )
    shown = matrix(
        seen(desk), OverviewFilters(agency="MPOB"), place=QueryState({"kind": ""}), user=desk.reviewer
    )
    assert shown.columns_count == 1
    assert re.findall(r'href="([^"]*)" title="[^"]*" aria-current=true><span>([A-Z]+)<', shown.heads) == [
        ("?agency=MPOB#matrix", "MPOB")
    ]


def _late_by_days(desk: Desk, lates: dict[str, dict[int, int]]) -> None:
    """Give each agency its items, by number, and how many days each is late; 0 is not late."""
    for code, numbers in lates.items():
        agency = Agency.objects.filter(code=code).first() or make_agency(code)
        for number, days in numbers.items():
            item = Item.objects.filter(number=number).first() or make_item(desk.cycle, number=number)
            assignment = Assignment.objects.filter(item=item, agency=agency).first() or make_assignment(
                item, agency, actor=desk.administrator, now=desk.now, role=AssignmentRole.SUPPORT
            )
            Assignment.objects.filter(pk=assignment.pk).update(next_due_on=NOW.date() - timedelta(days=days))


def _orders(visitor: Visitor, **query: str) -> tuple[list[str], list[str]]:
    """Return the codes of the columns and the numbers of the rows, in their order."""
    shown = visitor.get(OVERVIEW, **query).context["matrix"]
    rows = "".join(row for group in shown.groups for row in group.rows)
    return re.findall(r"<span>([A-Z]+)</span>", shown.heads), re.findall(r'matrix__number">(\d+)<', rows)


def test_late_first_puts_items_and_agencies_with_late_parts_first_the_longest_at_the_head(desk: Desk) -> None:
    _late_by_days(desk, {"PDRM": {1: 0, 2: 3}, "JTK": {2: 9, 3: 0}, "JIM": {4: 20}})
    visitor = Visitor(desk.reviewer)
    assert _orders(visitor) == (["PDRM", "JTK", "JIM"], ["1", "2", "3", "4"])
    assert _orders(visitor, order="late") == (["JIM", "JTK", "PDRM"], ["4", "2", "1", "3"])
    assert _orders(visitor, order="late", agency="JTK") == (["JTK", "PDRM"], ["2", "3"])
    context = visitor.get(OVERVIEW, order="late").context
    assert [option["is_current"] for option in context["order_options"]] == [False, True]
    assert ("order", "late") in context["filter_fields"] and ("order", "late") in context["day_fields"]
    assert not context["filters"].is_set


def test_an_order_that_tells_what_is_late_is_not_offered_to_who_may_not_know(desk: Desk) -> None:
    _late_by_days(desk, {"PDRM": {1: 0}, "JTK": {2: 9}})
    context = Visitor(desk.observer).get(OVERVIEW, order="late").context
    assert context["order_options"] == [] and "Order “late”" in context["refusals"][0]
    assert _orders(Visitor(desk.observer), order="late") == (["PDRM", "JTK"], ["1", "2"])
    # An agency knows of its own lateness alone.
    assert _orders(Visitor(desk.officer), order="late") == (["PDRM", "JTK"], ["1", "2"])


def test_the_column_of_the_agency_that_is_filtered_for_is_marked_in_a_closed_cycle_too(desk: Desk) -> None:
    _late_by_days(desk, {"PDRM": {1: 0}, "JTK": {1: 0}})
    visitor = Visitor(desk.reviewer)
    plain, chosen = (visitor.get(OVERVIEW, agency=code).content.decode() for code in ("", "JTK"))
    assert "is-chosen" not in plain
    assert re.findall(r'matrix__agency is-chosen"><a [^>]*aria-current=true><span>(\w+)<', chosen) == ["JTK"]
    assert re.findall(r'<td class=is-chosen><a [^>]*title="(\w+)', chosen) == ["JTK"]
    Cycle.objects.update(closed_at=desk.now)
    assert visitor.get(OVERVIEW).status_code == 200


def test_lead_completed_while_a_support_is_not_says_for_whom_it_waits(desk: Desk) -> None:
    make_assignment(
        desk.item, desk.other_agency, actor=desk.administrator, now=desk.now, role=AssignmentRole.SUPPORT
    )
    desk.accepted(replace(REPORTED, status=Status.DONE, percent=100))
    text = text_of(Visitor(desk.observer).get(OVERVIEW))
    assert "In progress 99% Waits for MPOB" in text


def test_overview_takes_the_same_queries_at_one_row_and_at_three(
    desk: Desk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    visitor = Visitor(desk.reviewer)
    for numbers in ((2,), (3, 4)):
        for number in numbers:
            another(desk, number)
        visitor.get(OVERVIEW)
        # Two of them are of figures: one where what they say is remembered.
        with django_assert_num_queries(13):
            visitor.get(OVERVIEW)


def test_state_of_cycle_takes_two_queries(
    desk: Desk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    another(desk, 2)
    reader = User.objects.get(pk=desk.reviewer.pk)
    for before in (None, NOW + timedelta(hours=1)):
        with django_assert_num_queries(2):
            state_of_cycle(desk.cycle, user=reader, before=before)
