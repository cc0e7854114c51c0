"""The state of an item, from its agencies' verdicts."""

from hypothesis import given
from hypothesis import strategies as st

from recommendations.rollup import NEARLY, Verdict, roll_up
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
