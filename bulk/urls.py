"""Addresses of acts on many assignments at once."""

from django.urls import URLPattern, path

from bulk.views import acts, preview

app_name = "bulk"

urlpatterns: list[URLPattern] = [
    path("assignments/assign/", preview.assignment_assign, name="assignment_assign"),
    path("assignments/bulk/", preview.bulk_preview, name="bulk_preview"),
    path("assignments/bulk/apply/", preview.bulk_apply, name="bulk_apply"),
    path("assignments/bulk/acts/", acts.bulk_acts, name="bulk_acts"),
    path("assignments/bulk/acts/<int:act_id>/", acts.bulk_act, name="bulk_act"),
    path("assignments/bulk/acts/<int:act_id>/undo/", acts.bulk_undo, name="bulk_undo"),
]
