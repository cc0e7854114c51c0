"""Rows of what describes the data of summaries."""

from tests.matrix import Row, everybody

ROWS = [Row("reports:schema", everybody())]
