"""Changes of a document that the database refuses, besides the guards in `audit.guards`."""

import pgtrigger

from audit.guards import any_changed, refuse_update


def frozen_description_is_kept(prefix: str) -> list[pgtrigger.Trigger]:
    """Once a submission has cited the document, freeze the dates and let the class only rise."""
    changed = any_changed(("evidence_from", "evidence_to"))
    lowered = "NEW.{columns.classification} < OLD.{columns.classification}"
    condition = f"OLD.{{columns.frozen_at}} IS NOT NULL AND ({changed} OR {lowered})"
    return [refuse_update(f"{prefix}_frozen_is_kept", condition)]
