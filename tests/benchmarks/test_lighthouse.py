"""What is read out of a report of Lighthouse."""

from typing import Any

import pytest

from benchmarks.lighthouse.__main__ import CATEGORIES, LEAST, PAGES, SCREENS, read_report

pytestmark = pytest.mark.long


def report(**scores: float) -> dict[str, Any]:
    """A report in which each category has one audit of weight 1, and one that counts nothing."""
    return {
        "categories": {
            name: {
                "score": scores.get(name.replace("-", "_"), 1.0),
                "auditRefs": [{"id": name, "weight": 1}, {"id": "told", "weight": 0}],
            }
            for name in CATEGORIES
        },
        "audits": {
            "told": {"title": "Only told", "score": 0},
            **{
                name: {
                    "title": f"Audit of {name}",
                    "score": scores.get(name.replace("-", "_"), 1.0),
                    "details": {"items": [{"node": {"snippet": "<a>"}}]},
                }
                for name in CATEGORIES
            },
        },
    }


def test_ten_pages_are_judged_on_a_phone_and_a_desktop() -> None:
    assert (len(set(PAGES)), set(SCREENS), LEAST) == (10, {"phone", "desktop"}, 99)
    assert set(CATEGORIES) == {"performance", "accessibility", "best-practices"}


def test_page_is_sound_when_every_category_reaches_the_goal() -> None:
    score = read_report(report(performance=LEAST / 100))
    assert score.is_sound
    assert score.points == {"performance": 99, "accessibility": 100, "best-practices": 100}
    score = read_report(report(accessibility=0.984))
    assert not score.is_sound
    assert score.points["accessibility"] == 98
    assert score.faults == ("accessibility: Audit of accessibility (0.98) <a>",)
    unused = report()
    unused["audits"]["performance"]["score"] = None
    assert read_report(unused).faults == ()
