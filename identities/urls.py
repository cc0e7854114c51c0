"""Addresses of MAPO's data officer."""

from django.urls import path

from identities import views

app_name = "identities"

urlpatterns = [
    path("hidden-words/", views.register, name="register"),
    path("hidden-words/hide/", views.hide, name="hide"),
    path("hidden-words/<int:mark_id>/", views.mark, name="mark"),
    path("hidden-words/<int:mark_id>/lift/", views.lift, name="lift"),
    path("hidden-words/<int:mark_id>/decide/", views.decide, name="decide"),
]
