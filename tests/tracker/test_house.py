"""The house's own guards: texts, dead pieces, containers, dependencies, and the harness of the tests."""

import re
from pathlib import Path
from types import SimpleNamespace

import polib
import pytest
import yaml
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import Client
from django.urls import path

from tracker.entry import COMMANDS
from tracker.house import pieces, words
from tracker.translations import compile_all

BASE = Path(__file__).resolve().parent.parent.parent


@login_not_required
def writes(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_content_type (app_label, model) VALUES ('x', %s)", [request.method]
        )
    return HttpResponse("ok")


@login_not_required
def reads(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_content_type")
    return HttpResponse("ok")


urlpatterns = [path("writes/", writes), path("reads/", reads)]


@pytest.mark.urls(__name__)
def test_get_that_writes_fails_the_test(db: None, client: Client) -> None:
    with pytest.raises(pytest.fail.Exception, match="GET /writes/ wrote to the database: INSERT INTO"):
        client.get("/writes/")
    assert client.post("/writes/").status_code == 200
    assert client.get("/reads/").status_code == 200


def test_undefined_template_variable_fails_the_test() -> None:
    with pytest.raises(pytest.fail.Exception, match="Undefined template variable 'nothing'"):
        Template("{{ nothing }}").render(Context())


def test_tests_sign_in_as_the_web_role(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)


def test_texts_are_found_in_python_and_templates(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        '_("One " "text")\nngettext("%(n)d file", "%(n)d files", 2)\npgettext("month", "May")\n'
    )
    page = tmp_path / "page.html"
    page.write_text(
        "{% translate 'A title' %}{% blocktranslate trimmed count n=n %}\n  {{ n }} row\n"
        "{% plural %}{{ n }} rows{% endblocktranslate %}{{ x|default:_('None') }}{# {% translate 'No' %} #}"
    )
    assert set(words.in_python(module)) == {
        words.Text("One text"),
        words.Text("%(n)d file", "%(n)d files"),
        words.Text("May", "", "month"),
    }
    assert set(words.in_template(page)) == {
        words.Text("A title"),
        words.Text("%(n)s row", "%(n)s rows"),
        words.Text("None"),
    }


def test_text_put_together_at_run_time_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "BASE", tmp_path)
    module = tmp_path / "module.py"
    module.write_text("\n_(f'{name} is here')\n")
    with pytest.raises(ValueError, match=re.escape("module.py:2: the text of _() must stand there whole")):
        list(words.in_python(module))


def test_bad_translation_is_told_and_a_good_one_passes() -> None:
    for entry, problem in (
        (polib.POEntry(msgid="a", msgstr=""), "is not translated"),
        (polib.POEntry(msgid="a", msgstr="b", flags=["fuzzy"]), "is marked doubtful (fuzzy)"),
        (polib.POEntry(msgid="%(n)d a", msgstr="b"), "has other placeholders than its translation"),
        (polib.POEntry(msgid="a", msgid_plural="as", msgstr_plural={0: ""}), "is not translated"),
    ):
        assert list(words.problems_of(entry)) == [problem], entry
    entry = polib.POEntry(msgid="%(n)d a", msgid_plural="%(n)d as", msgstr_plural={0: "%(n)d b"})
    assert list(words.problems_of(entry)) == []


def test_translations_compile_without_gettext(tmp_path: Path) -> None:
    folder = tmp_path / "ms" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text('msgid ""\nmsgstr "Language: ms\\n"\n\nmsgid "Open"\nmsgstr "Buka"\n')
    assert compile_all(tmp_path) == [folder / "django.mo"]
    assert polib.mofile(str(folder / "django.mo")).find("Open").msgstr == "Buka"


def test_dead_class_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    style = tmp_path / "a.css"
    style.write_text(".used, .pill--late:hover { color: red } @media print { .dead { top: .5em } }")
    page = tmp_path / "a.html"
    page.write_text('<p class="used pill--{{ state }}">')
    for name, value in {
        "BASE": tmp_path,
        "STYLES": [style],
        "PAGES": [page],
        "SCRIPTS": [],
        "PYTHON": [],
    }.items():
        monkeypatch.setattr(pieces, name, value)
    assert list(pieces.dead_classes()) == ["a.css: the class .dead is used nowhere"]


def test_containers_open_doors_that_exist() -> None:
    services = yaml.safe_load((BASE / "docker-compose.yml").read_text())["services"]
    assert {"web", "worker", "beat", "migrate", "postgres", "valkey"} <= set(services)
    doors = {
        name: service["command"]
        for name, service in services.items()
        if "tracker.entry" in service.get("command", [])
    }
    assert {command[-1] for command in doors.values()} == set(COMMANDS) - {"health"}
    assert services["web"]["healthcheck"]["test"][-1] == "health"
    with_owner = {
        name for name, service in services.items() if service.get("environment", {}).get("DATABASE_OWNER_URL")
    }
    assert with_owner == {"migrate"}


def test_settings_of_reminders_and_summaries_are_explained() -> None:
    written = (BASE / "tracker/settings.py").read_text()
    names = set(re.findall(r'"((?:REPORTS|REMINDERS|WORKER|QUOTA)_[A-Z_]+)"', written))
    assert names
    # Containers are handed all of .env (tests/tracker/test_containers.py).
    assert names <= set(re.findall(r"^#?([A-Z_]+)=", (BASE / ".env.example").read_text(), re.MULTILINE))


def test_each_dependency_has_a_reason_and_a_hash() -> None:
    for name in ("requirements", "requirements-dev"):
        direct = [
            line for line in (BASE / f"{name}.in").read_text().splitlines() if line and line[0] not in "#-"
        ]
        unexplained = [line for line in direct if "#" not in line]
        assert unexplained == [
            line for line in unexplained if line.split("=")[0].strip() in SELF_EXPLAINING
        ], name
        locked = (BASE / f"{name}.txt").read_text()
        pins = re.split(r"\n(?=[A-Za-z])", locked)[1:]
        assert pins, name
        assert all("--hash=sha256:" in pin for pin in pins), name


#: Names that say it themselves.
SELF_EXPLAINING = SimpleNamespace(
    names={"pytest", "pytest-django", "types-defusedxml", "types-requests"}
).names
