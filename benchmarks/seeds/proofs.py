"""What the triggers and references, that were off while histories were copied in, would have seen to: recomputed."""

from __future__ import annotations

from typing import Any

#: Each finds rows that the product could not have left, among a sample of assignments.
PROOFS = {
    "a review's turn": """
        SELECT id FROM (
            SELECT id, is_turn, decision, status IS DISTINCT FROM lag(status, 1, 'none') OVER moments AS turns
            FROM recommendations_review WHERE decision = 'accept' AND {sample}
            WINDOW moments AS (PARTITION BY assignment_id ORDER BY decided_at, id)) told
        WHERE is_turn <> turns
        UNION ALL
        SELECT id FROM recommendations_review WHERE decision = 'return' AND is_turn AND {sample}""",
    "a version's turn": """
        SELECT id FROM (
            SELECT id, is_turn, (role, stage) IS DISTINCT FROM (lag(role) OVER moments, lag(stage) OVER moments) AS turns
            FROM recommendations_assignmentversion WHERE {sample}
            WINDOW moments AS (PARTITION BY assignment_id ORDER BY began_at, id)) told
        WHERE is_turn <> turns""",
    "versions that follow each other, each another than the one before": """
        SELECT id FROM (
            SELECT id, ended_at, lead(began_at) OVER moments AS next_began_at, (role, stage, next_due_on)
                IS NOT DISTINCT FROM (lag(role) OVER moments, lag(stage) OVER moments, lag(next_due_on) OVER moments)
                AS is_same
            FROM recommendations_assignmentversion WHERE {sample}
            WINDOW moments AS (PARTITION BY assignment_id ORDER BY began_at, id)) told
        WHERE is_same OR ended_at IS DISTINCT FROM next_began_at""",
    "the open version, which says what the assignment says": """
        SELECT assignment.id FROM (
            SELECT *, id AS assignment_id FROM recommendations_assignment) assignment
        LEFT JOIN recommendations_assignmentversion version
            ON version.assignment_id = assignment.id AND version.ended_at IS NULL
        WHERE assignment.{sample} AND (version.role, version.stage, version.due_on, version.next_due_on)
            IS DISTINCT FROM (assignment.role, assignment.stage, assignment.due_on, assignment.next_due_on)""",
    "reviews of a submission of the assignment, and an accepted update with one": """
        SELECT update.id FROM recommendations_update update
        JOIN recommendations_assignment assignment ON assignment.id = update.assignment_id
        LEFT JOIN recommendations_submission submission ON submission.update_id = update.id
            AND submission.number = (
                SELECT max(number) FROM recommendations_submission WHERE update_id = update.id)
        LEFT JOIN recommendations_review review ON review.submission_id = submission.id
        WHERE update.{sample} AND (
            (update.state = 'accepted') <> (review.decision IS NOT DISTINCT FROM 'accept')
            OR (update.assignment_id, assignment.item_id) <> (review.assignment_id, review.item_id)
            OR review.decided_at < submission.submitted_at)""",
    "one hand at least in every update": """
        SELECT id FROM recommendations_update update WHERE {sample} AND NOT EXISTS (
            SELECT FROM recommendations_updatewriter writer WHERE writer.update_id = update.id)""",
}
#: One assignment in so many is looked at.
SAMPLE = "assignment_id % 37 = 5"


def prove(cursor: Any) -> None:
    """Raise `AssertionError` with what does not hold and the first rows for which it does not."""
    for title, statement in PROOFS.items():
        cursor.execute(statement.format(sample=SAMPLE))
        found = cursor.fetchmany(5)
        if found:
            raise AssertionError(f"the copied histories break this: {title}, {found}")
    _prove_half_accepted(cursor)


def _prove_half_accepted(cursor: Any) -> None:
    """Half of all updates were accepted, give or take two in a hundred."""
    cursor.execute("SELECT avg((state = 'accepted')::int) FROM recommendations_update")
    share = float(cursor.fetchone()[0])
    if abs(share - 0.5) > 0.02:
        raise AssertionError(f"of the updates, {share:.1%} are accepted")
