"""Addresses of asking for a summary, its making, its page and its file."""

from django.urls import URLPattern, path

from reports.views import files, making

urlpatterns: list[URLPattern] = [
    path("summaries/make/", making.make, name="make"),
    path("summaries/made/", making.made, name="made"),
    path("summaries/<int:report_id>/", making.report, name="report"),
    path("summaries/<int:report_id>/file/", files.file, name="file"),
    path("summaries/<int:report_id>/looking/", making.looking, name="looking"),
    path("summaries/<int:report_id>/cancel/", making.cancel, name="cancel"),
    path("summaries/<int:report_id>/again/", making.again, name="again"),
]
