"""A new kind of submission costs its content, rules and a form: six modules beside templates (docs/adr/0005)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import WorkerDatabase

BASE = Path(__file__).resolve().parent.parent.parent
RECIPE = BASE / "tests" / "submissions" / "recipe"
#: What is no part of a kind: the test itself, and how it is put beside the product.
BESIDE = {"__init__.py", "settings.py", "walk.py"}


def test_kind_takes_six_modules() -> None:
    modules = {path.name for path in RECIPE.glob("*.py")} - BESIDE
    assert modules == {"models.py", "kind.py", "services.py", "forms.py", "views.py", "urls.py"}


@pytest.mark.long
def test_kind_is_written_sent_taken_back_and_decided(real_db: WorkerDatabase) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": real_db.web_url,
        "DATABASE_OWNER_URL": real_db.owner_url,
        "DJANGO_SETTINGS_MODULE": "tests.submissions.recipe.settings",
    }
    for command in (
        ["manage.py", "migrate", "--no-input", "--verbosity=0"],
        ["manage.py", "grant_web_role", "--verbosity=0"],
        ["-m", "tests.submissions.recipe.walk"],
    ):
        ran = subprocess.run(
            [sys.executable, *command], cwd=BASE, env=environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stderr
