"""One walk over all addresses: what each row of `tests/matrix/` must answer, asked by every role and with anything typed.

Each module holds checks, functions of a row and its place; `tests/test_walk.py` runs them, a test an address.
"""
