"""Addresses of summaries."""

from django.urls import path

from reports.views import (
    downloads,
    minutes,
    papers,
    published,
    reports,
    saved_selections,
    schedules,
    selection,
    verification,
)

app_name = "reports"
urlpatterns = [
    path("summaries/", selection.choose, name="choose"),
    path("summaries/tables/", published.tables, name="tables"),
    path("summaries/kept/", saved_selections.selection_save, name="selection_keep"),
    path(
        "summaries/kept/<int:selection_id>/share/", saved_selections.selection_share, name="selection_share"
    ),
    path(
        "summaries/kept/<int:selection_id>/throw-away/",
        saved_selections.selection_delete,
        name="selection_throw_away",
    ),
    path("summaries/make/", reports.make, name="make"),
    path("summaries/meetings/<int:laid_id>/make/", papers.papers_make, name="papers_make"),
    path(
        "summaries/meetings/<int:meeting_id>/minutes/<str:language>/<str:extension>/",
        minutes.minutes,
        name="minutes",
    ),
    path("summaries/made/", reports.made, name="made"),
    path("summaries/<int:report_id>/", reports.report, name="report"),
    path("summaries/<int:report_id>/file/", downloads.file, name="file"),
    path("summaries/<int:report_id>/looking/", reports.looking, name="looking"),
    path("summaries/<int:report_id>/cancel/", reports.cancel, name="cancel"),
    path("summaries/<int:report_id>/again/", reports.again, name="again"),
    path("summaries/verify/", verification.verify, name="verify"),
    path("summaries/verify/<int:comparison_id>/", verification.comparison, name="comparison"),
    path(
        "summaries/verify/<int:comparison_id>/looking/",
        verification.comparison_looking,
        name="comparison_looking",
    ),
    path("summaries/monthly/", schedules.schedules, name="schedules"),
    path("summaries/monthly/add/", schedules.schedule_add, name="schedule_add"),
    path("summaries/monthly/<int:schedule_id>/stop/", schedules.schedule_stop, name="schedule_stop"),
    path("summaries/schema.json", downloads.schema, name="schema"),
]
