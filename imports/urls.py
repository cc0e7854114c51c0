"""Addresses of opening imports: the agency's, and MAPO's decision on them."""

from django.urls import URLPattern, path

from imports.views import drafts, reviews, rows

app_name = "imports"
_OPENING = "openings/<int:opening_id>"

urlpatterns: list[URLPattern] = [
    path("openings/", drafts.openings, name="openings"),
    path("openings/template/", drafts.opening_template, name="opening_template"),
    path(f"{_OPENING}/", drafts.opening, name="opening"),
    path(f"{_OPENING}/file/", drafts.opening_replace, name="opening_replace"),
    path(f"{_OPENING}/rows/<int:number>/", rows.opening_row, name="opening_row"),
    path(f"{_OPENING}/send/", drafts.opening_send, name="opening_send"),
    path(f"{_OPENING}/discard/", drafts.opening_discard, name="opening_discard"),
    path(f"{_OPENING}/reopen/", drafts.opening_reopen, name="opening_reopen"),
    path(f"{_OPENING}/review/", reviews.opening_review, name="opening_review"),
]
