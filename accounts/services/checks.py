"""Checks of values before the services store them."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.errors import BadValue
from accounts.models import Agency, User
from accounts.places import Place
from accounts.texts import mail_address
from audit.errors import NotNow

_HOLD = "SELECT pg_advisory_xact_lock(hashtext('jejak.addresses'))"


def known_place(text: str) -> str:
    """Return a place of Malaysia, or "". Raises BadValue for any other."""
    if text and text not in Place.values:
        words = {"value": text}
        raise BadValue(_("“%(value)s” is no state or federal territory. Choose one.") % words, field="place")
    return text


def hold_addresses() -> None:
    """Let one transaction at a time give addresses, to people and to agencies.

    Call it before locking any row, so that no two transactions wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD)


def address_of_ones_own(text: str, *, person: User | None = None) -> str:
    """Return the address in lower case, if nobody but `person` signs in with it and no agency shares it.

    Raises BadValue for a malformed address or a shared mailbox, NotNow for somebody else's.
    """
    address = mail_address(text)
    others = User.objects.filter(email=address)
    if person is not None:
        others = others.exclude(pk=person.pk)
    if others.exists():
        raise NotNow(_("Somebody already signs in with %(email)s.") % {"email": address})
    agency = Agency.objects.filter(shared_mailbox=address).first()
    if agency is not None:
        words = {"email": address, "code": agency.code}
        message = _("%(email)s is the shared mailbox of %(code)s. Give the person's own address.")
        raise BadValue(message % words, field="email")
    return address


def shared_address(text: str) -> str:
    """Return the address in lower case, or "", if it is nobody's own; several agencies may share one.

    Raises BadValue for a malformed address, or a person's: they would get everything twice.
    """
    if not text.strip():
        return ""
    address = mail_address(text)
    person = User.objects.filter(email=address).first()
    if person is not None:
        words = {"email": address, "name": person.name}
        message = _("%(email)s is the own address of %(name)s, who would get everything twice. Give another.")
        raise BadValue(message % words, field="shared_mailbox")
    return address
