"""Who may do what with a document, whatever its state. Who may see one is also `Document.objects.visible_to`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User
    from evidence.models import Document


def may_add(user: User, *, agency_id: int) -> bool:
    """An agency's officers add its files; MAPO adds those that came by letter, for any agency."""
    return user.is_active and (user.is_mapo or (user.is_agency_actor and user.agency_id == agency_id))


def sees(user: User, document: Document) -> bool:
    """The rule of `visible_to`, for one document in hand."""
    is_in_reach = user.is_mapo or (user.is_agency_actor and user.agency_id == document.agency_id)
    is_cleared = document.classification <= user.clearance
    registered_it = not document.stored_name and document.uploaded_by_id == user.pk
    return user.is_active and is_in_reach and (is_cleared or registered_it)


def may_change(user: User, document: Document) -> bool:
    """Describe, withdraw, restore or replace: its agency, or the MAPO person who entered it from a letter."""
    is_agency = user.is_agency_actor and user.agency_id == document.agency_id
    entered_it = user.is_mapo and document.uploaded_by_id == user.pk
    return sees(user, document) and (is_agency or entered_it)


def may_raise(user: User, document: Document) -> bool:
    """Raise the classification: who may change the document, and MAPO for every document that it sees."""
    return sees(user, document) and (user.is_mapo or may_change(user, document))


def may_seal(user: User, document: Document) -> bool:
    """Administrators, for what they are cleared to see."""
    return user.is_administrator and sees(user, document)
