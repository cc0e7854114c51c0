"""Packs as people take them: asked for, streamed through the page, unpacked."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse

from accounts.clearance import Clearance
from evidence import storage
from evidence.models import Document
from evidence.states import ScanState
from recommendations.models import Review
from reports.models import Report
from reports.pack import builder
from reports.states import ExportFormat
from tests.evidence.pages import signed_in
from tests.factories.recommendations import REPORTED, make_accepted
from tests.reports.conftest import Told
from tests.reports.makers import good
from tests.reports.report_rows import make_record
from tests.vouching import acting

TODAY = "2023-09-14"


class Taken:
    """A pack as it was taken: its bytes, and what is in them."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.zip = zipfile.ZipFile(io.BytesIO(content))
        (self.folder,) = {name.partition("/")[0] for name in self.zip.namelist()}
        self.manifest: dict[str, Any] = json.loads(self.read("manifest.json"))

    @property
    def names(self) -> list[str]:
        """The names of its files inside its one folder."""
        return [name.removeprefix(f"{self.folder}/") for name in self.zip.namelist()]

    def read(self, name: str) -> bytes:
        return self.zip.read(f"{self.folder}/{name}")

    @property
    def evidence(self) -> list[str]:
        """The names of the documents in it."""
        return [name for name in self.names if name.startswith(("bukti/", "evidence/"))]

    def text(self, name: str) -> str:
        return self.read(name).decode()

    def document(self, document: Document) -> dict[str, Any]:
        """What the manifest says of a document."""
        (found,) = [each for each in self.manifest["documents"] if each["number"] == document.pk]
        return found


def asked(told: Told, by: str = "reviewer", **selection: str) -> Report:
    """A pack that somebody asked for."""
    return make_record(told, by, export_format=ExportFormat.PACK, **selection)


def leave_summaries_unprinted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let packs hold a word where their printed summary stands: printing takes longest of all."""
    others = builder.writer_of
    monkeypatch.setattr(builder, "writer_of", lambda each: good if each == ExportFormat.PDF else others(each))


def fetch(told: Told, report: Report, by: str = "reviewer", **options: Any) -> Any:
    """The answer to whoever takes it; its bytes have not been read."""
    return signed_in(told.people[by], **options).get(reverse("reports:file", args=[report.pk]))


def take(told: Told, report: Report, by: str = "reviewer") -> Taken:
    """All of it."""
    response = fetch(told, report, by)
    assert response.status_code == 200, response.content.decode()[:2000]
    return Taken(b"".join(response.streaming_content))


def make_row(
    told: Told, *, name: str, code: str = "JIM", by: str = "jim", content: bytes = b"isi", **values: Any
) -> Document:
    """A document whose name nobody has made safe, with its bytes on the disk."""
    stored_name = storage.new_stored_name()
    path = storage.path_of(stored_name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    facts: dict[str, Any] = {
        "classification": Clearance.RESTRICTED,
        "scan_state": ScanState.UNSCANNED,
        "media_type": "application/pdf",
    }
    with acting(told.people[by]):
        return Document.objects.create(
            agency=told.agencies[code],
            uploaded_by=told.people[by],
            original_name=name,
            stored_name=stored_name,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            received_at=told.now,
            **(facts | values),
        )


def cite(told: Told, documents: Sequence[Document], *, assignment: str = "jim2", by: str = "jim") -> Review:
    """Documents under an update of today that MAPO accepted."""
    numbers = frozenset(document.pk for document in documents)
    return make_accepted(
        told.assignments[assignment],
        actor=told.people[by],
        reviewer=told.people["reviewer"],
        now=told.now,
        content=replace(REPORTED, document_ids=numbers),
    )
