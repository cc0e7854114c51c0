"""Addresses of this room: the agency's day and MAPO's day."""

from recommendations.urls import agency, mapo

app_name = "recommendations"
urlpatterns = [*agency.urlpatterns, *mapo.urlpatterns]
