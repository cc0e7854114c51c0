"""Rows of the installation's pages."""

from tests.matrix import ADMINISTRATOR, Row, only

ROWS = [Row("installation:state", only(ADMINISTRATOR))]
