"""The states of the domain, the one table of moves between them, and how pages show a status."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy


class ItemKind(models.TextChoices):
    """What a numbered point of a report is. Achievements carry no assignment and no state."""

    RECOMMENDATION = "recommendation", pgettext_lazy("item", "Recommendation")
    WEAKNESS = "weakness", pgettext_lazy("item", "Weakness")
    ACHIEVEMENT = "achievement", pgettext_lazy("item", "Achievement")


#: The words for several items of a kind.
KIND_HEADINGS = {
    ItemKind.RECOMMENDATION: pgettext_lazy("items", "Recommendations"),
    ItemKind.WEAKNESS: pgettext_lazy("items", "Weaknesses"),
    ItemKind.ACHIEVEMENT: pgettext_lazy("items", "Achievements"),
}


class OfficersChange(models.TextChoices):
    """What naming several officers at once does with those who are named already."""

    ADD = "add", pgettext_lazy("officers", "Add to those named")
    SET = "set", pgettext_lazy("officers", "Name only these")
    REMOVE = "remove", pgettext_lazy("officers", "Remove these")


#: The kinds that carry a state, in the order of the report.
STATUS_KINDS = (ItemKind.RECOMMENDATION, ItemKind.WEAKNESS)


def item_label(kind: str, number: int) -> str:
    """Return the name of an item in the reader's language: Recommendation 2."""
    return f"{ItemKind(kind).label} {number}"


def item_key(kind: str, number: int) -> str:
    """Return what names an item in addresses, the same in every cycle: recommendation-4."""
    return f"{kind}-{number}"


class FactKind(models.TextChoices):
    """What a fact of a cycle tells of."""

    ANNOUNCEMENT = "announcement", pgettext_lazy("fact", "Announcement")
    PROGRAMME = "programme", pgettext_lazy("fact", "Programme")
    PARTNER = "partner", pgettext_lazy("fact", "Partner organisation")


class Pillar(models.TextChoices):
    """The three elements by which the report judges a country."""

    PROSECUTION = "prosecution", pgettext_lazy("pillar", "Prosecution")
    PROTECTION = "protection", pgettext_lazy("pillar", "Protection")
    PREVENTION = "prevention", pgettext_lazy("pillar", "Prevention")


class Status(models.TextChoices):
    """How far an assignment or an item is; the words follow the Auditor General's Dashboard."""

    NONE = "none", pgettext_lazy("status", "No action")
    PROGRESS = "progress", pgettext_lazy("status", "In progress")
    DONE = "done", pgettext_lazy("status", "Completed")


#: How pages show a status: names of `ui`'s icons (a circle that is empty, half or ticked), and tones of its chips.
STATUS_ICONS: dict[str, str] = {Status.NONE: "empty", Status.PROGRESS: "half", Status.DONE: "ticked"}
_TONES: dict[str, str] = {Status.NONE: "danger", Status.PROGRESS: "warning", Status.DONE: "success"}


class ShowsStatus:
    """Gives what has a `status` its icon, tone and label; all are empty where the status is."""

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def status(self) -> Any: ...

    @property
    def icon(self) -> str:
        return STATUS_ICONS.get(self.status, "")

    @property
    def tone(self) -> str:
        return _TONES.get(self.status, "")

    @property
    def status_label(self) -> str:
        return str(Status(self.status).label) if self.status else ""


@dataclass(frozen=True)
class StatusView(ShowsStatus):
    """A status with its percentage, as a page shows it."""

    status: str
    percent: int


class AssignmentRole(models.TextChoices):
    """How an agency answers for an item."""

    LEAD = "lead", pgettext_lazy("assignment", "Lead agency")
    SUPPORT = "support", pgettext_lazy("assignment", "Supporting agency")


def other_role(role: str) -> str:
    """Return the role that an assignment can change to."""
    return (AssignmentRole.SUPPORT if role == AssignmentRole.LEAD else AssignmentRole.LEAD).value


class Stage(models.TextChoices):
    """The stage of an assignment: only a confirmed one owes updates and counts in the roll-up."""

    SUGGESTED = "suggested", pgettext_lazy("assignment", "Suggested")
    CONFIRMED = "confirmed", pgettext_lazy("assignment", "Confirmed")
    ENDED = "ended", pgettext_lazy("assignment", "Ended")


class Decision(models.TextChoices):
    """What MAPO decides on a submission."""

    ACCEPT = "accept", pgettext_lazy("review", "Accepted")
    RETURN = "return", pgettext_lazy("review", "Returned")


#: A narrative holds at most this many characters (docs/rules.md, Updates).
NARRATIVE_LENGTH = 5_000
#: A reason holds at most this many characters.
REASON_LENGTH = 2_000

#: A short title of an item holds at most this many characters; about 60 read best.
TITLE_LENGTH = 70


def percent_fits(status: str, percent: int) -> bool:
    """Whether a percentage agrees with a status: none is 0, completed is 100, in progress is between."""
    if status == Status.NONE:
        return percent == 0
    if status == Status.DONE:
        return percent == 100
    return status == Status.PROGRESS and 0 < percent < 100


def percent_agrees() -> Q:
    """Return the condition on `status` and `percent` by which the database holds `percent_fits`."""
    return (
        Q(status=Status.NONE, percent=0)
        | Q(status=Status.DONE, percent=100)
        | Q(status=Status.PROGRESS, percent__gt=0, percent__lt=100)
    )
