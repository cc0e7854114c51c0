"""Mails about signing in that wait to leave, as others look at them: how many there are, and giving them up."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import AskedMail


def waiting_asked_mails() -> QuerySet[AskedMail]:
    """Return those that have not left; not those that the broker was just given and has in hand."""
    is_tried = Q(attempts_count__gt=0) | Q(next_attempt_at__lte=timezone.now())
    return AskedMail.objects.filter(is_tried, given_up_at=None)


def give_up_asked_mails() -> int:
    """Send none of those that wait; return how many they were. Their rows stay, marked. Whoever wants a link asks anew."""
    return waiting_asked_mails().update(given_up_at=timezone.now())
