"""The thread of an assignment, between MAPO and its agency, and what asks somebody to look."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import find_or_refuse, person_of
from accounts.acting import post_required, refused_page, request_time
from audit.errors import DomainError
from recommendations.context import set_page_cycle
from recommendations.forms.comment import CommentForm
from recommendations.models import Assignment, Comment, CommentMention
from recommendations.queries.comments import PER_PAGE, page_number_of, parse_comment, thread, threads
from recommendations.services.comments import mark_mention_seen, people_of_thread, write_comment
from recommendations.states import Stage
from ui.numbers import whole_number
from ui.pagination import paginate


@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Read what was said on an assignment, newest first, and say something."""
    assignment = find_or_refuse(request, threads(person_of(request)), pk=assignment_id)
    set_page_cycle(request, assignment.cycle)
    if request.method == "POST":
        return _written(request, assignment)
    asked = whole_number(request.GET.get("comment", ""))
    if asked is not None and "page" not in request.GET:
        return _at_comment(request, assignment, asked)
    return _show(request, assignment, _form(request, assignment))


def _at_comment(request: HttpRequest, assignment: Assignment, comment_id: int) -> HttpResponse:
    """The page of the thread on which the comment stands; the browser carries the anchor over."""
    page = page_number_of(comment_id, assignment, user=person_of(request))
    return redirect(f"{request.path}?page={page}")


def _written(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    form = _form(request, assignment, data=request.POST)
    if form is None or not form.is_valid():
        return _show(request, assignment, form, status=422)
    try:
        comment = write_comment(
            assignment,
            text=form.cleaned_data["text"],
            classification=form.cleaned_data["classification"],
            mentioned=form.told(),
            actor=person_of(request),
            now=request_time(request),
        )
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _show(request, assignment, form, status=422)
    messages.success(request, _("The comment was sent."))
    return redirect(f"{request.path}#comment-{comment.pk}")


def _form(
    request: HttpRequest, assignment: Assignment, *, data: QueryDict | None = None
) -> CommentForm | None:
    """What is typed; nothing may be said on an assignment that has ended, or in a closed cycle."""
    if data is None and not _is_open(assignment):
        return None
    person, people = person_of(request), people_of_thread(assignment)
    key = f"comment-{assignment.pk}-{assignment.comments.filter(author=person).count()}"
    return CommentForm(data, assignment=assignment, person=person, people=people, keep_key=key)


def _is_open(assignment: Assignment) -> bool:
    return assignment.stage == Stage.CONFIRMED and not assignment.cycle.is_closed


def _show(
    request: HttpRequest, assignment: Assignment, form: CommentForm | None, *, status: int = 200
) -> HttpResponse:
    page = paginate(request, thread(assignment, user=person_of(request)), per_page=PER_PAGE)
    context = {
        "assignment": assignment,
        "form": form,
        "page": page,
        "said": [parse_comment(facts) for facts in page.rows],
        "is_ended": assignment.stage == Stage.ENDED,
        "is_open": _is_open(assignment),
    }
    return render(request, "recommendations/comments/comments.html", context, status=status)


@post_required
def mention_seen(request: HttpRequest, mention_id: int) -> HttpResponse:
    """Take a mention of oneself off the list of what is to be read."""
    person = person_of(request)
    own = CommentMention.objects.filter(user=person, comment__in=Comment.objects.visible_to(person))
    mention = find_or_refuse(request, own.select_related("comment__assignment"), pk=mention_id)
    try:
        mark_mention_seen(mention, actor=person, now=request_time(request))
    except DomainError as refusal:
        return refused_page(request, refusal)
    if request.POST.get("back") == "thread":
        thread_url = reverse("recommendations:comments", args=[mention.comment.assignment_id])
        return redirect(f"{thread_url}?comment={mention.comment_id}#comment-{mention.comment_id}")
    messages.success(request, _("Marked as read."))
    return redirect("recommendations:home")
