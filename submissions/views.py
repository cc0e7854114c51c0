"""The page on which a draft is written: nothing that was typed is lost, and nothing is overwritten unseen.

Where scripts run, text is saved while it is typed, and the browser keeps it until the server has confirmed it. Without
scripts "Save draft" saves; only what was typed since the last save is lost when the session ends before the next
press, because nothing may be stored for somebody who has not signed in.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

from django.http import HttpRequest, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.access import person_of
from accounts.acting import (
    add_refusal,
    attempt,
    refusal_toast,
    refused_page,
    request_time,
    say_and_go,
)
from accounts.models import Agency, User
from audit.clock import local_date
from audit.errors import DomainError, NotNow, Stale, Unconfirmed
from submissions.drafts import last_saved_text, saved_text
from submissions.files import ReceivedFiles, drop_zone_context, receive_files
from submissions.kinds import DraftKind
from submissions.models import Draft
from submissions.states import COPIED_STATES
from ui.numbers import whole_number
from ui.query_state import read_text

#: The button that sends although the person was asked whether it is meant.
SUBMIT_ANYWAY = "submit_anyway"
_SENDING = ("submit", SUBMIT_ANYWAY)
#: The button "Compare" once the browser knows that another of its tabs saved the newer text (autosave.js).
COMPARE_TABS = "compare-tabs"
_COMPARING = ("compare", COMPARE_TABS)

#: What a page is about: the draft, or the place where one can be begun.
P = TypeVar("P")


def posted_revision(request: HttpRequest) -> int:
    """Return the revision that the page showed; -1, which is none, without one."""
    revision = whole_number(request.POST.get("revision", ""))
    return -1 if revision is None else revision


def show_newer(request: HttpRequest, url: str, refusal: DomainError) -> HttpResponseBase:
    """Lead an old page to the newer text at `url`, with the refusal as a toast; give any other refusal a page of its own."""
    if isinstance(refusal, Stale):
        return refusal_toast(request, url, refusal)
    return refused_page(request, refusal)


class DraftingPage(ABC, Generic[P]):
    """One subclass a kind, one instance a request. `place` is what the page is about, as it was read last."""

    kind: ClassVar[DraftKind[Any, Any]]
    template: ClassVar[str]
    closed_template: ClassVar[str]
    #: Said to whoever compares with a draft that takes no text any more; with %(state)s.
    not_editable: ClassVar[str | Promise]

    def __init__(self, request: HttpRequest, place: P) -> None:
        self.request, self.place = request, place
        self.person = person_of(request)
        self.today = local_date(request_time(request))
        #: What is looked for among the agency's files.
        self.find = read_text(request.POST, "find")

    # --- What a kind gives

    @abstractmethod
    def read(self) -> P:
        """Return the place as it is now."""

    @property
    @abstractmethod
    def draft(self) -> Draft | None:
        """The place's draft; None where nobody has begun one."""

    @property
    @abstractmethod
    def agency(self) -> Agency:
        """The agency that writes."""

    @property
    @abstractmethod
    def keep_key(self) -> str:
        """Under which name the browser keeps what was typed."""

    @abstractmethod
    def form(self, data: QueryDict | None = None) -> Any:
        """Return the form of the place, bound to what was posted if `data` is given."""

    @abstractmethod
    def class_of_files(self, form: Any | None = None) -> int:
        """Return the class of files that come with a valid form, or are about to."""

    @abstractmethod
    def save(self, *, content: Any, revision: int, actor: User, now: datetime) -> Draft:
        """Save the draft; raises what `submissions.services.write` does."""

    @abstractmethod
    def submit(
        self,
        *,
        content: Any,
        revision: int,
        is_confirmed: bool,
        identities_reason: str,
        actor: User,
        now: datetime,
    ) -> Any:
        """Send the draft and return its version; raises what `submissions.services.submit` does."""

    @abstractmethod
    def sent(self, version: Any) -> dict[str, Any]:
        """Return what `say_and_go` needs to say that it was sent."""

    @abstractmethod
    def context(self, form: Any) -> dict[str, Any]:
        """Return what the page shows besides."""

    @abstractmethod
    def typed(self, form: Any) -> dict[str, Any]:
        """Return what was typed, to show it where it cannot be saved any more."""

    @abstractmethod
    def conflict(self, form: Any) -> HttpResponseBase:
        """Show what was typed beside the newer text; `form` would overwrite that one, knowingly."""

    def form_while_typing(self, data: QueryDict) -> Any:
        """Return the form for a save while typing, in which a field may be half typed."""
        return self.form(data)

    def stale(self) -> Mapping[str, Any] | Stale:
        """Return `message` and `is_own` for a page on which a newer text turns up."""
        if self.draft is None:
            return {"message": self.kind.newer, "is_own": False}
        return self.kind.stale(self.draft, actor=self.person)

    def addresses(self, draft: Any) -> dict[str, Any]:
        """Return what a page that was opened before there was a draft needs, to go on with the one that it has begun.

        Its `address` is where the person goes on after saving; without one it is the page's own.
        """
        return {}

    def notes(self, form: Any) -> dict[str, Any]:
        """Return what else a save while typing answers."""
        return {}

    # --- What all kinds do

    def respond(self) -> HttpResponseBase:
        """Show the page, or do what the pressed button of its one form says."""
        if self.request.method != "POST":
            return self.show(self.form())
        data, act = self.request.POST.copy(), self.request.POST.get("action", "save")
        if "remove" in data:
            # Remove a file where no script runs.
            data.setlist("documents", [each for each in data.getlist("documents") if each != data["remove"]])
            return self.show(self.form(data))
        form = self.form(data)
        if form.was_redacted and form.has_valid_fields:
            return self._write(form, sends=False)
        sends = act in _SENDING
        if act == "find" or not form.is_valid():
            if sends:
                form.add_content_problems(today=self.today)
            return self.show(form)
        if act in _COMPARING:
            return self._compare(form)
        return self._write(form, sends=sends)

    def autosave(self) -> JsonResponse:
        """Save what is typed while it is typed; answer saved, stale or invalid, and never overwrite."""
        form = self.form_while_typing(self.request.POST)
        if not form.is_valid():
            return JsonResponse({"state": "invalid", "errors": form.errors}, status=422)
        written = {"content": form.content(), "revision": form.cleaned_data["revision"]}
        outcome = attempt(self.request, partial(self.save, **written))
        if outcome.refusal is not None:
            is_own = isinstance(outcome.refusal, Stale) and outcome.refusal.is_own
            stale = {"state": "stale", "message": str(outcome.refusal), "is_own": is_own}
            return JsonResponse(stale, status=409)
        saved: Draft = outcome.result
        text = saved_text(saved.saved_at, today=self.today)
        answer = {"state": "saved", "revision": saved.revision, "saved_text": text}
        return JsonResponse(answer | self.addresses(saved) | self.notes(form))

    def show(
        self, form: Any, *, refused: list[tuple[str, str]] | None = None, question: str = ""
    ) -> HttpResponseBase:
        """Show the form; `refused` are files that were not stored, with the reason of each.

        `question` asks whether it is to be sent all the same.
        """
        context = self.form_context(form, refused=refused, question=question)
        return render(self.request, self.template, context)

    def form_context(
        self, form: Any, *, refused: list[tuple[str, str]] | None = None, question: str = ""
    ) -> dict[str, Any]:
        """Return what every page with the form needs, also one with a conflict."""
        return {
            **drop_zone_context(self.request, chosen_class=self.class_of_files()),
            "form": form,
            "today": self.today,
            "find": self.find,
            "is_find_open": bool(self.find) or self.request.POST.get("action") == "find",
            "saved_text": self._last_saved_text(),
            "stale": self.stale(),
            "keep_key": self.keep_key,
            "refused": refused or [],
            "question": question,
            "is_own": self._is_own,
            "is_other_tab": self.request.POST.get("action") == COMPARE_TABS,
            "took_theirs": self.request.method == "GET" and self.request.GET.get("taken") == "theirs",
            **self.context(form),
        }

    def closed(self, form: Any, refusal: DomainError) -> HttpResponseBase:
        """Show what was typed, to copy: it cannot be saved any more."""
        typed = self.typed(form)
        self.place = self.read()
        draft = self.draft
        context = {
            "place": self.place,
            "draft": draft,
            "refusal": str(refusal),
            "typed": typed,
            "may_copy": draft is not None and draft.state in COPIED_STATES,
        }
        return render(self.request, self.closed_template, context, status=409)

    # --- Steps

    def _write(self, form: Any, *, sends: bool) -> HttpResponseBase:
        """Save or send what was typed, with the files that came along. With a refused file it is saved, not sent."""
        typed = form.cleaned_data
        files = receive_files(
            self.request,
            typed["new_files"],
            agency=self.agency,
            classification=self.class_of_files(form),
        )
        sends = sends and not files.refused
        written = {"content": form.content(added=files.documents), "revision": typed["revision"]}
        submit = partial(
            self.submit,
            is_confirmed=self.request.POST.get("action") == SUBMIT_ANYWAY,
            identities_reason=typed["identities_reason"],
        )
        outcome = attempt(self.request, partial(submit if sends else self.save, **written))
        problem = outcome.refusal if sends and self._is_correctable(outcome.refusal) else None
        if problem is not None:
            outcome = attempt(self.request, partial(self.save, **written))
        if isinstance(outcome.refusal, Stale):
            return self._conflict(form)
        if outcome.refusal is not None:
            return self.closed(form, outcome.refusal)
        if files.refused or problem is not None:
            return self._again(form, files, problem)
        if not sends:
            return say_and_go(self.request, outcome.result, done=_("Draft saved."), back_url=self._saved_url)
        return say_and_go(self.request, outcome.result, **self.sent(outcome.result))

    def _saved_url(self, draft: Any) -> str:
        return str(self.addresses(draft).get("address", self.request.path))

    def _is_correctable(self, refusal: DomainError | None) -> bool:
        """Whether it was refused for what the agency can still correct, so that the draft is to be saved."""
        if not isinstance(refusal, NotNow) or isinstance(refusal, Stale):
            return False
        self.place = self.read()
        return self.draft is None or self.draft.is_editable

    def _again(self, form: Any, files: ReceivedFiles, problem: DomainError | None) -> HttpResponseBase:
        """Show the form with what was typed, on the revision that is saved now, and with what stands in the way."""
        bound = self._rebound(form, files)
        question = str(problem) if isinstance(problem, Unconfirmed) else ""
        if problem is not None and not question:
            add_refusal(bound, problem)
        for name, reason in files.refused:
            bound.add_error(None, f"{name}: {reason}")
        return self.show(bound, refused=files.refused, question=question)

    def _rebound(self, form: Any, files: ReceivedFiles) -> Any:
        """Return the form with what was typed, on the revision and with the files that are saved now."""
        self.place = self.read()
        data = self.request.POST.copy()
        data["revision"] = str(self.draft.revision if self.draft else 0)
        for name, keys in form.cited(form.content(added=files.documents)).items():
            data.setlist(name, [str(key) for key in sorted(keys)])
        bound = self.form(data)
        bound.is_valid()
        return bound

    def _compare(self, form: Any) -> HttpResponseBase:
        """Compare with a newer text, if there is one; a text that can no longer be saved is shown to copy."""
        draft = self.draft
        if draft is not None and not draft.is_editable:
            return self.closed(form, NotNow(self.not_editable % {"state": draft.get_state_display()}))
        if form.cleaned_data["revision"] == (draft.revision if draft else 0):
            return self.show(form)
        return self._conflict(form)

    def _conflict(self, form: Any) -> HttpResponseBase:
        return self.conflict(self._rebound(form, ReceivedFiles()))

    @property
    def _is_own(self) -> bool:
        """Whether the person saved the draft last."""
        return self.draft is not None and self.draft.saved_by_id == self.person.pk

    def _last_saved_text(self) -> str:
        draft = self.draft
        if draft is None or not draft.revision:
            return ""
        name, at = draft.saved_by.name, draft.saved_at
        return last_saved_text(at, name=name, is_own=self._is_own, today=self.today)
