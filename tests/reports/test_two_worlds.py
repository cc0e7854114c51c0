"""Two worlds that differ only in a document above the reader's clearance look the same to that reader, to the byte."""

from __future__ import annotations

import hashlib
import io

import pytest
from django.test import Client
from django.urls import reverse

from accounts.clearance import Clearance
from evidence.models import Document
from reports.errors import EmptySelection
from reports.models import Report
from reports.permissions import formats_for
from reports.states import ExportFormat
from reports.summary.content import content_of
from reports.summary.writing import writer_of
from tests.evidence.pages import signed_in
from tests.pages import body_of
from tests.reports.conftest import Told
from tests.reports.packs import fetch
from tests.reports.report_rows import make_record

pytestmark = pytest.mark.django_db


def _read_with(told: Told, by: str) -> None:
    """Clear a person for restricted papers alone: the file under recommendation 2 is confidential."""
    person = told.people[by]
    person.clearance = Clearance.RESTRICTED
    person.save(update_fields=["clearance"])


def _other_world(told: Told) -> None:
    """The hidden document has another class; nothing else of it can change once it was submitted."""
    Document.objects.filter(pk=told.documents["jim20"].pk).update(classification=Clearance.SECRET)


def _made(told: Told, report: Report, by: str) -> str:
    """The SHA-256 of a pack as it is taken, or of what the writer of another format makes."""
    if report.export_format == ExportFormat.PACK:
        return hashlib.sha256(b"".join(fetch(told, report, by).streaming_content)).hexdigest()
    target, content = io.BytesIO(), content_of(report)
    try:
        writer_of(ExportFormat(report.export_format))(content, target, maker=told.maker())
    except EmptySelection:
        return "no table was published"
    return hashlib.sha256(target.getvalue()).hexdigest()


@pytest.mark.parametrize("by", ["reviewer", "jim"])
def test_packs_and_summaries_of_every_format_are_the_same(told: Told, by: str) -> None:
    _read_with(told, by)
    # All formats write the same rows; those of an agency are read from its pack.
    formats = formats_for(told.people[by]) if by == "reviewer" else [ExportFormat.PACK]
    reports = [make_record(told, by, export_format=each) for each in formats]
    before = [_made(told, report, by) for report in reports]
    _other_world(told)
    for export_format, report, then in zip(formats, reports, before, strict=True):
        assert _made(told, report, by) == then, export_format


@pytest.mark.parametrize("by", ["reviewer", "jim", "officer"])
def test_pages_are_the_same(told: Told, by: str) -> None:
    _read_with(told, by)
    item = told.assignments["jim2"].item
    addresses = [
        reverse("overview:overview"),
        reverse("recommendations:item", args=[item.pk]),
        reverse("recommendations:item_history", args=[item.pk]),
        reverse("recommendations:assignment", args=[told.assignments["jim2"].pk]),
        reverse("evidence:list"),
        reverse("search:search") + "?q=Sulit",
        reverse("evidence:detail", args=[told.documents["jim20"].pk]),
    ]
    client = signed_in(told.people[by])
    before = [_page(client, address) for address in addresses]
    _other_world(told)
    assert [_page(client, address) for address in addresses] == before


def _page(client: Client, address: str) -> tuple[int, bytes]:
    response = client.get(address)
    return response.status_code, body_of(response)
