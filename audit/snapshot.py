"""Reading much from one moment of the database, in memory that does not grow with it, also behind a pool of connections."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet


@contextmanager
def database_snapshot() -> Iterator[None]:
    """Read everything inside from one snapshot of the database, whatever others write meanwhile; nothing is written.

    Inside a transaction that has begun already, it changes nothing.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def stream_rows(rows: QuerySet[Any, Any], *, chunk_size: int) -> Iterator[Any]:
    """Yield rows from a cursor of the server, `chunk_size` at a time.

    Only within one transaction, such as `database_snapshot`: there a pool keeps to one connection of the server. Hence
    DATABASE_POOLED, which forbids Django's own `iterator` such cursors, need not forbid them here. Raises
    TransactionManagementError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("rows are streamed within one transaction")
    streamed: Iterable[Any] = rows._iterable_class(rows, chunked_fetch=True, chunk_size=chunk_size)  # type: ignore[assignment]
    yield from streamed
