"""One version: in the code, on pages, to who watches, and in what is installed."""

import re
from pathlib import Path

from django.test import Client

from tests.factories.accounts import World
from tests.matrix import OFFICER
from tests.walk.place import sessions as sessions
from tests.walk.place import world as world
from tracker import __version__

BASE = Path(__file__).resolve().parent.parent.parent


def test_notice_names_each_package_that_is_shipped() -> None:
    asked = re.findall(
        r"^([A-Za-z0-9_.-]+)", (BASE / "requirements.in").read_text(encoding="utf-8"), re.MULTILINE
    )
    noted = re.findall(
        r"^([A-Za-z0-9_.-]+)  +\S", (BASE / "NOTICE").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert asked == noted


def test_compose_files_and_project_file_name_the_version() -> None:
    for name in ("docker-compose.yml", "deploy/backup/compose.yml"):
        text = (BASE / name).read_text(encoding="utf-8")
        assert set(re.findall(r"\$\{VERSION:-([^}]+)\}", text)) == {__version__}, name
    text = (BASE / "pyproject.toml").read_text(encoding="utf-8")
    assert re.findall(r'^version = "(.+)"$', text, re.MULTILINE) == [__version__]


def test_pages_say_the_version_to_who_is_signed_in(
    world: World, sessions: dict[str, str], client: Client
) -> None:
    assert __version__ not in client.get("/sign-in/").text
    client.force_login(world.people[OFFICER])
    assert f"Versi {__version__}" in client.get("/", follow=True).text
