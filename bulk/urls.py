"""Addresses of acts on many assignments at once."""

from django.urls import URLPattern, path

from bulk import views

app_name = "bulk"

urlpatterns: list[URLPattern] = [
    path("assignments/assign/", views.assignment_assign, name="assignment_assign"),
    path("assignments/bulk/", views.bulk_preview, name="bulk_preview"),
    path("assignments/bulk/apply/", views.bulk_apply, name="bulk_apply"),
    path("assignments/bulk/acts/", views.bulk_acts, name="bulk_acts"),
    path("assignments/bulk/acts/<int:act_id>/", views.bulk_act, name="bulk_act"),
    path("assignments/bulk/acts/<int:act_id>/undo/", views.bulk_undo, name="bulk_undo"),
]
