"""What is found in a text, what is left alone, and how well on sentences with invented identities."""

from __future__ import annotations

import re
import time
from collections import Counter
from itertools import pairwise

import pytest
from django.core.management import call_command

from privacy.detector import find_identities
from privacy.kinds import IdentityKind, count_kinds
from privacy.measure import Sentence, measure, read_sentences


def found(text: str) -> list[tuple[str, str]]:
    """What is found, as (kind, text)."""
    return [(each.kind.value, text[each.start : each.end]) for each in find_identities(text)]


@pytest.mark.parametrize("language", ["ms", "en", "all"])
@pytest.mark.parametrize("split", ["held", "tune", "all"])
def test_precision_and_recall(split: str, language: str) -> None:
    score = measure(read_sentences())[split, language, "all"]
    assert score.precision >= 0.95
    assert score.recall >= 0.95


def test_the_sentences_are_many_and_mixed() -> None:
    sentences = read_sentences()
    languages = Counter(each.language for each in sentences)
    named = sum(bool(each.identities) for each in sentences)
    assert len(sentences) == len({each.text for each in sentences}) >= 400
    assert abs(languages["ms"] - languages["en"]) < 20
    assert 0.4 < named / len(sentences) < 0.6
    assert sum(each.split == "held" for each in sentences) >= 100


def test_measuring_counts_every_mistake() -> None:
    text = "Mangsa KP 900101-14-5567 dan 018-223 4455."
    right, missed = find_identities(text)[0], find_identities("x" * 60 + " 018-223 4455")[0]
    scores = measure([Sentence("ms", "tune", text, (right, missed))])
    score = scores["tune", "ms", "all"]
    assert (score.found, score.missed, score.wrong) == (1, 1, 1)
    assert (score.precision, score.recall) == (0.5, 0.5)


def test_the_command_prints_both(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("measure_identity_detector")
    printed = capsys.readouterr().out
    assert "precision" in printed and "recall" in printed
    for split in ("held", "all"):
        [shares] = re.findall(rf"^{split:5}all all +([01]\.\d+) +([01]\.\d+)", printed, re.MULTILINE)
        assert all(float(share) >= 0.95 for share in shares)


@pytest.mark.parametrize(
    "text",
    [
        "900101-14-5567",
        "900101145567",
        "900101 14 5567",
        "900101–14–5567",
    ],
)
def test_a_card_in_each_way_of_writing(text: str) -> None:
    assert found(f"KP {text} dicatat") == [("card", text)]


@pytest.mark.parametrize("text", ["901301-14-5567", "900132-14-5567", "900101-00-5567", "1900101-14-5567"])
def test_what_cannot_be_a_card(text: str) -> None:
    assert found(f"rujukan {text} dicatat") == []


def test_public_lines_and_offices_are_nobodys_own() -> None:
    assert found("Hubungi 999, 15999, 1-300-88-1234, 03-8000 8000 atau pejabat 04-733 1234.") == []
    assert found("Ibu mangsa tinggal di Kedah, telefon 04-733 1234.") == [("phone", "04-733 1234")]


def test_names_of_others_are_left_alone() -> None:
    assert found("Inspektor Kamal bin Hashim menahan suspek bernama Jaafar bin Musa.") == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("card", "900101 - 14 - 5567"),
        ("card", "900101\u00a014\u00a05567"),
        ("card", "900101\u201114\u20115567"),
        ("card", "900101\u221214\u22125567"),
        ("card", "900101\u200b-14-\u00ad5567"),
        ("card", "9\u206000101145567"),
        ("phone", "012\u2011345 6789"),
        ("phone", "012\u00a0345\u202f6789"),
        ("phone", "012-345\u200b6789"),
        ("name", "Siti\u00a0Amin\u00adah binti\u00a0\u200bAli"),
        ("passport", "A12\u200b345678"),
    ],
)
def test_signs_that_nobody_sees_hide_nothing(kind: str, text: str) -> None:
    """A soft hyphen, a space that does not break, or a sign without width: Word and PDF files are full of them."""
    around = f"Mangsa bernama {text}" if kind == "name" else f"Mangsa itu: {text}"
    assert found(f"\u202b{around}\u202c, hadir.") == [(kind, text)]


@pytest.mark.parametrize(
    "name",
    [
        "Nguyen Van An",
        "Sri Wahyuni",
        "Do Van Tuan",
        "Hari Bahadur Thapa",
        "Rita K.C",
        "Md. Abdul Ahad",
        "A.K.M. Fazlul Haque",
        "S. Letchumi a/p Raman",
        "Kesavan a/l Gopal",
        "Kong Mei Ling",
        "Ma. Theresa dela Cruz",
        "Muhammad Hakim bin Jumaat",
        "Siti Aminah @ Aminah binti Ali",
        "Siti Aminah alias Rina",
        "MA. THERESA DELA CRUZ",
        "Wan Nur Farah Aina binti Wan Mohd Khairul Anuar",
        "siti binti mohd ali",
        "Siti aminah binti ali",
    ],
)
def test_the_whole_name_is_found(name: str) -> None:
    """Half a name left after redaction still tells who it is."""
    assert found(f"Mangsa bernama {name} tiba di Melaka.") == [("name", name)]
    assert found(f"The victim, {name}, was moved.") == [("name", name)]


def test_a_long_list_of_names_is_found_to_its_end() -> None:
    names = ["Nguyen Van An", "Sri Wahyuni", "Ma. Theresa dela Cruz", "Hari Bahadur Thapa"] * 6
    assert found(f"Mangsa: {', '.join(names)} dan Do Van Tuan.") == [
        ("name", name) for name in [*names, "Do Van Tuan"]
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Mangsa Sungai Petani dan Batu Pahat menerima elaun.",
        "Mangsa Jabatan Tenaga Kerja Sarawak dirujuk semula.",
        "Mangsa, Penolong Kanan Pengarah, hadir.",
        "MANGSA MENGHADIRI KURSUS KEMAHIRAN.",
        "Victim Liaison Officer Rosli attended.",
        "Victim B. He gave his statement.",
        "Victims Hong Kong and Sri Lanka were sent home.",
        "It depends on Tirai Senja, the person, and the day.",
    ],
)
def test_agencies_posts_and_places_are_no_names(text: str) -> None:
    assert found(text) == []


def test_findings_do_not_overlap() -> None:
    text = " ".join(each.text for each in read_sentences())
    findings = find_identities(text, most=len(text))
    assert all(one.end <= other.start for one, other in pairwise(findings))


def test_counting_kinds() -> None:
    findings = find_identities("Mangsa KP 900101-14-5567, 018-223 4455 dan 018-223 4456")
    assert count_kinds(findings) == {"card": 1, "phone": 2}
    assert set(count_kinds(findings)) <= set(IdentityKind.values)


@pytest.mark.parametrize(
    "text", ["", " ", "İ" * 50 + " mangsa Siti Rahayu.", "mangsa", "a girl named", "mangsa ("]
)
def test_odd_texts(text: str) -> None:
    assert found(text) in ([], [("name", "Siti Rahayu")])


@pytest.mark.parametrize(
    "piece",
    [
        "0123456789 ",
        "012-345 6789 ",
        "mangsa Siti Rahayu, ",
        "Siti ",
        "pasport A1234567 ",
        "mangsa, ",
        "a",
        "9",
        "+1",
        "kp ",
    ],
)
def test_a_long_text_takes_little_time(piece: str) -> None:
    """Each takes less than a second of the processor; a pattern that goes back would take minutes."""
    length = 200_000
    text = (piece * length)[:length]
    begun = time.process_time()
    find_identities(text, most=length)
    assert time.process_time() - begun < 20
