"""Missing programs of the system: all are named at once, with the one command that installs them."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.replacing import replace_in
from tracker.house import programs
from tracker.house.programs import Program, ensure

pytestmark = pytest.mark.long

HERE = Program("the shell", ("sh",), ("dash",), "The tests need")
ONE = Program("Satu", ("jejak-satu",), ("satu", "dua"), "The tests need", "make test")
OTHER = Program("Tiga", ("jejak-tiga",), ("tiga",), "The tests need", "make test", service="tiga")


def test_who_is_not_root_is_told_one_command_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    replace_in(monkeypatch, programs, "os", geteuid=lambda: 1000)
    with pytest.raises(SystemExit) as left:
        ensure([OTHER, HERE, ONE])
    assert left.value.code == (
        "The tests need Tiga and Satu: run `sudo apt-get install --yes --no-install-recommends dua satu tiga`, "
        "then `make test` again."
    )


class Machine:
    """Root's, without one of the programs: what is run installs them, or what Debian calls by that name."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path, *, brings: set[str]) -> None:
        self.ran: list[list[str]] = []
        self._there, self._brings = {"sh", "apt-get"}, brings
        replace_in(monkeypatch, programs, "os", geteuid=lambda: 0)
        replace_in(
            monkeypatch,
            programs,
            "shutil",
            which=lambda name: f"/bin/{name}" if name in self._there else None,
        )
        replace_in(monkeypatch, programs, "subprocess", run=self._run)
        monkeypatch.setattr(programs, "_POLICY", folder / "policy")

    def _run(self, command: list[str], **_more: Any) -> subprocess.CompletedProcess[str]:
        self.ran.append(command)
        self._there |= self._brings
        return subprocess.CompletedProcess(command, 0)


def test_root_installs_them_all_by_one_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    machine = Machine(monkeypatch, tmp_path, brings={"jejak-satu", "jejak-tiga"})
    ensure([ONE, HERE, OTHER])
    ensure([HERE])
    update, install, disable = machine.ran
    assert (update[0], update[-1], disable[1]) == ("apt-get", "update", "tiga")
    assert install[3:] == ["install", "--yes", "--no-install-recommends", "dua", "satu", "tiga"]
    # Its service was kept from starting meanwhile.
    assert not (tmp_path / "policy").exists()


def test_lock_of_packages_is_waited_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    machine = Machine(monkeypatch, tmp_path, brings={"jejak-satu"})
    ensure([ONE])
    assert all("DPkg::Lock::Timeout=600" in command for command in machine.ran)


def test_program_that_is_missing_still_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    Machine(monkeypatch, tmp_path, brings={"jejak-satu"})
    with pytest.raises(SystemExit) as left:
        ensure([ONE, OTHER])
    assert left.value.code == (
        "The tests need Tiga: installed were dua, satu, tiga, and none of jejak-tiga is there now. "
        "This machine's packages are older, or lie elsewhere."
    )
