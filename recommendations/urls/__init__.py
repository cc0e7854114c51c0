"""Addresses of this room: the agency's day, MAPO's day, and what both do on an item."""

from recommendations.urls import agency, cycles, items, mapo

app_name = "recommendations"
urlpatterns = [*agency.urlpatterns, *cycles.urlpatterns, *items.urlpatterns, *mapo.urlpatterns]
