"""The comparison of `make faults`: it finds what was lost and accepts no double without a reason."""

from collections import Counter
from dataclasses import replace

import pytest

from benchmarks.faults.plan import KILLS, FaultKind, plan_of
from benchmarks.faults.tally import AcceptedMail, Interruption, RunRecord, count_mails, signs_in

ALI, ABU, NONE = "ali@agensi.example", "abu@agensi.example", "bounces@agensi.example"


def _mail(id: str, to: str, *signs: str, at: float = 100.0, cut: bool = False) -> AcceptedMail:
    return AcceptedMail(at=at, asked_at=at - 0.1, id=id, to=to, cut=cut, signs=frozenset(signs))


RECORD = RunRecord(
    expected=frozenset({(ALI, "K001"), (ALI, "K002"), (ABU, "K001"), (NONE, "K003")}),
    bouncing=frozenset({NONE}),
    accepted=[_mail("<1>", ALI, "K001", "K002"), _mail("<2>", ABU, "K001")],
    attempts={"<1>": ["sent"], "<2>": ["temporary", "sent"], "<3>": ["permanent"]},
    failed={(NONE, "K003"): "550 5.1.1 No such mailbox"},
    sent=frozenset({"<1>", "<2>"}),
    open_count=0,
    interruptions=[],
)


def test_finds_each_mistake_and_no_other() -> None:
    counts = count_mails(RECORD)
    assert (counts.lost, counts.sent, counts.doubled, counts.refused) == (0, 2, 0, 1)
    assert counts.mistakes == []
    for changes, mistake in (
        ({"accepted": RECORD.accepted[:1], "sent": frozenset({"<1>"})}, f"{ABU} K001 is lost"),
        ({"accepted": RECORD.accepted[:1]}, "<2> counts as sent, but was not accepted"),
        ({"failed": {}}, f"{NONE} K003 is lost"),
        ({"failed": {(NONE, "K003"): "451 later"}}, f"{NONE} K003 is lost"),
        ({"open_count": 2}, "2 reminders are neither sent nor settled"),
        ({"accepted": [*RECORD.accepted, _mail("<4>", ABU, "K001")]}, f"{ABU} K001 was said in two mails"),
        ({"accepted": [*RECORD.accepted, _mail("<4>", ABU, "K002")]}, f"{ABU} K002 was never owed"),
        (
            {"accepted": [*RECORD.accepted, _mail("<2>", ABU, "K001", at=101.0)]},
            "<2> was sent twice without a reason",
        ),
    ):
        assert mistake in count_mails(replace(RECORD, **changes)).mistakes, changes
    for outcomes, interruptions in (
        (["sent", "sent"], [Interruption(100.2, 100.2, "kill")]),
        (["", "sent"], []),
        (["", "sent"], [Interruption(99.0, 99.0, "kill before it began")]),
        (["", "sent"], [Interruption(105.0, 105.0, "kill long after")]),
    ):
        counts = count_mails(_doubled(outcomes=outcomes, interruptions=interruptions))
        assert (counts.doubled, counts.mistakes[0]) == (1, "<2> was sent twice without a reason"), outcomes


def _doubled(*, cut: bool = False, outcomes: list[str], interruptions: list[Interruption]) -> RunRecord:
    twice = [_mail("<2>", ABU, "K001", cut=cut), _mail("<2>", ABU, "K001", at=140.0)]
    attempts = {**RECORD.attempts, "<2>": outcomes}
    return replace(
        RECORD, accepted=[RECORD.accepted[0], *twice], attempts=attempts, interruptions=interruptions
    )


def test_explains_a_double_by_the_cut_connection() -> None:
    counts = count_mails(_doubled(cut=True, outcomes=["unknown", "sent"], interruptions=[]))
    assert (counts.doubled, counts.openings, counts.mistakes) == (1, 1, [])
    assert counts.reasons == Counter({"the connection was cut after acceptance": 1})


@pytest.mark.parametrize(
    "interruption", [Interruption(100.2, 100.2, "kill"), Interruption(98.0, 103.0, "kill")]
)
def test_explains_a_double_by_what_fell_before_the_record(interruption: Interruption) -> None:
    counts = count_mails(_doubled(outcomes=["", "sent"], interruptions=[interruption]))
    assert (counts.doubled, counts.reasons, counts.mistakes) == (1, Counter({"kill": 1}), [])


def test_reads_the_signs_of_a_mail() -> None:
    mail = b"Content-Type: text/plain; charset=utf-8\r\nMessage-ID: <1@x>\r\n\r\nK001 satu, K023 dua, K1 tiga\r\n"
    assert signs_in(mail) == {"K001", "K023"}


def test_plan_holds_every_fault_within_the_span() -> None:
    plan = plan_of(5, 200.0)
    counted = Counter(planned.kind for planned in plan)
    assert sum(counted[kind] for kind in KILLS) == 30
    assert (
        counted[FaultKind.RESTART_DATABASE],
        counted[FaultKind.FLUSH_BROKER],
        counted[FaultKind.OUTAGE],
    ) == (2, 1, 1)
    assert plan == sorted(plan) == plan_of(5, 200.0) != plan_of(6, 200.0)
    assert plan[0].at > 0 and plan[-1].at < 200.0
