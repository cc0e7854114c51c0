"""A pack from the server that the product runs on: a client can tell a broken one from a whole one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse, IncompleteRead
from typing import Any

import pytest
from django.urls import reverse

from audit.models import Event
from audit.verification import ChainHead, verify
from evidence import storage
from reports.models import Report
from reports.states import DownloadOutcome
from tests.conftest import WorkerDatabase
from tests.evidence.pages import signed_in
from tests.reports.conftest import Told
from tests.reports.makers import ended
from tests.reports.packs import TODAY, Taken, asked, cite, make_row
from tests.tracker.site import serving_site


class Server:
    """gunicorn over this test's database and files, with the settings of the product."""

    def __init__(self, port: int) -> None:
        self.port = port

    @contextmanager
    def asking(self, told: Told, report: Report) -> Iterator[HTTPResponse]:
        """The answer to the reviewer who takes it, with its body still to be read."""
        client = signed_in(told.people["reviewer"])
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        cookie = f"sessionid={client.cookies['sessionid'].value}"
        connection.request("GET", reverse("reports:file", args=[report.pk]), headers={"Cookie": cookie})
        with closing(connection):
            answer = connection.getresponse()
            yield answer
            answer.close()


@pytest.fixture
def server(real_db: WorkerDatabase, settings: Any) -> Iterator[Server]:
    with serving_site(real_db.web_url, settings.MEDIA_ROOT) as made:
        yield Server(made.port)


def test_server_hands_out_a_whole_pack_and_ends_a_broken_one_before_its_end(
    server: Server, told: Told
) -> None:
    large = make_row(told, name="Besar.pdf", content=b"bukti" * 1_000_000)
    cite(told, [large])
    report = asked(told, day=TODAY)
    with server.asking(told, report) as answer:
        content = answer.read()
    assert answer.status == 200 and answer.headers["Transfer-Encoding"] == "chunked"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{report.file_name}"'
    assert "no-store" in answer.headers["Cache-Control"]
    whole = ended(report)
    assert (whole.outcome, whole.sha256) == (DownloadOutcome.WHOLE, hashlib.sha256(content).hexdigest())

    head = Taken(content).manifest["audit_head"]
    verdict = verify(kept_head=ChainHead(**head))
    assert verdict.fault is None and verdict.head.position > head["position"] > 0

    path = storage.path_of(large.stored_name)
    path.write_bytes(path.read_bytes()[:-1] + b"X")
    second = asked(told, day=TODAY)
    with server.asking(told, second) as answer, pytest.raises(IncompleteRead) as cut_off:
        answer.read()
    left = cut_off.value.partial
    assert len(left) > large.size and b"PK\x05\x06" not in left
    broken = ended(second)
    assert (broken.outcome, broken.document_id, broken.size) == (DownloadOutcome.BROKEN, large.pk, len(left))
    assert Event.objects.get(action="report.broken_off").address == "127.0.0.1"


def test_client_that_hangs_up_is_noted(server: Server, told: Told) -> None:
    cite(told, [make_row(told, name="Besar.pdf", content=b"bukti" * 5_000_000)])
    report = asked(told, day=TODAY)
    with server.asking(told, report) as answer:
        answer.read(1_000)
    download = ended(report)
    assert download.outcome == DownloadOutcome.CUT and 0 < download.size < 25_000_000
