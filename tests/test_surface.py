"""What every answer carries, what no address gives, and what our code never does: the outside of the site."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings as site
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.factories.accounts import PASSWORD, World, make_world
from tests.matrix import ANONYMOUS, ROLES
from tests.walk.place import URLS, Place
from tests.walk.place import sessions as sessions
from tests.walk.place import world as world
from tests.walk.rights import HTTPS
from tracker.house.apps import APPS

BASE = Path(__file__).resolve().parent.parent
SCRIPTS = sorted((BASE / "ui" / "static" / "ui").glob("*.js"))


@pytest.fixture
def https(settings: Settings, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of HTTPS, as in production, and a client that speaks it unless it is told otherwise."""
    for name, value in HTTPS.items():
        setattr(settings, name, value)
    ask_plainly = client.generic
    monkeypatch.setattr(
        client, "generic", lambda *given, **more: ask_plainly(*given, **{**more, "secure": True})
    )


def test_plain_requests_are_led_to_https(db: None, client: Client, https: None) -> None:
    response = Client().get(reverse("account_login"), headers={"host": "localhost"})
    assert (response.status_code, response["Location"]) == (
        301,
        f"https://localhost{reverse('account_login')}",
    )


def test_health_is_answered_without_a_redirect(db: None, client: Client, https: None) -> None:
    assert Client().get(reverse("health")).status_code == 200


def test_cookies_are_kept_from_scripts_and_other_sites(db: None, client: Client, https: None) -> None:
    world = make_world()
    page = client.get(reverse("account_login"))
    signed_in = client.post(
        reverse("account_login"), {"login": world.foreign_officer.email, "password": PASSWORD}
    )
    language = client.post("/language/", {"language": "en"})
    cookies = {**page.cookies, **signed_in.cookies, **language.cookies}
    assert site.SESSION_COOKIE_NAME in cookies
    for name, cookie in cookies.items():
        assert cookie["httponly"], name
        assert cookie["secure"], name
        assert cookie["samesite"] in {"Lax", "Strict"}, name
        assert (cookie["path"], cookie["domain"]) == ("/", ""), name


def test_signing_in_changes_the_session_key(db: None, client: Client) -> None:
    person = make_world().foreign_officer
    client.get(reverse("account_login"))
    data = {"login": person.email, "password": PASSWORD}
    keys = []
    for _turn in range(2):
        client.post(reverse("account_login"), data)
        keys.append(client.cookies[site.SESSION_COOKIE_NAME].value)
        client.post(reverse("account_logout"))
    assert len(set(keys)) == 2
    assert not Session.objects.filter(session_key__in=keys).exists()


def test_session_key_has_more_than_128_bits(db: None, client: Client) -> None:
    person = make_world().foreign_officer
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert len(set(VALID_KEY_CHARS)) ** len(client.cookies[site.SESSION_COOKIE_NAME].value) > 2**128


@pytest.mark.parametrize("role", ROLES)
def test_trace_is_refused(role: str, sessions: dict[str, str], world: World, client: Client) -> None:
    if role != ANONYMOUS:
        Place(world, sessions, {}).sign_in(client, role)
    response = client.trace(reverse("accounts:my_account"), headers={"x-secret": "canary"})
    assert response.status_code in {302, 403, 405}
    assert b"canary" not in response.content


@pytest.mark.parametrize(
    "address",
    [
        "/.git/config", "/.env", "/manage.py", "/tracker/settings.py", "/.jejak/owner.env", "/static/", "/static/ui/",
        "/static/../manage.py", "/static/..%2fmanage.py", "/static//etc/passwd", "/media/", "/admin/", "/docs/",
        "/requirements.txt", "/server-status", "/.well-known/",
    ],
)  # fmt: skip
def test_no_file_of_the_project_is_served(address: str, db: None, client: Client) -> None:
    response = client.get(address)
    assert response.status_code in {302, 404}
    if response.status_code == 302:
        assert response["Location"].startswith(reverse("account_login"))


def modules() -> Iterator[tuple[Path, ast.Module]]:
    """Every module of the product that serves, with its tree."""
    for app in APPS:
        for path in sorted((BASE / app).rglob("*.py")):
            if "migrations" not in path.parts and "house" not in path.parts:
                yield path, ast.parse(path.read_text(encoding="utf-8"))


@cache
def calls() -> frozenset[tuple[str, str, bool]]:
    """Every call in the product: the whole name of what is called, the module's path, and whether it names a shell."""
    return frozenset(
        (
            ast.unparse(node.func),
            str(path.relative_to(BASE)),
            any(each.arg == "shell" for each in node.keywords),
        )
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    )


def names_called() -> set[tuple[str, str]]:
    """Every name that is called in the product, with the path of a module that does."""
    return {(name, path) for name, path, _names_shell in calls()}


def test_no_code_is_made_of_text() -> None:
    running = {
        "eval",
        "exec",
        "compile",
        "__import__",
        "Template",
        "Engine.from_string",
        "engines.from_string",
    }
    assert [found for found in names_called() if found[0] in running] == []


def test_nothing_is_run_through_a_shell() -> None:
    assert [found for found in names_called() if found[0] in {"os.system", "os.popen"}] == []
    assert [path for name, path, names_shell in calls() if names_shell and "subprocess" in name] == []


def test_no_weak_hash_is_used() -> None:
    assert [found for found in names_called() if found[0].split(".")[-1] in {"md5", "sha1", "crc32"}] == []


def test_no_secret_comes_from_a_weak_generator() -> None:
    weak = re.compile(r"random\.(random|randint|choice|choices|sample|getrandbits|shuffle|Random)")
    assert [found for found in names_called() if weak.fullmatch(found[0])] == []


def test_no_address_that_people_type_is_ever_asked() -> None:
    """Only these modules speak to another server, at addresses of the settings."""
    clients = re.compile(
        r"(urllib\.request|http\.client|requests\.(get|post|request|Session)|httpx|urlopen|smtplib|socket\.create_connection)\b.*"
    )
    assert {path for name, path in names_called() if clients.fullmatch(name)} <= {
        "tracker/doctor/addresses.py",
        "tracker/run.py",
        "tracker/entry.py",
        "accounts/oidc/provider.py",
        "installation/parts/certificate.py",
        "audit/anchors/timestamps.py",
        "evidence/scanning.py",
    }


def test_no_template_has_an_inline_script_or_style() -> None:
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE
    )
    found = [
        (str(path.relative_to(BASE)), match[0])
        for path in sorted((BASE / "templates").rglob("*.html"))
        if "emails" not in path.parts
        for match in inline.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_scripts_write_markup_only_from_our_own_answers() -> None:
    """Markup is set from answers of the site's own addresses alone, which escape what people wrote."""
    places = {
        (path.name, match[0])
        for path in SCRIPTS
        for match in re.finditer(
            r"(innerHTML|outerHTML) = .*?(?=;)|insertAdjacentHTML\(.*?\)|document\.write\b", path.read_text()
        )
    }
    assert {name for name, _what in places} <= {"guard.js", "upload.js"}
    assert all(re.search(r"= answer(\.\w+_html)?$", what) for _name, what in places), places


def test_scripts_take_no_keys_from_answers() -> None:
    """No script makes code of text, and none follows the prototype of an object."""
    for path in SCRIPTS:
        text = path.read_text(encoding="utf-8")
        assert not re.search(
            r"\beval\(|new Function\(|__proto__|\.prototype\b|Object\.assign\(\{\}, JSON", text
        ), path


#: What answers people who are not signed in: ways in (docs/security.md), and what has nothing to hide.
WAYS_IN = {
    "account_login",
    "account_reset_password",
    "accounts:provider_sign_in",
    "accounts:provider_return",
    "accounts:provider_finish",
    "accounts:provider_join",
    "accounts:set_password",
    "accounts:start_again",
    "mfa_authenticate",
    "reminders:feed",
}
HARMLESS = {
    "account_inactive",
    "account_logout",
    "account_reset_password_done",
    "accounts:session_left",
    "accounts:set_language",
    "csp_report",
    "favicon",
    "health",
    "health_live",
    "health_ready",
    "robots_txt",
    "security_txt",
}


def test_addresses_without_signing_in_are_these() -> None:
    found = {name for name, pattern in URLS.items() if not getattr(pattern.callback, "login_required", True)}
    assert found == WAYS_IN | HARMLESS
