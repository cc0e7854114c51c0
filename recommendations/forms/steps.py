"""Forms about planned steps. Shapes only."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from privacy.forms import GuardedText, IdentityGuardForm
from recommendations.models import Action
from recommendations.states import REASON_LENGTH
from ui.forms import BaseHelper, Buttons, DayField, bound_days, set_queryset


class PlanForm(IdentityGuardForm):
    """A dated step with its owner, who is one of these people."""

    text = forms.CharField(
        label=_("What will be done"),
        help_text=_("One step, with its place and number where there is one."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    owner = forms.ModelChoiceField(
        label=_("Responsible officer"), queryset=User.objects.none(), empty_label=None
    )
    due_on = DayField(label=_("Due date"))
    done_on = DayField(label=_("Done on"), help_text=_("Only if the step is done already."), required=False)

    def __init__(self, data: Any = None, *, people: QuerySet[User], person: User, cancel_url: str) -> None:
        super().__init__(data, initial={"owner": person.pk})
        set_queryset(self, "owner", people)
        buttons = Buttons(_("Plan step"), cancel_url=cancel_url)
        self.helper = BaseHelper(
            GuardedText("text"), "owner", "due_on", "done_on", buttons, attrs={"data-keep": True}
        )


class FinishForm(forms.Form):
    """The day on which a step was done."""

    done_on = DayField(label=_("Done on"))

    def __init__(self, data: Any = None, *, today: date, cancel_url: str) -> None:
        super().__init__(data, initial={"done_on": today})
        bound_days(self, "done_on", latest=today)
        buttons = Buttons(_("Mark as done"), cancel_url=cancel_url)
        self.helper = BaseHelper("done_on", buttons, attrs={"data-keep": True})


class ChangeForm(IdentityGuardForm):
    """What a step says, who owns it and when it is due; of a decision, its agency changes the owner alone.

    `seen` is the version that the page shows; `show_version` moves it on after somebody else's change was told.
    """

    text = forms.CharField(
        label=_("What will be done"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    owner = forms.ModelChoiceField(label=_("Responsible officer"), queryset=User.objects.none())
    due_on = DayField(label=_("Due date"))
    reason = forms.CharField(
        label=_("Reason for the change"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        step: Action,
        version: int,
        people: QuerySet[User],
        is_owner_only: bool,
        cancel_url: str,
    ) -> None:
        initial = {"text": step.text, "owner": step.owner_id, "due_on": step.due_on, "seen": version}
        super().__init__(data, initial=initial | ({"due_on": step.proposed_on} if step.proposed_on else {}))
        set_queryset(self, "owner", people)
        owner: Any = self.fields["owner"]
        owner.required, owner.empty_label = False, _whoever(step)
        self.fields["reason"].required = step.is_decision
        self.step = step
        if is_owner_only:
            for name in ("text", "due_on", "reason"):
                del self.fields[name]
        shown = (
            ("owner",) if is_owner_only else (GuardedText("text"), "owner", "due_on", GuardedText("reason"))
        )
        buttons = Buttons(_("Save"), cancel_url=cancel_url)
        self.helper = BaseHelper("seen", *shown, buttons, attrs={"data-keep": True})

    def clean(self) -> dict[str, Any]:
        """Keep what the form does not offer."""
        cleaned = super().clean() or {}
        return {"text": self.step.text, "due_on": self.step.due_on, "reason": "", **cleaned}

    def show_version(self, version: int) -> None:
        """Let the form that is shown again stand on this version."""
        self.data = {**self.data.dict(), "seen": str(version)}  # type: ignore[attr-defined]  # a QueryDict


def _whoever(step: Action) -> Any:
    return _("All of MAPO") if step.is_mapo else _("The agency's coordinators")
