"""The script of the demonstration, read from YAML: what happens on which item, and when.

`demo.yaml` names the days and the people. Each file in `history/` holds, under a letter and a number (R2, W6), what
happens on one item. All instants are in Kuala Lumpur; days of a span are joined by two dots.

- `confirmed`: when MAPO confirms the suggestions; `later` gives single agencies another instant; those that are
  named in `leave` stay suggestions, and so does everything on an item without a script.
- `due`: the first date that MAPO sets for an agency. `officers`: who is named as responsible.
- `reports`: one line an update. `sent` (or `draft`), `covers`, `percent` (0 and 100 speak for their status), `text`,
  `files` (some with a `text` inside), then at most one fate: `accepted` (with `verdict`, `reason` and `superseded` where MAPO sees it
  otherwise), `returned`, `withdrawn`; with none it waits. `nothing_new` is the day it speaks for. `letter` was
  entered by MAPO. `by` is the officer's number.
- `requests`, `actions`: what agencies ask, and what they plan.
- `comments`: what MAPO and an agency say to each other; `by` and `to` are an officer's number, or `mapo`.
- `override`: the state that MAPO sets beside what the verdicts give.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from audit.clock import KUALA_LUMPUR
from recommendations.states import ItemKind

FOLDER = Path(__file__).resolve().parent
_KINDS = {"R": ItemKind.RECOMMENDATION, "W": ItemKind.WEAKNESS}


@dataclass(frozen=True)
class SampleFile:
    """A sample document of a report; without dates of its own it is evidence of the days that the report covers.

    `text` stands inside the file alone, so that a search has something to find there.
    """

    name: str
    dates: tuple[date, date]
    classification: int
    text: str = ""


@dataclass(frozen=True)
class ScriptedVerdict:
    """What MAPO decided where it saw the matter otherwise."""

    at: datetime
    percent: int
    reason: str


@dataclass(frozen=True)
class ScriptedReturn:
    """A report that went back."""

    at: datetime
    reason: str
    resubmit_by: date


@dataclass(frozen=True)
class ScriptedReport:
    """One update and its fate. `begun` is when it was sent, or saved for a draft."""

    agency: str
    begun: datetime
    officer: int = 1
    is_draft: bool = False
    covers: tuple[date, date] | None = None
    percent: int = 0
    text: str = ""
    files: tuple[SampleFile, ...] = ()
    nothing_new: date | None = None
    letter: tuple[str, date] | None = None
    accepted: ScriptedVerdict | None = None
    superseded: ScriptedVerdict | None = None
    returned: ScriptedReturn | None = None
    withdrawn: datetime | None = None
    next_due: date | None = None


@dataclass(frozen=True)
class ScriptedRequest:
    """What an agency asked of MAPO: to be let off (no proposed day), or for a later day."""

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
    """A comment on an agency's assignment. Officers go by number; None is MAPO."""

    agency: str
    at: datetime
    text: str
    by: int | None
    to: int | None


@dataclass(frozen=True)
class ItemScript:
    """What happens on one item."""

    kind: ItemKind
    number: int
    confirmed: datetime
    later: dict[str, datetime] = field(default_factory=dict)
    leave: frozenset[str] = frozenset()
    due: dict[str, date] = field(default_factory=dict)
    officers: dict[str, list[int]] = field(default_factory=dict)
    reports: tuple[ScriptedReport, ...] = ()
    requests: tuple[ScriptedRequest, ...] = ()
    steps: tuple[ScriptedStep, ...] = ()
    remarks: tuple[Remark, ...] = ()
    override: ScriptedVerdict | None = None

    def reports_of(self, agency: str) -> list[ScriptedReport]:
        """One agency's reports in the order of time."""
        return sorted((each for each in self.reports if each.agency == agency), key=lambda each: each.begun)


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


def read_script() -> Script:
    """Return the project's own script."""
    demo = _load(FOLDER / "demo.yaml")
    histories = [_load(path) for path in sorted((FOLDER / "history").glob("*.yaml"))]
    return Script(
        cycle=int(demo["cycle"]),
        begins=_instant(demo["begins"]),
        opens=_instant(demo["opens"]),
        posts=(*_other_posts(demo["others"]), *_agency_posts(demo["agencies"])),
        items=tuple(_item(key, values) for history in histories for key, values in history.items()),
    )


def _load(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def _other_posts(others: dict[str, dict[str, str]]) -> list[Post]:
    return [Post(mailbox=mailbox, **values) for mailbox, values in others.items()]


def _agency_posts(agencies: dict[str, dict[str, int]]) -> list[Post]:
    posts = []
    for code, counts in agencies.items():
        if counts["coordinators"]:
            posts.append(Post(f"penyelaras.{code.lower()}", f"Penyelaras {code}", "coordinator", code))
        for number in range(1, counts["officers"] + 1):
            posts.append(
                Post(f"pegawai.{code.lower()}.{number}", f"Pegawai {code} {number}", "officer", code)
            )
    return posts


def _item(key: str, values: dict[str, Any]) -> ItemScript:
    return ItemScript(
        kind=_KINDS[key[0]],
        number=int(key[1:]),
        confirmed=_instant(values["confirmed"]),
        later={code: _instant(at) for code, at in values.get("later", {}).items()},
        leave=frozenset(values.get("leave", [])),
        due=values.get("due", {}),
        officers=values.get("officers", {}),
        reports=tuple(_report(each) for each in values.get("reports", [])),
        requests=tuple(_request(each) for each in values.get("requests", [])),
        steps=tuple(_step(each) for each in values.get("actions", [])),
        remarks=tuple(_remark(each) for each in values.get("comments", [])),
        override=_judged(values.get("override")),
    )


def _report(values: dict[str, Any]) -> ScriptedReport:
    covers = _span(values["covers"]) if "covers" in values else None
    letter = values.get("letter")
    return ScriptedReport(
        agency=values["agency"],
        begun=_instant(values.get("sent") or values["draft"]),
        officer=values.get("by", 1),
        is_draft="draft" in values,
        covers=covers,
        percent=values.get("percent", 0),
        text=values.get("text", ""),
        files=tuple(_file(each, covers) for each in values.get("files", [])),
        nothing_new=values.get("nothing_new"),
        letter=(letter["reference"], letter["dated"]) if letter else None,
        accepted=_accepted(values),
        superseded=_judged(values.get("superseded")),
        returned=_returned(values.get("returned")),
        withdrawn=_instant(values["withdrawn"]) if "withdrawn" in values else None,
        next_due=values.get("next_due"),
    )


def _accepted(values: dict[str, Any]) -> ScriptedVerdict | None:
    if "accepted" not in values:
        return None
    percent = values.get("verdict", values.get("percent", 0))
    return ScriptedVerdict(_instant(values["accepted"]), percent, values.get("reason", ""))


def _judged(values: dict[str, Any] | None) -> ScriptedVerdict | None:
    return ScriptedVerdict(_instant(values["at"]), values["verdict"], values["reason"]) if values else None


def _returned(values: dict[str, Any] | None) -> ScriptedReturn | None:
    return ScriptedReturn(_instant(values["at"]), values["reason"], values["resubmit_by"]) if values else None


def _file(value: str | dict[str, Any], covers: tuple[date, date] | None) -> SampleFile:
    values: dict[str, Any] = {"name": value} if isinstance(value, str) else value
    dates = _span(values["dates"]) if "dates" in values else covers
    if dates is None:
        raise ValueError(f"{values['name']} has no dates")
    return SampleFile(values["name"], dates, values.get("class", 1), values.get("text", ""))


def _request(values: dict[str, Any]) -> ScriptedRequest:
    answer = values.get("answer")
    return ScriptedRequest(
        agency=values["agency"],
        at=_instant(values["at"]),
        reason=values["reason"],
        proposed=values.get("proposed"),
        granted_at=_instant(answer["at"]) if answer else None,
    )


def _step(values: dict[str, Any]) -> ScriptedStep:
    return ScriptedStep(
        agency=values["agency"],
        at=_instant(values["at"]),
        owner=values["owner"],
        due=values["due"],
        text=values["text"],
        done=values.get("done"),
    )


def _remark(values: dict[str, Any]) -> Remark:
    by, to = (None if values[name] == "mapo" else int(values[name]) for name in ("by", "to"))
    return Remark(values["agency"], _instant(values["at"]), values["text"], by, to)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=KUALA_LUMPUR)


def _span(text: str) -> tuple[date, date]:
    first, last = text.split("..")
    return date.fromisoformat(first), date.fromisoformat(last)
