"""A notice as a line of a mail."""

from __future__ import annotations

from django.utils.translation import pgettext

from reminders.lines import Line
from reminders.models import Notice
from reminders.news import words_of
from ui import dates


def line_of_notice(notice: Notice) -> Line:
    """Say one notice in the language in force: what happened, and when. The urgent ones rank first."""
    words = words_of(notice.what, notice.about)
    return Line(
        id=notice.pk,
        what=notice.what,
        task=words.sentence,
        when=dates.day_time(notice.made_at),
        item_label="",
        title="",
        agency="",
        why="",
        nudge_line="",
        is_late=False,
        is_escalation=False,
        is_gap=False,
        is_usual=True,
        tone="danger" if words.is_urgent else "info",
        path=notice.path,
        button=pgettext("notice", "Open"),
        rank=(0 if words.is_urgent else 1, -round(notice.made_at.timestamp()), 0, "", -notice.pk),
    )
