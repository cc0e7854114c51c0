"""The command that verifies a file: the page's words, and an exit code for scripts."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from audit.models import Event
from reports.states import FORM
from tests.reports.conftest import Told
from tests.reports.report_rows import make_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that holds what the record says."""
    path = tmp_path / "jejak.csv"
    path.write_bytes(b"bytes")
    return path


def run(path: Path) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_report", str(path), stdout=out)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue().replace("\xa0", " ")
    return 0, out.getvalue().replace("\xa0", " ")


def test_verify_report_of_what_was_made_ends_with_0(told: Told, file: Path) -> None:
    report = make_record(told)
    code, said = run(file)
    assert code == 0
    for fact in (report.fingerprint, report.sha256, report.file_name, "31 Ogos 2023", told.maker().words):
        assert fact in said
    event = Event.objects.filter(action="report.verified").latest("id")
    assert (event.actor_id, event.object_id) == (None, str(report.pk))


def test_verify_report_of_what_is_another_ends_with_its_own_code(told: Told, file: Path) -> None:
    make_record(told, content=b"others")
    code, said = run(file)
    assert code == 1
    assert "bait" in said
    make_record(told, form=FORM + 1)
    assert run(file)[0] == 4, "the form of its rows"


def test_verify_report_of_what_differs_now_ends_with_2(told: Told, file: Path) -> None:
    make_record(told, fingerprint="0" * 64)
    assert run(file)[0] == 2


def test_verify_report_of_no_file_ends_with_3(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refusal:
        call_command("verify_report", str(tmp_path / "none"))
    assert refusal.value.returncode == 3
