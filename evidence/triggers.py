"""What the database itself refuses to change about a document, besides the guards of every room."""

from collections.abc import Iterable

import pgtrigger

from audit.guards import any_changed, refused_update


def columns_set_once(prefix: str, fields: Iterable[str]) -> list[pgtrigger.Trigger]:
    """Each of these columns may go from NULL to a value, and never further; the others stay free."""
    overwritten = " OR ".join(
        f"(OLD.{{columns.{name}}} IS NOT NULL AND {any_changed([name])})" for name in fields
    )
    return [refused_update(f"{prefix}_set_once", overwritten)]


def frozen_description_is_kept(prefix: str) -> list[pgtrigger.Trigger]:
    """Once a submission cited it, the dates stand and the class can only rise."""
    changed = any_changed(("evidence_from", "evidence_to"))
    lowered = "NEW.{columns.classification} < OLD.{columns.classification}"
    condition = f"OLD.{{columns.frozen_at}} IS NOT NULL AND ({changed} OR {lowered})"
    return [refused_update(f"{prefix}_frozen_is_kept", condition)]
