"""Reads the script of the demonstration from YAML: what happens on which item, and when.

`demo.yaml` names the days and the people. Each file in `history/` holds, under a letter and a number (R2, W6), what
happens on an item. Instants are in Kuala Lumpur time; two dots join the first and last day of a span. Values are named
as the fields of the classes below, except in reports and where a list has a shorter name.

- `confirmed`: when MAPO confirms the suggestions; `later` gives single agencies another instant; those that are
  named in `leave` stay suggestions, and so does everything on an item without a script.
- `due`: the first date that MAPO sets for an agency. `officers`: who is named as responsible.
- `reports`: one entry an update. `sent` (or `draft`), `covers`, `percent` (0 and 100 imply their status), `text`,
  `files` (some with a `text` inside), then at most one outcome: `accepted` (with `verdict`, `reason` and `superseded`
  where MAPO decides otherwise than claimed), `returned`, `withdrawn`; with none it waits. `nothing_new` is the day
  that it confirms again. A report with a `letter` was entered by MAPO. `by` is the officer's number.
- `requests`, `actions`: what agencies ask (with `granted_at`, or without an answer), and what they plan.
- `comments`: what MAPO and an agency say to each other; `by` and `to` are an officer's number, or `mapo`.
- `override`: the state that MAPO sets beside what the verdicts give.

`meetings` in `demo.yaml` are those of the council: when each is announced and `meets`, and under `held` when it was
prepared (as at the last day of `covers`), held and closed, and its `decisions`, each on an item, for an agency.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from audit.clock import KUALA_LUMPUR
from recommendations.states import ItemKind

FOLDER = Path(__file__).resolve().parent
_KINDS = {"R": ItemKind.RECOMMENDATION, "W": ItemKind.WEAKNESS}

#: An act: its instant, and what is called with it.
ScriptedAct = tuple[datetime, Callable[[datetime], object]]


@dataclass(frozen=True)
class SampleFile:
    """A sample document of a report; without dates of its own it is evidence of the days that the report covers.

    `text` stands inside the file alone, so that a search has something to find there.
    """

    name: str
    dates: tuple[date, date]
    classification: int = 1
    text: str = ""


@dataclass(frozen=True)
class ScriptedVerdict:
    """What MAPO decided: the percentage, and why where it is not the claimed one."""

    at: datetime
    verdict: int
    reason: str


@dataclass(frozen=True)
class ScriptedReturn:
    """A report that went back."""

    at: datetime
    reason: str
    resubmit_by: date


@dataclass(frozen=True)
class ScriptedReport:
    """One update and its outcome. `begun` is when it was sent, or saved for a draft."""

    agency: str
    begun: datetime
    by: int = 1
    is_draft: bool = False
    covers: tuple[date, date] | None = None
    percent: int = 0
    text: str = ""
    files: tuple[SampleFile, ...] = ()
    nothing_new: date | None = None
    letter: dict[str, Any] | None = None
    accepted: ScriptedVerdict | None = None
    superseded: ScriptedVerdict | None = None
    returned: ScriptedReturn | None = None
    withdrawn: datetime | None = None
    next_due: date | None = None


@dataclass(frozen=True)
class ScriptedRequest:
    """An agency's request to MAPO: for a later day (`proposed`), or to decline the assignment (None)."""

    agency: str
    at: datetime
    reason: str
    proposed: date | None = None
    granted_at: datetime | None = None


@dataclass(frozen=True)
class ScriptedStep:
    """A planned action of an agency."""

    agency: str
    at: datetime
    owner: int
    due: date
    text: str
    done: date | None = None


@dataclass(frozen=True)
class Remark:
    """A comment on an agency's assignment. Officers are named by number; anything else is MAPO."""

    agency: str
    at: datetime
    text: str
    by: int | str
    to: int | str
    identities_reason: str = ""


@dataclass(frozen=True)
class ItemScript:
    """What happens on one item."""

    kind: ItemKind
    number: int
    confirmed: datetime
    later: dict[str, datetime] = field(default_factory=dict)
    leave: Sequence[str] = ()
    due: dict[str, date] = field(default_factory=dict)
    officers: dict[str, list[int]] = field(default_factory=dict)
    reports: tuple[ScriptedReport, ...] = ()
    requests: tuple[ScriptedRequest, ...] = ()
    steps: tuple[ScriptedStep, ...] = ()
    remarks: tuple[Remark, ...] = ()
    override: ScriptedVerdict | None = None

    def reports_of(self, agency: str) -> list[ScriptedReport]:
        """Return one agency's reports in order of time."""
        return sorted((each for each in self.reports if each.agency == agency), key=lambda each: each.begun)


@dataclass(frozen=True)
class ScriptedDecision:
    """What a meeting decided on an item, by its kind and number, and the day on which the agency did it."""

    item: tuple[ItemKind, int]
    agency: str
    at: datetime
    due: date
    text: str
    done: date | None = None


@dataclass(frozen=True)
class ScriptedSession:
    """How a meeting went: prepared over `covers` and laid, held, with decisions, and its minutes closed."""

    prepared: datetime
    covers: tuple[date, date]
    at: datetime
    closed: datetime
    decisions: tuple[ScriptedDecision, ...]


@dataclass(frozen=True)
class ScriptedMeeting:
    """A meeting of the council; without `held` it is yet to come."""

    number: str
    announced: datetime
    meets: datetime
    venue: str
    held: ScriptedSession | None = None


@dataclass(frozen=True)
class ScriptedHiding:
    """Words that the administrator hides wherever they stand, and why."""

    at: datetime
    words: str
    reason: str


@dataclass(frozen=True)
class Post:
    """A demo person: a post at an agency. `mailbox` is the first part of the e-mail address."""

    mailbox: str
    name: str
    role: str
    agency: str


@dataclass(frozen=True)
class Script:
    """The whole demonstration."""

    cycle: int
    begins: datetime
    opens: datetime
    posts: tuple[Post, ...]
    items: tuple[ItemScript, ...]
    meetings: tuple[ScriptedMeeting, ...]
    hidden: tuple[ScriptedHiding, ...]


def read_script() -> Script:
    """Return the project's own script."""
    demo = load_script(FOLDER / "demo.yaml")
    histories = [load_script(path) for path in sorted((FOLDER / "history").glob("*.yaml"))]
    return Script(
        cycle=demo["cycle"],
        begins=demo["begins"],
        opens=demo["opens"],
        posts=(
            *(Post(mailbox, **values) for mailbox, values in demo["others"].items()),
            *(post for code, counts in demo["agencies"].items() for post in _agency_posts(code, **counts)),
        ),
        items=tuple(_item(key, **values) for history in histories for key, values in history.items()),
        meetings=tuple(_meeting(**values) for values in demo["meetings"]),
        hidden=tuple(ScriptedHiding(**values) for values in demo["hidden"]),
    )


class _ScriptLoader(yaml.SafeLoader):
    """YAML in which 2023-04-05 10:00 is an instant, and 2023-04-03..2023-05-09 the first and the last day of a span."""


def _instant(_loader: _ScriptLoader, node: yaml.ScalarNode) -> datetime:
    return datetime.fromisoformat(node.value).replace(tzinfo=KUALA_LUMPUR)


def _span(_loader: _ScriptLoader, node: yaml.ScalarNode) -> tuple[date, date]:
    first, last = node.value.split("..")
    return date.fromisoformat(first), date.fromisoformat(last)


for _tag, _pattern, _construct in (
    ("!instant", r"[0-9-]{10} [0-9]{2}:[0-9]{2}", _instant),
    ("!span", r"[0-9-]{10}\.\.[0-9-]{10}", _span),
):
    _ScriptLoader.add_implicit_resolver(_tag, re.compile(f"^{_pattern}$"), list("0123456789"))
    _ScriptLoader.add_constructor(_tag, _construct)


def load_script(path: Path) -> dict[str, Any]:
    """Return what a file of the script holds, with its instants and spans."""
    loader = _ScriptLoader(path.read_text(encoding="utf-8"))
    try:
        return dict(loader.get_single_data())
    finally:
        loader.dispose()


def _agency_posts(code: str, *, coordinators: int, officers: int) -> list[Post]:
    ending = code.lower()
    found = [Post(f"penyelaras.{ending}", f"Penyelaras {code}", "coordinator", code)] if coordinators else []
    return found + [
        Post(f"pegawai.{ending}.{number}", f"Pegawai {code} {number}", "officer", code)
        for number in range(1, officers + 1)
    ]


def _meeting(*, held: dict[str, Any] | None = None, **values: Any) -> ScriptedMeeting:
    """Return a meeting of the council."""
    return ScriptedMeeting(held=_session(**held) if held else None, **values)


def _session(*, decisions: Sequence[dict[str, Any]], **values: Any) -> ScriptedSession:
    return ScriptedSession(decisions=tuple(_decision(**each) for each in decisions), **values)


def _decision(*, item: str, **values: Any) -> ScriptedDecision:
    """Return a decision on the item that a key such as R2 names."""
    return ScriptedDecision(item=(_KINDS[item[0]], int(item[1:])), **values)


def _item(
    key: str,
    *,
    reports: Sequence[dict[str, Any]] = (),
    requests: Sequence[dict[str, Any]] = (),
    actions: Sequence[dict[str, Any]] = (),
    comments: Sequence[dict[str, Any]] = (),
    override: dict[str, Any] | None = None,
    **values: Any,
) -> ItemScript:
    """Return what happens on the item that a key such as R2 names."""
    return ItemScript(
        kind=_KINDS[key[0]],
        number=int(key[1:]),
        reports=tuple(_report(**each) for each in reports),
        requests=tuple(ScriptedRequest(**each) for each in requests),
        steps=tuple(ScriptedStep(**each) for each in actions),
        remarks=tuple(Remark(**each) for each in comments),
        override=ScriptedVerdict(**override) if override else None,
        **values,
    )


def _report(
    *,
    sent: datetime | None = None,
    draft: datetime | None = None,
    files: Sequence[str | dict[str, Any]] = (),
    accepted: datetime | None = None,
    verdict: int | None = None,
    reason: str = "",
    superseded: dict[str, Any] | None = None,
    returned: dict[str, Any] | None = None,
    **values: Any,
) -> ScriptedReport:
    """Return a report with its files and its fate; `verdict` is the claimed percentage unless it is given."""
    begun, percent = sent or draft, values.get("percent", 0) if verdict is None else verdict
    assert begun is not None, "a report is sent or a draft"
    return ScriptedReport(
        begun=begun,
        is_draft=draft is not None,
        files=tuple(_file(each, values.get("covers")) for each in files),
        accepted=ScriptedVerdict(accepted, percent, reason) if accepted else None,
        superseded=ScriptedVerdict(**superseded) if superseded else None,
        returned=ScriptedReturn(**returned) if returned else None,
        **values,
    )


def _file(value: str | dict[str, Any], covers: tuple[date, date] | None) -> SampleFile:
    """Return a sample file. Raises ValueError where neither it nor its report has dates."""
    file = SampleFile(**{"dates": covers, **({"name": value} if isinstance(value, str) else value)})
    if file.dates is None:
        raise ValueError(f"{file.name} has no dates")
    return file
