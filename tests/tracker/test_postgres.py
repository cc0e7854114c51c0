"""The embedded server: private, two roles, and up again after kill -9."""

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from tracker.postgres import Cluster, PostgresError, as_server
from tracker.processes import is_alive

BASE = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path / "postgres", durable=False)
    made.start()
    yield made
    made.stop()


def ask(url: str, question: str) -> object:
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            row = cursor.fetchone()
            return row[0] if row else None
    finally:
        connection.close()


def do(url: str, statement: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_start_is_private_and_sound(cluster: Cluster) -> None:
    assert mode(cluster.data) == 0o700
    assert mode(cluster.folder / "passwords.json") == 0o600
    assert mode(Path((cluster.folder / "socket").read_text())) == 0o700
    assert ask(cluster.web_url, "SHOW data_checksums") == "on"
    assert ask(cluster.web_url, "SHOW listen_addresses") == ""
    assert ask(cluster.web_url, "SHOW password_encryption") == "scram-sha-256"
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(cluster.web_url.replace("jejak_web:", "jejak_web:wrong"))

    assert (
        ask(cluster.owner_url, "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
        is False
    )
    do(cluster.owner_url, "CREATE TABLE kept (id int)")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        do(cluster.web_url, "CREATE TABLE mine (id int)")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(cluster.web_url, "SELECT count(*) FROM kept")

    cluster.close_to_owner()
    with pytest.raises(psycopg2.OperationalError, match="not permitted to log in"):
        psycopg2.connect(cluster.owner_url)
    assert mode(cluster.folder / "passwords.json") == 0
    assert ask(cluster.web_url, "SELECT 1") == 1
    cluster.stop()
    cluster.start()
    assert ask(cluster.owner_url, "SELECT 1") == 1
    assert mode(cluster.folder / "passwords.json") == 0o600


@pytest.mark.long
def test_start_after_kill_keeps_the_data(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "postgres")
    cluster.start()
    try:
        do(cluster.owner_url, "CREATE TABLE kept AS SELECT 42 AS answer")
        assert cluster.process is not None
        os.killpg(cluster.process.pid, signal.SIGKILL)
        cluster.process.wait()
        assert (cluster.data / "postmaster.pid").exists()
        cluster.start()
        assert ask(cluster.owner_url, "SELECT answer FROM kept") == 42
    finally:
        cluster.stop()


@pytest.mark.long
def test_start_ends_the_server_that_a_killed_run_left(cluster: Cluster) -> None:
    assert cluster.process is not None
    again = Cluster(cluster.folder, durable=False)
    again.start()
    assert again.process is not None
    assert cluster.process.wait(timeout=10) is not None
    assert ask(again.web_url, "SELECT 1") == 1
    again.stop()


@pytest.mark.long
def test_start_beside_a_stranger_with_the_old_number(cluster: Cluster) -> None:
    cluster.stop()
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.data}\n")
    cluster.start()
    assert ask(cluster.web_url, "SELECT 1") == 1


@pytest.mark.long
def test_keep_starts_a_fallen_server_on_the_same_socket(cluster: Cluster) -> None:
    url = cluster.web_url
    assert cluster.process is not None
    os.killpg(cluster.process.pid, signal.SIGKILL)
    cluster.process.wait()
    cluster.keep()
    assert ask(url, "SELECT 1") == 1


@pytest.mark.long
def test_keep_waits_for_the_children_of_a_fallen_server(cluster: Cluster) -> None:
    url = cluster.web_url
    assert cluster.process is not None
    pid = cluster.process.pid
    child = int(Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()[0])
    os.kill(child, signal.SIGSTOP)
    os.killpg(pid, signal.SIGKILL)
    cluster.process.wait()
    release = threading.Timer(1, os.kill, (child, signal.SIGCONT))
    release.start()
    cluster.keep()
    assert not release.is_alive()
    assert ask(url, "SELECT 1") == 1


@pytest.mark.long
def test_start_in_a_deep_folder_beside_another(tmp_path: Path, cluster: Cluster) -> None:
    deep = Cluster(tmp_path / ("long" * 30) / "postgres", durable=False)
    deep.start()
    try:
        assert deep.web_url != cluster.web_url
        assert ask(deep.web_url, "SELECT 1") == ask(cluster.web_url, "SELECT 1") == 1
    finally:
        deep.stop()


@pytest.mark.long
def test_start_after_a_cut_initdb_begins_again(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "postgres", durable=False)
    cluster.data.mkdir(parents=True)
    (cluster.data / "PG_VERSION").write_text("18\n")
    cluster.start()
    assert ask(cluster.web_url, "SELECT 1") == 1
    cluster.stop()


@pytest.mark.long
def test_start_without_the_passwords_says_what_to_do(
    cluster: Cluster,
) -> None:
    cluster.stop()
    version, passwords = cluster.data / "PG_VERSION", cluster.folder / "passwords.json"
    ours = version.read_text()
    version.write_text("12\n")
    with pytest.raises(PostgresError, match="are of PostgreSQL 12, the installed programs of"):
        Cluster(cluster.folder).start()
    version.write_text(ours)
    passwords.unlink()
    with pytest.raises(PostgresError, match="put the file back, or remove"):
        Cluster(cluster.folder).start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs a user namespace")
def test_start_as_root_without_namespaces_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(PostgresError, match="start as a plain user, or set DATABASE_URL"):
        as_server(["true"])


@pytest.mark.long
def test_kill_of_the_starter_ends_the_server(tmp_path: Path) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-m", "tracker.postgres", str(tmp_path / "postgres")],
        cwd=BASE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert starter.stdout is not None
    assert starter.stdout.readline().startswith("postgres://")
    pid = int((tmp_path / "postgres" / "data" / "postmaster.pid").read_text().split("\n")[0])
    starter.kill()
    starter.wait()
    starter.stdout.close()
    limit = time.monotonic() + 20
    while is_alive(pid) and time.monotonic() < limit:
        time.sleep(0.05)
    assert not is_alive(pid)
    Cluster(tmp_path / "postgres")._forget_socket_folder()
