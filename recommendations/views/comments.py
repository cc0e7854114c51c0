"""The thread of an assignment between MAPO and its agency, and the mentions that ask people to look at it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import find_or_refuse, person_of
from accounts.acting import act_by_button, act_by_form, posted
from recommendations.context import set_page_cycle
from recommendations.forms.comment import CommentForm
from recommendations.models import Assignment, Comment, CommentMention
from recommendations.queries.comments import PER_PAGE, page_number_of, parse_comment, thread, threads
from recommendations.services.comments import mark_mention_seen, people_of_thread, write_comment
from recommendations.states import Stage
from ui.methods import post_required
from ui.numbers import whole_number
from ui.pagination import paginate

_TEMPLATE = "recommendations/comments/comments.html"


@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    """Show the comments on an assignment, newest first, and add one.

    `?comment=` redirects to the page on which that comment stands; the browser keeps the anchor.
    """
    person = person_of(request)
    assignment = find_or_refuse(request, threads(person), pk=assignment_id)
    set_page_cycle(request, assignment.cycle)
    asked = whole_number(request.GET.get("comment", ""))
    if request.method != "POST" and asked is not None and "page" not in request.GET:
        return redirect(f"{request.path}?page={page_number_of(asked, assignment, user=person)}")
    if request.method != "POST" and not _is_open(assignment):
        return render(request, _TEMPLATE, {"form": None, **_thread_context(request, assignment)})
    return act_by_form(
        request,
        _form(request, assignment),
        act=partial(write_comment, assignment),
        done=_("The comment was sent."),
        back_url=lambda comment: f"{request.path}#comment-{comment.pk}",
        template=_TEMPLATE,
        context=partial(_thread_context, request, assignment),
        error_status=422,
    )


def _is_open(assignment: Assignment) -> bool:
    """Whether comments may be added: the assignment is in force and its cycle is open."""
    return assignment.stage == Stage.CONFIRMED and not assignment.cycle.is_closed


def _form(request: HttpRequest, assignment: Assignment) -> CommentForm:
    person = person_of(request)
    return CommentForm(
        posted(request),
        assignment=assignment,
        person=person,
        people=people_of_thread(assignment),
        keep_key=f"comment-{assignment.pk}-{assignment.comments.filter(author=person).count()}",
    )


def _thread_context(request: HttpRequest, assignment: Assignment) -> dict[str, Any]:
    page = paginate(request, thread(assignment, user=person_of(request)), per_page=PER_PAGE)
    return {
        "assignment": assignment,
        "page": page,
        "said": [parse_comment(facts) for facts in page.rows],
        "is_ended": assignment.stage == Stage.ENDED,
        "is_open": _is_open(assignment),
    }


@post_required
def mention_seen(request: HttpRequest, mention_id: int) -> HttpResponseBase:
    """Take a mention of oneself off the list of what is to be read."""
    person = person_of(request)
    own = CommentMention.objects.filter(user=person, comment__in=Comment.objects.visible_to(person))
    mention = find_or_refuse(request, own.select_related("comment__assignment"), pk=mention_id)
    thread_url = reverse("recommendations:comments", args=[mention.comment.assignment_id])
    is_in_thread = request.POST.get("back") == "thread"
    return act_by_button(
        request,
        partial(mark_mention_seen, mention),
        done="" if is_in_thread else _("Marked as read."),
        back_url=f"{thread_url}?comment={mention.comment_id}#comment-{mention.comment_id}"
        if is_in_thread
        else "recommendations:home",
    )
