"""Administrators keep the cycles: all of them, one with its dates, next year's from a file, closing and reopening."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import administrators_only
from accounts.acting import acting, posted, refused_page, request_time
from audit.clock import local_date
from audit.errors import DomainError
from cycles import queries as reading
from cycles.file import BadCycleFile, CycleFile, read_cycle_bytes
from cycles.file.load import load_cycle, try_load
from cycles.forms import CloseForm, CycleFileForm, CycleForm, LoadForm, ReopenForm
from cycles.services import (
    CycleSettings,
    change_cycle,
    close_cycle,
    left_open,
    reopen_cycle,
    require_fitting_dates,
)
from recommendations.context import set_page_cycle
from recommendations.errors import BadDates
from recommendations.models import Cycle
from recommendations.views.loading import closed_page


@require_safe
@administrators_only
def cycles(request: HttpRequest) -> HttpResponse:
    """All cycles with their windows and where each stands."""
    lines = reading.cycle_lines(today=local_date(request_time(request)))
    return render(request, "cycles/cycles.html", {"lines": lines})


@require_safe
@administrators_only
def cycle(request: HttpRequest, year: int) -> HttpResponse:
    """One cycle: dates and thresholds, their past, the acts on it, and what may be done now."""
    page = reading.read_cycle_page(year, today=local_date(request_time(request)))
    if page is None:
        raise Http404
    set_page_cycle(request, page.cycle)
    return render(request, "cycles/cycle.html", {"page": page, "cycle": page.cycle})


def _loaded(request: HttpRequest, year: int) -> Cycle:
    found = Cycle.objects.filter(year=year).first()
    if found is None:
        raise Http404
    set_page_cycle(request, found)
    return found


def _page_of(found: Cycle) -> str:
    return reverse("cycles:cycle", args=[found.year])


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def cycle_change(request: HttpRequest, year: int) -> HttpResponse:
    """Other dates and thresholds: typed, then shown with what follows from them, then saved."""
    found = _loaded(request, year)
    if found.is_closed:
        return closed_page(request)
    form = _change_form(request, found)
    if request.method != "POST" or not form.is_valid():
        return _show_change(request, found, form)
    try:
        require_fitting_dates(form.settings())
        if request.POST.get("act") == "save":
            return _save_change(request, found, form)
    except BadDates as error:
        for name, problem in error.problems.items():
            form.add_error(name, str(problem))
        return _show_change(request, found, form)
    except DomainError as error:
        form.add_error(None, str(error))
        return _show_change(request, found, _with_fresh_mark(request, found, form))
    if request.POST.get("act") == "mend":
        return _show_change(request, found, form)
    return _show_what_follows(request, found, form)


def _change_form(request: HttpRequest, found: Cycle) -> CycleForm:
    return CycleForm(posted(request), settings=CycleSettings.of(found), cancel_url=_page_of(found))


def _with_fresh_mark(request: HttpRequest, found: Cycle, refused: CycleForm) -> CycleForm:
    """The same form on what the cycle has now, so that saving from it is a decision made in sight of it."""
    data = request.POST.copy()
    data["seen"] = CycleSettings.of(Cycle.objects.get(pk=found.pk)).mark
    form = CycleForm(data, settings=CycleSettings.of(found), cancel_url=_page_of(found))
    for error in refused.non_field_errors():
        form.add_error(None, str(error))
    return form


def _save_change(request: HttpRequest, found: Cycle, form: CycleForm) -> HttpResponse:
    change_cycle(
        found,
        seen=form.cleaned_data["seen"],
        wanted=form.settings(),
        reason=form.cleaned_data["reason"],
        **acting(request),
    )
    messages.success(request, _("The %(cycle)s was changed.") % {"cycle": found})
    return redirect(_page_of(found))


def _show_change(request: HttpRequest, found: Cycle, form: CycleForm) -> HttpResponse:
    context = {"cycle": found, "form": form, "back_url": _page_of(found)}
    status = 422 if form.errors else 200
    return render(request, "cycles/change.html", context, status=status)


def _show_what_follows(request: HttpRequest, found: Cycle, form: CycleForm) -> HttpResponse:
    wanted, today = form.settings(), local_date(request_time(request))
    changes = reading.changes_of(found, wanted)
    if not changes:
        form.add_error(None, _("This is what the cycle has already. Nothing was changed."))
        return _show_change(request, found, form)
    context = {
        "cycle": found,
        "form": form,
        "changes": changes,
        "follows": reading.what_follows(found, wanted, today=today),
        "back_url": _page_of(found),
    }
    return render(request, "cycles/change_preview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def cycle_close(request: HttpRequest, year: int) -> HttpResponse:
    """What is still open and what closing means; then the cycle is frozen."""
    found = _loaded(request, year)
    if found.is_closed:
        return redirect(_page_of(found))
    form = CloseForm(posted(request), cancel_url=_page_of(found))
    if form.is_valid() and _done(request, form, close_cycle, found):
        messages.success(request, _("The %(cycle)s is closed.") % {"cycle": found})
        return redirect(_page_of(found))
    context = {
        "cycle": found,
        "form": form,
        "unfinished": reading.unfinished(left_open(found)),
        "back_url": _page_of(found),
    }
    return render(request, "cycles/close.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def cycle_reopen(request: HttpRequest, year: int) -> HttpResponse:
    """Let a closed cycle take writes again, with a reason."""
    found = _loaded(request, year)
    if not found.is_closed:
        return redirect(_page_of(found))
    form = ReopenForm(posted(request), cancel_url=_page_of(found))
    if form.is_valid() and _done(request, form, reopen_cycle, found):
        messages.success(request, _("The %(cycle)s is open again.") % {"cycle": found})
        return redirect(_page_of(found))
    context = {"cycle": found, "form": form, "back_url": _page_of(found)}
    return render(request, "cycles/reopen.html", context, status=422 if form.errors else 200)


def _done(request: HttpRequest, form: Any, act: Any, found: Cycle) -> bool:
    """Do the act with the form's reason; where it is refused, the form says why."""
    try:
        act(found, reason=form.cleaned_data["reason"], **acting(request))
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def cycle_prepare(request: HttpRequest) -> HttpResponse:
    """A cycle from a file: checked and shown first, with every problem; then loaded, all of it or nothing."""
    if request.method != "POST":
        return _show_prepare(request, _file_form(request))
    if request.POST.get("act") == "load":
        return _load(request)
    form = _file_form(request)
    if not form.is_valid():
        return _show_prepare(request, form)
    return _look_at(request, form, form.cleaned_data["file"], name=form.file_name)


def _file_form(request: HttpRequest, *, is_bound: bool = True) -> CycleFileForm:
    back = reverse("cycles:cycles")
    if request.method == "POST" and is_bound:
        return CycleFileForm(request.POST, request.FILES, cancel_url=back)
    return CycleFileForm(cancel_url=back)


def _look_at(request: HttpRequest, form: CycleFileForm, data: bytes, *, name: str) -> HttpResponse:
    """Show what the file says and what loading it would do, or all that is wrong with it."""
    try:
        cycle_file = read_cycle_bytes(data, name=name)
        report = try_load(cycle_file, **acting(request))
    except BadCycleFile as error:
        return _show_prepare(request, form, problems=error.problems, file_name=name)
    except DomainError as error:
        form.add_error(None, str(error))
        return _show_prepare(request, form)
    preview = reading.FilePreview(cycle_file, report)
    context = {"preview": preview, "file_name": name, "load_form": LoadForm.carrying(data, name=name)}
    return _show_prepare(request, _file_form(request, is_bound=False), **context)


def _load(request: HttpRequest) -> HttpResponse:
    form = LoadForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The file did not come through. Choose it again."))
        return redirect("cycles:cycle_prepare")
    data, name = form.cleaned_data["file"], form.cleaned_data["name"]
    again = _file_form(request, is_bound=False)
    try:
        cycle_file: CycleFile = read_cycle_bytes(data, name=name)
        report = load_cycle(cycle_file, **acting(request))
    except BadCycleFile as error:
        return _show_prepare(request, again, problems=error.problems, file_name=name)
    except DomainError as error:
        return refused_page(request, error)
    if not report.created:
        return _look_at(request, again, data, name=name)
    loaded = Cycle.objects.get(year=report.year)
    messages.success(request, _("The %(cycle)s was loaded from the file.") % {"cycle": loaded})
    return redirect(_page_of(loaded))


def _show_prepare(request: HttpRequest, form: CycleFileForm, **extra: Any) -> HttpResponse:
    context = {"form": form, "preview": None, "problems": (), "file_name": "", **extra}
    status = 422 if form.errors or context["problems"] else 200
    return render(request, "cycles/prepare.html", context, status=status)
