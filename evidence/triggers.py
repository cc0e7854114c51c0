"""Changes of a document that the database refuses, besides the guards in `audit.guards`."""

from collections.abc import Iterable

import pgtrigger

from audit.guards import any_changed, refuse_update


def columns_set_once(prefix: str, fields: Iterable[str]) -> list[pgtrigger.Trigger]:
    """Allow each of these columns to go from NULL to a value, and never further; others stay free."""
    overwritten = " OR ".join(
        f"(OLD.{{columns.{name}}} IS NOT NULL AND {any_changed([name])})" for name in fields
    )
    return [refuse_update(f"{prefix}_set_once", overwritten)]


def frozen_description_is_kept(prefix: str) -> list[pgtrigger.Trigger]:
    """Once a submission has cited the document, freeze the dates and let the class only rise."""
    changed = any_changed(("evidence_from", "evidence_to"))
    lowered = "NEW.{columns.classification} < OLD.{columns.classification}"
    condition = f"OLD.{{columns.frozen_at}} IS NOT NULL AND ({changed} OR {lowered})"
    return [refuse_update(f"{prefix}_frozen_is_kept", condition)]
