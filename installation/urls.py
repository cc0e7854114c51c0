"""Addresses of the installation's pages."""

from django.urls import path

from installation import views

app_name = "installation"

urlpatterns = [path("installation/", views.state, name="state")]
