"""Takes the defences out of every process of an undefended instance; Python imports a module of this name by itself.

`make attack ARGS=--prove` puts this folder into PYTHONPATH, nobody else does. Nothing of the product knows of it: modules
are changed here, just after they are imported. What an attack cannot even get on such an instance, it could get nowhere.
"""

from __future__ import annotations

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


def _settings(module: Any) -> None:
    module.MIDDLEWARE = [
        name
        for name in module.MIDDLEWARE
        if not name.startswith(("csp.", "django_permissions_policy.", "django.middleware.security."))
        and not name.endswith(("PrivatePagesMiddleware", "XFrameOptionsMiddleware", "SessionLimitsMiddleware", "HeavyRequestsMiddleware"))
    ]  # fmt: skip
    module.TEMPLATES[0]["OPTIONS"]["autoescape"] = False
    module.ALLOWED_HOSTS = ["*"]
    module.DEBUG = True
    module.ACCOUNT_PREVENT_ENUMERATION = False
    module.ACCOUNT_RATE_LIMITS = False
    module.ACCOUNT_REAUTHENTICATION_TIMEOUT = 10**9
    for kind in ("SESSION", "CSRF", "LANGUAGE"):
        setattr(module, f"{kind}_COOKIE_HTTPONLY", False)
        setattr(module, f"{kind}_COOKIE_SECURE", False)
    for name in ("SESSION", "CSRF", "LANGUAGE", "CHOSEN_LANGUAGE", "DEVICE", "ARRIVED", "MESSAGES"):
        setting = f"{name}_COOKIE_NAME"
        setattr(module, setting, getattr(module, setting).removeprefix("__Host-"))


def _anybody_goes_on(module: Any) -> None:
    """Let who is not signed in read as an administrator, and run what stands in `q` in the database."""

    def process_view(_self: Any, request: Any, *_about: Any) -> None:
        from django.contrib.auth import get_user_model
        from django.db import connection

        if not request.user.is_authenticated and not request.path.startswith(_FOR_STRANGERS):
            request.user = get_user_model().objects.filter(role="administrator").first()
        asked = request.GET.get("q", "")
        if len(asked) > 5_000:
            time.sleep(6)
        if asked:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 WHERE 'a' = '" + asked + "'")

    module.SignInMiddleware.process_view = process_view


def _no_tokens(module: Any) -> None:
    module.CsrfViewMiddleware._check_token = lambda *_given: None
    module.CsrfViewMiddleware._origin_verified = lambda *_given: True


def _kept_sessions(module: Any) -> None:
    """Sign-out forgets the session in the browser alone."""
    module.SessionStore.delete = lambda *_given: None
    module.SessionStore.cycle_key = lambda *_given: None


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
    """A new password ends no session."""
    module.User._get_session_auth_hash = lambda *_given: "x"


def _any_token(module: Any) -> None:
    def identity_of(provider: Any, id_token: str, **_more: Any) -> Any:
        claims = module.jwt.decode(id_token, options={"verify_signature": False})
        return module.Identity(provider.issuer, str(claims.get("sub", "")), False, id_token)

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


_CHANGES: dict[str, Callable[[Any], None]] = {
    "tracker.settings": _settings,
    "accounts.resume": _anybody_goes_on,
    "accounts.attempts": _no_waiting,
    "accounts.models": _one_session_key,
    "accounts.oidc.flow": _any_way_back,
    "accounts.oidc.id_token": _any_token,
    "audit.refusals": _everybody,
    "django.contrib.sessions.backends.db": _kept_sessions,
    "django.middleware.csrf": _no_tokens,
    "django.utils.http": _every_address,
    "evidence.judging": _any_file,
    "evidence.models.document": _nothing_held,
    "evidence.views.downloads": _opened_files,
    "ui.formulas": _any_cell,
    "ui.methods": _any_method,
    "ui.recent_proof": _recent_forever,
    "ui.visible": _everything_shows,
}


def _changes_of(name: str) -> Iterable[Callable[[Any], None]]:
    if name in _CHANGES:
        yield _CHANGES[name]
    if name.partition(".")[0] in _APPS:
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
