"""Who may do what with a document, whatever its state.

`Document.objects.visible_to` is the same rule in SQL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User
    from evidence.models import Document


def may_add(user: User, *, agency_id: int) -> bool:
    """Return whether this person may add files for the agency: its officers and MAPO."""
    return user.is_active and (user.is_mapo or (user.is_agency_actor and user.agency_id == agency_id))


def sees(user: User, document: Document) -> bool:
    """Return whether this person may see the document: the rule of `visible_to` for one document."""
    is_in_reach = user.is_mapo or (user.is_agency_actor and user.agency_id == document.agency_id)
    is_cleared = document.classification <= user.clearance
    registered_it = not document.stored_name and document.uploaded_by_id == user.pk
    return user.is_active and is_in_reach and (is_cleared or registered_it)


def may_change(user: User, document: Document) -> bool:
    """Return whether this person may describe, withdraw, restore or replace it.

    That is its agency, or the MAPO person who entered it from a letter.
    """
    is_agency = user.is_agency_actor and user.agency_id == document.agency_id
    entered_it = user.is_mapo and document.uploaded_by_id == user.pk
    return sees(user, document) and (is_agency or entered_it)


def may_raise(user: User, document: Document) -> bool:
    """Return whether this person may raise its class: who may change it, and MAPO for what it sees."""
    return sees(user, document) and (user.is_mapo or may_change(user, document))


def may_seal(user: User, document: Document) -> bool:
    """Return whether this person may seal it: an administrator with the clearance to see it."""
    return user.is_administrator and sees(user, document)
