"""Addresses of opening imports: the agency's, and MAPO's decision on them."""

from django.urls import URLPattern, path

from recommendations.views import opening_reviews, opening_rows, openings

_OPENING = "openings/<int:opening_id>"

urlpatterns: list[URLPattern] = [
    path("openings/", openings.openings, name="openings"),
    path("openings/template/", openings.opening_template, name="opening_template"),
    path(f"{_OPENING}/", openings.opening, name="opening"),
    path(f"{_OPENING}/file/", openings.opening_replace, name="opening_replace"),
    path(f"{_OPENING}/rows/<int:number>/", opening_rows.opening_row, name="opening_row"),
    path(f"{_OPENING}/send/", openings.opening_send, name="opening_send"),
    path(f"{_OPENING}/discard/", openings.opening_discard, name="opening_discard"),
    path(f"{_OPENING}/reopen/", openings.opening_reopen, name="opening_reopen"),
    path(f"{_OPENING}/review/", opening_reviews.opening_review, name="opening_review"),
]
