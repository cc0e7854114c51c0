"""Addresses of acts on many assignments at once."""

from django.urls import URLPattern, path

from bulk.views import officers, steering

app_name = "bulk"

urlpatterns: list[URLPattern] = [
    path("assignments/assign/", steering.assignment_assign, name="assignment_assign"),
    path("assignments/bulk/", steering.bulk_preview, name="bulk_preview"),
    path("assignments/bulk/apply/", steering.bulk_apply, name="bulk_apply"),
    path("assignments/bulk/officers/", officers.officers_preview, name="officers_preview"),
    path("assignments/bulk/officers/apply/", officers.officers_apply, name="officers_apply"),
    path("assignments/bulk/acts/", steering.bulk_acts, name="bulk_acts"),
    path("assignments/bulk/acts/<int:act_id>/", steering.bulk_act, name="bulk_act"),
    path("assignments/bulk/acts/<int:act_id>/undo/", steering.bulk_undo, name="bulk_undo"),
]
