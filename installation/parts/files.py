"""Whether the stored files are what was received, as far as they were read again."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit import clock
from evidence.queries import CheckCounts, count_checks
from installation.conditions import BROKEN, LOOK, OK, ConditionReport
from installation.parts.part import Sample, StatePart
from ui.numbers import number


def read_checks() -> CheckCounts:
    """Count what was read again within 30 days, and what is harmed."""
    return count_checks(now=clock.now())


def _say(found: CheckCounts) -> ConditionReport:
    if found.harmed:
        return BROKEN, ngettext(
            "%(count)s file is not what was received: restore it from the backup.",
            "%(count)s files are not what was received: restore them from the backup.",
            found.harmed,
        ) % {"count": number(found.harmed)}
    if found.is_stalled:
        return LOOK, _("No file has been read again for two days: see the schedule and the queues.")
    return OK, _(
        "%(within)s of %(total)s files were read again within 30 days and are what was received."
    ) % {
        "within": number(found.within),
        "total": number(found.total),
    }


def _measure(found: CheckCounts) -> Iterator[Sample]:
    yield Sample("files_stored", found.total)
    yield Sample("files_checked_share", found.within / found.total if found.total else 1)
    yield Sample("files_harmed", found.harmed)


FILES = StatePart("files", gettext_lazy("Files"), read_checks, _say, _measure, "evidence:checks")
