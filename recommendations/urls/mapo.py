"""Addresses of MAPO's day."""

from django.urls import URLPattern, path

from recommendations.views import answers, assignments, letters, overview, reviews, weaknesses

urlpatterns: list[URLPattern] = [
    path("overview/", overview.overview, name="overview"),
    path("reviews/", reviews.queue, name="queue"),
    path("reviews/<int:update_id>/", reviews.review, name="review"),
    path("reviews/<int:review_id>/supersede/", reviews.review_supersede, name="review_supersede"),
    path("assignments/", assignments.assignments, name="assignments"),
    path("assignments/assign/", assignments.assignment_assign, name="assignment_assign"),
    path("assignments/confirm/", assignments.assignments_confirm, name="assignments_confirm"),
    path("assignments/turn-down/", assignments.assignments_turn_down, name="assignments_turn_down"),
    path("assignments/<int:assignment_id>/", assignments.assignment, name="assignment"),
    path("assignments/<int:assignment_id>/end/", assignments.assignment_end, name="assignment_end"),
    path("assignments/<int:assignment_id>/letter/", letters.letter, name="letter"),
    path("requests/<int:request_id>/answer/", answers.request_answer, name="request_answer"),
    path("weaknesses/<int:weakness_id>/link/", weaknesses.weakness_link, name="weakness_link"),
    path("weaknesses/<int:weakness_id>/unlink/", weaknesses.weakness_unlink, name="weakness_unlink"),
]
