"""What the trail says of an act: values, people and choices in the words of whoever reads it."""

from typing import Any

import pytest
from django.apps import apps
from django.utils import translation

from audit import labels
from audit.models import Event
from audit.services import digest
from audit.trail import field_changes, trail_rows
from audit.values import ValueTexts
from tests.factories.accounts import World


def test_compared_keeps_the_order_and_marks_what_changed() -> None:
    event = Event(before={"b": 1, "a": None}, after={"b": 1, "c": False})
    rows = field_changes(event, ValueTexts([event]))
    assert [(str(row.label), row.before, row.after, row.is_changed) for row in rows] == [
        ("B", "1", "1", False),
        ("A", "–", "–", False),
        ("C", "–", _text(False), True),
    ]


def _text(value: Any, *, name: str = "un_named", kind: str = "") -> str:
    event = Event(object_type=kind, after={name: value})
    return ValueTexts([event]).text(event, name, value)


def test_value_of_every_kind_is_put_into_words() -> None:
    with translation.override("en"):
        assert _text(["a", 1, None]) == "a, 1, –"
        assert _text({"inner_one": "2023-08-01", "x": True}) == "Inner one: 1 Aug 2023; X: Yes"
        assert _text({}) == _text("") == _text(None) == "–"
        assert _text(0) == "0"
        assert _text("2023-13-45") == "2023-13-45"
        assert _text("2023-02-30") == "2023-02-30"
        assert _text("2023-08-01T02:03:04.5Z") == "1 August 2023, 10:03\xa0am"
        assert _text(60, name="percent") == "60%"
        assert _text(20_935, name="size") == "20\xa0KB"


def test_choices_read_in_the_language_of_the_reader() -> None:
    for language, words in (
        ("en", ("Supporting agency", "In progress")),
        ("ms", ("Agensi sokongan", "Dalam Tindakan")),
    ):
        with translation.override(language):
            assert _text("support", name="role", kind="recommendations.Assignment") == words[0], language
            # The object of a decision is the review; the status is found by its name.
            assert _text("progress", name="status", kind="recommendations.Review") == words[1], language


def test_people_are_named_instead_of_numbered(world: World, django_assert_num_queries: Any) -> None:
    people = [world.people["officer"], world.people["coordinator"]]
    officers = Event(
        object_type="recommendations.Assignment", after={"officers": [each.pk for each in people]}
    )
    owner = Event(object_type="recommendations.Action", after={"owner": people[0].pk})
    gone = Event(object_type="recommendations.Action", after={"owner": 987654})
    with django_assert_num_queries(1):
        texts = ValueTexts([officers, owner, gone])
    assert texts.text(officers, "officers", officers.after["officers"]) == ", ".join(map(str, people))
    assert texts.text(owner, "owner", people[0].pk) == people[0].name
    assert texts.text(gone, "owner", 987654) == "987654"


def test_row_says_what_a_person_would() -> None:
    event = Event(
        object_type="recommendations.Assignment",
        before={"due_on": "2023-08-31", "role": "support", "text": digest("old"), "note": None},
        after={
            "due_on": "2023-09-30",
            "role": "lead",
            "text": digest("newer"),
            "note": digest("x"),
            "is_lead": True,
        },
    )
    with translation.override("en"):
        (row,) = trail_rows([event])
        assert row.changes == [
            "Moved the final due date from 31 Aug 2023 to 30 Sep 2023",
            "Changed the role from Supporting agency to Lead agency",
            "Rewrote the text",
        ]
        assert row.has_more
    with translation.override("ms"):
        (row,) = trail_rows([event])
        assert row.changes[0] == "Tarikh akhir dipindahkan daripada 31 Ogos 2023 kepada 30 Sep 2023"


def test_row_of_a_summary_tells_format_and_selection_in_words() -> None:
    for language, words in (
        (
            "en",
            [
                "Made as: Council paper",
                "Full, with accepted narratives; Bahasa Melayu; nothing above Confidential",
            ],
        ),
        (
            "ms",
            [
                "Format: Kertas MAPO",
                "Penuh, dengan penerangan yang diterima; Bahasa Melayu; tidak melebihi Sulit",
            ],
        ),
    ):
        query = "cycle=2023&day=2023-10-16&language=ms&ceiling=2&depth=full"
        event = Event(object_type="reports.Report", after={"paper": "council", "selection": query})
        schedule = Event(
            object_type="reports.Schedule",
            after={"selection": query.replace("day=2023-10-16", "since=month")},
        )
        unknown = Event(object_type="reports.Report", after={"selection": "cycle=x"})
        with translation.override(language):
            told, monthly, unread = trail_rows([event, schedule, unknown])
            assert told.changes[0] == words[0] and told.changes[1].endswith(words[1]), language
            assert monthly.changes[0].endswith(words[1]), language
            assert unread.changes[0].endswith("cycle=x"), language


def test_time_of_a_meeting_is_written_as_the_house_does() -> None:
    event = Event(object_type="meetings.Meeting", after={"begins": "10:30"})
    for language, words in (("en", "10:30\xa0am"), ("ms", "10.30\xa0pagi")):
        with translation.override(language):
            (row,) = trail_rows([event])
            assert row.changes[0].endswith(words)


def test_words_given_twice_must_agree() -> None:
    labels.register({"audit.exported": labels.ACTIONS["audit.exported"]})
    with pytest.raises(ValueError, match=r"audit\.exported already has other words"):
        labels.register({"audit.exported": "Something else"})


def test_renamed_kind_of_object_keeps_its_label() -> None:
    kept = {model.audit_type for model in apps.get_models() if hasattr(model, "audit_type")}
    unlabelled = {kind for kind in kept if kind not in labels.OBJECTS}
    assert unlabelled == {"recommendations.BulkAct", "recommendations.BulkStep", "reports.Taking"}, (
        "no Event names these"
    )


def test_role_and_person_are_put_into_words() -> None:
    event = Event(action="a.b", actor_role="reviewer", address="203.0.113.9")
    with translation.override("en"):
        assert str(event.role_text) == "MAPO reviewer"
        assert str(event.actor_text) == "Not signed in"
        assert str(Event().actor_text) == "Jejak itself"
        assert Event(actor_role="gone").role_text == "gone"
