"""Missing programs of the system: all are named at once, with the one command that installs them."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tracker.house import programs
from tracker.house.programs import Program, ensure

HERE = Program("the shell", ("sh",), ("dash",), "The tests need")
ONE = Program("Satu", ("jejak-satu",), ("satu", "dua"), "The tests need", "make test")
OTHER = Program("Tiga", ("jejak-tiga",), ("tiga",), "The tests need", "make test", service="tiga")


def test_who_is_not_root_is_told_one_command_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs.os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit) as left:
        ensure([OTHER, HERE, ONE])
    assert left.value.code == (
        "The tests need Tiga and Satu: run `sudo apt-get install --yes --no-install-recommends dua satu tiga`, "
        "then `make test` again."
    )


def test_root_installs_them_all_by_one_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ran: list[Any] = []

    def run(command: list[str], **_more: Any) -> subprocess.CompletedProcess[str]:
        ran.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(programs.os, "geteuid", lambda: 0)
    monkeypatch.setattr(
        programs.shutil, "which", lambda name: "/bin/x" if name in ("sh", "apt-get") else None
    )
    monkeypatch.setattr(programs.subprocess, "run", run)
    monkeypatch.setattr(programs, "_POLICY", tmp_path / "policy")
    ensure([ONE, HERE, OTHER])
    ensure([HERE])
    assert [command[1] for command in ran] == ["update", "install", "tiga"]
    assert ran[1][4:] == ["dua", "satu", "tiga"]
    # Its service was kept from starting meanwhile.
    assert not (tmp_path / "policy").exists()
