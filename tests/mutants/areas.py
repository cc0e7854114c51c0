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


def _tests(file: str, *names: str) -> tuple[str, ...]:
    """Return single tests of a file."""
    return tuple(f"{file}::test_{name}" for name in names)


AREAS = {
    "states": Area(
        ("recommendations.states.*",),
        # Not those that walk all moves in the database: they take long, and the table of moves is no function.
        _tests(
            "tests/recommendations/test_states.py",
            "acts_are_allowed_where_the_rules_say",
            "percentages_that_fit_a_status",
            "condition_of_the_database_is_the_rule_of_percentages",
            "item_has_one_label_a_language_and_one_key",
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
            "tests/reminders/test_due_statements.py",
            "tests/reminders/test_who_is_told.py",
            # Not the one that walks through the days of a year: its statement is held above, by smaller worlds.
            *_tests(
                "tests/reminders/test_work_calendars.py",
                "working_days_are_the_librarys",
                "weekends_differ_between_states",
                "day_of_level_counts_working_days",
                "day_off_of_one_place_leaves_the_others_alone",
                "day_off_without_a_place_closes_all",
                "mails_go_out_in_the_hours_of_kuala_lumpur",
                "hours_are_those_of_kuala_lumpur_wherever_the_server_stands",
                "working_days_before_after_and_between",
                "calendars_with_the_same_days_off_are_equal",
                "mails_go_out_where_offices_are_open",
            ),
        ),
    ),
    "fingerprint": Area(
        ("reports.summary.fingerprint.*", "reports.summary.json_lines.*"),
        ("tests/reports/test_fingerprint.py", "tests/reports/test_json_lines.py"),
    ),
    "formula-guard": Area(
        ("ui.formulas.*",),
        ("tests/ui/test_formulas.py",),
    ),
    "as-at": Area(
        (
            "audit.past.*ǁas_at",
            "recommendations.queries.cycle_state.*",
            "recommendations.queries.state_sql.*",
            "recommendations.queries.state_replay.*",
        ),
        (
            *_tests("tests/audit/test_past.py", "as_at_answers_with_what_was_recorded_by_the_end_of_the_day"),
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
        # Few of those that damage a real log: each takes a database of its own, and the others damage it alike.
        (
            *_tests(
                "tests/audit/test_verification.py",
                "verify_after_two_links_to_one_event_names_it",
                "hash_of_a_link_is_the_sha_256_of_its_place_the_hash_before_and_the_columns",
                "head_is_read_as_it_is_printed_and_refused_in_words",
                "faults_say_in_words_what_and_where",
            ),
            *_tests(
                "tests/audit/test_record.py",
                "record_keeps_who_what_and_where",
                "record_names_what_there_is_of_a_person_cut_to_its_column",
                "record_takes_kind_and_number_from_the_object",
                "record_writes_dates_and_notes_the_databases_clock_beside_the_callers",
                "record_outside_a_transaction_is_refused",
                "record_of_a_malformed_action_is_refused",
                "digest_holds_hash_and_length_and_not_the_text",
                "record_says_what_it_is_told_and_leaves_the_rest_empty",
                "renamed_model_keeps_the_name_that_the_log_knows",
            ),
        ),
    ),
}
