"""Uploads before the sender is known."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from evidence import storage
from tests.evidence.conftest import World
from tests.factories.evidence import make_upload


def test_file_of_who_is_not_signed_in_never_reaches_the_disk(world: World) -> None:
    client, sign_in = Client(), reverse("account_login")
    assert client.post(sign_in, {"login": "x@example.my", "file": make_upload()}).status_code == 200
    assert not (storage.root() / "tmp").exists()
    client.force_login(world.officer)
    client.post(reverse("accounts:set_language"), {"language": "ms", "file": make_upload()})
    assert (storage.root() / "tmp").exists()
