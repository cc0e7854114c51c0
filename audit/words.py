"""Human words for actions and objects: the log knows no noun, apps fill this in `AppConfig.ready`."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_actions: dict[str, str | Promise] = {"audit.exported": _("Audit trail exported")}
_objects: dict[str, str | Promise] = {"audit.Event": _("Audit trail")}


def register(
    actions: Mapping[str, str | Promise], *, objects: Mapping[str, str | Promise] | None = None
) -> None:
    """Adds labels of actions ({"update.submitted": _("Update submitted")}) and of kinds of objects.

    `objects` is keyed by the model's label ({"recommendations.Update": _("Update")}). Raises ValueError when
    two apps name the same key differently.
    """
    for known, added in ((_actions, actions), (_objects, objects or {})):
        for key, label in added.items():
            if key in known and known[key] != label:
                raise ValueError(f"{key} already has other words")
            known[key] = label


def action_text(action: str) -> str | Promise:
    """The label of an action, or the action itself when no app named it."""
    return _actions.get(action, action)


def object_text(object_type: str) -> str | Promise:
    """The label of a kind of object, or its model's label when no app named it."""
    return _objects.get(object_type, object_type)


def actions() -> dict[str, str | Promise]:
    """All named actions, for choices and checks."""
    return dict(_actions)


def objects() -> dict[str, str | Promise]:
    """All named kinds of objects."""
    return dict(_objects)
