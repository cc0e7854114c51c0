"""What is wrong with a cycle file: every problem with its line, all told at once."""

from dataclasses import dataclass

from audit.errors import DomainError


@dataclass(frozen=True, order=True)
class FileProblem:
    """One thing that is wrong; `line` counts from 1, and is 0 when the file as a whole is meant."""

    line: int
    reason: str


class BadCycleFile(DomainError):
    """The file was refused and nothing of it was loaded. Its text is one `file:line: reason` for each problem."""

    def __init__(self, file_name: str, problems: list[FileProblem]) -> None:
        self.file_name = file_name
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(self.lines))

    @property
    def lines(self) -> list[str]:
        """Each problem as `file:line: reason`, in the order of the file."""
        return [
            f"{self.file_name}:{problem.line}: {problem.reason}"
            if problem.line
            else f"{self.file_name}: {problem.reason}"
            for problem in self.problems
        ]


class ProblemList:
    """Collects problems, so that a reader meets all of them in one go."""

    def __init__(self, file_name: str) -> None:
        self.file_name = file_name
        self.found: list[FileProblem] = []

    def add(self, line: int, reason: str) -> None:
        """Note a problem in a line (from 1)."""
        self.found.append(FileProblem(line, reason))

    def refuse_if_any(self) -> None:
        """Raise BadCycleFile when something was found."""
        if self.found:
            raise BadCycleFile(self.file_name, self.found)
