"""Template tags and filters for the look: `{% load ui %}`."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import forms, template
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ui import components, dates, numbers, typed_days
from ui.addresses import address_of
from ui.components import Words
from ui.forms import DayInput
from ui.icons import icon as draw_icon

register = template.Library()

for name in (
    *("day", "short_day", "weekday_day", "day_month", "month_year"),
    *("time_of_day", "day_time", "machine_time"),
):
    register.filter(name, getattr(dates, name))
for name in ("number", "percent", "file_size"):
    register.filter(name, getattr(numbers, name))

register.simple_tag(address_of)
register.simple_tag(draw_icon, name="icon")
register.simple_tag(components.state_icon)
register.simple_tag(components.state)
register.simple_tag(components.window_label)
register.simple_tag(components.tag)
register.simple_tag(components.chip)
register.simple_tag(components.flag)
register.simple_tag(components.file_name)
register.simple_tag(components.progress)
register.simple_tag(components.dot_line)
register.simple_tag(components.changed, name="changed_words")
register.simple_tag(dates.day_range)
register.simple_tag(dates.days)
register.simple_tag(dates.relative_day)


@register.filter
def initials(name: str) -> str:
    """Return two letters for a person: of the first and of the last word of the name."""
    words = name.split()
    return "".join(word[0] for word in dict.fromkeys((words[0], words[-1]))).upper() if words else ""


@register.filter
def fold(entries: Sequence[Any], most: int) -> dict[str, Sequence[Any]]:
    """Return the first `most` entries as `shown` and the others as `folded`: a single other is shown as well."""
    shown = most + 1 if len(entries) == most + 1 else most
    return {"shown": entries[:shown], "folded": entries[shown:]}


@register.filter
def undo_button(tag: str) -> dict[str, str] | None:
    """Return the address and the name of a toast's undo button, from a tag of `accounts.acting.undo_by`."""
    kind, _colon, rest = tag.partition(":")
    url, _space, name = rest.partition(" ")
    return {"url": url, "name": name or _("Undo")} if kind == "undo" else None


@register.filter
def short_hash(digest: str) -> str:
    """Return 9f2c 41ab … e07d: enough of a hash to compare by eye."""
    return f"{digest[:4]} {digest[4:8]} … {digest[-4:]}" if len(digest) > 12 else digest


@register.inclusion_tag("ui/banner.html")
def banner(
    tone: str, text: Words, url: str = "", link_text: Words = "", icon: str = "", *, takes_focus: bool = False
) -> dict[str, Any]:
    """Show a line across the page: info (a past date), warning (divergence) or danger (a failure).

    What answers a button far below takes the focus, so that it comes into sight.
    """
    css_class, usual_icon = components.BANNERS[tone]
    return {
        "css_class": css_class,
        "is_alert": tone == "danger",
        "takes_focus": takes_focus,
        "text": text,
        "url": url,
        "link_text": link_text,
        "icon_name": icon or usual_icon,
    }


@register.inclusion_tag("ui/empty_state.html")
def empty_state(
    title: Words,
    text: Words = "",
    url: str = "",
    label: Words = "",
    line: str = "plain",
    primary: bool = False,
) -> dict[str, Any]:
    """Show what is true of an empty list, and what to do next."""
    return {"title": title, "text": text, "url": url, "label": label, "line": line, "primary": primary}


@register.inclusion_tag("ui/breadcrumb.html")
def breadcrumb(*parts: str) -> dict[str, Any]:
    """Show addresses and words in turn; the last, with an empty address, is this page."""
    return {"crumbs": list(zip(parts[::2], parts[1::2], strict=True))}


@register.inclusion_tag("ui/clock_line.html")
def clock_line(percent: float, interim_percent: float | None, label: Words) -> dict[str, Any]:
    """Show the assessment window as a thin line: how many days have passed, and the interim date."""
    return {"at": _share(percent), "interim": _share(interim_percent), "label": label}


@register.simple_block_tag
def print_frame(
    content: str, classification: Words, *, by: str, now: datetime, day: date | None = None
) -> str:
    """Repeat the classification at the top and the foot of every printed page around the content.

    Above it stands who prints, and when; or as at which `day`, where the page shows one that is over.
    """
    at = dates.day(day) if day else dates.day_time(now)
    return render_to_string(
        "ui/print_frame.html",
        {"content": content, "classification": classification, "at": at, "name": by},
    )


@register.simple_block_tag
def card_table(content: str, label: Words, title: Words = "", css_class: str = "table table--stack") -> str:
    """Show a table (head and body) in a card of its own that scrolls sideways, with a name for screen readers."""
    context = {"content": content, "label": label, "title": title, "css_class": css_class}
    return render_to_string("ui/card_table.html", context)


@register.inclusion_tag("ui/window_clock.html")
def window_clock(clock: dict[str, Any]) -> dict[str, Any]:
    """Show the window with its months, today and the interim date; `ui/window_clock.html` lists the keys."""
    months = [
        {
            "label": month["label"],
            "at": _share(month["percent_from"]),
            "width": _share(month["percent_to"] - month["percent_from"]),
            "middle": _share((month["percent_from"] + month["percent_to"]) / 2),
        }
        for month in clock["months"]
    ]
    return {
        "clock": clock,
        "months": months,
        "at": _share(clock["percent"]),
        "today_anchor": _anchor(clock["percent"]),
        "interim": _share(clock["interim_percent"]),
        "due": _share(clock["due_percent"]),
    }


def _anchor(percent: float) -> str:
    """Return which end of a word stands at its place on a line, so that it stays within the line."""
    if 15 <= percent <= 85:
        return "middle"
    return "start" if percent < 15 else "end"


@register.inclusion_tag("ui/state_line.html")
def state_line(parts: list[dict[str, Any]], label: Words, start: Words, end: Words) -> dict[str, Any]:
    """Show states one after another along a line, between the words `start` and `end`.

    A part is a dict with state, percent_from, percent_to and label.
    """
    drawn = [
        {
            "state": part["state"],
            "label": part["label"],
            "css_class": components.LINE_PARTS[part["state"]],
            "at": _share(part["percent_from"]),
            "to": _share(part["percent_to"]),
        }
        for part in parts
    ]
    return {"parts": drawn, "label": label, "start": start, "end": end}


def _share(percent: float | None) -> str:
    """Return a length for an SVG attribute, independent of the language's decimal sign."""
    return "" if percent is None else f"{percent:.2f}%"


@register.simple_tag
def options(choices: Iterable[tuple[Any, Words]], chosen: Any) -> SafeString:
    """Return the options of a select; values and labels of any type, compared as text."""
    return components.options(((str(value), str(label)) for value, label in choices), str(chosen))


@register.simple_tag
def tinted_icon(name: str) -> SafeString:
    """Return a state icon in its own colour, and any other icon plain."""
    return components.state_icon(name) if name in components.STATE_TONES else draw_icon(name)


@register.simple_tag
def calendar(today: date | None) -> str:
    """Lay out the calendar of the date fields, once a page, with the names of months and weekdays for the scripts."""
    return _calendar(today, dates.supported_language())


@lru_cache(maxsize=8)
def _calendar(today: date | None, language: str) -> str:
    """Return the HTML of `calendar`; kept, because every page of a day has the same in a language."""
    months = dates.MONTHS
    context = {
        "today": today,
        "months": " ".join(months[language]),
        "other_months": " ".join(months["en" if language == "ms" else "ms"]),
        "weekdays": dates.WEEKDAYS[language],
    }
    return render_to_string("ui/calendar.html", context)


@register.simple_tag
def day_hint() -> str:
    """Return how a date is written, with an example."""
    return typed_days.hint()


@register.simple_tag
def day_field(
    name: str,
    value: date | str | None,
    *,
    earliest: date | None = None,
    latest: date | None = None,
    is_bare: bool = False,
    **attrs: Any,
) -> SafeString:
    """Return a date field outside a form. Attributes are written with underscores; `data_label` names its calendar."""
    given = {"class": "input", **{key.replace("_", "-"): text for key, text in attrs.items()}}
    return DayInput(earliest=earliest, latest=latest, is_bare=is_bare).render(name, value, given)


@register.simple_tag
def control(field: BoundField, extra_class: str = "") -> SafeString:
    """Return the input, select or text area of a field, with our class for its type."""
    given = field.field.widget.attrs.get("class", "")
    kind = _control_class(field.field.widget)
    classes = " ".join(part for part in (kind, extra_class, given) if part)
    return field.as_widget(attrs={"class": classes, **_words_for_scripts(field)})


def _words_for_scripts(field: BoundField) -> dict[str, Any]:
    """Return the words that a script writes around a control, in the language of the page."""
    if isinstance(field.field.widget, DayInput):
        return {"data-label": str(field.label)}
    if isinstance(field.field.widget, forms.FileInput):
        return {"data-choose": _("Choose a file"), "data-none": _("No file chosen")}
    return {}


def _control_class(widget: forms.Widget) -> str:
    """Return the CSS class for a type of widget."""
    if isinstance(widget, forms.Textarea):
        return "textarea"
    return "select" if isinstance(widget, forms.Select) else "input"


@register.filter
def problems(form: BaseForm) -> list[dict[str, Any]]:
    """Return each error of a form with its field, for the summary at the top.

    A field whose label means nothing without its group has a `summary_label`.
    """
    found = [{"target": "", "text": text} for text in form.non_field_errors()]
    for field in form:
        for text in field.errors:
            label = getattr(field.field, "summary_label", field.label) if not field.is_hidden else ""
            found.append({"target": "" if field.is_hidden else _target(field), "label": label, "text": text})
    return found


def _target(field: Any) -> str:
    """Return the id that a click on an error leads to: the control, or the first one of a group."""
    subwidgets = field.subwidgets
    return str(subwidgets[0].id_for_label if field.use_fieldset and subwidgets else field.auto_id)
