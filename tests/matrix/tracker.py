"""Rows of the installation's own addresses."""

from tests.matrix import Row, absent, public

ROWS = [
    Row("health", public()),
    Row("health_live", public()),
    # The tests' schedule never had a turn.
    Row("health_ready", public(503)),
    Row("csp_report", public(405)),
    Row("csp_report", public(204), method="post"),
    # An installation that names nobody has no such file.
    Row("security_txt", absent()),
    Row("robots_txt", public()),
    Row("favicon", public(302)),
]
