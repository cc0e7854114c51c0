"""What was typed comes back with the reason why it was refused (tests/walk/forms.py: all forms, anything typed)."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client

from tests.recommendations.pages import words_of
from tests.walk.forms import FORMS
from tests.walk.place import Place, ask, role_of, undone
from tests.walk.place import sessions as sessions
from tests.walk.place import world as world

#: Form, a text that is typed, and a day that no calendar has beside it.
KEPT = [
    ("recommendations:update_edit", "narrative", "covers_from"),
    ("recommendations:letter", "narrative", "covers_to"),
    ("recommendations:action_plan", "text", "due_on"),
    ("recommendations:action_plan_mapo", "text", "due_on"),
    ("recommendations:action_change", "reason", "due_on"),
    ("recommendations:update_ask", "reason", "due_on"),
    ("meetings:meeting_announce", "venue", "meets_on"),
    ("meetings:meeting_decisions", "text", "due_on"),
    ("reminders:days_off", "name", "day"),
]


#: What is said of a day that no calendar here has, and of one that is far from the cycles.
SAID = {
    ("ms", "0001-01-01"): "bukan tarikh yang sah",
    ("en", "0001-01-01"): "is not a valid date",
    ("ms", "31/12/9999"): "Semak tahun",
    ("en", "31/12/9999"): "Check the year",
    ("ms", "1000-01-01"): "Semak tahun",
    ("en", "1000-01-01"): "Check the year",
}


@pytest.mark.parametrize(("name", "text", "field"), KEPT)
def test_text_comes_back_beside_a_day_that_is_refused(
    name: str, text: str, field: str, world: Any, sessions: Any, client: Client
) -> None:
    row = FORMS[name]
    place = Place(world, sessions, row.kwargs(world))
    typed = "Kursus 😀 di <Tawau> & “Sandakan”"
    for (language, day), said in SAID.items():
        with undone():
            place.sign_in(client, role_of(row), language=language)
            response = ask(client, row, place.kwargs, row.data(world) | {text: typed, field: day})
            assert response.status_code in (200, 409, 422), (language, day)
            assert typed in html.unescape(response.content.decode()), (language, day)
            assert said in words_of(response), (language, day)


@pytest.mark.parametrize("asked", ["[]", "health", "//elsewhere.example/", "javascript:alert(1)", "\r\nX: y"])
def test_language_is_chosen_wherever_the_form_wants_to_go(asked: str, client: Client) -> None:
    response = client.post("/language/", {"language": "en", "next": asked})
    assert (response.status_code, response["Location"]) == (302, "/")


def test_files_are_searched_for_by_a_text_that_no_database_keeps(
    world: Any, sessions: Any, client: Client
) -> None:
    row = FORMS["recommendations:update_edit"]
    place = Place(world, sessions, row.kwargs(world))
    place.sign_in(client, role_of(row))
    response = ask(client, row, place.kwargs, row.data(world) | {"action": "find", "find": "surat\0"})
    assert response.status_code == 200 and response.context["find"] == "surat"
