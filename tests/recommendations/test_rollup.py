"""The state of an item, from its agencies' verdicts."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.rollup import NEARLY, ItemState, Override, Verdict, roll_up, roll_up_all
from recommendations.states import Status, percent_fits

statuses = st.sampled_from(Status.values)


@st.composite
def verdicts(draw: st.DrawFn, agency: str = "X") -> Verdict:
    """Any verdict that MAPO could give."""
    status = draw(statuses)
    percent = {"none": 0, "done": 100}.get(status)
    return Verdict(agency, status, percent if percent is not None else draw(st.integers(1, 99)))


def test_item_without_a_lead_has_no_action() -> None:
    state = roll_up(None, [Verdict("PDRM", Status.DONE, 100)])
    assert (state.status, state.percent) == (Status.NONE, 0)


def test_item_is_held_by_a_supporting_agency_and_names_it() -> None:
    supports = [Verdict("JIM", Status.DONE, 100), Verdict("JTK", Status.PROGRESS, 40)]
    state = roll_up(Verdict("PDRM", Status.DONE, 100), supports)
    assert (state.status, state.percent, state.held_by) == (Status.PROGRESS, NEARLY, ("JTK",))


@given(lead=verdicts(), supports=st.lists(verdicts(), max_size=6))
def test_item_is_completed_exactly_when_all_are(lead: Verdict, supports: list[Verdict]) -> None:
    state = roll_up(lead, supports)
    all_done = all(verdict.status == Status.DONE for verdict in [lead, *supports])
    assert (state.status == Status.DONE) == all_done
    assert percent_fits(state.status, state.percent)
    if lead.status != Status.DONE:
        assert (state.status, state.percent) == (lead.status, lead.percent)


OVERRIDE = Override(Status.DONE, 100, "Keputusan mesyuarat", datetime(2023, 9, 1, tzinfo=UTC))
LEAD = Verdict("PDRM", Status.PROGRESS, 40)


def test_agency_without_a_verdict_has_no_action() -> None:
    assert Verdict("PDRM") == Verdict("PDRM", Status.NONE, 0)
    assert roll_up(Verdict("PDRM"), []) == ItemState(Status.NONE, 0, "PDRM")


@pytest.mark.parametrize(
    ("lead", "supports", "expected"),
    [
        (LEAD, [], ItemState(Status.PROGRESS, 40, "PDRM")),
        (LEAD, [Verdict("JIM", Status.DONE, 100)], ItemState(Status.PROGRESS, 40, "PDRM")),
        (Verdict("PDRM", Status.DONE, 100), [], ItemState(Status.DONE, 100, "PDRM")),
        (Verdict("PDRM", Status.DONE, 100), [Verdict("JIM", Status.DONE, 100)], ItemState("done", 100, "PDRM")),
        (
            Verdict("PDRM", Status.DONE, 100),
            [Verdict("JIM"), Verdict("JTK", Status.DONE, 100), Verdict("AGC", Status.PROGRESS, 9)],
            ItemState(Status.PROGRESS, 99, "PDRM", ("JIM", "AGC")),
        ),
        (None, [Verdict("JIM", Status.DONE, 100)], ItemState(Status.NONE, 0)),
    ],
)  # fmt: skip
def test_item_has_the_state_of_its_lead_unless_a_supporting_agency_holds_it(
    lead: Verdict | None, supports: list[Verdict], expected: ItemState
) -> None:
    assert roll_up(lead, supports) == expected


def test_override_goes_first_and_shows_what_lies_beneath() -> None:
    supports = [Verdict("JIM", Status.PROGRESS, 10)]
    state = roll_up(LEAD, supports, override=OVERRIDE)
    assert state == ItemState(
        Status.DONE, 100, "PDRM", override=OVERRIDE, beneath=ItemState(Status.PROGRESS, 40, "PDRM")
    )
    assert state.held_by == ()


def test_verdicts_in_any_order_are_rolled_up_by_who_leads() -> None:
    verdicts = [(False, Verdict("JIM", Status.NONE, 0)), (True, Verdict("PDRM", Status.DONE, 100))]
    expected = ItemState(Status.PROGRESS, 99, "PDRM", ("JIM",))
    for given_order in (verdicts, verdicts[::-1]):
        assert roll_up_all(iter(given_order)) == expected
        assert roll_up_all(given_order, override=OVERRIDE).beneath == expected
        assert roll_up_all(given_order, override=OVERRIDE).override == OVERRIDE


def test_item_that_only_supporting_agencies_answer_for_has_no_action() -> None:
    assert roll_up_all([(False, Verdict("JIM", Status.DONE, 100))]) == ItemState(Status.NONE, 0)
