"""One act on many assignments: planned, done as a whole or not at all, and undone as a whole.

An *order* says what to do to which assignments. A *plan* tries the order on copies of them, by the same rules as the
services, and writes nothing. `apply_bulk` plans again with everything locked, refuses if anything differs from what the
person saw, and then calls the services one after another, with one Event each. `undo_bulk` compensates for the act.
"""
