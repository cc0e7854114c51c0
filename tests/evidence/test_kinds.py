"""What a file is, by its content: every accepted kind, and a corpus of hostile ones."""

from __future__ import annotations

import io
import struct
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.actions import JavaScript

from evidence import kinds
from evidence.errors import BadEvidence
from evidence.judging import accepted_extensions, judge
from evidence.kinds import office
from evidence.kinds.catalogue import FileKind
from evidence.kinds.refusals import Refused
from tests.evidence import files

Build = Callable[[], bytes]

ACCEPTED: dict[str, tuple[Build, str]] = {
    "Laporan.pdf": (files.pdf, "pdf"),
    "Laporan.PDF": (files.pdf, "pdf"),
    "a.docx": (files.docx, "docx"),
    "a.xlsx": (files.xlsx, "xlsx"),
    "a.pptx": (files.pptx, "pptx"),
    "a.odt": (files.odf, "odt"),
    "a.ods": (lambda: files.odf("application/vnd.oasis.opendocument.spreadsheet"), "ods"),
    "a.odp": (lambda: files.odf("application/vnd.oasis.opendocument.presentation"), "odp"),
    "a.jpg": (files.jpeg, "jpeg"),
    "a.jpeg": (lambda: files.jpeg(exif=True), "jpeg"),
    "a.png": (files.png, "png"),
    "a.csv": (lambda: files.CSV, "csv"),
    "utf16.csv": (lambda: "Agensi;Bilangan\nPDRM;42".encode("utf-16"), "csv"),
    "win.csv": (lambda: "Agensi;Café\n".encode("cp1252"), "csv"),
    "bom.txt": (lambda: "\ufeffTaklimat".encode(), "txt"),
    "a.txt": (lambda: files.TXT, "txt"),
    "a.eml": (lambda: files.EML, "eml"),
    "phone.jpg": (lambda: files.jpeg() + b"\x00\x00SEFT" + files.noise(5000), "jpeg"),
    "embedded.docx": (lambda: files.docx(more={"word/embeddings/a.xlsx": files.xlsx()}), "docx"),
    "initials.csv": (lambda: b"PKDS,42\nMZNT,7\n", "csv"),
    "languages.csv": (lambda: b"BM,EN\nFailed,File\n", "csv"),
    "initials.txt": (lambda: b"MZNT hadir.\n", "txt"),
    "scanner.pdf": (lambda: files.pdf() + b"\x00" * 2000, "pdf"),
}

ACCEPTED["backwards.docx"] = (lambda: files.docx(more={"word/embeddings/a.xlsx": files.backwards()}), "docx")

_RELATION = (
    '<Relationships><Relationship Id="r1" TargetMode="External" Target="{target}"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/></Relationships>'
)


def linked(target: str, *, kind: str = "attachedTemplate") -> bytes:
    """Return a Word file with a relation to something outside."""
    relations = _RELATION.format(target=target, kind=kind).encode()
    return files.docx(more={"word/_rels/settings.xml.rels": relations})


def with_field(*runs: str) -> bytes:
    """Return a Word file with a field whose instruction is cut into runs."""
    marks = "<w:fldChar w:fldCharType='begin'/>{}<w:fldChar w:fldCharType='separate'/>"
    text = "".join(f"<w:r><w:instrText xml:space='preserve'>{run}</w:instrText></w:r>" for run in runs)
    return files.docx(more={"word/footnotes.xml": marks.format(text).encode()})


def package(name: str, content: bytes = b"Taklimat") -> bytes:
    """Return an OLE object that holds a file, as Word embeds it."""
    native = "Ole10Native".encode("utf-16-le").ljust(128, b"\0")
    return files.OLE_SIGNATURE + b"\0" * 504 + native + b"\2\0" + name.encode() + b"\0C:\\Temp\0" + content


PROGRAM = b"MZ" + b"\0" * 58 + struct.pack("<I", 64) + b"PE\0\0" + b"\0" * 40


def acting_pdf(change: Callable[[PdfWriter], object]) -> bytes:
    """Return a PDF that pypdf wrote, with something more in it."""
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    change(writer)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def in_compressed_objects(*bodies: bytes, before: bytes = b"") -> bytes:
    """Return a PDF whose further objects, from 90 on, lie in a compressed list."""
    offsets, text = [], b""
    for number, body in enumerate(bodies, start=90):
        offsets.append(b"%d %d" % (number, len(text)))
        text += body + b" "
    head = b" ".join(offsets) + b" "
    packed = zlib.compress(head + text)
    stream = b"80 0 obj <</Type /ObjStm /N %d /First %d /Filter /FlateDecode /Length %d>>stream\n" % (
        len(bodies),
        len(head),
        len(packed),
    )
    at = files.pdf().rfind(b"\nxref") + 1
    return files.pdf()[:at] + before + stream + packed + b"\nendstream endobj\n" + files.pdf()[at:]


ACCEPTED |= {
    "letterhead.docx": (lambda: linked("file:///C:\\Templat\\Surat.dotx"), "docx"),
    "page.docx": (lambda: linked("https://www.moha.gov.my/", kind="hyperlink"), "docx"),
    "other_book.docx": (lambda: linked("file:///\\\\pelayan\\Data.xlsx", kind="externalLinkPath"), "docx"),
    "field.docx": (lambda: with_field(" PAGE ", "\\* MERGEFORMAT"), "docx"),
    "addressed.docx": (lambda: with_field('HYPERLINK "https://example.gov.my/DDE"'), "docx"),
    "packed_pdf.docx": (
        lambda: files.docx(more={"word/embeddings/oleObject1.bin": package("Lampiran.pdf", files.pdf())}),
        "docx",
    ),
    "attached.pdf": (lambda: files.pdf(padding_bytes=3000), "pdf"),
    "first_page.pdf": (lambda: in_compressed_objects(b"<</OpenAction [3 0 R /Fit]>>"), "pdf"),
    "goto.pdf": (
        lambda: in_compressed_objects(
            b"<</OpenAction 91 0 R>>", b"<</S /GoTo /D [3 0 R /Fit]>>", b"<</S /JavaScript /JS (a)>>"
        ),
        "pdf",
    ),
    "checked_form.pdf": (
        lambda: in_compressed_objects(
            b"<</FT /Tx /AA <</F <</S /JavaScript /JS (AFNumber_Format\\(2\\))>>>>>>"
        ),
        "pdf",
    ),
}

FAR = "word/media/far.bin"

REFUSED: dict[str, tuple[Build, str]] = {
    "empty.pdf": (lambda: b"", "empty"),
    "Laporan.pdf": (lambda: files.EXE, "program"),
    "gambar.jpg": (lambda: files.ELF, "program"),
    "a.txt": (lambda: b"#!/bin/sh\nrm -rf /\n", "program"),
    "page.txt": (lambda: b"<!DOCTYPE html><script>alert(1)</script>", "web_page"),
    "page.csv": (lambda: b"\xef\xbb\xbf \n<HTML><body>", "web_page"),
    "page16.txt": (lambda: "<html><script>".encode("utf-16"), "web_page"),
    "drawing.png": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "web_page"),
    "drawing2.png": (lambda: b'<?xml version="1.0"?><svg/>', "web_page"),
    "a.php.txt": (lambda: b"<?php system($_GET[0]); ?>", "web_page"),
    "rich.txt": (lambda: b"{\\rtf1 hello}", "web_page"),
    "fail.zip": (lambda: files.archive({"a.txt": b"a"}), "archive"),
    "fail.docx": (lambda: files.archive({"a.txt": b"a"}), "archive"),
    "book.odt": (lambda: files.odf("application/epub+zip"), "archive"),
    "a.rar": (lambda: b"Rar!\x1a\x07\x00" + b"\x00" * 100, "archive"),
    "a.7z": (lambda: b"7z\xbc\xaf\x27\x1c" + b"\x00" * 100, "archive"),
    "a.gz": (lambda: b"\x1f\x8b\x08" + b"\x00" * 100, "archive"),
    "anim.gif": (lambda: b"GIF89a" + b"\x00" * 100, "not_accepted"),
    "old.doc": (lambda: files.ole("WordDocument"), "old_office"),
    "mail.msg": (lambda: files.ole("__properties_version1.0"), "old_office"),
    "broken.docx": (lambda: files.OLE_SIGNATURE + b"\x00" * 100, "old_office"),
    "secret.docx": (lambda: files.ole("EncryptionInfo", "EncryptedPackage"), "protected"),
    "secret.odt": (
        lambda: files.odf(more={"META-INF/manifest.xml": files.ODF_ENCRYPTED_MANIFEST}),
        "protected",
    ),
    "secret.pdf": (lambda: files.pdf(password="rahsia"), "protected"),
    "numbered.pdf": (lambda: files.pdf().replace(b"/Root", b"/#45ncr#79pt 9 0 R /Root"), "protected"),
    "rootless.pdf": (lambda: files.pdf().replace(b"/Root", b"/Rout"), "damaged"),
    "startless.pdf": (lambda: files.pdf().replace(b"startxref", b"startyref"), "damaged"),
    "list.docx": (
        lambda: (
            files.docx()[:-22] + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 9, 9, 3 * 1024 * 1024, 0, 0)
        ),
        "bomb",
    ),
    "comment.docx": (lambda: files.docx()[:-2] + b"\x04\x00junk", "damaged"),
    "ratio.docx": (
        lambda: files.docx(more={f"w/{number}": b"\x00" * (2 * 1024 * 1024) for number in range(33)}),
        "bomb",
    ),
    "parts.jpg": (lambda: files.jpeg()[:2] + b"\xff\xe1\x00\x02" * 60_000 + files.jpeg()[2:], "damaged"),
    "macro.docx": (files.docm, "macros"),
    "macro2.docx": (lambda: files.docx(more={"word/vbaProject.bin": b"x"}), "macros"),
    "macro3.xlsx": (lambda: files.docx(more={"xl/macrosheets/sheet1.xml": b"<x/>"}), "macros"),
    "macro.odt": (lambda: files.odf(more={"Basic/Standard/Module1.xml": b"<x/>"}), "macros"),
    "template.docx": (lambda: linked("https://example.org/a.dotm"), "active"),
    "share.docx": (lambda: linked("file:///\\\\10.0.0.1\\a.dotm"), "active"),
    "object.docx": (lambda: linked("http://example.org/a.hta", kind="oleObject"), "active"),
    "dde.docx": (lambda: with_field('DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc"'), "active"),
    "cut_dde.docx": (lambda: with_field(" DD", "EAUTO", " c:\\a.exe"), "active"),
    "simple_dde.docx": (
        lambda: files.docx(more={"word/header1.xml": b'<w:fldSimple w:instr=" dde cmd /k"/>'}),
        "active",
    ),
    "dde.xlsx": (
        lambda: files.docx(more={"xl/externalLinks/externalLink1.xml": b'<ddeLink ddeService="cmd"/>'}),
        "active",
    ),
    "dde.ods": (
        lambda: files.odf(more={"styles.xml": b'<office:dde-source office:dde-application="cmd"/>'}),
        "active",
    ),
    "script.odt": (
        lambda: files.odf(
            more={"styles.xml": b'<a xlink:href="vnd.sun.star.script:a.py$b?language=Python"/>'}
        ),
        "macros",
    ),
    "package.docx": (
        lambda: files.docx(more={"word/embeddings/oleObject1.bin": package("Invois.pdf.js")}),
        "program",
    ),
    "program.docx": (
        lambda: files.docx(more={"word/embeddings/oleObject1.bin": package("Invois", PROGRAM)}),
        "program",
    ),
    "nested_macro.docx": (
        lambda: files.docx(more={"word/embeddings/a.docx": files.docm()}),
        "macros",
    ),
    "opening.pdf": (
        lambda: acting_pdf(lambda writer: writer.add_open_action(JavaScript("app.alert(1)"))),
        "active",
    ),
    "launch.pdf": (lambda: in_compressed_objects(b"<</S /Launch /F (cmd.exe)>>"), "active"),
    "named_launch.pdf": (lambda: in_compressed_objects(b"<</S /L#61unch /F (a)>>"), "active"),
    "opens.pdf": (
        lambda: in_compressed_objects(b"<</OpenAction 91 0 R>>", b"<</S /JavaScript /JS (a)>>"),
        "active",
    ),
    "opens_plain.pdf": (
        lambda: in_compressed_objects(
            b"<</OpenAction 70 0 R>>", before=b"70 0 obj <</Type /Action /S /JavaScript /JS (a)>> endobj\n"
        ),
        "active",
    ),
    "opens_here.pdf": (lambda: in_compressed_objects(b"<</OpenAction <</S/JavaScript/JS(a)>>>>"), "active"),
    "attached_program.pdf": (
        lambda: acting_pdf(lambda writer: writer.add_attachment("a.txt", PROGRAM)),
        "program",
    ),
    "attached_script.pdf": (
        lambda: acting_pdf(lambda writer: writer.add_attachment("Invois.vbs", b"x")),
        "program",
    ),
    "holds.docx": (lambda: files.docx(more={"word/embeddings/a.bin": files.EXE}), "program"),
    "bomb.docx": (lambda: files.docx(more={FAR: b"\x00" * (4 * 1024 * 1024)}), "bomb"),
    "many.docx": (lambda: files.docx(more={f"p{n}": b"" for n in range(office.MAX_ENTRIES + 1)}), "bomb"),
    "parts.docx": (lambda: files.docx(more={f"word/p{n}.xml": b"" for n in range(3_000)}), "bomb"),
    "entities.docx": (
        lambda: files.docx(
            more={"word/footnotes.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>'}
        ),
        "damaged",
    ),
    "late_entities.docx": (
        lambda: files.docx(
            more={
                "word/a.xml": b"<!--"
                + files.noise(65_520).hex().encode()
                + b"--><!DOCTYPE a [<!ENTITY b ''>]><a/>"
            }
        ),
        "damaged",
    ),
    "wide_entities.docx": (
        lambda: files.docx(more={"word/a.xml": '<!DOCTYPE a [<!ENTITY b "bb">]><a/>'.encode("utf-16")}),
        "damaged",
    ),
    "up.docx": (lambda: files.docx(more={"../../etc/cron.d/a": b"x"}), "damaged"),
    "up_inside.docx": (lambda: files.docx(more={"word/../../a": b"x"}), "damaged"),
    "absolute.docx": (lambda: files.docx(more={"/etc/passwd": b"x"}), "damaged"),
    "backslash.docx": (lambda: files.docx(more={"word\\..\\a": b"x"}), "damaged"),
    "drive.docx": (lambda: files.docx(more={"C:a.exe": b"x"}), "damaged"),
    "twice.docx": (lambda: files.docx(more={"Word/Document.xml": b"x"}), "damaged"),
    "roots.pdf": (lambda: files.pdf().replace(b"%%EOF", b"/Root%" * 50_000 + b"\n%%EOF"), "damaged"),
    "spaced_roots.pdf": (
        lambda: files.pdf().replace(b"/Root", b"/Rout") + b"/Root % /Root \n" * 50_000 + b"startxref\n%%EOF",
        "damaged",
    ),
    "nested.docx": (
        lambda: files.docx(more={"a.zip": files.archive({"b.zip": files.archive({"c": b"c"})})}),
        "bomb",
    ),
    "nested_bomb.docx": (
        lambda: files.docx(more={"a.xlsx": files.archive({"b": b"\x00" * (4 * 1024 * 1024)})}),
        "bomb",
    ),
    "lie.docx": (files.lying_docx, "damaged"),
    "prepended.docx": (lambda: b"PK\x03\x04junk" + files.docx(), "damaged"),
    "appended.docx": (lambda: files.docx() + b"junk", "damaged"),
    "billion.docx": (
        lambda: files.archive(
            {"[Content_Types].xml": b'<!DOCTYPE a [<!ENTITY b "bb">]><Types>&b;</Types>', "_rels/.rels": b"x"}
        ),
        "damaged",
    ),
    "polyglot.pdf": (lambda: b"GIF89a" + files.pdf(), "mixed"),
    "behind.pdf": (lambda: files.pdf() + files.archive({"a.exe": files.EXE}), "mixed"),
    "behind.png": (lambda: files.png() + files.archive({"a.exe": files.EXE}), "mixed"),
    "behind.jpg": (lambda: files.jpeg() + b"<script>alert(1)</script>", "mixed"),
    "behind2.jpg": (lambda: files.jpeg() + files.EXE, "mixed"),
    "behind.txt": (lambda: files.TXT * 9 + files.archive({"a": b""}).replace(b"\x00", b" "), "not_text"),
    "inside.jpg": (lambda: files.jpeg()[:2] + b"\xff\xfe\x00\x0a%PDF-1.7" + files.jpeg()[2:], "mixed"),
    "cut.pdf": (lambda: files.pdf()[:-40], "damaged"),
    "only_head.pdf": (lambda: b"%PDF-1.7\n%%EOF", "damaged"),
    "cut.png": (lambda: files.png()[:-10], "damaged"),
    "cut.jpg": (lambda: files.jpeg()[:-10], "damaged"),
    "huge.png": (files.huge_png, "too_many_dots"),
    "nul.txt": (lambda: b"Taklimat\x00di Kluang", "not_text"),
    "noise.csv": (lambda: b"\x9a" + files.noise(4000), "not_text"),
    "mail.eml": (lambda: b"Taklimat tanpa kepala surat\n", "damaged"),
    "gambar.pdf": (files.png, "wrong_extension"),
    "laporan.exe": (files.pdf, "wrong_extension"),
    "laporan": (files.pdf, "wrong_extension"),
    "sheet.docx": (files.xlsx, "wrong_extension"),
    "text.pdf": (lambda: files.TXT, "wrong_extension"),
    "": (files.pdf, "no_name"),
}


def identify(content: bytes, name: str) -> FileKind:
    """Judge a file as an upload is: by a process of its own."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        return judge(Path(file.name), name=name, size=len(content))


@pytest.mark.parametrize("name", ACCEPTED)
def test_identify_accepts_kind(name: str) -> None:
    build, code = ACCEPTED[name]
    assert identify(build(), name).code == code


#: The first of each reason; the rest of a long list is tried with --all.
FIRST = {code: name for name, (_build, code) in reversed(REFUSED.items())}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[] if name in FIRST.values() else [pytest.mark.long]) for name in REFUSED],
)
def test_identify_refuses_hostile(name: str) -> None:
    build, code = REFUSED[name]
    with pytest.raises(BadEvidence) as refusal:
        identify(build(), name)
    assert refusal.value.code == code
    assert str(refusal.value).endswith(".")


def test_identify_names_both_when_extension_lies() -> None:
    with pytest.raises(BadEvidence, match=r"PDF.*PNG.*\.png"):
        identify(files.png(), "Gambar.pdf")


def test_identify_names_program_and_file_when_disguised() -> None:
    with pytest.raises(BadEvidence, match=r"Resit\.pdf"):
        identify(files.EXE, "Resit.pdf")


def test_identify_stops_unpacking_at_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "MAX_UNPACKED_BYTES", 1000)
    content = files.docx(more={"word/media/a.bin": files.noise(2000)})
    with pytest.raises(Refused) as refusal:
        kinds.identify(io.BytesIO(content), extension="docx", size=len(content))
    assert refusal.value.sentence == "bomb"


def test_identify_refuses_overlapping_entries() -> None:
    """A bomb that names the same bytes many times: its entries share their data."""
    content = bytearray(files.docx(more={"word/a": b"a" * 50, "word/b": b"b" * 50}))
    at = content.rfind(b"PK\x01\x02")
    content[at + 42 : at + 46] = struct.pack("<I", 0)
    with pytest.raises(BadEvidence) as refusal:
        identify(bytes(content), "a.docx")
    assert refusal.value.code == "damaged"


def test_identify_reads_flagged_encryption() -> None:
    content = bytearray(files.docx())
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    with pytest.raises(BadEvidence) as refusal:
        identify(bytes(content), "a.docx")
    assert refusal.value.code == "protected"


def test_accepted_extensions_begin_with_dot() -> None:
    assert ".pdf" in accepted_extensions()
    assert all(extension.startswith(".") for extension in accepted_extensions())
