"""Connect people with their accounts at the provider, and disconnect them. Nothing from outside gives a right.

Only the subject counts, never an address or a name: whoever can choose an e-mail at the provider would be somebody else.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import ProviderAccount, User
from accounts.permissions import may_keep_people
from accounts.services.checks import end_sessions, locked_person, record_on
from audit.errors import NotAllowed, NotNow
from audit.services import digest, record
from privacy.checks import check_identities


def person_of_subject(*, issuer: str, subject: str) -> User | None:
    """Return the person who is connected with this subject, also a deactivated one, or None."""
    rows = ProviderAccount.objects.filter(issuer=issuer, subject=subject, ended_at=None)
    account = rows.select_related("person__agency").first()
    return account.person if account else None


@transaction.atomic
def join_by_provider(person: User, *, issuer: str, subject: str, now: datetime) -> User:
    """Accept an invitation by signing in at the provider instead of choosing a password.

    The caller has checked the one-time link, which then stops working. Raises NotAllowed for who was deactivated,
    NotNow when the invitation was accepted meanwhile, or the subject is somebody's.
    """
    person = locked_person(person)
    if not person.is_active:
        raise NotAllowed(_("This account was deactivated."))
    if person.has_joined:
        raise NotNow(_("This invitation was accepted already. Sign in."))
    _connect(person, issuer=issuer, subject=subject, now=now)
    end_sessions(person)
    person.joined_at = now
    person.save(update_fields=["sessions_number", "joined_at"])
    record_on(person, "person.joined", actor=person, now=now, after={"by": "provider"})
    return person


@transaction.atomic
def connect_provider(person: User, *, issuer: str, subject: str, actor: User, now: datetime) -> User:
    """Connect one's own account at the provider.

    Raises NotAllowed for another person's, NotNow when one is connected already or the subject is somebody's.
    """
    if actor.pk != person.pk:
        raise NotAllowed(_("Everybody connects their own account only."))
    person = locked_person(person)
    if not person.is_active:
        raise NotAllowed(_("This account was deactivated."))
    _connect(person, issuer=issuer, subject=subject, now=now)
    record_on(person, "person.provider_connected", actor=actor, now=now)
    return person


def _connect(person: User, *, issuer: str, subject: str, now: datetime) -> None:
    """Add the row. Raises NotNow when the person has one, or somebody has this subject."""
    standing = ProviderAccount.objects.filter(ended_at=None)
    if standing.filter(person=person).exists():
        raise NotNow(_("An account is connected already. Disconnect it first."))
    # Two people at once: the second insert waits for the first, and then does nothing.
    made = ProviderAccount(person=person, issuer=issuer, subject=subject, connected_at=now)
    ProviderAccount.objects.bulk_create([made], ignore_conflicts=True)
    if not standing.filter(person=person, issuer=issuer, subject=subject).exists():
        raise NotNow(_("This account at the provider belongs to somebody else in Jejak."))


@transaction.atomic
def disconnect_provider(
    person: User, *, reason: str = "", identities_reason: str = "", actor: User, now: datetime
) -> User:
    """Disconnect the person's account at the provider; ends the person's sessions when an administrator does it.

    Raises NotAllowed unless the actor is the person, or an administrator with a reason; NotNow when none is connected,
    and for who would have no way in, having no password.
    """
    is_own = actor.pk == person.pk
    if not is_own and not may_keep_people(actor):
        raise NotAllowed(_("Only an administrator may do this."))
    if not is_own and not reason.strip():
        raise NotAllowed(_("Give a reason."))
    identities = check_identities({"reason": reason}, reason=identities_reason)
    person = locked_person(person)
    account = ProviderAccount.objects.filter(person=person, ended_at=None).first()
    if account is None:
        raise NotNow(_("No account at the provider is connected."))
    if is_own and not person.has_usable_password():
        raise NotNow(_("Choose a password first: otherwise you could not sign in any more."))
    account.ended_by, account.ended_at = actor, now
    account.save(update_fields=["ended_by", "ended_at"])
    if not is_own:
        end_sessions(person)
        person.save(update_fields=["sessions_number"])
    record_on(
        person,
        "person.provider_disconnected",
        actor=actor,
        after=identities.trail_facts,
        reason=reason.strip(),
        now=now,
    )
    return person


@transaction.atomic
def record_refused_provider(person: User | None, *, subject: str, reason: str, now: datetime) -> None:
    """Record a sign-in at the provider that was refused here; an unknown subject only as a digest."""
    if person is not None:
        record_on(person, "session.failed", actor=None, now=now, after={"by": "provider"}, reason=reason)
        return
    record(
        action="session.failed",
        actor=None,
        object_type="provider_subject",
        after={"by": "provider", **(digest(subject) if subject else {})},
        reason=reason,
        now=now,
    )
