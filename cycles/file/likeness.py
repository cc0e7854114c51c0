"""What in a cycle file is like a cycle that is here already: such a file may be the wrong one."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cycles.file.entries import CycleFile
from recommendations.models import Cycle, Item
from recommendations.queries.cycles import window_of


def likenesses(cycle_file: CycleFile) -> list[str]:
    """Return sentences that say which other cycles have the file's window or texts; none for a file like no other.

    A cycle of the file's own year does not count: loading adds to it (three queries at most).
    """
    others = Cycle.objects.exclude(year=cycle_file.cycle.year).order_by("-year")
    return [words for other in others for words in _alike(cycle_file, other)]


def _alike(cycle_file: CycleFile, other: Cycle) -> list[str]:
    found = [_window_words(cycle_file.cycle, other), _text_words(cycle_file, other)]
    return [words for words in found if words]


def _window_words(cycle: Cycle, other: Cycle) -> str:
    words = {"other": other, "window": window_of(other)}
    if (cycle.window_start, cycle.window_end) == (other.window_start, other.window_end):
        return _("The %(other)s has the same assessment window: %(window)s.") % words
    if cycle.window_start <= other.window_end and other.window_start <= cycle.window_end:
        return _("Its assessment window overlaps that of the %(other)s: %(window)s.") % words
    return ""


def _text_words(cycle_file: CycleFile, other: Cycle) -> str:
    """Return how many items have a text of the other cycle, if these are most of the file's."""
    pairs = Item.objects.filter(cycle=other).values_list("text_ms", "text_en")
    known = {_plain(text) for pair in pairs for text in pair}
    texts = [{_plain(item.columns[name]) for name in ("text_ms", "text_en")} for item in cycle_file.items]
    same = sum(bool(known & each) for each in texts)
    if same * 2 <= len(texts):
        return ""
    return ngettext(
        "%(count)s of its %(total)s items has the same text as an item of the %(other)s.",
        "%(count)s of its %(total)s items have the same text as items of the %(other)s.",
        same,
    ) % {"count": same, "total": len(texts), "other": other}


def _plain(text: str) -> str:
    """Return a text without differences of spaces and of case."""
    return " ".join(text.split()).casefold()
