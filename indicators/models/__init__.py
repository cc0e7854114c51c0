"""The register of figures; each module holds one noun, its queryset above it and its past below it."""

from indicators.models.change import RegisterChange
from indicators.models.check import Check, CheckExplanation, CheckTerm
from indicators.models.decision import FigureDecision
from indicators.models.dimension import Dimension, DimensionValue
from indicators.models.figure import Figure
from indicators.models.indicator import (
    Indicator,
    IndicatorDimension,
    IndicatorItem,
    IndicatorItemVersion,
    IndicatorVersion,
)
from indicators.models.report import (
    FigureCitation,
    FigureReport,
    FigureReportWriter,
    FigureSubmission,
    FigureSubmissionDocument,
    SentFigure,
)
from indicators.models.series import Series, SeriesValue
from indicators.models.source import Source
from indicators.models.table import PublishedCell, PublishedTable
from indicators.models.target import Target
from indicators.models.workbook import FigureImport, FigureImportWriter
