"""How pages show a status: its icon (circle empty, half, ticked), the tone of its chip, its label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recommendations.states import Status

#: Names of the state icons of `ui`.
ICONS: dict[str, str] = {Status.NONE: "empty", Status.PROGRESS: "half", Status.DONE: "ticked"}
#: Tones of the chips of `ui`.
TONES: dict[str, str] = {Status.NONE: "danger", Status.PROGRESS: "warning", Status.DONE: "success"}


class ShowsStatus:
    """Gives what has a `status` its icon, tone and label; all are empty where the status is."""

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def status(self) -> str: ...

    @property
    def icon(self) -> str:
        return ICONS.get(self.status, "")

    @property
    def tone(self) -> str:
        return TONES.get(self.status, "")

    @property
    def status_label(self) -> str:
        return str(Status(self.status).label) if self.status else ""


@dataclass(frozen=True)
class StatusView(ShowsStatus):
    """A status with its percentage, as a page shows it."""

    status: str
    percent: int

    @property
    def label(self) -> str:
        return self.status_label
