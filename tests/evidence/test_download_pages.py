"""Who gets the bytes of a file, and who does not even learn that it exists."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from accounts.clearance import Clearance
from audit.models import Event
from evidence import storage, tasks
from evidence.services.lifecycle import freeze_documents, restore_document, seal_document, withdraw_document
from evidence.services.scans import record_scan
from evidence.states import ScanState
from tests.evidence import files
from tests.evidence.conftest import World
from tests.evidence.pages import content_of, signed_in, url
from tests.pages import body_of


def test_download_sends_bytes_as_attachment_and_records_it(world: World) -> None:
    document = world.document(name="Laporan café.pdf")
    response = signed_in(world.reviewer).get(url("download", document))
    assert response.status_code == 200
    assert content_of(response) == files.pdf()
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''Laporan%20caf%C3%A9.pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Security-Policy"].startswith("sandbox")
    event = Event.objects.get(action="document.downloaded")
    assert (event.actor_id, event.agency_id, event.object_id) == (
        world.reviewer.pk,
        world.agency.pk,
        str(document.pk),
    )


def test_text_says_its_charset_where_its_bytes_tell_it(world: World) -> None:
    for name, content, media_type in (
        ("nota.txt", "Kes di Ipoh: tiada pertikaian – selesai.\n".encode(), "text/plain; charset=utf-8"),
        ("nota.txt", "Kes di Ipoh – selesai.\n".encode("cp1252"), "text/plain"),
        ("nota.txt", "Kes di Ipoh – selesai.\n".encode("utf-16"), "text/plain; charset=utf-16"),
        ("panjang.txt", "Kes – selesai.\n".encode("utf-16") * 20_000, "text/plain; charset=utf-16"),
        ("panjang.txt", b"Kes selesai.\n" * 25_000 + "Kes – selesai.\n".encode(), "text/plain"),
        ("panjang.txt", b"Kes selesai.\n" * 25_000 + "Kes – selesai.\n".encode("cp1252"), "text/plain"),
        ("jadual.csv", files.CSV, "text/csv; charset=utf-8"),
        ("surat.eml", files.EML, "message/rfc822"),
    ):
        document = world.document(name=name, content=content)
        response = signed_in(world.reviewer).get(url("download", document))
        assert content_of(response) == content, name
        assert response["Content-Type"] == media_type, name
        assert response["X-Content-Type-Options"] == "nosniff", name


def test_download_refuses_held_file(world: World, settings: Any) -> None:
    settings.SCANNER = "clamav"
    for state in (ScanState.PENDING, ScanState.INFECTED, ScanState.FAILED):
        document = world.document()
        if state != ScanState.PENDING:
            record_scan(document, state=state, note="Eicar", now=world.now)
        response = signed_in(world.officer).get(url("download", document))
        assert response.status_code == 409, state
        assert files.pdf()[:8] not in response.content, state
        assert not Event.objects.filter(action="document.downloaded").exists(), state


def test_download_refuses_unscanned_file_once_scanner_is_on(world: World, settings: Any) -> None:
    document = world.document()
    settings.SCANNER = "clamav"
    assert signed_in(world.officer).get(url("download", document)).status_code == 409


def test_download_refuses_sealed_file_to_everyone(world: World) -> None:
    document = world.document(name="Mangsa A.pdf")
    seal_document(document, reason="Nama mangsa", actor=world.administrator, now=world.now)
    for person in (world.officer, world.reviewer, world.administrator):
        client = signed_in(person)
        assert client.get(url("download", document)).status_code == 409
        page = client.get(url("detail", document))
        assert page.status_code == 200
        assert "Mangsa A" not in page.content.decode()
        assert "Mangsa A" not in client.get(url("list"), {"text": "Mangsa"}).content.decode()


def test_download_tells_missing_bytes(world: World) -> None:
    document = world.document()
    storage.path_of(document.stored_name).unlink()
    assert signed_in(world.officer).get(url("download", document)).status_code == 503
    assert not Event.objects.filter(action="document.downloaded").exists()


def test_download_of_withdrawn_file_needs_a_citation(world: World) -> None:
    document = world.document()
    withdraw_document(document, reason="Salah fail", actor=world.officer, now=world.now)
    client = signed_in(world.officer)
    assert client.get(url("download", document)).status_code == 409
    restore_document(document, actor=world.officer, now=world.now)
    freeze_documents([document], agency_id=world.agency.pk, now=world.now)
    withdraw_document(document, reason="Salah fail", actor=world.officer, now=world.now)
    assert content_of(client.get(url("download", document))) == files.pdf()


def test_page_does_not_exist_for_outsiders_and_is_bounded_by_clearance(world: World) -> None:
    document = world.document()
    for person in ("other_officer", "observer"):
        for name in ("detail", "download", "preview", "withdraw", "replace"):
            client = signed_in(getattr(world, person))
            response = client.get(url(name, document))
            missing = client.get(reverse(f"evidence:{name}", args=[document.pk + 1000]))
            assert response.status_code == missing.status_code == 404, person
            assert body_of(response) == body_of(missing), person
    document = world.document(actor=world.reviewer, classification=Clearance.CONFIDENTIAL)
    assert signed_in(world.reviewer).get(url("detail", document)).status_code == 200
    assert signed_in(world.officer).get(url("detail", document)).status_code == 404


def test_refused_page_is_recorded(world: World) -> None:
    document = world.document()
    signed_in(world.other_officer).get(url("detail", document))
    event = Event.objects.get(action="permission.refused")
    assert (event.object_id, event.actor_id) == (str(document.pk), world.other_officer.pk)


def test_preview_shows_our_copy_without_metadata(world: World) -> None:
    document = world.document(name="Gambar.jpg", content=files.jpeg(3000, 2000, exif=True))
    client = signed_in(world.officer)
    assert client.get(url("preview", document)).status_code == 404
    assert tasks.make_preview(document.pk)
    response = client.get(url("preview", document))
    content = content_of(response)
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("inline")
    assert b"Telefon rahsia" not in content
    assert b"Telefon rahsia" in storage.path_of(document.stored_name).read_bytes()
    assert Event.objects.filter(action="document.previewed").count() == 1
    assert url("preview", document) in client.get(url("detail", document)).content.decode()
