"""Human words for actions, objects and fields: the log knows no noun, apps fill this in `AppConfig.ready`."""

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
    """Adds labels of actions ({"update.submitted": _("Update submitted")}), kinds of objects, and fields.

    `objects` is keyed by the model's label ({"recommendations.Update": _("Update")}), `fields` by the keys of
    `before` and `after` ({"due_on": _("Due date")}). Raises ValueError when two apps name one key
    differently.
    """
    for known, added in ((_actions, actions), (_objects, objects or {}), (_fields, fields or {})):
        for key, label in added.items():
            if key in known and str(known[key]) != str(label):
                raise ValueError(f"{key} already has other words")
            known[key] = label


def offer(
    *, agencies: Callable[[], Choices] | None = None, items: Callable[[], Choices] | None = None
) -> None:
    """Lets the trail offer what exists: functions that give (primary key, label) of agencies and of items."""
    _choices.update({key: given for key, given in (("agencies", agencies), ("items", items)) if given})


def agencies() -> Choices:
    """The agencies on offer, as (primary key, label); none when no app offers them."""
    return _choices["agencies"]() if "agencies" in _choices else []


def items() -> Choices:
    """The items on offer, as (primary key, label); none when no app offers them."""
    return _choices["items"]() if "items" in _choices else []


def action_text(action: str) -> Words:
    """The label of an action, or the action itself when no app named it."""
    return _actions.get(action, action)


def object_text(object_type: str) -> Words:
    """The label of a kind of object, or its model's label when no app named it."""
    return _objects.get(object_type, object_type)


def field_text(name: str) -> str:
    """The label of a field, or its name in plain letters when no app named it."""
    return capfirst(str(_fields.get(name, name.replace("_", " "))))


def actions() -> dict[str, Words]:
    """All named actions, for choices and checks."""
    return dict(_actions)


def fields() -> dict[str, Words]:
    """All named fields."""
    return dict(_fields)


def objects() -> dict[str, Words]:
    """All named kinds of objects."""
    return dict(_objects)
