"""How a run of the suite goes: fixed order, a shuffle that can be repeated, and what it says at its end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.long
GREEN = "".join(f"def test_{number}(): pass\n" for number in range(8))


def run(folder: Path, code: str, *arguments: str, cores: int = 2) -> tuple[int, list[str]]:
    """Run a file of tests by the suite's rules; return the exit code and the lines that it prints."""
    (folder / "test_tried.py").write_text(code)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.running",
        "-p",
        "no:django",
        "-p",
        "no:cacheprovider",
    ]
    allowed = sorted(os.sched_getaffinity(0))[:cores]
    done = subprocess.run(
        [*command, "-c", os.devnull, f"--rootdir={folder}", "-v", *arguments, str(folder)],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: os.sched_setaffinity(0, allowed),
    )
    return done.returncode, (done.stdout + done.stderr).strip().splitlines()


def order_of(lines: list[str]) -> list[str]:
    return [line.split("::")[1].split()[0] for line in lines if "::" in line]


def test_order_is_fixed(tmp_path: Path) -> None:
    code, lines = run(tmp_path, GREEN)
    assert (code, order_of(lines)) == (0, [f"test_{number}" for number in range(8)])
    assert lines[-1].startswith("8 tests passed in 0 min ")


def test_shuffle_prints_its_seed_first_and_repeats_it(tmp_path: Path) -> None:
    code, lines = run(tmp_path, GREEN, "--shuffle")
    assert code == 0
    seed = lines[0].removeprefix("Seed ").split(":")[0]
    assert order_of(run(tmp_path, GREEN, "--shuffle", "--seed", seed)[1]) == order_of(lines)
    assert sorted(order_of(lines)) != order_of(run(tmp_path, GREEN, "--shuffle", "--seed", "3")[1])


def test_shuffle_with_a_red_test_ends_red(tmp_path: Path) -> None:
    code, lines = run(tmp_path, GREEN + "def test_red(): assert not 1\n", "--shuffle", "-n", "auto")
    assert code == 1
    assert lines[-1].startswith("1 of 9 tests failed in ")


@pytest.mark.parametrize("seed", ["abc", "-1", "1" * 10, "²"])
def test_seed_that_is_no_number_is_one_sentence(tmp_path: Path, seed: str) -> None:
    code, lines = run(tmp_path, GREEN, "--shuffle", f"--seed={seed}")
    assert (code, lines) == (4, [f"ERROR: The seed {seed!r} is no number of up to 9 digits."])


def test_seed_without_a_shuffle_is_one_sentence(tmp_path: Path) -> None:
    code, lines = run(tmp_path, GREEN, "--seed=1")
    assert (code, len(lines)) == (4, 1) and "make shuffle" in lines[0]


def test_worker_that_dies_ends_red_and_is_named(tmp_path: Path) -> None:
    code, lines = run(tmp_path, GREEN + "import os\ndef test_dies(): os._exit(3)\n", "-n", "auto")
    assert code == 1
    assert any("crashed while running" in line for line in lines)
    assert lines[-1].startswith("1 of 9 tests failed in ")


def test_one_core_is_told_and_keeps_the_order(tmp_path: Path) -> None:
    code, lines = run(tmp_path, GREEN, "-n", "auto", cores=1)
    assert code == 0
    assert [line for line in lines if line.startswith("This machine has one core: ")]
    assert lines[-1].startswith("8 tests passed in ")
