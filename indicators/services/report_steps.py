"""Steps of several acts on a report of a month, inside the transaction of the act."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from audit.clock import local_date
from audit.errors import NotNow
from audit.services import record
from evidence.models import Document
from indicators.cells import MonthContent
from indicators.errors import stale_figures
from indicators.models import FigureCitation, FigureReport
from indicators.months import month_problem
from recommendations.models import Cycle
from submissions.drafts import require_keepable
from submissions.services import note_writers
from submissions.states import is_allowed


def locked_report(report: FigureReport) -> FigureReport:
    """Return the report as it is now, with its agency and cycle, locked until the transaction ends."""
    rows = FigureReport.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("agency", "cycle").get(pk=report.pk)


def require_figure_move(report: FigureReport, act: str) -> None:
    """Raise `NotNow` unless the table of moves lets the report take this step."""
    if not is_allowed(act, report.state):
        raise NotNow(
            _(
                "These figures are now “%(state)s”, so this cannot be done. Nothing was changed; reload the page."
            )
            % {"state": report.get_state_display()}
        )


def record_on_report(
    report: FigureReport, *, action: str, actor: User, now: datetime, obj: Any = None, **facts: Any
) -> None:
    """Record one Event on a report of a month, or on `obj` of it, for its agency. `facts` are before, after and reason."""
    thing = obj if obj is not None else report
    record(
        action=action,
        actor=actor,
        obj=thing,
        label=f"{report.agency.code} · {report.month:%Y-%m}",
        agency_id=report.agency_id,
        now=now,
        **facts,
    )


def open_report(agency: Agency, cycle: Cycle, month: date, *, actor: User, now: datetime) -> FigureReport:
    """Return the agency's open report of the month, locked, or a new draft; `NotNow` where the month takes none."""
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    cycle = Cycle.objects.held_open(cycle)
    if problem := month_problem(cycle, month, today=local_date(now)):
        raise NotNow(problem)
    open_ones = FigureReport.objects.open().filter(agency=agency, cycle=cycle, month=month)
    found = open_ones.select_for_update(no_key=True).first()
    if found is not None:
        found.agency, found.cycle = agency, cycle
        return found
    report = begin_report(agency, cycle, month, actor=actor, now=now)
    record_on_report(report, action="figures.started", actor=actor, now=now)
    return report


def begin_report(agency: Agency, cycle: Cycle, month: date, *, actor: User, now: datetime) -> FigureReport:
    """Begin a draft of a month, which has no open report.

    Its revisions go on behind those of the reports before it: a page that still shows one of these is stale.
    """
    earlier = FigureReport.objects.filter(agency=agency, cycle=cycle, month=month)
    newest = earlier.aggregate(newest=Max("revision"))["newest"]
    return FigureReport.objects.create(
        agency=agency,
        cycle=cycle,
        month=month,
        revision=0 if newest is None else newest + 1,
        created_by=actor,
        created_at=now,
        saved_by=actor,
        saved_at=now,
    )


def write_content(
    report: FigureReport, *, content: MonthContent, revision: int, actor: User, now: datetime
) -> FigureReport:
    """Put the content into the locked report, one revision on.

    Raises `Stale` when `revision` is not its own: for a draft in which nobody has typed yet, 0 is, too.
    """
    before = MonthContent.of(report)
    if content == before:
        return report
    if report.revision != revision and (revision or report.writers.exists()):
        raise stale_figures(report, actor=actor)
    require_keepable(content.explanation, field="explanation")
    report.typed, report.explanation = dict(content.typed), content.explanation
    report.revision += 1
    report.saved_by, report.saved_at = actor, now
    report.save(update_fields=["typed", "explanation", "revision", "saved_by", "saved_at"])
    note_writers(report, actor.pk)
    if (content.document_ids, content.proofs) != (before.document_ids, before.proofs):
        _cite(report, content, actor=actor)
    return report


def _cite(report: FigureReport, content: MonthContent, *, actor: User) -> None:
    """Make the report cite the content's documents; ids of other agencies' documents are ignored.

    A document above the actor's clearance stays cited: their page does not offer it, so they cannot mean to drop it.
    """
    citable = Document.objects.of_agency(report.agency_id).filter(pk__in=content.document_ids)
    wanted = set(citable.values_list("pk", flat=True)) if content.document_ids else set()
    held = set(report.citations.values_list("document_id", flat=True))
    seen = set(Document.objects.visible_to(actor).filter(pk__in=held).values_list("pk", flat=True))
    if unwanted := seen - wanted:
        report.citations.filter(document_id__in=unwanted).delete()
    cells = content.proofs
    for citation in report.citations.filter(document_id__in=seen & wanted):
        if citation.cell != cells.get(citation.document_id, ""):
            citation.cell = cells.get(citation.document_id, "")
            citation.save(update_fields=["cell"])
    FigureCitation.objects.bulk_create(
        FigureCitation(report=report, document_id=pk, cell=cells.get(pk, "")) for pk in sorted(wanted - held)
    )
