"""No template names the year of a report: what a page says of a year comes from its cycle."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: A year of this century, but not a part of a longer number or of a name such as #2030ff.
_YEAR = re.compile(r"(?<![\w#.])20[0-9]{2}(?![\w.])")
#: Texts that show how a day, a number or a figure is written say so; they name no report.
_EXAMPLE = re.compile(r"\b(such as|for example|of the form)\b")


def test_no_template_names_a_year() -> None:
    templates = [path for path in sorted((ROOT / "templates").rglob("*")) if path.is_file()]
    assert len(templates) > 200
    named = {
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in templates
        for match in _YEAR.finditer(path.read_text("utf-8"))
    }
    assert named == set()


def test_texts_name_a_year_as_an_example_alone() -> None:
    catalogue = (ROOT / "locale" / "ms" / "LC_MESSAGES" / "django.po").read_text("utf-8")
    entries = re.findall(r'^msgid((?: ?"(?:[^"\\]|\\.)*"\n?)+)', catalogue, re.MULTILINE)
    texts = {"".join(re.findall(r'"((?:[^"\\]|\\.)*)"', entry)).replace('\\"', '"') for entry in entries}
    assert len(texts) > 2000
    assert [text for text in texts if _YEAR.search(text) and not _EXAMPLE.search(text)] == []
