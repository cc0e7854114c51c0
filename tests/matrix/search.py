"""The rows of search: everybody searches what they may see; what that is, `tests/search` proves."""

from tests.matrix import Row, everybody

ROWS = [
    Row("search:search", everybody()),
    Row("search:search", everybody(), query="?q=perkara+or+kursus+or+laporan+or+a*"),
    Row("search:suggestions", everybody(), query="?q=syor"),
]
