"""Exports over the sockets that people use, some broken in the middle: nobody takes a short file for a whole one."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from http.client import HTTPConnection, HTTPResponse, IncompleteRead
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Any
from urllib.parse import urlencode

import psycopg2
import pytest
from django.urls import reverse

from accounts.models import User
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
from tests.tracker.front import running_front
from tests.tracker.pool import running_pool
from tests.tracker.site import Site, serving_site

pytestmark = pytest.mark.long

TOKEN = "0123456789abcdefghijklmnopqrstuv"
EVENTS = 20_000
#: Makes the log long: only the owner may write it so.
_COPIES = """
INSERT INTO audit_event (occurred_at, action, actor_id, actor_name, actor_role, actor_agency_id, actor_agency_code,
    object_type, object_id, label, agency_id, item_id, before, after, reason, address, user_agent, request_id)
SELECT occurred_at, 'update.returned', actor_id, actor_name, actor_role, actor_agency_id, actor_agency_code,
    object_type, object_id, label, agency_id, item_id, before, after, repeat('sebab ', 20), address, user_agent, request_id
FROM (SELECT * FROM audit_event ORDER BY id LIMIT 1) AS first, generate_series(1, %s)
"""
_END_READERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'FETCH%'
"""


def cookies_of(person: User) -> str:
    return f"sessionid={signed_in(person).cookies['sessionid'].value}; csrftoken={TOKEN}"


@pytest.fixture
def long_log(real_db: WorkerDatabase, told: Told) -> None:
    connection = psycopg2.connect(real_db.owner_url)
    with connection, connection.cursor() as cursor:
        cursor.execute(_COPIES, [EVENTS])
    connection.close()


def export(site: Site, told: Told) -> tuple[int, str, bytes]:
    """Ask for the copies as the page's button does; return status, length that was said, and body."""
    connection = HTTPConnection("127.0.0.1", site.port, timeout=120)
    headers = {
        "Host": "localhost",
        "Cookie": cookies_of(told.people["administrator"]),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    body = urlencode({"csrfmiddlewaretoken": TOKEN, "action": "update.returned"})
    connection.request("POST", reverse("audit:export"), body=body, headers=headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, answer.headers.get("Content-Length", ""), content


@contextmanager
def readers_ended(database: WorkerDatabase) -> Iterator[list[int]]:
    """End whoever reads rows from a cursor, as soon as somebody does; yields how many were."""
    ended: list[int] = []
    over = Flag()

    def watch() -> None:
        connection = psycopg2.connect(database.web_url)
        connection.autocommit = True
        with connection.cursor() as cursor:
            while not over.wait(0.002):
                cursor.execute(_END_READERS)
                ended.extend(row[0] for row in cursor.fetchall())
        connection.close()

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield ended
    finally:
        over.set()
        watcher.join(20)


@pytest.mark.parametrize("pooled", [False, True])
def test_trail_whose_database_ends_in_the_middle_is_an_error_page_and_goes_out_whole_again(
    real_db: WorkerDatabase, told: Told, long_log: None, settings: Any, tmp_path: Path, *, pooled: bool
) -> None:
    with (
        running_pool(real_db) if pooled else nullcontext(real_db) as database,
        serving_site(
            database.web_url, settings.MEDIA_ROOT, log=tmp_path / "log", DATABASE_POOLED=str(pooled).lower()
        ) as site,
    ):
        with readers_ended(real_db) as ended:
            status, _said, content = export(site, told)
        assert ended and status in (500, 503)
        assert b"<html" in content and b"update.returned" not in content
        assert not Event.objects.filter(action="audit.exported").exists()
        assert list((settings.MEDIA_ROOT / "tmp").iterdir()) == []
        log = (tmp_path / "log").read_text(encoding="utf-8")
        assert log.count("A page was not made: the database") == 1

        status, said, content = export(site, told)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert (status, int(said), len(rows) - 1) == (200, len(content), EVENTS)
    assert Event.objects.get(action="audit.exported").after["rows"] == EVENTS


@pytest.fixture
def broken_pack(real_db: WorkerDatabase, told: Told) -> Report:
    """A pack with a document whose last byte is another one: that shows only after megabytes have left."""
    large = make_row(told, name="Besar.pdf", content=b"bukti" * 1_000_000)
    cite(told, [large])
    report = asked(told, day=TODAY)
    path = storage.path_of(large.stored_name)
    path.write_bytes(path.read_bytes()[:-1] + b"X")
    return report


@pytest.fixture
def site(real_db: WorkerDatabase, settings: Any, tmp_path: Path) -> Iterator[Site]:
    with serving_site(real_db.web_url, settings.MEDIA_ROOT, log=tmp_path / "log") as served:
        yield served


@contextmanager
def asking(site: Site, told: Told, report: Report) -> Iterator[HTTPResponse]:
    """The answer to the reviewer who takes it, with its body still to be read."""
    with closing(HTTPConnection("127.0.0.1", site.port, timeout=60)) as connection:
        headers = {"Cookie": cookies_of(told.people["reviewer"])}
        connection.request("GET", reverse("reports:file", args=[report.pk]), headers=headers)
        with connection.getresponse() as answer:
            yield answer


def test_whole_pack_is_chunked_on_record_and_names_the_head_of_the_log(told: Told, site: Site) -> None:
    cite(told, [make_row(told, name="Besar.pdf", content=b"bukti" * 1_000_000)])
    report = asked(told, day=TODAY)
    with asking(site, told, report) as answer:
        content = answer.read()
    assert answer.status == 200 and answer.headers["Transfer-Encoding"] == "chunked"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{report.file_name}"'
    assert "no-store" in answer.headers["Cache-Control"]
    whole = ended(report)
    assert (whole.outcome, whole.sha256) == (DownloadOutcome.WHOLE, hashlib.sha256(content).hexdigest())
    head = Taken(content).manifest["audit_head"]
    verdict = verify(kept_head=ChainHead(**head))
    assert verdict.fault is None and verdict.head.position > head["position"] > 0


def test_broken_pack_ends_before_its_end(broken_pack: Report, told: Told, site: Site) -> None:
    with asking(site, told, broken_pack) as answer, pytest.raises(IncompleteRead) as cut_off:
        answer.read()
    left = cut_off.value.partial
    assert len(left) > 5_000_000 and b"PK\x05\x06" not in left
    broken = ended(broken_pack)
    assert (broken.outcome, broken.size) == (DownloadOutcome.BROKEN, len(left))
    assert broken.document is not None and broken.document.original_name == "Besar.pdf"
    assert Event.objects.get(action="report.broken_off").address == "127.0.0.1"


def test_client_that_hangs_up_is_noted(told: Told, site: Site) -> None:
    cite(told, [make_row(told, name="Besar.pdf", content=b"bukti" * 5_000_000)])
    report = asked(told, day=TODAY)
    with asking(site, told, report) as answer:
        answer.read(1_000)
    download = ended(report)
    assert download.outcome == DownloadOutcome.CUT and 0 < download.size < 25_000_000


def test_client_of_http_1_0_is_cut_off_by_a_reset(
    broken_pack: Report, told: Told, site: Site, tmp_path: Path
) -> None:
    """Its answer has neither a length nor chunks: an orderly end would make it whole."""
    head = f"GET {reverse('reports:file', args=[broken_pack.pk])} HTTP/1.0\r\nHost: localhost\r\nCookie: "
    client = site.connect(f"{head}{cookies_of(told.people['reviewer'])}\r\n\r\n".encode())
    got: list[bytes] = []
    with client, pytest.raises(ConnectionResetError):
        got.extend(iter(lambda: client.recv(65536), b""))
    assert b" 200 " in got[0][:20] and b"Content-Length" not in got[0]
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert log.count("An answer broke off before its end: BrokenFile") == 1


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_browser_behind_nginx_hears_that_a_pack_broke_off(
    broken_pack: Report, told: Told, site: Site, version: str
) -> None:
    """Also where nobody told nginx to speak HTTP/1.1 with the web."""
    with running_front(site.port, version=version) as front:
        headers = {"Cookie": cookies_of(told.people["reviewer"])}
        front.request("GET", reverse("reports:file", args=[broken_pack.pk]), headers=headers)
        answer = front.getresponse()
        assert answer.status == 200
        with pytest.raises((IncompleteRead, OSError)):
            answer.read()


def test_whole_pack_arrives_behind_nginx_of_any_version(told: Told, site: Site) -> None:
    cite(told, [make_row(told, name="Besar.pdf", content=b"bukti" * 1_000_000)])
    for version in ("1.0", "1.1"):
        report = asked(told, day=TODAY)
        with running_front(site.port, version=version) as front:
            headers = {"Cookie": cookies_of(told.people["reviewer"])}
            front.request("GET", reverse("reports:file", args=[report.pk]), headers=headers)
            assert b"PK\x05\x06" in front.getresponse().read()[-65_557:]
