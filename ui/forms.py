"""Form layout with crispy: one helper, layout objects, and widgets with our classes."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, TypeAlias, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject
from crispy_forms.utils import TEMPLATE_PACK, render_field
from django import forms
from django.db.models import QuerySet
from django.forms.utils import flatatt
from django.template import Context
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from ui.typed_days import UnreadableDay, day_or_none, read_day, write_day

Words: TypeAlias = str | Promise

#: So many characters of a date field are kept.
MOST_OF_A_DAY = 60
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class DayInput(forms.DateInput):
    """A text field for a day, shown as 3/7/2023, with the day in words beside it and a calendar where scripts run.

    `earliest` and `latest` bound the calendar; rules about days are the form's. `is_bare` leaves out the words.
    """

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        *,
        earliest: date | None = None,
        latest: date | None = None,
        is_bare: bool = False,
    ) -> None:
        super().__init__({"autocomplete": "off", "maxlength": MOST_OF_A_DAY, **(attrs or {})})
        self.earliest, self.latest, self.is_bare = earliest, latest, is_bare

    def format_value(self, value: Any) -> str | None:
        """Return a day as the field shows it; a text as it was typed, unless it is in ISO 8601, as addresses have it."""
        day = day_or_none(value) if isinstance(value, str) and _ISO_DAY.fullmatch(value) else value
        return write_day(day) if isinstance(day, date) else value

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Return the field with its words and the button of its calendar."""
        context = self.get_context(name, value, attrs)
        shown, given = context["widget"]["value"], context["widget"]["attrs"]
        words_id = f"{given['id']}_words" if given.get("id") and not self.is_bare else ""
        if words_id:
            given["aria-describedby"] = f"{given.get('aria-describedby', '')} {words_id}".strip()
        day = day_or_none(shown or "", earliest=self.earliest, latest=self.latest)
        context |= {
            "day": day,
            # The error above the field says already how a day is written.
            "is_told": bool(shown and not day and given.get("aria-invalid")),
            "words_id": words_id,
            "earliest": self.earliest,
            "latest": self.latest,
            "label": given.pop("data-label", "") or given.get("aria-label", ""),
        }
        context["attributes"] = flatatt(given)
        return render_to_string("ui/day_input.html", context)


class DayField(forms.DateField):
    """A day as Malaysians type it: `ui.typed_days` says what is read."""

    widget = DayInput

    def to_python(self, value: Any) -> date | None:
        """Return the day, or None for an empty field."""
        if value in self.empty_values or isinstance(value, date):
            return value or None
        assert isinstance(self.widget, DayInput)
        try:
            return read_day(str(value), earliest=self.widget.earliest, latest=self.widget.latest)
        except UnreadableDay as problem:
            raise forms.ValidationError(str(problem), code="invalid") from problem


def bound_days(
    form: forms.BaseForm, *names: str, earliest: date | None = None, latest: date | None = None
) -> None:
    """Bound the calendars of date fields; what may be typed is the form's own rule."""
    for name in names:
        widget = form.fields[name].widget
        assert isinstance(widget, DayInput)
        widget.earliest, widget.latest = earliest, latest


def set_choices(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Words | SafeString]]) -> None:
    """Set the choices of a choice field, as (value, label)."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


def set_queryset(form: forms.BaseForm, name: str, rows: QuerySet[Any]) -> None:
    """Set the objects that a field offers."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


class WholeNumber(forms.IntegerField):
    """A whole number from `least` to `most`; every other input gets one message that names both."""

    def __init__(self, *, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(min_value=least, max_value=most, **kwargs)

    def clean(self, value: Any) -> int | None:
        """Return the number, or None for an empty optional field."""
        try:
            return cast("int | None", super().clean(value))
        except forms.ValidationError as error:
            if value in self.empty_values:
                raise
            bounds = {"least": self.min_value, "most": self.max_value}
            raise forms.ValidationError(
                _("Give a number from %(least)s to %(most)s."), code="out_of_bounds", params=bounds
            ) from error


class BaseHelper(FormHelper):
    """The form helper of every form: fields and layout objects in order, the rest by keyword.

    `attrs` go on the form tag. `show_optional` marks optional fields with "(optional)".
    """

    template_pack = "jejak"
    form_class = "form"

    def __init__(
        self,
        *fields: Any,
        attrs: dict[str, Any] | None = None,
        action: str = "",
        method: str = "post",
        form_tag: bool = True,
        show_optional: bool = True,
    ) -> None:
        super().__init__()
        # Our own messages, in the reader's language, instead of the browser's in the browser's.
        self.attrs = {"novalidate": True, **(attrs or {})}
        self.form_action = action
        self.form_method = method
        self.form_tag = form_tag
        self.disable_csrf = method.lower() != "post"
        self.show_optional = show_optional
        if fields:
            self.layout = Layout(*fields)


class _WithoutNestedFields(LayoutObject):
    """A layout object that holds no other layout objects."""

    fields: ClassVar[list[Any]] = []


class FieldLayout(_WithoutNestedFields):
    """Lay out one field with its own template and extra template variables."""

    template = ""

    def __init__(self, field: str, **extra: Any) -> None:
        self.field = field
        self.extra = extra

    def values(self, form: forms.BaseForm) -> dict[str, Any]:
        """Return the template variables besides the field."""
        return self.extra

    def render(
        self, form: Any, context: Context, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        """Return the field rendered with this object's template."""
        return render_field(
            self.field,
            form,
            context,
            template=self.template,
            template_pack=template_pack,
            extra_context=self.values(form),
        )


class RadioCards(FieldLayout):
    """Lay out choices as cards with icons.

    `icons` maps a value to an icon; `stacked` puts them in one box.
    """

    template = "jejak/layout/radio_cards.html"

    def __init__(self, field: str, *, icons: dict[str, str] | None = None, stacked: bool = False) -> None:
        super().__init__(field, stacked=stacked)
        self.icons = icons or {}

    def values(self, form: forms.BaseForm) -> dict[str, Any]:
        """Return each radio button with its icon."""
        radios = [(radio, self.icons.get(str(radio.data["value"]), "")) for radio in form[self.field]]
        return {**self.extra, "radios": radios}


class Suffixed(FieldLayout):
    """Lay out a short control with a unit inside its end (%, days), and a quiet note beside it."""

    template = "jejak/layout/suffixed.html"

    def __init__(self, field: str, suffix: Words, *, note: Words = "") -> None:
        super().__init__(field, suffix=suffix, note=note)


class CountedText(FieldLayout):
    """Lay out a long text with a character counter; pasted text is never cut.

    The limit is the field's own, or `counter_limit` where a draft may be longer than what can be sent.
    """

    template = "jejak/field.html"

    def values(self, form: forms.BaseForm) -> dict[str, Any]:
        """Return the limit, and take it off the control so that the browser does not cut silently."""
        field = form.fields[self.field]
        field.widget.attrs.pop("maxlength", None)
        return {"counter_limit": getattr(field, "max_length", None), **self.extra}


class FieldGroup(LayoutObject):
    """Lay out several fields inside one template."""

    template = ""

    def __init__(self, *fields: Any, **extra: Any) -> None:
        self.fields = list(fields)
        self.extra = extra

    def render(
        self, form: Any, context: Context, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        """Return the fields, rendered in order inside this group's template."""
        inner = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return render_to_string(self.template, {"inner": inner, **self.extra})


class FieldRow(FieldGroup):
    """Lay out fields side by side where there is room, under an optional legend."""

    template = "jejak/layout/row.html"

    def __init__(self, *fields: Any, legend: Words = "") -> None:
        super().__init__(*fields, legend=legend)


class Fieldset(FieldGroup):
    """Lay out fields one below another under a legend."""

    template = "jejak/layout/fieldset.html"

    def __init__(self, legend: Words, *fields: Any, hint: Words = "") -> None:
        super().__init__(*fields, legend=legend, hint=hint)


class Include(_WithoutNestedFields):
    """Render a template inside the form, with the context of the page."""

    def __init__(self, template: str) -> None:
        self.template = template

    def render(
        self, form: Any, context: Context, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        """Return the rendered template."""
        values = {**cast("dict[str, Any]", context.flatten()), "form": form}
        return render_to_string(self.template, values)


class Buttons(_WithoutNestedFields):
    """The one primary button, and a quiet cancel link."""

    def __init__(
        self,
        label: Words,
        *,
        name: str = "",
        value: str = "",
        cancel_url: str = "",
        cancel: Words = "",
        tone: str = "primary",
    ) -> None:
        self.extra = {
            "label": label,
            "name": name,
            "value": value,
            "cancel_url": cancel_url,
            "cancel": cancel,
            "tone": tone,
        }

    def render(
        self, form: Any, context: Context, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        """Return the row of buttons."""
        return render_to_string("jejak/layout/buttons.html", self.extra)
