"""The list of evidence, a document's page, and what people do there."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.clearance import Clearance
from evidence.models import Document
from evidence.services.lifecycle import describe_document
from evidence.services.receiving import receive_file
from evidence.services.scans import record_scan
from evidence.states import DocumentState, ScanState
from tests.evidence import files
from tests.evidence.conftest import World
from tests.evidence.pages import signed_in, url
from tests.factories.evidence import make_upload


def test_list_shows_own_agency_only(world: World) -> None:
    mine = world.document(name="Kami.pdf")
    receive_file(
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


def test_list_filters(world: World) -> None:
    world.document(name="Taklimat Kluang.pdf")
    for query, found in (
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
    ):
        page = signed_in(world.officer).get(url("list"), query).content.decode()
        assert ("Taklimat Kluang.pdf" in page) is found, query


def test_list_filters_by_agency_for_mapo(world: World) -> None:
    world.document(name="Kami.pdf")
    client = signed_in(world.reviewer)
    assert "Kami.pdf" in client.get(url("list"), {"agency": world.agency.pk}).content.decode()
    assert "Kami.pdf" not in client.get(url("list"), {"agency": world.other_agency.pk}).content.decode()


def test_list_says_once_that_nothing_is_scanned(world: World, settings: Any) -> None:
    for name in ("Satu.pdf", "Dua.pdf"):
        world.document(name=name)
    page = signed_in(world.officer).get(url("list")).content.decode()
    assert page.count('class="unscanned') == 1 and page.count("flag tone-warning") == 0
    assert page.count("PDF · ") == 2
    settings.SCANNER = "clamav"
    page = signed_in(world.officer).get(url("list")).content.decode()
    assert page.count('class="unscanned') == 0 and page.count("flag tone-warning") == 2


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
        describe_document(
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


def test_describe_answers_script_and_page(world: World) -> None:
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


def test_reviewer_cannot_change_what_an_agency_added_and_sealing_is_for_administrators(world: World) -> None:
    document = world.document()
    client = signed_in(world.reviewer)
    assert client.post(url("withdraw", document), {"reason": "x"}).status_code == 404
    assert client.post(url("restore", document)).status_code == 404
    assert client.get(url("replace", document)).status_code == 404
    for person in (world.officer, world.reviewer):
        assert signed_in(person).post(url("seal", document), {"reason": "x"}).status_code == 404
    client = signed_in(world.administrator)
    assert client.get(url("seal", document)).status_code == 200
    assert client.post(url("seal", document), {"reason": "Nama mangsa"}).status_code == 302
    document.refresh_from_db()
    assert document.is_sealed


def test_rescan_asks_for_another_try(world: World, settings: Any) -> None:
    settings.SCANNER = "clamav"
    document = world.document()
    record_scan(document, state=ScanState.FAILED, note="too large", now=world.now)
    assert signed_in(world.officer).post(url("rescan", document)).status_code == 404
    client = signed_in(world.administrator)
    assert client.post(url("rescan", document)).status_code == 302
    assert Document.objects.waiting_for_scan(world.now).filter(pk=document.pk).exists()
    record_scan(document, state=ScanState.CLEAN, now=world.now)
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


def test_pages_render_in_both_languages(world: World) -> None:
    document = world.document(evidence_from=date(2023, 7, 3))
    for person in ("officer", "administrator"):
        for language in ("ms", "en"):
            client = signed_in(getattr(world, person))
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
            for target in (url("list"), url("upload"), url("register"), url("detail", document)):
                assert client.get(target).status_code == 200, person
