"""Cycle files: one yearly report as YAML, read strictly, and loaded without touching what people changed."""

from cycles.file.entries import CycleFile, ItemEntry
from cycles.file.fields import FileSection
from cycles.file.problems import BadCycleFile, ProblemList
from cycles.file.read import kept_cycle_files, read_cycle_bytes, read_cycle_file
from cycles.file.sections import app_sections
