"""The page on which a summary is chosen: the choice lives in its address, and what is wrong stands where it is wrong."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.clearance import Clearance
from accounts.roles import Role
from audit.clock import local_date
from cycles.services import close_cycle
from recommendations.models import Cycle
from recommendations.states import ItemKind
from reports.forms.selection import DEPTH_HINTS
from reports.states import Depth, ExportFormat
from reports.summary.selection import NAMES
from tests.conftest import Clock
from tests.factories.accounts import UserFactory
from tests.factories.recommendations import make_accepted, make_assignment, make_cycle, make_item
from tests.recommendations.visitors import Visitor, text_of
from tests.reports.conftest import Told, kuala_lumpur
from tests.reports.pages import Page

pytestmark = pytest.mark.django_db
CHOOSE = "/summaries/"
WHOLE = {
    "cycle": "2023",
    "day": "2023-08-31",
    "language": "both",
    "ceiling": "1",
    "depth": "full",
    "kind": "recommendation",
    "pillar": "protection",
    "agency": "PDRM",
    "status": "progress",
    "item": "recommendation-1",
    "since": "2023-07-01",
}


def test_whole_selection_goes_round_through_the_address(told: Told) -> None:
    response = Visitor(told.people["reviewer"]).get(CHOOSE, **WHOLE)
    page = Page(response)
    assert set(WHOLE) == set(NAMES)
    assert page.fields("selection") == WHOLE | {"day": "31/8/2023", "since": "1/7/2023"}
    assert page.fields("make-form") == WHOLE
    assert response.context["asked"].selection == told.select(**WHOLE)


def test_page_without_a_word_shows_the_usual(told: Told) -> None:
    response = Visitor(told.people["officer"], "ms").get(CHOOSE)
    assert Page(response).fields("selection") == {
        "cycle": "2023", "day": "14/9/2023", "language": "ms", "ceiling": "1", "depth": "lines",
    }  # fmt: skip
    assert "Hari ini belum berakhir" in text_of(response)


def test_what_cannot_be_meant_is_said_at_its_field(told: Told) -> None:
    visitor = Visitor(told.people["reviewer"])
    for asked, name, words in (
        ({"day": "2023-09-15"}, "day", "is in the future"),
        ({"day": "2023-03-31"}, "day", "is before the window"),
        ({"day": "8/31/2023"}, "day", "is not a valid date"),
        ({"language": "fr"}, "language", "is not one of the choices"),
        ({"depth": "deep"}, "depth", "is not one of the choices"),
        ({"ceiling": "x"}, "ceiling", "is not one of the choices"),
        ({"kind": "achievement"}, "kind", "is not one of the choices"),
        ({"pillar": "x"}, "pillar", "is not one of the choices"),
        ({"agency": "XYZ"}, "agency", "is not one of the choices"),
        ({"agency": "\0"}, "", ""),
        ({"status": "x"}, "status", "is not one of the choices"),
        ({"item": "recommendation-01"}, "item", "is not one of the choices"),
        ({"item": "recommendation-99"}, "item", "is not one of the choices"),
        ({"since": "2023-08-31", "day": "2023-08-31"}, "since", "Choose a day before"),
    ):
        response = visitor.get(CHOOSE, **{"kind": "recommendation", **asked})
        assert response.status_code == 200, asked
        form, page = response.context["form"], Page(response)
        assert list(form.errors) == ([name] if name else []), asked
        if not name:
            continue
        assert words in page.words("problems") and words in page.words(f"problem-{name}"), asked
        if name != "kind":
            assert form["kind"].value() == "recommendation"
        if name != "ceiling":
            assert response.context["preview"] is None
            assert "Something needs correcting first" in page.words("preview")


def test_ceiling_above_ones_own_is_no_choice_and_said_and_lowered(told: Told) -> None:
    response = Visitor(told.people["officer"]).get(CHOOSE, ceiling="2", depth="full", day="2023-08-31")
    page = Page(response)
    assert "Your clearance is up to Restricted" in page.words("problem-ceiling")
    assert response.context["asked"].selection.ceiling == Clearance.RESTRICTED
    assert response.context["preview"].accepted.total == 3
    assert page.fields("make-form")["ceiling"] == "1"
    for person, most in (("officer", 1), ("jim", 2)):
        form = Visitor(told.people[person]).get(CHOOSE).context["form"]
        choices = [value for value, _label in form["ceiling"].field.widget.choices]
        assert choices == [str(value) for value in range(most + 1)]


def test_what_fits_nothing_says_what_to_change(told: Told) -> None:
    response = Visitor(told.people["officer"]).get(CHOOSE, status="done", day="2023-08-31", depth="full")
    page = Page(response)
    assert "No item matches this selection" in page.words("preview")
    (clear,) = {link for link in page.links("preview") if link.startswith(CHOOSE)}
    assert dict(parse_qsl(clear.partition("?")[2])) == {
        "cycle": "2023", "day": "2023-08-31", "language": "en", "ceiling": "1", "depth": "full",
    }  # fmt: skip
    assert Page(response).fields("make-form") == {}


def test_shortcuts_lead_to_days_that_can_be_chosen(told: Told, clock: Clock) -> None:
    visitor = Visitor(told.people["officer"])
    days = {shortcut.label: shortcut.day.isoformat() for shortcut in visitor.get(CHOOSE).context["shortcuts"]}
    assert days == {"Today": "2023-09-14", "Yesterday": "2023-09-13", "End of last month": "2023-08-31"}
    clock.move_to(kuala_lumpur("2024-05-20 10:00"))
    shortcuts = visitor.get(CHOOSE, agency="PDRM").context["shortcuts"]
    assert {shortcut.label: shortcut.day.isoformat() for shortcut in shortcuts} == {
        "Today": "2024-05-20",
        "Yesterday": "2024-05-19",
        "End of last month": "2024-04-30",
        "Interim date": "2023-09-30",
        "End of the window": "2024-03-31",
    }
    for shortcut in shortcuts:
        found = visitor.client.get(CHOOSE + shortcut.url).context["asked"]
        assert (found.selection.day, found.selection.agency) == (shortcut.day, "PDRM")


def test_closed_cycle_opens_on_the_day_of_its_closing(told: Told, clock: Clock) -> None:
    close_cycle(told.cycle, reason="Tamat.", actor=told.people["administrator"], now=told.now)
    clock.move_to(kuala_lumpur("2023-10-20 10:00"))
    asked = Visitor(told.people["officer"]).get(CHOOSE).context["asked"]
    assert not asked.problems and asked.selection.day == local_date(told.now)


def test_no_cycle_says_so(now: object) -> None:
    assert "No cycle has been loaded yet" in text_of(Visitor(UserFactory(role=Role.OBSERVER)).get(CHOOSE))


def test_other_cycle_is_chosen_where_there_are_several(told: Told) -> None:
    make_item(make_cycle(year=2022), number=9)
    visitor = Visitor(told.people["officer"])
    response = visitor.get(CHOOSE, cycle="2022")
    assert Page(response).fields("selection")["cycle"] == "2022"
    items = response.context["form"]["item"].field.widget.choices
    assert [key for key, _label in items] == ["", "recommendation-9"]
    assert response.context["asked"].selection.year == 2022
    opens, ends = (told.today + timedelta(days=days) for days in (30, 90))
    make_cycle(year=2024, window_start=opens, window_end=ends)
    assert "The window has not opened yet" in text_of(visitor.get(CHOOSE, cycle="2024"))


def test_papers_are_those_that_a_person_may_ask_for(told: Told) -> None:
    of_mapo = {"council", "paperpdf", "meeting"}
    for person, others in (("reviewer", set()), ("officer", of_mapo), ("observer", of_mapo | {"pack"})):
        context = Visitor(told.people[person]).get(CHOOSE).context
        offered = [*context["meeting_formats"], *context["usual_formats"], *context["more_formats"]]
        assert {each.value for each, _spec in offered} == set(ExportFormat.values) - others
        assert [each.value for each, _spec in context["usual_formats"]] == ["pdf", "docx", "xlsx"]


def test_papers_of_a_meeting_ask_since_when_themselves(told: Told) -> None:
    page = Page(Visitor(told.people["reviewer"]).get(CHOOSE, **WHOLE))
    buttons = {each.get("value"): each.get("form") for each in page.root.iter("button") if each.get("value")}
    assert buttons["council"] == buttons["meeting"] == "make-meeting"
    assert [each for each in buttons if each in ExportFormat.values][:2] == ["council", "meeting"], (
        "they come first"
    )
    assert not page.root.xpath("//details//button[@value='council' or @value='meeting']")
    assert len(page.root.xpath("//*[@id='meeting-since']")) == 1
    sent = page.fields("make-meeting")
    assert sent == WHOLE | {"since": "1/7/2023"}
    assert len(page.root.xpath("//form[@id='make-meeting']//input[@name='since']")) == 1, "sent once"
    field = page.root.get_element_by_id("meeting-since")
    sent = (field.get("name"), field.get("form"), field.get("value"))
    assert sent == ("since", "make-meeting", "1/7/2023")


def test_link_of_somebody_else_opens_with_ones_own_rights(told: Told) -> None:
    query = urlencode(told.select("reviewer", ceiling="2").as_query())
    for person, least in (("officer", Clearance.RESTRICTED), ("jim", Clearance.CONFIDENTIAL)):
        response = Visitor(told.people[person]).client.get(f"{CHOOSE}?{query}")
        assert response.context["asked"].selection.ceiling == least
        assert "Sulit.pdf" not in response.content.decode() or person == "jim"


def grow(told: Told, numbers: range) -> None:
    """So many more items, each with an accepted update."""
    for number in numbers:
        assignment = make_assignment(
            make_item(Cycle.objects.get(), number=number), told.agencies["PDRM"],
            actor=told.people["administrator"], now=told.now,
        )  # fmt: skip
        make_accepted(
            assignment, actor=told.people["officer"], reviewer=told.people["reviewer"], now=told.now
        )


def test_page_takes_the_same_queries_for_one_item_and_for_thirty(
    told: Told, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    visitor = Visitor(told.people["reviewer"])
    for numbers in (range(10, 11), range(11, 40)):
        grow(told, numbers)
        for asked, queries in (
            ({"depth": "lines"}, 13),
            ({"depth": "full", "kind": ItemKind.RECOMMENDATION.value}, 20),
            ({"depth": "full", "agency": "PDRM", "item": "recommendation-1"}, 23),
        ):
            with django_assert_num_queries(queries):
                response = visitor.get(CHOOSE, **asked)
            assert response.context["preview"].lines, asked


def test_every_depth_says_what_it_holds(told: Told) -> None:
    text = text_of(Visitor(told.people["officer"]).get(CHOOSE))
    for depth in Depth:
        with translation.override("en"):
            assert f"{depth.label} {DEPTH_HINTS[depth]}" in text


@pytest.mark.parametrize(
    ("language", "holds", "usual"),
    [
        ("en", "Always contains everything that was accepted", "Left empty: the last 30 days."),
        ("ms", "Sentiasa memuatkan semua yang diterima", "Jika dibiarkan kosong: tempoh 30 hari lalu."),
    ],
)
def test_papers_of_one_depth_say_so(told: Told, language: str, holds: str, usual: str) -> None:
    page = Page(Visitor(told.people["reviewer"], language).get(CHOOSE, depth="lines"))
    assert page.words("make").count(holds) == 4, (
        "council paper as Word and as PDF, meeting sheet and evidence pack"
    )
    assert page.words("make").count(usual) == 1


def test_list_of_evidence_is_no_choice_for_observers(told: Told) -> None:
    def offered(person: str) -> list[str]:
        form = Visitor(told.people[person]).get(CHOOSE).context["form"]
        return [depth.value for depth, _hint in form.depths]

    assert offered("observer") == ["glance", "lines", "full"]
    assert offered("officer") == offered("reviewer") == list(Depth.values)
