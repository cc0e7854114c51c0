"""The pages of cycles: one cycle, which everybody reads, and what administrators do: list, change, close, prepare."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import administrators_only, person_of
from accounts.acting import (
    act_by_button,
    act_by_form,
    add_refusal,
    attempt,
    posted,
    refused_page,
    request_time,
    say_and_go,
)
from audit.clock import local_date
from audit.errors import DomainError, NotNow
from cycles import queries as reading
from cycles.cycle_list import cycle_lines
from cycles.cycle_page import read_cycle_page
from cycles.file import BadCycleFile, CycleFile, read_cycle_bytes
from cycles.file.likeness import likenesses
from cycles.file.load import LikeAnotherCycle, LoadReport, is_new, load_cycle, try_load
from cycles.forms import CycleFileForm, CycleForm, LoadForm
from cycles.services import (
    IN_USE,
    CycleSettings,
    change_cycle,
    close_cycle,
    delete_cycle,
    is_untouched,
    left_open,
    open_cycle,
    reopen_cycle,
)
from privacy.forms import ReasonForm
from recommendations.context import set_page_cycle
from recommendations.models import Cycle
from recommendations.states import REASON_LENGTH
from recommendations.views.loading import closed_page
from ui.recent_proof import requires_recent_proof
from ui.whole_files import refused_status


@require_safe
@administrators_only
def cycles(request: HttpRequest) -> HttpResponse:
    """Show all cycles with their windows and phases."""
    lines = cycle_lines(user=person_of(request), today=local_date(request_time(request)))
    return render(request, "cycles/cycles.html", {"lines": lines})


@require_safe
def cycle(request: HttpRequest, year: int) -> HttpResponse:
    """Show one cycle to everybody signed in: tiers, dates, facts and links; to administrators also what they may do."""
    person = person_of(request)
    page = read_cycle_page(year, user=person, today=local_date(request_time(request)))
    if page is None:
        raise Http404
    set_page_cycle(request, page.cycle)
    keeps = person.is_administrator
    context = {
        "page": page,
        "cycle": page.cycle,
        "keeps": keeps,
        "edits": keeps and page.cycle.is_editable,
        "may_delete": keeps and is_untouched(page.cycle),
    }
    return render(request, "cycles/cycle.html", context)


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
def cycle_change(request: HttpRequest, year: int) -> HttpResponseBase:
    """Change dates and thresholds: they are typed, then shown with what follows from them, then saved."""
    found = _loaded(request, year)
    if not found.is_editable:
        return closed_page(request)
    form = CycleForm(posted(request), settings=CycleSettings.of(found), cancel_url=_page_of(found))
    button = request.POST.get("act")
    if not form.is_valid() or button == "mend":
        return _show_change(request, found, form)
    if button != "save":
        return _show_what_follows(request, found, form)
    typed = {name: form.cleaned_data[name] for name in ("seen", "reason", "identities_reason")}
    outcome = attempt(request, partial(change_cycle, found, wanted=form.settings(), **typed))
    if outcome.refusal is not None:
        return _show_change(request, found, _with_fresh_mark(request, found, outcome.refusal))
    words = _("The %(cycle)s was changed.") % {"cycle": found}
    return say_and_go(request, found, done=words, back_url=_page_of(found))


def _with_fresh_mark(request: HttpRequest, found: Cycle, refusal: DomainError) -> CycleForm:
    """Return the typed form with the refusal, on what the cycle has now: who saves it then has seen that."""
    data = request.POST.copy()
    data["seen"] = CycleSettings.of(Cycle.objects.get(pk=found.pk)).mark
    form = CycleForm(data, settings=CycleSettings.of(found), cancel_url=_page_of(found))
    add_refusal(form, refusal)
    return form


def _show_change(request: HttpRequest, found: Cycle, form: CycleForm) -> HttpResponse:
    context = {"cycle": found, "form": form, "back_url": _page_of(found)}
    return render(request, "cycles/change.html", context, status=422 if form.errors else 200)


def _show_what_follows(request: HttpRequest, found: Cycle, form: CycleForm) -> HttpResponse:
    wanted, today = form.settings(), local_date(request_time(request))
    changes = reading.changes_of(found, wanted)
    if not changes:
        form.add_error(None, _("The cycle already has these values. Nothing was changed."))
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
@requires_recent_proof
def cycle_open(request: HttpRequest, year: int) -> HttpResponseBase:
    """Say what opening means; then show the cycle to everybody."""
    found = _loaded(request, year)
    if found.is_opened:
        return redirect(_page_of(found))
    if request.method == "POST":
        done = _("The %(cycle)s is open: everybody signed in can see it.") % {"cycle": found}
        return act_by_button(request, partial(open_cycle, found), done=done, back_url=_page_of(found))
    context = {
        "cycle": found,
        "items_count": found.items.count(),
        "suggested_count": left_open(found)["suggested"],
        "back_url": _page_of(found),
    }
    return render(request, "cycles/open.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
@requires_recent_proof
def cycle_close(request: HttpRequest, year: int) -> HttpResponseBase:
    """Show what is still open and what closing means; then freeze the cycle."""
    found = _loaded(request, year)
    if found.is_closed:
        return redirect(_page_of(found))
    return act_by_form(
        request,
        ReasonForm(
            posted(request),
            verb=_("Close the cycle"),
            tone="danger",
            cancel_url=_page_of(found),
            hint=_("Kept with the event and shown on the cycle’s page."),
            max_length=REASON_LENGTH,
        ),
        act=partial(close_cycle, found),
        done=_("The %(cycle)s is closed.") % {"cycle": found},
        back_url=_page_of(found),
        template="cycles/close.html",
        context={
            "cycle": found,
            "unfinished": reading.unfinished(found),
            "early": reading.early_words(found, today=local_date(request_time(request))),
            "back_url": _page_of(found),
        },
        error_status=422,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
@requires_recent_proof
def cycle_reopen(request: HttpRequest, year: int) -> HttpResponseBase:
    """Let a closed cycle take writes again, with a reason."""
    found = _loaded(request, year)
    if found.is_editable:
        return redirect(_page_of(found))
    return act_by_form(
        request,
        ReasonForm(
            posted(request),
            verb=_("Reopen the cycle"),
            cancel_url=_page_of(found),
            hint=_("Kept with the event and shown on the cycle’s page."),
            max_length=REASON_LENGTH,
        ),
        act=partial(reopen_cycle, found),
        done=_("The %(cycle)s is open again.") % {"cycle": found},
        back_url=_page_of(found),
        template="cycles/reopen.html",
        context={"cycle": found, "back_url": _page_of(found)},
        error_status=422,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
@requires_recent_proof
def cycle_delete(request: HttpRequest, year: int) -> HttpResponseBase:
    """Say what would be deleted and what is kept; then delete a cycle that was loaded by mistake, with a reason."""
    found = _loaded(request, year)
    if not is_untouched(found):
        return refused_page(request, NotNow(IN_USE))
    return act_by_form(
        request,
        ReasonForm(
            posted(request),
            verb=_("Delete the cycle"),
            tone="danger",
            cancel_url=_page_of(found),
            max_length=REASON_LENGTH,
        ),
        act=partial(delete_cycle, found),
        done=_("The %(cycle)s was deleted. The audit trail keeps its file.") % {"cycle": found},
        back_url=reverse("cycles:cycles"),
        template="cycles/delete.html",
        context={"cycle": found, "items_count": found.items.count(), "back_url": _page_of(found)},
        error_status=422,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def cycle_prepare(request: HttpRequest) -> HttpResponseBase:
    """Prepare a cycle from a file: it is checked and shown with every problem, then loaded, all of it or nothing."""
    if request.method != "POST":
        return _show_prepare(request, _file_form())
    if request.POST.get("act") == "load":
        return _load(request)
    form = CycleFileForm(request.POST, request.FILES, cancel_url=reverse("cycles:cycles"))
    if not form.is_valid():
        return _show_prepare(request, form)
    return _show_preview(request, form, form.cleaned_data["file"], name=form.file_name)


def _file_form() -> CycleFileForm:
    return CycleFileForm(cancel_url=reverse("cycles:cycles"))


def _show_preview(
    request: HttpRequest, form: CycleFileForm, data: bytes, *, name: str, is_unconfirmed: bool = False
) -> HttpResponse:
    """Show what the file says and what loading it would do, or all that is wrong with it.

    `is_unconfirmed`: it was to be loaded although it is like another cycle, and nobody confirmed that.
    """
    outcome = attempt(request, partial(_read_and, try_load, data, name))
    if isinstance(outcome.refusal, BadCycleFile):
        return _show_prepare(request, form, problems=outcome.refusal.problems, file_name=name)
    if outcome.refusal is not None:
        add_refusal(form, outcome.refusal)
        return _show_prepare(request, form)
    load_form = LoadForm.carrying(data, name=name)
    cycle_file, report = outcome.result
    alike = likenesses(cycle_file) if is_new(cycle_file) else []
    preview = reading.FilePreview(cycle_file, report, alike)
    shown = {"preview": preview, "file_name": name, "load_form": load_form, "is_unconfirmed": is_unconfirmed}
    return _show_prepare(request, _file_form(), **shown)


def _read_and(
    load: Callable[..., LoadReport], data: bytes, name: str, **about: Any
) -> tuple[CycleFile, LoadReport]:
    """Return what the file holds and what loading it did. Raises `BadCycleFile`, and what `load` raises."""
    cycle_file = read_cycle_bytes(data, name=name)
    return cycle_file, load(cycle_file, **about)


def _load(request: HttpRequest) -> HttpResponseBase:
    """Load the file that the preview's form carries and go to its cycle; a file that adds nothing is shown again."""
    form = LoadForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The file could not be uploaded. Choose it again."))
        return redirect("cycles:cycle_prepare")
    data, name = form.cleaned_data["file"], form.cleaned_data["name"]
    load = partial(load_cycle, opens=False, is_confirmed=form.cleaned_data["is_confirmed"])
    outcome = attempt(request, partial(_read_and, load, data, name))
    if isinstance(outcome.refusal, LikeAnotherCycle):
        return _show_preview(request, _file_form(), data, name=name, is_unconfirmed=True)
    if isinstance(outcome.refusal, BadCycleFile):
        return _show_prepare(request, _file_form(), problems=outcome.refusal.problems, file_name=name)
    if outcome.refusal is not None:
        return refused_page(request, outcome.refusal)
    _cycle_file, report = outcome.result
    if not report.created:
        return _show_preview(request, _file_form(), data, name=name)
    loaded = Cycle.objects.get(year=report.year)
    words = _("The %(cycle)s was loaded from the file.") % {"cycle": loaded}
    return say_and_go(request, loaded, done=words, back_url=_page_of(loaded))


def _show_prepare(request: HttpRequest, form: CycleFileForm, **extra: Any) -> HttpResponse:
    context = {
        "form": form,
        "preview": None,
        "problems": (),
        "file_name": "",
        "is_unconfirmed": False,
        "pattern_year": local_date(request_time(request)).year + 1,
        **extra,
    }
    status = 422 if form.errors or context["problems"] or context["is_unconfirmed"] else 200
    return render(request, "cycles/prepare.html", context, status=refused_status(form, status))
