"""The administrators' trail: filtered, paged, compared field by field, exported, and hidden from others."""

import csv
import io
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from audit import labels
from audit.models import Event
from audit.services import digest
from audit.trail import TrailPage
from audit.views import ROWS_PER_PAGE
from tests.audit.conftest import Agency, Person, Write
from tests.conftest import Clock
from tests.factories.accounts import World
from tests.pages import body_of


@pytest.fixture
def administrator(client: Client, world: World) -> Client:
    """A client signed in as MAPO's administrator, reading English."""
    person = world.people["administrator"]
    type(person).objects.filter(pk=person.pk).update(language="en")
    client.force_login(person)
    return client


def _rows(client: Client, **asked: Any) -> list[int]:
    """Return the events shown, without the administrator's own sign-in."""
    response = client.get(reverse("audit:trail"), asked)
    assert response.status_code == 200
    shown: list[Event] = response.context["page"].rows
    return [event.pk for event in shown if event.actor_role != "administrator"]


def test_trail_shows_who_did_what_newest_first(administrator: Client, write: Write) -> None:
    first = write()
    second = write(actor=None, action="nobody.named_this")
    response = administrator.get(reverse("audit:trail"))
    text = response.content.decode()
    assert _rows(administrator)[:2] == [second.pk, first.pk]
    for expected in ("Aminah binti Salleh", "PDRM", "Jejak itself", "nobody.named_this", "3 of 3 events"):
        assert expected in text


def test_trail_is_narrowed(administrator: Client, write: Write) -> None:
    event = write(action="session.signed_in", object_type="accounts.User", object_id=12)
    for asked, found in (
        ({"person": "aminah"}, True),
        ({"person": "Bakar"}, False),
        ({"action": "session.signed_in"}, True),
        ({"action": "session.failed"}, False),
        ({"kind": "accounts.User"}, True),
        ({"kind": "accounts.Agency"}, False),
        ({"kind": "accounts.User", "number": "12"}, True),
        ({"number": "1"}, False),
        ({"since": "2023-09-14", "until": "2023-09-14"}, True),
        ({"since": "2023-09-15"}, False),
        ({"until": "2023-09-13"}, False),
        ({"agency": "", "item": "", "person": " "}, True),
    ):
        assert (event.pk in _rows(administrator, **asked)) is found, asked


def test_trail_of_a_day_holds_its_first_instant_and_not_the_next_days(
    administrator: Client, write: Write, clock: Clock
) -> None:
    first = write(now=clock.move_to(datetime(2023, 9, 14, 16, 0, tzinfo=UTC)))
    last = write(now=clock.move_to(datetime(2023, 9, 15, 15, 59, 59, 999999, tzinfo=UTC)))
    write(now=datetime(2023, 9, 15, 16, 0, tzinfo=UTC))
    assert _rows(administrator, since="2023-09-15", until="2023-09-15") == [last.pk, first.pk]


def test_trail_of_an_agency_holds_its_people_and_its_matters(
    administrator: Client, world: World, write: Write
) -> None:
    own, foreign = world.own.pk, world.foreign.pk
    by_it = write(actor=Person(agency_id=own, agency=Agency("PDRM")), agency_id=None)
    about_it = write(actor=None, agency_id=own)
    write(actor=Person(agency_id=foreign, agency=Agency("MPOB")), agency_id=foreign)
    assert _rows(administrator, agency=own) == [about_it.pk, by_it.pk]


def test_trail_of_an_item_holds_its_acts(
    administrator: Client, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        labels.offered_choices, "item", lambda: [(15, "Recommendation 15"), (16, "Recommendation 16")]
    )
    event = write(item_id=15)
    write(item_id=16)
    assert _rows(administrator, item=15) == [event.pk]


def test_trail_with_a_filter_that_is_none_says_so_and_shows_nothing(
    administrator: Client, write: Write
) -> None:
    write()
    for asked in ({"agency": "999999"}, {"action": "<script>"}, {"since": "yesterday"}, {"item": "x"}):
        assert _rows(administrator, **asked) == [], asked
        assert b'role="alert"' in administrator.get(reverse("audit:trail"), asked).content, asked
    response = administrator.get(reverse("audit:trail"), {"since": "2023-09-15", "until": "2023-09-14"})
    assert "Swap them" in response.content.decode()
    for last in ("9999-12-31", "31/12/9999"):
        response = administrator.get(reverse("audit:trail"), {"until": last})
        assert response.status_code == 200, last
        assert b'role="alert"' in response.content, last


def test_trail_is_leafed_through_without_gap_or_double(administrator: Client, write: Write) -> None:
    numbers = [write().pk for _ in range(2 * ROWS_PER_PAGE + 3)][::-1]

    def leaf(**place: Any) -> TrailPage:
        shown = administrator.get(reverse("audit:trail"), {"person": "Aminah", **place}).context["page"]
        assert isinstance(shown, TrailPage)
        return shown

    first = leaf()
    second = leaf(older=first.older_than)
    third = leaf(older=second.older_than)
    assert [event.pk for shown in (first, second, third) for event in shown.rows] == numbers
    assert (first.newer_than, third.older_than) == (None, None)
    back = leaf(newer=third.newer_than)
    assert back.rows == second.rows
    top = leaf(newer=back.newer_than)
    assert top.rows == first.rows
    assert (top.newer_than, top.older_than) == (None, first.older_than)
    with translation.override("en"):
        assert first.words == "50 of 103 events"


def test_trail_at_a_place_that_is_none_begins_at_the_top(administrator: Client, write: Write) -> None:
    event = write()
    for place in ("x", "-1", "9" * 30, "١", ""):
        assert _rows(administrator, older=place) == [event.pk], place


@pytest.mark.parametrize("events", [1, 60])
def test_trail_costs_the_same_few_queries_whatever_its_length(
    administrator: Client, write: Write, django_assert_max_num_queries: Any, events: int
) -> None:
    for _ in range(events):
        write()
    # One of them asks a demonstration for its clock.
    with django_assert_max_num_queries(10):
        administrator.get(reverse("audit:trail"))


def test_event_is_read_side_by_side_before_ahead_of_after(administrator: Client, write: Write) -> None:
    event = write(
        before={"due_on": "2023-08-31", "note": digest("old")},
        after={"due_on": "2023-09-30", "note": digest("newer"), "is_lead": True},
        reason="Asked by\nletter",
        object_type="accounts.User",
        object_id=5,
    )
    text = administrator.get(reverse("audit:event", args=[event.pk])).content.decode()
    for expected in (
        "31 Aug 2023",
        "30 Sep 2023",
        "text of 5 characters",
        "Is lead",
        "Yes",
        "Asked by\nletter",
    ):
        assert expected in text
    assert f"{reverse('audit:trail')}?kind=accounts.User&amp;number=5" in text
    event = write(before={"due_on": "2023-08-31"}, after={"due_on": "2023-09-30"})
    text = administrator.get(reverse("audit:event", args=[event.pk])).content.decode()
    assert text.index("31 Aug 2023") < text.index("30 Sep 2023")
    assert text.index(">Before<") < text.index(">After<")
    event = write(actor=None)
    assert b"changed no values" in administrator.get(reverse("audit:event", args=[event.pk])).content
    assert administrator.get(reverse("audit:event", args=[987654])).status_code == 404


def test_event_text_is_never_markup(administrator: Client, write: Write) -> None:
    evil = "<script>alert(1)</script>"
    event = write(reason=evil, label=evil, before={evil: evil}, after={evil: [evil]}, actor=Person(name=evil))
    for address in (reverse("audit:trail"), reverse("audit:event", args=[event.pk])):
        assert evil not in administrator.get(address).content.decode()


def test_trail_does_not_exist_for_others_and_their_look_is_recorded(
    client: Client, world: World, write: Write
) -> None:
    event = write()
    for role in ("officer", "coordinator", "reviewer", "observer"):
        client.force_login(world.people[role])
        missing = body_of(client.get("/there-is-no-such-page/"))
        for answer in (
            client.get(reverse("audit:trail")),
            client.get(reverse("audit:event", args=[event.pk])),
            client.post(reverse("audit:export")),
        ):
            assert answer.status_code == 404, role
            assert body_of(answer) == missing, role
        assert Event.objects.filter(action="permission.refused", actor_role=role).count() == 3, role
        assert not Event.objects.filter(action="audit.exported").exists(), role


def _exported(client: Client, **asked: Any) -> list[dict[str, str]]:
    response: Any = client.post(reverse("audit:export"), asked)
    assert response.status_code == 200
    assert response["Content-Disposition"] == 'attachment; filename="jejak-audit-2023-09-14.csv"'
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_export_holds_the_narrowed_trail_oldest_first_and_is_recorded(
    administrator: Client, world: World, write: Write
) -> None:
    first, second = write(after={"percent": 40}), write()
    write(action="session.signed_in")
    rows = _exported(administrator, action="update.submitted", since="2023-09-01")
    assert [row["id"] for row in rows] == [str(first.pk), str(second.pk)]
    assert rows[0]["after"] == '{"percent": 40}'
    assert rows[0]["occurred_at"] == "2023-09-14T10:00:00+08:00"
    event = Event.objects.get(action="audit.exported")
    assert event.after == {"filter": {"action": "update.submitted", "since": "2023-09-01"}, "rows": 2}
    assert event.actor_id == world.people["administrator"].pk
    shown = administrator.get(reverse("audit:event", args=[event.pk])).content.decode()
    assert "Audit trail exported" in shown


def test_export_does_not_hold_itself(administrator: Client, write: Write) -> None:
    event = write()
    before = Event.objects.exclude(pk=event.pk).count()
    rows = _exported(administrator)
    assert len(rows) == before + 1
    assert rows[-1]["id"] == str(event.pk)


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_export_holds_nothing_that_a_spreadsheet_would_run(
    administrator: Client, write: Write, evil: str
) -> None:
    write(reason=evil, actor=Person(name=evil), label=evil)
    [row] = _exported(administrator, action="update.submitted")
    assert row["reason"] == row["actor_text"] == row["label"] == f"'{evil}"


def test_export_that_breaks_sends_no_byte_and_records_nothing(
    administrator: Client, write: Write, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """The third event cannot be read: the answer is an error, and no file is left behind."""
    for _ in range(3):
        write()

    cells = count()

    def broken(value: Any) -> str:
        if next(cells) > 50:
            raise OperationalError("the connection is gone")
        return str(value)

    monkeypatch.setattr("audit.export._cell", broken)
    administrator.raise_request_exception = False
    response = administrator.post(reverse("audit:export"))
    assert response.status_code >= 500 and not response.streaming
    assert not Event.objects.filter(action="audit.exported").exists()
    assert list((settings.MEDIA_ROOT / "tmp").iterdir()) == []


def test_export_of_more_rows_than_a_spreadsheet_opens_is_refused_in_words(
    administrator: Client, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audit.export.MOST_ROWS", 2)
    for _ in range(3):
        write()
    response = administrator.post(reverse("audit:export"), {"action": "update.submitted"}, follow=True)
    assert b"The filter finds 3 events, and a file holds at most 2." in response.content
    assert not Event.objects.filter(action="audit.exported").exists()


def test_export_says_its_length_and_is_not_made_by_get_or_by_a_filter_that_is_none(
    administrator: Client, write: Write
) -> None:
    assert administrator.get(reverse("audit:export"))["Location"] == "/"
    write()
    response = administrator.post(reverse("audit:export"), {"since": "x"})
    assert response.status_code == 302
    assert response["Location"] == reverse("audit:trail")
    assert not Event.objects.filter(action="audit.exported").exists()
    write()
    response: Any = administrator.post(reverse("audit:export"))
    assert int(response["Content-Length"]) == len(b"".join(response.streaming_content)) > 0


def test_clock_of_an_event_is_shown_in_local_time(
    administrator: Client, write: Write, now: datetime, clock: Clock
) -> None:
    event = write(now=clock.move_to(now + timedelta(hours=13)))
    text = administrator.get(reverse("audit:event", args=[event.pk])).content.decode()
    assert "11:00" in text
