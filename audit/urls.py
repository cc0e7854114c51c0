"""URLs of the audit trail, under /audit/."""

from django.conf import settings
from django.urls import path

from audit import views
from ui.addresses import OptionalAddresses

app_name = "audit"
urlpatterns = [
    path("", views.trail, name="trail"),
    path("export/", views.export, name="export"),
    OptionalAddresses(lambda: settings.DEMO, path("demo-day/", views.demo_day, name="demo_day")),
    path("anchors/<int:anchor_id>/", views.anchor, name="anchor"),
    path("<int:event_id>/", views.event, name="event"),
]
