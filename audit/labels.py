"""Labels of actions, object types and fields in the log. Each app registers its own in `AppConfig.ready`."""

from collections.abc import Callable, Mapping, Sequence

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

Words = str | Promise
Choices = Sequence[tuple[int, Words]]

#: Labels by action ("update.submitted"), by the model's label ("recommendations.Update"), and by the keys of `before` and
#: `after` ("due_on"). `register` adds to them.
ACTIONS: dict[str, Words] = {
    "audit.exported": _("Audit trail exported"),
    "demo.moved_on": _("Demonstration moved to a later day"),
}
OBJECTS: dict[str, Words] = {"audit.Event": _("Audit trail")}
FIELDS: dict[str, Words] = {"day": _("Day"), "filter": _("Filter"), "rows": _("Rows")}
#: Functions that return what the trail's filter offers as "agency" and as "item"; apps add theirs in `AppConfig.ready`.
offered_choices: dict[str, Callable[[], Choices]] = {}


def register(
    actions: Mapping[str, Words],
    *,
    objects: Mapping[str, Words] | None = None,
    fields: Mapping[str, Words] | None = None,
) -> None:
    """Add labels of actions, object types and fields. Raises ValueError when a key already has another label."""
    for known, added in ((ACTIONS, actions), (OBJECTS, objects or {}), (FIELDS, fields or {})):
        for key, label in added.items():
            if key in known and str(known[key]) != str(label):
                raise ValueError(f"{key} already has other words")
            known[key] = label


def field_text(name: str) -> str:
    """Return the label of a field, or its name with spaces when it has none."""
    return capfirst(str(FIELDS.get(name, name.replace("_", " "))))
