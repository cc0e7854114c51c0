"""Pages are compressed only when no other site can have caused the request (docs/adr/0019)."""

import gzip

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("origin", ["none", "same-origin"])
def test_page_that_its_reader_asked_for_is_compressed(client: Client, origin: str) -> None:
    page = client.get(reverse("account_login"), headers={"Accept-Encoding": "gzip", "Sec-Fetch-Site": origin})
    assert page["Content-Encoding"] == "gzip"
    assert "Sec-Fetch-Site" in page["Vary"]
    assert gzip.decompress(page.content).startswith(b"<!DOCTYPE html>")


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {}])
def test_page_that_another_site_may_have_asked_for_is_not_compressed(
    client: Client, headers: dict[str, str]
) -> None:
    page = client.get(reverse("account_login"), headers={"Accept-Encoding": "gzip", **headers})
    assert "Content-Encoding" not in page
    assert "Sec-Fetch-Site" in page["Vary"]


def test_length_of_a_compressed_page_varies(client: Client) -> None:
    headers = {"Accept-Encoding": "gzip", "Sec-Fetch-Site": "none"}
    lengths = {len(client.get(reverse("account_login"), headers=headers).content) for _ in range(12)}
    assert len(lengths) > 3


def test_only_pages_are_compressed(client: Client) -> None:
    answer = client.get("/health/", headers={"Accept-Encoding": "gzip", "Sec-Fetch-Site": "none"})
    assert not answer["Content-Type"].startswith("text/html")
    assert "Content-Encoding" not in answer
