"""Reports, their downloads and comparisons, saved selections, and schedules."""

from reports.models.comparison import Comparison
from reports.models.download import Download
from reports.models.report import Report, ReportQuerySet
from reports.models.saved_selection import SavedSelection
from reports.models.schedule import Schedule, ScheduleReader
