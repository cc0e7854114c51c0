"""Cycle files: one yearly report as YAML, read strictly, and loaded without touching what people changed."""

from cycles.file.fields import Section
from cycles.file.others import OtherSection, keep_section
from cycles.file.problems import BadCycleFile, Problem, ProblemList
from cycles.file.read import kept_cycle_files, read_cycle_bytes, read_cycle_file
from cycles.file.shape import (
    AgencyEntry,
    AnswerEntry,
    BothLanguages,
    CycleEntry,
    CycleFile,
    ItemEntry,
    SuggestionEntry,
)

__all__ = [
    "AgencyEntry",
    "AnswerEntry",
    "BadCycleFile",
    "BothLanguages",
    "CycleEntry",
    "CycleFile",
    "ItemEntry",
    "OtherSection",
    "Problem",
    "ProblemList",
    "Section",
    "SuggestionEntry",
    "keep_section",
    "kept_cycle_files",
    "read_cycle_bytes",
    "read_cycle_file",
]
