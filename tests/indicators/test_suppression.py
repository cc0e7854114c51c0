"""Which numbers of victims are hidden, and that nobody can compute them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from indicators.known_sums import MOST_SMALL, KnownSum, RecordedNumber, known_sums, values_of
from indicators.states import PeriodKind
from indicators.suppression import Hiding, hidden_numbers
from tests.indicators.attack import bounds_of, fitting_alike

OPENING = datetime(2023, 9, 14, 1, tzinfo=UTC)
SEXES, FORMS = ("men", "women", "girls"), ("labour", "sexual")
MONTHS = {month: (date(2023, month, 1), date(2023, month, 28)) for month in range(1, 13)}
QUARTER = (date(2023, 1, 1), date(2023, 3, 31))


class Ledger:
    """Records numbers one after the other; the key of each is its place from 1."""

    def __init__(self) -> None:
        self.numbers: list[RecordedNumber] = []

    def add(self, number: int, key: str = "", *, day: int = 0, month: int = 1, **facts: object) -> int:
        """Record a number of a month, in place of the one that stood for the same; return its key."""
        begins_on, ends_on = MONTHS[month]
        values: dict[str, object] = {
            "kind": PeriodKind.MONTH.value,
            "begins_on": begins_on,
            "ends_on": ends_on,
            "recorded_at": OPENING + timedelta(days=day),
        } | facts
        new = RecordedNumber(figure_id=len(self.numbers) + 1, values=values_of(key), number=number, **values)  # type: ignore[arg-type]
        for place, old in enumerate(self.numbers):
            if (old.values, old.period, old.is_printed, old.ended_at) == (
                new.values,
                new.period,
                new.is_printed,
                None,
            ):
                self.numbers[place] = RecordedNumber(
                    **{name: getattr(old, name) for name in RecordedNumber.__slots__}
                    | {"ended_at": new.recorded_at}
                )
        self.numbers.append(new)
        return new.figure_id

    def add_parts(self, *numbers: int, day: int = 0, month: int = 1) -> list[int]:
        """Record a total that is the sum of these parts by sex, and them; return all keys, the total's first."""
        total = self.add(sum(numbers), day=day, month=month)
        return [
            total,
            *(
                self.add(number, f"sex={sex}", day=day, month=month)
                for sex, number in zip("abcdefgh", numbers, strict=False)
            ),
        ]

    def add_quarter(self, number: int, key: str = "", *, day: int = 0, **facts: object) -> int:
        begins_on, ends_on = QUARTER
        return self.add(
            number, key, day=day, begins_on=begins_on, ends_on=ends_on, **{"kind": "quarter"} | facts
        )

    def hidden(self, *, is_summed: bool = True) -> dict[int, Hiding]:
        return hidden_numbers(self.numbers, is_summed=is_summed)


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


def true_sums(numbers: Sequence[RecordedNumber]) -> list[KnownSum]:
    """The sums that add up; nobody can compute with one that does not."""
    given = {number.figure_id: number.number for number in numbers}
    return [
        each
        for each in known_sums(numbers, is_summed=True)
        if not sum(weight * given[key] for key, weight in each.weights.items())
    ]


def assert_kept(numbers: Sequence[RecordedNumber], hidden: dict[int, Hiding]) -> None:
    """Every small number is hidden, no 0 is, and no reader can compute a small one."""
    for number in numbers:
        if number.is_small:
            assert number.figure_id in hidden
        if not number.number or number.is_printed:
            assert number.figure_id not in hidden
    bounds = bounds_of(numbers, hidden, true_sums(numbers))
    small = {number.figure_id for number in numbers if number.is_small}
    for figure_id, (low, high) in bounds.items():
        assert figure_id not in small or low < high, f"{figure_id} is {low}"
        if hidden[figure_id] == Hiding.SMALL:
            assert (low, high) == (1, MOST_SMALL), figure_id


class TestOneMonth:
    def test_a_small_number_takes_the_last_other_part_with_it_whatever_it_is(self, ledger: Ledger) -> None:
        _total, _a, _b, c, d = ledger.add_parts(30, 12, 2, 50)

        assert ledger.hidden() == {c: Hiding.SMALL, d: Hiding.WITHHELD}

    def test_a_remainder_that_nobody_reported_is_kept_too(self, ledger: Ledger) -> None:
        # 36 less 20 and 15 is one child.
        ledger.add(36)
        ledger.add(20, "sex=a")
        b = ledger.add(15, "sex=b")

        assert ledger.hidden() == {b: Hiding.WITHHELD}

    def test_a_remainder_beside_numbers_that_leave_no_room_hides_all(self, ledger: Ledger) -> None:
        # 16 less 8 and 7: beside 8, the two others give 8, of which one is above 4.
        keys = [ledger.add(16), ledger.add(8, "sex=a"), ledger.add(7, "sex=b")]

        assert ledger.hidden() == dict.fromkeys(keys, Hiding.WITHHELD)

    def test_a_larger_remainder_hides_nothing(self, ledger: Ledger) -> None:
        ledger.add(20)
        ledger.add(8, "sex=a")
        ledger.add(7, "sex=b")

        assert ledger.hidden() == {}

    def test_zeros_are_shown(self, ledger: Ledger) -> None:
        total, a, _b, _c = ledger.add_parts(3, 0, 0)

        assert ledger.hidden() == {total: Hiding.SMALL, a: Hiding.SMALL}

    def test_nothing_is_hidden_where_nothing_is_small(self, ledger: Ledger) -> None:
        ledger.add_parts(5, 6, 0)

        assert ledger.hidden() == {}

    def test_two_small_ones_whose_sum_gives_them_away_take_a_third(self, ledger: Ledger) -> None:
        _total, a, b, _c, d = ledger.add_parts(1, 1, 50, 40)

        assert ledger.hidden() == {a: Hiding.SMALL, b: Hiding.SMALL, d: Hiding.WITHHELD}

    def test_two_small_ones_take_a_larger_one_too(self, ledger: Ledger) -> None:
        # 5 is 1 + 4, 2 + 3, 3 + 2 or 4 + 1; but to hide these two alone would say that they are no 1 and 1.
        _total, a, b, c = ledger.add_parts(2, 3, 50)

        assert ledger.hidden() == {a: Hiding.SMALL, b: Hiding.SMALL, c: Hiding.WITHHELD}

    def test_where_a_neighbour_leaves_no_room_neither_says_whether_it_is_small(self, ledger: Ledger) -> None:
        # 1 and 5: who knows that the other is above 4 computes both from 6.
        _total, a, _b, c = ledger.add_parts(1, 20, 5)

        assert set(ledger.hidden().values()) == {Hiding.WITHHELD}
        assert {a, c} <= ledger.hidden().keys()

    def test_the_total_of_small_parts_is_hidden_whether_it_is_small_or_not(self, ledger: Ledger) -> None:
        total, a, b = ledger.add_parts(3, 4)

        assert ledger.hidden() == {total: Hiding.WITHHELD, a: Hiding.SMALL, b: Hiding.SMALL}

    def test_a_small_total_of_several_says_less_than_its_parts(self, ledger: Ledger) -> None:
        # "Less than 5" of the total would say that no part is 4.
        total, a, b = ledger.add_parts(2, 1)

        assert ledger.hidden() == {total: Hiding.WITHHELD, a: Hiding.SMALL, b: Hiding.SMALL}

    def test_another_dimension_does_not_give_it_away(self, ledger: Ledger) -> None:
        ledger.add_parts(30, 12, 2)
        ledger.add(20, "form=labour")
        ledger.add(24, "form=sexual")
        for key, number in {
            "form=labour;sex=a": 19,
            "form=labour;sex=b": 0,
            "form=labour;sex=c": 1,
            "form=sexual;sex=a": 11,
            "form=sexual;sex=b": 12,
            "form=sexual;sex=c": 1,
        }.items():
            ledger.add(number, key)

        assert_kept(ledger.numbers, ledger.hidden())

    def test_two_breakdowns_without_a_total_are_one_sum(self, ledger: Ledger) -> None:
        for key, number in {"form=x": 3, "form=y": 60, "sex=a": 33, "sex=b": 30}.items():
            ledger.add(number, key)

        hidden = ledger.hidden()

        assert len(hidden) == 2
        assert_kept(ledger.numbers, hidden)

    def test_the_same_numbers_hide_the_same(self, ledger: Ledger) -> None:
        ledger.add_parts(30, 12, 2, 50)

        assert hidden_numbers(reversed(ledger.numbers), is_summed=True) == ledger.hidden()


class TestNoMoreThanIsNeeded:
    @pytest.mark.parametrize("pair", [(7, 1), (1, 5), (4, 4), (2, 4), (3, 5)])
    def test_last_two_parts_of_six_to_eight_keep_each_other(
        self, ledger: Ledger, pair: tuple[int, int]
    ) -> None:
        """Neither says whether it is small, and who knows the method still has every way to part what both give together."""
        _total, _men, women, _boys, girls = ledger.add_parts(10, pair[0], 0, pair[1])

        assert ledger.hidden() == {women: Hiding.WITHHELD, girls: Hiding.WITHHELD}
        ways = fitting_alike(ledger.numbers, lambda way: hidden_numbers(way, is_summed=True), most=9)
        assert sorted(way[women] for way in ways) == list(range(1, sum(pair)))

    def test_two_parts_that_are_not_the_last_do_not(self, ledger: Ledger) -> None:
        """Shown alone, the choice of the first and the last part would tell which of them is small."""
        total, a, b, c = ledger.add_parts(1, 9, 5)

        def of_two(way: Sequence[RecordedNumber]) -> dict[int, Hiding]:
            found = hidden_numbers(way, is_summed=True)
            return dict.fromkeys((a, c), Hiding.WITHHELD) if len(found) == 4 else found

        assert {way[a] for way in fitting_alike(ledger.numbers, of_two, most=9)} == {1}
        assert ledger.hidden().keys() == {total, a, b, c}


class TestPeriods:
    def test_a_quarter_does_not_give_a_month_away(self, ledger: Ledger) -> None:
        months = [ledger.add(number, month=month) for month, number in ((1, 3), (2, 20), (3, 30))]
        ledger.add_quarter(53)

        assert ledger.hidden() == {months[0]: Hiding.SMALL, months[2]: Hiding.WITHHELD}

    def test_stocks_do_not_add_up(self, ledger: Ledger) -> None:
        months = [ledger.add(number, month=month) for month, number in ((1, 3), (2, 20))]
        ledger.add_quarter(23)

        assert ledger.hidden(is_summed=False) == {months[0]: Hiding.SMALL}

    def test_what_a_source_prints_later_is_a_sum_that_stays_open(self, ledger: Ledger) -> None:
        months = [ledger.add(number, month=month) for month, number in ((1, 3), (2, 20), (3, 30))]
        ledger.add_quarter(53, is_printed=True)

        assert ledger.hidden() == {months[0]: Hiding.SMALL, months[2]: Hiding.WITHHELD}

    def test_a_month_that_is_not_reported_yet_gives_no_bound(self, ledger: Ledger) -> None:
        month = ledger.add(3, month=1)
        ledger.add(20, month=2)
        ledger.add_quarter(23)

        hidden = ledger.hidden()

        assert hidden[month] == Hiding.SMALL
        assert len(hidden) == 2


class TestRevisions:
    def test_the_old_value_is_not_the_difference_of_two_totals(self, ledger: Ledger) -> None:
        total, _a, _b, c = ledger.add_parts(30, 12, 2)
        ledger.add(49, day=3)
        new = ledger.add(7, "sex=c", day=3)

        hidden = ledger.hidden()

        assert hidden[c] == Hiding.SMALL
        assert total not in hidden
        assert hidden[new] == Hiding.WITHHELD
        assert_kept(ledger.numbers, hidden)

    def test_what_was_shown_before_is_not_what_protects(self, ledger: Ledger) -> None:
        before = ledger.add_parts(30, 12, 14)
        total = ledger.add(44, day=3)
        small = ledger.add(2, "sex=c", day=3)

        hidden = ledger.hidden()

        # Who read the page on the day before knows 30 and 12.
        assert hidden == {total: Hiding.WITHHELD, small: Hiding.SMALL}
        assert not hidden.keys() & set(before)

    def test_where_only_old_numbers_are_left_they_are_hidden(self, ledger: Ledger) -> None:
        # Before its revision the sum was wrong, so that nobody could compute with it.
        ledger.add(44)
        ledger.add(30, "sex=a")
        ledger.add(12, "sex=b")
        ledger.add(9, "sex=c")
        small = ledger.add(2, "sex=c", day=3)

        hidden = ledger.hidden()

        assert hidden[small] == Hiding.SMALL
        assert_kept(ledger.numbers, hidden)


SMALL_NUMBERS = st.one_of(st.integers(0, 6), st.integers(0, 60))
#: Without making a failing example smaller, which takes minutes.
RELAXED = settings(
    deadline=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


@st.composite
def tables(draw: st.DrawFn) -> list[RecordedNumber]:
    """A month by sex, by form and perhaps by both, whose parts add up."""
    ledger = Ledger()
    add_table(draw, ledger, month=1)
    return ledger.numbers


@st.composite
def months_with_small_parts(draw: st.DrawFn) -> list[RecordedNumber]:
    """A month by sex whose last two parts are not 0, and 6 at least together; one of them is small, or both."""
    ledger = Ledger()
    before = draw(st.lists(st.one_of(st.just(0), st.integers(5, 60)), min_size=1, max_size=4).filter(any))
    small = draw(st.integers(1, MOST_SMALL))
    one, other = draw(st.permutations([small, draw(st.integers(6 - small, 60))]))
    ledger.add_parts(*before, one, *draw(st.lists(st.just(0), max_size=1)), other)
    return ledger.numbers


@st.composite
def quarters(draw: st.DrawFn) -> list[RecordedNumber]:
    """The months of a quarter by sex, each recorded on a day of its own, and the quarter as a whole and by sex."""
    ledger = Ledger()
    add_quarter_of_months(draw, ledger)
    return ledger.numbers


@st.composite
def histories(draw: st.DrawFn) -> list[RecordedNumber]:
    """Months of a quarter, then revisions of single numbers, with or without the sums that they belong to."""
    ledger = Ledger()
    add_quarter_of_months(draw, ledger)
    for day in range(10, 10 + draw(st.integers(1, 3))):
        standing = [number for number in ledger.numbers if number.ended_at is None]
        old = draw(st.sampled_from(standing))
        change = draw(st.integers(-old.number, 10))
        for number in standing:
            is_above = number.values <= old.values and number.kind in (old.kind, "quarter")
            is_its_sum = is_above and (number.kind == "quarter" or number.period == old.period)
            if number is old or (is_its_sum and draw(st.integers(0, 4)) > 0):
                ledger.add(
                    max(0, number.number + change),
                    ";".join(f"{name}={value}" for name, value in sorted(number.values)),
                    day=day,
                    kind=number.kind,
                    begins_on=number.begins_on,
                    ends_on=number.ends_on,
                )
    return ledger.numbers


def add_table(draw: st.DrawFn, ledger: Ledger, *, month: int) -> None:
    cells = {(sex, form): draw(SMALL_NUMBERS) for sex in SEXES for form in FORMS}
    ledger.add(sum(cells.values()), month=month)
    for sex in SEXES:
        ledger.add(sum(cells[sex, form] for form in FORMS), f"sex={sex}", month=month)
    for form in FORMS:
        ledger.add(sum(cells[sex, form] for sex in SEXES), f"form={form}", month=month)
    if draw(st.booleans()):
        for (sex, form), number in cells.items():
            ledger.add(number, f"form={form};sex={sex}", month=month)


def add_quarter_of_months(draw: st.DrawFn, ledger: Ledger) -> None:
    months = draw(st.lists(st.tuples(*[SMALL_NUMBERS] * 3), min_size=2, max_size=3))
    is_late = draw(st.booleans())
    for month, parts in enumerate(months, start=1):
        ledger.add_parts(*parts, month=month, day=month if is_late else 0)
    day = 5 if is_late else 0
    ledger.add_quarter(sum(map(sum, months)), day=day)
    for sex, parts in zip("abc", zip(*months, strict=True), strict=True):
        ledger.add_quarter(sum(parts), f"sex={sex}", day=day)


class TestNobodyComputesThem:
    @RELAXED
    @given(tables())
    def test_in_a_month_by_several_dimensions(self, numbers: list[RecordedNumber]) -> None:
        assert_kept(numbers, hidden_numbers(numbers, is_summed=True))

    @RELAXED
    @given(quarters())
    def test_in_months_and_their_quarter(self, numbers: list[RecordedNumber]) -> None:
        assert_kept(numbers, hidden_numbers(numbers, is_summed=True))

    @RELAXED
    @given(histories())
    def test_on_any_day_of_a_history_of_revisions(self, numbers: list[RecordedNumber]) -> None:
        assert_kept(numbers, hidden_numbers(numbers, is_summed=True))

    @settings(RELAXED, max_examples=25)
    @given(
        st.lists(st.one_of(st.integers(0, 6), st.integers(0, 12)), min_size=2, max_size=2), st.integers(0, 5)
    )
    def test_who_knows_the_method_and_tries_every_way_learns_no_number(
        self, parts: list[int], of_no_part: int
    ) -> None:
        """What is hidden beside a small number depends on no number, so that nobody concludes from it."""
        ledger = Ledger()
        total, *_parts = ledger.add_parts(*parts)
        if of_no_part and sum(parts):
            ledger.numbers[0] = replace(ledger.numbers[0], number=sum(parts) + of_no_part)

        ways = list(
            fitting_alike(
                ledger.numbers, lambda way: hidden_numbers(way, is_summed=True), most=max(parts) + 6
            )
        )

        for number in ledger.numbers:
            if number.is_small:
                assert len({way[number.figure_id] for way in ways} & {1, 2, 3, 4}) > 2, number
        if 0 < ledger.numbers[0].number - sum(parts) <= MOST_SMALL:
            assert len({way[total] - sum(way.values()) + way[total] for way in ways}) > 2

    @RELAXED
    @given(tables())
    def test_and_no_number_is_hidden_without_need(self, numbers: list[RecordedNumber]) -> None:
        hidden = hidden_numbers(numbers, is_summed=True)
        small = {number.figure_id for number in numbers if number.is_small}

        if not small:
            assert hidden == {}

    @RELAXED
    @given(months_with_small_parts())
    def test_and_of_two_that_keep_each_other_neither_can_be_shown(
        self, numbers: list[RecordedNumber]
    ) -> None:
        hidden = hidden_numbers(numbers, is_summed=True)
        small = {number.figure_id for number in numbers if number.is_small}

        assert len(hidden) == 2
        for further in hidden.keys() - small:
            left = {key: hiding for key, hiding in hidden.items() if key != further}
            assert all(low == high for low, high in bounds_of(numbers, left, true_sums(numbers)).values())


def test_what_was_read_before_protects_nobody() -> None:
    """A quarter that stood open for a day tells of the month beside what came with it, if that stays open."""
    ledger = Ledger()
    ledger.add(2, "sex=women")
    ledger.add(3, "sex=girls", month=2)
    ledger.add(1, "sex=women", month=2)
    ledger.add_quarter(7, "sex=boys")
    quarter = ledger.add_quarter(9, "sex=boys", day=1)
    ledger.add(2, "sex=girls", day=1)
    ledger.add(10, day=1, month=2)
    ledger.add_quarter(5, "sex=girls", day=1)
    assert quarter not in ledger.hidden()
    ledger.add(6, "sex=women", day=2)
    small = ledger.add(3, "sex=boys", day=2)
    ledger.add(11, day=2)
    beside = ledger.add(6, "sex=boys", day=2, month=2)
    assert {small, beside} <= ledger.hidden().keys()
