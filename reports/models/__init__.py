"""Reports and their downloads, saved selections, and schedules."""

from reports.models.download import Download
from reports.models.report import Report, ReportQuerySet
from reports.models.saved_selection import SavedSelection
from reports.models.schedule import Schedule, ScheduleReader
