"""Summaries that were asked for and taken out, selections that people keep, and what is made every month."""

from reports.models.kept_selection import KeptSelection
from reports.models.report import Report, ReportQuerySet
from reports.models.schedule import Schedule, ScheduleReader
from reports.models.taking import Taking

__all__ = ["KeptSelection", "Report", "ReportQuerySet", "Schedule", "ScheduleReader", "Taking"]
