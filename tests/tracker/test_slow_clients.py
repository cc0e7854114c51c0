"""Slow clients hold no thread: with hundreds of them, others get their pages."""

import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from waitress.adjustments import Adjustments
from waitress.channel import ClientDisconnected
from waitress.parser import ParsingError

from accounts.roles import Role
from tests.conftest import WorkerDatabase
from tests.evidence.pages import signed_in
from tests.factories.accounts import make_agency, make_person
from tests.factories.evidence import make_document
from tests.replacing import replace_in
from tests.tracker.site import Site, serving_site
from tracker import request_parsing, serving
from tracker.request_parsing import ANONYMOUS_BYTES, BodyLimits, StrictParser
from tracker.serving import BoundedChannel

pytestmark = pytest.mark.long

COUNT = 120
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture
def site(real_db: WorkerDatabase, settings: Any) -> Iterator[Site]:
    with serving_site(real_db.web_url, settings.MEDIA_ROOT) as made:
        yield made


@contextmanager
def held(clients: list[socket.socket], feed: Callable[[socket.socket], object]) -> Iterator[None]:
    """Go on with each of the slow clients a little, every half second."""
    ended = threading.Event()

    def drip() -> None:
        while not ended.wait(0.5):
            for client in clients:
                try:
                    feed(client)
                except OSError:
                    continue

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        for client in clients:
            client.close()


def assert_pages_come(site: Site) -> None:
    for _ in range(10):
        assert site.status_of("/sign-in/") == 200


@pytest.mark.parametrize(
    "beginning",
    [
        pytest.param(b"GET /sign-in/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", id="heads"),
        pytest.param(
            b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\n"
            + FORM
            + b"Content-Length: 100000\r\n\r\nlogin=",
            id="bodies",
        ),
        pytest.param(b"", id="nothing"),
    ],
)
def test_pages_come_while_requests_arrive_slowly(site: Site, beginning: bytes) -> None:
    assert site.status_of("/sign-in/") == 200
    clients = [site.connect(beginning) for _ in range(COUNT)]
    with held(clients, lambda client: client.send(b"a") if beginning else None):
        assert_pages_come(site)


def test_pages_come_while_clients_read_slowly_or_keep_idle(site: Site, now: datetime) -> None:
    """Files that people download, and connections that are kept for later."""
    agency = make_agency("JTK")
    officer = make_person(Role.OFFICER, agency)
    content = b"Bukti yang panjang.\n" * 100_000
    document = make_document(agency, actor=officer, now=now, name="Bukti.txt", content=content)
    cookie = f"sessionid={signed_in(officer).cookies['sessionid'].value}"
    path = reverse("evidence:download", args=[document.pk])
    status, received = site.answer(path, Cookie=cookie)
    assert (status, received) == (200, content)
    asked = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode()
    clients = [site.connect(asked, small=True) for _ in range(COUNT)]
    clients += [site.connect(b"GET /health/ HTTP/1.1\r\nHost: localhost\r\n\r\n") for _ in range(COUNT)]
    with held(clients, lambda client: client.recv(16, socket.MSG_DONTWAIT)):
        assert_pages_come(site)


def test_answers_of_the_server(site: Site) -> None:
    """Requests that a proxy might understand otherwise, and ones that are too large, are refused; usual ones are not."""
    host = b"Host: localhost\r\n"
    post = b"POST /sign-in/ HTTP/1.1\r\n" + host + FORM
    verify = b"POST /summaries/verify/ HTTP/1.1\r\n" + host + FORM
    second = b"GET /health/ HTTP/1.1\r\n" + host + b"\r\n"
    refused = {
        post + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + second: 400,
        post + b"Content-Length: 3\r\nContent-Length: 0\r\n\r\nabc" + second: 400,
        post + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc" + second: 400,
        post + b"Content-Length: +3\r\n\r\nabc" + second: 400,
        post + b"Content-Length : 3\r\n\r\nabc" + second: 400,
        post + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + second: 501,
        post + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n": 411,
        b"POST /sign-in/ HTTP/1.0\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + second: 400,
        b"GET /health/ HTTP/1.1\r\n" + host + host + b"\r\n": 400,
        b"GET /health/ HTTP/1.1\r\n\r\n": 400,
        b"GET /health/ HTTP/1.1\r\n" + host + b"A: b\r\n c\r\n\r\n": 400,
        b"GET /health/ HTTP/1.1\r\n" + host + b"A: b\nc\r\n\r\n": 400,
        b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\n" + host + b"\r\n": 431,
        post + b"Content-Length: %d\r\n\r\n" % (ANONYMOUS_BYTES + 1): 413,
        post + b"Cookie: sessionid=x\r\nContent-Length: 99999999999\r\n\r\n": 413,
        verify + b"Cookie: sessionid=x\r\nContent-Length: 300000000\r\n\r\n": 413,
        verify + b"Cookie: sessionid=x; large-files=x:y\r\nContent-Length: 300000000\r\n\r\n": 413,
    }
    assert site.status_of("/health/") == 200
    assert {sent[-90:]: site.statuses(sent) for sent in refused} == {
        sent[-90:]: [status] for sent, status in refused.items()
    }
    assert site.statuses(second + second) == [200, 200]
    assert site.answer("/health/", "HEAD")[1] == b""
    assert site.statuses(b"HEAD /sign-in/ HTTP/1.1\r\n" + host + b"\r\n" + second) == [200, 200]


def test_a_stop_lets_what_arrives_be_answered(site: Site) -> None:
    assert site.status_of("/sign-in/") == 200
    post = b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\n" + FORM + b"Content-Length: 6\r\n\r\nlog"
    client = site.connect(post)
    time.sleep(0.5)
    site.process.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    client.sendall(b"in=")
    assert client.recv(65536).startswith(b"HTTP/1.1 403")
    client.close()
    assert site.process.wait(15) == 0


LIMITS = BodyLimits(
    cookie="sessionid",
    usual=100,
    large_path="/verify/",
    large=1_000,
    may_be_large=lambda cookies: cookies.endswith("large-files=signed"),
)


def parsed(head: bytes, *, most: int = 100) -> StrictParser:
    adjustments = SimpleNamespace(
        body_limits=replace(LIMITS, usual=most),
        spool_folder="/",
        url_scheme="http",
        max_request_header_size=32_768,
        max_request_body_size=10_000_000,
        inbuf_overflow=1_000,
    )
    parser = StrictParser(adjustments)
    parser.received(head)
    return parser


@pytest.mark.parametrize(
    ("path", "cookies", "most"),
    [
        ("/", "", ANONYMOUS_BYTES),
        ("/verify/", "language=ms", ANONYMOUS_BYTES),
        ("/", "sessionid=x", 100),
        ("/verify/", "a=b; sessionid=x", 100),
        ("/verify/", "a=b; sessionid=x; large-files=signed", 1_000),
        ("/verify/", "large-files=signed", ANONYMOUS_BYTES),
        ("/", "sessionid=x; large-files=signed", 100),
    ],
)
def test_how_large_a_body_may_be(path: str, cookies: str, most: int) -> None:
    assert LIMITS.most(path, cookies) == most


def test_request_is_late_when_it_arrives_more_slowly_than_it_may() -> None:
    head = parsed(b"GET / HTTP/1.1\r\nHost:")
    assert not head.is_late(head.began + request_parsing.HEAD_SECONDS - 1)
    assert head.is_late(head.began + request_parsing.HEAD_SECONDS + 1)
    body = parsed(b"POST / HTTP/1.1\r\nHost: a\r\nCookie: sessionid=x\r\nContent-Length: 100\r\n\r\n")
    assert not body.completed
    assert body.is_late(body.began + request_parsing.HEAD_SECONDS + 1)
    body.body_bytes_received = 10 * request_parsing.BODY_BYTES_A_SECOND
    assert not body.is_late(body.began + request_parsing.HEAD_SECONDS + 9)
    assert body.is_late(body.began + request_parsing.HEAD_SECONDS + 11)


def test_ambiguous_head_is_refused() -> None:
    with pytest.raises(ParsingError):
        request_parsing._refuse_ambiguous(
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\ntransfer-encoding : x"
        )
    request_parsing._refuse_ambiguous(b"GET / HTTP/1.1\r\nHost: a\r\nCookie: b\r\nCookie: c")


def test_oldest_that_holds_no_thread_is_let_go() -> None:
    gone = []

    def channel(name: str, *, served: bool = False, sending: bool = False, at: int = 0) -> Any:
        return SimpleNamespace(
            is_served=served, is_sending=sending, last_activity=at, let_go=lambda: gone.append(name)
        )

    both = [channel("sent to", sending=True, at=1), channel("arriving", at=5), channel("served", served=True)]
    assert serving._let_go_oldest([*both, channel("older", at=2)])
    assert serving._let_go_oldest(both[:1])
    assert not serving._let_go_oldest(both[2:])
    assert gone == ["older", "sent to"]


def test_only_what_a_client_does_not_take_at_once_is_copied() -> None:
    ours, theirs = socket.socketpair()
    server = SimpleNamespace(pull_trigger=lambda: None, active_channels={})
    channel = BoundedChannel(server, ours, ("", 0), Adjustments(), map={})
    assert channel.write_soon(b"first ") == 6
    assert theirs.recv(100) == b"first "
    assert not channel.is_sending and channel.outbufs[0].buf is None

    pieces = [bytes([number]) * 1_000_000 for number in range(9)]
    for piece in pieces:
        assert channel.write_soon(piece) == len(piece)
    assert channel.is_sending
    came = b""
    while channel.is_sending:
        came += theirs.recv(1 << 20)
        channel._flush_some_if_lockable()
    assert channel.write_soon(b"last") == 4
    theirs.settimeout(5)
    while not came.endswith(b"last"):
        came += theirs.recv(1 << 20)
    assert came == b"".join(pieces) + b"last"

    theirs.close()
    channel.write_soon(b"lost")
    assert channel.is_sending
    channel.handle_close()
    with pytest.raises(ClientDisconnected):
        channel.write_soon(b"more")


@pytest.mark.parametrize(
    ("quiet", "states", "overdue"),
    [
        (4, {}, False),
        (6, {}, True),
        (59, {"is_sending": True, "is_served": True}, False),
        (61, {"is_sending": True, "is_served": True}, True),
        (61, {"is_sending": True}, True),
        (600, {"is_served": True}, False),
        (1, {"request": SimpleNamespace(is_late=lambda now: now > 10)}, True),
    ],
)
def test_who_is_let_go(quiet: int, states: dict[str, Any], overdue: bool) -> None:
    """Idle for more than five seconds, or without taking a byte for a minute; never while its page is being made."""
    channel: Any = SimpleNamespace(
        last_activity=time.time() - quiet,
        **{"is_sending": False, "is_served": False, "request": None, **states},
    )
    assert BoundedChannel.is_overdue(channel, 11, idle_seconds=5) is overdue


def test_long_body_is_refused_in_words_when_the_disk_has_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short ones, such as forms, lie in memory: pages and what is typed go on."""
    head = b"POST / HTTP/1.1\r\nHost: a\r\nCookie: sessionid=x\r\nContent-Length: "
    replace_in(
        monkeypatch,
        request_parsing,
        "shutil",
        disk_usage=lambda _folder: SimpleNamespace(free=request_parsing.FREE_DISK_BYTES),
    )
    assert parsed(head + b"100\r\n\r\n", most=2_000).error is None
    long = parsed(head + b"1500\r\n\r\n", most=2_000)
    assert long.completed
    status, _headers, body = long.error.to_response()
    assert status == "507 Insufficient Storage"
    assert "tidak mempunyai ruang cakera" in body.decode()
    assert "no room on its disk" in body.decode()
    replace_in(
        monkeypatch,
        request_parsing,
        "shutil",
        disk_usage=lambda _folder: SimpleNamespace(free=request_parsing.FREE_DISK_BYTES + 3_001),
    )
    assert parsed(head + b"1500\r\n\r\n", most=2_000).error is None
