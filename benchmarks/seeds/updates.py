"""Give every assignment of one cycle so many accepted updates; seven more wait for MAPO, however many those are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from audit import clock
from benchmarks.seeds.history import HistoryWriter, RowCopier, histories_of
from benchmarks.seeds.one_cycle import BEGINS_AT, OPENS_AT
from recommendations.models import Assignment, Cycle, Submission
from tests.factories.recommendations import make_submission

WAITING = 7
#: Of those that wait, so many are of the agency of the officer who is measured.
WAITING_OWN = 2


def main(facts: dict[str, Any], updates: str) -> dict[str, Any]:
    """Write the history by COPY, move the clock to the day that is measured, and let some updates wait.

    Return the address of the page on which one of these is decided.
    """
    if int(updates):
        _write_history(int(updates))
    clock.move_to(OPENS_AT)
    waiting = _submit_some(User.objects.get(pk=facts["officer_id"]))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return {"review": reverse("recommendations:review", args=[waiting.update_id])}


def _write_history(updates: int) -> None:
    """Write accepted updates alone, from the first day of the window to the eve of the day that is measured."""
    cycle = Cycle.objects.get()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        copier = RowCopier(cursor)
        writer = HistoryWriter(
            copier=copier,
            cycle=cycle,
            begins_at=BEGINS_AT,
            ends_at=OPENS_AT - timedelta(days=1),
            leaves_open=False,
            accepts_all=True,
        )
        writer.write([(history, updates) for history in histories_of(cycle)])
        copier.finish()


def _submit_some(officer: User) -> Submission:
    """Let two updates of the officer's agency wait, and five of others; return the last of them."""
    in_force = Assignment.objects.in_force().select_related("agency").order_by("pk")
    own = in_force.filter(agency=officer.agency)[:WAITING_OWN]
    others = in_force.exclude(agency=officer.agency)[: WAITING - WAITING_OWN]
    for assignment in [*own, *others]:
        actor = User.objects.get(agency=assignment.agency, role=Role.OFFICER)
        submission = make_submission(assignment, actor=actor, now=clock.now())
    return submission
