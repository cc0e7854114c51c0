"""A reminder or a notice as it is told, in one language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderText:
    """One reminder, or one notice, in the language in force.

    `agency` is the code of the agency concerned where it is not the reader's own. `tone` is "danger", "warning" or
    "info" and never says more than the words. `path` is where the reader deals with it, from the root of the site.
    Sorted by `rank`, the most urgent come first. `is_gap`: MAPO is told because nobody at the agency can act.
    `is_usual`: `why` says only what the reader knows anyway. `is_unnamed`: nobody is named for the item. When several
    are grouped (`messages.grouping`), `also` has the other dates and `parts` the texts that this one stands for.
    """

    id: int | None
    what: str
    task: str
    when: str
    path: str
    button: str
    tone: str
    rank: tuple[int, int, int, str, int]
    item_label: str = ""
    title: str = ""
    short_title: str = ""
    agency: str = ""
    why: str = ""
    nudge_line: str = ""
    is_late: bool = False
    is_escalation: bool = False
    is_gap: bool = False
    is_usual: bool = True
    is_unnamed: bool = False
    also: str = ""
    parts: tuple[ReminderText, ...] = ()

    @property
    def sentence(self) -> str:
        """The task and when it is due, together."""
        return f"{self.task}{', ' if self.parts else ': '}{self.when}"
