"""Addresses of summaries; each module holds those of one group of pages."""

from reports.urls import choosing, making, schedules, tables, verifying

app_name = "reports"
urlpatterns = [
    *choosing.urlpatterns,
    *making.urlpatterns,
    *verifying.urlpatterns,
    *schedules.urlpatterns,
    *tables.urlpatterns,
]
