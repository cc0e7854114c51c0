"""Cycle files: the texts of the first one to the letter, and what a bad file is told."""

import re
from datetime import date
from pathlib import Path

import pytest

from accounts.models import Agency
from cycles.file import BadCycleFile, CycleFile, ItemEntry, read_cycle_file
from cycles.file.read import CODE_LENGTH, NAME_LENGTH, SOURCE_LENGTH, TIER_LENGTH
from cycles.titles import title_key
from recommendations.models import Cycle
from recommendations.states import AssignmentRole, ItemKind

ROOT = Path(__file__).resolve().parent.parent.parent
FIRST_FILE = ROOT / "recommendations" / "data" / "2023.yaml"
DATA = Path(__file__).resolve().parent / "data"
OTHER_FILE = DATA / "2031.yaml"

#: Where each list begins in the statement's annexes: (kind, language) → heading.
HEADINGS = {
    (ItemKind.ACHIEVEMENT, "ms"): "9 ASPEK POSITIF",
    (ItemKind.WEAKNESS, "ms"): "6 ASPEK NEGATIF",
    (ItemKind.RECOMMENDATION, "ms"): "15 PERKARA PENAMBAHBAIKAN",
    (ItemKind.ACHIEVEMENT, "en"): "9 POSITIVE ASPECTS",
    (ItemKind.WEAKNESS, "en"): "6 NEGATIVE ASPECTS",
    (ItemKind.RECOMMENDATION, "en"): "15 RECOMMENDATIONS FROM",
}


def statement_texts(kind: ItemKind, language: str) -> list[str]:
    """The texts of one list as the statement has them, with nothing but the page's line breaks undone."""
    statement = (DATA / "kenyataan-media-2023-06-16.txt").read_text(encoding="utf-8")
    after = statement.split(HEADINGS[kind, language], 1)[1].split("\n", 1)[1]
    body = re.split(r"^ ?(?:LAMPIRAN|ANNEXURE|\d+ [A-Z]{3,})", after, maxsplit=1, flags=re.MULTILINE)[0]
    entries = re.split(r"^ ?\d{1,2}\. ", body, flags=re.MULTILINE)[1:]
    return [" ".join(entry.split()) for entry in entries]


@pytest.fixture(scope="module")
def first() -> CycleFile:
    return read_cycle_file(FIRST_FILE)


def items_of(cycle_file: CycleFile, kind: ItemKind) -> list[ItemEntry]:
    return [item for item in cycle_file.items if item.kind == kind]


def test_texts_are_those_of_the_statement_to_the_letter(first: CycleFile) -> None:
    for language in ("ms", "en"):
        for kind, count in ((ItemKind.RECOMMENDATION, 15), (ItemKind.WEAKNESS, 6), (ItemKind.ACHIEVEMENT, 9)):
            texts = [item.columns[f"text_{language}"] for item in items_of(first, kind)]
            assert texts == statement_texts(kind, language), (kind, language)
            assert len(texts) == count, (kind, language)


def test_texts_keep_what_looks_wrong_in_the_statement(first: CycleFile) -> None:
    fifth = items_of(first, ItemKind.RECOMMENDATION)[4].columns["text_ms"]
    assert "pengawai" in fifth
    assert fifth.endswith("undang-undang,")
    assert items_of(first, ItemKind.ACHIEVEMENT)[7].columns["text_ms"].endswith("(KB);")
    assert "victims’ access" in items_of(first, ItemKind.RECOMMENDATION)[13].columns["text_en"]
    assert (
        "cases – as distinct from migrant smuggling – including"
        in items_of(first, ItemKind.RECOMMENDATION)[2].columns["text_en"]
    )


def test_dates_and_tiers_of_the_first_cycle(first: CycleFile) -> None:
    cycle = first.cycle
    assert (cycle.year, cycle.published_on, cycle.source_on) == (2023, date(2023, 6, 15), date(2023, 6, 16))
    assert (cycle.window_start, cycle.window_end) == (date(2023, 4, 1), date(2024, 3, 31))
    assert (cycle.interim_on, cycle.submission_on) == (date(2023, 9, 30), date(2024, 2, 1))
    assert "88 FR 77398" in cycle.submission_source_en
    assert cycle.quote_ms.startswith("KDN dan MAPO akan terus") and cycle.quote_en == ""
    assert (cycle.tier_before_ms, cycle.tier_after_ms) == ("Tahap 3", "Tahap 2 Pemerhatian")
    assert (cycle.tier_before_en, cycle.tier_after_en) == ("Tier 3", "Tier 2 Watch List")


def test_suggestions_pillars_and_links_of_the_first_cycle(first: CycleFile) -> None:
    assert len(first.agencies) == 20
    recommendations, weaknesses = items_of(first, ItemKind.RECOMMENDATION), items_of(first, ItemKind.WEAKNESS)
    leads = [item.suggestions[0] for item in [*recommendations, *weaknesses]]
    assert {lead.role for lead in leads} == {AssignmentRole.LEAD}
    assert [lead.code for lead in leads[:5]] == ["NSO", "NSO", "AGC", "KSM", "KDN"]
    assert [entry.code for entry in recommendations[14].suggestions] == ["PDRM", "JIM", "JTK", "KLN", "MOT"]
    pillars = {
        pillar: [item.number for item in recommendations if item.columns["pillar"] == pillar]
        for pillar in ("prosecution", "protection", "prevention")
    }
    assert pillars == {
        "prosecution": [3, 5, 6, 11],
        "protection": [1, 2, 7, 8, 12, 14, 15],
        "prevention": [4, 9, 10, 13],
    }
    links = {
        item.number: [(answer.kind.value[:1], answer.number) for answer in item.answers]
        for item in weaknesses
    }
    assert links[1] == [("r", 1), ("r", 3), ("r", 11), ("a", 1), ("a", 2), ("a", 5)]
    assert links[5] == [("r", 6), ("r", 8)]
    assert not any(item.suggestions or item.answers for item in items_of(first, ItemKind.ACHIEVEMENT))


def test_divergence_is_noted_in_both_languages_or_in_neither(first: CycleFile) -> None:
    noted = {(item.kind, item.number) for item in first.items if item.columns["divergence_ms"]}
    assert noted == {(item.kind, item.number) for item in first.items if item.columns["divergence_en"]}
    named = {(ItemKind.RECOMMENDATION, number) for number in (1, 3, 5, 8, 11, 12)}
    assert noted >= named | {(ItemKind.WEAKNESS, number) for number in (2, 3, 6)}
    # These say the same in both languages.
    assert not noted & {
        (ItemKind.RECOMMENDATION, 7),
        (ItemKind.WEAKNESS, 4),
        (ItemKind.ACHIEVEMENT, 2),
        (ItemKind.ACHIEVEMENT, 9),
    }


def test_each_item_of_the_first_cycle_has_its_own_short_title(first: CycleFile) -> None:
    for language in ("ms", "en"):
        titles = [item.columns[f"title_{language}"] for item in first.items]
        texts = [item.columns[f"text_{language}"] for item in first.items]
        assert all(0 < len(title) <= 62 for title in titles)
        assert len({title_key(title) for title in titles}) == len(titles) == 30
        assert not set(titles) & set(texts) - {"Delays in prosecution"}
        assert not [title for title in titles if title.endswith((".", ";", ","))]


def test_another_cycle_is_read_with_other_counts() -> None:
    other = read_cycle_file(OTHER_FILE)
    counts = {kind.value: len(items_of(other, kind)) for kind in ItemKind}
    assert counts == {"recommendation": 3, "weakness": 2, "achievement": 0}
    assert (other.cycle.cadence_days, other.cycle.due_soon_days, other.cycle.stale_after_days) == (14, 7, 45)
    assert [entry.role for entry in items_of(other, ItemKind.RECOMMENDATION)[2].suggestions] == [
        AssignmentRole.SUPPORT
    ]


def test_lengths_are_those_of_the_database() -> None:
    assert Agency._meta.get_field("code").max_length == CODE_LENGTH
    assert Agency._meta.get_field("name_ms").max_length == NAME_LENGTH
    assert Cycle._meta.get_field("tier_after_ms").max_length == TIER_LENGTH
    assert Cycle._meta.get_field("source_en").max_length == SOURCE_LENGTH


def refusal(tmp_path: Path, text: str | bytes) -> list[str]:
    """Read a file with this text; return what was refused, one `line: reason` each, without the file's name."""
    path = tmp_path / "bad.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
    with pytest.raises(BadCycleFile) as caught:
        read_cycle_file(path)
    assert str(caught.value) == "\n".join(caught.value.lines)
    assert all(line.startswith("bad.yaml:") for line in caught.value.lines)
    return [line.removeprefix("bad.yaml:") for line in caught.value.lines]


def line_with(text: str, part: str) -> int:
    """The first line (from 1) of a text that holds a part."""
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


#: What is replaced by what in the other year's file, where the refusal stands, and what it says.
BAD_EDITS = {
    "unknown key": (
        "  published_on: 2031-07-02",
        "  published_on: 2031-07-02\n  colour: red",
        "colour",
        "colour",
    ),
    "unknown key of an item": ("      pillar: prevention", "      piller: prevention", "piller", "piller"),
    "missing key": ("  tier_after:\n    ms: Tahap 1\n    en: Tier 1\n", "", "year: 2031", "tier_after"),
    "missing language": ("      en: Second sample weakness\n", "", "Kelemahan contoh kedua", "en"),
    "duplicate key": ("  year: 2031", "  year: 2031\n  year: 2032", "year: 2032", "year"),
    "two leads by key": ("        lead: XYZ", "        lead: XYZ\n        lead: PDRM", "lead: PDRM", "lead"),
    "two leads by list": ("        lead: XYZ", "        lead: [XYZ, PDRM]", "lead: [XYZ", "support"),
    "unknown agency": ("support: [PDRM]", "support: [PDRM, ABC]", "support: [PDRM, ABC]", "ABC"),
    "agency twice on an item": ("support: [PDRM]", "support: [PDRM, XYZ]", "support: [PDRM, XYZ]", "XYZ"),
    "agency twice in the list": (
        "  - code: XYZ",
        "  - code: PDRM  # again\n    name: {ms: Polis, en: Police}\n  - code: XYZ",
        "# again",
        "PDRM",
    ),
    "agency code that YAML reads as no": ("code: XYZ", "code: NO", "code: NO", ""),
    "agency code in small letters": ("code: XYZ", "code: xyz", "code: xyz", "xyz"),
    "agency code with a slash": ("code: XYZ", "code: X/Z", "code: X/Z", "X/Z"),
    "agency code that ends with a hyphen": ("code: XYZ", "code: XYZ-", "code: XYZ-", "XYZ-"),
    "unknown pillar": ("pillar: prevention", "pillar: prevntion", "prevntion", "prevntion"),
    "short title in one language": (
        "        en: Title of the first weakness\n",
        "",
        "ms: Tajuk kelemahan pertama",
        "en",
    ),
    "short title twice": (
        "en: Title of the first weakness",
        "en: title of the first  Recommendation",
        "title of the first  Recommendation",
        "title of the first  Recommendation",
    ),
    "short title too long": ("ms: Tajuk syor pertama", f"ms: {'B' * 71}", "BBBB", "70"),
    "link to nothing": ("recommendations: [1, 3]", "recommendations: [1, 4]", "recommendations: [1, 4]", "4"),
    "link to no achievement": (
        "achievements: []\n      div",
        "achievements: [1]\n      div",
        "achievements: [1]",
        "1",
    ),
    "link twice": ("recommendations: [1, 3]", "recommendations: [1, 1]", "recommendations: [1, 1]", "1"),
    "bad date": ("end: 2032-04-30", "end: 2032-04-31", "2032-04-31", "2032-04-31"),
    "date in words": ("end: 2032-04-30", "end: 30 April 2032", "30 April", "30 April"),
    "date with a time": ("end: 2032-04-30", "end: 2032-04-30T10:00:00", "T10", "T10"),
    "window that ends first": ("end: 2032-04-30", "end: 2031-04-30", "end: 2031-04-30", "2031-04-30"),
    "window of many years": ("end: 2032-04-30", "end: 2302-04-30", "end: 2302-04-30", ""),
    "interim outside the window": ("interim_on: 2031-10-31", "interim_on: 2030-10-31", "interim_on", ""),
    "due before the window": ("due_on: 2032-03-01", "due_on: 2030-03-01", "due_on: 2030-03-01", ""),
    "number as text": ("- number: 2", '- number: "2"', 'number: "2"', "number"),
    "number in words": ("- number: 2", "- number: two", "number: two", "two"),
    "octal number": ("- number: 2", "- number: 02", "number: 02", "02"),
    "number nought": ("- number: 2", "- number: 0", "number: 0", "0"),
    "cadence nought": ("cadence_days: 14", "cadence_days: 0", "cadence_days", "0"),
    "text that is a number": ("ms: Syor contoh kedua", "ms: 2031", "ms: 2031", "ms"),
    "text that is a list": ("ms: Syor contoh kedua", "ms: [Syor]", "ms: [Syor]", "ms"),
    "text that is empty": ("ms: Syor contoh kedua", "ms:  # nothing", "# nothing", "ms"),
    "text of spaces": ("ms: Syor contoh kedua", 'ms: "  "', 'ms: "  "', "ms"),
    "text of the example": ("ms: Syor contoh kedua", 'ms: "…"', 'ms: "…"', "“…”"),
    "text of three dots": ("ms: Syor contoh kedua", "ms: ...", "ms: ...", "“…”"),
    "tier of the example": ("ms: Tahap 1", "ms: …", "ms: …", "“…”"),
    "agency's name of the example": ("ms: Agensi Contoh", 'ms: ". . ."', 'ms: ". . ."', "“…”"),
    "text with a line break at its end": ("ms: Syor contoh kedua", "ms: >\n        Syor\n", "ms: >", ">-"),
    "text with a NUL": ("ms: Syor contoh kedua", 'ms: "Syor\\0"', "Syor\\0", "U+0000"),
    "text that runs backwards": ("ms: Syor contoh kedua", 'ms: "Syor\\u202E kedua"', "u202E", "U+202E"),
    "text with half a character": ("ms: Syor contoh kedua", 'ms: "Syor \\uD800 kedua"', "uD800", "U+D800"),
    "name in two lines": ("ms: Agensi Contoh", 'ms: "Agensi\\nContoh"', "Agensi\\n", "U+000A"),
    "name too long": ("ms: Agensi Contoh", f"ms: {'A' * 201}", "AAAA", "200"),
    "list that is a text": ("support: [PDRM]", "support: PDRM", "support: PDRM", "support"),
    "list left open": ("achievements: []\n      div", "achievements:\n      div", "achievements:", "[]"),
    "section that is a text": (
        "  window:\n    start: 2031-05-01\n    end: 2032-04-30",
        "  window: May",
        "window",
        "",
    ),
    "other layout": ("format: 1", "format: 2", "format: 2", "2"),
    "tab in the indentation": ("  year: 2031", "\tyear: 2031", "\tyear", ""),
    "anchor": ("ms: Tahap 1", "ms: &tier Tahap 1", "&tier", "&"),
    "tag": ("ms: Tahap 1", "ms: !!python/name:os.system Tahap 1", "!!python", "!"),
    "merge key": ("  year: 2031", "  year: 2031\n  <<: {year: 2032}", "<<", "<<"),
}


def test_refuses_bad_file_with_its_line_and_reason(tmp_path: Path) -> None:
    good = OTHER_FILE.read_text(encoding="utf-8")
    for name, (old, new, place, word) in BAD_EDITS.items():
        assert good.count(old) >= 1, name
        bad = good.replace(old, new, 1)
        told = refusal(tmp_path, bad)
        assert len(told) == 1, name
        line, reason = told[0].split(": ", 1)
        assert int(line) == line_with(bad, place), name
        assert word in reason, name


def test_agency_code_may_hold_a_hyphen_as_in_the_form(tmp_path: Path) -> None:
    path = tmp_path / "2031.yaml"
    path.write_text(OTHER_FILE.read_text(encoding="utf-8").replace("XYZ", "JPN-2"), encoding="utf-8")
    assert "JPN-2" in {agency.code for agency in read_cycle_file(path).agencies}


def test_tells_all_problems_of_one_file_at_once(tmp_path: Path) -> None:
    bad = OTHER_FILE.read_text(encoding="utf-8")
    bad = bad.replace("year: 2031", "year: soon").replace("pillar: prevention", "pillar: none", 1)
    bad = bad.replace("ms: Syor contoh kedua", 'ms: ""')
    places = ["year: soon", "pillar: none", 'ms: ""']
    assert [int(told.split(":")[0]) for told in refusal(tmp_path, bad)] == [
        line_with(bad, place) for place in places
    ]


def test_numbers_run_from_one_without_gaps_or_repeats(tmp_path: Path) -> None:
    good = OTHER_FILE.read_text(encoding="utf-8")
    gap = refusal(tmp_path, good.replace("- number: 3", "- number: 5"))
    assert [told.split(":")[0] for told in gap[:2]] == [str(line_with(good, "- number: 3"))] * 2
    assert "3" in gap[0] and "4" in gap[1]
    again = good.replace("- number: 3", "- number: 1")
    assert any(told.startswith(f"{line_with(good, '- number: 3')}:") for told in refusal(tmp_path, again))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("format: 1\ncycle: [\n", 3),
        ('format: 1\ncycle: "open\n', 3),
        ("format: 1\n  cycle: {}\n", 2),
        ("format: 1\n---\nformat: 1\n", 2),
        ("- format\n", 1),
        ("", 1),
        ("just words\n", 1),
        ("format: 1\ncycle: *nowhere\n", 2),
        ("format: 1\nlaugh: " + "[" * 5000, 2),
        ("format: 1\ncycle: \x07\n", 2),
        (b"format: 1\ncycle: \xff\n", 2),
        (b"format: 1\ncycle: \x00\n", 2),
    ],
)
def test_refuses_odd_yaml_with_its_line(tmp_path: Path, text: str | bytes, line: int) -> None:
    assert refusal(tmp_path, text)[0].split(":")[0] == str(line)


def test_refuses_entity_bomb_at_once(tmp_path: Path) -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(20)
    )
    assert refusal(tmp_path, bomb)


def test_refuses_large_file_unread(tmp_path: Path) -> None:
    assert "1024 KB" in refusal(tmp_path, "#" * (1024 * 1024 + 1))[0]


def test_refuses_missing_file(tmp_path: Path) -> None:
    with pytest.raises(BadCycleFile, match=r"^none\.yaml: "):
        read_cycle_file(tmp_path / "none.yaml")
