"""Attacks on what leaves as files: summaries, packs, tables, and what is given to be verified."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import time
import zipfile

from attacks.attack import Ground, Succeeded, attack
from attacks.browser import Answer, Browser
from attacks.files import upload

GROUP = "exports"
_FORMULA = re.compile(r"^[\s\u200b\ufeff\u00a0]*[=+\-@\t\r|%＝＋－＠]")


def make(browser: Browser, **chosen: str) -> Answer:
    """Ask for a summary with some choices changed, and return its file when it is ready, or the refusal."""
    path, answer = made(browser, **chosen)
    return browser.get(f"{path}file/") if path else answer


def made(browser: Browser, **chosen: str) -> tuple[str, Answer]:
    """Ask for a summary; return its address once it is ready, or within 90 seconds, and the answer; "" for a refusal."""
    form = browser.get("/summaries/").form("/summaries/make/")
    answer = browser.submit(form, chosen)
    path = answer.location.partition("?")[0]
    if not re.fullmatch(r"/summaries/\d+/", path):
        return "", answer
    limit = time.monotonic() + 90
    while f"{path}file/" not in browser.get(path).text and time.monotonic() < limit:
        time.sleep(0.5)
    return path, answer


def is_file(answer: Answer) -> bool:
    """Whether a file came, not a page."""
    return answer.status == 200 and not answer.headers.get("content-type", "").startswith("text/html")


@attack(GROUP, "A summary or pack holds words that its maker may not read")
def canary_in_papers(ground: Ground) -> str:
    """Nobody but MAPO and the police may read the draft; and the accepted text, on an item of others, no other officer."""
    ground.secrets  # noqa: B018
    kinds = ("json", "csv", "xlsx", "docx", "pdf", "pack")
    for kind in ("json", "pdf", "pack"):
        if ground.accepted not in text_of_paper(ground.victim, kind):
            raise RuntimeError(f"not even the {kind} of the police holds their own accepted text")
    read = 0
    for who, forbidden in (("attacker", (ground.canary, ground.accepted)), ("observer", (ground.canary,))):
        for kind in (*kinds, "council"):
            if text := text_of_paper(getattr(ground, who), kind):
                read += 1
                if any(words in text for words in forbidden):
                    raise Succeeded(f"the {kind} of the {who} holds it")
    if read < len(kinds):
        raise RuntimeError(f"only {read} papers could be made")
    return f"{read} papers read, none holds it; those of the police hold their own"


def text_of_paper(browser: Browser, kind: str) -> str:
    """Return what stands in a paper of this kind; empty for somebody who gets none."""
    answer = make(browser, paper=kind, depth="full")
    return _text_of(answer.body) if answer.status == 200 and is_file(answer) else ""


def _text_of(content: bytes) -> str:
    """Return everything that can be read in a file, also in a PDF and inside a ZIP archive."""
    if content[:5] == b"%PDF-":
        read = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
        return read.stdout.decode("utf-8", errors="replace")
    if content[:2] != b"PK":
        return content.decode("utf-8", errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(
            _text_of(archive.read(name)) for name in archive.namelist() if not name.endswith("/")
        )


@attack(GROUP, "A summary is made with a higher class, another agency or another cycle than one's own")
def tampered_selection(ground: Ground) -> str:
    tried = 0
    for more in (
        {"ceiling": "4"},
        {"classification": "4"},
        {"agencies": "PDRM"},
        {"agency": "3"},
        {"cycle": "9999"},
        {"as_at": "9999-12-31"},
        {"reader": "1"},
        {"depth": "everything"},
        {"paper": "../../etc/passwd"},
    ):
        answer = make(ground.attacker, **{"paper": "json", "depth": "full", **more})
        tried += 1
        if answer.status >= 500:
            raise Succeeded(f"{more}: {answer.status}")
        if any(words in _text_of(answer.body) for words in (ground.canary, ground.accepted)):
            raise Succeeded(f"{more} shows what only the police and MAPO may read")
    return f"{tried} choices, refused or cut to one's rights"


@attack(GROUP, "Summaries of others are fetched, cancelled and made again by their numbers")
def foreign_summaries(ground: Ground) -> str:
    for browser in (ground.reviewer, ground.victim, ground.attacker):
        made(browser, paper="json")
    asked = 0
    for who, parts in (
        ("attacker", ("", "file/", "looking/", "cancel/", "again/")),
        ("observer", ("", "file/", "looking/")),
    ):
        browser = getattr(ground, who)
        for number in _foreign_to(ground, browser):
            for part in parts:
                path = f"/summaries/{number}/{part}"
                answer = (
                    browser.post(path) if part in ("looking/", "cancel/", "again/") else browser.get(path)
                )
                asked += 1
                if not answer.is_closed:
                    raise Succeeded(f"{path} answered the {who} {answer.status}")
    if not asked:
        raise RuntimeError("nobody else has a summary")
    return f"{asked} requests, all refused"


def _foreign_to(ground: Ground, browser: Browser) -> list[int]:
    """Return the numbers of the summaries that neither a person nor, for officers, a colleague has asked for."""
    assert browser.person is not None
    with ground.site.as_the_web() as cursor:
        cursor.execute(
            """SELECT r.id FROM reports_report r, accounts_user u WHERE u.email = %s AND r.asked_by_id <> u.id AND NOT
            (u.role = 'officer' AND r.reader_agency_id = u.agency_id AND r.reader_role IN ('officer', 'coordinator'))
            ORDER BY r.id""",
            [browser.person.email],
        )
        return [row[0] for row in cursor.fetchall()]


@attack(GROUP, "Cells of tables begin like formulas")
def formulas(ground: Ground) -> str:
    """What somebody types stands at the beginning of a cell in the log: names of files, and the browser's own name."""
    for number, mark in enumerate(("=1+1", "＋1", "＠x", "\u200b=1+1", "-2+3", "|cmd", "%00=1", "@SUM(1)")):
        form = ground.attacker.get("/account/").form("/account/contact/")
        fields = {**form.fields, "post": mark, "unit": f"{mark}{number}"}
        ground.attacker.post(form.action, fields, headers={"User-Agent": mark.encode().decode("latin-1")})
        upload(ground.attacker, f"{mark}.txt", f"Teks {number} {ground.canary[-4:]}\n".encode())
    page = ground.administrator.get("/audit/")
    answer = ground.administrator.submit(page.form("/audit/export/"))
    cells = [cell for row in csv.reader(io.StringIO(answer.body.decode("utf-8-sig"))) for cell in row]
    live = [cell for cell in cells if _FORMULA.match(cell) and not re.fullmatch(r"-?[\d.,]+%?", cell)]
    guarded = [cell for cell in cells if cell.startswith("'") and _FORMULA.match(cell[1:])]
    if live:
        raise Succeeded(f"{len(live)} live cells, for example {live[0]!r}")
    if answer.status != 200 or not guarded:
        raise RuntimeError(
            f"the export answered {answer.status} with {len(cells)} cells, none with such a text"
        )
    return f"{len(cells)} cells of the audit log, {len(guarded)} guarded, none would be run"


@attack(GROUP, "Files that are verified are bombs, nested a thousand times, or name what they may not")
def hostile_verification(ground: Ground) -> str:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("summary.json", b"0" * 400_000_000)
    deep = b"[" * 100_000 + b"]" * 100_000
    big = json.dumps({"form": 3, "rows": [{"a": "x" * 50}] * 50_000}).encode()
    slowest = 0.0
    for name, content in (
        ("x.json", deep),
        ("x.json", b'{"a":' * 50_000),
        ("x.zip", held.getvalue()),
        ("x.json", big),
        ("x.json", b"\xff\xfe\x00"),
        ("x.json", b'{"rows": 1e999}'),
        ("x.xlsx", b"PK\x05\x06" + b"\x00" * 18),
    ):
        form = ground.attacker.get("/summaries/verify/").form("/summaries/verify/")
        begun = time.monotonic()
        answer = ground.attacker.post(form.action, form.fields, files={"file": (name, content)})
        slowest = max(slowest, time.monotonic() - begun)
        if answer.status >= 500 or slowest > 15:
            raise Succeeded(f"{name} of {len(content)} bytes: {answer.status} in {slowest:.1f} s")
    return f"7 files, the slowest answer took {slowest:.1f} s"


@attack(GROUP, "An act is carried out, or a table is sent, by an address alone")
def exports_by_get(ground: Ground) -> str:
    before = _standing(ground)
    feed = ground.administrator.get("/reminders/preferences/").text
    paths = (
        "/audit/export/",
        "/summaries/make/",
        "/reminders/feed/renew/",
        "/people/1/deactivate/?reason=x&confirm=on",
        "/cycles/2023/close/?reason=x&confirm=on",
        "/account/sessions/end-others/",
        "/sign-out/",
    )
    for path in paths:
        answer = ground.administrator.get(path)
        if answer.status == 200 and is_file(answer):
            raise Succeeded(path)
    secret = re.findall(r"/calendar/\d+-[\w-]+\.ics", feed)
    if _standing(ground) != before or secret != re.findall(
        r"/calendar/\d+-[\w-]+\.ics", ground.administrator.get("/reminders/preferences/").text
    ):
        raise Succeeded(f"something was done: {before} before, {_standing(ground)} after")
    return f"{len(paths)} addresses, none acts"


def _standing(ground: Ground) -> tuple[int, ...]:
    """Return what such an act would change: active people, open cycles, papers, sessions, exports on record."""
    with ground.site.as_the_web() as cursor:
        cursor.execute("""SELECT (SELECT count(*) FROM accounts_user WHERE is_active), (SELECT count(*) FROM recommendations_cycle WHERE closed_at IS NULL),
            (SELECT count(*) FROM reports_report), (SELECT count(*) FROM usersessions_usersession s JOIN accounts_user u ON u.id = s.user_id AND u.role = 'administrator'),
            (SELECT count(*) FROM audit_event WHERE action LIKE '%export%')""")
        found: tuple[int, ...] = cursor.fetchone()
    return found
