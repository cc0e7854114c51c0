"""Cycle files: one yearly report as YAML, read strictly, and loaded without touching what people changed."""

from cycles.file.beside import FilesBeside
from cycles.file.entries import CycleFile, ItemEntry, NumberedEntry, SectionLoad, app_sections
from cycles.file.fields import FileSection
from cycles.file.read import kept_cycle_files, read_cycle_bytes, read_cycle_file
from cycles.file.yaml_source import BadCycleFile, ProblemList
