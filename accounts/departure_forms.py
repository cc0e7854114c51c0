"""The form that deactivates a person and hands over what they answer for."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fields import PersonChoice
from accounts.models import User
from accounts.queries import with_absences
from accounts.roles import Role
from privacy.forms import ReasonForm

#: The choice that names no single colleague.
_ALL = "all"


class DeactivatePersonForm(ReasonForm):
    """The reason, and for a person who answers for something who takes it over, if anybody.

    Gives `is_handed_over`, and the `colleague`; without one, the agency's coordinators or all of MAPO take it over.
    """

    def __init__(
        self, data: Any = None, *, person: User, offers_handover: bool, today: date, cancel_url: str
    ):
        super().__init__(data, verb=_("Deactivate"), tone="danger", cancel_url=cancel_url)
        self._colleagues = _able_colleagues(person)
        if offers_handover and self._colleagues.exists():
            self.fields["colleague"] = forms.ChoiceField(
                label=gettext_lazy("Hand over to"),
                help_text=gettext_lazy(
                    "Your choice takes over those assignments and planned steps, and gets a notice."
                ),
                choices=self._choices(person, today=today),
                required=False,
            )
            self.helper.layout.insert(0, "colleague")

    def _choices(self, person: User, *, today: date) -> list[tuple[str, Any]]:
        coordinating = self._colleagues.filter(Q(role=Role.COORDINATOR) | Q(is_acting=True))
        choices: list[tuple[str, Any]] = [("", _("Nobody yet"))]
        if person.is_mapo:
            choices.append((_ALL, _("All of MAPO")))
        elif coordinating.exists():
            choices.append((_ALL, _("The agency's coordinators")))
        label = PersonChoice(queryset=None).label_from_instance
        people = with_absences(self._colleagues, today=today)
        return choices + [(str(person.pk), label(person)) for person in people]

    def clean(self) -> dict[str, Any]:
        """Say whether something is handed over, and to which colleague."""
        cleaned = super().clean() or {}
        chosen = cleaned.pop("colleague", "")
        colleague = self._colleagues.filter(pk=chosen).first() if chosen not in ("", _ALL) else None
        return {**cleaned, "colleague": colleague, "is_handed_over": chosen != ""}


def _able_colleagues(person: User) -> Any:
    """Return who can take over from the person, by name: those who act for the agency, or the people of MAPO."""
    if person.is_mapo:
        found = User.objects.working_at_mapo().exclude(pk=person.pk)
    else:
        found = User.objects.able_to_act().colleagues_of(person)
    return found.order_by("name", "pk")
