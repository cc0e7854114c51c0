"""Labels of actions, object types and fields in the log. Each app registers its own in `AppConfig.ready`."""

from collections.abc import Callable, Mapping, Sequence

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

Words = str | Promise
Choices = Sequence[tuple[int, Words]]

_actions: dict[str, Words] = {
    "audit.exported": _("Audit trail exported"),
    "demo.moved_on": _("Demonstration moved to a later day"),
}
_objects: dict[str, Words] = {"audit.Event": _("Audit trail")}
_fields: dict[str, Words] = {"day": _("Day"), "filter": _("Filter"), "rows": _("Rows")}
_choices: dict[str, Callable[[], Choices]] = {}


def register(
    actions: Mapping[str, Words],
    *,
    objects: Mapping[str, Words] | None = None,
    fields: Mapping[str, Words] | None = None,
) -> None:
    """Add labels of actions ({"update.submitted": _("Update submitted")}), object types and fields.

    `objects` is keyed by the model's label ({"recommendations.Update": _("Update")}), `fields` by the keys of
    `before` and `after` ({"due_on": _("Due date")}). Raises ValueError when a key already has another label.
    """
    for known, added in ((_actions, actions), (_objects, objects or {}), (_fields, fields or {})):
        for key, label in added.items():
            if key in known and str(known[key]) != str(label):
                raise ValueError(f"{key} already has other words")
            known[key] = label


def offer_choices(
    *, agencies: Callable[[], Choices] | None = None, items: Callable[[], Choices] | None = None
) -> None:
    """Set the functions that return the filter's choices of agencies and of items, as (primary key, label)."""
    _choices.update({key: given for key, given in (("agencies", agencies), ("items", items)) if given})


def agencies() -> Choices:
    """Return the agencies to choose from, as (primary key, label)."""
    return _choices["agencies"]() if "agencies" in _choices else []


def items() -> Choices:
    """Return the items to choose from, as (primary key, label)."""
    return _choices["items"]() if "items" in _choices else []


def action_text(action: str) -> Words:
    """Return the label of an action, or the action itself when it has none."""
    return _actions.get(action, action)


def object_text(object_type: str) -> Words:
    """Return the label of an object type, or the type itself when it has none."""
    return _objects.get(object_type, object_type)


def field_text(name: str) -> str:
    """Return the label of a field, or its name with spaces when it has none."""
    return capfirst(str(_fields.get(name, name.replace("_", " "))))


def action_labels() -> dict[str, Words]:
    """Return the labels of all actions."""
    return dict(_actions)


def field_labels() -> dict[str, Words]:
    """Return the labels of all fields."""
    return dict(_fields)


def object_labels() -> dict[str, Words]:
    """Return the labels of all object types."""
    return dict(_objects)
