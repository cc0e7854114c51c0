"""What people type in a Word file: nothing lost, nothing understood, from the right where it runs so."""

from __future__ import annotations

import docx
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from reports.writers.characters import split_directions, starts_right_to_left, xml_text
from reports.writers.docx.elements import ParagraphWriter
from reports.writers.docx.text import DocxText, DocxTranslator, plain
from tests.reports.conftest import NASTY

JAWI = "ڤمرداڠن اورڠ"


def written(text: str) -> Paragraph:
    """A paragraph as it is read again from its XML."""
    document = docx.Document()
    document.element.body.insert(0, ParagraphWriter("ms").paragraph(plain(text)))
    return document.paragraphs[0]


def from_right(paragraph: Paragraph) -> list[str]:
    return [run.text for run in paragraph.runs if run._r.find(f"{qn('w:rPr')}/{qn('w:rtl')}") is not None]


def test_write_text_keeps_every_letter_and_shows_codes_of_control_characters() -> None:
    for text in (NASTY, "", "  dua  ruang  ", "a\n\n\nb", "\tlajur", JAWI, "😀" * 5_000):
        assert written(text).text == text
    text = "a\x00b\x07c\x0bd\x0ce\x1bf\x7fg\x85h\ufffei\ud800j"
    told = "a[U+0000]b[U+0007]c[U+000B]d[U+000C]e[U+001B]f[U+007F]g[U+0085]h[U+FFFE]i[U+D800]j"
    assert written(text).text == told
    assert xml_text("a\r\nb\rc\nd") == "a\nb\nc\nd", "line ends of any system"


def test_split_by_direction_gives_the_same_text_and_keeps_words_of_jawi_together() -> None:
    for text in (NASTY, JAWI, f"a {JAWI}, b", "\u200f\u200e\u202b x", "e\u0301 ا\u064b 12 ب", ""):
        assert "".join(piece for piece, _is_right in split_directions(text)) == text
    pieces = list(split_directions(f"Jawi: {JAWI}, 12 dan 3."))
    assert pieces == [("Jawi: ", False), (JAWI, True), (", 12 dan 3.", False)]
    assert list(split_directions("ا\nب")) == [("ا", True), ("\n", False), ("ب", True)]


def test_write_jawi_marks_its_runs_alone() -> None:
    paragraph = written(f"Jawi: {JAWI}.")

    assert from_right(paragraph) == [JAWI]
    assert paragraph._p.pPr is None


def test_write_text_that_begins_with_jawi_sets_the_paragraph_from_the_right() -> None:
    paragraph = written(f"1. {JAWI} (Jawi)")

    assert starts_right_to_left(paragraph.text)
    assert paragraph._p.pPr.find(qn("w:bidi")) is not None


def test_write_what_looks_like_a_command_stays_text() -> None:
    for text in ("PAGE", "{PAGE}", "{NUMPAGES} \\* MERGEFORMAT", "<w:t>x</w:t>", "http://example.test"):
        paragraph = written(text)
        assert paragraph.text == text
        assert {child.tag for child in paragraph._p.iter()} == {qn("w:p"), qn("w:r"), qn("w:t")}


def test_say_in_two_languages_marks_the_second() -> None:
    made = ParagraphWriter("ms").paragraph(DocxText((("ms", "Bukti"), ("en", "Evidence"))))

    languages = [each.get(qn("w:val")) for each in made.iter(qn("w:lang"))]
    assert [letters.text for letters in made.iter(qn("w:t"))] == ["Bukti", " / ", "Evidence"]
    assert languages == ["en-MY"]


def test_say_what_is_alike_in_both_languages_says_it_once() -> None:
    said = DocxTranslator(("ms", "en"))(lambda: "PDRM")

    assert said.phrases == (("", "PDRM"),)
