"""What a check found, as a sentence with its numbers in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from indicators.numbers import plain
from indicators.states import CheckKind
from ui import dates
from ui.numbers import percent

if TYPE_CHECKING:
    from indicators.judging import JudgedTerm, Judgement


def sentence(found: Judgement) -> str:
    """Return what a check found: "29 + 50 + 0 + 1 = 80; printed: 81." """
    return _SENTENCES[found.kind](found)


def signed_percent(value: Decimal) -> str:
    """Return a change with its sign: +26.9%, −21%, 0%."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{percent(abs(value))}"


def _of_sum(found: Judgement) -> str:
    words = {"sum": _sum(found.left_terms), "given": _side(found.right_terms)}
    if found.holds:
        return (_("%(sum)s, as printed.") if found.source_id else _("%(sum)s, as reported.")) % words
    if found.source_id:
        return _("%(sum)s; printed: %(given)s.") % words
    return _("%(sum)s; reported: %(given)s.") % words


def _of_change(found: Judgement) -> str:
    assert found.printed is not None
    words = {
        "before": _side(found.left_terms),
        "after": _side(found.right_terms),
        "printed": signed_percent(round(found.printed.value, found.printed.places)),
    }
    if found.computed is None:
        return _("From %(before)s no change in per cent can be computed; printed: %(printed)s.") % words
    words["computed"] = signed_percent(found.computed)
    return _("From %(before)s to %(after)s is %(computed)s; printed: %(printed)s.") % words


def _of_equality(found: Judgement) -> str:
    words = {"left": _side(found.left_terms), "right": _side(found.right_terms)}
    if found.holds:
        return _("%(left)s here, and %(right)s there: the same number.") % words
    return _("%(left)s here, but %(right)s there.") % words


def _of_bound(found: Judgement) -> str:
    words = {"left": _side(found.left_terms), "right": _side(found.right_terms)}
    if found.claim_id is not None:
        if found.holds:
            return _("The sentence says more, and the figures go from %(left)s to %(right)s.") % words
        return _("The sentence says more; the figures go from %(left)s to %(right)s.") % words
    if found.holds:
        said = _("%(left)s is not more than %(right)s.") % words
    else:
        said = _("%(left)s is more than %(right)s, and should not be.") % words
    return f"{said}{_other_last_days(found)}"


def _of_bases(found: Judgement) -> str:
    words = {"left": _side(found.left_terms), "right": _side(found.right_terms)}
    return (
        _("%(left)s against %(right)s: counted on different bases, so nobody can judge whether they agree.")
        % words
    )


_SENTENCES: dict[str, Callable[[Judgement], str]] = {
    CheckKind.SUM: _of_sum,
    CheckKind.CHANGE: _of_change,
    CheckKind.EQUAL: _of_equality,
    CheckKind.BOUND: _of_bound,
    CheckKind.BASIS: _of_bases,
}


def _other_last_days(found: Judgement) -> str:
    """Return the sentence that the two sides were counted to different days, after a space; empty if they were not."""
    left, right = _last_day(found.left_terms), _last_day(found.right_terms)
    if left is None or right is None or left == right:
        return ""
    said = _("The first was counted to %(left)s, the second to %(right)s.")
    return " " + said % {"left": dates.day(left), "right": dates.day(right)}


def _last_day(terms: Sequence[JudgedTerm]) -> date | None:
    return max((term.last_day for term in terms if term.last_day), default=None)


def _side(terms: Sequence[JudgedTerm]) -> str:
    """Return one side: 81, or 11 + 25 = 36."""
    return _sum(terms) if len(terms) > 1 else plain(terms[0].value)


def _sum(terms: Sequence[JudgedTerm]) -> str:
    added = " + ".join(plain(term.value) for term in terms)
    return f"{added} = {plain(sum((term.value for term in terms), Decimal(0)))}"
