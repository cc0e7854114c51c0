"""Parses bytes into YAML nodes with line numbers, and collects the problems of a file so that all are reported at once.

Only plain YAML is allowed: no anchors, tags or second document.
"""

import re
from dataclasses import dataclass

import yaml
from django.utils.translation import gettext as _

from audit.errors import DomainError


@dataclass(frozen=True, order=True)
class FileProblem:
    """One problem; `line` counts from 1, and is 0 for the file as a whole."""

    line: int
    reason: str


class BadCycleFile(DomainError):
    """The file was refused and nothing of it loaded. The message has a line `file:line: reason` for each problem."""

    def __init__(self, file_name: str, problems: list[FileProblem]) -> None:
        self.file_name = file_name
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(self.lines))

    @property
    def lines(self) -> list[str]:
        """Return each problem as `file:line: reason`, in the order of the file."""
        return [
            f"{self.file_name}:{problem.line}: {problem.reason}"
            if problem.line
            else f"{self.file_name}: {problem.reason}"
            for problem in self.problems
        ]


class ProblemList:
    """Collects the problems of a file, so that all are reported at once."""

    def __init__(self, file_name: str) -> None:
        self.file_name = file_name
        self.found: list[FileProblem] = []

    def add(self, line: int, reason: str) -> None:
        """Add a problem in a line (from 1; 0 for the file as a whole)."""
        self.found.append(FileProblem(line, reason))

    def refuse_if_any(self) -> None:
        """Raise BadCycleFile when something was found."""
        if self.found:
            raise BadCycleFile(self.file_name, self.found)


#: A cycle file has a few hundred lines; more is a mistake, or an attempt to exhaust memory.
MAX_BYTES = 1024 * 1024

#: Nesting that a cycle file never needs.
MAX_DEPTH = 12

_TAB_INDENT = re.compile(r"^ *\t", re.MULTILINE)


def compose(data: bytes, problems: ProblemList) -> yaml.MappingNode | None:
    """Return the top mapping of a file; None after adding the problems if it has none."""
    text = _text_of(data, problems)
    if text is None or not _is_plain(text, problems):
        return None
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        _add_yaml_problem(error, text, problems)
        return None
    if not isinstance(root, yaml.MappingNode):
        problems.add(1, _("The file must be a list of keys with values, such as “cycle:”."))
        return None
    return root


def line_of(node: yaml.Node) -> int:
    """Return the line of a node, from 1."""
    return int(node.start_mark.line) + 1


def _text_of(data: bytes, problems: ProblemList) -> str | None:
    if len(data) > MAX_BYTES:
        problems.add(
            0,
            _("The file is larger than %(size)s KB; a cycle file is smaller.") % {"size": MAX_BYTES // 1024},
        )
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        problems.add(
            _line_at(data[: error.start].decode("utf-8"), error.start), _("The file must be UTF-8 text.")
        )
        return None


def _is_plain(text: str, problems: ProblemList) -> bool:
    """Return whether the file is one document of plain keys, lists and texts; add a problem for what is not."""
    before = len(problems.found)
    for match in _TAB_INDENT.finditer(text):
        problems.add(_line_at(text, match.end() - 1), _("There is a tab in the indentation; use spaces."))
    if len(problems.found) == before:
        try:
            _walk_events(text, problems)
        except yaml.YAMLError as error:
            _add_yaml_problem(error, text, problems)
    return len(problems.found) == before


def _walk_events(text: str, problems: ProblemList) -> None:
    depth = documents = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = int(event.start_mark.line) + 1 if event.start_mark else 0
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                problems.add(line, _("A second document begins here; a file contains one cycle."))
                return
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                problems.add(line, _("Lists and keys are nested too deep."))
                return
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if isinstance(event, yaml.NodeEvent) and event.anchor:
            problems.add(line, _("Anchors and aliases (& and *) are not accepted; write the value in full."))
        if isinstance(event, yaml.CollectionStartEvent | yaml.ScalarEvent) and event.tag:
            problems.add(line, _("Tags (!) are not accepted; write the value without one."))


def _add_yaml_problem(error: yaml.YAMLError, text: str, problems: ProblemList) -> None:
    if isinstance(error, yaml.reader.ReaderError):
        problems.add(_line_at(text, error.position), _("This character is not text."))
        return
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    why = getattr(error, "problem", None) or str(error)
    problems.add(int(mark.line) + 1 if mark else 0, _("This is not YAML: %(why)s.") % {"why": why})


def _line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
