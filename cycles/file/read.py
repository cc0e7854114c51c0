"""Reads a cycle file: first each entry by itself, then how the entries fit together."""

import hashlib
from collections.abc import Hashable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.utils.translation import gettext as _

from accounts.services.agencies import is_agency_code
from cycles.file.beside import FilesBeside
from cycles.file.entries import (
    KIND_KEYS,
    MAX_NUMBER,
    AgencyEntry,
    AppSection,
    CycleFile,
    ItemEntry,
    NumberedEntry,
    SuggestionEntry,
    app_sections,
)
from cycles.file.facts import check_facts, read_facts
from cycles.file.fields import FileSection
from cycles.file.yaml_source import MAX_BYTES, BadCycleFile, FileProblem, ProblemList, compose, line_of
from cycles.titles import TITLE_COLUMNS, title_key
from recommendations.models import Cycle
from recommendations.states import TITLE_LENGTH, AssignmentRole, ItemKind, Pillar
from recommendations.windows import date_problems

#: The layout of the file; a later layout gets the next number.
FORMAT = 1

#: The folder of the cycle files that the project keeps.
DATA_FOLDER = Path(__file__).resolve().parent.parent.parent / "recommendations" / "data"

#: The lengths of names in the database.
CODE_LENGTH = 20
NAME_LENGTH = 200
TIER_LENGTH = 80
SOURCE_LENGTH = 200


def kept_cycle_files() -> list[Path]:
    """Return the paths of the cycle files that the project keeps, by name; sections beside one are not cycle files."""
    ends = tuple(f"-{key}" for key in app_sections)
    return sorted(path for path in DATA_FOLDER.glob("*.yaml") if not path.stem.endswith(ends))


def read_cycle_file(path: Path) -> CycleFile:
    """Return what a cycle file holds.

    Raises BadCycleFile with every problem of the first step that found one: the YAML, the parts, or how the
    parts hold together.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = _("The file cannot be read: %(why)s.") % {"why": error.strerror}
        raise BadCycleFile(path.name, [FileProblem(0, reason)]) from error
    return read_cycle_bytes(data, name=path.name, folder=path.parent)


def read_cycle_bytes(data: bytes, *, name: str, folder: Path | None = None) -> CycleFile:
    """Return what the bytes of a cycle file hold; `name` is what problems call it. Raises as read_cycle_file does.

    A section of another app that the file lacks is read from the file beside it in `folder`, if there is one.
    """
    problems = ProblemList(name)
    root = compose(data, problems)
    problems.refuse_if_any()
    top = FileSection(
        root,
        required={"format", "cycle", "agencies", *KIND_KEYS.values()},
        optional={"facts", *(section.key for section in app_sections.values())},
        line=1,
        problems=problems,
    )
    top.whole("format", least=FORMAT, most=FORMAT)
    beside = FilesBeside(folder)
    sections = [_OtherSection(section, top, name, beside) for section in app_sections.values()]
    cycle_file = CycleFile(
        file_name=name,
        **_cycle(top),
        agencies=tuple(_agencies(top)),
        items=tuple(item for kind in ItemKind for item in _items(top, kind)),
        facts=tuple(read_facts(top)),
        others={other.section.key: other.read() for other in sections if other.is_there},
        text=data.decode("utf-8-sig"),
        sha256=hashlib.sha256(data).hexdigest(),
        beside=beside.texts,
    )
    lists = [problems, *(other.problems for other in sections if other.problems is not problems)]
    _refuse_if_any(lists)
    check(cycle_file, problems)
    _refuse_if_any(lists)
    for other in sections:
        if other.is_there:
            other.section.check(cycle_file.others[other.section.key], cycle_file, other.problems)
    _refuse_if_any(lists)
    return cycle_file


def _refuse_if_any(lists: Iterable[ProblemList]) -> None:
    for problems in lists:
        problems.refuse_if_any()


class _OtherSection:
    """The section of another app: in the file itself, or in the file beside it, which then has its own problems."""

    def __init__(self, section: AppSection, top: FileSection, name: str, beside: FilesBeside) -> None:
        self.section, self.top, self.beside = section, top, beside
        self.problems = top.problems
        self.is_there = section.key in top.key_lines
        if self.is_there:
            return
        own_name = f"{Path(name).stem}-{section.key}.yaml"
        data = beside.read(own_name, most=MAX_BYTES)
        if data is not None:
            self.is_there, self.problems = True, ProblemList(own_name)
            root = compose(data, self.problems)
            self.top = FileSection(
                root, required={section.key}, optional=set(), line=1, problems=self.problems
            )

    def read(self) -> Any:
        """Return the entries; problems are added to `problems`."""
        return self.section.read(self.top, self.beside)


def _cycle(top: FileSection) -> dict[str, Any]:
    """Return those fields of `CycleFile` that the section of the cycle gives."""
    cycle = top.section(
        "cycle", required={"year", "published_on", "window", "tier_after", "source", "editorial"}
    )
    window = cycle.section("window", required={"start", "end"})
    source = cycle.section("source", required={"ms", "en", "published_on"}, optional={"quote"})
    quote = source.section("quote", required=set(), optional={"ms", "en"})
    own = cycle.section(
        "editorial",
        required={"tier_before", "interim_on", "submission"},
        optional={"cadence_days", "due_soon_days", "stale_after_days"},
    )
    submission = own.section("submission", required={"due_on", "source"})
    cycle_values = Cycle(
        year=cycle.whole("year", least=1000, most=9999),
        published_on=cycle.day("published_on"),
        window_start=window.day("start"),
        window_end=window.day("end"),
        interim_on=own.day("interim_on"),
        submission_on=submission.day("due_on"),
        **own.both("tier_before", max_length=TIER_LENGTH),
        **cycle.both("tier_after", max_length=TIER_LENGTH),
        **source.languages("source", max_length=SOURCE_LENGTH),
        source_on=source.day("published_on"),
        **quote.languages("quote"),
        **submission.both("source", column="submission_source", max_length=SOURCE_LENGTH),
        cadence_days=own.whole("cadence_days", least=1, most=366, absent=30),
        due_soon_days=own.whole("due_soon_days", least=1, most=366, absent=7),
        stale_after_days=own.whole("stale_after_days", least=1, most=366, absent=45),
    )
    return {
        "cycle": cycle_values,
        "cycle_lines": {
            "window_end": window.line_for("end"),
            "interim_on": own.line_for("interim_on"),
            "submission_on": submission.line_for("due_on"),
        },
    }


def _agencies(top: FileSection) -> list[AgencyEntry]:
    return [
        AgencyEntry(
            line=section.line,
            code=_code(section.values.get("code"), section),
            names=section.both("name", max_length=NAME_LENGTH),
        )
        for section in top.sections("agencies", required={"code", "name"})
    ]


def _items(top: FileSection, kind: ItemKind) -> list[ItemEntry]:
    return [
        _item(section, kind)
        for section in top.sections(KIND_KEYS[kind], required={"number", "text"}, optional={"editorial"})
    ]


def _item(section: FileSection, kind: ItemKind) -> ItemEntry:
    keys = {"divergence", "title"}
    if kind != ItemKind.ACHIEVEMENT:
        keys |= {"pillar", "agencies"}
    if kind == ItemKind.WEAKNESS:
        keys |= {"answered_by"}
    own = section.section("editorial", required=set(), optional=keys)
    titles = own.section("title", required={"ms", "en"})
    return ItemEntry(
        line=section.line,
        kind=kind,
        number=section.whole("number", least=1, most=MAX_NUMBER),
        columns=section.both("text")
        | titles.languages("title", max_length=TITLE_LENGTH)
        | {"pillar": own.choice("pillar", Pillar.values)}
        | own.both("divergence"),
        title_lines={f"title_{code}": titles.line_for(code) for code in ("ms", "en")},
        suggestions=tuple(_suggestions(own)),
        answers=tuple(_answers(own)),
    )


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


def _answers(own: FileSection) -> list[NumberedEntry]:
    kinds = (ItemKind.RECOMMENDATION, ItemKind.ACHIEVEMENT)
    answered_by = own.section("answered_by", required=set(), optional={KIND_KEYS[kind] for kind in kinds})
    return [
        NumberedEntry(
            line_of(node),
            kind,
            own.whole_of(node, key=KIND_KEYS[kind], least=1, most=MAX_NUMBER),
        )
        for kind in kinds
        for node in answered_by.nodes(KIND_KEYS[kind])
    ]


def _code(node: yaml.Node | None, section: FileSection) -> str:
    code = section.text_of(node, key=_("agency code"), max_length=CODE_LENGTH)
    if code and node and not (is_agency_code(code) and code == code.upper()):
        reason = _("“%(code)s” is not an agency code; use capital letters, digits and hyphens.") % {
            "code": code
        }
        section.problems.add(line_of(node), reason)
    return code


Value = TypeVar("Value", bound=Hashable)


def check(cycle_file: CycleFile, problems: ProblemList) -> None:
    """Add every problem that the entries have with each other. Expects entries that are well formed by themselves."""
    _check_dates(cycle_file, problems)
    agencies = [(agency.line, agency.code) for agency in cycle_file.agencies]
    for line, code, first in _repeated(agencies):
        words = {"code": code, "line": first}
        problems.add(line, _("The agency %(code)s appears twice; first on line %(line)s.") % words)
    if not cycle_file.items:
        problems.add(0, _("The file contains no recommendation, weakness or achievement."))
    for kind in ItemKind:
        _check_numbers([item for item in cycle_file.items if item.kind == kind], kind, problems)
    _check_titles(cycle_file, problems)
    codes = {agency.code for agency in cycle_file.agencies}
    known = {item.key for item in cycle_file.items}
    for item in cycle_file.items:
        _check_suggestions(item, codes, problems)
        _check_answers(item, known, problems)
    check_facts(cycle_file, problems)


def _repeated(entries: Iterable[tuple[int, Value]]) -> Iterator[tuple[int, Value, int]]:
    """Yield what stands in a line and stood in one before, with the line where it stood first."""
    lines: dict[Value, int] = {}
    for line, value in entries:
        if value in lines:
            yield line, value, lines[value]
        lines.setdefault(value, line)


def _check_dates(cycle_file: CycleFile, problems: ProblemList) -> None:
    cycle = cycle_file.cycle
    found = date_problems(
        start=cycle.window_start,
        end=cycle.window_end,
        interim_on=cycle.interim_on,
        submission_on=cycle.submission_on,
    )
    for name, reason in found.items():
        problems.add(cycle_file.cycle_lines[name], reason)


def _check_numbers(items: list[ItemEntry], kind: ItemKind, problems: ProblemList) -> None:
    for line, number, first in _repeated((item.line, item.number) for item in items):
        words = {"kind": kind.label, "number": number, "line": first}
        problems.add(line, _("%(kind)s %(number)s appears twice; first on line %(line)s.") % words)
    lines = {item.number: item.line for item in reversed(items)}
    for number in range(1, max(lines, default=0)):
        if number not in lines:
            line = lines[min(later for later in lines if later > number)]
            words = {"kind": kind.label, "number": number}
            problems.add(line, _("%(kind)s %(number)s is missing; numbers run from 1 without gaps.") % words)


def _check_titles(cycle_file: CycleFile, problems: ProblemList) -> None:
    for column in TITLE_COLUMNS:
        given = {item.title_lines[column]: item.columns[column] for item in cycle_file.items}
        titles = ((line, title_key(title)) for line, title in given.items() if title)
        for line, _key, first in _repeated(titles):
            words = {"title": given[line], "line": first}
            problems.add(
                line, _("The short title “%(title)s” appears twice; first on line %(line)s.") % words
            )


def _check_suggestions(item: ItemEntry, codes: set[str], problems: ProblemList) -> None:
    for suggestion in item.suggestions:
        if suggestion.code not in codes:
            words = {"code": suggestion.code}
            problems.add(suggestion.line, _("The agency %(code)s is not in the list of agencies.") % words)
    for line, code, _first in _repeated((entry.line, entry.code) for entry in item.suggestions):
        problems.add(line, _("The agency %(name)s is suggested twice for one item.") % {"name": code})


def _check_answers(item: ItemEntry, known: set[tuple[str, int]], problems: ProblemList) -> None:
    for answer in item.answers:
        if answer.key not in known:
            words = {"kind": answer.kind.label, "number": answer.number}
            problems.add(answer.line, _("%(kind)s %(number)s is linked but is not in the file.") % words)
    names = ((entry.line, f"{entry.kind.label} {entry.number}") for entry in item.answers)
    for line, name, _first in _repeated(names):
        problems.add(line, _("%(name)s is linked twice to one weakness.") % {"name": name})
