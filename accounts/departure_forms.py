"""The form that deactivates a person and hands over what they answer for."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fields import PersonChoice
from accounts.models import User
from accounts.queries import with_absences
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
        colleagues = with_absences(_able_colleagues(person), today=today) if offers_handover else ()
        self._colleagues = {str(each.pk): each for each in colleagues}
        if self._colleagues:
            self.fields["colleague"] = forms.ChoiceField(
                label=gettext_lazy("Hand over to"),
                help_text=gettext_lazy(
                    "Your choice takes over those assignments and planned steps, and gets a notice."
                ),
                choices=self._choices(person),
                required=False,
            )
            self.helper.layout.insert(0, "colleague")

    def _choices(self, person: User) -> list[tuple[str, Any]]:
        choices: list[tuple[str, Any]] = [("", _("Nobody yet"))]
        if person.is_mapo:
            choices.append((_ALL, _("All of MAPO")))
        elif any(each.is_coordinator or each.is_acting for each in self._colleagues.values()):
            choices.append((_ALL, _("The agency's coordinators")))
        label = PersonChoice(queryset=None).label_from_instance
        return choices + [(pk, label(each)) for pk, each in self._colleagues.items()]

    def clean(self) -> dict[str, Any]:
        """Say whether something is handed over, and to which colleague."""
        cleaned = super().clean() or {}
        chosen = cleaned.pop("colleague", "")
        return {**cleaned, "colleague": self._colleagues.get(chosen), "is_handed_over": chosen != ""}


def _able_colleagues(person: User) -> Any:
    """Return who can take over from the person, by name: those who act for the agency, or the people of MAPO."""
    if person.is_mapo:
        found = User.objects.working_at_mapo().exclude(pk=person.pk)
    else:
        found = User.objects.able_to_act().colleagues_of(person)
    return found.order_by("name", "pk")
