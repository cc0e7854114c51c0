"""The one command: up, signed in as the right roles, one at a time, down; and up again after kill -9."""

import http.client
import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracker.processes import is_alive
from tracker.run import Installation, steps_of
from tracker.steps import SetupStep, SetupSteps, StepFailed, fingerprint

BASE = Path(__file__).resolve().parent.parent.parent
GIVEN_UP = {
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "BROKER_URL",
    "MEDIA_ROOT",
    "STATIC_ROOT",
    "SECRET_KEY",
    "PORT",
    "ALLOWED_HOSTS",
    "SITE_URL",
}


class Product:
    """`python -m tracker.run` in a folder of its own, without the demonstration, which has its own test."""

    def __init__(self, folder: Path) -> None:
        self.state = folder
        self.log = folder.with_name(f"{folder.name}.out")
        self.process: subprocess.Popen[bytes] | None = None
        kept = {name: value for name, value in os.environ.items() if name not in GIVEN_UP}
        self.environment = {**kept, "STATE_DIR": str(folder), "ENVIRONMENT": "development", "DEMO": "false"}

    def start(self) -> str:
        """Start it and return what it said until it was ready."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tracker.run"], cwd=BASE, env=self.environment, stdout=log, stderr=log
            )
        limit = time.monotonic() + 300
        while "Ctrl-C stops" not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < limit, self.said()
            time.sleep(0.1)
        return self.said()

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def end(self, sign: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(sign)
        return self.process.wait(timeout=60)

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, cwd=BASE, env=self.environment, capture_output=True, text=True, check=False
        )

    def children(self) -> list[int]:
        """The process ids of everything that it started and that runs."""
        assert self.process is not None
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [int(pid) for task in tasks for pid in task.read_text().split()]


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    made = Product(tmp_path / "state")
    yield made
    if made.process is not None and made.process.poll() is None:
        made.end(signal.SIGTERM)


def port_of(said: str) -> int:
    found = re.search(r"http://localhost:(\d+)", said)
    assert found
    return int(found[1])


def answer(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("localhost", port, timeout=10)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status


def environment_of(pid: int) -> str:
    return Path(f"/proc/{pid}/environ").read_text(errors="replace")


@pytest.mark.long
def test_run_kill_run_stop(product: Product) -> None:
    said = product.start()
    assert [
        step in said for step in ("Database …", "Tables …", "Rights", "The cycle …", "Static files …")
    ] == [True] * 5
    port = port_of(said)
    assert answer(port, "/health/") == 200
    assert answer(port, "/sign-in/") == 200
    children = product.children()
    assert len(children) == 4
    assert sum(f"SITE_URL=http://localhost:{port}\0" in environment_of(pid) for pid in children) == 3
    assert f"SITE_URL=http://localhost:{port}\n" in (product.state / "web.env").read_text(encoding="ascii")
    assert not any("DATABASE_OWNER_URL" in environment_of(pid) for pid in children)
    for name in ("web.env", "owner.env", "secret-key", "postgres/passwords.json"):
        assert stat.S_IMODE((product.state / name).stat().st_mode) == 0o600

    assert "No changes" in product.run("manage.py", "makemigrations", "--check", "--dry-run").stdout
    second = product.run("-m", "tracker.run")
    assert second.returncode == 1
    assert f"already runs from this folder (http://localhost:{port})" in second.stderr

    running = product.run("-m", "tracker.run", "verify")
    assert running.returncode == 0, running.stderr
    assert re.search(r"\d+:[0-9a-f]{64}", running.stdout)

    product.end(signal.SIGKILL)
    limit = time.monotonic() + 40
    while any(map(is_alive, children)) and time.monotonic() < limit:
        time.sleep(0.1)
    assert not any(map(is_alive, children))

    again = product.start()
    assert "Tables" not in again
    assert "Static files" not in again
    assert answer(port_of(again), "/health/") == 200
    children = product.children()
    assert product.run("-m", "tracker.run", "stop").returncode == 0
    assert product.process is not None
    assert product.process.wait(timeout=10) == 0
    assert not any(map(is_alive, children))
    _assert_verifies_while_stopped(product, running.stdout)


def _assert_verifies_while_stopped(product: Product, earlier: str) -> None:
    """The log is verified with an earlier head, its database goes down again, and a command alone says what to do."""
    head = re.search(r"\d+:[0-9a-f]{64}", earlier)
    assert head
    stopped = product.run("-m", "tracker.run", "verify", "--head", head[0])
    assert stopped.returncode == 0, stopped.stderr
    assert head[0] in stopped.stdout
    wrong = product.run(
        "-m", "tracker.run", "verify", "--head", head[0][:-1] + ("0" if head[0][-1] != "0" else "1")
    )
    assert wrong.returncode == 1
    alone = product.run("manage.py", "verify_audit")
    assert alone.returncode == 1
    assert "The database does not answer" in alone.stderr
    assert "Traceback" not in stopped.stderr + wrong.stderr + alone.stderr


@pytest.mark.long
def test_run_in_production_takes_the_owners_password_away(product: Product) -> None:
    product.environment |= {
        "ENVIRONMENT": "production",
        "ALLOWED_HOSTS": "localhost",
        "SITE_URL": "https://localhost",
        "EMAIL_URL": "smtp://mail.example",
    }
    said = product.start()
    assert "For real data write DATABASE_URL and DATABASE_OWNER_URL of a server of your own." in said
    assert not (product.state / "owner.env").exists()
    assert stat.S_IMODE((product.state / "postgres/passwords.json").stat().st_mode) == 0
    assert product.run("-m", "tracker.run", "verify").returncode == 0
    asked = product.run("-m", "tracker.run", "manage", "showmigrations")
    assert asked.returncode != 0
    assert "DATABASE_OWNER_URL" in asked.stderr
    product.end(signal.SIGTERM)
    stopped = product.run("-m", "tracker.run", "manage", "showmigrations", "audit")
    assert stopped.returncode == 0, stopped.stderr
    assert "[X] 0001_initial" in stopped.stdout


def test_verify_before_the_first_run_says_so(product: Product) -> None:
    done = product.run("-m", "tracker.run", "verify")
    assert done.returncode == 1
    assert "Jejak has not run from this folder yet" in done.stderr
    assert "Traceback" not in done.stderr


def test_run_with_half_of_the_addresses_says_what_to_do(product: Product) -> None:
    product.environment["DATABASE_URL"] = "postgres://a:b@127.0.0.1:9/none"
    done = product.run("-m", "tracker.run")
    assert done.returncode == 1
    assert "Only DATABASE_URL is set: write both" in done.stderr
    assert "Traceback" not in done.stderr


def test_run_on_a_taken_port_says_what_to_do(product: Product) -> None:
    product.environment["PORT"] = "1" if os.geteuid() else "70000"
    done = product.run("-m", "tracker.run")
    assert done.returncode == 1
    assert "PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_steps_run_once_for_the_same_inputs(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_text("one")
    made = SetupSteps(memory=tmp_path / "memory", log=tmp_path / "log", environment={}, folder=tmp_path)
    append = ("-c", "open('runs', 'a').write('x')")

    def step() -> SetupStep:
        return SetupStep("append", "Append", append, fingerprint(tmp_path, ["sou*"]))

    made.run([step()])
    made.run([step()])
    assert (tmp_path / "runs").read_text() == "x"
    source.write_text("two")
    SetupSteps(memory=tmp_path / "memory", log=tmp_path / "log", environment={}, folder=tmp_path).run(
        [step()]
    )
    assert (tmp_path / "runs").read_text() == "xx"


def test_step_that_fails_is_told_and_run_again(tmp_path: Path) -> None:
    made = SetupSteps(memory=tmp_path / "memory", log=tmp_path / "log", environment={}, folder=tmp_path)
    step = SetupStep(
        "fail", "Fail", ("-c", "open('runs', 'a').write('x'); raise SystemExit('no luck')"), "same"
    )
    for _ in range(2):
        with pytest.raises(StepFailed, match=r"Fail failed \(log: .*\nno luck"):
            made.run([step])
    assert (tmp_path / "runs").read_text() == "xx"


def test_translations_come_before_what_is_kept_in_both_languages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"STATE_DIR": str(tmp_path), "DEMO": "true", "SECRET_KEY": "k" * 50}.items():
        monkeypatch.setenv(name, value)
    steps = [step.name for step in steps_of(Installation(), None)]
    assert steps.index("words") < min(steps.index("demo"), steps.index("cycle"))
