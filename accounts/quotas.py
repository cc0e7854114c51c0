"""How much one person, and one agency, may ask for: files, heavy pages, searches. Limits use the real clock.

Counters are sums in the shared cache that begin with the first request and end after their period. ADR 22.
"""

import math
import time
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.shared_cache import cache
from audit import clock
from audit.services import record

HOUR, DAY, MINUTE = 3600, 24 * 3600, 60


@dataclass(frozen=True)
class Quota:
    """So much of something within a period; `setting` names how much, of one person or of an agency together."""

    name: str
    setting: str
    seconds: int
    is_agency: bool
    reason: str | Promise

    @property
    def most(self) -> int:
        """How much."""
        return int(getattr(settings, self.setting))

    def key(self, person: User) -> str:
        """Return the name of the counter."""
        return f"quota:{self.name}:{person.agency_id if self.is_agency else person.pk}"


UPLOADS = (
    Quota(
        "uploads",
        "QUOTA_UPLOADS",
        HOUR,
        False,
        _("You have sent as many files as one person may within an hour."),
    ),
    Quota(
        "uploads_agency",
        "QUOTA_UPLOADS_AGENCY",
        HOUR,
        True,
        _("Your agency has sent as many files as one agency may within an hour."),
    ),
)
UPLOADED_BYTES = (
    Quota(
        "bytes",
        "QUOTA_UPLOAD_BYTES",
        DAY,
        False,
        _("The files that you sent within a day are as large together as one person's may be."),
    ),
    Quota(
        "bytes_agency",
        "QUOTA_UPLOAD_BYTES_AGENCY",
        DAY,
        True,
        _("The files that your agency sent within a day are as large together as one agency's may be."),
    ),
)
HEAVY = (
    Quota(
        "heavy",
        "QUOTA_HEAVY",
        HOUR,
        False,
        _(
            "You have asked for as many summaries, packs, exports and templates as one person may within an hour."
        ),
    ),
    Quota(
        "heavy_agency",
        "QUOTA_HEAVY_AGENCY",
        HOUR,
        True,
        _(
            "Your agency has asked for as many summaries, packs, exports and templates as one agency may within an hour."
        ),
    ),
)
SEARCHES = (
    Quota("searches", "QUOTA_SEARCHES", MINUTE, False, _("That was a lot of searches in one minute.")),
)


class QuotaReached(Exception):
    """Somebody asked for more than a quota, and has to wait for so many seconds (at least one)."""

    def __init__(self, quota: Quota, *, seconds: int) -> None:
        super().__init__(quota.name)
        self.quota, self.seconds = quota, seconds

    def __str__(self) -> str:
        return f"{self.quota.reason} {_wait(self.seconds)}"


def _wait(seconds: int) -> str:
    """Return when it goes on: minutes, and hours where there are many."""
    minutes = math.ceil(seconds / MINUTE)
    if minutes <= 90:
        text = ngettext(
            "Wait %(count)d minute, then continue.", "Wait %(count)d minutes, then continue.", minutes
        )
        return text % {"count": minutes}
    hours = math.ceil(minutes / 60)
    text = ngettext("You can continue in %(count)d hour.", "You can continue in %(count)d hours.", hours)
    return text % {"count": hours}


def count(quotas: tuple[Quota, ...], person: User, *, amount: int = 1) -> None:
    """Count an amount for the person and their agency. Raises QuotaReached where it is too much.

    What a transaction counts, it takes back with all else when it is rolled back; until then whoever shares the counter
    waits, so that it belongs at its end.
    """
    for quota in quotas:
        key = quota.key(person)
        if not cache.add_up(key, amount, most=quota.most, timeout=quota.seconds):
            ends = cache.ends_at(key)
            seconds = max(1, math.ceil(ends - time.time())) if ends is not None else quota.seconds
            raise QuotaReached(quota, seconds=seconds)


def take(quotas: tuple[Quota, ...], person: User, *, amount: int = 1) -> QuotaReached | None:
    """Count an amount for the person and their agency; return why it is too much, which is recorded, or None."""
    try:
        count(quotas, person, amount=amount)
    except QuotaReached as reached:
        record_reached(person, reached)
        return reached
    return None


def record_reached(person: User, reached: QuotaReached) -> None:
    """Record a refusal: the first of each period."""
    quota = reached.quota
    if not cache.add(f"{quota.key(person)}:told", True, timeout=reached.seconds):
        return
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        record(
            action="quota.reached",
            actor=person,
            object_type="quota",
            object_id=quota.name,
            label=str(quota.reason),
            agency_id=person.agency_id,
            after={"most": quota.most},
            now=clock.now(),
        )
