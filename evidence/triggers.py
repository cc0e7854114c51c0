"""What the database itself refuses to change about a document."""

from collections.abc import Iterable

import pgtrigger

from audit.guards import StrictTrigger


def columns_are_kept(prefix: str, fields: Iterable[str]) -> list[pgtrigger.Trigger]:
    """These columns keep what the row was inserted with."""
    return [_refuse_update(f"{prefix}_bytes_are_kept", _any_changed(fields))]


def columns_set_once(prefix: str, fields: Iterable[str]) -> list[pgtrigger.Trigger]:
    """Each of these columns may go from NULL to a value, and never further; the others stay free."""
    overwritten = " OR ".join(
        f"(OLD.{{columns.{name}}} IS NOT NULL AND OLD.{{columns.{name}}} IS DISTINCT FROM NEW.{{columns.{name}}})"
        for name in fields
    )
    return [_refuse_update(f"{prefix}_set_once", overwritten)]


def frozen_description_is_kept(prefix: str) -> list[pgtrigger.Trigger]:
    """Once a submission cited it, the dates stand and the class can only rise."""
    changed = _any_changed(("evidence_from", "evidence_to"))
    lowered = "NEW.{columns.classification} < OLD.{columns.classification}"
    return [
        _refuse_update(
            f"{prefix}_frozen_is_kept", f"OLD.{{columns.frozen_at}} IS NOT NULL AND ({changed} OR {lowered})"
        )
    ]


def _any_changed(fields: Iterable[str]) -> str:
    return " OR ".join(f"OLD.{{columns.{name}}} IS DISTINCT FROM NEW.{{columns.{name}}}" for name in fields)


def _refuse_update(name: str, condition: str) -> pgtrigger.Trigger:
    func = pgtrigger.Func(
        f"""
        IF {condition} THEN
            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, '{name}';
        END IF;
        RETURN NEW;
        """
    )
    return StrictTrigger(name=name, when=pgtrigger.Before, operation=pgtrigger.Update, func=func)
