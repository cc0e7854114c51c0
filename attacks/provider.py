"""Attacks on single sign-on: coming back from the provider with what belongs to somebody else, or to nobody."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import jwt

from attacks.attack import Ground, Succeeded, attack
from attacks.browser import Answer, Browser
from tests.accounts.provider.fake_provider import CLIENT_SECRET

GROUP = "provider"
_FINISH = "/sign-in/provider/finish/"
SUBJECT = "orang-yang-disambung"


def _begun(ground: Ground) -> tuple[Browser, dict[str, str]]:
    """Return a new browser that was sent to the provider, and what the provider gives it to bring back."""
    browser = ground.stranger()
    answer = browser.post("/sign-in/provider/")
    if not answer.location.startswith(ground.site.provider.origin):
        raise RuntimeError(f"nobody is sent to the provider: {answer.status} {answer.location}")
    return browser, ground.site.provider.authorize(answer.location)


def _finish(browser: Browser, said: dict[str, str]) -> Answer:
    return browser.post(_FINISH, said)


def _is_in(browser: Browser) -> bool:
    return browser.get("/account/").status == 200


def _connect(ground: Ground) -> None:
    """Connect an officer with the provider's person, once; and demand that this person then comes in.

    The provider has to say that it asked the person just now.
    """
    provider = ground.site.provider
    provider.subject = SUBJECT
    browser, said = _begun(ground)
    _finish(browser, said)
    if _is_in(browser):
        return
    own = Browser(ground.site).sign_in(ground.person("pegawai.ksm.1"))
    form = own.get("/account/provider/connect/").form("/account/provider/connect/")
    answer = own.submit(form, {"password": ground.person("pegawai.ksm.1").password})
    provider.claims = {"auth_time": int(time.time())}
    _finish(own, provider.authorize(answer.location))
    provider.claims = {}
    browser, said = _begun(ground)
    _finish(browser, said)
    if not _is_in(browser):
        raise RuntimeError("not even the connected person comes in")


@attack(GROUP, "Somebody comes back from the provider with another browser's state or code, or twice")
def foreign_state_and_code(ground: Ground) -> str:
    _connect(ground)
    tried = 0
    (_first, of_first), (second, of_second) = _begun(ground), _begun(ground)
    for browser, said in (
        (second, of_first),
        (second, {**of_first, "state": of_second["state"]}),
        (ground.stranger(), of_first),
        (ground.stranger(), {"code": of_first["code"]}),
        (second, {"code": of_first["code"], "state": ""}),
        (second, {**of_second, "iss": "https://evil.example/realm"}),
    ):
        tried += 1
        _finish(browser, said)
        if _is_in(browser):
            raise Succeeded(f"came in with {sorted(said)}")
    browser, said = _begun(ground)
    kept = dict(browser.cookies)
    browser.get(f"/sign-in/provider/return/?code={said['code']}&state={said['state']}")
    if _is_in(browser):
        raise Succeeded("a GET signed in: a link does so in anybody's browser")
    _finish(browser, said)
    if not _is_in(browser):
        raise RuntimeError("not even the right way leads in")
    again = ground.stranger()
    again.cookies.update({name: value for name, value in kept.items() if "sessionid" not in name})
    _finish(again, said)
    if _is_in(again):
        raise Succeeded("the same answer signed in twice")
    return f"{tried + 2} ways back, none leads in but the right one"


@dataclass(frozen=True)
class _Lie:
    """What a token says that it should not."""

    title: str
    claims: dict[str, Any]
    sign: Callable[[dict[str, Any]], str] | None = None


def _sign_with_secret(claims: dict[str, Any]) -> str:
    with warnings.catch_warnings(action="ignore"):
        return jwt.encode(claims, CLIENT_SECRET, algorithm="HS256")


def _lies(ground: Ground) -> list[_Lie]:
    return [
        _Lie("a foreign nonce", {"nonce": "asing"}),
        _Lie("no nonce", {"nonce": None}),
        _Lie("another audience", {"aud": "sistem-lain"}),
        _Lie("another issuer", {"iss": "https://evil.example/realm"}),
        _Lie("an end in the past", {"exp": 1_600_000_000, "iat": 1_599_999_000}),
        _Lie("no subject", {"sub": None}),
        _Lie("no signature", {}, lambda claims: jwt.encode(claims, None, algorithm="none")),
        _Lie("the client's secret as its key", {}, _sign_with_secret),
        _Lie("an unknown subject with the administrator's address", {"sub": "penceroboh", "email": ground.person("pentadbir.mapo").email}),
    ]  # fmt: skip


@attack(GROUP, "The provider's token lies: nonce, audience, issuer, end, signature, address")
def lying_tokens(ground: Ground) -> str:
    _connect(ground)
    provider, lies = ground.site.provider, _lies(ground)
    try:
        for lie in lies:
            provider.claims, provider.sign = lie.claims, lie.sign
            browser, said = _begun(ground)
            _finish(browser, said)
            if _is_in(browser):
                raise Succeeded(f"came in with {lie.title}")
        provider.claims, provider.sign = {}, None
        provider.key = "two"
        browser, said = _begun(ground)
        _finish(browser, said)
        if _is_in(browser):
            raise Succeeded("came in with a token of another key")
    finally:
        provider.claims, provider.sign, provider.key = {}, None, "one"
    return f"{len(lies) + 1} tokens, all refused"


@attack(GROUP, "Signing in at the provider leads to another site")
def provider_redirects(ground: Ground) -> str:
    _connect(ground)
    targets = ("https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)")
    for target in targets:
        browser = ground.stranger()
        answer = browser.post("/sign-in/provider/", {"next": target})
        ended = _finish(browser, ground.site.provider.authorize(answer.location))
        if urlsplit(ended.location).netloc or ended.location.startswith(("//", "/\\", "javascript")):
            raise Succeeded(f"{target} leads to {ended.location}")
    return f"{len(targets)} addresses, none leads away"
