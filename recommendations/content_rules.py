"""What must hold before an update may be sent (docs/rules.md, Updates)."""

from __future__ import annotations

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recommendations.content import Content
from recommendations.states import NARRATIVE_LENGTH, Status, percent_fits
from ui.invisible_characters import visible_line


def problems(content: Content, *, today: date) -> dict[str, str | Promise]:
    """Return, by field, what keeps the content from being sent; empty when nothing does."""
    found: dict[str, str | Promise] = {}
    if content.status not in Status.values:
        found["status"] = _("Choose a status.")
    if content.percent is None:
        found["percent"] = _("Write the percentage completed, from 0 to 100.")
    elif content.status in Status.values and not percent_fits(content.status, content.percent):
        found["percent"] = PERCENT_RULES[Status(content.status)]
    found |= _narrative_problems(content.narrative) | _date_problems(content, today)
    return found


PERCENT_RULES: dict[Status, Promise] = {
    Status.NONE: _("No action is 0%. Write 0, or choose another status."),
    Status.PROGRESS: _("In progress is between 1% and 99%. Change the percentage, or choose another status."),
    Status.DONE: _("Completed is 100%. Write 100, or choose another status."),
}


def _narrative_problems(narrative: str) -> dict[str, str | Promise]:
    if not visible_line(narrative):
        return {"narrative": _("Say what was done: how many, where and when.")}
    if len(narrative) > NARRATIVE_LENGTH:
        return {
            "narrative": _(
                "The description can have up to 5,000 characters. Shorten it, or attach the rest as a file."
            )
        }
    return {}


def _date_problems(content: Content, today: date) -> dict[str, str | Promise]:
    found: dict[str, str | Promise] = {}
    if content.covers_from is None:
        found["covers_from"] = _("Give the first day that this update covers.")
    if content.covers_to is None:
        found["covers_to"] = _("Give the last day that this update covers.")
    elif content.covers_to > today:
        found["covers_to"] = _("This date is in the future. Enter a date up to today.")
    elif content.covers_from and content.covers_from > content.covers_to:
        found["covers_to"] = _("The end date is before the start date. Correct one of the two.")
    return found
