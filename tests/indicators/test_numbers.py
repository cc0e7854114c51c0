"""Numbers as people type them: read where they mean one thing, else asked for again."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from indicators.numbers import UnreadableNumber, number_or_none, read_number
from indicators.states import UNITS_WITH_PARTS, Unit
from ui.numbers import number

WHOLE = Unit.PERSONS


def test_whole_numbers_that_mean_one_thing() -> None:
    for text, value in (
        ("0", 0),
        (" 12 ", 12),
        ("007", 7),
        ("12.00", 12),
        ("12,00", 12),
        ("1,234", 1234),
        ("1.234", 1234),
        ("1 234", 1234),
        ("1\u00a0234", 1234),
        ("1\u202f234\u202f567", 1234567),
        ("1,234,567", 1234567),
        ("1.234.567", 1234567),
        ("1,234.0", 1234),
        ("1.234,0", 1234),
        ("1,000", 1000),
        ("9999999999999999", 9_999_999_999_999_999),
    ):
        found = read_number(text, unit=WHOLE)
        assert (found, str(found)) == (value, str(value)), text


def test_ringgit() -> None:
    for text, value in (
        ("RM1,234.50", "1234.50"),
        ("rm 96,800", "96800.00"),
        ("MYR 12", "12.00"),
        ("1.234,5", "1234.50"),
        ("1,234.5", "1234.50"),
        ("1 234,50", "1234.50"),
        ("12,5", "12.50"),
        ("0.05", "0.05"),
        ("1,234", "1234.00"),
        ("2.500", None),
    ):
        found = number_or_none(text, unit=Unit.RINGGIT)
        assert found == (value if value is None else Decimal(value)), text


def test_what_is_refused_says_why() -> None:
    for text, unit, words in (
        ("", WHOLE, "Give a number."),
        (" \t ", WHOLE, "Give a number."),
        ("-5", WHOLE, "A figure cannot be negative."),
        ("−5", WHOLE, "A figure cannot be negative."),
        ("(5)", WHOLE, "A figure cannot be negative."),
        ("-", WHOLE, "Write 0 for none. Leave the cell empty if the number is not known."),
        ("=1+1", WHOLE, "Write the number itself, without a formula or a sign."),
        ("+12", WHOLE, "Write the number itself, without a formula or a sign."),
        ("@SUM(A1)", WHOLE, "Write the number itself, without a formula or a sign."),
        ("١٢", WHOLE, "Use the digits 0 to 9."),
        ("\uff11\uff12", WHOLE, "Use the digits 0 to 9."),
        ("1½", WHOLE, "Use the digits 0 to 9."),
        ("1e3", WHOLE, "“1e3” is written with an exponent. Write all its digits."),
        ("1.2E+05", WHOLE, "“1.2E+05” is written with an exponent. Write all its digits."),
        ("2.5", WHOLE, "“2.5” has a fraction. This indicator counts in whole numbers: persons."),
        ("2,5", WHOLE, "“2,5” has a fraction. This indicator counts in whole numbers: persons."),
        ("1,234.5", WHOLE, "“1,234.5” has a fraction. This indicator counts in whole numbers: persons."),
        ("1.000", WHOLE, "“1.000” can mean 1 or 1,000. Write it without a separator of thousands."),
        (
            "1.234",
            Unit.PERCENT,
            "“1.234” can mean 1.234 or 1,234. Write it without a separator of thousands.",
        ),
        ("0.125", Unit.PERCENT, "“0.125” has more than two digits after the point."),
        ("RM5", WHOLE, "“RM5” has another unit. This indicator counts: persons."),
        ("5%", Unit.RINGGIT, "“5%” has another unit. This indicator counts: RM."),
        ("12a", WHOLE, "“12a” is not a number. Write it in figures, such as 1,234."),
        ("1,23,456", WHOLE, "“1,23,456” is not a number. Write it in figures, such as 1,234."),
        ("1,234 567", WHOLE, "“1,234 567” is not a number. Write it in figures, such as 1,234."),
        ("1'234", WHOLE, "“1'234” is not a number. Write it in figures, such as 1,234."),
        ("nan", WHOLE, "“nan” is not a number. Write it in figures, such as 1,234."),
        ("Infinity", WHOLE, "“Infinity” is not a number. Write it in figures, such as 1,234."),
        ("1_000", WHOLE, "“1_000” is not a number. Write it in figures, such as 1,234."),
        ("12\u200b", WHOLE, "“12\u200b” is not a number. Write it in figures, such as 1,234."),
        ("10000000000000000", WHOLE, "“10000000000000000” is too large."),
        ("1" * 41, WHOLE, "Use at most 40 characters."),
    ):
        with translation.override("en"), pytest.raises(UnreadableNumber) as refused:
            read_number(text, unit=unit)
        assert str(refused.value) == words, text


@given(st.text(max_size=50), st.sampled_from(Unit.values))
def test_any_text_is_read_or_refused(text: str, unit: str) -> None:
    found = number_or_none(text, unit=unit)
    if found is not None:
        assert 0 <= found < 10**16
        assert found == round(found, 2 if unit in UNITS_WITH_PARTS else 0)


@given(st.text(alphabet="0123456789., ", min_size=1, max_size=12), st.sampled_from(Unit.values))
def test_a_number_is_read_as_one_of_two_customs_or_asked(text: str, unit: str) -> None:
    found = number_or_none(text, unit=unit)
    if found is not None:
        plain = text.strip().replace(" ", "")
        customs = (plain.replace(",", ""), plain.replace(".", "").replace(",", "."))
        meant = {Decimal(each) for each in customs if each.count(".") <= 1}
        assert found in meant


@given(st.decimals(min_value=0, max_value=10**15, places=2))
def test_what_jejak_writes_it_reads_back(value: Decimal) -> None:
    assert read_number(number(value), unit=Unit.RINGGIT) == value
    assert read_number(number(int(value)), unit=WHOLE) == int(value)
