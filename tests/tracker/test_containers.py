"""The compose file and the scripts beside it, as far as they can be judged without an engine (`make containers` runs them)."""

import re
import stat
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from installation.queues import QUEUES
from tracker.env import PASSWORDS, SECRETS
from tracker.workers import OWN_BROKER, command_of

BASE = Path(__file__).resolve().parent.parent.parent
PRODUCT = ("web", "worker", "beat", "migrate")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((BASE / "docker-compose.yml").read_text())
    return found


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose["services"]
    return found


def test_no_secret_stands_in_an_environment(
    services: dict[str, dict[str, Any]], compose: dict[str, Any]
) -> None:
    for name, service in services.items():
        environment = service.get("environment", {})
        for secret in (*SECRETS, *PASSWORDS.values(), "POSTGRES_PASSWORD", "OWNER_PASSWORD", "WEB_PASSWORD"):
            value = environment.get(secret, "")
            assert secret in PASSWORDS or not value, (name, secret)
            assert ":" not in value.partition("://")[2].rpartition("@")[0], (
                f"{name}: {secret} holds a password"
            )
            file = environment.get(f"{secret}_FILE")
            assert file is None or Path(file).name in service["secrets"], (name, secret)
        assert set(service.get("secrets", ())) <= set(compose["secrets"])
    holders = {name for name, service in services.items() if "owner_password" in service.get("secrets", ())}
    assert holders == {"migrate", "postgres"}


def test_settings_reach_all_processes_and_each_variable_is_explained(
    services: dict[str, dict[str, Any]], compose: dict[str, Any]
) -> None:
    """Celery's commands read BROKER_URL from the environment unless told otherwise, and there it has no password."""
    assert command_of(QUEUES[0])[0] == OWN_BROKER == "--broker="
    assert "OWN_BROKER" in (BASE / "tracker/entry.py").read_text()
    assert f"celery --app tracker {OWN_BROKER} " in services["worker"]["healthcheck"]["test"][1]
    for name in PRODUCT:
        assert services[name]["env_file"] == [".env"]
        environment = services[name]["environment"]
        # What differs in containers goes before .env; there is no file for the rest to be forgotten in.
        assert environment["DATABASE_URL"] == "postgres://jejak_web@pgbouncer:6432/jejak"
        assert environment["DATABASE_POOLED"] == "true"
        assert environment["CLAMD_ADDRESS"] == "${SCANNER_ADDRESS-clamav:3310}"
        assert environment["SECRET_KEY"] == ""
    assert "pgbouncer" not in services["migrate"]["environment"]["DATABASE_OWNER_URL"]
    used = set(re.findall(r"\$\{([A-Z_]+)", (BASE / "docker-compose.yml").read_text()))
    explained = set(re.findall(r"^#?([A-Z_]+)=", (BASE / ".env.example").read_text(), re.MULTILINE))
    assert used - explained == set()
    assert {"DATABASE_SERVER", "VERSION"} <= used
    version = tomllib.loads((BASE / "pyproject.toml").read_text())["project"]["version"]
    for name in PRODUCT:
        assert services[name]["image"] == f"jejak:${{VERSION:-{version}}}"
    assert services["pgbouncer"]["image"] == f"jejak-pgbouncer:${{VERSION:-{version}}}"


def test_services_are_bounded_and_reach_nothing_else(
    services: dict[str, dict[str, Any]], compose: dict[str, Any]
) -> None:
    networks = {name: set(service["networks"]) for name, service in services.items()}
    assert networks["nginx"] == {"front"}
    assert {name for name, joined in networks.items() if "front" in joined} == {"nginx", "web"}
    assert {name for name, service in services.items() if "ports" in service} == {"nginx"}
    assert not [name for name, service in services.items() if "container_name" in service]
    assert compose["networks"]["back"] == {"internal": "${BACK_INTERNAL:-true}"}
    outward = {name for name, service in services.items() if set(service["networks"]) - {"back"}}
    assert outward == {"nginx", "web", "worker", "clamav"}
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["mem_limit"], name
        assert service["logging"]["options"]["max-size"], name
        assert "healthcheck" in service or name == "migrate", name
    # It is root without capabilities, and these serve as another user; nginx's script tells a process of its own user.
    for name in ("postgres", "clamav"):
        assert services[name]["init"] is True
        assert {"SETUID", "KILL"} <= set(services[name]["cap_add"]), name


def test_scripts_can_be_read_and_leave_alone_what_has_not_changed() -> None:
    """From a new folder compose takes files by another name for another service, and would put it anew."""
    script = (BASE / "deploy/upgrade.sh").read_text()
    begun = re.findall(r"docker compose (?:up|run) .*", script)
    assert len(begun) == 3 and all("--no-deps" in line for line in begun)
    told = (BASE / "deploy/clamav/clamd.conf").read_text()
    most = int(re.findall(r"^StreamMaxLength (\d+)M$", told, re.MULTILINE)[0]) * 1024**2
    allowed = re.search(r'"MAX_UPLOAD_BYTES".*at_most=1024\*\*3', (BASE / "tracker/settings.py").read_text())
    assert allowed and most > 1024**3
    for path in sorted(str(path.relative_to(BASE)) for path in BASE.glob("deploy/**/*.sh")):
        shell = "bash" if "bash" in (BASE / path).read_text().splitlines()[0] else "sh"
        done = subprocess.run([shell, "-n", str(BASE / path)], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), path


def test_secrets_are_made_once(tmp_path: Path, compose: dict[str, Any]) -> None:
    def make() -> str:
        done = subprocess.run(
            ["sh", str(BASE / "deploy/secrets.sh")],
            env={"PATH": "/usr/bin:/bin", "SECRETS": str(tmp_path / "secrets")},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    assert "made /" in make()
    files = {file.name: file for file in (tmp_path / "secrets").iterdir()}
    assert set(files) == set(compose["secrets"])
    assert all(f"/{name}" in each["file"] for name, each in compose["secrets"].items())
    values = {name: file.read_text() for name, file in files.items()}
    assert len(values["secret_key"]) >= 50
    filled = [value for value in values.values() if value]
    assert len(set(filled)) == len(filled) == 6
    assert all(re.fullmatch("[0-9a-f]+", value) for value in filled)
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    files["email_password"].chmod(0o644)
    files["email_password"].write_text("by hand")
    assert "made /" not in make()
    values["email_password"] = "by hand"
    assert {name: file.read_text() for name, file in files.items()} == values


def test_a_mirror_of_packages_that_the_page_lets_export_reaches_the_build(
    services: dict[str, dict[str, Any]],
) -> None:
    page = (BASE / "docs/install-containers.md").read_text()
    packages = (BASE / "Dockerfile").read_text().split("FROM ")[1]
    for name in re.findall(r"`export (\w+)=", page):
        assert name in services["web"]["build"]["args"]
        assert f"ARG {name}\n" in packages
