"""The form of a month's figures, like a small spreadsheet (see `submissions.views`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import agency_only, person_of
from accounts.acting import refused_page, request_time, undo_by
from accounts.clearance import usual_class
from accounts.models import Agency
from audit.clock import local_date
from audit.errors import NotNow
from indicators.forms.month import MonthForm
from indicators.models import FigureReport, FigureSubmission
from indicators.queries.month_page import (
    MonthPlace,
    evidence_rows,
    figure_senders,
    proof_rows,
    read_month,
    shown_tables,
)
from indicators.services.report_steps import DRAFTS
from indicators.services.reports import judge_with_checks, save_figures, submit_figures
from recommendations.context import set_page_cycle
from submissions.views import DraftingPage
from ui.methods import post_required


@require_http_methods(["GET", "HEAD", "POST"])
@agency_only
def month_form(request: HttpRequest, month: date) -> HttpResponseBase:
    """Type, save and send the figures of a month; the pressed button of the one form says what to do."""
    page = MonthDraftingPage(request, month_place(request, month))
    if page.place.refusal:
        refusal = NotNow(page.place.refusal)
        if request.method == "POST":
            return page.closed(page.form(request.POST), refusal)
        return refused_page(request, refusal)
    if request.method != "POST" and page.draft is not None and not page.draft.is_editable:
        return redirect("indicators:report", page.draft.pk)
    return page.respond()


@post_required
@agency_only
def month_autosave(request: HttpRequest, month: date) -> JsonResponse:
    """Save what is typed while it is typed, and say what is wrong with each cell."""
    page = MonthDraftingPage(request, month_place(request, month))
    if page.place.cycle is None:
        return JsonResponse({"state": "invalid", "errors": {"": [page.place.refusal]}}, status=422)
    return page.autosave()


def month_place(request: HttpRequest, month: date) -> MonthPlace:
    """Return the month of the person's agency as it is now; the page is about its cycle."""
    person, today = person_of(request), local_date(request_time(request))
    place = read_month(person.agency, month, today=today, clearance=person.clearance)
    if place.cycle is not None:
        set_page_cycle(request, place.cycle)
    return place


class MonthDraftingPage(DraftingPage[MonthPlace]):
    kind = DRAFTS
    template = "indicators/report/form.html"
    closed_template = "indicators/report/closed.html"
    not_editable = gettext_lazy("These figures were sent meanwhile, so yours could not be saved in them.")
    #: The newer figures, to stand beside those that were typed.
    theirs: Mapping[str, str] | None = None

    def read(self) -> MonthPlace:
        return month_place(self.request, self.place.month)

    @property
    def draft(self) -> FigureReport | None:
        return self.place.report

    @property
    def agency(self) -> Agency:
        return self.place.agency

    @property
    def keep_key(self) -> str:
        return f"figures-{self.place.month:%Y-%m}"

    def form(self, data: QueryDict | None = None) -> MonthForm:
        place = self.place
        return MonthForm(
            data,
            None if data is None else self.request.FILES,
            sheet=place.sheet,
            content=place.content,
            revision=place.revision,
            agency_id=place.agency.pk,
            person=self.person,
            hides_explanation=place.is_above,
        )

    def class_of_files(self, form: MonthForm | None = None) -> int:
        return usual_class(self.person)

    def save(self, **typed: Any) -> FigureReport:
        return save_figures(*self._month, **typed)

    def submit(self, *, is_confirmed: bool, **typed: Any) -> FigureSubmission:
        return submit_figures(*self._month, asks_if_unusual=not is_confirmed, **typed)

    @property
    def _month(self) -> tuple[Agency, Any, date]:
        return self.place.agency, self.place.cycle, self.place.month

    def sent(self, version: FigureSubmission) -> dict[str, Any]:
        return {
            "done": _("The figures of %(month)s were sent to MAPO.") % {"month": self.place.month_text},
            "back_url": "indicators:months",
            "undo": undo_by("indicators:report_undo", version.report_id, name=_("Undo sending")),
        }

    def context(self, form: MonthForm) -> dict[str, Any]:
        place = self.place
        assert place.cycle is not None
        found = judge_with_checks(place.cycle, place.sheet, form.typed_now())
        attached = form["documents"].value() or ()
        writing = evidence_rows(place, user=self.person, document_ids=attached, find=self.find)
        return {
            "place": place,
            "tables": shown_tables(place, form, found, theirs=self.theirs),
            "found": found,
            "writing": writing,
            "proofs": proof_rows(form, writing["attached"]),
            "names_identify": any(row["name_warning_html"] for row in writing["attached_rows"]),
            "theirs": self.theirs,
            "senders": [] if self.person.is_coordinator else figure_senders(place.agency),
        }

    def typed(self, form: MonthForm) -> dict[str, Any]:
        cells = self.place.sheet.cells
        lines = [{"label": cells[name].label, "text": text} for name, text in form.typed_now().items()]
        return {
            "lines": lines,
            "explanation": "" if self.place.is_above else form["explanation"].value(),
        }

    def conflict(self, form: MonthForm) -> HttpResponseBase:
        """Show both in one form; saving from here overwrites the colleague's knowingly, with its revision."""
        self.theirs = self.place.content.typed
        return render(self.request, self.template, self.form_context(form), status=409)

    def notes(self, form: MonthForm) -> dict[str, Any]:
        assert self.place.cycle is not None
        return {"notes": judge_with_checks(self.place.cycle, self.place.sheet, form.content().typed).notes}
