"""A file arrives: bytes first, row after, and a failure leaves nothing behind."""

from __future__ import annotations

import errno
import hashlib
import os
from datetime import date
from pathlib import Path
from typing import NoReturn

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction

from accounts.clearance import Clearance
from audit.errors import BadValue, NotAllowed, NotNow
from audit.models import Event
from evidence import storage
from evidence.errors import BadEvidence, StorageFailed
from evidence.models import Document
from evidence.services.receiving import receive_file, register_reference
from evidence.states import ScanState
from tests.evidence import files
from tests.evidence.conftest import World, facts_of
from tests.factories.evidence import make_upload


def on_disk() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def last_event() -> Event:
    return Event.objects.order_by("-pk")[0]


def test_receive_file_keeps_bytes_then_row(world: World) -> None:
    content = files.pdf()
    document = world.document(
        name="Laporan Kluang.pdf",
        content=content,
        evidence_from=date(2023, 7, 3),
        evidence_to=date(2023, 7, 9),
    )
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    assert document.size == len(content)
    assert document.media_type == "application/pdf"
    assert document.original_name == "Laporan Kluang.pdf"
    assert document.scan_state == ScanState.UNSCANNED
    assert document.is_available
    assert storage.path_of(document.stored_name).read_bytes() == content
    assert on_disk() == [storage.path_of(document.stored_name)]
    assert storage.path_of(document.stored_name).stat().st_mode & 0o777 == 0o600


def test_receive_file_records_event_without_its_name(world: World) -> None:
    document = world.document(name="Nama mangsa.pdf")
    event = last_event()
    assert (event.action, event.agency_id, event.actor_id) == (
        "document.received",
        world.agency.pk,
        world.officer.pk,
    )
    assert facts_of(event)["sha256"] == document.sha256
    assert "mangsa" not in f"{event.label}{event.before}{event.after}{event.reason}"


def test_receive_file_waits_for_scan_when_scanner_is_on(world: World, settings: object) -> None:
    settings.SCANNER = "clamav"
    document = world.document()
    assert document.scan_state == ScanState.PENDING
    assert document.is_held and not document.is_available


def test_receive_file_takes_single_date_for_one_day(world: World) -> None:
    document = world.document(evidence_from=date(2023, 7, 3))
    assert (document.evidence_from, document.evidence_to) == (date(2023, 7, 3), date(2023, 7, 3))


def test_receive_file_cleans_name(world: World) -> None:
    for name, kept in (
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\fail\\Laporan.pdf", "Laporan.pdf"),
        ("Laporan\u202eFDP.pdf", "LaporanFDP.pdf"),
        ("Lapor\u200ban\x07.pdf", "Laporan.pdf"),
        ("  .Laporan  akhir.pdf. ", "Laporan akhir.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("Cafe\u0301.pdf", "Café.pdf"),
    ):
        upload = make_upload()
        upload.__dict__["_name"] = name  # past what the multipart parser and UploadedFile would clean
        document = receive_file(
            upload, agency=world.agency, actor=world.officer, classification=Clearance.OPEN, now=world.now
        )
        assert document.original_name == kept, name


def receive(world: World, **values: object) -> Document:
    return world.document(**values)


def test_receive_file_refuses_and_records(world: World) -> None:
    for values, code in (
        ({"content": files.EXE}, "program"),
        ({"content": b""}, "empty"),
        ({"name": "evil\u202efdp.exe"}, "wrong_extension"),
    ):
        with pytest.raises(BadEvidence):
            receive(world, **values)
        event = last_event()
        assert (event.action, facts_of(event)["reason_code"]) == ("document.refused", code), values
        assert not Document.objects.exists(), values
        assert on_disk() == [], values
    for actor, values, error in (
        ("other_officer", {}, NotAllowed),
        ("observer", {}, NotAllowed),
        ("officer", {"classification": Clearance.CONFIDENTIAL}, NotAllowed),
        ("reviewer", {"classification": Clearance.SECRET}, NotNow),
        ("officer", {"classification": 9}, NotNow),
        ("officer", {"evidence_from": date(2023, 7, 3), "evidence_to": date(2023, 7, 2)}, NotNow),
    ):
        with pytest.raises(error):
            receive(world, actor=getattr(world, actor), **values)
        assert not Document.objects.exists(), actor
        assert on_disk() == [], actor
    world.officer.is_active = False
    with pytest.raises(NotAllowed):
        receive(world)


def test_receive_file_refuses_one_byte_too_many(world: World, settings: object) -> None:
    content = files.pdf()
    settings.MAX_UPLOAD_BYTES = len(content)
    assert receive(world, content=content).size == len(content)
    settings.MAX_UPLOAD_BYTES = len(content) - 1
    with pytest.raises(BadEvidence) as refusal:
        receive(world, content=content)
    assert refusal.value.code == "too_big"
    assert len(on_disk()) == 1


def test_receive_file_lets_mapo_enter_a_letter(world: World) -> None:
    document = receive(world, actor=world.reviewer)
    assert (document.agency, document.uploaded_by) == (world.agency, world.reviewer)


def _fail_with(number: int) -> object:
    def fail(*args: object, **kwargs: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    return fail


def test_receive_file_leaves_no_row_when_disk_fails(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for step in ("fsync", "rename", "mkdir_sync"):
        target = {"fsync": "os.fsync", "rename": "os.rename", "mkdir_sync": "evidence.storage._sync_folder"}[
            step
        ]
        with monkeypatch.context() as patch:
            patch.setattr(target, _fail_with(errno.EIO))
            with pytest.raises((StorageFailed, OSError)):
                receive(world)
        assert not Document.objects.exists(), step
        assert [path for path in on_disk() if path.suffix == ".part"] == [], step


def test_receive_file_tells_full_disk(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence.storage._write_all", _fail_with(errno.ENOSPC))
    with pytest.raises(StorageFailed):
        receive(world)
    assert not Document.objects.exists()
    assert on_disk() == []


def test_receive_file_leaves_only_an_orphan_when_row_fails(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> NoReturn:
        raise DatabaseError("the server went away")

    monkeypatch.setattr("evidence.services.receiving.record_on", fail)
    with pytest.raises(DatabaseError):
        receive(world)
    assert not Document.objects.exists()
    [orphan] = on_disk()
    assert storage.sweep(written_before=_tomorrow(), is_live=Document.objects.stored_among) == [orphan.name]
    assert on_disk() == []


def test_sweep_keeps_live_and_young_files(world: World) -> None:
    document = world.document(name="a.png", content=files.png())
    storage.store_preview(document.stored_name, content=b"preview")
    orphan = storage.path_of("ab" * 16)
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"orphan")
    left_over = Path(settings.MEDIA_ROOT) / "tmp" / f"{'cd' * 16}.part"
    left_over.write_bytes(b"part")
    now_live = Document.objects.stored_among
    assert storage.sweep(written_before=orphan.stat().st_ctime - 60, is_live=now_live) == []
    assert set(storage.sweep(written_before=_tomorrow(), is_live=now_live)) == {orphan.name, left_over.name}
    assert set(on_disk()) == {
        storage.path_of(document.stored_name),
        storage.preview_path_of(document.stored_name),
    }


def test_sweep_asks_again_before_removal(world: World) -> None:
    """A row that appears between the listing and the removal saves its file."""
    path = storage.path_of("ab" * 16)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"late")
    answers = iter([set(), {path.name}])
    assert storage.sweep(written_before=_tomorrow(), is_live=lambda _names: next(answers)) == []
    assert path.exists()


def test_register_reference_keeps_no_bytes_or_is_refused(world: World) -> None:
    for classification, number in ((Clearance.CONFIDENTIAL, "KDN 1"), (Clearance.SECRET, "  ")):
        with pytest.raises(NotNow):
            register_reference(
                reference_number=number,
                agency=world.agency,
                actor=world.officer,
                classification=classification,
                now=world.now,
            )
    with pytest.raises(BadValue) as refused:
        register_reference(
            reference_number="KDN.R. 100-1/2 mangsa Nguyen Van Canary",
            agency=world.agency,
            actor=world.officer,
            classification=Clearance.SECRET,
            now=world.now,
        )
    assert refused.value.field == "reference_number"
    assert not Document.objects.exists()
    document = register_reference(
        reference_number=" KDN.R. 100-1/2 ",
        agency=world.agency,
        actor=world.officer,
        classification=Clearance.SECRET,
        now=world.now,
    )
    assert document.reference_number == "KDN.R. 100-1/2"
    assert (document.has_bytes, document.is_held, document.is_available) == (False, False, False)
    assert last_event().action == "document.registered"
    assert document in Document.objects.visible_to(world.officer)
    assert document not in Document.objects.visible_to(world.coordinator)


def test_database_refuses_change_delete_and_a_row_without_bytes_or_reference(world: World) -> None:
    document = world.document()
    for change in (
        {"sha256": "a" * 64},
        {"size": 1},
        {"stored_name": "b" * 32},
        {"original_name": "Lain.pdf"},
        {"media_type": "text/plain"},
        {"received_at": "2023-01-01T00:00Z"},
        {"state": "replaced"},
        {"evidence_from": date(2023, 7, 3)},
        {"classification": 7},
        {"scan_state": "pending"},
        {"has_preview": True, "state": "withdrawn"},
    ):
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            Document.objects.filter(pk=document.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.filter(pk=document.pk).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.create(
            agency=world.agency,
            uploaded_by=world.officer,
            classification=Clearance.OPEN,
            received_at=world.now,
            original_name="Hantu.pdf",
        )


def test_receive_file_reads_plain_upload_of_any_size(world: World) -> None:
    content = files.pdf(padding_bytes=3 * 1024 * 1024)
    upload = SimpleUploadedFile("Besar.pdf", content)
    document = receive_file(
        upload, agency=world.agency, actor=world.officer, classification=Clearance.OPEN, now=world.now
    )
    assert storage.path_of(document.stored_name).stat().st_size == document.size == len(content)


def _tomorrow() -> float:
    import time

    return time.time() + 24 * 3600
