"""A small provider of OpenID Connect in this process, which answers well, or as wrongly as a test asks."""

from __future__ import annotations

import base64
import hashlib
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from accounts.oidc.provider_settings import ProviderSettings

CLIENT_ID, CLIENT_SECRET = "jejak", "rahsia-yang-cukup-panjang"


@cache
def key_named(name: str) -> rsa.RSAPrivateKey:
    """A key of this name, made once a process."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_jwk(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(key_named(name).public_key()))
    return {**found, "kid": name, "use": "sig", "alg": "RS256"}


@dataclass
class FakeProvider:
    """What it says of itself and of who signs in; a test changes what it likes."""

    origin: str = ""
    subject: str = "subject-1"
    metadata: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    keys: list[str] = field(default_factory=lambda: ["one"])
    #: Signs with the key of this name, or however `sign` says.
    key: str = "one"
    sign: Any = None
    #: What the token endpoint answers in place of tokens.
    refusal: tuple[int, dict[str, Any]] | None = None
    redirects_to: str = ""
    access_token: str = "opaque"
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def settings(self, **more: Any) -> ProviderSettings:
        facts: dict[str, Any] = {
            "issuer": f"{self.origin}/realm",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "name_ms": "ID Agensi",
            "name_en": "Agency ID",
        }
        return ProviderSettings(**{**facts, **more})

    def authorize(self, address: str) -> dict[str, str]:
        """Sign the subject in: what the browser would take back from this address."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def answer(self, path: str, form: dict[str, str], credentials: str) -> tuple[int, dict[str, Any]]:
        if path == "/realm/.well-known/openid-configuration":
            return 200, self._metadata()
        if path == "/keys":
            return 200, {"keys": [public_jwk(name) for name in self.keys]}
        if path == "/token":
            return self.refusal or self._tokens(form, credentials)
        return 404, {}

    def _metadata(self) -> dict[str, Any]:
        return {
            "issuer": f"{self.origin}/realm",
            "authorization_endpoint": f"{self.origin}/authorize",
            "token_endpoint": f"{self.origin}/token",
            "jwks_uri": f"{self.origin}/keys",
            "userinfo_endpoint": f"{self.origin}/userinfo",
            "end_session_endpoint": f"{self.origin}/end",
            "code_challenge_methods_supported": ["S256"],
            **self.metadata,
        }

    def _tokens(self, form: dict[str, str], credentials: str) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != form["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        if base64.b64decode(credentials.removeprefix("Basic ")).decode() != f"{CLIENT_ID}:{CLIENT_SECRET}":
            return 401, {"error": "invalid_client"}
        return 200, {
            "access_token": self.access_token,
            "token_type": "Bearer",
            "id_token": self.id_token(asked["nonce"]),
        }

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": f"{self.origin}/realm",
            "sub": self.subject,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "email": "pentadbir@mapo.example",
            "email_verified": True,
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.sign:
            return str(self.sign(claims))
        return jwt.encode(
            claims, key_named(self.key), algorithm="RS256", headers={"kid": self.key, **self.header}
        )


@contextmanager
def fake_provider(certificates: Path | None = None) -> Iterator[FakeProvider]:
    """Yield a provider that answers on this machine, by TLS with the cert.pem and key.pem of a folder where one is given."""
    provider = FakeProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer({name: values[0] for name, values in parse_qs(body).items()})

        def _answer(self, form: dict[str, str]) -> None:
            path = urlsplit(self.path).path
            provider.asked.append(path)
            if provider.redirects_to:
                self.send_response(302)
                self.send_header("Location", provider.redirects_to)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            status, said = provider.answer(path, form, self.headers.get("Authorization", ""))
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            """Say nothing: the test looks at `asked`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.origin = f"http://127.0.0.1:{server.server_port}"
    if certificates is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates / "cert.pem", certificates / "key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        provider.origin = f"https://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
