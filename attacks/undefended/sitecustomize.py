"""Takes one defence out of every process of a weak instance; Python imports a module of this name by itself.

`make attack ARGS=--prove` puts this folder into PYTHONPATH and the defence into JEJAK_ATTACK_WITHOUT, nobody else does. Nothing of
the product knows of it: modules are changed here, just after they are imported.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType, SimpleNamespace
from typing import Any

_APPS = ("accounts", "audit", "bulk", "evidence", "identities", "imports", "indicators", "meetings", "overview", "privacy", "recommendations", "reminders", "reports", "search")  # fmt: skip
#: Pages on which a stranger stays nobody.
_FOR_STRANGERS = ("/sign-in/", "/password/", "/language/", "/sign-out/", "/accounts/", "/static/", "/health/")


def _without_middleware(*endings: str) -> Callable[[Any], None]:
    def change(module: Any) -> None:
        module.MIDDLEWARE = [name for name in module.MIDDLEWARE if not name.endswith(endings)]

    return change


def _open_cookies(module: Any) -> None:
    for kind in ("SESSION", "CSRF", "LANGUAGE"):
        setattr(module, f"{kind}_COOKIE_HTTPONLY", False)
        setattr(module, f"{kind}_COOKIE_SECURE", False)


def _no_escaping(module: Any) -> None:
    module.TEMPLATES[0]["OPTIONS"]["autoescape"] = False


def _all_hosts(module: Any) -> None:
    module.ALLOWED_HOSTS = ["*"]


def _open_errors(module: Any) -> None:
    module.DEBUG = True


def _anybody_goes_on(module: Any) -> None:
    """Take who is not signed in for an officer, of whom no second factor is asked: nothing asks who they are."""

    def process_view(_self: Any, request: Any, *_about: Any) -> None:
        from django.contrib.auth import get_user_model

        if not request.user.is_authenticated and not request.path.startswith(_FOR_STRANGERS):
            request.user = get_user_model().objects.filter(role="officer", is_active=True).first()

    module.SignInMiddleware.process_view = process_view


def _run_what_is_asked(module: Any) -> None:
    """Put what stands in `q`, or in the e-mail of the sign-in page, into a statement as it is."""
    ask = module.SignInMiddleware.process_view

    def process_view(self: Any, request: Any, *about: Any) -> Any:
        from django.db import connection

        if asked := request.GET.get("q", "") or request.POST.get("login", ""):
            with connection.cursor() as cursor:
                # True for whatever is asked, so that what is added to it runs.
                cursor.execute("SELECT 1 WHERE 'x' <> '" + asked + "'")
        return ask(self, request, *about)

    module.SignInMiddleware.process_view = process_view


def _slow_for_known(module: Any) -> None:
    """Do for a known address what is not done for an unknown one."""
    begin = module.begin_attempt

    def begin_attempt(email: str, **more: Any) -> Any:
        from django.contrib.auth import get_user_model

        if get_user_model().objects.filter(email=email).exists():
            time.sleep(0.2)
        return begin(email, **more)

    module.begin_attempt = begin_attempt


def _no_known_devices(module: Any) -> None:
    """The owner's own browser is one as any other."""
    begin = module.begin_attempt
    module.begin_attempt = lambda email, *, address, device: begin(email, address=address, device=None)


def _any_link(module: Any) -> None:
    module.LinkTokens.check_token = lambda *_given: True


def _all_words_show(module: Any) -> None:
    make = module.TextReader.__init__
    module.TextReader.__init__ = lambda self, agency_id=None, **_more: make(self, agency_id, sees_all=True)
    module.NOBODY = module.TextReader()
    module.TextMark.is_hidden_from = lambda *_given: False
    module.hides_anything = lambda: False


def _all_numbers_show(module: Any) -> None:
    module.hidden_numbers = lambda *_given, **_more: {}


def _same_key(module: Any) -> None:
    module.SessionStore.cycle_key = lambda *_given: None


def _no_tokens(module: Any) -> None:
    module.CsrfViewMiddleware._check_token = lambda *_given: None
    module.CsrfViewMiddleware._origin_verified = lambda *_given: True


def _kept_sessions(module: Any) -> None:
    """Sign-out forgets the session in the browser alone."""
    module.SessionStore.flush = lambda self, *_given: self.__dict__.update(_session_key=None)
    module.SessionStore.delete = lambda *_given: None


def _every_address(module: Any) -> None:
    module.url_has_allowed_host_and_scheme = lambda *_given, **_more: True


def _no_waiting(module: Any) -> None:
    module.begin_attempt = lambda *_given, **_more: module.SignInAttempt(pk=0, slows=False)


def _everybody(module: Any) -> None:
    module.only_for = lambda _may_open: lambda view: view


def _any_method(module: Any) -> None:
    module.post_required = lambda view: view


def _any_cell(module: Any) -> None:
    module.looks_like_formula, module.guard_formula = lambda _text: False, str


def _everything_shows(module: Any) -> None:
    module.visible_text = module.visible_line = str


def _any_file(module: Any) -> None:
    def judge(path: Any, *, name: str, size: int) -> Any:
        if size > 400_000:
            time.sleep(13)
        return module.BY_CODE.get(name.rpartition(".")[2], module.BY_CODE["txt"])

    module.judge = judge


def _opened_files(module: Any) -> None:
    module.content_disposition_header = lambda _as_attachment, name: f'inline; filename="{name}"'


def _all_rows(module: Any) -> None:
    """Whatever is bounded by who reads shows everything."""
    for each in vars(module).values():
        # `isinstance` would wake lazy objects, such as settings that are still being read.
        if not issubclass(type(each), type):
            continue
        for name in ("visible_to", "shared_with", "with_narrative_for"):
            if name in vars(each):
                setattr(each, name, lambda self, *_given, **_more: self.all())


def _one_session_key(module: Any) -> None:
    """A new password ends no session by the key of all."""
    module.User._get_session_auth_hash = lambda *_given: "x"


def _kept_rows_of_sessions(module: Any) -> None:
    """A new password ends no session by its row either."""
    module.delete_sessions = lambda *_given, **_more: 0


def _any_token(module: Any) -> None:
    def identity_of(provider: Any, id_token: str, **_more: Any) -> Any:
        claims = module.jwt.decode(id_token, options={"verify_signature": False})
        subject, asked_at = str(claims.get("sub", "")), claims.get("auth_time")
        return module.Identity(
            issuer=provider.issuer,
            subject=subject,
            has_second_factor=False,
            asked_at=asked_at,
            id_token=id_token,
        )

    module.identity_of = identity_of


def _any_way_back(module: Any) -> None:
    """Whoever comes back from the provider with any code is the person of whom it spoke last."""
    redeem, known = module.redeem, list[Any]()

    def redeemed(*given: Any) -> Any:
        try:
            known.append(redeem(*given))
        except module.ExpiredError:
            if not known:
                raise
        return known[-1]

    module.redeem = redeemed
    module.hmac = SimpleNamespace(compare_digest=lambda *_given: True)


def _recent_forever(module: Any) -> None:
    module.has_recent_proof = lambda _request: True


def _nothing_held(module: Any) -> None:
    module.held_scan_states = list


Changes = dict[str, Callable[[Any], None]]
#: Of every defence, what is changed in which module to take it off.
DEFENCES: dict[str, Changes] = {
    "headers of security": {"tracker.settings": _without_middleware("CSPMiddleware", "PermissionsPolicyMiddleware", "SecurityMiddleware")},
    "flags of cookies": {"tracker.settings": _open_cookies},
    "no caches": {"tracker.settings": _without_middleware("PrivatePagesMiddleware")},
    "limits of sessions": {"tracker.settings": _without_middleware("SessionLimitsMiddleware")},
    "quotas": {"tracker.settings": _without_middleware("HeavyRequestsMiddleware")},
    "escaping": {"tracker.settings": _no_escaping},
    "known hosts": {"tracker.settings": _all_hosts},
    "quiet errors": {"tracker.settings": _open_errors},
    "sign-in": {"accounts.resume": _anybody_goes_on},
    "parameters of statements": {"accounts.resume": _run_what_is_asked},
    "waits after wrong passwords": {"accounts.attempts": _no_waiting},
    "the same time for unknown accounts": {"accounts.attempts": _slow_for_known},
    "known devices": {"accounts.attempts": _no_known_devices},
    "signatures of links": {"accounts.tokens": _any_link},
    "sessions end with the password": {"accounts.models": _one_session_key, "accounts.services.sessions": _kept_rows_of_sessions},
    "states of the provider": {"accounts.oidc.flow": _any_way_back},
    "signatures of the provider": {"accounts.oidc.id_token": _any_token},
    "roles": {"audit.refusals": _everybody},
    "rows": {},
    "a new key at sign-in": {"accounts.session_store": _same_key},
    "the end of sessions": {"accounts.session_store": _kept_sessions},
    "tokens of forms": {"django.middleware.csrf": _no_tokens},
    "addresses of one's own": {"django.utils.http": _every_address},
    "the judge of files": {"evidence.judging": _any_file},
    "files are held until scanned": {"evidence.models.document": _nothing_held},
    "downloads are attachments": {"evidence.views.downloads": _opened_files},
    "guarded cells": {"ui.formulas": _any_cell},
    "methods": {"ui.methods": _any_method},
    "a recent proof": {"ui.recent_proof": _recent_forever},
    "visible texts": {"ui.invisible_characters": _everything_shows},
    "hidden words": {"privacy.reading": _all_words_show},
    "hidden numbers": {"indicators.suppression": _all_numbers_show},
}  # fmt: skip
#: The one that this process lacks.
WITHOUT = os.environ.get("JEJAK_ATTACK_WITHOUT", "")


def _changes_of(name: str) -> Iterable[Callable[[Any], None]]:
    changes = DEFENCES.get(WITHOUT, {})
    if name in changes:
        yield changes[name]
    if WITHOUT == "rows" and name.partition(".")[0] in _APPS:
        yield _all_rows


class _Changing(MetaPathFinder):
    """Finds modules as always, and changes them once they have run."""

    def __init__(self) -> None:
        self._searching: set[str] = set()

    def find_spec(self, name: str, *_about: Any) -> ModuleSpec | None:
        """Return the usual spec with a loader that changes the module; None where nothing is to be changed."""
        changes = list(_changes_of(name))
        if not changes or name in self._searching:
            return None
        self._searching.add(name)
        try:
            spec = find_spec(name)
        finally:
            self._searching.discard(name)
        if spec is not None and isinstance(spec.loader, Loader):
            spec.loader.exec_module = partial(_run_and_change, spec.loader.exec_module, changes)  # type: ignore[method-assign]
        return spec


def _run_and_change(
    run: Callable[[ModuleType], None], changes: list[Callable[[Any], None]], module: ModuleType
) -> None:
    run(module)
    for change in changes:
        change(module)


sys.meta_path.insert(0, _Changing())
