"""Attacks on availability: one person or one machine keeps the others from their pages."""

from __future__ import annotations

import socket
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http.client import HTTPException
from multiprocessing import get_context
from threading import Event, Thread

from attacks.attack import Ground, Succeeded, attack
from attacks.browser import Browser
from attacks.exports import make
from attacks.files import upload
from attacks.site import HOST, Site

GROUP = "denial"
#: Others' pages may take so many times their usual time, and never more than so many seconds once.
MOST_TIMES, MOST_SECONDS = 3.0, 10.0
#: Below so many seconds people take an answer for instant, however many times the usual time it is.
INSTANT_SECONDS = 0.1
SLOW_CONNECTIONS, SIGN_INS, AT_ONCE = 500, 10_000, 16
#: For so many seconds others' pages are timed while somebody does harm.
TIMED_SECONDS = 10.0
PAGES = ("/my-work/", "/items/", "/overview/", "/evidence/")


def _times(browser: Browser, is_over: Callable[[int, float], bool]) -> list[float]:
    """Ask for the pages in turn until it is over, by their number and the seconds since; return the seconds of each."""
    taken: list[float] = []
    began = time.monotonic()
    while not is_over(len(taken), time.monotonic() - began):
        begun = time.monotonic()
        answer = browser.get(PAGES[len(taken) % len(PAGES)])
        taken.append(time.monotonic() - begun)
        if answer.status != 200:
            raise Succeeded(f"{answer.address} answered {answer.status} meanwhile")
        # Who reads does not ask without a pause.
        time.sleep(0.05)
    return taken


def _long_enough(number: int, seconds: float) -> bool:
    return number >= 24 and seconds >= TIMED_SECONDS


def _usual(ground: Ground) -> float:
    """Return the usual time of another person's pages, measured once, while nobody does harm."""
    if "_usual" not in ground.__dict__:
        ground.__dict__["_usual"] = statistics.median(
            _times(ground.victim, lambda number, _seconds: number >= 40)
        )
    usual: float = ground.__dict__["_usual"]
    return usual


def judged(usual: float, taken: Sequence[float]) -> str:
    """Say how long others' pages took beside their usual time. Raises Succeeded when that is too long."""
    now, worst = statistics.median(taken), max(taken)
    said = f"others' pages: {usual * 1000:.0f} ms usually, {now * 1000:.0f} ms meanwhile, {worst * 1000:.0f} ms at worst"
    if worst > MOST_SECONDS or now > max(MOST_TIMES * usual, INSTANT_SECONDS):
        raise Succeeded(said)
    return said


@contextmanager
def _trickling(
    port: int, count: int, begin: bytes, drop: bytes, *, window: int = 0
) -> Iterator[list[socket.socket]]:
    """Hold connections open that begin a request and go on by a few bytes every second; `window` is what each takes unread."""
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
            each = socket.socket()
            each.settimeout(5)
            if window:
                each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
            each.connect(("127.0.0.1", port))
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
    usual = _usual(ground)
    head = begin.replace("HOST", f"{HOST}:{ground.site.tls_port}").encode()
    with _trickling(ground.site.port, SLOW_CONNECTIONS, head, drop):
        time.sleep(2)
        said = judged(usual, _times(ground.victim, _long_enough))
    return f"{SLOW_CONNECTIONS} connections straight to the web process; {said}"


@attack(GROUP, "500 connections send the head of a request by drops")
def slow_heads(ground: Ground) -> str:
    return _slow(ground, "GET /sign-in/ HTTP/1.1\r\nHost: HOST\r\n", b"X-A: b\r\n")


@attack(GROUP, "500 connections send the body of a form by drops")
def slow_bodies(ground: Ground) -> str:
    head = "POST /sign-in/ HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\nlogin="
    return _slow(ground, head, b"a")


#: More than a kernel and the web keep of one answer for a client that reads nothing.
_LARGE_BYTES = 24 * 1024 * 1024
#: A download waits for its client; a small window of the client's own makes it wait at once.
_WINDOW_BYTES = 4096


def _large_file(ground: Ground) -> str:
    """Keep a file of the attacker's that is as large as one may be; return the address of its download, once it comes."""
    line = f"Teks biasa {ground.canary}.\n".encode()
    answer, _seconds = upload(ground.attacker, "besar-sekali.txt", line * (_LARGE_BYTES // len(line)))
    path = f"{answer.location}download/"
    if not answer.location.startswith("/evidence/"):
        raise RuntimeError(f"the file was not kept: {answer.status}")
    limit = time.monotonic() + 60
    while ground.attacker.get(path).status != 200:
        if time.monotonic() > limit:
            raise RuntimeError("the file cannot be downloaded")
        time.sleep(1)
    return path


@attack(GROUP, "500 connections ask for a file of 24 MB, and read nothing of it")
def slow_readers(ground: Ground) -> str:
    path, usual = _large_file(ground), _usual(ground)
    cookies = "; ".join(f"{name}={value}" for name, value in ground.attacker.cookies.items())
    head = f"GET {path} HTTP/1.1\r\nHost: {HOST}:{ground.site.tls_port}\r\nX-Forwarded-Proto: https\r\nCookie: {cookies}\r\n\r\n"
    with _trickling(ground.site.port, SLOW_CONNECTIONS, head.encode(), b"", window=_WINDOW_BYTES) as held:
        time.sleep(5)
        said = judged(usual, _times(ground.victim, _long_enough))
        begun = sum(_has_begun(each) for each in held)
    if not begun:
        raise RuntimeError("no connection got even the head of the file")
    return f"{SLOW_CONNECTIONS} connections straight to the web process, {begun} of them with the file begun; {said}"


def _has_begun(connection: socket.socket) -> bool:
    """Whether the head of an answer with the file waits there, unread."""
    try:
        return connection.recv(15, socket.MSG_PEEK).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


@attack(GROUP, "500 connections are opened and say nothing")
def idle_connections(ground: Ground) -> str:
    return _slow(ground, "", b"")


@contextmanager
def _in_a_loop(*acts: Callable[[], object]) -> Iterator[list[int]]:
    """Do each act again and again, each in a thread of its own; yields how many were done and how many broke off."""
    over, done = Event(), [0, 0]

    def loop(act: Callable[[], object]) -> None:
        while not over.is_set():
            try:
                act()
                done[0] += 1
            except (OSError, HTTPException, RuntimeError, LookupError):
                done[1] += 1
                time.sleep(0.1)

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
    usual = _usual(ground)
    with _in_a_loop(*acts) as done:
        time.sleep(3)
        said = judged(usual, _times(ground.victim, _long_enough))
    if done[1] > done[0]:
        raise RuntimeError(f"{done[1]} of {sum(done)} {what} broke off")
    return f"{done[0]} {what}; {said}"


def _own_browsers(ground: Ground, mailbox: str, count: int) -> list[Browser]:
    return [ground.as_(mailbox).copy() for _number in range(count)]


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


def _guess(site: Site, emails: Sequence[str], first: int) -> Counter[int]:
    """Try every sixteenth sign-in from the first on, each from an address of its own; return how many had which answer."""
    browser, answered = Browser(site, direct=True), Counter[int]()
    for number in range(first, SIGN_INS, AT_ONCE):
        address = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        answered[browser.guess(emails[number % len(emails)], "salah", address=address).status] += 1
    return answered


def _guess_at_once(site: Site, emails: Sequence[str]) -> Counter[int]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(pool.map(partial(_guess, site, emails), range(AT_ONCE)), Counter[int]())


@attack(GROUP, "Ten thousand sign-ins are tried from as many addresses, sixteen at once")
def many_sign_ins(ground: Ground) -> str:
    usual = _usual(ground)
    emails = [ground.person(who).email for who in ("pegawai.sprm.1", "pegawai.kpk.1", "pegawai.kln.1")]
    emails += [f"orang{number}@x.example" for number in range(20)]
    # They have machines of their own: here at least a process, so that the clock does not wait for them.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as attackers:
        begun = time.monotonic()
        site = Site(ground.site.folder, ground.site.port, ground.site.tls_port)
        running = attackers.submit(_guess_at_once, site, emails)
        taken = _times(ground.victim, lambda _number, _seconds: running.done())
        answered = running.result()
    said = judged(usual, taken)
    if answered[302] or any(status >= 500 for status in answered):
        raise Succeeded(f"{dict(answered)}")
    return f"{answered.total()} tries in {time.monotonic() - begun:.0f} s, nobody came in; {said}"


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
