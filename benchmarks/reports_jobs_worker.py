"""Run as the web role: `python -m benchmarks.reports_jobs_worker FACTS.json` makes one large summary for each line.

A line names what it is made as; the answer is what became of it. The selection is the whole cycle with all narratives.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import django


def main(facts_file: Path) -> None:
    """Ask for a summary and make it, again and again, until the input ends."""
    django.setup()
    from accounts.models import User
    from audit import clock
    from recommendations.models import Cycle
    from reports.services import ask_for, make
    from reports.states import Depth, ExportFormat
    from reports.summary.selection import read_selection

    facts = json.loads(facts_file.read_text(encoding="utf-8"))
    cycle, actor = Cycle.objects.get(pk=facts["cycle"]), User.objects.get(pk=facts["reviewer_id"])
    for line in sys.stdin:
        now = clock.now()
        asked = {"depth": Depth.FULL.value}
        selection = read_selection(asked, cycle=cycle, today=clock.local_date(now), user=actor)
        report = ask_for(selection, paper=ExportFormat(line.strip()), cycle=cycle, actor=actor, now=now)
        print(make(report.pk, now=now), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
