"""Reports of a month for tests, by the services that agencies and MAPO use."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from accounts.models import Agency, User
from accounts.roles import Role
from indicators.cells import MonthContent, cell_name
from indicators.models import Dimension, FigureReport, FigureSubmission, Indicator
from indicators.services.decisions import CellDecision, decide_figures
from indicators.services.reports import save_figures, submit_figures
from recommendations.models import Cycle
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.indicators import make_dimension, make_indicator
from tests.factories.recommendations import make_cycle

AUGUST, JULY = date(2023, 8, 1), date(2023, 7, 1)


@dataclass
class FigureDesk:
    """KPWKM answers for IPO by sex and age and for PO without a breakdown; MPOB for nothing; KDN is the secretariat's."""

    now: datetime
    july: date = JULY
    cycle: Cycle = field(default_factory=make_cycle)
    agency: Agency = field(default_factory=lambda: AgencyFactory(code="KPWKM"))
    other_agency: Agency = field(default_factory=lambda: AgencyFactory(code="MPOB"))
    sex_age: Dimension = field(default_factory=make_dimension)
    officer: User = field(init=False)
    coordinator: User = field(init=False)
    second_coordinator: User = field(init=False)
    outsider: User = field(init=False)
    reviewer: User = field(init=False)
    second_reviewer: User = field(init=False)
    observer: User = field(init=False)
    ipo: Indicator = field(init=False)
    po: Indicator = field(init=False)

    def __post_init__(self) -> None:
        kdn = AgencyFactory(code="KDN")
        self.officer = UserFactory(role=Role.OFFICER, agency=self.agency)
        self.coordinator = UserFactory(role=Role.COORDINATOR, agency=self.agency)
        self.second_coordinator = UserFactory(role=Role.COORDINATOR, agency=self.agency)
        self.outsider = UserFactory(role=Role.COORDINATOR, agency=self.other_agency)
        self.reviewer = UserFactory(role=Role.REVIEWER, agency=kdn)
        self.second_reviewer = UserFactory(role=Role.REVIEWER, agency=kdn)
        self.observer = UserFactory(role=Role.OBSERVER, agency=kdn)
        self.ipo = make_indicator("ipo", agency=self.agency, dimensions=(self.sex_age,), position=1)
        self.po = make_indicator("po", agency=self.agency, position=2)

    def cell(self, indicator: Indicator, value: str = "") -> str:
        """The name of a cell: of the total, or of a value of sex and age."""
        if not value:
            return cell_name(indicator.pk)
        return cell_name(indicator.pk, self.sex_age.values.get(code=value).pk)

    def content(self, explanation: str = "", **numbers: str) -> MonthContent:
        """Content with these numbers: ipo, po, men, women, boys, girls."""
        typed = {
            self.cell(self.ipo if name in ("ipo", "men", "women", "boys", "girls") else self.po, value): text
            for name, text in numbers.items()
            for value in ["" if name in ("ipo", "po") else name]
        }
        return MonthContent(typed, explanation)

    def save(
        self, content: MonthContent, *, actor: User | None = None, month: date = AUGUST, revision: int = 0
    ) -> FigureReport:
        """A saved draft."""
        about = {"content": content, "revision": revision, "actor": actor or self.officer, "now": self.now}
        return save_figures(self.agency, self.cycle, month, **about)

    def send(
        self,
        content: MonthContent,
        *,
        actor: User | None = None,
        month: date = AUGUST,
        revision: int = 0,
        asks_if_unusual: bool = True,
    ) -> FigureSubmission:
        """A version that waits for MAPO."""
        about = {"actor": actor or self.coordinator, "now": self.now, "asks_if_unusual": asks_if_unusual}
        return submit_figures(self.agency, self.cycle, month, content=content, revision=revision, **about)

    def accept(self, submission: FigureSubmission, *, actor: User | None = None) -> FigureReport:
        """Every figure of a version accepted."""
        decisions = {sent.pk: CellDecision(is_accepted=True) for sent in submission.figures.all()}
        return decide_figures(submission, decisions=decisions, actor=actor or self.reviewer, now=self.now)

    def accepted(self, month: date = AUGUST, **numbers: str) -> FigureReport:
        """A month whose figures were accepted."""
        return self.accept(self.send(self.content(**numbers), month=month))
