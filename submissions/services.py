"""Steps that acts on every kind of submission take, inside the transaction of the act."""

from __future__ import annotations

from typing import Any


def note_writers(draft: Any, *user_ids: int) -> None:
    """Note that these people wrote in a draft, or sent it: they may not decide on it. Each is noted once.

    `draft` is anything with `writers` (`submissions.models.DraftWriter`).
    """
    writers = draft.writers
    rows = [
        writers.model(**{writers.field.name: draft, "user_id": user_id}) for user_id in sorted(set(user_ids))
    ]
    writers.model.objects.bulk_create(rows, ignore_conflicts=True)
