"""Form layout: label, hint and error belong to their control, and nothing typed is cut."""

import re
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from privacy.forms import ReasonForm
from ui.forms import (
    BaseHelper,
    Buttons,
    CountedText,
    DayField,
    FieldRow,
    Fieldset,
    Include,
    RadioCards,
    Suffixed,
)


class Sample(forms.Form):
    status = forms.ChoiceField(choices=[("none", "None"), ("done", "Done")], widget=forms.RadioSelect)
    percent = forms.IntegerField(help_text="Between 0 and 100")
    narrative = forms.CharField(max_length=10, widget=forms.Textarea)
    covers_from = DayField()
    covers_to = DayField(required=False)
    agencies = forms.MultipleChoiceField(
        choices=[("1", "A")], widget=forms.CheckboxSelectMultiple, required=False
    )
    agree = forms.BooleanField(required=False, help_text="As you like")
    kind = forms.ChoiceField(choices=[("1", "A")])
    password = forms.CharField(widget=forms.PasswordInput)
    proof = forms.FileField(required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    helper = BaseHelper(
        RadioCards("status", icons={"none": "empty"}),
        Suffixed("percent", "%", note="Last time: 45%"),
        CountedText("narrative"),
        FieldRow("covers_from", "covers_to", legend="Dates covered"),
        Fieldset("The rest", "agencies", "agree", "kind", "password", "proof"),
        "revision",
        Include("ui/copy.html"),
        Buttons("Save", cancel_url="/back/"),
        attrs={"data-keep": True},
    )

    def clean(self) -> None:
        raise forms.ValidationError("Dates are closed")


def render(form: forms.Form, **values: Any) -> str:
    request = RequestFactory().get("/")
    context = Context({"form": form, "text": "copied", "request": request, "csrf_token": "token", **values})
    return Template("{% load crispy_forms_tags %}{% crispy form %}").render(context)


@pytest.fixture
def refused() -> str:
    return render(Sample({"percent": "many", "narrative": "longer than ten", "status": "odd"}))


def test_errors_are_tied_to_their_controls_and_typed_words_kept(refused: str) -> None:
    control = re.search(r'<input[^>]*id="id_percent"[^>]*>', refused)
    assert control is not None
    assert 'aria-invalid="true"' in control[0]
    described = re.search(r'aria-describedby="([^"]+)"', control[0])
    assert described is not None
    for target in described[1].split():
        assert f'id="{target}"' in refused
    for name in ("percent", "narrative", "kind"):
        assert refused.index(f'id="id_{name}_error"') < refused.index(f'id="id_{name}"')
    summary = refused[refused.index("data-summary") : refused.index("</ul>")]
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert "id_status_0" in targets
    assert all(f'id="{target}"' in refused for target in targets)
    assert "Dates are closed" in summary
    fieldset = re.search(r'<fieldset id="div_id_status"[^>]*>', refused)
    assert fieldset is not None
    assert "id_status_error" in fieldset[0]
    assert "longer than ten</textarea>" in refused
    assert "maxlength" not in re.search(r"<textarea[^>]*>", refused)[0]
    assert 'data-limit="10"' in refused


def test_control_has_the_class_of_its_kind() -> None:
    html = render(Sample())
    for name, css_class in [("percent", "input input--short"), ("narrative", "textarea"), ("kind", "select")]:
        control = re.search(rf'<(?:input|select|textarea)[^>]*id="id_{name}"[^>]*>', html)
        assert control is not None
        assert f'class="{css_class}"' in control[0]


def test_empty_form_shows_no_summary() -> None:
    html = render(Sample())
    assert "data-summary" not in html
    assert html.count('class="label__optional"') == 3
    assert 'name="csrfmiddlewaretoken"' in html
    assert 'data-copy="copied"' in html
    assert 'href="/back/"' in html


def test_get_form_carries_no_token() -> None:
    class Filter(forms.Form):
        q = forms.CharField(required=False)
        helper = BaseHelper("q", method="get", show_optional=False)

    html = render(Filter())
    assert "csrfmiddlewaretoken" not in html
    assert "label__optional" not in html


def test_form_without_helper_is_drawn_field_by_field() -> None:
    class Plain(forms.Form):
        name = forms.CharField()

    html = Template("{% load crispy_forms_tags %}{{ form|crispy }}").render(Context({"form": Plain({})}))
    assert 'id="id_name_error"' in html


def test_reason_form_says_where_the_reason_is_kept_and_bounds_it() -> None:
    about = {"verb": "Withdraw", "cancel_url": "/back/"}
    with translation.override("en"):
        html = render(ReasonForm(**about))
        told = ReasonForm({"reason": "abcd"}, hint="MAPO reads it.", max_length=3, **about)
        assert "It stays in the audit trail." in html
        assert ">Withdraw</button>" in html and 'href="/back/"' in html
        assert not ReasonForm({"reason": " "}, **about).is_valid()
        assert "MAPO reads it." in render(told)
        assert told.errors["reason"] == ["Shorten this to 3 characters (now 4)."]
