"""Labels of accounts in the audit trail."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit import labels


def register() -> None:
    """Register the labels of actions, object types and fields."""
    labels.register(
        {
            "agency.added": _("Agency added"),
            "agency.changed": _("Agency changed"),
            "agency.deactivated": _("Agency deactivated"),
            "agency.mailbox_named": _("Shared mailbox changed"),
            "agency.reactivated": _("Agency reactivated"),
            "device.forgotten": _("Known device removed"),
            "device.remembered": _("Signed in from a new device"),
            "factor.added": _("Second factor added"),
            "factor.codes_kept": _("Recovery codes kept"),
            "factor.codes_made": _("Recovery codes made"),
            "factor.locked_out": _("Second factor locked out"),
            "factor.loss_granted": _("Lost second factor removed"),
            "factor.loss_reported": _("Removal of a lost second factor requested"),
            "factor.loss_withdrawn": _("Removal of a lost second factor withdrawn"),
            "factor.refused": _("Second factor refused"),
            "factor.removed": _("Second factor removed"),
            "factor.renamed": _("Second factor renamed"),
            "permission.refused": _("Access refused"),
            "person.address_changed": _("Address corrected"),
            "person.changed": _("Person changed"),
            "person.chose_language": _("Language chosen"),
            "person.chose_place": _("Place of work changed"),
            "person.deactivated": _("Person deactivated"),
            "person.invited": _("Person invited"),
            "person.invited_again": _("Person invited again"),
            "person.joined": _("Invitation accepted"),
            "person.moved": _("Person moved to another agency"),
            "person.named_acting": _("Acting coordinator named or removed"),
            "person.password_changed": _("Password changed"),
            "person.password_reset": _("Password reset"),
            "person.password_reset_requested": _("Password reset requested"),
            "person.provider_connected": _("Account at the provider connected"),
            "person.provider_disconnected": _("Account at the provider disconnected"),
            "person.reactivated": _("Person reactivated"),
            "person.rights_asked": _("Higher rights requested"),
            "person.rights_granted": _("Higher rights granted"),
            "person.rights_refused": _("Higher rights refused"),
            "person.rights_withdrawn": _("Request for higher rights withdrawn"),
            "quota.reached": _("Quota reached"),
            "session.ended": _("Session ended"),
            "session.ended_everywhere": _("All sessions ended"),
            "session.failed": _("Sign-in failed"),
            "session.locked_out": _("Sign-in locked out"),
            "session.timed_out": _("Session ended automatically"),
            "session.proved_again": _("Confirmed again who they are"),
            "session.signed_in": _("Signed in"),
            "session.signed_out": _("Signed out"),
            "stand_in.ended": _("Stand-in ended"),
            "stand_in.named": _("Stand-in named"),
        },
        objects={
            "accounts.Agency": _("Agency"),
            "accounts.ProviderAccount": _("Account at the provider"),
            "accounts.RightsRequest": _("Request for rights"),
            "accounts.StandIn": _("Stand-in"),
            "accounts.User": _("Person"),
            "address": _("Unknown address"),
            "page": _("Page"),
            "provider_subject": _("Unknown account at the provider"),
            "quota": _("Quota"),
        },
        fields={
            "absent": _("who is away"),
            "agency": _("Agency"),
            "by": _("How"),
            "clearance": _("clearance"),
            "code": _("code"),
            "colleague": _("who stands in"),
            "devices": _("Devices"),
            "email": _("E-mail"),
            "factor": _("Second factor"),
            "from_on": _("from"),
            "is_acting": _("Acting coordinator"),
            "is_active": _("active"),
            "language": _("Language"),
            "most": _("most allowed"),
            "name": _("name"),
            "name_en": _("name in English"),
            "name_ms": _("name in Malay"),
            "place": _("state or federal territory"),
            "post": _("post"),
            "proof": _("How"),
            "role": _("Role"),
            "sessions": _("Sessions"),
            "shared_mailbox": _("shared mailbox"),
            "telephone": _("telephone"),
            "unit": _("unit"),
            "until_on": _("until"),
        },
        values={"factor": _factor, "proof": _proof},
    )
    labels.offered_choices["agency"] = _agencies


def _factor(kind: str) -> str:
    """Return what a kind of second factor is called."""
    from accounts.factors import FACTOR_LABELS

    return str(FACTOR_LABELS.get(kind, kind))


def _proof(by: str) -> str:
    """Return what a proof of a signed-in person is called."""
    return gettext("Password") if by == "password" else _factor(by)


def _agencies() -> labels.Choices:
    """Return the agencies to choose from in the trail's filter."""
    from accounts.models import Agency

    return [(agency.pk, agency.label) for agency in Agency.objects.order_by("code")]
