"""MAPO enters what an agency reported by letter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import mapo_only, person_of
from accounts.acting import act_by_form
from accounts.models import User
from evidence.models import Document
from recommendations.content import Content
from recommendations.forms.letter import LetterForm
from recommendations.models import Assignment, Submission
from recommendations.queries.cited_files import file_of, file_row
from recommendations.services import enter_letter
from recommendations.views.loading import closed_page, loaded_assignment
from submissions.files import drop_zone_context, receive_files


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def letter(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    """Enter an update that came by letter; somebody else must review it. Files that arrived are never lost."""
    assignment = loaded_assignment(request, assignment_id)
    if assignment.cycle.is_closed and request.method != "POST":
        return closed_page(request)
    back_url = reverse("recommendations:assignment", args=[assignment.pk])
    data, uploads = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = LetterForm(data, uploads, assignment=assignment, person=person_of(request), cancel_url=back_url)
    arrived = _receive(request, form) if form.is_bound else []
    names = {"agency": assignment.agency.code, "item": assignment.item}
    return act_by_form(
        request,
        form,
        act=partial(_enter, assignment, arrived),
        done=_("The letter was entered: %(agency)s, %(item)s. Somebody else must review it.") % names,
        back_url=back_url,
        template="recommendations/assignments/letter.html",
        context=partial(_letter_context, request, form, arrived),
        error_status=422,
    )


def _receive(request: HttpRequest, form: LetterForm) -> list[Document]:
    """Store the files that came with the form; each that is refused becomes an error of the form."""
    form.is_valid()
    received = receive_files(
        request,
        form.cleaned_data.get("files", []),
        agency=form.assignment.agency,
        classification=form.cleaned_data.get("classification", form.initial["classification"]),
    )
    for name, reason in received.refused:
        form.add_error(None, f"{name}: {reason}")
    return received.documents


def _enter(
    assignment: Assignment,
    arrived: Iterable[Document],
    *,
    reference: str,
    letter_on: date,
    identities_reason: str,
    actor: User,
    now: datetime,
    **written: Any,
) -> Submission:
    """Enter the letter with the files that came along."""
    content = Content.from_form(written, added=arrived)
    return enter_letter(
        assignment,
        content=content,
        reference=reference,
        letter_on=letter_on,
        identities_reason=identities_reason,
        actor=actor,
        now=now,
    )


def _letter_context(request: HttpRequest, form: LetterForm, arrived: Iterable[Document]) -> dict[str, Any]:
    """Return what the page shows beside the fields; a file that has arrived stays listed."""
    assignment = form.assignment
    cited: frozenset[int] = frozenset()
    following: frozenset[int] = frozenset()
    chosen_class = form.initial["classification"]
    if form.is_bound:
        chosen_class = form.cleaned_data.get("classification", chosen_class)
        new = {each.pk for each in arrived}
        cited = form.cleaned_data.get("documents", frozenset()) | new
        following = form.cleaned_data.get("following", frozenset()) | new
    documents = Document.objects.visible_to(person_of(request)).filter(agency=assignment.agency, pk__in=cited)
    files = [
        file_row(
            file_of(document, assignment.cycle),
            window="",
            following_ids=following,
            classification=chosen_class,
        )
        for document in documents.order_by("pk")
    ]
    return {
        **drop_zone_context(request, chosen_class=chosen_class),
        "assignment": assignment,
        "files": files,
        "names_identify": any(file["name_warning_html"] for file in files),
        "upload_url": f"{reverse('evidence:upload')}?agency={assignment.agency_id}",
    }
