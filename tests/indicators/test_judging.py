"""Checks judged by their numbers alone, and said in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from indicators.check_words import sentence
from indicators.judging import (
    CheckedPeriod,
    JudgedTerm,
    Judgement,
    PackedTerms,
    PrintedChange,
    change_in_percent,
    weightiest,
)
from indicators.states import CheckKind, CheckOutcome, PeriodKind, Side

YEAR = CheckedPeriod(PeriodKind.YEAR, date(2022, 1, 1), date(2022, 12, 31))
NUMBERS = st.decimals(min_value=0, max_value=10**15, places=2)


def found(
    kind: str,
    left: list[object],
    right: list[object],
    *,
    printed: str = "",
    claim_id: int | None = None,
    counted_to: tuple[date | None, date | None] = (None, None),
    source_id: int | None = 1,
) -> Judgement:
    """A judgement of these numbers."""
    sides = ((Side.LEFT, left, counted_to[0]), (Side.RIGHT, right, counted_to[1]))
    terms = tuple(
        JudgedTerm(side, 1, Decimal(str(value)), YEAR, counted_to=last)
        for side, values, last in sides
        for value in values
    )
    change = PrintedChange(7, printed, Decimal(printed.strip("+% ").replace(" ", ""))) if printed else None
    return Judgement(
        check_id=1,
        code="check",
        kind=kind,
        terms=terms,
        printed=change,
        claim_id=claim_id,
        source_id=source_id,
        period=YEAR,
    )


class TestOutcome:
    def test_sums_equalities_and_bounds(self) -> None:
        for kind, left, right, outcome in (
            (CheckKind.SUM, [29, 50, 0, 1], [81], CheckOutcome.FAILS),
            (CheckKind.SUM, [29, 50, 0, 1], [80], CheckOutcome.HOLDS),
            (CheckKind.SUM, ["96800", "15620.00"], ["112420"], CheckOutcome.HOLDS),
            (CheckKind.SUM, ["0.1", "0.2"], ["0.3"], CheckOutcome.HOLDS),
            (CheckKind.EQUAL, [510], ["510.00"], CheckOutcome.HOLDS),
            (CheckKind.EQUAL, [510], [511], CheckOutcome.FAILS),
            (CheckKind.BOUND, [11, 25], [4, 31, 0], CheckOutcome.FAILS),
            (CheckKind.BOUND, [81], [81], CheckOutcome.HOLDS),
            (CheckKind.BASIS, [5], [5], CheckOutcome.UNJUDGED),
        ):
            assert found(kind, left, right).outcome == outcome, (kind, left, right)

    def test_a_change_is_rounded_half_up_to_the_places_printed(self) -> None:
        for before, after, printed, outcome in (
            (108, 137, "+ 28%", CheckOutcome.FAILS),
            (108, 137, "+ 27%", CheckOutcome.HOLDS),
            (108, 137, "26.9%", CheckOutcome.HOLDS),
            (108, 137, "26.8%", CheckOutcome.FAILS),
            (39, 31, "- 21%", CheckOutcome.HOLDS),
            (200, 205, "+ 3%", CheckOutcome.HOLDS),
            (200, 195, "- 3%", CheckOutcome.HOLDS),
            (0, 5, "+ 5%", CheckOutcome.UNJUDGED),
        ):
            assert found(CheckKind.CHANGE, [before], [after], printed=printed).outcome == outcome, (
                before,
                after,
            )

    @given(before=NUMBERS.filter(bool), after=NUMBERS)
    def test_a_change_is_the_exact_one_within_half_a_unit(self, before: Decimal, after: Decimal) -> None:
        rounded = change_in_percent(before, after, 1)
        assert rounded is not None
        exact = (Fraction(after) - Fraction(before)) * 100 / Fraction(before)
        assert abs(Fraction(rounded) - exact) <= Fraction(1, 20)

    @given(st.lists(NUMBERS, min_size=1, max_size=6))
    def test_a_sum_is_exact(self, parts: list[Decimal]) -> None:
        cents = sum(int(part * 100) for part in parts)
        whole = Decimal(cents) / 100
        assert found(CheckKind.SUM, list(parts), [whole]).holds
        assert found(CheckKind.SUM, list(parts), [whole + Decimal("0.01")]).fails

    def test_a_failure_outweighs_what_cannot_be_judged_and_what_holds(self) -> None:
        holds, fails = found(CheckKind.SUM, [1], [1]), found(CheckKind.SUM, [1], [2])
        unjudged = found(CheckKind.BASIS, [1], [1])
        assert weightiest([holds, unjudged, fails]) is fails
        assert weightiest([holds, unjudged]) is unjudged
        assert weightiest([]) is None


#: What a check finds, as a reader of each language reads it.
SENTENCES = [
    (
        found(CheckKind.SUM, [29, 50, 0, 1], [81]),
        "29 + 50 + 0 + 1 = 80; printed: 81.",
        "29 + 50 + 0 + 1 = 80; dicetak: 81.",
    ),
    (
        found(CheckKind.SUM, [79, 9, 12], [100]),
        "79 + 9 + 12 = 100, as printed.",
        "79 + 9 + 12 = 100, seperti yang dicetak.",
    ),
    (
        found(CheckKind.SUM, [2, 3], [6], source_id=None),
        "2 + 3 = 5; reported: 6.",
        "2 + 3 = 5; dilaporkan: 6.",
    ),
    (
        found(CheckKind.CHANGE, [108], [137], printed="+ 28%"),
        "From 108 to 137 is +26.9%; printed: +28%.",
        "Daripada 108 kepada 137 ialah +26.9%; dicetak: +28%.",
    ),
    (
        found(CheckKind.CHANGE, [39], [31], printed="- 21%"),
        "From 39 to 31 is −20.5%; printed: −21%.",
        "Daripada 39 kepada 31 ialah −20.5%; dicetak: −21%.",
    ),
    (
        found(CheckKind.CHANGE, [0], [5], printed="+ 5%"),
        "From 0 no change in per cent can be computed; printed: +5%.",
        "Daripada 0, perubahan peratus tidak dapat dikira; dicetak: +5%.",
    ),
    (
        found(CheckKind.BOUND, [355000, 430000], [300000, 455920], claim_id=9),
        "The sentence says more; the figures go from 355,000 + 430,000 = 785,000 to 300,000 + 455,920 = 755,920.",
        "Ayat itu menyatakan peningkatan; angka berubah daripada 355,000 + 430,000 = 785,000 kepada 300,000 + 455,920 = "
        "755,920.",
    ),
    (
        found(CheckKind.BOUND, [168], [112], counted_to=(date(2023, 5, 31), date(2023, 5, 29))),
        "168 is more than 112, and should not be. The first was counted to 31 May 2023, the second to 29 May 2023.",
        "168 melebihi 112, sedangkan tidak sepatutnya. Yang pertama dikira hingga 31 Mei 2023, yang kedua hingga 29 Mei "
        "2023.",
    ),
    (found(CheckKind.BOUND, [81], [138]), "81 is not more than 138.", "81 tidak melebihi 138."),
    (
        found(CheckKind.EQUAL, [510], [510]),
        "510 here, and 510 there: the same number.",
        "510 di sini dan 510 di sana: angka yang sama.",
    ),
    (found(CheckKind.EQUAL, [510], [511]), "510 here, but 511 there.", "510 di sini, tetapi 511 di sana."),
    (
        found(CheckKind.BASIS, ["112420.25"], ["96800", "15620.25"]),
        "112,420.25 against 96,800 + 15,620.25 = 112,420.25: counted on different bases, so nobody can judge whether they "
        "agree.",
        "112,420.25 berbanding 96,800 + 15,620.25 = 112,420.25: asas kiraannya berlainan, maka tidak dapat ditentukan sama "
        "ada kedua-duanya selaras.",
    ),
]


def test_a_sentence_says_what_was_found() -> None:
    for judgement, english, malay in SENTENCES:
        for language, words in (("en", english), ("ms", malay)):
            with translation.override(language):
                assert sentence(judgement).replace("\u00a0", " ") == words, words


def test_terms_are_unpacked_in_their_order_whatever_their_text_holds() -> None:
    packed = "10 right 4 80.00 unstated   7  \x1e9 left 3 79.50 year 2022-01-01 2022-12-31 6 2022-05-29 + 28 %  a b"

    first, second = PackedTerms(packed)

    assert first == JudgedTerm(Side.LEFT, 3, Decimal("79.50"), YEAR, 6, "+ 28 %  a b", date(2022, 5, 29))
    unstated = CheckedPeriod(PeriodKind.UNSTATED, None, None)
    assert second == JudgedTerm(Side.RIGHT, 4, Decimal(80), unstated, 7, "", None)
