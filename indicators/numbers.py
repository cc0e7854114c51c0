"""Read a number as people type or paste it, and write it with its unit: 1,234; RM1,234.50; 26.9%.

A text is read only where it can mean one thing. Papers in Malaysia write 1,234.5; other spreadsheets write 1.234,5. So
1.234 persons are 1,234, because nobody counts thousandths of persons, but 1.234 per cent is asked for again.
"""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.states import TEXT_LENGTH, UNITS_WITH_PARTS, Unit

#: Digits before the point that a figure can hold.
_MOST_DIGITS = 16
#: Digits after the point that a figure can hold.
_PARTS = 2
_SPACES = "\u0020\u00a0\u2009\u202f"
_POINT_IS_DECIMAL = re.compile(
    rf"([0-9]+|[1-9][0-9]{{0,2}}(?:([,{_SPACES}])[0-9]{{3}})(?:\2[0-9]{{3}})*)(?:\.([0-9]+))?"
)
_COMMA_IS_DECIMAL = re.compile(
    rf"([0-9]+|[1-9][0-9]{{0,2}}(?:([.{_SPACES}])[0-9]{{3}})(?:\2[0-9]{{3}})*)(?:,([0-9]{{1,{_PARTS}}}))?"
)
_EXPONENT = re.compile(r"[0-9][0-9.,]*[eE][+-]?[0-9]+")
_RINGGIT = re.compile(r"(?:RM|MYR)\s?(.*)", re.IGNORECASE | re.DOTALL)
_PERCENT = re.compile(r"(.*?)\s?%", re.DOTALL)


class UnreadableNumber(ValueError):
    """A text is no number that this unit can have, or can mean two; the message says so in the reader's language."""


def read_number(text: str, *, unit: str, is_point_decimal: bool = False) -> Decimal:
    """Return the number of a unit (a value of `Unit`) that a text means; never negative.

    `is_point_decimal`: the text is a number of a spreadsheet, whose point separates the fraction and nothing else.

    Raises `UnreadableNumber` for everything else: formulas, signs, exponents, digits of other scripts, a fraction of what
    is counted whole, and a text that can mean two numbers.
    """
    bare = text.strip()
    if not bare:
        raise UnreadableNumber(_("Give a number."))
    if len(bare) > TEXT_LENGTH:
        raise UnreadableNumber(_("Use at most %(most)s characters.") % {"most": TEXT_LENGTH})
    _require_plain(bare)
    bare = _without_unit(bare, unit)
    patterns = [_POINT_IS_DECIMAL] if is_point_decimal else [_POINT_IS_DECIMAL, _COMMA_IS_DECIMAL]
    found = {_value(match) for pattern in patterns if (match := pattern.fullmatch(bare))}
    if not found:
        raise _not_a_number(text)
    possible = sorted(value for value in found if _may_mean(value, unit))
    if not possible:
        raise _with_fraction(text, unit)
    if len(possible) > 1:
        raise UnreadableNumber(
            _("“%(text)s” can mean %(one)s or %(other)s. Write it without a separator of thousands.")
            % {"text": _shown(text), "one": plain(possible[0]), "other": plain(possible[1])}
        )
    return _kept(possible[0], text, unit)


def plain(value: Decimal) -> str:
    """Return a number as pages write it, without zeros that end its fraction: 1,234 or 26.9."""
    return f"{value.normalize():,f}"


def in_column(value: Decimal | float, unit: str) -> str:
    """Return a number of a unit (a value of `Unit`) as a column has it: all of a unit with as many digits after the point.

    1,234; of ringgit and per cent 1,234.50, however it was typed.
    """
    places = _PARTS if unit in UNITS_WITH_PARTS or value % 1 else 0
    return f"{value:,.{places}f}"


def amount(value: Decimal, unit: str) -> str:
    """Return a number of a unit (a value of `Unit`) as pages write it: 1,234; RM1,234.50; 26.9%."""
    return marked(in_column(value, unit) if unit == Unit.RINGGIT else plain(value), unit)


def marked(number: str, unit: str) -> str:
    """Return a number that is written with the mark of its unit: RM1,234.50; 26.9%."""
    return f"RM{number}" if unit == Unit.RINGGIT else f"{number}%" if unit == Unit.PERCENT else number


def number_or_none(text: str, *, unit: str) -> Decimal | None:
    """Return the number that a text means, or None."""
    try:
        return read_number(text, unit=unit)
    except UnreadableNumber:
        return None


def _require_plain(text: str) -> None:
    """Refuse what is no written number, with the sentence that helps most."""
    if text[0] in "=@+":
        raise UnreadableNumber(_("Write the number itself, without a formula or a sign."))
    if text in ("-", "–", "—"):
        raise UnreadableNumber(_("Write 0 for none. Leave the cell empty if the number is not known."))
    if text[0] in "-−–(":
        raise UnreadableNumber(_("A figure cannot be negative."))
    if any(letter.isnumeric() and not letter.isascii() for letter in text):
        raise UnreadableNumber(_("Use the digits 0 to 9."))
    if _EXPONENT.fullmatch(text):
        raise UnreadableNumber(
            _("“%(text)s” is written with an exponent. Write all its digits.") % {"text": _shown(text)}
        )


def _without_unit(text: str, unit: str) -> str:
    """Return the text without RM or %, if the indicator counts in them. Raises `UnreadableNumber` if it does not."""
    for pattern, its_unit in ((_RINGGIT, Unit.RINGGIT), (_PERCENT, Unit.PERCENT)):
        if match := pattern.fullmatch(text):
            if unit != its_unit:
                raise UnreadableNumber(
                    _("“%(text)s” has another unit. This indicator counts: %(unit)s.")
                    % {"text": _shown(text), "unit": Unit(unit).label}
                )
            return match[1]
    return text


def _value(match: re.Match[str]) -> Decimal:
    whole = "".join(letter for letter in match[1] if letter.isdecimal())
    return Decimal(f"{whole}.{match[3] or 0}")


def _may_mean(value: Decimal, unit: str) -> bool:
    """Whether somebody may have meant this number; with thousandths it is asked about, or refused."""
    return unit in UNITS_WITH_PARTS or value == value.to_integral_value()


def _kept(value: Decimal, text: str, unit: str) -> Decimal:
    """Return the number as a figure keeps it. Raises `UnreadableNumber` if it has too many digits."""
    if value >= 10**_MOST_DIGITS:
        raise UnreadableNumber(_("“%(text)s” is too large.") % {"text": _shown(text)})
    if value != (kept := round(value, _PARTS)):
        raise UnreadableNumber(
            _("“%(text)s” has more than two digits after the point.") % {"text": _shown(text)}
        )
    return kept if unit in UNITS_WITH_PARTS else Decimal(int(value))


def _with_fraction(text: str, unit: str) -> UnreadableNumber:
    return UnreadableNumber(
        _("“%(text)s” has a fraction. This indicator counts in whole numbers: %(unit)s.")
        % {"text": _shown(text), "unit": Unit(unit).label}
    )


def _not_a_number(text: str) -> UnreadableNumber:
    return UnreadableNumber(
        _("“%(text)s” is not a number. Write it in figures, such as 1,234.") % {"text": _shown(text)}
    )


def _shown(text: str) -> str:
    return " ".join(text.split())
