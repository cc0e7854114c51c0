"""What a check found, as a sentence with its numbers in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from indicators.numbers import amount, plain
from indicators.periods import Period
from indicators.printed_style import period_name
from indicators.states import CheckKind, PeriodKind
from indicators.titles import Titles
from ui import dates
from ui.numbers import percent

if TYPE_CHECKING:
    from indicators.judging import JudgedTerm, Judgement


def sentence(found: Judgement, titles: Titles | None = None) -> str:
    """Return what a check found: "63 (Permissions to move freely) is more than 36 (Protection Orders), and should not be."

    Without the `titles` of its series it does not say what the numbers count.
    """
    return _SENTENCES[found.kind](found, titles or {})


def signed_percent(value: Decimal) -> str:
    """Return a change with its sign: +26.9%, −21%, 0%."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{percent(abs(value))}"


def _of_sum(found: Judgement, titles: Titles) -> str:
    words = {"sum": _sum(found.left_terms, titles), "given": _named_sides(found, titles)[1]}
    if found.holds:
        return (_("%(sum)s, as printed.") if found.source_id else _("%(sum)s, as reported.")) % words
    if found.source_id:
        return _("%(sum)s; printed: %(given)s.") % words
    return _("%(sum)s; reported: %(given)s.") % words


def _of_change(found: Judgement, titles: Titles) -> str:
    assert found.printed is not None
    before, after = _named_sides(found, titles)
    words = {
        "before": before,
        "after": after,
        "printed": signed_percent(round(found.printed.value, found.printed.places)),
    }
    if found.computed is None:
        return _("From %(before)s no change in per cent can be computed; printed: %(printed)s.") % words
    words["computed"] = signed_percent(found.computed)
    return _("From %(before)s to %(after)s is %(computed)s; printed: %(printed)s.") % words


def _of_equality(found: Judgement, titles: Titles) -> str:
    words = dict(zip(("left", "right"), _named_sides(found, titles), strict=True))
    if found.holds:
        return _("%(left)s here, and %(right)s there: the same number.") % words
    return _("%(left)s here, but %(right)s there.") % words


def _of_bound(found: Judgement, titles: Titles) -> str:
    words = dict(zip(("left", "right"), _named_sides(found, titles), strict=True))
    if found.claim_id is not None:
        if found.holds:
            return _("The sentence says more, and the figures go from %(left)s to %(right)s.") % words
        return _("The sentence says more; the figures go from %(left)s to %(right)s.") % words
    if found.holds:
        said = _("%(left)s is not more than %(right)s.") % words
    else:
        said = _("%(left)s is more than %(right)s, and should not be.") % words
    return f"{said}{_other_last_days(found)}"


def _of_bases(found: Judgement, titles: Titles) -> str:
    words = dict(zip(("left", "right"), _named_sides(found, titles), strict=True))
    return (
        _("%(left)s against %(right)s: counted on different bases, so nobody can judge whether they agree.")
        % words
    )


_SENTENCES: dict[str, Callable[[Judgement, Titles], str]] = {
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


def _named_sides(found: Judgement, titles: Titles) -> tuple[str, str]:
    """Return both sides, each with what it counts, and over which period where not all numbers have the same.

    What both sides count is said once: with the first one, of a sum with its total.
    """
    sides = (found.left_terms, found.right_terms)
    names = [_name(terms, titles) for terms in sides]
    if found.kind == CheckKind.SUM:
        names[0] = ""
    elif names[0] == names[1]:
        names[1] = ""
    has_periods = titles and len({term.period for term in found.terms}) > 1
    periods = [_periods(terms) if has_periods else "" for terms in sides]
    left, right = (
        _with_note(_side(terms, titles), ", ".join(filter(None, told)))
        for terms, *told in zip(sides, names, periods, strict=True)
    )
    return left, right


def _with_note(number: str, note: str) -> str:
    return f"{number} ({note})" if note else number


def _name(terms: Sequence[JudgedTerm], titles: Titles) -> str:
    """Return what a side counts: its only series in full, of several their indicators; empty without titles."""
    series = list(dict.fromkeys(titles[term.series_id] for term in terms if term.series_id in titles))
    if len(series) == 1:
        return series[0].name
    return " + ".join(dict.fromkeys(each.indicator for each in series))


def _periods(terms: Sequence[JudgedTerm]) -> str:
    """Return the periods of a side: 2021/2022, 2022/2023."""
    return ", ".join(dict.fromkeys(_period(Period(*term.period)) for term in terms))


def _period(period: Period) -> str:
    return period.label if period.kind == PeriodKind.UNSTATED else period_name(period)


def _side(terms: Sequence[JudgedTerm], titles: Titles) -> str:
    """Return one side: 81, or 11 + 25 = 36."""
    return _sum(terms, titles) if len(terms) > 1 else _number(terms[0].value, terms, titles)


def _sum(terms: Sequence[JudgedTerm], titles: Titles) -> str:
    added = " + ".join(_number(term.value, [term], titles) for term in terms)
    return f"{added} = {_number(sum((term.value for term in terms), Decimal(0)), terms, titles)}"


def _number(value: Decimal, terms: Sequence[JudgedTerm], titles: Titles) -> str:
    """Return a number with the unit of its series: 1,234; RM1,234.50."""
    title = titles.get(terms[0].series_id)
    return amount(value, title.unit) if title else plain(value)
