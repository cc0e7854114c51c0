"""A third kind of submission, which no installation has: how much a new kind costs (docs/adr/0005).

An agency writes one contribution to the country's own report a cycle; MAPO accepts it or returns it.
"""
