"""Helpers for views that change something: they call one service, show its refusal, and go on.

Choose by what the page looks like: `act_by_form` for a page with a form, `act_by_button` for a button without one,
`attempt` where neither fits.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import person_of
from accounts.middleware import note_outcome
from accounts.models import User
from audit import clock
from audit.errors import DomainError

#: A text, or a function that makes it from what the service returned.
TextOf = str | Callable[[Any], str]


@dataclass(frozen=True)
class ActOutcome:
    """What became of an act: done with this result, refused, or not tried because the form is invalid."""

    is_done: bool
    result: Any = None
    refusal: DomainError | None = None


def attempt(
    request: HttpRequest,
    act: Callable[..., Any],
    *,
    form: forms.BaseForm | None = None,
    error_field: str | None = None,
) -> ActOutcome:
    """Call a service with the actor and the time, and a valid form's values by name; never raise its refusal.

    A refusal (any DomainError) is in the returned ActOutcome. If there is a form, the refusal is also among its errors:
    at the fields that the error names (`problems` or `field`), else at `error_field`, else above all fields.
    """
    note_outcome(request, is_done=False)
    if form is not None and not form.is_valid():
        return ActOutcome(is_done=False)
    values = form.cleaned_data if form is not None else {}
    try:
        result = act(**values, **acting(request))
        note_outcome(request, is_done=True)
        return ActOutcome(is_done=True, result=result)
    except DomainError as refusal:
        if form is not None:
            add_refusal(form, refusal, field=error_field)
        return ActOutcome(is_done=False, refusal=refusal)


def add_refusal(form: forms.BaseForm, refusal: DomainError, *, field: str | None = None) -> None:
    """Add a refusal to a form's errors: at the fields that it names, else at `field`, else above all fields."""
    named = getattr(refusal, "field", "") or field
    problems: Mapping[str | None, object] = getattr(refusal, "problems", None) or {named: refusal}
    for name, problem in problems.items():
        error = ValidationError(str(problem), code=getattr(refusal, "code", None))
        form.add_error(name if name in form.fields else None, error)


def act_by_form(
    request: HttpRequest,
    form: forms.BaseForm,
    *,
    act: Callable[..., Any],
    done: TextOf,
    back_url: TextOf,
    template: str,
    context: Mapping[str, object] | Callable[[], Mapping[str, object]],
    error_field: str | None = None,
    error_status: int = 200,
    undo: TextOf = "",
) -> HttpResponseBase:
    """Show a page with a form; when the form is valid, do the act, say `done` and redirect to `back_url`.

    What is wrong stands in the form, with the service's refusal as in `attempt`; the page then has `error_status`.
    `undo` is the toast's undo tag (see `undo_by`). Texts may be functions of the service's result. `context` may be
    a function, called when the page is shown.
    """
    outcome = attempt(request, act, form=form, error_field=error_field)
    if outcome.is_done:
        return say_and_go(request, outcome.result, done=done, back_url=back_url, undo=undo)
    shown = context() if callable(context) else context
    return render(request, template, {"form": form, **shown}, status=error_status if form.errors else 200)


def act_by_button(
    request: HttpRequest,
    act: Callable[..., Any],
    *,
    done: TextOf,
    back_url: TextOf,
    undo: TextOf = "",
    on_refusal: Callable[[DomainError], HttpResponseBase] | None = None,
) -> HttpResponseBase:
    """Do an act that needs no form, say `done` ("" says nothing) and redirect to `back_url`.

    A refusal is answered by `on_refusal`, else by a page of its own (409). For a refusal as a toast on the page to
    which people return, pass `on_refusal=partial(refusal_toast, request, back_url)`.
    """
    outcome = attempt(request, act)
    if outcome.refusal is not None:
        return on_refusal(outcome.refusal) if on_refusal else refused_page(request, outcome.refusal)
    return say_and_go(request, outcome.result, done=done, back_url=back_url, undo=undo)


def say_and_go(
    request: HttpRequest, result: Any, *, done: TextOf, back_url: TextOf, undo: TextOf = ""
) -> HttpResponseBase:
    """Redirect to `back_url` with a toast that says `done`; texts may be functions of `result`."""
    text = _text_of(done, result)
    if text:
        messages.success(request, text, extra_tags=_text_of(undo, result))
    return redirect(_text_of(back_url, result))


def refusal_toast(request: HttpRequest, back_url: str, refusal: DomainError) -> HttpResponseBase:
    """Answer a refusal by a redirect with the refusal as a toast."""
    messages.error(request, str(refusal))
    return redirect(back_url)


def asked_text(person: User) -> str:
    """Return what whoever asked another administrator is told."""
    return _("Asked. Another administrator decides about %(name)s, and you get an e-mail.") % {
        "name": person.name
    }


def refused_page(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """Return the page that says why an act could not be done (409)."""
    return render(request, "refused.html", {"refusal": str(refusal)}, status=409)


def _text_of(text: TextOf, result: Any) -> str:
    return text if isinstance(text, str) else str(text(result) if callable(text) else text)


def keep_this_session(request: HttpRequest, person: User) -> None:
    """Let the session of the request go on, under a new key, after `sign_out_everywhere` ended all; `person` is as it left them."""
    update_session_auth_hash(request, person)
    UserSession.objects.create_from_request(request)


def request_time(request: HttpRequest) -> datetime:
    """Return the present instant, the same throughout a request (one query in a demonstration, once)."""
    if "_time" not in vars(request):
        vars(request)["_time"] = clock.now()
    known: datetime = vars(request)["_time"]
    return known


def acting(request: HttpRequest) -> dict[str, Any]:
    """Return the `actor` and `now` that every service takes."""
    return {"actor": person_of(request), "now": request_time(request)}


def posted(request: HttpRequest) -> QueryDict | None:
    """Return the posted fields that bind a form, even when there are none; None on a GET."""
    return request.POST if request.method == "POST" else None


def undo_by(view_name: str, pk: int, *, name: str = "") -> str:
    """Return the toast tag that shows an undo button, which posts to this view; `name` is what it says instead of Undo."""
    return f"undo:{reverse(view_name, args=[pk])} {name}".strip()
