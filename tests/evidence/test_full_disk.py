"""A disk without room: uploads are refused in words, in the reader's language, and what was typed stays."""

import errno
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from evidence import storage
from evidence.models import Document
from tests.evidence.files import png
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.evidence import make_document


def full(*_given: Any, **_more: Any) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("broken", ["open_part", "_write_all"])
@pytest.mark.parametrize(
    ("language", "words"), [("ms", "masalah cakera pelayan"), ("en", "disk problem on the server")]
)
def test_upload_is_refused_in_words_and_pages_go_on(
    now: datetime, client: Client, monkeypatch: pytest.MonkeyPatch, broken: str, language: str, words: str
) -> None:
    client.force_login(UserFactory(role=Role.OFFICER, agency=AgencyFactory(), language=language))
    monkeypatch.setattr(storage, broken, full)
    for accepted, status in (("application/json", 503), ("text/html", 200)):
        file = SimpleUploadedFile("a.png", png(), "image/png")
        response = client.post(
            reverse("evidence:upload"),
            {"file": file, "classification": "1"},
            headers={"accept": accepted},
        )
        assert response.status_code == status
        assert words in response.content.decode()
    assert not Document.objects.exists()
    assert client.get(reverse("evidence:list")).status_code == 200


@pytest.mark.parametrize("broken", ["open_part", "_write_all"])
def test_replacement_is_refused_in_words_and_the_earlier_file_stays(
    now: datetime, client: Client, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    officer = UserFactory(role=Role.OFFICER, agency=AgencyFactory(), language="ms")
    document = make_document(officer.agency, actor=officer, now=now)
    client.force_login(officer)
    monkeypatch.setattr(storage, broken, full)
    file = SimpleUploadedFile("b.png", png(), "image/png")
    response = client.post(
        reverse("evidence:replace", args=[document.pk]), {"file": file, "classification": "1"}
    )
    assert "masalah cakera pelayan" in response.content.decode()
    assert Document.objects.get().replaced_by is None
