"""How long something lasts or ago it was, in words."""

from django.utils.translation import ngettext

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def words_of(seconds: float) -> str:
    """Return a length of time in its largest unit: 40 seconds, 12 minutes, 5 hours, 3 days."""
    if seconds < 2 * _MINUTE:
        count = max(1, round(seconds))
        return ngettext("%(count)s second", "%(count)s seconds", count) % {"count": count}
    if seconds < 2 * _HOUR:
        count = round(seconds / _MINUTE)
        return ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": count}
    if seconds < 2 * _DAY:
        count = round(seconds / _HOUR)
        return ngettext("%(count)s hour", "%(count)s hours", count) % {"count": count}
    count = int(seconds / _DAY)
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}
