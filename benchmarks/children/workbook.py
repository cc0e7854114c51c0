"""A workbook of 5,000 figures: read, judged row by row, and beside what the months hold; and the memory of its reading."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date
from itertools import cycle, islice, product
from pathlib import Path
from typing import Any

from accounts.models import User
from benchmarks.child import in_turns
from benchmarks.seeds.month_form import MONTH
from imports.rows import stored
from imports.sheet_parts import new_workbook, saved_bytes
from imports.workbook import read_workbook
from indicators.models import FigureImport
from indicators.months import months_over
from indicators.queries.month_page import cycle_of_month
from indicators.services.reports import judge_with_checks
from indicators.services.workbooks import read_draft
from indicators.workbook.columns import LABELS, MAX_ROWS, MOST_READ
from indicators.workbook.names import OwnIndicators
from indicators.workbook.table import figure_rows

TODAY = date(2024, 3, 15)
#: The child of the product itself, which tells its peak at the end. A new program counts its memory from nothing.
_TELLING = """
import sys
sys.path.insert(0, sys.argv.pop(1))
import os
from evidence import sandbox
from imports import workbook_process
status = os.open("/proc/self/status", os.O_RDONLY)
sandbox.enter_sandbox(workbook_process.LIMITS)
assert workbook_process._answer(int(sys.argv[1])) == sandbox.DONE
sys.stderr.write(next(line.split()[1] for line in os.read(status, 9999).decode().splitlines() if line.startswith("VmHWM:")))
"""


def answers(facts: dict[str, Any]) -> Mapping[str, Callable[..., object]]:
    """Answer `judge` with milliseconds, and `memory` with MiB. Raises `AssertionError` unless every row is judged."""
    officer = User.objects.get(pk=facts["officer_id"])
    agency, of = officer.agency, cycle_of_month(MONTH)
    assert of is not None
    about: dict[str, Any] = {"agency": agency, "cycle": of}
    own = OwnIndicators(agency.indicators.filter(is_active=True).prefetch_related("dimensions__values"))
    content = _workbook(own, months_over(of, today=TODAY))

    def judge() -> int:
        """Do all that the page of an upload does, but for what it writes."""
        workbook = read_workbook(content, file_name="angka.xlsx", most_rows=MOST_READ)
        rows = figure_rows(workbook, by=officer.pk, **about)
        draft = read_draft(FigureImport(rows=stored(rows), **about), today=TODAY)
        for month, held in draft.held.items():
            judge_with_checks(of, held.sheet, draft.content_of(month).typed)
        return len(draft.rows)

    assert judge() == MAX_ROWS
    return {"judge": in_turns(judge), "memory": lambda: _peak_mib(content)}


def _workbook(own: OwnIndicators, months: list[date]) -> bytes:
    """Return a workbook with a number for every cell of every month, and again from the first until it is full."""
    book, sheet = new_workbook("Figures")
    sheet.append([str(label) for label in LABELS.values()])
    rows = islice(cycle(product(months, own.choices)), MAX_ROWS)
    for number, (month, choice) in enumerate(rows):
        sheet.append([month, own.name_of(choice.indicator), choice.breakdown, number % 97])
    return saved_bytes(book)


def _peak_mib(content: bytes) -> float:
    base = Path(__file__).resolve().parent.parent.parent
    done = subprocess.run(
        [sys.executable, "-I", "-c", _TELLING, str(base), str(MOST_READ)],
        input=content,
        capture_output=True,
        check=True,
    )
    return int(done.stderr) / 1024
