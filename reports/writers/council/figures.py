"""Figures in a council paper, by pillar: what was printed, what was reported, and how targets stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from indicators.states import PeriodKind
from reports.writers.docx.document import Cell, DocxColumn
from reports.writers.docx.text import NOTHING, plain
from reports.writers.wording import figures as wording
from ui import dates

if TYPE_CHECKING:
    from reports.summary.figure_sheets import IndicatorSheet
    from reports.writers.council.draft import CouncilDraft


def write_pillar_figures(draft: CouncilDraft, pillar: str) -> None:
    """Write what was counted under a pillar: the newest printed figure, the months reported, the target."""
    sheets = [sheet for sheet in draft.rows.figures.of_pillar(pillar) if sheet.newest]
    if not sheets:
        return
    translate = draft.translate
    draft.paragraph(_introduction(draft), leads_in=True)
    columns = [
        DocxColumn(53, translate.label("indicator")),
        DocxColumn(25, translate(_("Printed")), is_figure=True),
        DocxColumn(24, translate.label("period")),
        DocxColumn(24, translate(_("Reported")), is_figure=True),
        DocxColumn(44, translate(_("Months"))),
    ]
    caption = translate(_("Figures by indicator"))
    draft.builder.table(columns, [_row(draft, sheet) for sheet in sheets], caption=caption)
    for sheet in sheets:
        if sheet.target:
            name, target = wording.indicator_name(sheet.indicator), wording.target_and_pace(sheet.target)
            draft.point(f"{name}. {target}")


def _introduction(draft: CouncilDraft) -> str:
    if since := draft.content.selection.since:
        words = _(
            "Figures under this pillar, as printed by the source and as reported in the assessment window. Those recorded after "
            "%(day)s are marked:"
        )
        return words % {"day": dates.day(since)}
    return _("Figures under this pillar, as printed by the source and as reported in the assessment window:")


def _row(draft: CouncilDraft, sheet: IndicatorSheet) -> list[Cell]:
    translate, indicator = draft.translate, sheet.indicator
    name = [translate(wording.indicator_name, indicator), translate(wording.unit_and_agency, indicator)]
    return [
        name,
        *_printed(draft, sheet),
        translate(wording.reported_total, sheet) if sheet.months else plain("–"),
        _months(draft, sheet),
    ]


def _months(draft: CouncilDraft, sheet: IndicatorSheet) -> Cell:
    """Return which months the number counts, and which of them are new or revised."""
    if not sheet.months:
        return NOTHING
    news = draft.translate(wording.months_news, draft.rows.figures, sheet)
    return [draft.translate(wording.newest_months, sheet), *([news] if news.text else [])]


def _printed(draft: CouncilDraft, sheet: IndicatorSheet) -> tuple[Cell, Cell]:
    """Return the newest printed window, or what was printed last without one, and its period."""
    figures = sheet.of_kind(PeriodKind.WINDOW) or sheet.printed
    if not figures:
        return plain("–"), NOTHING
    translate, figure = draft.translate, figures[-1]
    period = translate(wording.period_and_news, draft.rows.figures, figure)
    return translate(wording.number_words, figure, sheet.indicator), period
