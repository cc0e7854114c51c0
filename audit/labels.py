"""Labels of actions, object types and fields in the log. Each app registers its own in `AppConfig.ready`."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from django.conf import settings
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

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
#: The models whose ids a field holds, where no field of the object's own model says it ("officers": "accounts.User").
REFERENCES: dict[str, str] = {}
#: Fields that say nothing to people, for programs alone.
UNSAID: set[str] = {"identity_marks"}
#: Functions that put the text of a field into words, by the key of the field.
VALUES: dict[str, Callable[[str], str]] = {}
#: Words with which names of numbered objects begin ("Recommendation" of "Recommendation 2").
NUMBERED: list[Words] = []
#: Functions that return what the trail's filter offers as "agency" and as "item"; apps add theirs in `AppConfig.ready`.
offered_choices: dict[str, Callable[[], Choices]] = {}


def register(
    actions: Mapping[str, Words],
    *,
    objects: Mapping[str, Words] | None = None,
    fields: Mapping[str, Words] | None = None,
    numbered: Iterable[Words] = (),
    references: Mapping[str, str] | None = None,
    values: Mapping[str, Callable[[str], str]] | None = None,
) -> None:
    """Add labels of actions, object types and fields, and words with which names of numbered objects begin.

    Raises ValueError when a key already has another label.
    """
    NUMBERED.extend(numbered)
    REFERENCES.update(references or {})
    VALUES.update(values or {})
    for known, added in ((ACTIONS, actions), (OBJECTS, objects or {}), (FIELDS, fields or {})):
        for key, label in added.items():
            if key in known and str(known[key]) != str(label):
                raise ValueError(f"{key} already has other words")
            known[key] = label


def field_text(name: str) -> str:
    """Return the label of a field, or its name with spaces when it has none."""
    return capfirst(str(FIELDS.get(name, name.replace("_", " "))))


def name_text(name: str) -> str:
    """Return the name of an object in the reader's language, where it begins with a numbered word.

    The log keeps names as the actor read them: "Syor 2 · 2023 · KDN" is "Recommendation 2 · 2023 · KDN" for readers of
    English.
    """
    words = _numbered_words()
    return re.sub(r"^(\w+)(?= \d)", lambda found: str(words.get(found[1], found[1])), name)


@cache
def _numbered_words() -> dict[str, Words]:
    """Return the registered words by how each language writes them."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.update({str(word): word for word in NUMBERED})
    return found
