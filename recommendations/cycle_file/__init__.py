"""Cycle files: one yearly report as YAML, read strictly, and loaded without touching what people changed."""

from recommendations.cycle_file.problems import BadCycleFile, Problem
from recommendations.cycle_file.read import kept_cycle_files, read_cycle_bytes, read_cycle_file
from recommendations.cycle_file.shape import (
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
    "Problem",
    "SuggestionEntry",
    "kept_cycle_files",
    "read_cycle_bytes",
    "read_cycle_file",
]
