"""How MAPO steers an assignment, and answers what its agency asks: shapes only."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from privacy.forms import GuardedText, IdentityGuardForm, ReasonForm
from recommendations.errors import LeadChanged
from recommendations.models import Assignment, AssignmentRequest, Cycle
from recommendations.states import REASON_LENGTH, AssignmentRole, Stage
from ui.forms import BaseHelper, Buttons, DayField, FieldRow, Include, Suffixed, WholeNumber, bound_days

if TYPE_CHECKING:
    from recommendations.queries.item_forecast import ItemForecast

#: An update may be owed at most this rarely.
LONGEST_CADENCE_DAYS = 366


def role_field() -> forms.ChoiceField:
    """Lead or support."""
    return forms.ChoiceField(
        label=gettext_lazy("Role"), choices=AssignmentRole.choices, widget=forms.RadioSelect
    )


def cadence_field(cycle: Cycle) -> WholeNumber:
    """How often an update is owed, where not as the cycle has it."""
    return WholeNumber(
        label=_("Days between updates"),
        help_text=_("If empty: as set for the cycle, every %(count)s days.") % {"count": cycle.cadence_days},
        least=1,
        most=LONGEST_CADENCE_DAYS,
        required=False,
    )


class AssignmentForm(forms.Form):
    """Dates and cadence of one assignment; of a suggestion also its role, in force also who answers for it."""

    due_on = DayField(label=gettext_lazy("Final due date"), required=False)

    def __init__(self, data: Any = None, *, assignment: Assignment, cancel_url: str) -> None:
        super().__init__(data, initial=_initial(assignment))
        self.assignment = assignment
        self.fields["cadence_days"] = cadence_field(assignment.item.cycle)
        is_confirmed = assignment.stage == Stage.CONFIRMED
        self.is_settled = assignment.is_settled
        if is_confirmed:
            self._add_what_is_in_force()
        else:
            self.fields["role"] = role_field()
        dates = ("due_on", "next_due_on") if "next_due_on" in self.fields else ("due_on",)
        words = _("Save") if is_confirmed else _("Confirm the assignment")
        self.helper = BaseHelper(
            *(() if is_confirmed else ("role",)),
            FieldRow(*dates),
            Suffixed("cadence_days", _("days")),
            *(("officers",) if is_confirmed else ()),
            Buttons(words, name="act", value="save" if is_confirmed else "confirm", cancel_url=cancel_url),
            attrs={"data-keep": True, "data-keep-key": f"assignment-{assignment.pk}"},
        )

    def _add_what_is_in_force(self) -> None:
        if not self.is_settled:
            self.fields["next_due_on"] = DayField(label=_("Next update due"), required=False)
        people = User.objects.able_to_act().in_agency(self.assignment.agency_id)
        self.fields["officers"] = forms.ModelMultipleChoiceField(
            label=_("Responsible officers"),
            help_text=_("Every officer of the agency may act; those named here are reminded."),
            queryset=people.order_by("name", "pk"),
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        if not people.exists():
            self.fields["officers"].help_text = _("This agency has no active officer yet.")


def _initial(assignment: Assignment) -> dict[str, Any]:
    initial: dict[str, Any] = {
        name: getattr(assignment, name) for name in ("role", "due_on", "cadence_days", "next_due_on")
    }
    initial["due_on"] = initial["due_on"] or assignment.item.cycle.window_end
    initial["officers"] = list(assignment.officer_links.values_list("user_id", flat=True))
    return initial


class RoleForm(ReasonForm):
    """Why an agency leads an item, or supports it. `replaces` carries the assignment of the lead that the page names, if any.

    Once cleaned it is the lead that steps down for another (`before`), or None.
    """

    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        verb: str,
        lead_now: Assignment | None,
        before: Assignment | None,
        cancel_url: str,
    ) -> None:
        hint = _("Kept in the history of the item. The agencies above can read it.")
        self.before, lead = before, str(lead_now.pk) if lead_now else ""
        # Also where the act was done already: what the page offers now would be the opposite of it.
        self.is_outdated = data is not None and data.get("replaces", "") != lead
        if self.is_outdated:
            # The page around the form shows what would change now: whoever sends it again has seen that.
            data = data.copy()
            data["replaces"] = lead
        super().__init__(data, verb=verb, cancel_url=cancel_url, hint=hint, max_length=REASON_LENGTH)
        self.fields["replaces"].initial = lead
        self.helper.layout.append("replaces")

    def clean(self) -> dict[str, Any]:
        """Refuse a form that was made for another lead."""
        if self.is_outdated:
            self.add_error(None, str(LeadChanged()))
        return super().clean() | {"replaces": self.before.pk if self.before else None}


class AskForm(IdentityGuardForm):
    """By when MAPO asks for an update of a completed assignment, and why."""

    due_on = DayField(label=gettext_lazy("Update by"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The agency can read it."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, assignment: Assignment, today: date) -> None:
        super().__init__(data, auto_id="ask_%s")
        bound_days(self, "due_on", earliest=today, latest=assignment.cycle.window_end)
        self.helper = BaseHelper(
            "due_on",
            GuardedText("reason"),
            Buttons(_("Ask for an update")),
            action=reverse("recommendations:update_ask", args=[assignment.pk]),
            attrs={"data-keep": True, "data-keep-key": f"update-ask-{assignment.pk}"},
        )


class EndForm(IdentityGuardForm):
    """Why an assignment ends."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None, *, assignment: Assignment) -> None:
        super().__init__(data, auto_id="end_%s")
        is_suggestion = assignment.stage == Stage.SUGGESTED
        self.fields["reason"].required = not is_suggestion
        self.helper = BaseHelper(
            GuardedText("reason"),
            Buttons(
                _("Turn the suggestion down") if is_suggestion else _("End the assignment"), tone="danger"
            ),
            action=reverse("recommendations:assignment_end", args=[assignment.pk]),
            attrs={"data-keep": True, "data-keep-key": f"assignment-end-{assignment.pk}"},
        )


GRANT, REFUSE = "grant", "refuse"


class AnswerForm(IdentityGuardForm):
    """Grant or refuse; a refusal needs a reason. The button says which."""

    answer = forms.ChoiceField(choices=[(GRANT, GRANT), (REFUSE, REFUSE)], widget=forms.HiddenInput)
    reason = forms.CharField(
        required=False, max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, asked: AssignmentRequest) -> None:
        super().__init__(data, auto_id=f"request{asked.pk}_%s")
        self.asked = asked
        #: What becomes of the item if it is granted, where the page knows.
        self.forecast: ItemForecast | None = None
        self.fields["reason"].label = _("Reason")
        self.fields["reason"].help_text = _("Required if you refuse. The agency can read it.")
        self.helper = BaseHelper(
            GuardedText("reason"),
            Include("recommendations/assignments/answer_buttons.html"),
            action=reverse("recommendations:request_answer", args=[asked.pk]),
            attrs={"data-keep": True, "data-keep-key": f"request-{asked.pk}"},
            show_optional=False,
        )
        self.helper.form_class = "form form--tight"

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of a refusal; return `grant` and `reason`."""
        cleaned = super().clean() or {}
        answer = cleaned.pop("answer", "")
        if answer == REFUSE and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Give the reason for refusing. The agency can read it."))
        return {**cleaned, "grant": answer == GRANT}
