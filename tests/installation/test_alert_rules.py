"""Alert rules: each metric that one names exists, and each says in plain words what to do and where more is written."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from installation.counting import COUNTED
from installation.metrics import GAUGES
from installation.state import groups_of_installation
from tests.databases import BASE

FOLDER = BASE / "deploy" / "prometheus"
RULES = [
    rule
    for group in yaml.safe_load((FOLDER / "jejak.rules.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]


def anchors_of(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def known_metrics() -> set[str]:
    counted = {
        name
        for family in COUNTED.collect()
        for name in (
            f"{family.name}_total",
            *(f"{family.name}_{part}" for part in ("bucket", "count", "sum")),
        )
    }
    return counted | {f"jejak_{name}" for name in GAUGES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_rule_names_what_is_there_and_says_what_to_do(rule: dict[str, Any]) -> None:
    named = set(re.findall(r"\bjejak_\w+", rule["expr"]))
    assert named <= known_metrics()
    assert named or rule["expr"].startswith("up{")
    parts = {part.key for group in groups_of_installation() for part in group.parts}
    assert set(re.findall(r'part="(\w+)"', rule["expr"])) <= parts
    assert rule["labels"]["severity"] in {"critical", "warning"}
    about = rule["annotations"]
    assert about["summary"].endswith(".")
    assert about["what_to_do"].endswith(".")
    page, _hash, anchor = about["docs"].partition("#")
    assert anchor in anchors_of(BASE / page)


def test_every_part_has_an_alert() -> None:
    told = {rule["annotations"]["docs"].partition("#")[2] for rule in RULES}
    parts = {part.key for group in groups_of_installation() for part in group.parts} - {"version"}
    named = {"beat": "schedule", "mails": "mail", "scans": "scanner"}
    assert {named.get(part, part) for part in parts} <= told


def test_the_documentation_tells_of_every_metric() -> None:
    page = (BASE / "docs" / "watching.md").read_text(encoding="utf-8")
    missing = sorted(name for name in GAUGES if f"`{name}" not in page)
    assert missing == []
