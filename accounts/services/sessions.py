"""Sign-in and sign-out, with their Events.

Sessions, limits and links use the real clock; Events take `now`.
"""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import may_keep_people
from accounts.roles import Role
from accounts.services.checks import end_sessions, locked_person, record_on
from accounts.session_limits import limits_of
from audit.errors import NotAllowed, NotNow
from audit.services import digest, record


@transaction.atomic
def sign_out_everywhere(person: User, *, actor: User, now: datetime, but: str | None = None) -> User:
    """End the person's sessions in every browser, from their next request on.

    `but` keeps the row of the actor's own session: the view then renews its hash. Raises NotAllowed unless
    the actor is the person or an administrator.
    """
    if actor.pk != person.pk and not may_keep_people(actor):
        raise NotAllowed(_("Only an administrator may sign other people out."))
    person = locked_person(person)
    ended = end_sessions(person, but=but)
    person.save(update_fields=["sessions_number"])
    record_on(person, "session.ended_everywhere", actor=actor, now=now, after={"sessions": ended})
    return person


@transaction.atomic
def delete_sessions(person: User, *, but: str | None, actor: User, now: datetime) -> int:
    """Delete the person's sessions but the one with this key (None: all), which a new password has ended already.

    Returns how many there were. Records an Event if any. It is for callers who have asked who may; what ends sessions
    for another reason calls `sign_out_everywhere`, which raises their number too.
    """
    ended = 0
    for session in UserSession.objects.filter(user=person).exclude(session_key=but or ""):
        session.end()
        ended += 1
    if ended:
        record_on(person, "session.ended_everywhere", actor=actor, now=now, after={"sessions": ended})
    return ended


@transaction.atomic
def end_sessions_that_are_over(person: User | None = None, *, now: datetime) -> int:
    """End the sessions, of one person or of all, that were idle or have lasted for too long; one Event each.

    Returns how many ended. The limits were in force before: this removes what is left, and records it.
    """
    at, ended = timezone.now(), 0
    rows = UserSession.objects.select_related("user__agency").order_by("pk")
    if person is not None:
        rows = rows.filter(user=person)
    for role in Role.values:
        limits = limits_of(role)
        is_idle = Q(last_seen_at__lt=at - timedelta(seconds=limits.idle))
        is_old = Q(created_at__lt=at - timedelta(seconds=limits.absolute))
        for session in rows.filter(is_idle | is_old, user__role=role).select_for_update(of=("self",)):
            was_idle = session.last_seen_at < at - timedelta(seconds=limits.idle)
            session.end()
            reason = "idle" if was_idle else "too long"
            record_on(session.user, "session.timed_out", actor=None, now=now, reason=reason)
            ended += 1
    return ended


@transaction.atomic
def end_own_session(*, session_id: int, actor: User, now: datetime) -> None:
    """End one of the actor's own sessions. Raises NotNow when it is gone already (or another's)."""
    session = UserSession.objects.filter(user=actor, pk=session_id).first()
    if session is None:
        raise NotNow(_("That session has already ended."))
    session.end()
    record_on(actor, "session.ended", actor=actor, now=now)


@transaction.atomic
def set_own_password(person: User, *, password: str, how: str, now: datetime) -> User:
    """Set a password by a one-time link (`how`: invitation or reset), which then stops working.

    Every earlier session ends. The first password is the moment of joining.
    """
    person = locked_person(person)
    if not person.is_active:
        raise NotAllowed(_("This account was deactivated."))
    person.set_password(password)
    end_sessions(person)
    has_joined = person.has_joined
    person.joined_at = person.joined_at or now
    person.save(update_fields=["password", "sessions_number", "joined_at"])
    action = "person.password_reset" if has_joined else "person.joined"
    record_on(person, action, actor=person, now=now, after={"by": how})
    return person


@transaction.atomic
def record_sign_in(person: User, *, now: datetime, factor: str = "") -> None:
    """Record that somebody signed in, also on the person (which ends open links); `factor` is the kind of the second."""
    User.objects.filter(pk=person.pk).update(signed_in_at=now)
    person.signed_in_at = now
    used = {"after": {"factor": factor}} if factor else {}
    record_on(person, "session.signed_in", actor=person, now=now, **used)


@transaction.atomic
def record_proof(person: User, *, by: str, now: datetime) -> None:
    """Record that somebody who is signed in has proved again who they are, by a password or a kind of second factor."""
    record_on(person, "session.proved_again", actor=person, now=now, after={"proof": by})


@transaction.atomic
def record_sign_out(person: User, *, now: datetime) -> None:
    """Record that somebody signed out."""
    record_on(person, "session.signed_out", actor=person, now=now)


@transaction.atomic
def record_refused_sign_in(
    email: str, *, reason: str, now: datetime, is_locked_out: bool = False
) -> User | None:
    """Record a failed sign-in, or one that was refused unread after too many failures; return whose it was, if anybody's.

    An address that belongs to nobody is recorded only as a digest: people mistype passwords into that field.
    """
    action = "session.locked_out" if is_locked_out else "session.failed"
    return _record_about(email, action, now=now, reason=reason)


@transaction.atomic
def record_password_change(person: User, *, now: datetime, but: str | None = None) -> None:
    """Record a new password chosen while signed in, and delete the sessions that it ended.

    `but` is the key of the session in which it was done, which stays.
    """
    delete_sessions(person, but=but, actor=person, now=now)
    record_on(person, "person.password_changed", actor=person, now=now)


@transaction.atomic
def record_reset_request(email: str, *, now: datetime) -> User | None:
    """Record that somebody asked for a reset link to an address; return whose it is, if anybody's.

    An address that belongs to nobody is recorded too, as a digest, so that the answer takes as long.
    """
    return _record_about(email, "person.password_reset_requested", now=now)


def _record_about(email: str, action: str, *, now: datetime, reason: str = "") -> User | None:
    """Record one Event about the person with this e-mail, or about its digest; return the person."""
    email = email.strip().lower()
    person = User.objects.select_related("agency").filter(email=email).first()
    if person is None:
        record(action=action, actor=None, object_type="address", after=digest(email), reason=reason, now=now)
    else:
        record_on(person, action, actor=None, now=now, after={"email": email}, reason=reason)
    return person
