"""The cache that all processes share, in a table of the database, as JSON: what it holds can be read, never run.

Django's own `DatabaseCache` stores pickles, so whoever could write the table could run code in the web process. It also
counts the table at each write and drops live rows beyond 300, so that somebody with many addresses could push out other
people's counters. Why a backend of our own: docs/adr/0022.
"""

import json
import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, cast

from django.core.cache import cache as default_cache
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

logger = logging.getLogger(__name__)

#: Rows whose time is over that each new row takes away: the table cannot grow beyond what is alive.
_SWEPT_AT_A_TIME = 20
_NEVER = datetime.max.replace(tzinfo=UTC)


class SharedCache(BaseCache):
    """JSON values in the table of `accounts.SharedCacheRow`; one statement an act, so that processes cannot collide.

    It refuses (TypeError, ValueError) what JSON cannot hold, and takes a row that is no JSON for missing.
    """

    def __init__(self, table: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._table = connection.ops.quote_name(table)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self.get_many([key], version=version).get(key, default)

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        full = {self.make_and_validate_key(key, version=version): key for key in keys}
        sql = f"SELECT cache_key, value FROM {self._table} WHERE cache_key = ANY(%s) AND expires > clock_timestamp()"  # noqa: S608
        found = {}
        with connection.cursor() as cursor:
            cursor.execute(sql, [list(full)])
            for full_key, text in cursor.fetchall():
                try:
                    found[full[full_key]] = json.loads(text)
                except (ValueError, RecursionError):
                    logger.warning("A row of the shared cache is no JSON and counts as missing")
        return found

    def set(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._write(key, value, timeout, version, replaces="TRUE")

    def add(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Store the value unless there is one; exactly one of many processes is told that it did."""
        return self._write(key, value, timeout, version, replaces="kept.expires <= clock_timestamp()")

    def touch(self, key: str, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        sql = f"UPDATE {self._table} SET expires = %s WHERE cache_key = %s AND expires > clock_timestamp()"  # noqa: S608
        return self._execute(sql, [self._expiry(timeout), self.make_and_validate_key(key, version=version)])

    def delete(self, key: str, version: int | None = None) -> bool:
        sql = f"DELETE FROM {self._table} WHERE cache_key = %s"  # noqa: S608 - the table's name is a setting
        return self._execute(sql, [self.make_and_validate_key(key, version=version)])

    def clear(self) -> None:
        self._execute(f"DELETE FROM {self._table}", [])  # noqa: S608

    def add_up(self, key: str, amount: int, *, most: int, timeout: float) -> bool:
        """Add to a whole number that begins at 0; return False, and add nothing, where the sum would be above `most`.

        The number lives `timeout` seconds from its first adding. One statement: no two processes both get the last place.
        """
        if amount > most:
            return False
        number = "CASE WHEN kept.expires > clock_timestamp() AND kept.value ~ '^[0-9]{1,15}$' THEN kept.value::bigint ELSE 0 END"
        expires = "CASE WHEN kept.expires > clock_timestamp() THEN kept.expires ELSE EXCLUDED.expires END"
        sql = (
            f"INSERT INTO {self._table} AS kept (cache_key, value, expires) VALUES (%s, %s, %s) "  # noqa: S608
            f"ON CONFLICT (cache_key) DO UPDATE SET value = ({number} + %s)::text, expires = {expires} "
            f"WHERE {number} + %s <= %s"
        )
        full_key = self.make_and_validate_key(key)
        return self._execute(sql, [full_key, str(amount), self._expiry(timeout), amount, amount, most])

    def ends_at(self, key: str) -> float | None:
        """Return when the row of a key ends, as seconds of the real clock; None when there is none."""
        sql = f"SELECT extract(epoch FROM expires) FROM {self._table} WHERE cache_key = %s AND expires > clock_timestamp()"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(sql, [self.make_and_validate_key(key)])
            row = cursor.fetchone()
        return float(row[0]) if row else None

    def _write(
        self, key: str, value: Any, timeout: float | None, version: int | None, *, replaces: str
    ) -> bool:
        text = json.dumps(value, allow_nan=False)
        sql = (
            f"WITH swept AS (DELETE FROM {self._table} WHERE cache_key IN (SELECT cache_key FROM {self._table} "  # noqa: S608
            f"WHERE expires < clock_timestamp() - interval '1 minute' LIMIT {_SWEPT_AT_A_TIME} FOR UPDATE SKIP LOCKED)) "
            f"INSERT INTO {self._table} AS kept (cache_key, value, expires) VALUES (%s, %s, %s) "
            "ON CONFLICT (cache_key) DO UPDATE SET value = EXCLUDED.value, expires = EXCLUDED.expires "
            f"WHERE {replaces}"
        )
        full_key = self.make_and_validate_key(key, version=version)
        return self._execute(sql, [full_key, text, self._expiry(timeout)])

    def _execute(self, sql: str, values: list[Any]) -> bool:
        """Run a statement; return whether it touched a row."""
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return bool(cursor.rowcount)

    def _expiry(self, timeout: float | None) -> datetime:
        instant = self.get_backend_timeout(timeout)
        return _NEVER if instant is None else datetime.fromtimestamp(instant, tz=UTC)


#: The cache of the settings, with what it can beyond Django's own.
cache = cast("SharedCache", default_cache)
