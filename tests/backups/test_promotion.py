"""A promoted replica is another life of the database from its first moment on: nobody releases mail by waiting."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import psycopg2

from backups.queries import IS_MAIL_HELD, LIFE
from tracker.postgres import Cluster

_SWITCH = "CREATE TABLE backups_mailswitch (id bigint, is_on boolean, server bigint, timeline integer)"
_HELD = f"SELECT {IS_MAIL_HELD}"


def _asked(url: str, question: str) -> tuple[object, ...]:
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(question)
            row: tuple[object, ...] = cursor.fetchone() or ()
            return row
    finally:
        connection.close()


def _made_a_replica(cluster: Cluster) -> None:
    """Start the server again as one that waits for the changes of another."""
    assert cluster.process is not None
    os.kill(int((cluster.data / "postmaster.pid").read_text().split("\n", 1)[0]), signal.SIGINT)
    cluster.process.wait(20)
    (cluster.data / "standby.signal").touch()
    cluster.keep()


def test_promoted_replica_is_another_life_at_once(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "postgres", durable=False)
    cluster.start()
    try:
        before = _asked(cluster.web_url, LIFE)
        # So much is to be written at the first checkpoint that it takes its time.
        _asked(cluster.owner_url, f"{_SWITCH}; SELECT 1")
        _asked(cluster.owner_url, "CREATE TABLE a AS SELECT g FROM generate_series(1, 100000) g; SELECT 1")
        _made_a_replica(cluster)
        assert _asked(cluster.web_url, LIFE) == before
        assert _asked(cluster.owner_url, _HELD) == (False,)
        assert _asked(cluster.superuser_url, "SELECT pg_promote()") == (True,)
        after = _asked(cluster.web_url, LIFE)
        assert after == (before[0], int(str(before[1])) + 1)
        assert _asked(cluster.superuser_url, "CHECKPOINT; SELECT 1") == (1,)
        assert _asked(cluster.web_url, LIFE) == after
        # Also where the data knows of no decision, as in a backup that is older than the first.
        assert _asked(cluster.owner_url, _HELD) == (True,)
    finally:
        cluster.stop()
