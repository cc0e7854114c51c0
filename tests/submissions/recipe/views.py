from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, render

from accounts.access import agency_only, person_of
from accounts.acting import act_by_button, undo_by
from accounts.clearance import usual_class
from accounts.models import Agency
from recommendations.models import Cycle
from submissions.states import OPEN_STATES
from submissions.views import DraftingPage
from tests.submissions.recipe.forms import ContributionForm
from tests.submissions.recipe.kind import CONTRIBUTIONS, ContributionContent
from tests.submissions.recipe.models import Contribution, SentContribution
from tests.submissions.recipe.services import (
    save_contribution,
    submit_contribution,
    take_contribution_back,
)
from ui.methods import post_required


@dataclass(frozen=True)
class ContributionPlace:
    agency: Agency
    cycle: Cycle
    draft: Contribution | None


def _place(request: HttpRequest, year: int) -> ContributionPlace:
    cycle, agency = get_object_or_404(Cycle, year=year), person_of(request).agency
    rows = Contribution.objects.visible_to(person_of(request)).filter(cycle=cycle, state__in=OPEN_STATES)
    return ContributionPlace(agency, cycle, rows.select_related("saved_by").first())


@agency_only
def contribution(request: HttpRequest, year: int) -> HttpResponseBase:
    return ContributionDraftingPage(request, _place(request, year)).respond()


@post_required
@agency_only
def autosave(request: HttpRequest, year: int) -> JsonResponse:
    return ContributionDraftingPage(request, _place(request, year)).autosave()


@post_required
@agency_only
def take_back(request: HttpRequest, contribution_id: int) -> HttpResponseBase:
    found = get_object_or_404(Contribution.objects.visible_to(person_of(request)), pk=contribution_id)
    return act_by_button(
        request,
        lambda **acting: take_contribution_back(found, **acting),
        done="Taken back.",
        back_url=f"/contributions/{found.cycle.year}/",
    )


class ContributionDraftingPage(DraftingPage[ContributionPlace]):
    kind = CONTRIBUTIONS
    template = "recipe/contribution.html"
    closed_template = "recipe/closed.html"
    not_editable = "This contribution is now “%(state)s”."

    def read(self) -> ContributionPlace:
        return _place(self.request, self.place.cycle.year)

    @property
    def draft(self) -> Contribution | None:
        return self.place.draft

    @property
    def agency(self) -> Agency:
        return self.place.agency

    @property
    def keep_key(self) -> str:
        return f"contribution-{self.place.cycle.year}"

    def form(self, data: QueryDict | None = None) -> ContributionForm:
        draft = self.draft
        return ContributionForm(
            data,
            None if data is None else self.request.FILES,
            content=CONTRIBUTIONS.content_of(draft) if draft else ContributionContent(),
            revision=draft.revision if draft else 0,
            agency_id=self.agency.pk,
            person=self.person,
        )

    def class_of_files(self, form: ContributionForm | None = None) -> int:
        return usual_class(self.person)

    def save(self, **typed: Any) -> Contribution:
        return save_contribution(self.place.agency, self.place.cycle, **typed)

    def submit(self, **typed: Any) -> SentContribution:
        return submit_contribution(self.place.agency, self.place.cycle, **typed)

    def sent(self, version: SentContribution) -> dict[str, Any]:
        return {
            "done": "It was sent to MAPO.",
            "back_url": self.request.path,
            "undo": undo_by("contribution_take_back", version.contribution_id),
        }

    def context(self, form: ContributionForm) -> dict[str, Any]:
        return {"place": self.place, "theirs": None}

    def typed(self, form: ContributionForm) -> dict[str, Any]:
        return {"text": form["text"].value()}

    def conflict(self, form: ContributionForm) -> HttpResponseBase:
        draft = self.draft
        context = self.form_context(form) | {"theirs": draft.text if draft else ""}
        return render(self.request, self.template, context, status=409)
