"""The section of the figures: read strictly, in the cycle's file or beside it, every mistake told with its line."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

from cycles.file import BadCycleFile, CycleFile, kept_cycle_files, read_cycle_bytes, read_cycle_file
from cycles.file.read import DATA_FOLDER
from indicators.file.entries import FiguresFile
from tests.cycles.test_cycle_file import OTHER_FILE, line_with

DATA = Path(__file__).resolve().parent / "data"
FIGURES = (DATA / "2031-figures.yaml").read_text("utf-8")
STATEMENT = DATA / "2031-statement.txt"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a cycle's file, its figures, and the statement that printed them."""
    for path in (OTHER_FILE, DATA / "2031-figures.yaml", STATEMENT):
        shutil.copy(path, tmp_path)
    return tmp_path


def read(folder: Path) -> tuple[CycleFile, FiguresFile]:
    cycle_file = read_cycle_file(folder / "2031.yaml")
    return cycle_file, cycle_file.others["figures"]


def refused(folder: Path, figures: str | bytes) -> list[str]:
    """What is wrong with the file of figures, one `line: reason` each."""
    data = figures.encode("utf-8", "surrogatepass") if isinstance(figures, str) else figures
    (folder / "2031-figures.yaml").write_bytes(data)
    with pytest.raises(BadCycleFile) as caught:
        read(folder)
    assert all(line.startswith("2031-figures.yaml:") for line in caught.value.lines)
    return [line.removeprefix("2031-figures.yaml:") for line in caught.value.lines]


def test_reads_the_file_beside(folder: Path) -> None:
    cycle_file, figures = read(folder)
    cells = [cell for table in figures.tables for cell in table.cells]
    assert [cell.value for cell in cells if cell.value is not None] == [
        *map(Decimal, (1200, 0, 34, 1234, 5, 1500, 2000))
    ]
    assert [cell.change for cell in cells if cell.change is not None] == [Decimal(33)]
    assert sorted(cycle_file.beside) == ["2031-figures.yaml", "2031-statement.txt"]


def test_section_beside_is_no_cycle_file() -> None:
    assert (DATA_FOLDER / "2023-figures.yaml").exists()
    assert all("figures" not in path.name for path in kept_cycle_files())


def test_file_without_figures_loads_as_before(folder: Path) -> None:
    (folder / "2031-figures.yaml").unlink()
    assert "figures" not in read_cycle_file(folder / "2031.yaml").others


def test_section_in_the_file_itself_wins(folder: Path) -> None:
    with (folder / "2031.yaml").open("a", encoding="utf-8") as file:
        file.write("\n" + FIGURES)
    (folder / "2031-figures.yaml").write_text("not read", encoding="utf-8")
    assert len(read(folder)[1].tables) == 2


def test_uploaded_file_may_hold_the_statement_itself() -> None:
    inline = "\n".join(f"      {line}".rstrip() for line in STATEMENT.read_text("utf-8").splitlines())
    given = FIGURES.replace("  dimensions:\n", f"    text: |\n{inline}\n  dimensions:\n", 1)
    data = f"{OTHER_FILE.read_text('utf-8')}\n{given}".encode()
    figures = read_cycle_bytes(data, name="2031.yaml").others["figures"]
    assert figures.source.content == STATEMENT.read_bytes()


def test_uploaded_file_without_the_statement_is_told_where_to_give_it() -> None:
    text = f"{OTHER_FILE.read_text('utf-8')}\n{FIGURES}"
    with pytest.raises(BadCycleFile) as caught:
        read_cycle_bytes(text.encode(), name="2031.yaml")
    [told] = caught.value.lines
    assert told.startswith(f"2031.yaml:{line_with(text, 'file: 2031-statement.txt')}: ")
    assert "2031-statement.txt" in told


def test_reads_nothing_outside_the_folder(folder: Path) -> None:
    for name in ("../2031-statement.txt", "/etc/passwd", "sub/2031-statement.txt", "..", "no.txt"):
        told = refused(folder, FIGURES.replace("file: 2031-statement.txt", f"file: {name}"))
        assert told[0].startswith(f"{line_with(FIGURES, 'file: 2031-statement.txt')}: "), name


#: What is replaced by what in the file of figures, where the refusal stands, and what it says.
BAD_EDITS = {
    "unknown key": ("      stub: {", "      stab: {", "stab", "stab"),
    "missing key": ("      unit: ringgit\n", "", "code: MONEY", "unit"),
    "unknown unit": ("unit: persons", "unit: heads", "unit: heads", "heads"),
    "unknown pillar": ("pillar: protection", "pillar: pardon", "pillar: pardon", "pardon"),
    "unknown agency": ("agency: XYZ", "agency: ABC", "agency: ABC", "ABC"),
    "unknown item": ("recommendations: [1]", "recommendations: [9]", "recommendations: [9]", "9"),
    "unknown kind of item": ("weaknesses: [2]", "virtues: [2]", "virtues", "virtues"),
    "item twice": ("recommendations: [1]", "recommendations: [1, 1]", "recommendations: [1, 1]", "1"),
    "unknown dimension of an indicator": ("dimensions: [sex]", "dimensions: [sax]", "[sax]", "sax"),
    "unknown dimension of a row": ("by: {sex: men}", "by: {sax: men}", "by: {sax", "sax"),
    "unknown value of a dimension": ("by: {sex: men}", "by: {sex: man}", "by: {sex: man}", "man"),
    "unknown indicator": ("          indicator: MONEY", "          indicator: MANY", "MANY", "MANY"),
    "no indicator": ("      indicator: VICTIMS\n", "", 'printed: ["1,200"', "1,200"),
    "not broken down by it": (
        "          indicator: MONEY",
        "          indicator: MONEY\n          by: {sex: men}",
        'text: "RM1,500.00"',
        "sex",
    ),
    "indicator twice": ("code: MONEY", "code: VICTIMS  # again", "# again", "VICTIMS"),
    "value twice": ("en: Women}", "en: Women}\n        - {code: men, ms: L, en: Again}", "Again", "men"),
    "table twice": ("key: W", "key: M  # again", "# again", "M"),
    "code with a space": ("code: MONEY", "code: MY MONEY", "MY MONEY", "MY MONEY"),
    "text and number differ": ("values: [1200, 0]", "values: [1201, 0]", 'printed: ["1,200"', "1201"),
    "change and text differ": ("change: 33", "change: -33", "change: -33", "-33"),
    "change that is none": ("+ 33%, change: 33", "plus, change: 33", "plus", "plus"),
    "number and change": ("change: 33", "change: 33, value: 33", "change: 33", ""),
    "number in words": ("values: [1200, 0]", "values: [many, 0]", "values: [many", "many"),
    "number as text": ("values: [1200, 0]", 'values: ["1200", 0]', 'values: ["1200"', "1200"),
    "not a number": ("values: [1200, 0]", "values: [.nan, 0]", "values: [.nan", ".nan"),
    "negative number": ("values: [1200, 0]", "values: [-1200, 0]", 'printed: ["1,200"', "-1200"),
    "fraction of a person": ("values: [1200, 0]", "values: [1200.5, 0]", 'printed: ["1,200"', "1200.5"),
    "digits without number": ("values: [34, null]", "values: [null, null]", '"34"', "34"),
    "formula": ('"1,200", "0"', '"=1200", "0"', '"=1200"', "=1200"),
    "formula as a name": ("en: Funds, own: [en]}\n      unit", 'en: "=1+1"}\n      unit', '"=1+1"', "=1+1"),
    "more texts than columns": (
        '["1,234", "5"]\n          values: [1234, 5]',
        '["1,234", "5", "6"]\n          values: [1234, 5, 6]',
        '"5", "6"]',
        "2",
    ),
    "fewer numbers than texts": ("values: [1234, 5]", "values: [1234]", "values: [1234]", "1"),
    "fewer lines than texts": ("lines: [6, 6]", "lines: [6]", "lines: [6]", "1"),
    "column out of range": ("column: 2", "column: 3", "column: 3", "3"),
    "column below nought": ("column: 2", "column: -1", "column: -1", "-1"),
    "group out of range": ('- {ms: "2029",', '- {group: 1, ms: "2029",', "group: 1", "group"),
    "row without cells": ("          line: 5\n          printed", "          line: 5\n          typed", "typed", "typed"),
    "row with both": ("          lines: [6, 6]", "          cells: []\n          lines: [6, 6]", "heading: {ms: WANITA", ""),
    "row without line": ("          line: 7\n", "", "heading: {ms: JUMLAH", "line"),
    "not on its line": ("          line: 7\n", "          line: 4\n", 'printed: ["1,234"', "1,234"),
    "line after the last": ("line: 14}", "line: 1400}", "line: 1400}", "1400"),
    "part of a number": ('text: "2,000", value: 2000', 'text: "000", value: 0', '"000"', "000"),
    "read twice from one line": ('["1,234", "5"]\n          values: [1234, 5]', '["1,234", "1,234"]\n          values: [1234, 1234]', '"1,234", "1,234"', "1,234"),
    "note that is not printed": ("note: Peningkatan", "note: Penurunan", "Penurunan", "Penurunan"),
    "heading that is not printed": ("heading: {ms: LELAKI,", "heading: {ms: LELAKIS,", "LELAKIS", "LELAKIS"),
    "title that is not marked": ("en: MONEY, own: [en]", "en: MONEY", "title: {ms: WANG", "MONEY"),
    "mark of another language": ("en: MONEY, own: [en]", "en: MONEY, own: [fr]", "own: [fr]", "fr"),
    "footnote that is not printed": ("31 Mei 2030", "30 Mei 2030", "30 Mei", "30 Mei"),
    "wrong hash": ("    sha256: ", "    sha256: 0000", "sha256", "SHA-256"),
    "same figure with another number": (
        "          by: {sex: women}\n",
        "          by: {sex: men}\n",
        'printed: ["34"',
        "1,200",
    ),
    "period that ends first": ("to: 2029-12-31", "to: 2028-12-31", "to: 2028-12-31", ""),
    "year that is not whole": ("to: 2029-12-31", "to: 2029-11-30", "to: 2029-11-30", ""),
    "counted after the end": ("counted_to: 2030-05-31", "counted_to: 2031-05-31", "counted_to: 2031", ""),
    "no such day": ("counted_to: 2030-05-31", "counted_to: 2030-05-32", "counted_to: 2030-05-32", "2030-05-32"),
    "unknown kind of period": ("kind: window, from: 2028", "kind: season, from: 2028", "kind: season", "season"),
    "period without end": (", to: 2029-12-31", "", "from: 2029-01-01}", "to"),
    "unstated period with days": ("kind: window, from: 2028", "kind: unstated, from: 2028", "kind: unstated", ""),
    "no period": (", period: {kind: year, from: 2029-01-01, to: 2029-12-31}", "", 'printed: ["1,200"', "1,200"),
    "invisible character": ("en: Each victim once.", 'en: "Each\\u200b victim once."', "u200b", "U+200B"),
    "name too long": ("en: Funds, own: [en]}\n      unit", f"en: {'F' * 201}}}\n      unit", "FFFF", "200"),
    "text that is too long": ('"1,200", "0"', f'"{"1" * 41}", "0"', "1111", "40"),
    "anchor": ("key: W", "key: &w W", "&w", "&"),
}  # fmt: skip


#: Checks that agree with the file.
CHECKS = """  checks:
    - code: sum
      kind: sum
      note: {ms: Jumlah., en: A sum.}
      left: [VICTIMS sex=men, VICTIMS sex=women]
      right: [VICTIMS]
    - code: change
      kind: change
      note: {ms: Perubahan., en: A change.}
      left: [MONEY in 2028/2029]
      right: [MONEY in 2029/2030]
      printed: W 1/3
    - code: more
      kind: bound
      note: {ms: Lebih., en: More.}
      periods: [2029/2030]
      left: [MONEY]
      right: [MONEY]  # more
"""
#: What is replaced by what in the checks, and what the refusal says of it.
BAD_CHECKS = {
    "right: [VICTIMS]": {
        "right: [VICTIM]": "VICTIM is not an indicator of this file.",
        "right: [VICTIMS, MONEY]": "A sum has one number on the right.",
        "right: []": "“right” names no number.",
    },
    "left: [VICTIMS sex=men,": {
        "left: [VICTIMS sex=man,": "man is not a value of sex.",
        "left: [VICTIMS tier=tier_1,": "VICTIMS is not broken down by tier.",
        "left: [VICTIMS  men,": "is not of the form",
        "left: [VICTIMS sex=men sex=men,": "names a dimension twice",
        "left: [VICTIMS sex=men in 2030,": "Either all numbers of a check",
    },
    "printed: W 1/3": {
        "printed: W 1/2": "The file has no printed change in this place.",
        "printed: W1": "is not a place in a table",
    },
    "# more": {"\n      claim: 99": "is linked but is not in the file"},
    "code: change": {"code: sum": "sum appears twice", "code: kb sum": "is not a code"},
    "periods: [2029/2030]": {"periods: [2027/2028]": "The file has no figure of"},
    "kind: sum": {
        "kind: summe": "“summe” is not known",
        "kind: change": "and no other, has a printed",
        "kind: sum\n      claim: 9": "Only a check of",
        "why: x\n      kind: sum": "“why” is not known",
    },
}


def test_refuses_a_mistake_with_its_line_and_reason(folder: Path) -> None:
    for name, (old, new, place, word) in BAD_EDITS.items():
        assert old in FIGURES, name
        bad = FIGURES.replace(old, new, 1)
        told = [line.split(": ", 1) for line in refused(folder, bad)]
        at = str(line_with(bad, place))
        assert any(line == at and word in reason for line, reason in told), name


def test_refuses_a_mistake_in_a_check_with_its_line_and_reason(folder: Path) -> None:
    (folder / "2031-figures.yaml").write_text(FIGURES + CHECKS, "utf-8")
    assert len(read(folder)[1].checks) == 3
    for old, mistakes in BAD_CHECKS.items():
        assert CHECKS.count(old) == 1, old
        first = FIGURES.count("\n") + CHECKS[: CHECKS.index(old)].count("\n") + 1
        for new, reason in mistakes.items():
            with translation.override("en"):
                told = [line.split(": ", 1) for line in refused(folder, FIGURES + CHECKS.replace(old, new))]
            assert any(reason in words and abs(int(line) - first) < 6 for line, words in told), new


def test_refuses_a_bad_statement_at_the_line_that_names_it(folder: Path) -> None:
    bad = {
        b"\xff\xfe": "UTF-8",
        "MANGSA\u200b".encode(): "U+200B",
        b"x" * (512 * 1024 + 1): "512 KB",
        b"  \n": "SHA-256",
    }
    lines = {str(line_with(FIGURES, place)) for place in ("file: 2031-statement.txt", "sha256:")}
    for statement, word in bad.items():
        (folder / "2031-statement.txt").write_bytes(statement)
        told = refused(folder, FIGURES)
        assert any(word in line for line in told), word
        assert {line.split(":")[0] for line in told} <= lines, word


def test_refuses_a_file_of_another_shape(folder: Path) -> None:
    for text in ("", "figures: []\n", "figures: {}\n", "figures:\n", "- x\n", "other: 1\n"):
        assert refused(folder, text), text


def test_problems_of_the_cycle_file_are_told_under_its_own_name(folder: Path) -> None:
    path = folder / "2031.yaml"
    path.write_text(path.read_text("utf-8").replace("year: 2031", "year: soon"), encoding="utf-8")
    with pytest.raises(BadCycleFile) as caught:
        read(folder)
    assert all(line.startswith("2031.yaml:") for line in caught.value.lines)
