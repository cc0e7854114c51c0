"""Who has how many threads of a process: one client, one network and all who sign in never have all of them."""

import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser

from tracker import dispatching


def asking(
    name: str,
    done: list[str],
    until: threading.Event | None = None,
    address: str = "127.0.0.1",
    asked: tuple[str, str] = ("GET", "/my-work/"),
    **headers: str,
) -> Any:
    def service() -> None:
        if until is not None:
            assert until.wait(20)
        done.append(name)

    command, path = asked
    cookies = {"COOKIE": f"language=ms; sessionid={name}"}
    request = SimpleNamespace(command=command, path=path, headers={**cookies, **headers})
    return SimpleNamespace(requests=[request], addr=(address, 1), service=service, cancel=lambda: None)


def wait_until(true: Callable[[], bool]) -> None:
    limit = time.monotonic() + 20
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.01)


def test_one_client_never_has_all_threads() -> None:
    """Others at its address are answered while its requests take long and more of them wait; then those have their turn."""
    dispatcher = dispatching.FairDispatcher(cookie="sessionid", threads=4)
    done: list[str] = []
    until = threading.Event()
    for _ in range(8):
        dispatcher.add_task(asking("greedy", done, until))
    wait_until(lambda: len(dispatcher.queue) == 6)
    for number in range(20):
        dispatcher.add_task(asking(f"other {number}", done))
    wait_until(lambda: len(done) == 20)
    assert sorted(done) == sorted(f"other {number}" for number in range(20))
    assert len(dispatcher.queue) == 6
    until.set()
    wait_until(lambda: done.count("greedy") == 8)
    dispatcher.shutdown(timeout=5)
    assert not dispatcher.threads


def test_short_requests_of_one_client_follow_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatching, "MOMENT_SECONDS", 60.0)
    dispatcher = dispatching.FairDispatcher(cookie="sessionid", threads=4)
    done: list[str] = []
    until = threading.Event()
    for _ in range(3):
        dispatcher.add_task(asking("one", done, until))
    dispatcher.add_task(asking("other", done))
    wait_until(lambda: done == ["other"])
    assert len(dispatcher.queue) == 2
    until.set()
    wait_until(lambda: done.count("one") == 3)
    dispatcher.shutdown(timeout=5)


@pytest.mark.parametrize(
    ("proxies", "stranger", "other"),
    [
        pytest.param(0, {"address": "203.0.113.9"}, {"address": "203.0.113.7"}, id="address"),
        pytest.param(
            0, {"address": "2001:db8:1:2::{0}"}, {"address": "2001:db8:1:3::1"}, id="network of IPv6"
        ),
        pytest.param(
            0,
            {"address": "203.0.113.9", "X_FORWARDED_FOR": "10.0.0.{0}"},
            {"address": "203.0.113.7"},
            id="no proxy",
        ),
        pytest.param(
            1,
            {"X_FORWARDED_FOR": "10.0.0.{0}, 203.0.113.9"},
            {"X_FORWARDED_FOR": "203.0.113.7"},
            id="behind a proxy",
        ),
    ],
)
def test_invented_sessions_never_have_all_threads(
    proxies: int, stranger: dict[str, str], other: dict[str, str]
) -> None:
    """A new session with each request, and a new forged hop, are one network, of which others need not wait."""
    dispatcher = dispatching.FairDispatcher(cookie="sessionid", threads=4, proxies=proxies)
    done: list[str] = []
    until = threading.Event()
    for number in range(8):
        written = {name: value.format(number) for name, value in stranger.items()}
        dispatcher.add_task(asking(f"invented{number}", done, until, **written))
    for number in range(5):
        dispatcher.add_task(asking(f"other{number}", done, **other))
    try:
        wait_until(lambda: len(done) == 5)
        assert sorted(done) == [f"other{number}" for number in range(5)]
        assert len(dispatcher.queue) == 5, "three of the stranger's are being answered"
    finally:
        until.set()
    wait_until(lambda: len(done) == 13)
    dispatcher.shutdown(timeout=5)
    assert not dispatcher._answering


@pytest.mark.parametrize(("moment", "most"), [(60.0, 1), (0.04, 2)], ids=["quick", "slow"])
def test_who_signs_in_never_has_all_threads(
    monkeypatch: pytest.MonkeyPatch, moment: float, most: int
) -> None:
    """However many networks they come from: checking a password keeps a processor busy, and others want their pages."""
    monkeypatch.setattr(dispatching, "MOMENT_SECONDS", moment)
    dispatcher = dispatching.FairDispatcher(cookie="sessionid", threads=4, sign_in_path="/sign-in/")
    done: list[str] = []
    until = threading.Event()
    for number in range(8):
        guess = asking(
            f"guess {number}", done, until, address=f"10.0.0.{number}", asked=("POST", "/sign-in/")
        )
        dispatcher.add_task(guess)
    wait_until(lambda: len(dispatcher.queue) == 8 - most)
    time.sleep(0.3)
    assert len(dispatcher._answering) == most
    dispatcher.add_task(asking("page of sign-in", done, address="10.0.1.1", asked=("GET", "/sign-in/")))
    for number in range(5):
        dispatcher.add_task(asking(f"other {number}", done, address=f"10.0.2.{number}"))
    try:
        wait_until(lambda: len(done) == 6)
        assert not any(name.startswith("guess") for name in done)
    finally:
        until.set()
    wait_until(lambda: len(done) == 14)
    dispatcher.shutdown(timeout=5)


@pytest.mark.parametrize(
    "typed", ["/sign-in/", "/sign-in/?x=1", "//sign-in/", "///%73ign-in/", "http://a/sign-in/#x"]
)
def test_however_the_address_is_written_who_signs_in_is_known(typed: str) -> None:
    """The application takes each of these for its sign-in page, which waitress hands to it with one slash."""
    parser = HTTPRequestParser(Adjustments())
    parser.received(f"POST {typed} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    dispatcher = dispatching.FairDispatcher(cookie="sessionid", threads=2, sign_in_path="/sign-in/")
    task: Any = SimpleNamespace(requests=[parser], addr=("127.0.0.1", 1))
    try:
        assert dispatcher._asker_of(task).is_signing_in
    finally:
        dispatcher.shutdown(timeout=5)


def test_who_asks_is_worked_out_once_and_outside_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often threads look at what waits: a cookie of 30 KB takes more than a millisecond to read."""
    read: list[str] = []

    def parse(cookies: str) -> dict[str, str]:
        read.append(cookies)
        return {"sessionid": "one"}

    monkeypatch.setattr(dispatching, "parse_cookie", parse)
    monkeypatch.setattr(dispatching, "MOMENT_SECONDS", 0.04)
    dispatcher = dispatching.FairDispatcher(cookie="sessionid", threads=2)
    done: list[str] = []
    until = threading.Event()
    with dispatcher.lock:
        adding = threading.Thread(target=dispatcher.add_task, args=[asking("one", done, until)])
        adding.start()
        wait_until(lambda: len(read) == 1)
    adding.join()
    for _ in range(4):
        dispatcher.add_task(asking("one", done, until))
    time.sleep(0.3)
    until.set()
    wait_until(lambda: len(done) == 5)
    dispatcher.shutdown(timeout=5)
    assert len(read) == 5


def test_request_that_fails_frees_its_thread() -> None:
    dispatcher, done = dispatching.FairDispatcher(cookie="sessionid", threads=2), []

    def fail() -> None:
        raise OSError

    for _ in range(4):
        dispatcher.add_task(SimpleNamespace(**{**vars(asking("one", done)), "service": fail}))
    dispatcher.add_task(asking("one", done))
    limit = time.monotonic() + 20
    while not done and time.monotonic() < limit:
        time.sleep(0.01)
    assert done == ["one"]
    dispatcher.shutdown(timeout=5)
