"""Addresses of MAPO's day."""

from django.urls import URLPattern, path

from recommendations.views import (
    answers,
    assignments,
    bulk,
    bulk_acts,
    kept_views,
    letters,
    overview,
    reviews,
    weaknesses,
)

urlpatterns: list[URLPattern] = [
    path("overview/", overview.overview, name="overview"),
    path("overview/views/keep/", kept_views.kept_view_keep, name="kept_view_keep"),
    path(
        "overview/views/<int:view_id>/throw-away/",
        kept_views.kept_view_throw_away,
        name="kept_view_throw_away",
    ),
    path("reviews/", reviews.queue, name="queue"),
    path("reviews/<int:update_id>/", reviews.review, name="review"),
    path("reviews/<int:review_id>/supersede/", reviews.review_supersede, name="review_supersede"),
    path("assignments/", assignments.assignments, name="assignments"),
    path("assignments/assign/", bulk.assignment_assign, name="assignment_assign"),
    path("assignments/bulk/", bulk.bulk_preview, name="bulk_preview"),
    path("assignments/bulk/apply/", bulk.bulk_apply, name="bulk_apply"),
    path("assignments/bulk/acts/", bulk_acts.bulk_acts, name="bulk_acts"),
    path("assignments/bulk/acts/<int:act_id>/", bulk_acts.bulk_act, name="bulk_act"),
    path("assignments/bulk/acts/<int:act_id>/undo/", bulk_acts.bulk_undo, name="bulk_undo"),
    path("assignments/<int:assignment_id>/", assignments.assignment, name="assignment"),
    path("assignments/<int:assignment_id>/end/", assignments.assignment_end, name="assignment_end"),
    path("assignments/<int:assignment_id>/letter/", letters.letter, name="letter"),
    path("requests/<int:request_id>/answer/", answers.request_answer, name="request_answer"),
    path("weaknesses/<int:weakness_id>/link/", weaknesses.weakness_link, name="weakness_link"),
    path("weaknesses/<int:weakness_id>/unlink/", weaknesses.weakness_unlink, name="weakness_unlink"),
]
