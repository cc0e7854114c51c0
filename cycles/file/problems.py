"""The problems of a cycle file, each with its line, reported all at once."""

from dataclasses import dataclass

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
