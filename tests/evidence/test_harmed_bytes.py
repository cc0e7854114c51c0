"""A file whose bytes are no longer those that were received: nobody gets it whole, and everybody concerned learns of it."""

from __future__ import annotations

import hashlib
import logging
import os
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection, IncompleteRead
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from accounts.clearance import Clearance
from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from evidence import storage
from evidence.display import row_badge
from evidence.models import Document, FileCheck
from evidence.outgoing import PIECE_BYTES, BytesHarmed, OutgoingBytes, harm_of
from evidence.services import integrity
from evidence.services.integrity import record_check
from evidence.services.lifecycle import seal_document
from evidence.services.preservation import destroy_sealed_document
from evidence.states import Harm
from reminders.models import Notice
from reminders.states import FILE_HARMED
from tests.conftest import WorkerDatabase
from tests.evidence import files
from tests.evidence.conftest import World, facts_of
from tests.evidence.pages import content_of, signed_in, url
from tests.factories.accounts import make_person
from tests.shared import Clock
from tests.tracker.site import Site, serving_site

#: Longer than two pieces, with a short last one.
LARGE = b"bulan;bilangan\n" + b"April 2023;12\n" * 200_000


def large(world: World) -> Document:
    return world.document(name="Besar.csv", content=LARGE)


def flip(document: Document, *, at: int = 0) -> None:
    """Turn one bit of the stored bytes over."""
    path = storage.path_of(document.stored_name)
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def harmed_events() -> list[Event]:
    return list(Event.objects.filter(action="document.found_harmed"))


@pytest.fixture
def site(real_db: WorkerDatabase, settings: Any) -> Iterator[Site]:
    with serving_site(real_db.web_url, settings.MEDIA_ROOT) as made:
        yield made


def download(site: Site, person: User, document: Document) -> tuple[int, dict[str, str], bytes]:
    """What a client on a socket gets; raises IncompleteRead where the last bytes never come."""
    connection = HTTPConnection("127.0.0.1", site.port, timeout=30)
    cookie = signed_in(person).cookies["sessionid"].value
    connection.request("GET", url("download", document), headers={"Cookie": f"sessionid={cookie}"})
    try:
        answer = connection.getresponse()
        return answer.status, dict(answer.headers), answer.read()
    finally:
        connection.close()


def test_flipped_byte_breaks_the_connection_and_is_told_once(site: Site, world: World) -> None:
    document = large(world)
    status, headers, content = download(site, world.officer, document)
    assert (status, content) == (200, LARGE)
    assert headers["Content-Length"] == str(document.size) and headers["Accept-Ranges"] == "none"

    flip(document, at=len(LARGE) // 2)
    with pytest.raises(IncompleteRead) as cut_off:
        download(site, world.reviewer, document)
    assert 0 < len(cut_off.value.partial) < document.size
    # It is known by now: the next ones get words in the place of bytes.
    for person in (world.officer, world.reviewer):
        status, _headers, content = download(site, person, document)
        assert status == 503 and LARGE[:100] not in content
    assert download(site, world.observer, document)[0] == 404
    assert download(site, world.other_officer, document)[0] == 404

    [event] = harmed_events()
    assert (event.actor_id, event.address, event.object_id) == (None, None, str(document.pk))
    assert facts_of(event) == {"harm": "differs", "sha256": document.sha256}
    [notice] = Notice.objects.filter(what=FILE_HARMED)
    assert (notice.user_id, notice.path) == (world.administrator.pk, document.get_absolute_url())

    # A small one is judged before it leaves.
    small = world.document()
    flip(small, at=-1)
    status, _headers, content = download(site, world.officer, small)
    assert status == 503 and files.pdf()[:8] not in content
    assert not Event.objects.filter(action="document.downloaded", object_id=str(small.pk)).exists()
    assert [event.object_id for event in harmed_events()] == [str(document.pk), str(small.pk)]


def test_page_says_what_is_wrong(world: World) -> None:
    words = {
        ("ms", Harm.DIFFERS): "Kandungan fail ini berbeza daripada yang diterima pada",
        ("en", Harm.DIFFERS): "The bytes of this file differ from what was received on",
        ("ms", Harm.MISSING): "tidak lagi ada",
        ("en", Harm.MISSING): "are missing",
        ("ms", Harm.UNREADABLE): "pelayan tidak dapat membaca kandungan fail ini",
        ("en", Harm.UNREADABLE): "cannot read",
    }
    documents = {harm: world.document(name=f"{harm}.pdf") for harm in Harm}
    for harm, document in documents.items():
        record_check(document, harm, now=world.now)
    for language, told in {"ms": "MAPO telah dimaklumkan", "en": "MAPO has been told"}.items():
        for person in (world.officer, world.reviewer):
            person.language = language
            person.save(update_fields=["language"])
            client = signed_in(person)
            for harm, document in documents.items():
                page = client.get(url("detail", document)).content.decode()
                assert words[language, harm] in page and told in page, (language, harm)


def test_harmed_file_does_not_exist_for_outsiders(world: World) -> None:
    document = world.document()
    flip(document)
    for person in (world.other_officer, world.observer):
        assert signed_in(person).get(url("download", document)).status_code == 404
    assert not harmed_events()


@pytest.mark.parametrize("change", ["gone", "shorter", "longer", "forbidden"])
def test_file_that_is_known_to_be_harmed_is_not_begun(
    world: World, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = large(world)
    path = storage.path_of(document.stored_name)
    if change == "gone":
        path.unlink()
    elif change == "forbidden":
        _forbid(path, monkeypatch)
    else:
        path.write_bytes(LARGE[:-1] if change == "shorter" else LARGE + b"\n")
    response = signed_in(world.officer).get(url("download", document))
    assert response.status_code == 503
    harm = {"gone": Harm.MISSING, "forbidden": Harm.UNREADABLE}.get(change, Harm.DIFFERS)
    assert FileCheck.objects.get(document=document).harm == harm
    assert not Event.objects.filter(action="document.downloaded").exists()


def _forbid(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse to open this file, as a server does whose rights to it are gone (root may open any)."""
    real = Path.open

    def open_others(asked: Path, *given: Any, **named: Any) -> Any:
        if asked == path:
            raise PermissionError(13, "Permission denied")
        return real(asked, *given, **named)

    monkeypatch.setattr(Path, "open", open_others)


def test_file_that_is_shortened_while_it_leaves_breaks_off(world: World) -> None:
    document = large(world)
    response: Any = signed_in(world.officer).get(url("download", document))
    os.truncate(storage.path_of(document.stored_name), PIECE_BYTES + 10)
    with pytest.raises(BytesHarmed):
        content_of(response)
    assert FileCheck.objects.get().harm == Harm.DIFFERS


def test_file_that_vanishes_while_it_leaves_still_arrives_whole(world: World) -> None:
    document = large(world)
    response: Any = signed_in(world.officer).get(url("download", document))
    storage.path_of(document.stored_name).unlink()
    assert content_of(response) == LARGE
    assert not FileCheck.objects.exists()


def test_disk_error_in_the_middle_breaks_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    document = large(world)
    opened = OutgoingBytes(storage.path_of(document.stored_name), sha256=document.sha256, size=document.size)
    pieces = iter(opened)
    assert len(next(pieces)) == PIECE_BYTES
    monkeypatch.setattr(opened, "_file", _BadDisk(opened._file))
    with pytest.raises(BytesHarmed) as harmed:
        next(pieces)
    assert harmed.value.harm == Harm.UNREADABLE
    opened.close()


class _BadDisk:
    def __init__(self, file: Any) -> None:
        self.close = file.close

    def read(self, _size: int) -> bytes:
        raise OSError(5, "Input/output error")


def test_without_a_database_the_connection_breaks_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = large(world)
    flip(document, at=-1)
    response: Any = signed_in(world.officer).get(url("download", document))

    def fail(*_given: object, **_named: object) -> None:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr("evidence.views.downloads.record_check", fail)
    with pytest.raises(BytesHarmed):
        content_of(response)


def test_harm_is_told_once_a_day_and_logged_without_names(
    world: World, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    document = world.document(name="Aminah.pdf")
    flip(document)
    client = signed_in(world.officer)
    with caplog.at_level(logging.WARNING):
        for _again in range(3):
            client.get(url("download", document))
    assert len(harmed_events()) == 1 and Notice.objects.filter(what=FILE_HARMED).count() == 1
    lines = [line.getMessage() for line in caplog.records if line.name == integrity.__name__]
    assert lines == [f"The bytes of document {document.pk} are not those that were recorded: differs"] * 3
    first = FileCheck.objects.get().harmed_at
    clock.move_to(world.now + timedelta(days=1))
    signed_in(world.officer).get(url("download", document))
    assert len(harmed_events()) == 2
    assert FileCheck.objects.get().harmed_at == first


def test_restored_bytes_leave_again(world: World) -> None:
    document = large(world)
    flip(document)
    client = signed_in(world.officer)
    with pytest.raises(BytesHarmed):
        content_of(client.get(url("download", document)))
    flip(document)
    assert content_of(client.get(url("download", document))) == LARGE
    assert Event.objects.filter(action="document.found_whole").count() == 1
    assert "MAPO telah dimaklumkan" not in client.get(url("detail", document)).content.decode()


def test_list_marks_the_harmed_file(world: World) -> None:
    document = world.document()
    world.document(name="b.pdf")
    client = signed_in(world.officer)
    assert "Bukan seperti yang diterima" not in client.get(url("list")).content.decode()
    record_check(document, Harm.DIFFERS, now=world.now)
    for row in Document.objects.select_related("file_check"):
        badge = row_badge(row)
        assert (badge is not None and badge.tone == "danger") is (row == document)
    assert client.get(url("list")).content.decode().count("Bukan seperti yang diterima") == 1


def test_administrator_who_may_not_open_the_file_learns_only_that_there_is_one(world: World) -> None:
    lower = make_person(Role.ADMINISTRATOR, world.administrator.agency, clearance=Clearance.RESTRICTED)
    document = world.document(actor=world.reviewer, classification=Clearance.CONFIDENTIAL)
    record_check(document, Harm.MISSING, now=world.now)
    told = {notice.user_id: notice for notice in Notice.objects.filter(what=FILE_HARMED)}
    assert told.keys() == {world.administrator.pk, lower.pk}
    assert told[lower.pk].about == {} and str(document.pk) not in told[lower.pk].path


def test_destroyed_file_is_not_missing(world: World) -> None:
    document = world.document()
    seal_document(document, reason="Nama mangsa", actor=world.administrator, now=world.now)
    destroy_sealed_document(document, approval_number="ANM 1/2023", actor=world.administrator, now=world.now)
    assert record_check(document, Harm.MISSING, now=world.now) is None
    assert not FileCheck.objects.exists() and not harmed_events()


def test_range_is_answered_with_the_whole_file(world: World) -> None:
    document = large(world)
    headers = {"range": "bytes=0-99", "if-none-match": f'"{document.sha256}"'}
    response: Any = signed_in(world.officer).get(url("download", document), headers=headers)
    assert response.status_code == 200 and "ETag" not in response.headers
    assert content_of(response) == LARGE


@pytest.mark.long
def test_large_file_keeps_memory_bounded(tmp_path: Path) -> None:
    """300 MB, as a hole in the file system, read by one piece at a time."""
    path, size = tmp_path / "large", 300 * 1024 * 1024
    with path.open("wb") as file:
        file.truncate(size)
    digest = hashlib.sha256()
    for _piece in range(size // PIECE_BYTES):
        digest.update(bytes(PIECE_BYTES))
    tracemalloc.start()
    try:
        assert harm_of(path, sha256=digest.hexdigest(), size=size) is None
        assert tracemalloc.get_traced_memory()[1] < 4 * PIECE_BYTES
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("size", [1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES])
def test_bytes_come_whole_and_never_wholly_when_harmed(tmp_path: Path, size: int) -> None:
    path, content = tmp_path / "file", os.urandom(size)
    path.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    assert b"".join(taken(path, sha256, size)) == content
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    received: list[bytes] = []
    with pytest.raises(BytesHarmed):
        received.extend(taken(path, sha256, size))
    assert sum(map(len, received)) < size
    assert (received == []) is (size <= PIECE_BYTES)


def taken(path: Path, sha256: str, size: int) -> Iterator[bytes]:
    """The pieces of a file, opened, read and closed."""
    opened = OutgoingBytes(path, sha256=sha256, size=size)
    try:
        yield from opened
    finally:
        opened.close()
