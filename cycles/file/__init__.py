"""Cycle files: one yearly report as YAML, read strictly, and loaded without touching what people changed."""

from cycles.file.app_sections import AppSection, register_section
from cycles.file.entries import (
    AgencyEntry,
    AnswerEntry,
    BothLanguages,
    CycleEntry,
    CycleFile,
    ItemEntry,
    SuggestionEntry,
)
from cycles.file.fields import FileSection
from cycles.file.problems import BadCycleFile, FileProblem, ProblemList
from cycles.file.read import kept_cycle_files, read_cycle_bytes, read_cycle_file

__all__ = [
    "AgencyEntry",
    "AnswerEntry",
    "AppSection",
    "BadCycleFile",
    "BothLanguages",
    "CycleEntry",
    "CycleFile",
    "FileProblem",
    "FileSection",
    "ItemEntry",
    "ProblemList",
    "SuggestionEntry",
    "kept_cycle_files",
    "read_cycle_bytes",
    "read_cycle_file",
    "register_section",
]
