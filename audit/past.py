"""The past of tables that change: the database keeps every version of a live row.

A live table holds the present. Its version table, a `PastRow`, holds each version with the instants of its
start and end; triggers that `KeepPast` installs write it, and nobody else can.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from django.db import migrations, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.guards import sql_literal

_REFUSE = "FOR EACH STATEMENT EXECUTE FUNCTION guard_refuse()"


class PastQuerySet(models.QuerySet[Any]):
    """Selections of versions by time."""

    def as_at(self, instant: datetime | F) -> Self:
        """Return the versions in force just before an instant; for a day, pass `clock.end_of_day(day)`."""
        return self.filter(Q(ended_at__isnull=True) | Q(ended_at__gte=instant), began_at__lt=instant)

    def current(self) -> Self:
        """Return the versions in force now."""
        return self.filter(ended_at__isnull=True)


class PastRow(models.Model):
    """One version of a live row, from `began_at` to `ended_at` (NULL while it is current).

    The database alone writes it. A subclass declares the key (a foreign key to the live table with on_delete
    DO_NOTHING, and db_constraint False where live rows can be deleted) and repeats the recorded columns; its
    migration ends with `KeepPast`.
    """

    web_grants = "read"

    began_at = models.DateTimeField(_("From"), editable=False)
    ended_at = models.DateTimeField(_("Until"), null=True, editable=False)

    objects = PastQuerySet.as_manager()

    class Meta:
        abstract = True


class KeepPast(migrations.RunSQL):
    """Migration operation: record the versions of `table` in `version_table` from now on.

    `key` is the version table's column with the live row's primary key (`live_key`, default "id"); `columns`
    are copied under the same names. All names are those of the database. Existing rows get a first version
    that begins now. A change of any of the columns (or of the key) closes the current version and opens a new
    one, at `jejak_now()`; deleting a row closes its version. TRUNCATE of either table, and any other write to
    the version table, is refused. The migration must depend on ("audit", "0001_initial"). Reversing it drops
    the triggers and keeps the versions.
    """

    def __init__(
        self, table: str, version_table: str, key: str, columns: Sequence[str], live_key: str = "id"
    ) -> None:
        self.table = table
        self.version_table = version_table
        self.key = key
        self.columns = tuple(columns)
        self.live_key = live_key
        forwards = (self._first_versions, self._shape, self._live_triggers, self._version_triggers)
        super().__init__(
            sql=tuple(statement for part in forwards for statement in part()),
            reverse_sql=tuple(self._removal()),
        )

    def describe(self) -> str:
        return f"Keep the past of {self.table} in {self.version_table}"

    @property
    def migration_name_fragment(self) -> str:
        return f"keep_past_{self.table}"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        names = ("table", "version_table", "key", "columns", "live_key")
        return self.__class__.__name__, [], {name: getattr(self, name) for name in names}

    def _removal(self) -> list[str]:
        """Return SQL that drops the triggers, indexes and the constraint, and keeps the versions."""
        live, version = _quoted(self.table), _quoted(self.version_table)
        return [
            *(
                f"DROP TRIGGER keep_past_{when} ON {live}"
                for when in ("insert", "update", "delete", "truncate")
            ),
            *(f"DROP TRIGGER {guard} ON {version}" for guard in ("past_row_guard", "past_statement_guard")),
            f"DROP INDEX {self._index('now')}",
            f"DROP INDEX {self._index('time')}",
            f"ALTER TABLE {version} DROP CONSTRAINT {self._index('order')}",
        ]

    def _first_versions(self) -> list[str]:
        """Return SQL that opens a version of every existing row, after closing what a reversal left open."""
        version, copied = _quoted(self.version_table), ", ".join(map(_quoted, self.columns))
        live, keys = _quoted(self.table), (_quoted(self.key), _quoted(self.live_key))
        # Versions that were left open by taking this operation back end here.
        close = f"UPDATE {version} SET ended_at = greatest(began_at, jejak_now()) WHERE ended_at IS NULL"  # noqa: S608 - quoted
        fresh = f"SELECT {keys[1]}, {copied}, jejak_now() FROM {live}"  # noqa: S608 - quoted
        begin = f"INSERT INTO {version} ({keys[0]}, {copied}, began_at) {fresh}"
        return [close, begin]

    def _shape(self) -> list[str]:
        """Return SQL for the version table's indexes and its constraint on time."""
        version, key = _quoted(self.version_table), _quoted(self.key)
        return [
            # Rows with deferred checks pending would block the ALTER TABLE below.
            "SET CONSTRAINTS ALL IMMEDIATE",
            f"CREATE UNIQUE INDEX {self._index('now')} ON {version} ({key}) WHERE ended_at IS NULL",
            f"CREATE INDEX {self._index('time')} ON {version} ({key}, began_at)",
            f"ALTER TABLE {version} ADD CONSTRAINT {self._index('order')} CHECK (ended_at >= began_at)",
        ]

    def _live_triggers(self) -> list[str]:
        """Return SQL for the triggers that record changes of the live table."""
        live = _quoted(self.table)
        arguments = ", ".join(
            sql_literal(name) for name in (self.version_table, self.key, self.live_key, *self.columns)
        )
        changed = " OR ".join(
            f"OLD.{_quoted(column)} IS DISTINCT FROM NEW.{_quoted(column)}"
            for column in (self.live_key, *self.columns)
        )
        call = f"EXECUTE FUNCTION keep_past({arguments})"
        return [
            f"CREATE TRIGGER keep_past_insert AFTER INSERT ON {live} FOR EACH ROW {call}",
            f"CREATE TRIGGER keep_past_update AFTER UPDATE ON {live} FOR EACH ROW WHEN ({changed}) {call}",
            f"CREATE TRIGGER keep_past_delete AFTER DELETE ON {live} FOR EACH ROW {call}",
            f"CREATE TRIGGER keep_past_truncate BEFORE TRUNCATE ON {live} {_REFUSE}",
        ]

    def _version_triggers(self) -> list[str]:
        """Return SQL for the triggers that refuse other writes to the version table."""
        version, guard = _quoted(self.version_table), "FOR EACH ROW EXECUTE FUNCTION past_guard()"
        return [
            f"CREATE TRIGGER past_row_guard BEFORE INSERT OR UPDATE ON {version} {guard}",
            f"CREATE TRIGGER past_statement_guard BEFORE DELETE OR TRUNCATE ON {version} {_REFUSE}",
        ]

    def _index(self, purpose: str) -> str:
        """Return the quoted name of an index or constraint of the version table."""
        return _quoted(f"{self.version_table[:50]}_past_{purpose}")


def _quoted(name: str) -> str:
    """Return a database name in double quotes."""
    return '"' + name.replace('"', '""') + '"'
