"""Addresses of this app: the agency's day, MAPO's day, and what both do on an item."""

from recommendations.urls import agency, items, mapo

app_name = "recommendations"
urlpatterns = [*agency.urlpatterns, *items.urlpatterns, *mapo.urlpatterns]
