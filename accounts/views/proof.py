"""The page after a proof: it sends again what waited, or begins the download."""

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import messages
from django.forms.utils import pretty_name
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.proof_gate import KEPT, WaitingRequest, file_address, form_of, page_address, waiting_request
from accounts.resume import NOT_DONE
from ui.invisible_characters import visible_text
from ui.methods import is_page
from ui.recent_proof import requires_recent_proof

#: The name of the button that was pressed, where a form has several.
_BUTTON = "act"
_OF_THE_PAGE = re.compile("[0-9a-f]{32}|[^a-z]*", re.IGNORECASE)


@require_safe
@requires_recent_proof
@never_cache
def go_on(request: HttpRequest) -> HttpResponseBase:
    """Go on with what was asked before the proof: a file by itself, an act by a button, below what was typed.

    Somebody else may have asked for it at this desk, so the person sees it before it is done.
    What could not be kept must be filled in again: lead back to its page, and say so there.
    """
    file = file_address(request.GET.get("file", ""))
    if file:
        page = page_address(request.GET.get("page", ""))
        return _show(request, {"file": file, "sends_file": True, "page": page})
    name = request.GET.get("kept") or request.GET.get("lost") or ""
    waiting = waiting_request(request, name)
    if waiting is None:
        return redirect(settings.LOGIN_REDIRECT_URL)
    if waiting.fields is None:
        return _ask_again(request, waiting)
    fields = [*waiting.fields, (KEPT, name)]
    about = {"file": "", "address": waiting.address, "sends_file": waiting.sends_file, "page": waiting.page}
    # What a file holds, the page from which it was asked for says.
    has_page = not waiting.sends_file and is_page(urlsplit(waiting.address).path)
    named_by = waiting.address if has_page else ""
    return _show(request, {**about, "fields": fields, "told": _told(waiting), "named_by": named_by})


def _told(waiting: WaitingRequest) -> list[tuple[str, str]]:
    """Return label and text of what somebody typed or chose, without what the page itself has put in.

    The labels, and the words of what was chosen, are those of the form; what belongs to no form stands as it was sent.
    """
    form = form_of(waiting.address)
    fields: dict[str, forms.Field] = vars(form)["base_fields"] if form is not None else {}
    found = [
        _of_field(fields[name], name, value) if name in fields else ("", _typed(value))
        for name, value in waiting.fields or ()
        if name != _BUTTON or form is None
    ]
    return [(label, text) for label, text in found if text]


def _of_field(field: forms.Field, name: str, value: str) -> tuple[str, str]:
    if field.widget.is_hidden:
        return "", "" if isinstance(field, forms.BooleanField) else _typed(value)
    label = str(field.label or pretty_name(name))
    if isinstance(field, forms.BooleanField):
        return label, _("Yes")
    if isinstance(field, forms.ModelChoiceField):
        return label, _chosen_row(field, value)
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        offered: list[tuple[Any, Any]] = list(flatten_choices(choices))
        words = {str(key): str(word) for key, word in offered}
        return label, words.get(value, visible_text(value)) if value else ""
    return label, visible_text(value).strip()


def _chosen_row(field: forms.ModelChoiceField, value: str) -> str:
    """Return what the form calls a row; a key of none stands as it was sent."""
    assert field.queryset is not None
    try:
        row: Any = field.queryset.model._default_manager.filter(pk=value).first()
    except (ValueError, OverflowError):
        row = None
    return field.label_from_instance(row) if row is not None else visible_text(value)


def _typed(value: str) -> str:
    """Return a text, or nothing for one of the keys and numbers that a page puts in."""
    text = visible_text(value).strip()
    return "" if _OF_THE_PAGE.fullmatch(text) else text


def _show(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    return render(request, "accounts/go_on.html", context)


def _ask_again(request: HttpRequest, waiting: WaitingRequest) -> HttpResponseBase:
    text = _(
        "Not done yet: the files that you chose could not be kept. Choose them again, then press the button."
    )
    messages.warning(request, text, extra_tags=NOT_DONE)
    return redirect(waiting.page or settings.LOGIN_REDIRECT_URL)
