"""The areas of the core: which functions are changed, and which tests must notice."""

from dataclasses import dataclass
from fnmatch import fnmatch


@dataclass(frozen=True)
class Area:
    """A part of the core.

    `functions` are patterns of mutmut's names: `module.x_function`, `module.xǁClassǁmethod`. `tests` are files, or
    single tests as pytest names them.
    """

    functions: tuple[str, ...]
    tests: tuple[str, ...]

    @property
    def modules(self) -> list[str]:
        """The paths of the modules, as mutmut wants them; a pattern begins with a module or a package."""
        found = set()
        for pattern in self.functions:
            module = pattern.split("*")[0].rsplit(".", 1)[0]
            found |= {module.replace(".", "/") + ".py", module.replace(".", "/") + "/*.py"}
        return sorted(found)

    def holds(self, mutant: str) -> bool:
        """Return whether the mutant belongs to the area."""
        return any(fnmatch(mutant, f"{pattern}__mutmut_*") for pattern in self.functions)


AREAS = {
    "states": Area(
        ("recommendations.states.*",),
        # Not those that walk all moves in the database: they take long, and the table of moves is no function.
        tuple(
            f"tests/recommendations/test_states.py::test_{name}"
            for name in (
                "acts_are_allowed_where_the_rules_say",
                "percentages_that_fit_a_status",
                "condition_of_the_database_is_the_rule_of_percentages",
                "item_has_one_label_a_language_and_one_key",
            )
        ),
    ),
    "roll-up": Area(
        ("recommendations.rollup.*",),
        ("tests/recommendations/test_rollup.py",),
    ),
    "windows": Area(
        ("recommendations.windows.*", "recommendations.working_days.*"),
        ("tests/recommendations/test_windows.py",),
    ),
    "due": Area(
        ("recommendations.deadlines.*", "reminders.due.*"),
        (
            "tests/recommendations/test_deadlines.py",
            "tests/reminders/test_who_is_told.py",
            "tests/reminders/test_work_calendars.py",
            "tests/reminders/test_ladder.py",
            "tests/reminders/test_planning.py",
        ),
    ),
    "fingerprint": Area(
        ("reports.summary.fingerprint.*", "reports.summary.json_lines.*"),
        ("tests/reports/test_fingerprint.py", "tests/reports/test_json_lines.py"),
    ),
    "formula-guard": Area(
        ("reports.writers.formula_guard.*",),
        ("tests/reports/test_formula_guard.py",),
    ),
    "as-at": Area(
        (
            "audit.past.*ǁas_at",
            "recommendations.queries.cycle_state.*",
            "recommendations.queries.state_sql.*",
            "recommendations.queries.state_replay.*",
        ),
        (
            "tests/audit/test_past.py",
            "tests/recommendations/test_cycle_state.py",
            "tests/recommendations/test_replay_by_hand.py",
            "tests/recommendations/test_replay.py",
        ),
    ),
    "permissions": Area(
        (
            "accounts.permissions.*",
            "accounts.access.*",
            "evidence.permissions.*",
            "recommendations.permissions.*",
            "reminders.permissions.*",
            "reports.permissions.*",
            "evidence.models.*ǁvisible_to",
            "recommendations.models.*ǁvisible_to",
            "reminders.models.*ǁvisible_to",
            "reports.models.*ǁvisible_to",
        ),
        (
            "tests/accounts/test_access.py",
            "tests/accounts/test_permissions.py",
            "tests/evidence/test_permissions.py",
            "tests/recommendations/test_permissions.py",
            "tests/reminders/test_permissions.py",
            "tests/reports/test_permissions.py",
        ),
    ),
    "audit-chain": Area(
        ("audit.verification.*", "audit.services.*"),
        ("tests/audit/test_chain.py", "tests/audit/test_verification.py", "tests/audit/test_record.py"),
    ),
}
