"""A copy of the checkout in which mutmut may write, and the results that it keeps there."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.databases import BASE
from tests.mutants.areas import Area

#: What is no part of the tree: version control, environments, data, caches.
_LEFT_OUT = re.compile(r"\.git|\.venv|\.jejak|\.env|\..*_cache|\.hypothesis|__pycache__|staticfiles|.*\.pyc")
#: Nor what is written of the results: a new reason changes none.
_WRITTEN = {"docs/mutants.md", "tests/mutants/reasons.toml"}
#: A mutant may take so many times as long as its tests, counted from so many seconds (set-up is not counted).
_TIMES, _SECONDS = 10, 4
#: Exit codes of mutmut's workers; any other means that the tests noticed.
_SURVIVED = {0: "survived", 5: "no tests", 33: "no tests"}
#: A worker that was stopped from outside says nothing about its mutant.
_STOPPED = (2, -15)


class Workspace:
    """The copy for one area. It stays after the run, so that a run that was stopped goes on where it was."""

    def __init__(self, name: str, area: Area) -> None:
        place = hashlib.sha256(str(BASE).encode()).hexdigest()[:8]
        self.folder = Path(tempfile.gettempdir()) / f"jejak-mutants-{os.getuid()}-{place}" / name
        self._area = area

    def prepare(self, *, keep_killed: bool) -> None:
        """Copy the checkout. When it has changed since the last run, forget results: all, or those of survivors."""
        digest, files = _tree()
        note = self.folder / "tree"
        if note.exists() and note.read_text() == digest:
            return
        if not keep_killed:
            shutil.rmtree(self.folder, ignore_errors=True)
        note.unlink(missing_ok=True)
        self._remove_strangers(files)
        for path in files:
            target = self.folder / path
            if not target.exists() or target.read_bytes() != (BASE / path).read_bytes():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(BASE / path, target)
        (self.folder / "mutants/mutmut-stats.json").unlink(missing_ok=True)
        (self.folder / "setup.cfg").write_text(self._settings())
        self._forget_survivors()
        note.write_text(digest)

    def run(self, *, processes: int) -> None:
        """Test what has no result yet. Raises RuntimeError when mutmut fails or a mutant stays without result."""
        names = self._untested() if self.results() else [f"{it}__mutmut_*" for it in self._area.functions]
        for _ in range(3):
            if not names:
                return
            self._mutmut("run", "--max-children", str(processes), *names)
            names = self._untested()
        if names:
            raise RuntimeError(f"{len(names)} mutants have no result, for example {names[0]}")

    def _untested(self) -> list[str]:
        return [name for name, code in self.results().items() if code is None]

    def results(self) -> dict[str, int | None]:
        """Return the exit code for each mutant of the area; None where it was not tested."""
        found: dict[str, int | None] = {}
        for path in sorted((self.folder / "mutants").rglob("*.py.meta")):
            codes = json.loads(path.read_text())["exit_code_by_key"]
            found |= {name: code for name, code in codes.items() if self._area.holds(name)}
        return {name: None if code in _STOPPED else code for name, code in found.items()}

    def survivors(self) -> list[str]:
        """Return the mutants that no test noticed."""
        return [name for name, code in self.results().items() if code in _SURVIVED]

    def change_of(self, name: str) -> str:
        """Return the lines that the mutant removes and adds, as in a diff."""
        shown = self._mutmut("show", name, is_quiet=True).splitlines()
        lines = [line for line in shown if re.match(r"[-+](?![-+]{2} )", line)]
        return "\n".join(line[0] + " " + line[1:].strip() for line in lines)

    def _mutmut(self, *arguments: str, is_quiet: bool = False) -> str:
        command = [str(Path(sys.executable).with_name("mutmut")), *arguments]
        pipe = subprocess.PIPE if is_quiet else None
        done = subprocess.run(command, cwd=self.folder, stdout=pipe, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"mutmut {arguments[0]} failed")
        return done.stdout or ""

    def _settings(self) -> str:
        folders = sorted(path.name for path in BASE.iterdir() if not _LEFT_OUT.fullmatch(path.name))
        packages = [name for name in folders if (BASE / name / "__init__.py").exists() and name != "tests"]
        lists = {
            "source_paths": packages,
            "also_copy": [name for name in folders if name not in packages],
            "only_mutate": self._area.modules,
            "pytest_add_cli_args_test_selection": self._area.tests,
        }
        lines = [f"{name}=\n    " + "\n    ".join(values) for name, values in lists.items()]
        numbers = (f"timeout_multiplier={_TIMES}", f"timeout_constant={_SECONDS}")
        return "\n".join(("[mutmut]", *lines, *numbers, "use_git_change_detection=false", ""))

    def _remove_strangers(self, files: list[str]) -> None:
        """Remove from the copy, and from mutmut's copy of it, what the checkout does not hold any more."""
        known = {*files, "tree", "setup.cfg"}
        for folder in (self.folder, self.folder / "mutants"):
            for path in [path for path in folder.rglob("*") if path.is_file()]:
                name = path.relative_to(folder).as_posix()
                is_own = name.startswith(("mutants/", "mutmut-")) or path.suffix in (
                    ".meta",
                    ".spans",
                    ".pyc",
                )
                if name not in known and not is_own:
                    path.unlink()

    def _forget_survivors(self) -> None:
        for path in (self.folder / "mutants").rglob("*.py.meta"):
            data = json.loads(path.read_text())
            codes = data["exit_code_by_key"]
            data["exit_code_by_key"] = {
                name: None if code in _SURVIVED else code for name, code in codes.items()
            }
            path.write_text(json.dumps(data))


def function_of(mutant: str) -> str:
    """Return `module.function` or `module.Class.method` for mutmut's name of a mutant."""
    module, _, mangled = mutant.rpartition("__mutmut_")[0].rpartition(".")
    return f"{module}.{mangled[2:].replace('ǁ', '.')}"  # x_function, xǁClassǁmethod


def _tree() -> tuple[str, list[str]]:
    """Return a digest of the checkout, and its files."""
    files = sorted(set(_files(BASE)) - _WRITTEN)
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.encode() + b"\0" + (BASE / path).read_bytes() + b"\0")
    return digest.hexdigest(), files


def _files(folder: Path) -> Iterator[str]:
    for path in folder.iterdir():
        if _LEFT_OUT.fullmatch(path.name):
            continue
        if path.is_dir():
            yield from _files(path)
        else:
            yield path.relative_to(BASE).as_posix()
