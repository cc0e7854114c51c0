"""Whether somebody can administer Jejak; names nobody."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef

from accounts.factors import CODES
from accounts.models import Agency, ProviderAccount, User
from accounts.roles import Role
from tracker.doctor.commands import manage
from tracker.doctor.looking import LOOK, OK, ConditionReport

_INVITE = manage("add_person --email … --name … --role administrator --agency KDN")
_LOAD = manage("load_cycle")


def look_at_administrators() -> ConditionReport:
    """Say whether an active administrator has a second factor; else what brings in the first one."""
    administrators = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
    if not administrators.exists():
        first = "" if Agency.objects.exists() else f"`{_LOAD}` and then "
        return LOOK, f"Nobody can administer Jejak yet: {first}`{_INVITE}` prints a link for the first one."
    factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=CODES)
    if administrators.filter(Exists(factors)).exists():
        return OK, "An active administrator has a second factor."
    connected = ProviderAccount.objects.filter(person=OuterRef("pk"), ended_at=None)
    if settings.OIDC and settings.OIDC.second_factor and administrators.filter(Exists(connected)).exists():
        return OK, "An active administrator signs in at the provider, which asks for a second factor."
    return (
        LOOK,
        "No administrator has a second factor yet: let one open the link of the invitation, sign in and add it.",
    )
