"""Plays the sample figures: an officer types a month, the coordinator sends it, MAPO decides; targets; explanations."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial

from accounts.models import Agency
from demo.figure_script import FigureScript, ScriptedExplanation, ScriptedMonth, ScriptedTarget
from demo.script import ScriptedAct
from demo.stage import REVIEWER, DemoStage, sample
from indicators.cells import MonthContent, cell_name
from indicators.models import Check, FigureSubmission, Indicator
from indicators.services.decisions import CellDecision, decide_figures
from indicators.services.explanations import explain_check
from indicators.services.reports import save_figures, submit_figures
from indicators.services.targets import set_target
from recommendations.models import Cycle


@dataclass
class FigurePlay:
    """The acts on figures."""

    script: FigureScript
    stage: DemoStage

    def acts(self) -> Iterator[ScriptedAct]:
        """Return all acts on figures; `play` puts them in order."""
        for month in self.script.months:
            yield from MonthPlay(month, self).acts()
        for target in self.script.targets:
            yield (target.at, partial(self._set_target, target))
        for words in self.script.explanations:
            yield (words.at, partial(self._explain, words))

    @property
    def cycle(self) -> Cycle:
        return Cycle.objects.get(year=self.stage.year)

    def _set_target(self, target: ScriptedTarget, at: datetime) -> None:
        set_target(
            Indicator.objects.get(code=target.indicator),
            self.cycle,
            number=Decimal(target.number),
            due_on=target.due,
            reason=sample(target.reason),
            actor=self.stage.people[REVIEWER],
            now=at,
        )

    def _explain(self, words: ScriptedExplanation, at: datetime) -> None:
        check = Check.objects.get(code=words.check, source__cycle=self.cycle)
        text, actor = sample(words.text), self.stage.people[REVIEWER]
        explain_check(check, days=words.period, text=text, actor=actor, now=at)


@dataclass
class MonthPlay:
    """The acts on one sending: typed and sent, or left as a draft, and decided."""

    month: ScriptedMonth
    figure_play: FigurePlay
    submission: FigureSubmission | None = None

    def acts(self) -> Iterator[ScriptedAct]:
        yield (self.month.begun, self._begin)
        if self.month.decided:
            yield (self.month.decided, self._decide)

    def _begin(self, at: datetime) -> None:
        month, stage = self.month, self.figure_play.stage
        agency = Agency.objects.get(code=month.agency)
        officer, coordinator = stage.officer(month.agency, 1), stage.coordinator(month.agency)
        documents = [stage.receive(file, agency=agency, actor=officer, now=at) for file in month.files]
        content = MonthContent(
            typed=_typed(month.figures),
            explanation=sample(month.explanation) if month.explanation else "",
            document_ids=frozenset(document.pk for document in documents),
        )
        cycle = self.figure_play.cycle
        about = (agency, cycle, month.month)
        saved = save_figures(*about, content=content, revision=0, actor=officer, now=at)
        if month.is_draft:
            return
        self.submission = submit_figures(
            *about,
            content=content,
            revision=saved.revision,
            asks_if_unusual=False,
            actor=coordinator,
            now=at,
        )

    def _decide(self, at: datetime) -> None:
        assert self.submission is not None
        sent = self.submission.figures.select_related("series__indicator")
        returned = self.month.returned
        decisions = {
            figure.pk: CellDecision(is_accepted=False, reason=sample(returned[figure.series.indicator.code]))
            if not figure.series.key and figure.series.indicator.code in returned
            else CellDecision(is_accepted=True)
            for figure in sent
        }
        actor = self.figure_play.stage.people[REVIEWER]
        decide_figures(self.submission, decisions=decisions, actor=actor, now=at)


def _typed(figures: Mapping[str, Sequence[int | str]]) -> dict[str, str]:
    """Return the texts of a month's cells by name."""
    typed: dict[str, str] = {}
    indicators = Indicator.objects.filter(code__in=figures).prefetch_related("dimensions__values")
    for indicator in indicators:
        values = [value.pk for dimension in indicator.dimensions.all() for value in dimension.values.all()]
        numbers = figures[indicator.code]
        given = zip([None, *values], numbers, strict=False)
        typed |= {cell_name(indicator.pk, pk): str(number) for pk, number in given}
    return typed
