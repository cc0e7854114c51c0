"""Helpers for tests of evidence pages: clients, addresses, and an uploaded file."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.clearance import Clearance
from accounts.models import User
from evidence.models import Document
from tests.factories.evidence import make_upload


def signed_in(user: User, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(user)
    return client


def url(name: str, document: Document | None = None) -> str:
    return reverse(f"evidence:{name}", args=[document.pk] if document else [])


def content_of(response: Any) -> bytes:
    """Return the streamed bytes; reading to the end closes the file."""
    return b"".join(response.streaming_content)


def post_file(client: Client, *, accept: str = "application/json", **values: Any) -> Any:
    data = {"file": make_upload(), "classification": Clearance.RESTRICTED, **values}
    return client.post(url("upload"), data, headers={"accept": accept})
