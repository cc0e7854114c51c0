"""What a preview supposes in place of what is recorded: a rule as it is typed, or that everybody can sign in.

In a statement, a relation of WITH hides the table of its name. So a preview runs the very statement of the planning,
over relations that stand for tables, and who is told of what is written once (docs/adr/0008).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from reminders.models import ReminderRule

if TYPE_CHECKING:
    from recommendations.models import Cycle
    from reminders.rules.checks import RuleValues

#: The number of a rule that is not saved yet. Of two rules that say the same, the older speaks: so the highest.
NEW_RULE = 2**62

#: The rules that could speak of the same matters, with the supposed one in the place of the saved one.
_RULE = """
reminders_reminderrule AS (
    SELECT id, cycle_id, what, audience, first_days, every_days, times, coordinator_days, mapo_days, is_urgent, is_on
    FROM reminders_reminderrule
    WHERE cycle_id = %(rule_cycle)s AND what = %(rule_what)s AND id <> %(rule_id)s
    UNION ALL
    SELECT %(rule_id)s::bigint, %(rule_cycle)s, %(rule_what)s, %(rule_audience)s, %(rule_first_days)s::integer,
           %(rule_every_days)s::integer, %(rule_times)s::integer, %(rule_coordinator_days)s::integer,
           %(rule_mapo_days)s::integer, %(rule_is_urgent)s, true)
"""
_CYCLE = """
recommendations_cycle AS (SELECT * FROM recommendations_cycle WHERE id = %(rule_cycle)s)
"""
#: Everybody can sign in, and is cleared for everything.
_EVERYBODY = """
accounts_user AS (
    SELECT id, agency_id, 32767 AS clearance, place, role, is_acting, true AS is_active,
           '-infinity'::timestamptz AS joined_at
    FROM accounts_user)
"""


@dataclass(frozen=True)
class PreviewRule:
    """A rule of a cycle as it is typed, switched on, beside the saved rules. `rule_id` is the one that it replaces."""

    values: RuleValues
    cycle: Cycle
    rule_id: int = NEW_RULE

    def as_rule(self) -> ReminderRule:
        """Return it as a rule that is not saved."""
        return ReminderRule(pk=self.rule_id, cycle=self.cycle, **self.values.values)


@dataclass(frozen=True)
class PreviewTables:
    """What one statement supposes. `everybody`: that all people can sign in."""

    rule: PreviewRule | None = None
    everybody: bool = False

    @property
    def relations(self) -> tuple[str, ...]:
        """The relations, to come before those of the planning."""
        found = (_RULE, _CYCLE) if self.rule else ()
        return (*found, _EVERYBODY) if self.everybody else found

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of the relations."""
        if self.rule is None:
            return {}
        values = {f"rule_{name}": value for name, value in asdict(self.rule.values).items()}
        return values | {"rule_id": self.rule.rule_id, "rule_cycle": self.rule.cycle.pk}
