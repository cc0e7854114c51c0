"""One act of MAPO on many assignments: what it would do, all of it or nothing, and undone as a whole.

An *order* says what is asked and of which assignments. A *plan* tries the order on copies of them, by the same rules
as the services, and writes nothing. `apply_bulk` plans once more with everything locked, refuses when anything is no
longer as it was seen, and then lets the services act, one after another, with one Event each. `undo_bulk` compensates.
"""

from bulk.services.acts import apply_bulk
from bulk.services.orders import Assign, Confirm, MoveDue, Order, TurnDown
from bulk.services.plan import BulkPlan, PlannedStep, make_plan
from bulk.services.traces import built_upon
from bulk.services.undo import BuiltUpon, undo_bulk

__all__ = [
    "Assign",
    "BuiltUpon",
    "BulkPlan",
    "Confirm",
    "MoveDue",
    "Order",
    "PlannedStep",
    "TurnDown",
    "apply_bulk",
    "built_upon",
    "make_plan",
    "undo_bulk",
]
