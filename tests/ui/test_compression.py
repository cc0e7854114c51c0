"""Pages are compressed only when no other site can have caused the request (docs/adr/0019)."""

import gzip

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_page_that_its_reader_asked_for_is_compressed(client: Client) -> None:
    for origin in ("none", "same-origin"):
        page = client.get(
            reverse("account_login"), headers={"Accept-Encoding": "gzip", "Sec-Fetch-Site": origin}
        )
        assert page["Content-Encoding"] == "gzip", origin
        assert "Sec-Fetch-Site" in page["Vary"], origin
        assert gzip.decompress(page.content).startswith(b"<!DOCTYPE html>"), origin


def test_page_that_another_site_may_have_asked_for_and_what_is_no_page_are_not_compressed(
    client: Client,
) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {}):
        page = client.get(reverse("account_login"), headers={"Accept-Encoding": "gzip", **headers})
        assert "Content-Encoding" not in page, headers
        assert "Sec-Fetch-Site" in page["Vary"], headers
    answer = client.get("/health/", headers={"Accept-Encoding": "gzip", "Sec-Fetch-Site": "none"})
    assert not answer["Content-Type"].startswith("text/html")
    assert "Content-Encoding" not in answer


def test_length_of_a_compressed_page_varies(client: Client) -> None:
    headers = {"Accept-Encoding": "gzip", "Sec-Fetch-Site": "none"}
    lengths = {len(client.get(reverse("account_login"), headers=headers).content) for _ in range(12)}
    assert len(lengths) > 3
