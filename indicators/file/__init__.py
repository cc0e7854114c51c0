"""The section `figures` of a cycle file: what a source printed, read strictly, and loaded without changing what is there."""

from indicators.file.section import FiguresSection
