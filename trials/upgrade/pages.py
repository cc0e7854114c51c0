"""`python -m trials.upgrade.pages`: the last release's own tests of pages and of writes, on the tables of this tree.

The database is made by this tree; everything else, tests and code, is the last release's. Arguments go to pytest.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2
from psycopg2 import sql

from tests.databases import named
from tracker.postgres import DATABASE, Cluster
from trials.releases import Tree, TrialFailed, kept_environment, released_tree, this_tree

#: Every page for every role, in the browser too, and the main writes: those that the release has.
USUAL = (
    "tests/test_walk.py",
    "tests/test_matrix.py",
    "tests/test_bad_input.py",
    "tests/e2e/test_every_page.py",
    "tests/recommendations",
    "tests/evidence",
    "tests/meetings",
    "tests/cycles",
)
#: Asks the tests for their settings: with another key the database takes no event.
_FIXED = ("-c", "import json, tests.harness; print(json.dumps(tests.harness.FIXED))")


def _settings(cluster: Cluster, name: str) -> dict[str, str]:
    return kept_environment() | {
        "DATABASE_OWNER_URL": named(cluster.owner_url, name),
        "DATABASE_URL": named(cluster.web_url, name),
        "ENV_FILE": "",
    }


def _make_tables(cluster: Cluster, old: Tree, new: Tree, log: Path) -> None:
    """Let this tree make the database that the last release's tests take for their own."""
    asked = ("-c", "from tests.databases import fingerprint; print(fingerprint())")
    mark = old.run(*asked, environment=_settings(cluster, DATABASE), log=log).strip()
    name = f"{DATABASE}_t_{mark}"
    connection = psycopg2.connect(cluster.owner_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    connection.close()
    fixed = old.run(*_FIXED, environment=_settings(cluster, DATABASE), log=log).splitlines()[-1]
    environment = json.loads(fixed) | _settings(cluster, name) | {"JEJAK_DATABASE_ROLE": "owner"}
    new.run("-m", "tests.template", environment=environment, log=log)


def main(arguments: list[str]) -> int:
    """Run the tests; return 1 when one fails."""
    began = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="jejak-released-") as name:
            return _run(Path(name), arguments, began)
    except TrialFailed as failed:
        print(failed)
        return 1


def _run(folder: Path, arguments: list[str], began: float) -> int:
    old = released_tree(folder / "released", packages="requirements-dev.txt")
    cluster = Cluster(folder / "postgres", durable=False)
    cluster.start()
    try:
        _make_tables(cluster, old, this_tree(), folder / "setup.log")
        print(
            f"The tests of {old.title} on the tables of this tree, after {time.monotonic() - began:.0f} s:",
            flush=True,
        )
        usual = [name for name in USUAL if (old.folder / name).exists()]
        chosen = arguments or ["-n", "2", "--dist", "worksteal", *usual]
        done = subprocess.run(
            [old.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen],
            cwd=old.folder,
            env=_settings(cluster, DATABASE),
            stdin=subprocess.DEVNULL,
            check=False,
        )
    finally:
        cluster.stop()
    return 1 if done.returncode else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
