"""MAPO's decisions, and its own state of an item, as they are typed: their shape. Whether they may be taken is the service's to say."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from crispy_forms.layout import LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.forms import GuardedText, IdentityGuardForm
from recommendations.content_rules import PERCENT_RULES
from recommendations.models import Item, Review, Submission
from recommendations.states import REASON_LENGTH, STATUS_ICONS, Decision, Status, percent_fits
from ui.forms import (
    BaseHelper,
    Buttons,
    DayField,
    Include,
    RadioCards,
    Suffixed,
    WholeNumber,
    bound_days,
    set_choices,
)

#: How long an agency has to send a returned update again, unless the reviewer says otherwise.
RESUBMIT_AFTER_DAYS = 7


class DecisionOption(LayoutObject):
    """One of the ways to decide: a radio button, and the fields that belong to it below."""

    template = "recommendations/review/way.html"

    def __init__(self, field: str, value: str, *fields: Any) -> None:
        self.field, self.value, self.fields = field, value, list(fields)

    def render(
        self, form: Any, context: Context, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        """The radio button with its hint, then the fields."""
        radio = next(radio for radio in form[self.field] if radio.data["value"] == self.value)
        inner = self.get_rendered_fields(form, context, template_pack, **kwargs)
        hint = form.way_hints[self.value]
        values = {
            "radio": radio,
            "hint": hint,
            "inner": inner,
            "value": self.value,
            "bar": form.bars.get(self.value),
        }
        return render_to_string(self.template, values)


class DecideButtons(LayoutObject):
    """One button whose words follow the choice, by CSS alone. `accept` are its words where no verdict is chosen."""

    template = "recommendations/review/buttons.html"
    #: Crispy looks for it on every layout object.
    fields: list[Any] = []

    def __init__(self, *, accept: str = "") -> None:
        self.accept = accept

    def render(
        self, form: Any, context: Context, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        """The button with the words for each choice."""
        accept = [(value, _("Accept as “%(status)s”") % {"status": label}) for value, label in Status.choices]
        accept = [("", self.accept)] if self.accept else accept
        return_words = _("Return to %(agency)s") % {"agency": form.agency_code}
        return render_to_string(self.template, {"accept": accept, "return_words": return_words})


def couple_attrs(keep_key: str) -> dict[str, Any]:
    """Return form attributes: the browser keeps what is typed under this key, and couples status and percentage."""
    return {
        "data-keep": True,
        "data-keep-key": keep_key,
        "data-couple-status": "status",
        "data-couple-percent": "percent",
    }


class DecisionForm(IdentityGuardForm):
    """Accept what an agency sent, or return it with a reason and a day.

    `bars` say by decision why it cannot be taken now, `way_hints` what it means.
    """

    decision = forms.ChoiceField(label=gettext_lazy("Decision"), widget=forms.RadioSelect)
    return_reason = forms.CharField(
        label=gettext_lazy("What must be corrected"),
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    resubmit_by = DayField(label=gettext_lazy("Resubmit by"), required=False)

    def __init__(
        self,
        data: Any,
        *,
        initial: dict[str, Any],
        today: date,
        agency_code: str,
        accept: tuple[str, str],
        return_: tuple[str, str],
    ) -> None:
        """`accept` and `return_` are the label and the hint of each decision."""
        resubmit_by = today + timedelta(days=RESUBMIT_AFTER_DAYS)
        super().__init__(data, initial={"resubmit_by": resubmit_by, **initial})
        bound_days(self, "resubmit_by", earliest=today + timedelta(days=1))
        self.agency_code = agency_code
        self.bars: dict[str, str] = {}
        ways = {Decision.ACCEPT.value: accept, Decision.RETURN.value: return_}
        set_choices(self, "decision", [(value, label) for value, (label, _hint) in ways.items()])
        self.way_hints = {value: hint for value, (_label, hint) in ways.items()}
        self.seen_by = _("Only %(agency)s and MAPO can see it.") % {"agency": agency_code}
        self.fields["return_reason"].help_text = self.seen_by

    def decision_helper(self, *accept: Any, button: str = "", attrs: dict[str, Any]) -> BaseHelper:
        """Return the form helper: the fields of accepting, those of returning, and one button."""
        returning = (GuardedText("return_reason"), "resubmit_by")
        helper = BaseHelper(
            DecisionOption("decision", Decision.ACCEPT.value, *accept),
            DecisionOption("decision", Decision.RETURN.value, *returning),
            DecideButtons(accept=button),
            attrs=attrs,
            show_optional=False,
        )
        helper.form_class = "form form--tight decide"
        return helper

    def clean(self) -> dict[str, Any]:
        """Require a reason and a day for a return."""
        cleaned = super().clean() or {}
        if cleaned.get("decision") == Decision.RETURN:
            if "return_reason" not in self.errors and not cleaned.get("return_reason", "").strip():
                words = _("Say what must be corrected. The agency sees it above its form.")
                self.add_error("return_reason", words)
            if "resubmit_by" not in self.errors and not cleaned.get("resubmit_by"):
                self.add_error("resubmit_by", _("Give the date to resubmit by."))
        return cleaned


class ReviewForm(DecisionForm):
    """Accept with MAPO's own verdict, or return with a reason. Carries the version that was read."""

    field_order = ("submission", "decision", "difference_reason", "return_reason", "resubmit_by")

    submission = forms.IntegerField(widget=forms.HiddenInput)
    status = forms.ChoiceField(
        label=gettext_lazy("Status according to MAPO"), widget=forms.RadioSelect, required=False
    )
    percent = WholeNumber(label=gettext_lazy("Percentage completed"), least=0, most=100, required=False)
    difference_reason = forms.CharField(
        required=False, max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None, *, version: Submission, today: date, is_held: bool = False) -> None:
        code = version.update.assignment.agency.code
        agency = {"agency": code}
        unchanged = _(
            "The text and files of %(agency)s stay as they are. %(agency)s corrects them and resubmits."
        )
        initial = {
            "submission": version.pk,
            "decision": Decision.RETURN if is_held else Decision.ACCEPT,
            "status": version.status,
            "percent": version.percent,
        }
        super().__init__(
            data,
            initial=initial,
            today=today,
            agency_code=code,
            accept=(_("Accept"), _("With MAPO's own verdict.")),
            return_=(_("Return with a reason"), unchanged % agency),
        )
        self.version = version
        self.bars = {Decision.ACCEPT.value: _("Not possible while a file is held.")} if is_held else {}
        claimed = format_html(
            '{} <span class="quiet">{}</span>', version.status_label, _("reported by %(agency)s") % agency
        )
        statuses = [(value, claimed if value == version.status else label) for value, label in Status.choices]
        set_choices(self, "status", statuses)
        difference_reason = self.fields["difference_reason"]
        difference_reason.label = _("Reason, if it differs from the report of %(agency)s") % agency
        difference_reason.help_text = self.seen_by
        self.helper = self.decision_helper(
            RadioCards("status", icons=STATUS_ICONS, stacked=True),
            Suffixed("percent", "%"),
            GuardedText("difference_reason"),
            attrs=couple_attrs(f"review-{version.update_id}"),
        )
        self.helper.layout.insert(0, "submission")

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen decision needs."""
        cleaned = super().clean()
        if cleaned.get("decision") == Decision.ACCEPT:
            self._clean_verdict(cleaned)
        return cleaned

    def _clean_verdict(self, cleaned: dict[str, Any]) -> None:
        status, percent = cleaned.get("status"), cleaned.get("percent")
        demand_verdict(self, status, percent)
        if self.errors or not status:
            return
        differs = (status, percent) != (self.version.status, self.version.percent)
        if differs and not cleaned.get("difference_reason", "").strip():
            self.add_error(
                "difference_reason",
                _("Your verdict differs from the report: give the reason. It is kept with the decision."),
            )


def demand_verdict(form: forms.Form, status: str | None, percent: int | None) -> None:
    """Add an error where the verdict is missing, or its percentage does not agree with its status."""
    if not status and "status" not in form.errors:
        form.add_error("status", _("Choose a status."))
    if percent is None and "percent" not in form.errors:
        form.add_error("percent", _("Write the percentage completed, from 0 to 100."))
    if status and percent is not None and "percent" not in form.errors and not percent_fits(status, percent):
        form.add_error("percent", str(PERCENT_RULES[Status(status)]))


class VerdictForm(IdentityGuardForm):
    """A verdict of MAPO's own, a status with its percentage, and the reason for it."""

    status = forms.ChoiceField(
        label=gettext_lazy("Status according to MAPO"), choices=Status.choices, widget=forms.RadioSelect
    )
    percent = WholeNumber(label=gettext_lazy("Percentage completed"), least=0, most=100)
    reason = forms.CharField(max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 4}))

    def clean(self) -> dict[str, Any]:
        """Check that the percentage agrees with the status."""
        cleaned = super().clean() or {}
        if cleaned.get("status") and cleaned.get("percent") is not None:
            demand_verdict(self, cleaned["status"], cleaned["percent"])
        return cleaned


class SupersedeForm(VerdictForm):
    """Another verdict in the place of one that was wrong."""

    def __init__(self, data: Any = None, *, review: Review, cancel_url: str) -> None:
        super().__init__(data, initial={"status": review.status, "percent": review.percent})
        self.fields["reason"].label = _("Why the verdict was wrong")
        self.fields["reason"].help_text = _(
            "Only the agency and MAPO can see it. The old verdict is kept and shown."
        )
        self.helper = BaseHelper(
            RadioCards("status", icons=STATUS_ICONS),
            Suffixed("percent", "%"),
            GuardedText("reason"),
            Buttons(_("Replace the verdict"), cancel_url=cancel_url),
            attrs=couple_attrs(f"supersede-{review.pk}"),
        )


class OverrideForm(VerdictForm):
    """MAPO's state of an item, with the reason that everybody reads beside it."""

    def __init__(self, data: Any = None, *, item: Item, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.fields["status"].label = _("Status of the item")
        self.fields["reason"].label = _("Reason")
        self.fields["reason"].help_text = _(
            "Everybody who can see %(item)s can read it, including all agencies and observers. Do not "
            "write anything classified or names of victims."
        ) % {"item": item}
        self.helper = BaseHelper(
            RadioCards("status", icons=STATUS_ICONS),
            Suffixed("percent", "%"),
            GuardedText("reason"),
            Include("recommendations/overrides/set_buttons.html"),
            attrs=couple_attrs(f"override-{item.pk}"),
            show_optional=False,
        )


class EndOverrideForm(IdentityGuardForm):
    """Why MAPO's state of an item ends."""

    reason = forms.CharField(max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any = None, *, item: Item, cancel_url: str) -> None:
        super().__init__(data)
        self.fields["reason"].label = _("Reason")
        self.fields["reason"].help_text = _("Everybody who can see %(item)s can read it in the history.") % {
            "item": item
        }
        self.helper = BaseHelper(
            GuardedText("reason"),
            Buttons(_("End MAPO's status"), cancel_url=cancel_url, cancel=_("Keep it")),
            attrs={"data-keep": True, "data-keep-key": f"override-end-{item.pk}"},
            show_optional=False,
        )
