"""A row of a point of an agenda, whatever it tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import pgettext

from recommendations.models.assignment import RequestKind
from recommendations.models.cycle import in_reading_language
from recommendations.outcomes import DecisionOutcome
from recommendations.queries.decisions import DecidedStatus, DecisionKind
from recommendations.states import StatusView, item_label
from ui import dates


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaRow:
    """One gathered row. A field is empty where this kind of point has none of it.

    `key` names the row within its point. `status`, `percent` and `is_set_by_mapo` are the state after a decision, or
    the present one; those `…_before` the one before it, or what the verdicts alone give. A decision on an agency's part
    tells the state of that part; `item_…` is then the item's, where the item changed in another way. `on` is the day that counts
    (decided, due, since when), `days` how long ago it was. `codes` are agencies that hold an item back, are suggested as its lead,
    or answer for figures that contradict each other; `support_codes` those suggested in support, None where the roles were not kept.
    `cancelled_reason` is why a decision of the council is not carried out; `on` is then the day on which it was cancelled.
    A contradiction is about no item: its sentence stands as the title, what is compared and where as `about_…`.
    """

    key: str
    item_id: int = 0
    item_kind: str = ""
    number: int = 0
    title_ms: str
    title_en: str
    agency: str = ""
    what: str = ""
    status: str = ""
    percent: int = 0
    is_set_by_mapo: bool = False
    status_before: str = ""
    percent_before: int = 0
    was_set_by_mapo: bool = False
    item_status: str = ""
    item_percent: int = 0
    item_status_before: str = ""
    item_percent_before: int = 0
    on: date | None = None
    days: int = 0
    codes: tuple[str, ...] = ()
    support_codes: tuple[str, ...] | None = None
    about_ms: str = ""
    about_en: str = ""
    by: str = ""
    text: str = ""
    cancelled_reason: str = ""

    @property
    def label(self) -> str:
        """The name of its item; empty for what is about none."""
        return item_label(self.item_kind, self.number) if self.item_kind else ""

    @property
    def title(self) -> str:
        return in_reading_language(self, "title")

    @property
    def about(self) -> str:
        return in_reading_language(self, "about")

    @property
    def suggestions(self) -> str:
        """Which agencies are suggested, and as what: "as lead: KPWKM; in support: JKM, KDN"."""
        if self.support_codes is None:
            return ", ".join(self.codes)
        parts = (
            (pgettext("suggested", "as lead: %(agencies)s"), self.codes),
            (pgettext("suggested", "in support: %(agencies)s"), self.support_codes),
        )
        told = [words % {"agencies": ", ".join(codes)} for words, codes in parts if codes]
        return pgettext("between parts", "; ").join(told)

    @property
    def after(self) -> DecidedStatus:
        return DecidedStatus(self.status, self.percent, self.is_set_by_mapo)

    @property
    def before(self) -> DecidedStatus:
        return DecidedStatus(self.status_before, self.percent_before, self.was_set_by_mapo)

    @property
    def state(self) -> StatusView:
        return StatusView(self.status, self.percent)

    @property
    def item_after(self) -> StatusView | None:
        """The item's state after a decision on a part, where the item changed in another way than the part."""
        return StatusView(self.item_status, self.item_percent) if self.item_status else None

    @property
    def item_before(self) -> StatusView:
        return StatusView(self.item_status_before, self.item_percent_before)

    @property
    def days_text(self) -> str:
        return dates.days(self.days)

    @property
    def what_label(self) -> str:
        """What was decided, what an agency asks for, or what became of a decision, in the reader's language."""
        for choices in (DecisionKind, RequestKind, DecisionOutcome):
            if self.what in choices.values:
                return str(choices(self.what).label)
        return ""
