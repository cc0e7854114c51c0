"""How much the guard finds in sentences as police, labour, welfare and prosecutors write them.

`data/reports.txt` was written before the patterns that are measured on it. A third of its sentences, by their SHA-256, are
held out: no pattern is fitted to them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from privacy.detector import find_identities
from privacy.measure import Score


def _sentences(name: str) -> list[str]:
    lines = (Path(__file__).parent / "data" / name).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


SENTENCES = _sentences("reports.txt")
VILLAGES = _sentences("villages.txt")
HELD_OUT = frozenset(sorted(SENTENCES, key=lambda line: sha256(line.encode()).hexdigest())[:100])
SPLITS = {
    "all": SENTENCES,
    "held out": [line for line in SENTENCES if line in HELD_OUT],
    "villages": VILLAGES,
    "villages held out": VILLAGES[-46:],
}
_MARKED = re.compile(r"\[\[(.*?)\]\]")


@dataclass(frozen=True)
class _Report:
    text: str
    identities: tuple[tuple[int, int], ...]


def _read(line: str) -> _Report:
    identities, removed = [], 0
    for mark in _MARKED.finditer(line):
        start = mark.start() - removed
        identities.append((start, start + len(mark[1])))
        removed += len("[[]]")
    return _Report(_MARKED.sub(r"\1", line), tuple(identities))


def _measured(lines: Iterable[str]) -> Score:
    """Count an identity as found if no letter and digit of it is left; a finding that touches none is wrong."""
    score = Score()
    for report in map(_read, lines):
        findings = find_identities(report.text)
        covered = {place for each in findings for place in range(each.start, each.end)}
        for start, end in report.identities:
            is_found = all(
                place in covered or not report.text[place].isalnum() for place in range(start, end)
            )
            score.found += is_found
            score.missed += not is_found
        for each in findings:
            score.wrong += not any(each.start < end and start < each.end for start, end in report.identities)
    return score


def test_a_third_names_nobody_and_a_third_is_held_out() -> None:
    assert len(SENTENCES) == len(set(SENTENCES)) == 300
    assert sum(not _read(line).identities for line in SENTENCES) == 100
    assert len(SPLITS["held out"]) == 100


@pytest.mark.parametrize("split", SPLITS)
def test_precision_and_recall(split: str) -> None:
    score = _measured(SPLITS[split])
    sys.stdout.write(f"{split}: recall {score.recall:.3f}, precision {score.precision:.3f}\n")
    assert score.recall >= 0.85
    assert score.precision >= 0.90


def found(text: str) -> list[tuple[str, str]]:
    """What is found, as (kind, text)."""
    return [(each.kind.value, text[each.start : each.end]) for each in find_identities(text)]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Adik Tan Jia Hui datang.", "name", "Tan Jia Hui"),
        ("Kami menemui Pn. Salbiah di rumahnya.", "name", "Salbiah"),
        ("encik ramli bin daud datang melapor.", "name", "ramli bin daud"),
        ("Zarina, yang berumur 16 tahun, hamil.", "name", "Zarina"),
        ("Halimah Sabri, 42, hadir.", "name", "Halimah Sabri"),
        ("Rosmah Daud dari Kampung Pauh hadir.", "name", "Rosmah Daud"),
        ("Fail IPD Klang/ATIP/12/25 (Lan Phuong) dibuka.", "name", "Lan Phuong"),
        ('"Mei" (Chen Xiao Ling) hadir.', "name", "Chen Xiao Ling"),
        ("Nama sebenar Rina ialah Sri Rahayu.", "name", "Sri Rahayu"),
        ("Pembantu rumah bernama Sumiyati dipukul.", "name", "Sumiyati"),
        ("Unding anak Jali menunggu.", "name", "Unding anak Jali"),
        ("Tulis kepada aina88@surat.example.com segera.", "email", "aina88@surat.example.com"),
        ("Tulis kepada aina(at)surat(dot)example segera.", "email", "aina(at)surat(dot)example"),
        (
            "Kami ke No. 5, Jalan 3/4B, 52100 Kuala Lumpur.",
            "address",
            "No. 5, Jalan 3/4B, 52100 Kuala Lumpur",
        ),
        ("Kami ke no 5 jalan mawar 53100 kl.", "address", "no 5 jalan mawar 53100 kl"),
        ("Dia murid SK Seri Jeram dari Kg. Bukit.", "address", "murid SK Seri Jeram dari Kg. Bukit"),
        ("Mangsa pulang ke Kampung Batu Laut.", "address", "Kampung Batu Laut"),
        ("She went back to Kampung Haji Salleh.", "address", "Kampung Haji Salleh"),
        ("In Kampung Batu Laut, a young girl was seen.", "address", "Kampung Batu Laut"),
        ("No. K/P: 90010-14-5567.", "card", "90010-14-5567"),
        ("Daftar 9001 0114 5567 disemak.", "card", "9001 0114 5567"),
        ("Daftar 900101/14/5567 disemak.", "card", "900101/14/5567"),
        ("No. sijil lahir B 123456.", "card", "B 123456"),
        ("SPLP XD 448120 dikeluarkan.", "passport", "XD 448120"),
        ("PLKS: PPT/2024/12345 tamat.", "permit", "PPT/2024/12345"),
        ("UNHCR 12324C00456 disemak.", "refugee", "12324C00456"),
        ("Fail mangsa Rina (JKM/KL/2025/0077) ditutup.", "detail", "JKM/KL/2025/0077"),
        ("Case file MAPO/2025/0301 of the victim was closed.", "detail", "MAPO/2025/0301"),
        ("Gaji masuk ke akaun 1145 2209 8831 atas nama mangsa.", "detail", "1145 2209 8831"),
        ("He found the girl on Facebook as @bunga.88.", "detail", "@bunga.88"),
        ("Mangsa lahir pada 12/03/2008.", "detail", "12/03/2008"),
        ("Cousins Rafi and Sami Ullah were held.", "name", "Rafi"),
        ("seorang budak bernama wahyu setiadi dipukul", "name", "wahyu setiadi"),
        ("Đặng Thị Mỹ Hạnh dikurung.", "name", "Đặng Thị Mỹ Hạnh"),
        ("Sang Hlei Par, a Chin refugee, was not paid.", "name", "Sang Hlei Par"),
        ("She gave 60 17 332 9981 as her number.", "phone", "60 17 332 9981"),
    ],
)
def test_what_is_found(text: str, kind: str, words: str) -> None:
    assert (kind, words) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Baucar No. 900101-14-0001 dibayar.",
        "Tender 881212-10-2025 ditutup.",
        "Syarikat Maju Jaya Sdn Bhd (No. 850101-14-5521) disiasat.",
        "No. kerja 900101-14-0022 selesai.",
        "Talian bantuan NGO: 012-345 6789 (24 jam).",
        "WhatsApp rasmi JTK 019-261 5998 menerima aduan.",
        "Pejabat JKM, No. 5, Jalan Tun Razak, 50400 Kuala Lumpur.",
        "Jalan Raja Laut, 50350 Kuala Lumpur ditutup.",
        "Masjid Sultan Salahuddin Abdul Aziz Shah digunakan.",
        "Menteri Dalam Negeri, Datuk Seri Ramli Hassan, merasmikan program itu.",
        "YB Puan Aminah Ismail, Timbalan Menteri, hadir.",
        "ACP Soffian bin Santong mengetuai operasi.",
        "Tan Chong Motor Holdings dan Lee Rubber Sdn Bhd.",
        "Puan Pengerusi mengucapkan terima kasih.",
        "Sabah (23), Sarawak (14) dan Johor, 14 tahun lalu.",
        "@Nor Azlina Sila semak jumlah: 29 + 50 = 80; dicetak: 81 (Petunjuk KBB).",
        "UNHCR recorded 192 500 refugees.",
        "Pasport 12 pekerja dan 3 PLKS dirampas pada 12/03/2025.",
        "Program di SK Bukit Tinggi melibatkan 40 murid dari Kampung Melayu.",
        "12 mangsa dari Kampung Batu Laut dan semua pekerja di Kampung Jawa.",
        "The victim came to Kampung Jawa police station.",
        "Women from Kampung Jawa joined, and leaders in Kampung Tok Bali spoke.",
        "E-mel aduan@jtk.gov.my dan info@tenaganita.example.com.",
        "Aduan ke complaints@glove.example.com atau bilikgerakan@apmm.example.my.",
        "Mangsa boleh menelefon Jabatan Tenaga Kerja di 03-8886 5000.",
        "Hubungi Bilik Gerakan di 011-3344 5566 atau 019-388 2222 sebagai talian aduan.",
        "Puan Majistret, Encik Naib Pengarah dan Encik Regional Commander hadir.",
        "Seminar di Sekolah Kebangsaan Puan Fatimah, SJK(C) Yoke Nam dan Haji Osman Mosque.",
        "Jalan Haji Abdul Wahab dan Dewan Dato' Onn Jaafar ditutup.",
        "Murid Tingkatan Enam Atas dan pelajar Semester 3 hadir.",
        "Ketua Pengarah, Dato’ Rashid Hamid, dan Tan Sri Ismail Noor hadir.",
        "Dato' Rashid Hamid, Ketua Pengarah Imigresen, hadir.",
        "Stok kad pengenalan daripada kelompok 881345-07-2219 hilang.",
        "Lima mangsa (fail JKM/KL/2024/0012) pulang; SOP saksi AGC/SOP/2024/3 dibaca.",
        "Data mangsa. Kes JTK/KL/2023/0456 ditutup; akaun amanah mangsa 8600 1245 7731 dibuka.",
        "Akta ini bagi kanak-kanak yang lahir selepas 1 Januari 2008.",
        "Remaja melihat akaun TikTok rasmi @stopdagang.",
    ],
)
def test_what_is_nobodys(text: str) -> None:
    assert found(text) == []


def test_a_card_after_the_company_of_its_holder() -> None:
    """A purchase or a company before a number excuses it only while no person is spoken of between."""
    assert found("Syarikat itu mengupah pekerja 900101-14-5567.") == [("card", "900101-14-5567")]


def test_a_name_is_found_wherever_it_is_said_again() -> None:
    text = "Mangsa Siti Rahayu ditemu bual. Menurut Rahayu, majikan memukulnya; Siti Rahayu lari."
    assert [words for _kind, words in found(text)] == ["Siti Rahayu", "Rahayu", "Siti Rahayu"]
