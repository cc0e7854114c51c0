"""The life of a scan, with a scanner that speaks the real protocol."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from audit import clock
from audit.models import Event
from evidence import previews, scanning, storage, tasks
from evidence.models import Document, FileCheck
from evidence.services.scans import claim_scan, record_scan
from evidence.states import Harm, ScanState
from tests.evidence import files
from tests.evidence.conftest import World, facts_of
from tests.evidence.fake_clamd import EICAR, Clamd, running_clamd


@pytest.fixture
def clamd(settings: Any) -> Iterator[Clamd]:
    """A running scanner that the settings point to."""
    with (
        tempfile.TemporaryDirectory(prefix="clamd-") as folder,
        running_clamd(Path(folder)) as (server, address),
    ):
        settings.SCANNER, settings.CLAMD_ADDRESS = "clamav", address
        yield server


@pytest.fixture
def dead_scanner(settings: Any) -> None:
    """Settings that point to a port where nobody listens."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.SCANNER, settings.CLAMD_ADDRESS = "clamav", f"127.0.0.1:{unused.getsockname()[1]}"


def infected_text() -> bytes:
    return files.TXT + EICAR


def fresh(document: Document) -> Document:
    return Document.objects.get(pk=document.pk)


def test_scan_document_frees_clean_file(world: World, clamd: Clamd) -> None:
    document = world.document()
    assert document.is_held
    assert tasks.scan_document(document.pk) == "clean"
    assert clamd.scanned == [files.pdf()]
    assert fresh(document).is_available
    event = Event.objects.get(action="document.scanned")
    assert (facts_of(event)["scan_state"], event.actor_id, event.agency_id) == (
        "clean",
        None,
        world.agency.pk,
    )


def test_scan_document_holds_infected_file_for_good(world: World, clamd: Clamd) -> None:
    document = world.document(name="a.txt", content=infected_text())
    assert tasks.scan_document(document.pk) == "infected"
    row = fresh(document)
    assert (row.is_held, row.is_available, row.scan_note) == (True, False, "Win.Test.EICAR_HDB-1")
    assert row not in Document.objects.citable()
    assert tasks.scan_document(document.pk) == "not due"
    record_scan(row, state=ScanState.CLEAN, now=world.now)
    assert fresh(document).scan_state == ScanState.INFECTED


def test_scan_over_loopback_port(world: World, settings: Any) -> None:
    document = world.document()
    with running_clamd() as (_server, address):
        settings.SCANNER, settings.CLAMD_ADDRESS = "clamav", address
        assert tasks.scan_document(document.pk) == "clean"


@pytest.mark.parametrize(
    "answer", [b"INSTREAM size limit exceeded. ERROR\n", b"stream: Can't allocate memory ERROR\n"]
)
def test_scan_document_tells_what_scanner_cannot(world: World, clamd: Clamd, answer: bytes) -> None:
    clamd.fixed_answer = answer
    document = world.document()
    assert tasks.scan_document(document.pk) == "failed"
    row = fresh(document)
    assert row.is_held and row.scan_note
    assert tasks.scan_document(document.pk) == "not due"
    clamd.fixed_answer = b""
    later = clock.now() + timedelta(hours=7)
    again = claim_scan(now=later)
    assert again is not None and again.pk == document.pk
    assert claim_scan(now=later) is None
    assert tasks._scan(again) == "clean"


def test_scan_document_waits_when_scanner_is_down(world: World, dead_scanner: None) -> None:
    document = world.document()
    waits = []
    for _attempt in range(4):
        assert tasks.scan_document(document.pk) == "postponed"
        row = fresh(document)
        assert row.scan_state == ScanState.PENDING
        assert row.scan_after is not None
        waits.append((row.scan_after - clock.now()).total_seconds())
        Document.objects.filter(pk=document.pk).update(scan_after=None)
    assert waits == sorted(waits)
    assert waits[-1] > 3 * waits[0]


@pytest.mark.parametrize("hours", [1, -1])
def test_scan_claimed_before_the_clock_jumped_is_found_at_once_and_recorded_once(
    world: World, clamd: Clamd, hours: int
) -> None:
    """Two tasks may then look at the same file; that is all."""
    document = world.document()
    jumped = world.now + timedelta(hours=hours)
    claims = [claim_scan(now=world.now), claim_scan(now=jumped)]
    assert [claim.pk for claim in claims if claim] == [document.pk] * 2
    assert claim_scan(now=jumped + timedelta(minutes=1)) is None, "from then on it is as ever"
    for claim in claims:
        assert claim and tasks._scan(claim) == "clean"
    assert Event.objects.filter(action="document.scanned").count() == 1


def test_scan_document_waits_when_answer_is_cut_or_without_address(
    world: World, clamd: Clamd, settings: Any
) -> None:
    clamd.fixed_answer = b"\n"
    document = world.document()
    assert tasks.scan_document(document.pk) == "postponed"
    settings.SCANNER, settings.CLAMD_ADDRESS = "clamav", ""
    assert tasks.scan_document(world.document().pk) == "postponed"


def test_scan_waits_no_longer_than_timeout(
    world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scanner that accepts and says nothing does not hold the worker for ever."""
    monkeypatch.setattr(scanning, "TIMEOUT_SECONDS", 0.2)
    document = world.document()
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings.SCANNER, settings.CLAMD_ADDRESS = "clamav", f"127.0.0.1:{silent.getsockname()[1]}"
        assert tasks.scan_document(document.pk) == "postponed"


def test_scan_waiting_finds_what_the_queue_lost(world: World, clamd: Clamd) -> None:
    documents = [world.document(name=f"{number}.pdf") for number in range(3)]
    assert tasks.scan_waiting() == 3
    assert {fresh(document).scan_state for document in documents} == {ScanState.CLEAN}
    assert tasks.scan_waiting() == 0


def test_scan_waiting_stops_at_a_dead_scanner(world: World, dead_scanner: None) -> None:
    for number in range(3):
        world.document(name=f"{number}.pdf")
    assert tasks.scan_waiting() == 1


def test_scan_waiting_scans_old_files_once_scanner_is_on(
    world: World, request: pytest.FixtureRequest
) -> None:
    document = world.document()
    assert document.scan_state == ScanState.UNSCANNED
    request.getfixturevalue("clamd")
    assert fresh(document).is_held
    assert tasks.scan_waiting() == 1
    assert fresh(document).is_available


def test_scan_waiting_says_unscanned_once_scanner_is_off(world: World, settings: Any) -> None:
    settings.SCANNER = "clamav"
    document = world.document()
    settings.SCANNER = "none"
    assert tasks.scan_waiting() == 1
    assert fresh(document).scan_state == ScanState.UNSCANNED
    assert tasks.scan_waiting() == 0


def test_scan_waiting_passes_over_bytes_that_are_gone(world: World, clamd: Clamd) -> None:
    gone, document = world.document(), world.document(name="b.pdf")
    image = world.document(name="c.png", content=files.png())
    for each in (gone, image):
        storage.remove(each.stored_name)
    assert tasks.scan_waiting() == 3
    assert fresh(document).scan_state == ScanState.CLEAN
    assert fresh(gone).scan_state == fresh(image).scan_state == ScanState.PENDING
    assert set(FileCheck.objects.values_list("document", "harm")) == {
        (each.pk, Harm.MISSING) for each in (gone, image)
    }


def test_claimed_scan_is_not_claimed_twice(world: World, clamd: Clamd) -> None:
    document = world.document()
    assert claim_scan(document.pk, now=world.now) is not None
    assert claim_scan(document.pk, now=world.now) is None
    assert claim_scan(now=world.now) is None
    late = world.now + timedelta(minutes=6)
    assert claim_scan(document.pk, now=late) is not None


def test_receive_file_stands_when_queue_is_down(
    world: World, clamd: Clamd, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    """Without the task queue the page still answers, and the beat finds the file."""
    from celery import current_app

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(current_app.conf, "broker_url", "redis://127.0.0.1:1/0")
        with django_capture_on_commit_callbacks(execute=True):
            document = world.document()
    assert tasks.scan_waiting() == 1
    assert fresh(document).is_available


def test_make_preview_follows_clean_scan(world: World, clamd: Clamd) -> None:
    document = world.document(name="a.png", content=files.png(2000, 1000, mode="RGBA"))
    assert tasks.make_preview(document.pk) is False
    tasks.scan_waiting()
    row = fresh(document)
    assert row.shows_preview
    assert storage.preview_path_of(row.stored_name).read_bytes().startswith(b"\xff\xd8\xff")
    assert tasks.make_preview(document.pk) is False


def test_make_preview_is_tried_once(world: World) -> None:
    document = world.document(name="a.png", content=files.huge_png(40, 40))
    assert tasks.make_preview(document.pk) is False
    assert fresh(document).preview_tried_at is not None
    assert list(Document.objects.waiting_for_preview()) == []


def test_draw_preview_turns_upright_and_shrinks(tmp_path: Path) -> None:
    import io

    from PIL import Image

    path = tmp_path / "a.jpg"
    path.write_bytes(files.jpeg(4000, 2000, exif=True))
    with path.open("rb") as file:
        content = previews.draw_preview(file)
    assert content is not None
    with Image.open(io.BytesIO(content)) as image:
        assert image.size == (800, 1600)
        assert not image.getexif()


def test_draw_preview_refuses_too_many_dots(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(files.huge_png())
    with path.open("rb") as file:
        assert previews.draw_preview(file) is None
