"""Rows of the installation's own addresses."""

from tests.matrix import Row, public

ROWS = [
    Row("health", public()),
]
