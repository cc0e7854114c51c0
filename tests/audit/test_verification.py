"""verify_audit names the first bad row, whatever was done to it, and prints the head."""

import hashlib
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import ChainLink, Event
from audit.verification import COLUMNS, START, ChainCheck, ChainHead, Fault, hash_of, verify
from tests.audit.conftest import Owner, Write

pytestmark = pytest.mark.usefixtures("in_english")

#: For every column another value than the third event holds.
OTHER_VALUES = {
    "id": "987654",
    "occurred_at": "2023-09-14 02:00:00.000001+00",
    "recorded_at": "2023-01-01 00:00:00+00",
    "action": "update.withdrawn",
    "actor_id": "8",
    "actor_name": "Aminah binti Salleh ",
    "actor_role": "reviewer",
    "actor_agency_id": None,
    "actor_agency_code": "JIM",
    "object_type": "x",
    "object_id": "1",
    "label": "x",
    "agency_id": "4",
    "item_id": "1",
    "before": "{}",
    "after": '{"percent": 41}',
    "reason": "x",
    "address": "192.0.2.1/24",
    "user_agent": "x",
    "request_id": "x",
}


@pytest.fixture
def five_events(write: Write) -> list[Event]:
    """Five events; tests tamper with the third."""
    return [write(after={"percent": 40}, reason="") for _ in range(5)]


def _change(owner: Owner, table: str, sql: str, parameters: object = None) -> None:
    with owner.without_triggers(table):
        owner.run(sql, parameters)


def _run(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_audit", *arguments, stdout=out)
    return out.getvalue()


def test_verify_of_an_empty_log_is_good(owner: Owner) -> None:
    assert _run().splitlines()[-1] == "Head: 0:" + "0" * 64


def test_verify_of_a_whole_log_prints_the_head_and_compares_the_kept_one(
    owner: Owner, five_events: list[Event]
) -> None:
    newest = ChainLink.objects.get(position=5)
    assert _run().splitlines() == [
        "The audit log is whole: 5 events.",
        "No anchor was compared: a log whose end was cut off would look the same.",
        f"Head: 5:{newest.hash}",
    ]
    for position in (3, 5):
        kept, newest = (ChainLink.objects.get(position=each) for each in (position, 5))
        assert _run("--head", f"{position}:{kept.hash}").splitlines() == [
            "The audit log is whole: 5 events.",
            f"It has the head that you kept: up to position {position} nothing was changed, removed or cut off since then.",
            f"Head: 5:{newest.hash}",
        ], position


def test_verify_hashes_every_column_of_the_log() -> None:
    assert list(COLUMNS) == [field.column for field in Event._meta.concrete_fields]
    assert OTHER_VALUES.keys() == COLUMNS.keys()


def test_verify_after_a_tampered_column_names_the_event(owner: Owner, five_events: list[Event]) -> None:
    victim = five_events[2].pk
    for column, value in OTHER_VALUES.items():
        update = f'UPDATE audit_event SET "{column}" = %s WHERE id = %s'
        [(before,)] = owner.run(f'SELECT "{column}"::text FROM audit_event WHERE id = %s', [victim])
        _change(owner, "audit_event", update, [value, victim])
        with pytest.raises(CommandError, match=rf"\bEvent {victim}\b.* position 3\b") as raised:
            _run()
        assert raised.value.returncode == 1, column
        assert verify().head.position == 2, column
        _change(owner, "audit_event", update, [before, value if column == "id" else victim])
    assert verify().fault is None


def test_verify_after_a_tampered_link_names_the_place(owner: Owner, five_events: list[Event]) -> None:
    event = five_events[2].pk
    for column, value in {
        "position": 33,
        "event_id": 987654,
        "previous_hash": "f" * 64,
        "hash": "f" * 64,
    }.items():
        [(before,)] = owner.run(f"SELECT {column} FROM audit_link WHERE position = 3")
        update = f"UPDATE audit_link SET {column} = %s WHERE {{}}"
        _change(owner, "audit_link", update.format("position = 3"), [value])
        fault = verify().fault
        assert fault is not None, column
        assert "position 3" in fault.message.lower(), column
        where = f"event_id = {event}" if column == "position" else "position = 3"
        _change(owner, "audit_link", update.format(where), [before])
    assert verify().fault is None


def test_verify_after_a_deleted_event_names_it_or_the_gap(owner: Owner, five_events: list[Event]) -> None:
    _change(owner, "audit_event", "DELETE FROM audit_event WHERE id = %s", [five_events[2].pk])
    with pytest.raises(CommandError, match=f"Event {five_events[2].pk}, linked at position 3, is missing"):
        _run()
    _change(owner, "audit_link", "DELETE FROM audit_link WHERE position = 3")
    with pytest.raises(CommandError, match="Position 3 is missing"):
        _run()


def test_verify_after_a_smuggled_event_names_it(owner: Owner, five_events: list[Event]) -> None:
    _change(
        owner,
        "audit_event",
        "INSERT INTO audit_event SELECT (jsonb_populate_record(event, '{\"id\": 4000}')).*"
        " FROM audit_event event WHERE id = %s",
        [five_events[2].pk],
    )
    with pytest.raises(CommandError, match="Event 4000 is in no link"):
        _run()


def test_verify_after_two_links_to_one_event_names_it(owner: Owner, five_events: list[Event]) -> None:
    event, newest = five_events[2].pk, ChainLink.objects.get(position=5)
    [columns] = owner.run(f"SELECT {', '.join(COLUMNS.values())} FROM audit_event event WHERE id = {event}")
    [(constraint,)] = owner.run(
        "SELECT conname FROM pg_constraint WHERE conrelid = 'audit_link'::regclass AND contype = 'u'"
    )
    owner.run(f"ALTER TABLE audit_link DROP CONSTRAINT {constraint}")
    link = [6, event, newest.hash, hash_of(6, newest.hash, columns)]
    owner.run("INSERT INTO audit_link VALUES (%s, %s, %s, %s)", link)
    with pytest.raises(CommandError, match=f"Event {event} is in more than one link"):
        _run()
    assert verify().fault == Fault(f"Event {event} is in more than one link.", event_id=event)


def test_verify_after_two_events_changed_places_names_the_first(
    owner: Owner, five_events: list[Event]
) -> None:
    first, second = five_events[1].pk, five_events[3].pk
    with owner.without_triggers("audit_event"):
        for old, new in ((first, 0), (second, first), (0, second)):
            owner.run("UPDATE audit_event SET id = %s WHERE id = %s", [new, old])
    fault = verify().fault
    assert fault is not None
    assert fault.position == 2


def _cut_tail(owner: Owner, keep: int) -> None:
    _change(
        owner,
        "audit_event",
        "DELETE FROM audit_event WHERE id IN (SELECT event_id FROM audit_link WHERE position > %s)",
        [keep],
    )
    _change(owner, "audit_link", "DELETE FROM audit_link WHERE position > %s", [keep])


def test_verify_after_a_cut_tail_is_blind_without_a_head_kept_elsewhere(
    owner: Owner, five_events: list[Event]
) -> None:
    head = verify().head
    _cut_tail(owner, keep=3)
    assert verify().fault is None
    with pytest.raises(CommandError, match="ends at position 3, before the head that you kept"):
        _run("--head", str(head))


def test_verify_against_an_older_head_that_was_kept_is_good(owner: Owner, write: Write) -> None:
    write()
    head = verify().head
    write()
    assert "whole: 2 events" in _run("--head", str(head))


def test_verify_of_a_chain_written_anew_differs_from_the_head_kept_elsewhere(
    owner: Owner, write: Write
) -> None:
    write(reason="true")
    head = verify().head
    _cut_tail(owner, keep=0)
    write(reason="false")
    assert verify().fault is None
    with pytest.raises(CommandError, match="position 1 is not the head that you kept"):
        _run("--head", str(head))


def test_head_is_read_as_it_is_printed_and_refused_in_words() -> None:
    for text in ("", "7", "7:abc", f"x:{'a' * 64}", f"1:{'A' * 64}"):
        with pytest.raises(ValueError, match=r".+"):
            ChainHead.parse(text)
        with pytest.raises(CommandError, match="POSITION:HASH"):
            _run("--head", text)
    for text in (
        "7:" + "a" * 63,
        "7:" + "a" * 65,
        "7:" + "g" * 64,
        "7:" + "X" * 64,
        "7" + "a" * 64,
        "a" * 64,
    ):
        with pytest.raises(
            ValueError, match=r"^A head is written as position:hash, with a hash of 64 hexadecimal"
        ):
            ChainHead.parse(text)
    every_digit = "0123456789abcdef" * 4
    head = ChainHead.parse(f"  12:{every_digit}\n")
    assert head == ChainHead(12, every_digit)
    assert ChainHead.parse(str(head)) == head


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


def test_any_text_hashes_alike_in_database_and_verification(owner: Owner, write: Write) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(reason=TEXT, label=TEXT, after=st.dictionaries(TEXT, JSON, max_size=3))
    def check(reason: str, label: str, after: dict[str, object]) -> None:
        write(reason=reason, label=label, after=after)

    check()
    assert verify().fault is None


def test_any_tampering_is_named(owner: Owner, write: Write) -> None:
    for number in range(6):
        write(after={"n": number}, reason=str(number), label=str(number))
    links = list(ChainLink.objects.order_by("position"))

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(place=st.sampled_from(links), damage=st.sampled_from(DAMAGES), text=TEXT)
    def check(
        place: ChainLink, damage: Callable[[Owner, ChainLink, str], Callable[[], None]], text: str
    ) -> None:
        mend = damage(owner, place, text)
        fault = verify().fault
        mend()
        assert fault is not None
        assert fault.position == place.position
        assert fault.event_id == place.event_id

    check()
    assert verify().fault is None


def _damage_text(column: str) -> Callable[[Owner, ChainLink, str], Callable[[], None]]:
    def damage(owner: Owner, place: ChainLink, text: str) -> Callable[[], None]:
        where = f"WHERE id = {place.event_id}"
        [(old,)] = owner.run(f"SELECT {column} FROM audit_event {where}")
        changed = text if text != old else text + "x"
        _change(owner, "audit_event", f"UPDATE audit_event SET {column} = %s {where}", [changed])
        return lambda: _change(owner, "audit_event", f"UPDATE audit_event SET {column} = %s {where}", [old])

    return damage


def _damage_hash(owner: Owner, place: ChainLink, text: str) -> Callable[[], None]:
    wrong = f"{hash(text) & 0xFFFFFFFF:064x}"
    where = f"WHERE position = {place.position}"
    _change(owner, "audit_link", f"UPDATE audit_link SET hash = %s {where}", [wrong])
    return lambda: _change(owner, "audit_link", f"UPDATE audit_link SET hash = %s {where}", [place.hash])


def _damage_instant(owner: Owner, place: ChainLink, text: str) -> Callable[[], None]:
    shift = f"{1 + len(text)} microseconds"
    update = f"UPDATE audit_event SET recorded_at = recorded_at %s interval %%s WHERE id = {place.event_id}"
    _change(owner, "audit_event", update % "+", [shift])
    return lambda: _change(owner, "audit_event", update % "-", [shift])


DAMAGES = [
    *(_damage_text(column) for column in ("reason", "label", "user_agent")),
    _damage_hash,
    _damage_instant,
]


def test_hash_of_a_link_is_the_sha_256_of_its_place_the_hash_before_and_the_columns() -> None:
    columns = ("7", None, "Aminah “binti”\n", '{"a": 1}')
    text = "3\n" + "a" * 64 + '\n["7", null, "Aminah “binti”\\n", "{\\"a\\": 1}"]'
    assert hash_of(3, "a" * 64, columns) == hashlib.sha256(text.encode()).hexdigest()


def test_faults_say_in_words_what_and_where(owner: Owner, five_events: list[Event]) -> None:
    first, third, newest = five_events[0].pk, five_events[2].pk, five_events[4].pk
    links = {each.position: each for each in ChainLink.objects.all()}
    head = verify().head
    assert head == ChainHead(5, links[5].hash)

    def fault_after(
        *changes: tuple[str, str, list[object]], kept_head: ChainHead | None = None
    ) -> Fault | None:
        with owner.without_triggers("audit_link"), owner.without_triggers("audit_event"):
            for _table, change, parameters in changes:
                owner.run(change, parameters)
        check = verify(kept_head=kept_head)
        return check.fault

    link = "UPDATE audit_link SET {} = %s WHERE position = %s"
    assert fault_after(("link", link.format("hash"), ["f" * 64, 3])) == Fault(
        f"Event {third}, at position 3, is not as it was written.", position=3, event_id=third
    )
    assert verify().head == ChainHead(2, links[2].hash)
    assert fault_after(
        ("link", link.format("hash"), [links[3].hash, 3]),
        ("link", link.format("previous_hash"), ["f" * 64, 3]),
    ) == Fault(
        f"The link at position 3, with event {third}, does not follow the one before.",
        position=3,
        event_id=third,
    )
    assert fault_after(
        ("link", link.format("previous_hash"), [links[2].hash, 3]), ("link", link.format("position"), [9, 5])
    ) == Fault(
        f"Position 5 is missing: the next link is at 9, with event {newest}.", position=9, event_id=newest
    )
    assert fault_after(("link", link.format("position"), [5, 9])) is None
    assert verify(kept_head=head) == ChainCheck(head, None)
    assert verify(kept_head=ChainHead(1, links[1].hash)).fault is None
    assert verify(kept_head=ChainHead(0, START)).fault is None
    assert verify(kept_head=ChainHead(1, "e" * 64)).fault == Fault(
        "The link at position 1 is not the head that you kept: the chain was rewritten.",
        position=1,
        event_id=first,
    )
    assert verify(kept_head=ChainHead(8, "e" * 64)).fault == Fault(
        "The chain ends at position 5, before the head that you kept (8): its tail is cut off.", position=5
    )
    assert fault_after(("event", "DELETE FROM audit_event WHERE id = %s", [third])) == Fault(
        f"Event {third}, linked at position 3, is missing.", position=3, event_id=third
    )
    assert fault_after(("link", "DELETE FROM audit_link WHERE position >= %s", [3])) == Fault(
        f"Event {five_events[3].pk} is in no link of the chain.", event_id=five_events[3].pk
    )
