"""What people type comes out of a printed summary as they typed it, and opens nothing."""

from __future__ import annotations

import random
import subprocess
import unicodedata
from datetime import datetime

import pytest
import typst

from reports.writers.pdf import compiler, summary
from reports.writers.pdf.compiler import TEMPLATES, compile_pdf, run_typst
from reports.writers.pdf.fonts import printable
from reports.writers.pdf.typst_data import TypedText, to_json
from tests.reports.conftest import NASTY, Told
from tests.reports.printed_pdf import PrintedPaper, letters

pytestmark = pytest.mark.django_db

#: Stand before and after a text, so that it is found again.
BEGIN, END = "Mula di sini", "tamat di sini"


def with_narrative(told: Told, text: str) -> PrintedPaper:
    """The summary in which the first narrative is this text, between two lines."""
    maker = told.maker()
    data = summary.summary_data(told.content(), maker=maker)
    data["items"][0]["updates"][0]["text"] = TypedText(f"{BEGIN}\n{text}\n{END}")
    return PrintedPaper(compile_pdf("summary.typ", data, maker.made_at))


def between(paper: PrintedPaper) -> str:
    text = paper.text
    return text[text.index(BEGIN) + len(BEGIN) : text.index(END)]


def test_nasty_narrative_comes_out_to_the_letter(full_pdf: bytes) -> None:
    words = PrintedPaper(full_pdf).words
    for line in NASTY.splitlines()[:3]:
        assert " ".join(line.split()) in words
    # The last line runs from right to left in part: its signs are compared, whatever their order on the page.
    begun = words.index("Jawi:")
    assert letters(words[begun : words.index("Meliputi", begun)]) == letters(NASTY.splitlines()[3])


SCRIPTS = (
    "陳大文 中文 日本語 한국어",
    "தமிழ் மலேசியா",
    "ไทย हिन्दी",
    "√2 ≈ 1.41 → ½ ¾ № § ∞ ♥ ★ ☎ ✔ ⚖",
    "é è ñ ḍ ṣ ā ī ū e\u0301 n\u0303",
    "😀 👩‍⚖️ 🇲🇾 👍🏽",
    "ڤمرداڠن اورڠ، جاوي چ ڤ ݢ ڽ ۏ",
)


def test_each_script_has_a_face_and_comes_out_whole_and_lines_stay(told: Told) -> None:
    found = between(with_narrative(told, "satu\ndua\n\n\n\ntiga\n" + "\n".join(SCRIPTS)))
    assert letters(found) == letters("satu dua tiga" + "".join(SCRIPTS))
    lines = [line.strip() for line in found.splitlines() if line.strip()]
    assert lines[:3] == ["satu", "dua", "tiga"] and len(lines) == 3 + len(SCRIPTS)


def test_sign_without_a_face_is_shown_by_its_number() -> None:
    assert printable("a\ue000b") == "a[U+E000]b"
    assert printable("\x07\ufeff") == "[U+0007][U+FEFF]"
    assert printable("tab\tx\r\ny") == "tab\u2003x\ny"


def test_signs_that_no_face_has_together_are_still_told(told: Told) -> None:
    chance = random.Random(5)
    usable = [sign for sign in map(chr, range(0x21, 0x30000)) if _stands_for_itself(sign)]
    mixed = "".join(chance.choices(usable, k=400))
    words = between(with_narrative(told, mixed))
    kept = set(unicodedata.normalize("NFD", words))
    lost = [sign for sign in mixed if f"U+{ord(sign):04X}" not in words.replace("\n", "")
            and not kept.issuperset(unicodedata.normalize("NFD", sign))]  # fmt: skip
    assert not lost


def test_text_that_cannot_be_set_changes_no_other_text(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    jawi, refused = "ڤمرداڠن اورڠ 😀", "ڠ"
    maker, compiled = told.maker(), []

    def compile_or_refuse(template: str, data: str, made_at: datetime) -> bytes:
        compiled.append(template)
        if f"Salji {refused}" in data:
            raise typst.TypstError("the text could not be displayed")
        return run_typst(template, data, made_at)

    monkeypatch.setattr(compiler, "run_typst", compile_or_refuse)
    data = summary.summary_data(told.content(), maker=maker)
    data["items"][0]["updates"][0]["text"] = TypedText(f"{BEGIN}\n{jawi}\n{END}")
    data["items"][1]["updates"][0]["text"] = TypedText(f"Salji {refused}")
    paper = PrintedPaper(compile_pdf("summary.typ", data, maker.made_at))
    assert letters(between(paper)) == letters(jawi)
    assert f"Salji [U+{ord(refused):04X}]" in paper.words
    assert compiled.count("summary.typ") == 2


def _stands_for_itself(sign: str) -> bool:
    """Assigned, seen, and neither from right to left nor of private use."""
    is_seen = unicodedata.category(sign)[0] in "LMNPS"
    return is_seen and unicodedata.bidirectional(sign) not in ("R", "AL", "AN")


def test_longest_narrative_and_longest_word_stay_on_the_page(told: Told) -> None:
    word = "".join(chr(ord("a") + place % 26) for place in range(5_000))
    paper = with_narrative(told, word)
    assert between(paper).replace("\n", "").count("abcdefghijklmnopqrstuvwxyz") == 5_000 // 26
    assert max(right_edges(paper)) < 595 - 40


def right_edges(paper: PrintedPaper, holding: str = "") -> list[float]:
    """How far to the right the words with these letters reach, in points."""
    done = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=paper.content, capture_output=True, check=True
    ).stdout.decode()
    words = [line for line in done.splitlines() if "<word" in line and holding in line]
    return [float(line.split('xMax="')[1].split('"')[0]) for line in words]


def test_jawi_runs_from_the_right_margin(told: Told) -> None:
    paper = with_narrative(told, "x\n\nڤمرداڠن اورڠ\n\ny")
    assert max(right_edges(paper, "ڤ")) > 595 - 17 * 2.835 - 5


def test_text_opens_no_file_no_package_and_no_address(told: Told) -> None:
    """Typst's own words for opening things are printed as words."""
    maker = told.maker()
    data = summary.summary_data(told.content(), maker=maker)
    evil = '#read("/etc/passwd") #image("http://example.test/x.png") #import "@preview/cetz:0.3.0": *'
    data["items"][0]["updates"][0]["text"] = TypedText(evil)
    paper = PrintedPaper(run_typst("summary.typ", to_json(data), maker.made_at))
    assert evil in paper.words
    assert "root:" not in paper.words


@pytest.mark.parametrize("path", ["/etc/passwd", "../../../../../../etc/passwd", "../compiler.py"])
def test_not_even_a_template_can_open_what_lies_elsewhere(path: str) -> None:
    source = f'#set document(title: "x")\n#read("{path}")'.encode()
    with pytest.raises(typst.TypstError):
        typst.compile(source, root=str(TEMPLATES), ignore_system_fonts=True)


def test_templates_import_only_each_other_and_evaluate_nothing() -> None:
    for template in TEMPLATES.glob("*.typ"):
        source = template.read_text(encoding="utf-8")
        assert "eval(" not in source and "@preview" not in source and "read(" not in source
        imports = [line.split('"')[1] for line in source.splitlines() if "import " in line and '"' in line]
        assert all((TEMPLATES / name).exists() for name in imports)
