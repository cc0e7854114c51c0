"""How a form asks about texts that seem to identify a person.

A form takes part by two words: it inherits from `IdentityGuardForm`, and lays out its text as `GuardedText`. Its service
asks `check_identities`, with the reason that the form hands on as `identities_reason`.
"""

from __future__ import annotations

from typing import Any

from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from privacy.checks import IdentitiesFound, check_identities
from privacy.identity_places import notice
from privacy.kinds import IDENTITIES_REASON_LENGTH
from privacy.redaction import MOST_REDACTED, redact
from ui.forms import BaseHelper, Buttons, CountedText, Words
from ui.invisible_characters import visible_line
from ui.line_ends import with_line_feeds


class ReasonInput(forms.Textarea):
    """The reasons beside several texts of one form are one: the first that says something."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        given = data.getlist(name) if hasattr(data, "getlist") else [data.get(name, "")]
        return next((each for each in given if each.strip()), "")


class IdentityGuardForm(forms.Form):
    """A form with texts that must not identify a victim.

    Its button "redact" names a text: the form then holds the redacted text, and is not valid, so that nothing is done
    before the person has looked at it. `was_redacted` says so. A text that is too long to be kept stays as it is.
    """

    identities_reason = forms.CharField(required=False, widget=ReasonInput)
    reason_length = IDENTITIES_REASON_LENGTH

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        name = (data or {}).get("redact", "")
        self.was_redacted = bool(name and name in (data or {}))
        if self.was_redacted:
            data = data.copy()
            text = with_line_feeds(data[name])
            data[name] = redact(text) if len(text) <= MOST_REDACTED else text
        super().__init__(data, *args, **kwargs)

    @property
    def has_valid_fields(self) -> bool:
        """Whether what was typed, or redacted, could be saved."""
        return super().is_valid()

    def is_valid(self) -> bool:
        return self.has_valid_fields and not self.was_redacted

    def clean(self) -> dict[str, Any]:
        """Refuse a text in which nothing can be seen."""
        cleaned = super().clean() or self.cleaned_data
        for name, field in self.fields.items():
            text = cleaned.get(name) if isinstance(field, forms.CharField) else ""
            if isinstance(text, str) and text.strip() and not visible_line(text):
                self.add_error(name, _("Nothing in this text can be seen. Write it again."))
        return cleaned

    def refuse_identities(self, name: str) -> None:
        """Add the error of a text that seems to identify a person; for a form with a preview before the service asks."""
        text, reason = (self.cleaned_data.get(field, "") for field in (name, "identities_reason"))
        try:
            check_identities({name: text}, reason=reason)
        except IdentitiesFound as refusal:
            self.add_error(name, ValidationError(refusal.problems[name], code=refusal.code))


class GuardedText(CountedText):
    """Lay out a text with its counter, and below it what in it seems to identify a person.

    If that is the error of the field, it is told there alone.
    """

    def values(self, form: forms.BaseForm) -> dict[str, Any]:
        """Return what `CountedText` does, and whether the error is told below."""
        return {**super().values(form), "is_told_below": bool(identities_error(form, self.field))}

    def render(
        self, form: Any, context: Context, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        """Return the field, then the notice; the notice is empty while nothing is found."""
        field = super().render(form, context, template_pack, **kwargs)
        return field + render_to_string("privacy/guard.html", notice_context(form, self.field))


#: Where most reasons are kept.
IN_THE_TRAIL = _("It stays in the audit trail.")


class ReasonForm(IdentityGuardForm):
    """Ask for a reason of at most `max_length` characters; `hint` says who reads it or where it is kept."""

    def __init__(
        self,
        data: Any = None,
        *,
        verb: Words,
        cancel_url: str,
        cancel: Words = "",
        tone: str = "primary",
        hint: Words = IN_THE_TRAIL,
        max_length: int = 500,
    ) -> None:
        super().__init__(data)
        self.fields["reason"] = forms.CharField(
            label=_("Reason"),
            help_text=str(hint),
            max_length=max_length,
            widget=forms.Textarea(attrs={"rows": 4}),
        )
        self.helper = BaseHelper(
            GuardedText("reason"),
            Buttons(verb, cancel_url=cancel_url, cancel=cancel, tone=tone),
            attrs={"data-keep": True},
        )


def identities_error(form: forms.BaseForm, name: str) -> str:
    """Return the error of a field if its only one is that it seems to identify a person."""
    errors = form.errors.as_data().get(name, [])
    is_alone = len(errors) == 1 and errors[0].code == IdentitiesFound.code
    return str(errors[0].message) if is_alone else ""


def notice_context(form: forms.BaseForm, name: str) -> dict[str, Any]:
    """Return what the notice below a text of a form shows."""
    bound = form[name]
    reason = form["identities_reason"].value() if form.is_bound else ""
    about = {"name": bound.html_name, "control_id": bound.id_for_label, "reason": reason or ""}
    return notice(str(bound.value() or ""), **about) | {"error": identities_error(form, name)}
