"""Names in a pack: whatever people called their files, they unpack on any machine, beside each other."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from reports.pack.manifest import sha256_sums
from reports.pack.names import MOST_BYTES, MOST_CHARACTERS, UniqueNames, safe_name
from tests.reports.conftest import NASTY, Told
from tests.reports.packs import TODAY, asked, cite, make_row, take

#: Names that somebody might have given, and what becomes of them.
GIVEN = {
    "../../etc/passwd": "passwd",
    "/etc/shadow": "shadow",
    "C:\\Windows\\system32\\drivers.pdf": "drivers.pdf",
    "..": "dokumen-7",
    " . ": "dokumen-7",
    "": "dokumen-7",
    "\u200b\u202e": "dokumen-7",
    "CON": "_CON",
    "nul.txt": "_nul.txt",
    "con .pdf": "_con.pdf",
    "LPT1.tar.gz": "_LPT1.tar.gz",
    "COM¹.pdf": "_COM¹.pdf",
    "CONOUT$": "_CONOUT$",
    "console.pdf": "console.pdf",
    "Laporan.": "Laporan",
    "Laporan .pdf": "Laporan.pdf",
    "Laporan\u202efdp.exe": "Laporanfdp.exe",
    "a\nb\tc\x00d\x7f.pdf": "abcd.pdf",
    'a<b>c:d"e|f?g*h.pdf': "a_b_c_d_e_f_g_h.pdf",
    ".htaccess": "htaccess",
    "-rf.pdf": "-rf.pdf",
    "ڤمرداڠن.pdf": "ڤمرداڠن.pdf",
    "😀 akhir.pdf": "😀 akhir.pdf",
}


def test_name_is_made_safe_and_a_long_one_is_cut_and_keeps_its_extension() -> None:
    for given, safe in GIVEN.items():
        assert safe_name(given, instead="dokumen-7") == safe
    for letter in ("a", "ڤ", "漢", "😀", "e\u0301"):
        name = safe_name(letter * 300 + ".pdf", instead="-")
        assert name.endswith(".pdf") and len(name) <= MOST_CHARACTERS and len(name.encode()) <= MOST_BYTES


def test_names_that_some_system_takes_for_one_are_told_apart_in_stable_order() -> None:
    names = UniqueNames()
    given = {
        "Laporan.pdf": "bukti/Laporan (2).pdf",
        "LAPORAN.PDF": "bukti/LAPORAN (3).PDF",
        "Laporan (2).pdf": "bukti/Laporan (2) (2).pdf",
        "straße": "bukti/straße",
        "STRASSE": "bukti/STRASSE (2)",
        "é.pdf": "bukti/é.pdf",
        "e\u0301.pdf": "bukti/e\u0301 (2).pdf",
    }
    assert names.give("bukti", "Laporan.pdf") == "bukti/Laporan.pdf"
    assert {name: names.give("bukti", name) for name in given} == given
    assert names.give("lain", "Laporan.pdf") == "lain/Laporan.pdf"


def test_many_of_one_name_are_numbered_without_searching() -> None:
    names = UniqueNames()
    given = [names.give("", "Laporan.pdf") for _number in range(20_000)]
    assert len(set(given)) == 20_000 and given[-1] == "Laporan (20000).pdf"


@pytest.mark.django_db
def test_pack_of_hostile_names_unpacks_inside_its_folder(told: Told, tmp_path: Path) -> None:
    hostile = (*GIVEN, "Laporan.pdf", "laporan.PDF", NASTY[:200], "x" * 255)
    names = [name.replace("\0", "") or "-" for name in hostile]
    rows = [make_row(told, name=name, content=f"{place}".encode()) for place, name in enumerate(names)]
    cite(told, rows)
    taken = take(told, asked(told, day=TODAY, item="recommendation-2"))
    (tmp_path / "pek.zip").write_bytes(taken.content)
    for command in (
        ["unzip", "-q", "pek.zip", "-d", "pek"],
        ["sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS"],
    ):
        folder = tmp_path if command[0] == "unzip" else tmp_path / "pek" / taken.folder
        done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    found = list((tmp_path / "pek" / taken.folder / "bukti" / "syor-02" / "JIM").iterdir())
    assert len(found) == len(rows) + 1
    assert {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*")} == {"pek", "pek.zip"}
    for row in rows:
        name = taken.document(row)["name"]
        assert taken.read(name) == (tmp_path / "pek" / taken.folder / name).read_bytes()
        assert not re.search(r'[\x00-\x1f\x7f\\:*?"<>|\u202a-\u202e\u2066-\u2069]', name)


def test_sums_with_names_that_hold_line_ends_and_backslashes_are_taken(tmp_path: Path) -> None:
    names = ["biasa.txt", "garis\nbaharu.txt", "balik\\garis.txt", "kembali\r.txt", " ruang.txt"]
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    for name in names:
        (tmp_path / name).touch()
    (tmp_path / "SUMS").write_bytes(sha256_sums((name, empty) for name in names))
    done = subprocess.run(
        ["sha256sum", "--strict", "-c", "SUMS"], cwd=tmp_path, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0 and done.stdout.count("OK") == len(names), done.stdout + done.stderr
