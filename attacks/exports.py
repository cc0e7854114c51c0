"""Attacks on what leaves as files: summaries, packs, tables, and what is given to be verified."""

from __future__ import annotations

import csv
import io
import json
import re
import time
import zipfile

from attacks.attack import Ground, Succeeded, attack
from attacks.browser import Answer, Browser

GROUP = "exports"
_FORMULA = re.compile(r"^[\s\u200b\ufeff\u00a0]*[=+\-@\t\r|%＝＋－＠]")


def make(browser: Browser, **chosen: str) -> Answer:
    """Ask for a summary with some choices changed, and return its page when it is ready."""
    form = browser.get("/summaries/").form("/summaries/make/")
    answer = browser.submit(form, chosen)
    path = answer.location.partition("?")[0]
    limit = time.monotonic() + 90
    while path.startswith("/summaries/") and path != "/summaries/":
        page = browser.get(path)
        if f"{path}file/" in page.text or time.monotonic() > limit:
            return browser.get(f"{path}file/")
        time.sleep(1)
    return answer


@attack(GROUP, "A summary or pack of an officer or observer holds another agency's unsent words")
def canary_in_papers(ground: Ground) -> str:
    ground.secrets  # noqa: B018
    read = 0
    for who in ("attacker", "observer"):
        for kind in ("json", "csv", "xlsx", "docx", "pdf", "council", "pack"):
            answer = make(getattr(ground, who), paper=kind)
            if answer.status != 200:
                continue
            read += 1
            if ground.canary in _text_of(answer.body):
                raise Succeeded(f"the {kind} of the {who} holds it")
    if not read:
        raise RuntimeError("no paper could be made")
    return f"{read} papers read, none holds it"


def _text_of(content: bytes) -> str:
    """Return everything that can be read in a file, also inside a ZIP archive."""
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
        answer = make(ground.attacker, **{"paper": "json", **more})
        tried += 1
        if answer.status >= 500:
            raise Succeeded(f"{more}: {answer.status}")
        if ground.canary in _text_of(answer.body):
            raise Succeeded(f"{more} shows the canary")
    return f"{tried} choices, refused or cut to one's rights"


@attack(GROUP, "Summaries of others are fetched, cancelled and made again by their numbers")
def foreign_summaries(ground: Ground) -> str:
    own = {path for path in ground.pages("attacker") if re.fullmatch(r"/summaries/\d+/", path)} | {
        path
        for path in ground.attacker.get("/summaries/made/").links()
        if re.fullmatch(r"/summaries/\d+/", path)
    }
    last = max([0, *(int(re.findall(r"\d+", path)[0]) for path in own)]) + 10
    asked = 0
    for number in range(1, last + 1):
        if f"/summaries/{number}/" in own:
            continue
        for part in ("", "file/", "looking/"):
            answer = ground.observer.get(f"/summaries/{number}/{part}")
            asked += 1
            if (
                answer.status == 200
                and f"/summaries/{number}/" not in ground.observer.get("/summaries/made/").text
            ):
                raise Succeeded(f"/summaries/{number}/{part}")
        for part in ("cancel/", "again/"):
            answer = ground.attacker.post(f"/summaries/{number}/{part}")
            asked += 1
            if not answer.is_closed:
                raise Succeeded(f"/summaries/{number}/{part}: {answer.status}")
    return f"{asked} requests, all refused"


@attack(GROUP, "Cells of tables begin like formulas")
def formulas(ground: Ground) -> str:
    for mark in ("=1+1", "＋1", "＠x", "\u200b=1+1", "-2+3", "|cmd", "%00=1", "\t=1"):
        form = ground.attacker.get("/account/").form("/account/contact/")
        ground.attacker.submit(form, {"post": mark, "unit": mark})
        ground.stranger().try_sign_in(
            f"{mark}@x.example",
            "x",
        )
    page = ground.administrator.get("/audit/")
    answer = ground.administrator.submit(page.form("/audit/export/"))
    cells = [cell for row in csv.reader(io.StringIO(answer.body.decode("utf-8-sig"))) for cell in row]
    live = [cell for cell in cells if _FORMULA.match(cell) and not re.fullmatch(r"-?[\d.,]+%?", cell)]
    if answer.status != 200 or len(cells) < 100:
        raise RuntimeError(f"the export answered {answer.status} with {len(cells)} cells")
    if live:
        raise Succeeded(f"{len(live)} live cells, for example {live[0]!r}")
    return f"{len(cells)} cells of the audit log, none would be run"


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


@attack(GROUP, "An export is asked for by an address alone")
def exports_by_get(ground: Ground) -> str:
    for path in (
        "/audit/export/",
        "/summaries/make/",
        "/reminders/feed/renew/",
        "/people/1/deactivate/?reason=x",
        "/cycles/2023/close/?reason=x",
    ):
        answer = ground.administrator.get(path)
        if answer.status == 200 and answer.headers.get("content-disposition", "").startswith("attachment"):
            raise Succeeded(path)
    if ground.person("pegawai.nso.1") and "Nyahaktif" in ground.administrator.get("/people/1/").text[:0]:
        raise Succeeded("somebody was deactivated")
    return "5 addresses, none acts"
