"""The pages of evidence, and the door for files, as each role meets them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import SkipFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.clearance import Clearance
from accounts.models import User
from audit.models import Event
from evidence import services, storage, tasks
from evidence.models import Document
from evidence.states import DocumentState, ScanState
from evidence.uploads import EvidenceUploadHandler
from tests.evidence import files
from tests.evidence.conftest import World, facts_of
from tests.factories.evidence import make_upload


def signed_in(user: User, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(user)
    return client


def url(name: str, document: Document | None = None) -> str:
    return reverse(f"evidence:{name}", args=[document.pk] if document else [])


def content_of(response: Any) -> bytes:
    """The streamed bytes; reading them to the end closes the file behind them."""
    return b"".join(response.streaming_content)


def post_file(client: Client, *, accept: str = "application/json", **values: Any) -> Any:
    data = {"file": make_upload(), "classification": Clearance.RESTRICTED, **values}
    return client.post(url("upload"), data, headers={"accept": accept})


def test_upload_answers_script_with_the_document(world: World) -> None:
    response = post_file(signed_in(world.officer), evidence_from="2023-07-03", evidence_to="2023-07-09")
    document = Document.objects.get()
    assert response.status_code == 201
    answer = response.json()
    assert answer["id"] == document.pk
    assert answer["sha256"] == document.sha256
    assert answer["detail_url"] == url("detail", document)
    assert (answer["evidence_from"], answer["evidence_to"]) == ("2023-07-03", "2023-07-09")
    assert {
        "name",
        "size",
        "size_text",
        "media_type",
        "classification",
        "scan_state",
        "scan_text",
        "scan_tone",
    } <= set(answer)
    assert document.agency == world.agency
    assert storage.path_of(document.stored_name).read_bytes() == files.pdf()


def test_upload_redirects_browser_to_the_document(world: World) -> None:
    response = post_file(signed_in(world.officer), accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert response.status_code == 302
    assert response["Location"] == url("detail", Document.objects.get())


@pytest.mark.parametrize("accept", ["application/json", "*/*"])
def test_upload_refuses_disguised_program(world: World, accept: str) -> None:
    response = post_file(signed_in(world.officer), accept=accept, file=make_upload("Resit.pdf", files.EXE))
    assert response.status_code == 422
    assert "Resit.pdf" in response.json()["error"]
    assert not Document.objects.exists()
    assert Event.objects.filter(action="document.refused").count() == 1


def test_upload_shows_refusal_at_the_file_for_browser(world: World) -> None:
    response = post_file(
        signed_in(world.officer), accept="text/html", file=make_upload("Resit.pdf", files.EXE)
    )
    assert response.status_code == 200
    assert response.context["form"].errors["file"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"classification": Clearance.SECRET}, "Sulit|Confidential"),
        ({"classification": Clearance.CONFIDENTIAL}, "Sulit|Confidential"),
        ({"evidence_from": "2023-07-09", "evidence_to": "2023-07-03"}, "."),
        ({"evidence_from": "semalam"}, "."),
        ({"file": ""}, "."),
    ],
)
def test_upload_refuses_wrong_values(world: World, values: dict[str, Any], words: str) -> None:
    response = post_file(signed_in(world.officer), **values)
    assert response.status_code == 422
    assert re.search(words, response.json()["error"])
    assert not Document.objects.exists()


def test_upload_refuses_nothing_posted(world: World) -> None:
    response = signed_in(world.officer).post(url("upload"))
    assert (response.status_code, bool(response.json()["error"])) == (422, True)


def test_upload_ignores_posted_agency_of_officer(world: World) -> None:
    post_file(signed_in(world.officer), agency=world.other_agency.pk, uploaded_by=world.reviewer.pk, size=1)
    document = Document.objects.get()
    assert (document.agency, document.uploaded_by) == (world.agency, world.officer)


@pytest.mark.parametrize("place", ["form", "address"])
def test_upload_takes_agency_from_mapo(world: World, place: str) -> None:
    client = signed_in(world.reviewer)
    data = {"file": make_upload(), "classification": Clearance.RESTRICTED}
    address = url("upload")
    if place == "form":
        data["agency"] = world.agency.pk
    else:
        address += f"?agency={world.agency.pk}"
    assert client.post(address, data).status_code == 201
    assert Document.objects.get().agency == world.agency


def test_upload_refuses_mapo_without_agency(world: World) -> None:
    assert post_file(signed_in(world.reviewer)).status_code == 422


def test_upload_refuses_announced_length_before_reading(world: World, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 1000
    response = post_file(signed_in(world.officer), file=make_upload(content=files.noise(400_000)))
    assert response.status_code == 422
    assert response.json()["error"]
    event = Event.objects.get(action="document.refused")
    assert facts_of(event)["reason_code"] == "too_big"
    page = post_file(
        signed_in(world.officer), accept="text/html", file=make_upload(content=files.noise(400_000))
    )
    assert page.status_code == 422


def test_upload_refuses_one_byte_too_many_while_reading(world: World, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = len(files.pdf()) - 1
    response = post_file(signed_in(world.officer))
    assert response.status_code == 422
    assert not any(path.is_file() for path in storage.root().rglob("*"))


def test_upload_demands_csrf_token(world: World) -> None:
    client = signed_in(world.officer, enforce_csrf_checks=True)
    assert post_file(client).status_code == 403
    client.get(url("upload"))
    token = client.cookies["csrftoken"].value
    data = {"file": make_upload(), "classification": Clearance.RESTRICTED}
    assert client.post(url("upload"), data, headers={"x-csrftoken": token}).status_code == 201


def test_upload_asks_who_before_reading_the_body(world: World) -> None:
    """A person without files gets 404 although the body is broken: nobody parsed it."""
    response = signed_in(world.observer).post(
        url("upload"), data=b"not multipart", content_type="multipart/form-data; boundary=x"
    )
    assert response.status_code == 404


def test_upload_leaves_nothing_when_body_is_cut(world: World) -> None:
    whole = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + files.pdf()
    response = signed_in(world.officer).post(
        url("upload"), data=whole, content_type="multipart/form-data; boundary=x"
    )
    assert response.status_code == 422
    assert not any(path.is_file() for path in storage.root().rglob("*"))


def test_upload_keeps_first_of_several_files(world: World) -> None:
    extra = SimpleUploadedFile("lain.pdf", files.pdf(pages=2))
    assert post_file(signed_in(world.officer), other=extra).status_code == 201
    [path] = [path for path in storage.root().rglob("*") if path.is_file()]
    assert path.name == Document.objects.get().stored_name


def test_upload_takes_ten_files_of_a_request_at_most(world: World) -> None:
    """A request with a thousand files does not fill the disk."""
    handler = EvidenceUploadHandler()
    for number in range(handler.max_files):
        handler.new_file("files", f"{number}.pdf", "application/pdf", None)
        upload = handler.file_complete(0)
        assert upload is not None
        upload.close()
    with pytest.raises(SkipFile):
        handler.new_file("files", "more.pdf", "application/pdf", None)


def test_upload_answers_503_when_disk_fails(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("evidence.storage._write_all", fail)
    response = post_file(signed_in(world.officer))
    assert response.status_code == 503
    assert response.json()["error"]
    assert not Document.objects.exists()


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


@pytest.mark.parametrize("state", [ScanState.PENDING, ScanState.INFECTED, ScanState.FAILED])
def test_download_refuses_held_file(world: World, settings: Any, state: ScanState) -> None:
    settings.SCANNER = "clamav"
    document = world.document()
    if state != ScanState.PENDING:
        services.record_scan(document, state=state, note="Eicar", now=world.now)
    response = signed_in(world.officer).get(url("download", document))
    assert response.status_code == 409
    assert files.pdf()[:8] not in response.content
    assert not Event.objects.filter(action="document.downloaded").exists()


def test_download_refuses_unscanned_file_once_scanner_is_on(world: World, settings: Any) -> None:
    document = world.document()
    settings.SCANNER = "clamav"
    assert signed_in(world.officer).get(url("download", document)).status_code == 409


def test_download_refuses_sealed_file_to_everyone(world: World) -> None:
    document = world.document(name="Mangsa A.pdf")
    services.seal_document(document, reason="Nama mangsa", actor=world.administrator, now=world.now)
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
    services.withdraw_document(document, reason="Salah fail", actor=world.officer, now=world.now)
    client = signed_in(world.officer)
    assert client.get(url("download", document)).status_code == 409
    services.restore_document(document, actor=world.officer, now=world.now)
    services.freeze_documents([document], agency_id=world.agency.pk, now=world.now)
    services.withdraw_document(document, reason="Salah fail", actor=world.officer, now=world.now)
    assert content_of(client.get(url("download", document))) == files.pdf()


@pytest.mark.parametrize("name", ["detail", "download", "preview", "withdraw", "replace"])
@pytest.mark.parametrize("person", ["other_officer", "observer"])
def test_page_does_not_exist_for_outsiders(world: World, name: str, person: str) -> None:
    document = world.document()
    client = signed_in(getattr(world, person))
    response = client.get(url(name, document))
    missing = client.get(reverse(f"evidence:{name}", args=[document.pk + 1000]))
    assert response.status_code == missing.status_code == 404
    assert response.content == missing.content


def test_refused_page_is_recorded(world: World) -> None:
    document = world.document()
    signed_in(world.other_officer).get(url("detail", document))
    event = Event.objects.get(action="permission.refused")
    assert (event.object_id, event.actor_id) == (str(document.pk), world.other_officer.pk)


def test_page_is_bounded_by_clearance(world: World) -> None:
    document = world.document(actor=world.reviewer, classification=Clearance.CONFIDENTIAL)
    assert signed_in(world.reviewer).get(url("detail", document)).status_code == 200
    assert signed_in(world.officer).get(url("detail", document)).status_code == 404


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


def test_list_shows_own_agency_only(world: World) -> None:
    mine = world.document(name="Kami.pdf")
    services.receive_file(
        make_upload("Mereka.pdf"),
        agency=world.other_agency,
        actor=world.other_officer,
        classification=Clearance.OPEN,
        now=world.now,
    )
    page = signed_in(world.officer).get(url("list")).content.decode()
    assert mine.original_name in page and "Mereka.pdf" not in page
    page = signed_in(world.reviewer).get(url("list")).content.decode()
    assert mine.original_name in page and "Mereka.pdf" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"text": "kluang"}, True),
        ({"text": "Johor"}, False),
        ({"classification": "1"}, True),
        ({"classification": "0"}, False),
        ({"scan": "unscanned"}, True),
        ({"scan": "clean"}, False),
        ({"scan": "held"}, False),
        ({"state": "kept"}, True),
        ({"state": "withdrawn"}, False),
        ({"state": "sealed"}, False),
        ({"agency": "999999"}, True),
        ({"page": "x", "classification": "z", "scan": "?"}, True),
    ],
)
def test_list_filters(world: World, query: dict[str, str], found: bool) -> None:
    world.document(name="Taklimat Kluang.pdf")
    page = signed_in(world.officer).get(url("list"), query).content.decode()
    assert ("Taklimat Kluang.pdf" in page) is found


def test_list_filters_by_agency_for_mapo(world: World) -> None:
    world.document(name="Kami.pdf")
    client = signed_in(world.reviewer)
    assert "Kami.pdf" in client.get(url("list"), {"agency": world.agency.pk}).content.decode()
    assert "Kami.pdf" not in client.get(url("list"), {"agency": world.other_agency.pk}).content.decode()


def test_list_says_openly_that_scanning_is_off(world: World, settings: Any) -> None:
    assert "SCANNER=none" in signed_in(world.administrator).get(url("list")).content.decode()
    assert "SCANNER=none" not in signed_in(world.officer).get(url("list")).content.decode()
    settings.SCANNER = "clamav"
    assert "SCANNER=none" not in signed_in(world.administrator).get(url("list")).content.decode()


@pytest.mark.parametrize("name", ["list", "detail"])
def test_page_takes_as_many_queries_for_one_as_for_many(world: World, name: str) -> None:
    document = world.document()
    client = signed_in(world.reviewer)
    target = url(name, document if name == "detail" else None)
    client.get(target)
    with CaptureQueriesContext(connection) as few:
        client.get(target)
    for number in range(8):
        world.document(name=f"Fail {number}.pdf")
        services.describe_document(
            document,
            classification=Clearance.OPEN,
            evidence_from=date(2023, 7, number + 1),
            evidence_to=None,
            actor=world.officer,
            now=world.now,
        )
    with CaptureQueriesContext(connection) as many:
        client.get(target)
    assert len(few) == len(many) <= 12


def test_describe_answers_script(world: World) -> None:
    document = world.document()
    client = signed_in(world.officer)
    data = {"classification": "0", "evidence_from": "2023-07-03", "evidence_to": "2023-07-09"}
    response = client.post(url("describe", document), data, headers={"accept": "application/json"})
    assert response.status_code == 200
    assert response.json()["evidence_to"] == "2023-07-09"
    document.refresh_from_db()
    assert (document.classification, document.evidence_from) == (0, date(2023, 7, 3))
    response = client.post(url("describe", document), {**data, "classification": "3"})
    assert response.status_code == 422
    assert response.json()["error"]


def test_describe_by_page_saves_and_tells_refusal(world: World) -> None:
    document = world.document()
    client = signed_in(world.officer)
    html = {"accept": "text/html"}
    saved = client.post(url("describe", document), {"classification": "0"}, headers=html)
    assert saved.status_code == 302
    refused = client.post(url("describe", document), {"classification": "9"}, headers=html)
    assert refused.status_code == 422
    assert refused.context["problem"]


def test_withdraw_and_restore_by_page(world: World) -> None:
    document = world.document()
    client = signed_in(world.coordinator)
    assert client.get(url("withdraw", document)).status_code == 200
    assert client.post(url("withdraw", document), {"reason": " "}).status_code == 200
    document.refresh_from_db()
    assert document.state == DocumentState.KEPT
    assert client.post(url("withdraw", document), {"reason": "Salah fail"}).status_code == 302
    assert "Salah fail" in client.get(url("detail", document)).content.decode()
    assert client.post(url("restore", document)).status_code == 302
    again = client.post(url("restore", document))
    assert again.status_code == 409
    document.refresh_from_db()
    assert document.state == DocumentState.KEPT


def test_replace_by_page(world: World) -> None:
    document = world.document()
    client = signed_in(world.officer)
    assert client.get(url("replace", document)).status_code == 200
    data = {"file": make_upload("Baharu.pdf", files.pdf(pages=2)), "classification": Clearance.RESTRICTED}
    response = client.post(url("replace", document), data)
    document.refresh_from_db()
    assert response["Location"] == url("detail", document.replaced_by)
    assert document.state == DocumentState.REPLACED
    page = client.get(url("detail", document)).content.decode()
    assert "Baharu.pdf" in page
    refused = client.post(url("replace", document), {**data, "file": make_upload("Lagi.pdf")})
    assert refused.context["form"].non_field_errors()


def test_seal_is_for_administrators(world: World) -> None:
    document = world.document()
    for person in (world.officer, world.reviewer):
        assert signed_in(person).post(url("seal", document), {"reason": "x"}).status_code == 404
    client = signed_in(world.administrator)
    assert client.get(url("seal", document)).status_code == 200
    assert client.post(url("seal", document), {"reason": "Nama mangsa"}).status_code == 302
    document.refresh_from_db()
    assert document.is_sealed


def test_reviewer_cannot_change_what_an_agency_added(world: World) -> None:
    document = world.document()
    client = signed_in(world.reviewer)
    assert client.post(url("withdraw", document), {"reason": "x"}).status_code == 404
    assert client.post(url("restore", document)).status_code == 404
    assert client.get(url("replace", document)).status_code == 404


def test_rescan_asks_for_another_try(world: World, settings: Any) -> None:
    settings.SCANNER = "clamav"
    document = world.document()
    services.record_scan(document, state=ScanState.FAILED, note="too large", now=world.now)
    assert signed_in(world.officer).post(url("rescan", document)).status_code == 404
    client = signed_in(world.administrator)
    assert client.post(url("rescan", document)).status_code == 302
    assert Document.objects.waiting_for_scan(world.now).filter(pk=document.pk).exists()
    services.record_scan(document, state=ScanState.CLEAN, now=world.now)
    assert client.post(url("rescan", document)).status_code == 409


def test_register_keeps_a_number_only(world: World) -> None:
    client = signed_in(world.officer)
    assert client.get(url("register")).status_code == 200
    data = {"reference_number": "KDN.R.100-1/2", "classification": str(Clearance.SECRET.value)}
    response = client.post(url("register"), data)
    document = Document.objects.get()
    assert response["Location"] == url("detail", document)
    assert client.get(url("detail", document)).status_code == 200
    assert client.get(url("download", document)).status_code == 409
    low = client.post(url("register"), {**data, "classification": "1"})
    assert low.status_code == 200 and low.context["form"].errors


@pytest.mark.parametrize("language", ["ms", "en"])
@pytest.mark.parametrize("person", ["officer", "administrator"])
def test_pages_render_in_both_languages(world: World, language: str, person: str) -> None:
    document = world.document(evidence_from=date(2023, 7, 3))
    client = signed_in(getattr(world, person))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    for target in (url("list"), url("upload"), url("register"), url("detail", document)):
        assert client.get(target).status_code == 200
