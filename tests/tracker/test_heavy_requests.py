"""Quotas of uploads, heavy requests and searches: who asks for too much is told when it goes on, and once on record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from lxml import html

from accounts.models import SharedCacheRow, User
from accounts.roles import Role
from audit.models import Event
from evidence.models import Document
from tests.evidence.pages import post_file, signed_in
from tests.factories.accounts import make_agency, make_person
from tests.factories.evidence import make_upload
from tests.factories.recommendations import make_draft
from tests.recommendations.conftest import Desk
from tests.recommendations.conftest import desk as desk
from tests.recommendations.pages import browser_of, edit_url, typed, words_of
from tests.shared import shared
from tracker.heavy_requests import HEAVY_VIEWS, SEARCH_VIEWS, UPLOAD_VIEWS

PAGE = "text/html,application/xhtml+xml,*/*;q=0.8"


@shared
def people(now: datetime) -> dict[str, User]:
    agency, other = make_agency("JTK"), make_agency("PDRM")
    return {
        "first": make_person(Role.OFFICER, agency),
        "second": make_person(Role.OFFICER, agency),
        "third": make_person(Role.COORDINATOR, agency),
        "other": make_person(Role.OFFICER, other),
        "administrator": make_person(Role.ADMINISTRATOR, make_agency("KDN")),
    }


def reached() -> list[tuple[int | None, str]]:
    return [(event.actor_id, event.object_id) for event in Event.objects.filter(action="quota.reached")]


def in_language(person: User, language: str) -> Client:
    client = signed_in(person)
    client.cookies["language"] = language
    return client


def test_names_of_addresses_exist() -> None:
    """Each is an address of the product."""
    names = {
        f"{space}:{name}"
        for space, (_prefix, resolver) in get_resolver().namespace_dict.items()
        for name in resolver.reverse_dict
        if isinstance(name, str)
    }
    assert names >= UPLOAD_VIEWS | set(HEAVY_VIEWS) | SEARCH_VIEWS


@pytest.mark.parametrize("name", sorted(HEAVY_VIEWS))
def test_heavy_addresses_act_by_the_method_that_counts(
    name: str, people: dict[str, User], settings: Any
) -> None:
    """An address that moved from GET to POST would count nothing, and so would one that acts by HEAD, too."""
    space, last = name.split(":")
    (named,) = get_resolver().namespace_dict[space][1].reverse_dict.getlist(last)[:1]
    address = reverse(name, kwargs=dict.fromkeys(named[0][0][1], 1))
    client = signed_in(people["administrator"])
    allowed = set(client.put(address)["Allow"].split(", "))
    assert allowed <= {"GET", "HEAD", "POST"}
    acting_by = {"POST"} if "POST" in allowed else allowed
    settings.QUOTA_HEAVY = 1
    client.generic(HEAVY_VIEWS[name], address)
    refused = {method for method in allowed if client.generic(method, address).status_code == 429}
    assert refused == acting_by


class TestUploads:
    def test_script_and_browser_are_told_when_it_goes_on(
        self, people: dict[str, User], settings: Any
    ) -> None:
        settings.QUOTA_UPLOADS = 2
        client = in_language(people["first"], "ms")
        assert [post_file(client).status_code for _ in range(2)] == [201, 201]
        for _ in range(3):
            response = post_file(client)
            assert response.status_code == 429
            assert 3_000 < int(response["Retry-After"]) <= 3_600
            assert "Tunggu 60 minit" in response.json()["error"]
        page = post_file(in_language(people["first"], "en"), accept=PAGE)
        assert page.status_code == 429
        assert "Wait 60 minutes" in page.text and "choose it again in the form" in page.text
        assert Document.objects.count() == 2
        assert reached() == [(people["first"].pk, "uploads")]
        assert post_file(signed_in(people["second"])).status_code == 201

    def test_agency_has_a_quota_too(self, people: dict[str, User], settings: Any) -> None:
        settings.QUOTA_UPLOADS_AGENCY = 2
        first, second, other = (signed_in(people[name]) for name in ("first", "second", "other"))
        assert [post_file(client).status_code for client in (first, second, first, second, other)] == [
            201,
            201,
            429,
            429,
            201,
        ]
        assert reached() == [(people["first"].pk, "uploads_agency")]

    def test_bytes_of_a_day(self, people: dict[str, User], settings: Any) -> None:
        client = signed_in(people["first"])
        settings.QUOTA_UPLOAD_BYTES = 10
        response = post_file(client)
        assert response.status_code == 429
        assert int(response["Retry-After"]) > 3_600 and "24 jam" in response.json()["error"]
        settings.QUOTA_UPLOAD_BYTES = 10**9
        assert post_file(client).status_code == 201

    def test_goes_on_after_the_hour(self, people: dict[str, User], settings: Any) -> None:
        settings.QUOTA_UPLOADS = 1
        client = signed_in(people["first"])
        assert [post_file(client).status_code for _ in range(2)] == [201, 429]
        SharedCacheRow.objects.update(expires=datetime(2020, 1, 1).astimezone())
        assert [post_file(client).status_code for _ in range(2)] == [201, 429]
        assert len(reached()) == 2

    def test_page_itself_is_not_counted(self, people: dict[str, User], settings: Any) -> None:
        settings.QUOTA_UPLOADS = 1
        client = signed_in(people["first"])
        assert {client.get(reverse("evidence:upload")).status_code for _ in range(3)} == {200}


def test_searches_of_a_minute(people: dict[str, User], settings: Any) -> None:
    settings.QUOTA_SEARCHES = 2
    client = in_language(people["first"], "en")
    assert [client.get("/search/", {"q": "rumah"}).status_code for _ in range(3)] == [200, 200, 429]
    page = client.get("/search/", {"q": "rumah <b>"}, headers={"accept": PAGE})
    assert "That was a lot of searches in one minute. Wait 1 minute, then continue." in page.text
    assert 'href="/search/?q=rumah+%3Cb%3E"' in page.text, "what was typed is in the address"
    assert client.get("/search/").status_code == 200
    suggested = client.get(reverse("search:suggestions"), {"q": "rum"}, headers={"accept": "*/*"})
    assert suggested.status_code == 429 and suggested.json()["error"]
    assert len(reached()) == 1


def test_heavy_requests_of_an_hour(people: dict[str, User], settings: Any) -> None:
    settings.QUOTA_HEAVY = 2
    client = signed_in(people["administrator"])
    address = reverse("audit:export")
    answers = [client.post(address) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert reached() == [(people["administrator"].pk, "heavy")]


def test_what_was_typed_is_sent_again_from_the_page(people: dict[str, User], settings: Any) -> None:
    """The page of a refusal carries every field, so that nothing is typed twice; only a file is chosen again."""
    settings.QUOTA_HEAVY, settings.QUOTA_UPLOADS = 1, 2
    client = in_language(people["first"], "en")
    for address, fields in (
        (reverse("reports:verify"), {"sha256": "no <such>", "note": "a"}),
        (
            reverse("evidence:upload"),
            {"classification": "1", "evidence_from": "2023-05-02", "file": make_upload()},
        ),
    ):
        client.post(address, fields, headers={"accept": PAGE})
        if "file" in fields:
            fields["file"] = make_upload()
        refused = client.post(address, fields, headers={"accept": PAGE})
        assert refused.status_code == 429
        (form,) = html.fromstring(refused.text).xpath(f"//main//form[@action='{address}']")
        carried = {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}
        assert carried == {name: value for name, value in fields.items() if name != "file"}


def test_update_is_saved_while_its_files_wait(desk: Desk, settings: Any) -> None:
    """Saving what was typed is never limited; the files that came along are refused by name, with the time to wait."""
    settings.QUOTA_UPLOADS = 1
    draft = make_draft(desk.assignment, actor=desk.officer, now=desk.now)
    uploads = [make_upload("Satu.pdf"), make_upload("Dua.pdf")]
    page = browser_of(desk.officer).post(
        edit_url(draft), typed(action="submit", revision=draft.revision, new_files=uploads)
    )
    assert (
        "Dua.pdf: You have sent as many files as one person may within an hour. Wait 60 minutes"
        in words_of(page)
    )
    draft.refresh_from_db()
    assert draft.narrative == typed()["narrative"]
    assert [document.display_name for document in Document.objects.all()] == ["Satu.pdf"]
    assert reached() == [(desk.officer.pk, "uploads")]
