"""The form that deactivates a person and hands over what they are responsible for."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fields import PersonChoice
from accounts.models import User
from accounts.queries import with_absences
from privacy.forms import ReasonForm


class DeactivatePersonForm(ReasonForm):
    """The reason, and for a person who is responsible for assignments the colleague who takes them over, if any."""

    def __init__(
        self, data: Any = None, *, person: User, offers_handover: bool, today: date, cancel_url: str
    ):
        super().__init__(data, verb=_("Deactivate"), tone="danger", cancel_url=cancel_url)
        colleagues = User.objects.able_to_act().colleagues_of(person).order_by("name", "pk")
        if offers_handover and colleagues.exists():
            self.fields["colleague"] = PersonChoice(
                label=gettext_lazy("Hand over to"),
                help_text=gettext_lazy("This colleague becomes responsible for those assignments."),
                queryset=with_absences(colleagues, today=today),
                empty_label=gettext_lazy("Nobody yet"),
                required=False,
            )
            self.helper.layout.insert(0, "colleague")
