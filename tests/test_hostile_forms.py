"""No form answers 500, whatever is typed; and what was typed comes back with the reason why it was refused."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.hostile import TYPED, record_posted_names, some
from tests.matrix import ANONYMOUS, Row
from tests.recommendations.pages import words_of
from tests.test_bad_input import POSTS, role_of
from tests.test_matrix import Place, ask, undone
from tests.test_matrix import place as place
from tests.test_matrix import sessions as sessions
from tests.test_matrix import world as world

FORMS = list({row.name: row for row in POSTS if row.target != "foreign"}.values())
#: Forms whose fields are also tried one at a time, by the beginnings of their names.
TRIED_ALONE = (
    "update",
    "meeting",
    "decision",
    "point",
    "action",
    "title",
    "rule",
    "nudge",
    "letter",
    "review",
    "comment",
)
#: So many values are tried in each field. The values differ by form and field; `len(TYPED)` tries all.
TRIED = 1


def assert_answered(client: Client, row: Row, place: Place, data: dict[str, Any]) -> None:
    """Post, and follow to the next page. An error of the view is raised by the client."""
    with undone():
        response = ask(client, row, place.kwargs, data)
        assert response.status_code < 500
        if response.status_code == 302 and response["Location"].startswith("/"):
            assert client.get(response["Location"]).status_code < 500


@pytest.mark.parametrize("row", FORMS, ids=str)
def test_form_answers_anything_typed(
    row: Row, place: Place, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    role = role_of(row)
    if role != ANONYMOUS:
        place.sign_in(client, role)
    names = record_posted_names(monkeypatch)
    good = row.data(place.world)
    assert_answered(client, row, place, good)
    tried = {"csrfmiddlewaretoken"}
    is_tried_alone = row.name.rpartition(":")[2].startswith(TRIED_ALONE)
    while is_tried_alone and (left := sorted((names | good.keys()) - tried)):
        tried.add(left[0])
        for value in some(TYPED, TRIED, of=f"{row.name} {left[0]}"):
            assert_answered(client, row, place, good | {left[0]: value})
    typed = {name: some(TYPED, 1, of=f"{name} {row.name}")[0] for name in sorted(names)}
    assert_answered(client, row, place, good | typed)


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


@pytest.mark.parametrize("day", ["0001-01-01", "31/12/9999", "1000-01-01"])
@pytest.mark.parametrize(("name", "text", "field"), KEPT)
@pytest.mark.parametrize("language", ["ms", "en"])
def test_text_comes_back_beside_a_day_that_is_refused(
    name: str, text: str, field: str, day: str, language: str, world: Any, sessions: Any, client: Client
) -> None:
    row = next(row for row in FORMS if row.name == name)
    place = Place(world, sessions, row.kwargs(world))
    role = role_of(row)
    place.sign_in(client, role)
    User.objects.filter(pk=world.people[role].pk).update(language=language)
    typed = "Kursus 😀 di <Tawau> & “Sandakan”"
    response = ask(client, row, place.kwargs, row.data(world) | {text: typed, field: day})
    assert response.status_code in (200, 409, 422)
    assert typed in html.unescape(response.content.decode())
    assert SAID[language, day] in words_of(response)


@pytest.mark.parametrize("asked", ["[]", "health", "//elsewhere.example/", "javascript:alert(1)", "\r\nX: y"])
def test_language_is_chosen_wherever_the_form_wants_to_go(asked: str, client: Client) -> None:
    response = client.post("/language/", {"language": "en", "next": asked})
    assert (response.status_code, response["Location"]) == (302, "/")


def test_files_are_searched_for_by_a_text_that_no_database_keeps(
    world: Any, sessions: Any, client: Client
) -> None:
    row = next(row for row in FORMS if row.name == "recommendations:update_edit")
    place = Place(world, sessions, row.kwargs(world))
    place.sign_in(client, role_of(row))
    response = ask(client, row, place.kwargs, row.data(world) | {"action": "find", "find": "surat\0"})
    assert response.status_code == 200 and response.context["find"] == "surat"


#: What a text is called that says something, in all forms.
SAYING = ("narrative", "text", "reason", "explanation", "answer", "note", "message")
#: Acts by a button alone: they read no reason.
WITHOUT_REASON = {"accounts:reissue_link", "accounts:sign_out_person"}
#: Signs that are sent and cannot be seen.
UNSEEN = "\u200b\u2060 \ufeff\u3164\u00ad"


@pytest.mark.parametrize("row", FORMS, ids=str)
def test_text_in_which_nothing_can_be_seen_is_refused(row: Row, place: Place, client: Client) -> None:
    good = row.data(place.world)
    names = [name for name in good if name.rpartition("-")[2] in SAYING and good[name]]
    role = role_of(row)
    if not names or role == ANONYMOUS or row.name in WITHOUT_REASON:
        return
    place.sign_in(client, role)
    for name in names:
        with undone():
            response = ask(client, row, place.kwargs, good | {name: UNSEEN})
            assert response.status_code in (200, 409, 422), name
