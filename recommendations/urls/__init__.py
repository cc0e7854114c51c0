"""Addresses of this room: the agency's day, MAPO's day, and what both do on an item."""

from recommendations.urls import agency, cycles, items, mapo, openings

app_name = "recommendations"
rooms = (agency, cycles, items, mapo, openings)
urlpatterns = [pattern for room in rooms for pattern in room.urlpatterns]
