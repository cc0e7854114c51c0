"""Drafts of reports of a month: what they hold, and steps of several acts, inside the transaction of the act.

Locks are taken in this order: agency, report, cycle.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Max
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from audit.clock import local_date
from audit.errors import NotNow
from audit.services import record
from indicators.cells import MonthContent
from indicators.models import FigureReport
from indicators.months import month_problem
from recommendations.models import Cycle
from submissions.drafts import require_keepable
from submissions.kinds import DraftKind


class FigureReportDrafts(DraftKind[FigureReport, MonthContent]):
    citation_fact = "cell"
    log_name = "figures"
    taken_back = "figures.withdrawn"
    not_in_state: ClassVar[str | Promise] = _(
        "These figures are now “%(state)s”, so this cannot be done. Nothing was changed; reload the page."
    )
    newer_own: ClassVar[str | Promise] = _(
        "You have saved newer figures elsewhere. These are kept on this page: compare the two and choose."
    )
    newer_theirs: ClassVar[str | Promise] = _(
        "%(name)s has saved newer figures. Yours are kept on this page: compare the two and choose."
    )
    newer: ClassVar[str | Promise] = _(
        "Newer figures have been saved. These are kept on this page: compare the two and choose."
    )
    not_put_away: ClassVar[str | Promise] = _(
        "Newer figures have been saved meanwhile. The draft was not discarded: look at them first."
    )
    not_taken_back: ClassVar[str | Promise] = _(
        "These figures were taken back already. Nothing was changed; open the month."
    )

    def content_of(self, draft: FigureReport) -> MonthContent:
        return MonthContent.of(draft)

    def put(self, draft: FigureReport, content: MonthContent) -> None:
        require_keepable(content.explanation, field="explanation")
        draft.typed, draft.explanation = dict(content.typed), content.explanation

    def citations(self, content: MonthContent) -> Mapping[int, str]:
        return {pk: content.proofs.get(pk, "") for pk in content.document_ids}

    def agency_id(self, draft: FigureReport) -> int:
        return draft.agency_id

    def open_draft(self, place: FigureReport, *, now: datetime) -> FigureReport | None:
        agency = Agency.objects.select_for_update(no_key=True).get(pk=place.agency_id)
        open_ones = FigureReport.objects.open().filter(agency=agency, cycle=place.cycle, month=place.month)
        found = open_ones.select_for_update(no_key=True).first()
        cycle = Cycle.objects.held_open(place.cycle)
        if problem := month_problem(cycle, place.month, today=local_date(now)):
            raise NotNow(problem)
        if found is not None:
            found.agency, found.cycle = agency, cycle
        return found

    def successor(self, draft: FigureReport) -> FigureReport:
        """Its revisions go on behind those of the reports before it: a page that still shows one of these is stale."""
        place = {"agency": draft.agency, "cycle": draft.cycle, "month": draft.month}
        newest = FigureReport.objects.filter(**place).aggregate(newest=Max("revision"))["newest"]
        return FigureReport(**place, revision=0 if newest is None else newest + 1)

    def require_open(self, draft: FigureReport, act: str) -> None:
        Cycle.objects.held_open(draft.cycle)

    def record(self, draft: FigureReport, action: str, *, actor: User, now: datetime, **facts: Any) -> None:
        label, agency_id = f"{draft.agency.code} · {draft.month:%Y-%m}", draft.agency_id
        record(action=action, actor=actor, obj=draft, label=label, agency_id=agency_id, now=now, **facts)


DRAFTS = FigureReportDrafts()


def locked_report(report: FigureReport) -> FigureReport:
    """Return the report as it is now, with its agency and cycle, locked until the transaction ends.

    Its agency is locked too, as whoever types does: who waits there finds what became of the draft.
    """
    Agency.objects.select_for_update(no_key=True).get(pk=report.agency_id)
    rows = FigureReport.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("agency", "cycle").get(pk=report.pk)
