"""Lead people whose role must have a second factor to adding one before anything else."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.access import person_of
from accounts.factors import has_factor, must_have_factor
from accounts.proof import used_factor
from accounts.resume import ONWARD, asks_for_page, page_before

_PROVING = {
    "account_logout",
    "account_reauthenticate",
    "account_set_password",
    "accounts:prove_at_provider",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
}
#: Adding a factor asks for a recent proof, after which `go_on` sends again what was typed.
_ADDING = _PROVING | {
    "accounts:add_app",
    "accounts:add_passkey",
    "accounts:go_on",
    "accounts:second_factor",
}


class FactorGateMiddleware:
    """Let a session of such a role go on only once it has shown a second factor.

    Views that ask for no sign-in, such as the language, stay open. Stands after the middleware of sign-in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[Any, Any],
    ) -> HttpResponseBase | None:
        """Return nothing for who may go on, otherwise the way to what must be done first."""
        if not request.user.is_authenticated or not getattr(view_func, "login_required", True):
            return None
        person = person_of(request)
        if not must_have_factor(person) or used_factor(request, person):
            return None
        match = request.resolver_match
        name = match.view_name if match else ""
        if has_factor(person):
            proof = f"{reverse('mfa_reauthenticate')}?{urlencode({'next': page_before(request) or '/'})}"
            return None if name in _PROVING else _lead(request, proof)
        return None if name in _ADDING else _lead(request, reverse("accounts:second_factor"))


def _lead(request: HttpRequest, url: str) -> HttpResponseBase:
    """Redirect to an address, and keep where the person was; tell a script by 401."""
    if not asks_for_page(request):
        error = _("First add a second factor, under My account. Nothing was sent.")
        return JsonResponse({"state": "signed-out", "error": error}, status=401)
    page = page_before(request)
    if page:
        request.session[ONWARD] = {"page": page, "is_sent": request.method not in ("GET", "HEAD")}
    return redirect(url)
