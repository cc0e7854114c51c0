"""Which guides there are: one for each role, one about summaries, which all roles make, and one for operators of the server."""

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from accounts.roles import Role

OPERATORS = "operators"
#: Name of a guide, as it stands in its address and in its files → what links to it say.
GUIDES: dict[str, str | Promise] = {
    Role.OFFICER.value: pgettext_lazy("guide", "For officers"),
    Role.COORDINATOR.value: pgettext_lazy("guide", "For coordinators"),
    Role.REVIEWER.value: pgettext_lazy("guide", "For MAPO reviewers"),
    Role.ADMINISTRATOR.value: pgettext_lazy("guide", "For MAPO administrators"),
    Role.OBSERVER.value: pgettext_lazy("guide", "For observers"),
    "summaries": pgettext_lazy("guide", "Progress summaries"),
    OPERATORS: pgettext_lazy("guide", "For operators of the server"),
}


def guides_for(role: str) -> dict[str, str | Promise]:
    """Return the guides that people of a role read: that for operators is for administrators alone."""
    is_administrator = role == Role.ADMINISTRATOR
    return {name: label for name, label in GUIDES.items() if name != OPERATORS or is_administrator}
