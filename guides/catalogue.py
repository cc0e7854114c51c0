"""Which guides there are: one for each role, and one about summaries, which all roles make."""

from django.utils.translation import pgettext_lazy

from accounts.roles import Role

#: Name of a guide, as it stands in its address and in its files → what links to it say.
GUIDES = {
    Role.OFFICER.value: pgettext_lazy("guide", "For officers"),
    Role.COORDINATOR.value: pgettext_lazy("guide", "For coordinators"),
    Role.REVIEWER.value: pgettext_lazy("guide", "For MAPO reviewers"),
    Role.ADMINISTRATOR.value: pgettext_lazy("guide", "For MAPO administrators"),
    Role.OBSERVER.value: pgettext_lazy("guide", "For observers"),
    "summaries": pgettext_lazy("guide", "Progress summaries"),
}
