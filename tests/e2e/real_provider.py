"""A real provider of OpenID Connect, Glewlwyd from Debian, in a folder and a process of its own."""

from __future__ import annotations

import json
import re
import shutil
import socket
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from types import TracebackType

import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from accounts.oidc.provider_settings import ProviderSettings
from tracker.house.programs import PROGRAMS

CLIENT_ID, CLIENT_SECRET = "jejak", "rahsia-pelanggan-yang-panjang"
PROVIDER_PASSWORD = "kata-laluan-agensi-2023"
_SCHEMA = Path("/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3")
_PAGES = Path("/usr/share/glewlwyd/webapp")
_SAMPLE = Path("/etc/glewlwyd/glewlwyd.conf")
_CONFIGURATION = """
port={port}
bind_address="127.0.0.1"
external_url="{origin}"
login_url="login.html"
api_prefix="api"
static_files_path="{folder}/pages"
log_mode="console"
log_level="INFO"
cookie_secure=0
session_expiration=3600
session_key="GLEWLWYD2_SESSION_ID"
admin_session_authentication="cookie"
profile_session_authentication="cookie"
login_api_enabled=true
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path="/usr/lib/glewlwyd/user"
client_module_path="/usr/lib/glewlwyd/client"
user_auth_scheme_module_path="/usr/lib/glewlwyd/scheme"
plugin_module_path="/usr/lib/glewlwyd/plugin"
hash_algorithm="SHA512"
database = {{ type = "sqlite3"; path = "{folder}/provider.db"; }};
{types}
"""


class RealProvider:
    """Glewlwyd with its own database and pages; `add_person` gives it people, `stop` kills it."""

    def __init__(self, folder: Path, site: str) -> None:
        self._folder, self._site = folder, site
        self.origin = f"http://127.0.0.1:{_free_port()}"
        self._administrator = requests.Session()

    def __enter__(self) -> RealProvider:
        self._write_files()
        program = PROGRAMS["glewlwyd"].find()
        assert program, "No Glewlwyd on this machine: run `make test`, which installs it or says how."
        with (self._folder / "log").open("w") as log:
            command = [program, "-c", str(self._folder / "provider.conf")]
            self._process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        self._await()
        self._ask("auth/", {"username": "admin", "password": "password"})
        self._ask(
            "mod/plugin/",
            {"module": "oidc", "name": "oidc", "display_name": "", "parameters": self._plugin()},
        )
        self._ask("client/", self._client())
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Kill it."""
        self._process.kill()
        self._process.wait()

    def settings(self) -> ProviderSettings:
        """What .env of an installation would say."""
        return ProviderSettings(
            issuer=f"{self.origin}/api/oidc",
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            name_ms="ID Agensi",
            name_en="Agency ID",
        )

    def add_person(self, name: str) -> None:
        """Let somebody sign in there by this name and PROVIDER_PASSWORD."""
        scope = ["openid", "g_profile"]
        person = {
            "username": name,
            "password": PROVIDER_PASSWORD,
            "name": name,
            "enabled": True,
            "scope": scope,
        }
        self._ask("user/", person)

    def _write_files(self) -> None:
        # Where people may be led after signing out is one of the plugin's names, but not of the schema's.
        schema = _SCHEMA.read_text(encoding="utf-8").replace(
            '"post_logout_redirect_uri":{',
            '"post_logout_redirect_uris":{"multiple":true,"read":true,"write":true},"post_logout_redirect_uri":{',
        )
        with closing(sqlite3.connect(self._folder / "provider.db")) as database, database:
            database.executescript(schema)
        # Its server follows no links, of which the package is full, and there this file is a folder with the file.
        shutil.copytree(_PAGES, self._folder / "pages", ignore=shutil.ignore_patterns("config.json"))
        words = _PAGES / "config.json"
        shutil.copy(
            words / "config.json" if words.is_dir() else words, self._folder / "pages" / "config.json"
        )
        types = re.search(
            r"^static_files_mime_types =.*?^\)", _SAMPLE.read_text(encoding="utf-8"), re.S | re.M
        )
        assert types
        text = _CONFIGURATION.format(
            origin=self.origin,
            port=self.origin.rpartition(":")[2],
            folder=self._folder,
            types=types[0],
        )
        (self._folder / "provider.conf").write_text(text, encoding="utf-8")

    def _await(self) -> None:
        until = time.monotonic() + 20
        while True:
            try:
                requests.get(f"{self.origin}/api/auth/", timeout=2)
                return
            except requests.ConnectionError:
                said = (self._folder / "log").read_text(encoding="utf-8")
                assert time.monotonic() < until and self._process.poll() is None, said
                time.sleep(0.05)

    def _ask(self, path: str, body: dict[str, object]) -> None:
        answer = self._administrator.post(f"{self.origin}/api/{path}", json=body, timeout=10)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)

    def _plugin(self) -> dict[str, object]:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        private = {**json.loads(RSAAlgorithm.to_jwk(key)), "kid": "one", "alg": "RS256", "use": "sig"}
        return {
            "iss": f"{self.origin}/api/oidc",
            "jwt-type": "rsa",
            "jwt-key-size": "256",
            "jwks-private": json.dumps({"keys": [private]}),
            "default-kid": "one",
            "jwks-show": True,
            "access-token-duration": 3600,
            "refresh-token-duration": 3600,
            "code-duration": 600,
            "subject-type": "public",
            "allow-non-oidc": False,
            "auth-type-code-enabled": True,
            "pkce-allowed": True,
            "pkce-required": True,
            "pkce-method-plain-allowed": False,
            "session-management-allowed": True,
            "front-channel-logout-allowed": True,
            "session-cookie-name": "SESSION",
            "session-cookie-expiration": 3600,
        }

    def _client(self) -> dict[str, object]:
        return {
            "client_id": CLIENT_ID,
            "name": "Jejak",
            "confidential": True,
            "client_secret": CLIENT_SECRET,
            "password": CLIENT_SECRET,
            "redirect_uri": [f"{self._site}/sign-in/provider/return/"],
            "post_logout_redirect_uris": [f"{self._site}/sign-in/"],
            "authorization_type": ["code"],
            "token_endpoint_auth_method": ["client_secret_basic"],
            "scope": ["openid"],
            "enabled": True,
        }


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
