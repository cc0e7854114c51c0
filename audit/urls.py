"""URLs of the audit trail, under /audit/."""

from django.urls import path

from audit import views

app_name = "audit"
urlpatterns = [
    path("", views.trail, name="trail"),
    path("export/", views.export, name="export"),
    path("demo-day/", views.demo_day, name="demo_day"),
    path("anchors/<int:anchor_id>/", views.anchor, name="anchor"),
    path("<int:event_id>/", views.event, name="event"),
]
