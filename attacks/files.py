"""Attacks by files: what an officer uploads is a program, a bomb, a trap, or holds a server for minutes."""

from __future__ import annotations

import io
import struct
import time
import zipfile
import zlib
from urllib.parse import urlsplit

from attacks.attack import Ground, Succeeded, attack
from attacks.browser import Answer, Browser, Form
from tests.evidence.fake_clamd import EICAR

GROUP = "files"
#: A file may be judged so long, with all that goes with a request on a busy machine.
MOST_SECONDS = 12.0
_CONTENT_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Override PartName="/word/document.xml" ContentType='
    b'"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_DOCUMENT = (
    b'<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    b"<w:body><w:p><w:r><w:t>Teks</w:t></w:r></w:p></w:body></w:document>"
)
_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
)
_PDF_END = b"\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


def _docx(more: dict[str, bytes] | None = None, document: bytes = _DOCUMENT) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _CONTENT_TYPES)
        archive.writestr("_rels/.rels", b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/'
                         b'package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/office'
                         b'Document/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>')  # fmt: skip
        archive.writestr("word/document.xml", document)
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return held.getvalue()


def upload(browser: Browser, name: str, content: bytes, **more: str) -> tuple[Answer, float]:
    """Send a file by the page of evidence, and return the answer and the seconds it took."""
    form = browser.get("/evidence/upload/").form("/evidence/upload/")
    fields = {**form.fields, "classification": "1", **more}
    begun = time.monotonic()
    answer = browser.post("/evidence/upload/", fields, files={"file": (name, content)})
    return answer, time.monotonic() - begun


def _is_kept(answer: Answer) -> bool:
    return answer.status == 201 or answer.location.startswith("/evidence/")


def _harmless() -> dict[str, bytes]:
    """Return files of the kinds that attacks bend, which are to be kept: a refusal of all says nothing."""
    return {"biasa.docx": _docx(), "biasa.png": _png(4, 4), "biasa.pdf": _PDF, "biasa.txt": b"Teks biasa.\n"}


def _demand_refused(ground: Ground, files: dict[str, bytes]) -> str:
    """Upload each: all must be refused soon, although harmless ones of their kinds are kept."""
    endings = {name.rpartition(".")[2] for name in files}
    for name, content in _harmless().items():
        if name.rpartition(".")[2] in endings:
            answer, _seconds = upload(ground.attacker, name, content)
            if not _is_kept(answer):
                raise RuntimeError(f"not even a harmless {name} is kept: {answer.status}")
    slowest = 0.0
    for name, content in files.items():
        answer, seconds = upload(ground.attacker, name, content)
        slowest = max(slowest, seconds)
        if answer.status >= 500:
            raise Succeeded(f"{name}: {answer.status}")
        if _is_kept(answer):
            raise Succeeded(f"{name} was kept")
        if seconds > MOST_SECONDS:
            raise Succeeded(f"{name} was judged for {seconds:.0f} s")
    return f"{len(files)} files refused, the slowest in {slowest:.1f} s"


@attack(GROUP, "Programs, scripts, web pages and archives come under the names of documents")
def disguised(ground: Ground) -> str:
    return _demand_refused(ground, {
        "laporan.pdf": b"MZ\x90\x00" + b"\x00" * 200, "laporan.docx": b"\x7fELF" + b"\x00" * 200, "gambar.png": b"#!/bin/sh\nrm -rf /\n",
        "nota.txt": b"<html><script>alert(1)</script></html>", "surat.eml": b"<!DOCTYPE html><svg onload=alert(1)>",
        "gambar.jpg": b"GIF89a" + b"\x00" * 100, "arkib.docx": b"Rar!\x1a\x07\x00" + b"\x00" * 50, "lukisan.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "makro.docm": _docx(), "skrip.js": b"alert(1)", "laporan.pdf.exe": b"%PDF-1.4\n" + _PDF_END,
    })  # fmt: skip


@attack(GROUP, "A PDF keeps its judge busy (a quadratic pattern, 1 MB)")
def quadratic_pdf(ground: Ground) -> str:
    slowest = 0.0
    for filler in (
        b"/Root" + b" " * 500_000,
        b"/Root%" * 150_000,
        b"/Root " + b"%\n" * 400_000,
        b"/Root 1 " * 120_000,
    ):
        answer, seconds = upload(
            ground.attacker, "berat.pdf", b"%PDF-1.4\n" + filler + _PDF_END.replace(b"/Root 1 0 R", b"")
        )
        slowest = max(slowest, seconds)
        if seconds > MOST_SECONDS or answer.status >= 500:
            raise Succeeded(f"{answer.status} after {seconds:.0f} s")
    return f"4 files, the slowest judged in {slowest:.1f} s"


@attack(
    GROUP, "Bombs: a gigabyte in a member, archives in archives, members that overlap, entities that explode"
)
def bombs(ground: Ground) -> str:
    big = _docx({"word/media/besar.xml": b"0" * 300_000_000})
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("dalam.bin", b"\x00" * 60_000_000)
    nested = inner.getvalue()
    for _level in range(3):
        outer = io.BytesIO()
        with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(8):
                archive.writestr(f"{number}.zip", nested)
        nested = outer.getvalue()
    entities = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "'
        + b"l" * 5000
        + b'">'
        + b"".join(b'<!ENTITY %c "%s">' % (98 + number, b"&%c;" % (97 + number) * 10) for number in range(8))
        + b"]><x>&i;</x>"
    )
    return _demand_refused(ground, {
        "besar.docx": big, "sarang.docx": _docx({"word/embeddings/sarang.zip": nested}), "sarang.zip": nested,
        "entiti.docx": _docx(document=entities),
    })  # fmt: skip


@attack(GROUP, "A Word file has 3,000 members, or one that climbs out of its folder")
def members(ground: Ground) -> str:
    return _demand_refused(ground, {
        "banyak.docx": _docx({f"word/media/{number}.xml": b"<x/>" for number in range(3_000)}),
        "panjat.docx": _docx({"../../../../tmp/panjat.xml": b"<x/>"}), "akar.docx": _docx({"/etc/cron.d/x": b"<x/>"}),
        "tingkap.docx": _docx({"..\\..\\panjat.xml": b"<x/>"}), "pemacu.docx": _docx({"C:/panjat.xml": b"<x/>"}),
    })  # fmt: skip


@attack(GROUP, "A file is two things at once")
def polyglots(ground: Ground) -> str:
    archive = _docx()
    return _demand_refused(ground, {
        "dua.pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj" + _PDF_END + archive, "depan.pdf": b"MZ" + b"\x00" * 60 + b"%PDF-1.4\n" + _PDF_END,
        "ekor.png": _png(4, 4) + archive, "ekor.txt": b"Teks biasa.\n" + archive,
    })  # fmt: skip


def _png(width: int, height: int, rows: bytes | None = None) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack("!I", len(content)) + kind + content + struct.pack("!I", zlib.crc32(kind + content))
        )

    data = zlib.compress(rows if rows is not None else (b"\x00" + b"\xff" * width) * height, 9)
    header = struct.pack("!IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@attack(GROUP, "An image claims to be a hundred thousand dots wide")
def huge_image(ground: Ground) -> str:
    return _demand_refused(
        ground,
        {
            "luas.png": _png(100_000, 100_000, b"\x00" * 1_000_000),
            "nipis.png": _png(60_000, 60_000, b"\x00" * 60_001 * 30),
        },
    )


@attack(GROUP, "A virus is uploaded and fetched by a colleague")
def virus(ground: Ground) -> str:
    answer, _seconds = upload(ground.attacker, "virus.txt", EICAR)
    path = answer.location
    if not path:
        return f"refused at once with {answer.status}"
    limit = time.monotonic() + 40
    while time.monotonic() < limit:
        answer = ground.as_("penyelaras.jtk").get(f"{path}download/")
        if answer.status == 200:
            raise Succeeded("it was handed out")
        if "virus" in ground.attacker.get(path).text.lower():
            break
        time.sleep(1)
    return f"held; the download answers {answer.status}"


@attack(GROUP, "Names of files climb, break headers, hide their ending, or are markup")
def names(ground: Ground) -> str:
    tried = 0
    for name in ("../../../etc/passwd.txt", "..\\..\\x.txt", "a\u202egnp.txt", "<img src=x onerror=alert(1)>.txt", "x\r\nSet-Cookie: a=b.txt",
                 "%2e%2e%2fx.txt", "CON.txt", "a" * 400 + ".txt", ".txt", "x;filename=y.txt", "'\"><script>.txt", "\x00.txt"):  # fmt: skip
        answer, _seconds = upload(ground.attacker, name.replace('"', "%22"), f"Teks {name}\n".encode())
        tried += 1
        if answer.status >= 500:
            raise Succeeded(f"{name!r}: {answer.status}")
        if not answer.location.startswith("/evidence/"):
            continue
        sent, page = ground.attacker.get(f"{answer.location}download/"), ground.attacker.get(answer.location)
        disposition = sent.headers.get("content-disposition", "attachment")
        if "set-cookie" in {
            key for key in sent.headers if sent.headers[key].startswith("a=b")
        } or not disposition.startswith("attachment"):
            raise Succeeded(f"{name!r}: {disposition}")
        if "../" in disposition or "<img src=x" in page.text or "<script>.txt" in page.text:
            raise Succeeded(f"{name!r} is not cleaned")
    return f"{tried} names, each cleaned or refused"


@attack(GROUP, "A kept file is opened by the browser in place of being saved")
def rendered(ground: Ground) -> str:
    answer, _seconds = upload(ground.attacker, "nota.txt", f"Teks {ground.canary[-5:]} biasa\n".encode())
    limit = time.monotonic() + 40
    sent = ground.attacker.get(f"{answer.location}download/")
    while sent.status != 200 and time.monotonic() < limit:
        time.sleep(1)
        sent = ground.attacker.get(f"{answer.location}download/")
    headers = sent.headers
    if sent.status != 200:
        raise RuntimeError(f"the download answers {sent.status}")
    if (
        not headers["content-disposition"].startswith("attachment")
        or headers["x-content-type-options"] != "nosniff"
        or "sandbox" not in headers["content-security-policy"]
    ):
        raise Succeeded(str(headers))
    return "attachment, nosniff, sandbox"


@attack(GROUP, "A file is larger than allowed, or lies about its length")
def oversize(ground: Ground) -> str:
    content = b"Teks biasa.\n" * (26 * 1024 * 1024 // 12)
    answer, _seconds = upload(ground.attacker, "besar.txt", content)
    if _is_kept(answer) or answer.status >= 500:
        raise Succeeded(str(answer.status))
    return f"26 MiB answered {answer.status}"


@attack(GROUP, "Two judges at once are kept busy, and the others wait")
def busy_judges(ground: Ground) -> str:
    from threading import Thread

    hostile = b"%PDF-1.4\n" + b"/Root 1 " * 120_000 + _PDF_END.replace(b"/Root 1 0 R", b"")
    people = ("pegawai.jtk.1", "pegawai.jim.1", "pegawai.jim.2", "pegawai.ksm.1")
    threads = [
        Thread(target=upload, args=(Browser(ground.site).sign_in(ground.person(who)), "berat.pdf", hostile))
        for who in people
    ]
    for thread in threads:
        thread.start()
    slowest = 0.0
    while any(thread.is_alive() for thread in threads):
        begun = time.monotonic()
        ground.victim.get("/my-work/")
        slowest = max(slowest, time.monotonic() - begun)
    if slowest > 5:
        raise Succeeded(f"another person waited {slowest:.1f} s for a page")
    return f"another person's slowest page meanwhile: {slowest * 1000:.0f} ms"


#: The page with the form, where its workbook is sent, and where the template is made.
_WORKBOOKS = (
    ("/openings/", "/openings/", "/openings/template/"),
    ("/figures/report/", "/figures/report/workbook/", "/figures/report/template/"),
)
_SHEET = (
    b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
    b"<sheetData>%s</sheetData></worksheet>"
)
_STRINGS = (
    b'<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</sst>'
)
_LAUGHS = b'<!DOCTYPE x [<!ENTITY a0 "ha">%s]>' % b"".join(
    b'<!ENTITY a%d "%s">' % (number, b"&a%d;" % (number - 1) * 10) for number in range(1, 10)
)


def _with(template: bytes, changed: dict[str, bytes]) -> bytes:
    """Return a workbook with some members in place of its own, or added to them."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(template)) as source,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(name, changed.get(name, source.read(name)))
        for name in changed.keys() - set(source.namelist()):
            target.writestr(name, changed[name])
    return held.getvalue()


def _workbook_bombs(template: bytes) -> dict[str, bytes]:
    """Return workbooks that are whole but for one member, by what is wrong with it."""
    with zipfile.ZipFile(io.BytesIO(template)) as archive:
        book = archive.read("xl/workbook.xml")
    first = "xl/worksheets/sheet1.xml"
    wide = b"".join(b'<c r="%s1"><v>1</v></c>' % name.encode() for name in ("A", "XFD"))
    return {
        "shared strings of 300 MB": _with(template, {"xl/sharedStrings.xml": _STRINGS % (b"<si><t>0</t></si>" * 18_000_000)}),
        "one shared string of 200 MB": _with(template, {"xl/sharedStrings.xml": _STRINGS % (b"<si><t>" + b"0" * 200_000_000 + b"</t></si>")}),
        "200,000 rows": _with(template, {first: _SHEET % b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (row, row) for row in range(1, 200_001))}),
        "two rows a million apart": _with(template, {first: _SHEET % (b'<row r="1">' + wide + b'</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')}),
        "16,000 columns in 500 rows": _with(template, {first: _SHEET % ((b"<row>" + b"<c><v>1</v></c>" * 16_000 + b"</row>") * 500)}),
        "entities that explode in the sheet": _with(template, {first: (_SHEET % b'<row r="1"><c r="A1" t="inlineStr"><is><t>&a9;</t></is></c></row>').replace(b"?>", b"?>" + _LAUGHS, 1)}),
        "entities that explode in the strings": _with(template, {"xl/sharedStrings.xml": (_STRINGS % b"<si><t>&a9;</t></si>").replace(b"?>", b"?>" + _LAUGHS, 1)}),
        "an entity that names a file": _with(template, {"xl/workbook.xml": book.replace(b"<workbook", b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><workbook', 1)}),
        "a broken archive": template[: len(template) // 2],
    }  # fmt: skip


@attack(GROUP, "A workbook of figures or of an opening import is a bomb: strings, rows, columns, entities")
def workbook_bombs(ground: Ground) -> str:
    coordinator = ground.as_("penyelaras.jtk")
    slowest, where, tried = 0.0, "", 0
    for page, taken_at, template_path in _WORKBOOKS:
        template = coordinator.get(template_path)
        forms = [form for form in coordinator.get(page).forms() if urlsplit(form.action).path == taken_at]
        if template.body[:2] != b"PK" or not forms:
            raise RuntimeError(f"{template_path} answered {template.status}, {page} has {len(forms)} forms")
        whole = _send_workbook(coordinator, forms[0], template.body)[0]
        if whole.status >= 500 or (whole.is_closed and whole.status != 422):
            raise RuntimeError(f"not even the template itself is read: {whole.status}")
        for what, content in _workbook_bombs(template.body).items():
            answer, seconds = _send_workbook(coordinator, forms[0], content)
            tried += 1
            if answer.status >= 500 or seconds > MOST_SECONDS:
                raise Succeeded(f"{page}, {what}: {answer.status} after {seconds:.1f} s")
            if "root:" in answer.text or answer.status not in {413, 415, 422}:
                raise Succeeded(f"{page}, {what}: taken with {answer.status} {answer.location}")
            if seconds > slowest:
                slowest, where = seconds, what
    return f"{tried} workbooks refused with words, the slowest ({where}) in {slowest:.1f} s"


def _send_workbook(browser: Browser, form: Form, content: bytes) -> tuple[Answer, float]:
    begun = time.monotonic()
    answer = browser.submit(form, files={"file": ("angka.xlsx", content)})
    return answer, time.monotonic() - begun
