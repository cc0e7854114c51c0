"""Reads a cycle file: first each entry by itself, then how the entries fit together."""

import re
from pathlib import Path

import yaml
from django.utils.translation import gettext as _

from cycles.file.checks import check
from cycles.file.entries import (
    AgencyEntry,
    AnswerEntry,
    BothLanguages,
    CycleEntry,
    CycleFile,
    ItemEntry,
    SuggestionEntry,
)
from cycles.file.fields import FileSection, text_of, whole_of
from cycles.file.problems import ProblemList
from cycles.file.sections import app_sections
from cycles.file.yaml_source import bytes_of, compose, line_of
from recommendations.states import AssignmentRole, ItemKind, Pillar

#: The layout of the file; a later layout gets the next number.
FORMAT = 1

#: The folder of the cycle files that the project keeps.
DATA_FOLDER = Path(__file__).resolve().parent.parent.parent / "recommendations" / "data"

#: The key of each kind's list.
KIND_KEYS: dict[ItemKind, str] = {
    ItemKind.RECOMMENDATION: "recommendations",
    ItemKind.WEAKNESS: "weaknesses",
    ItemKind.ACHIEVEMENT: "achievements",
}

#: What the database holds: a small whole number, and the lengths of names.
MAX_NUMBER = 999
CODE_LENGTH = 20
NAME_LENGTH = 200
TIER_LENGTH = 80
SOURCE_LENGTH = 200

_CODE = re.compile(r"[A-Z][A-Z0-9]*")


def kept_cycle_files() -> list[Path]:
    """Return the paths of the cycle files that the project keeps, by name."""
    return sorted(DATA_FOLDER.glob("*.yaml"))


def read_cycle_file(path: Path) -> CycleFile:
    """Return what a cycle file holds.

    Raises BadCycleFile with every problem of the first step that found one: the YAML, the parts, or how the
    parts hold together.
    """
    problems = ProblemList(path.name)
    data = bytes_of(path, problems)
    problems.refuse_if_any()
    return read_cycle_bytes(data, name=path.name)


def read_cycle_bytes(data: bytes, *, name: str) -> CycleFile:
    """Return what the bytes of a cycle file hold; `name` is what problems call it. Raises as read_cycle_file does."""
    problems = ProblemList(name)
    root = compose(data, problems)
    problems.refuse_if_any()
    top = FileSection(
        root,
        required={"format", "cycle", "agencies", *KIND_KEYS.values()},
        optional={section.key for section in app_sections.values()},
        line=1,
        problems=problems,
    )
    top.whole("format", least=FORMAT, most=FORMAT)
    cycle_file = CycleFile(
        file_name=name,
        cycle=_cycle(top),
        agencies=tuple(_agencies(top)),
        items=tuple(item for kind in ItemKind for item in _items(top, kind)),
        others={
            section.key: section.read(top)
            for section in app_sections.values()
            if section.key in top.key_lines
        },
    )
    problems.refuse_if_any()
    check(cycle_file, problems)
    problems.refuse_if_any()
    for section in app_sections.values():
        if section.key in cycle_file.others:
            section.check(cycle_file.others[section.key], cycle_file.cycle, problems)
    problems.refuse_if_any()
    return cycle_file


def _cycle(top: FileSection) -> CycleEntry:
    cycle = top.section(
        "cycle", required={"year", "published_on", "window", "tier_after", "source", "editorial"}
    )
    window = cycle.section("window", required={"start", "end"})
    source = cycle.section("source", required={"ms", "en", "published_on"})
    own = cycle.section(
        "editorial",
        required={"tier_before", "interim_on", "submission"},
        optional={"cadence_days", "due_soon_days", "stale_after_days"},
    )
    submission = own.section("submission", required={"due_on", "source"})
    return CycleEntry(
        line=cycle.line_for("year"),
        lines={
            "window_end": window.line_for("end"),
            "interim_on": own.line_for("interim_on"),
            "submission_on": submission.line_for("due_on"),
        },
        year=cycle.whole("year", least=1000, most=9999),
        published_on=cycle.day("published_on"),
        window_start=window.day("start"),
        window_end=window.day("end"),
        interim_on=own.day("interim_on"),
        submission_on=submission.day("due_on"),
        submission_source=submission.both("source", max_length=SOURCE_LENGTH),
        tier_before=own.both("tier_before", max_length=TIER_LENGTH),
        tier_after=cycle.both("tier_after", max_length=TIER_LENGTH),
        source=BothLanguages(
            source.text("ms", max_length=SOURCE_LENGTH), source.text("en", max_length=SOURCE_LENGTH)
        ),
        source_on=source.day("published_on"),
        cadence_days=own.whole("cadence_days", least=1, most=366, absent=30),
        due_soon_days=own.whole("due_soon_days", least=1, most=366, absent=7),
        stale_after_days=own.whole("stale_after_days", least=1, most=366, absent=45),
    )


def _agencies(top: FileSection) -> list[AgencyEntry]:
    return [
        AgencyEntry(
            line=section.line,
            code=_code(section.values.get("code"), section),
            name=section.both("name", max_length=NAME_LENGTH),
        )
        for section in top.sections("agencies", required={"code", "name"})
    ]


def _items(top: FileSection, kind: ItemKind) -> list[ItemEntry]:
    return [
        _item(section, kind)
        for section in top.sections(KIND_KEYS[kind], required={"number", "text"}, optional={"editorial"})
    ]


def _item(section: FileSection, kind: ItemKind) -> ItemEntry:
    keys = {"divergence"}
    if kind != ItemKind.ACHIEVEMENT:
        keys |= {"pillar", "agencies"}
    if kind == ItemKind.WEAKNESS:
        keys |= {"answered_by"}
    own = section.section("editorial", required=set(), optional=keys)
    return ItemEntry(
        line=section.line,
        kind=kind,
        number=section.whole("number", least=1, most=MAX_NUMBER),
        text=section.both("text"),
        pillar=_pillar(own),
        divergence=own.both("divergence"),
        suggestions=tuple(_suggestions(own)),
        answers=tuple(_answers(own)),
    )


def _pillar(own: FileSection) -> str:
    value = own.text("pillar")
    if value and value not in Pillar.values:
        words = {"value": value, "known": ", ".join(Pillar.values)}
        own.problems.add(
            own.line_for("pillar"), _("“%(value)s” is not a pillar; known are %(known)s.") % words
        )
    return value


def _suggestions(own: FileSection) -> list[SuggestionEntry]:
    agencies = own.section("agencies", required=set(), optional={"lead", "support"})
    found = []
    lead = agencies.values.get("lead")
    if isinstance(lead, yaml.SequenceNode):
        own.problems.add(line_of(lead), _("An item has one lead agency; put the others under “support”."))
    elif lead is not None:
        found.append(SuggestionEntry(line_of(lead), _code(lead, own), AssignmentRole.LEAD))
    for node in agencies.nodes("support"):
        found.append(SuggestionEntry(line_of(node), _code(node, own), AssignmentRole.SUPPORT))
    return found


def _answers(own: FileSection) -> list[AnswerEntry]:
    kinds = (ItemKind.RECOMMENDATION, ItemKind.ACHIEVEMENT)
    answered_by = own.section("answered_by", required=set(), optional={KIND_KEYS[kind] for kind in kinds})
    return [
        AnswerEntry(
            line_of(node),
            kind,
            whole_of(node, key=KIND_KEYS[kind], least=1, most=MAX_NUMBER, problems=own.problems),
        )
        for kind in kinds
        for node in answered_by.nodes(KIND_KEYS[kind])
    ]


def _code(node: yaml.Node | None, section: FileSection) -> str:
    if node is None:
        return ""
    code = text_of(node, key=_("agency code"), max_length=CODE_LENGTH, problems=section.problems)
    if code and not _CODE.fullmatch(code):
        reason = _("“%(code)s” is not an agency code; use capital letters and figures.") % {"code": code}
        section.problems.add(line_of(node), reason)
    return code
