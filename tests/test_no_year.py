"""No template names the year of a report: what a page says of a year comes from its cycle."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: A year of this century, but not a part of a longer number or of a name such as #2030ff.
_YEAR = re.compile(r"(?<![\w#.])20[0-9]{2}(?![\w.])")
#: Texts that show how a day or a number is typed; they name no report.
EXAMPLES = {
    "“%(key)s” must be a date such as 2024-03-31, not “%(value)s”.",
    "“%(text)s” is not a date; write it as year-month-day, such as 2023-10-16.",
    "As the minutes name it, for example Mesyuarat MAPO Bil. 3/2023.",
    "Write the day, the month and the year, such as 02/05/2023.",
}


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
    assert {text for text in texts if _YEAR.search(text)} <= EXAMPLES
