"""Every act is one Event: who, role and agency, what, which object, before and after, from where."""

import hashlib
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from audit.context import Origin, acting_from
from audit.models import Event, audit_type_of
from audit.services import digest, record
from tests.audit.conftest import Agency, Owner, Person, Write


def test_record_keeps_who_what_and_where(write: Write, person: Person, now: datetime) -> None:
    origin = Origin(address="203.0.113.9", user_agent="Firefox", request_id="r-1")
    with acting_from(origin):
        event = write(
            before={"status": "none"}, after={"status": "progress"}, reason="Letter", label="Update 4"
        )
    event.refresh_from_db()
    assert (event.actor_id, event.actor_name, event.actor_role) == (7, "Aminah binti Salleh", "officer")
    assert (event.actor_agency_id, event.actor_agency_code) == (3, "PDRM")
    assert (event.action, event.agency_id, event.item_id) == ("update.submitted", 3, 15)
    assert (event.before, event.after) == ({"status": "none"}, {"status": "progress"})
    assert (event.address, event.user_agent, event.request_id) == ("203.0.113.9", "Firefox", "r-1")
    assert (event.occurred_at, event.reason, event.label) == (now, "Letter", "Update 4")


def test_record_names_what_there_is_of_a_person_cut_to_its_column(write: Write) -> None:
    event = write(actor=None)
    assert (event.actor_id, event.actor_name, event.actor_role, event.actor_agency_code) == (None, "", "", "")
    event = write(actor=Person(agency_id=None))
    event.refresh_from_db()
    assert (event.actor_id, event.actor_agency_id, event.actor_agency_code) == (7, None, "")
    event = write(actor=Person(pk=None, agency=Agency("X")))  # type: ignore[arg-type]  # as AnonymousUser has none
    event.refresh_from_db()
    assert (event.actor_id, event.actor_name, event.actor_role) == (None, "", "")
    assert (event.actor_agency_id, event.actor_agency_code) == (None, "")
    event = write(actor=Person(name="n" * 201), label="l" * 301)
    event.refresh_from_db()
    assert (event.actor_name, event.label) == ("n" * 200, "l" * 300)


def test_record_takes_kind_and_number_from_the_object(write: Write) -> None:
    about = write()
    event = write(obj=about)
    assert (event.object_type, event.object_id) == ("audit.Event", str(about.pk))
    assert list(Event.objects.about("audit.Event", about.pk)) == [event]


def test_record_writes_dates_and_notes_the_databases_clock_beside_the_callers(
    write: Write, now: datetime
) -> None:
    event = write(after={"due_on": now.date(), "at": now})
    event.refresh_from_db()
    assert event.after == {"due_on": "2023-09-14", "at": "2023-09-14T10:00:00+08:00"}
    event = write(now=now - timedelta(minutes=4))
    kept = Event.objects.get(pk=event.pk)
    assert (kept.occurred_at, kept.recorded_at) == (now - timedelta(minutes=4), event.recorded_at)
    assert timedelta(0) <= kept.recorded_at - now < timedelta(minutes=1)


def test_instant_of_recording_is_the_databases_whoever_writes(
    write: Write, owner: Owner, now: datetime
) -> None:
    """Also of what the owner writes past the seals: a chosen instant, however near, is not kept."""
    event = write()
    chosen = event.recorded_at + timedelta(minutes=2)
    [(kept,)] = owner.run(
        "INSERT INTO audit_event SELECT (jsonb_populate_record(event,"
        " jsonb_build_object('id', id + 1000, 'recorded_at', %s::timestamptz))).* FROM audit_event event"
        " RETURNING recorded_at",
        [chosen],
    )
    assert event.recorded_at < kept < chosen - timedelta(minutes=1)


def test_record_falls_with_the_act(write: Write, person: Person, now: datetime) -> None:
    with transaction.atomic():
        record(action="update.submitted", actor=person, now=now)
        transaction.set_rollback(True)
    assert not Event.objects.exists()


@pytest.mark.usefixtures("real_db")
def test_record_outside_a_transaction_is_refused(person: Person, now: datetime) -> None:
    message = r"^audit\.services\.record belongs inside the transaction of the act$"
    with pytest.raises(RuntimeError, match=message):
        record(action="update.submitted", actor=person, now=now)
    assert not Event.objects.exists()


def test_record_of_a_malformed_action_is_refused(write: Write) -> None:
    for action in ("submitted", "Update.submitted", "update.", "update submitted", "a.b.c"):
        with pytest.raises(ValueError, match=r"noun\.verb_past"):
            write(action=action)


def test_digest_holds_hash_and_length_and_not_the_text() -> None:
    text = "Kanak-kanak di Sabah – sulit"
    assert digest(text) == {"sha256": hashlib.sha256(text.encode()).hexdigest(), "length": 28}


def test_timeline_shows_one_item_newest_first(write: Write) -> None:
    first, other, second = write(), write(item_id=1), write()
    assert list(Event.objects.timeline(15)) == [second, first]
    assert list(Event.objects.in_scope_of(3).order_by("pk")) == [first, other, second]


def test_record_says_what_it_is_told_and_leaves_the_rest_empty(write: Write) -> None:
    event = write(object_type="page", object_id=12, agency_id=None, item_id=None)
    event.refresh_from_db()
    assert (event.object_type, event.object_id) == ("page", "12")
    assert (event.before, event.after, event.agency_id, event.item_id) == (None, None, None, None)
    assert (event.label, event.reason, event.address, event.user_agent, event.request_id) == (
        "",
        "",
        None,
        "",
        "",
    )
    bare = write()
    bare.refresh_from_db()
    assert (bare.object_type, bare.object_id) == ("", "")


def test_renamed_model_keeps_the_name_that_the_log_knows() -> None:
    class Renamed:
        audit_type = "reports.KeptSelection"
        _meta = Event._meta

    assert audit_type_of(Event) == "audit.Event"
    assert audit_type_of(Event(action="a.b")) == "audit.Event"
    assert audit_type_of(Renamed) == "reports.KeptSelection"  # type: ignore[arg-type]  # as much as is asked for
