"""Uploads: what is taken, what is refused, and what is left behind."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import SkipFile

from accounts.clearance import Clearance
from audit.models import Event
from evidence import storage
from evidence.models import Document
from evidence.uploads import EvidenceUploadHandler
from tests.evidence import files
from tests.evidence.conftest import World, facts_of
from tests.evidence.pages import post_file, signed_in, url
from tests.factories.evidence import make_upload


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
        "scan_html",
        "name_warning_html",
        "icon_html",
    } <= set(answer)
    assert (answer["kind"], answer["scan_html"]) == ("PDF", ""), "that nothing is scanned is said once, above"
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


def test_upload_refuses_wrong_values_nothing_and_who_may_not(world: World) -> None:
    for values, words in (
        ({"classification": Clearance.SECRET}, "Sulit|Confidential"),
        ({"classification": Clearance.CONFIDENTIAL}, "Sulit|Confidential"),
        ({"evidence_from": "2023-07-09", "evidence_to": "2023-07-03"}, "."),
        ({"evidence_from": "semalam"}, "."),
        ({"file": ""}, "."),
    ):
        response = post_file(signed_in(world.officer), **values)
        assert response.status_code == 422, values
        assert re.search(words, response.json()["error"]), values
        assert not Document.objects.exists(), values
    response = signed_in(world.officer).post(url("upload"))
    assert (response.status_code, bool(response.json()["error"])) == (422, True)
    assert post_file(signed_in(world.reviewer)).status_code == 422
    # A person without files gets 404 although the body is broken: nobody parsed it.
    response = signed_in(world.observer).post(
        url("upload"), data=b"not multipart", content_type="multipart/form-data; boundary=x"
    )
    assert response.status_code == 404
    response = post_file(
        signed_in(world.officer), accept="text/html", file=make_upload("Resit.pdf", files.EXE)
    )
    assert response.status_code == 200
    assert response.context["form"].errors["file"]


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
