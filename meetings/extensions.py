"""What apps above this one add to a meeting's page of papers. Each registers in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accounts.models import User
    from meetings.models import Meeting


@dataclass(frozen=True)
class PapersPanel:
    """A panel among the papers of a meeting: a template, and the context that it finds as `panel`."""

    template: str
    context: Mapping[str, Any]


#: Returns the panel of one app about a meeting, as a person may see it at an instant; None for none.
MakePapersPanel = Callable[["Meeting", "User", datetime], PapersPanel | None]

papers_panels: dict[str, MakePapersPanel] = {}


def panels_about(meeting: Meeting, *, user: User, now: datetime) -> list[PapersPanel]:
    """Return the panels that other apps show among a meeting's papers, in the order of registration."""
    panels = (make_panel(meeting, user, now) for make_panel in papers_panels.values())
    return [panel for panel in panels if panel is not None]
