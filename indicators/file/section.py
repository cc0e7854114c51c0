"""The section `figures`: its parts in the order in which they are read, checked and loaded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import pgettext

from accounts.models import User
from cycles.file import CycleFile, FilesBeside, FileSection, ProblemList, SectionLoad
from indicators.file.agreement import check_figures
from indicators.file.check_agreement import check_checks
from indicators.file.checks import read_checks
from indicators.file.definitions import read_dimensions, read_indicators
from indicators.file.document import read_source
from indicators.file.entries import FiguresFile
from indicators.file.load import FiguresLoading
from indicators.file.source_check import check_places
from indicators.file.tables import read_tables
from recommendations.models import Cycle

KEY = "figures"


class FiguresSection:
    """Reads, checks and loads the section."""

    key = KEY

    @property
    def labels(self) -> Mapping[str, str]:
        """What the entries are called in a report."""
        return {
            "figure_sources": pgettext("cycle file", "sources of figures"),
            "dimensions": pgettext("cycle file", "breakdowns of figures"),
            "indicators": pgettext("cycle file", "indicators"),
            "tables": pgettext("cycle file", "published tables"),
            "figures": pgettext("cycle file", "printed figures"),
            "cells": pgettext("cycle file", "printed cells"),
            "checks": pgettext("cycle file", "checks of figures"),
        }

    def read(self, top: FileSection, beside: FilesBeside) -> FiguresFile:
        """Return the section; malformed entries are noted as problems."""
        section = top.section(
            KEY, required={"source", "dimensions", "indicators", "tables"}, optional={"checks"}
        )
        dimensions = read_dimensions(section)
        return FiguresFile(
            line=section.line,
            source=read_source(section, beside),
            dimensions=dimensions,
            indicators=read_indicators(section),
            tables=read_tables(section, dimensions),
            checks=read_checks(section),
        )

    def check(self, value: FiguresFile, cycle_file: CycleFile, problems: ProblemList) -> None:
        """Note what does not fit together, and what the source's text does not have."""
        check_figures(value, cycle_file, problems)
        check_checks(value, cycle_file, problems)
        check_places(value, problems)

    def load(self, value: FiguresFile, cycle: Cycle, *, actor: User | None, now: datetime) -> SectionLoad:
        """Create what is missing; whatever exists stays, and is reported where it differs."""
        return FiguresLoading(value, cycle, actor=actor, now=now).run()
