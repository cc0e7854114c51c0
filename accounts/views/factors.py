"""Pages of one's own second factors: see, add, rename and remove them, and keep the recovery codes."""

from functools import partial

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn.internal.auth import begin_registration
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts import tasks
from accounts.access import person_of
from accounts.acting import (
    act_by_button,
    act_by_form,
    attempt,
    keep_this_session,
    posted,
    refusal_toast,
    say_and_go,
)
from accounts.factor_forms import AddAppForm, AddPasskeyForm, PasskeyNameForm
from accounts.factor_secrets import decrypt, encrypt
from accounts.factors import APP, CODES, PASSKEY, factors_of, must_have_factor
from accounts.models import User
from accounts.proof import used_factor
from accounts.resume import ONWARD, tell_not_done
from accounts.services import factors as services
from accounts.services.sessions import sign_out_everywhere
from accounts.sign_in_mails import SignInChange
from audit import clock
from ui.methods import post_required
from ui.recent_proof import requires_recent_proof

#: Where the session keeps the secret of an app that was not yet confirmed, encrypted.
_PENDING_APP = "second_factor_app"


@require_GET
def second_factor(request: HttpRequest) -> HttpResponse:
    """Show one's own second factors, and which may be added."""
    person = person_of(request)
    found = factors_of(person)
    is_led_here = must_have_factor(person) and not used_factor(request, person)
    context = {
        "found": found,
        "is_led_here": is_led_here,
        "layout": "ui/plain.html" if is_led_here else "base.html",
        "may_remove": not must_have_factor(person) or len(found.factors) > 1,
    }
    return render(request, "accounts/factors/second_factor.html", context)


@requires_recent_proof
@never_cache
@require_http_methods(["GET", "POST"])
def add_passkey(request: HttpRequest) -> HttpResponseBase:
    """Lead through adding a passkey: the browser makes it, the person gives it a name."""
    person = person_of(request)
    form = AddPasskeyForm(posted(request), user=person, initial={"name": _("Passkey")})
    outcome = attempt(request, services.add_passkey, form=form)
    if outcome.is_done:
        return _added(request, PASSKEY)
    context = {"form": form, "js_data": {"creation_options": begin_registration(person, passwordless=False)}}
    return render(request, "accounts/factors/add_passkey.html", context)


@requires_recent_proof
@never_cache
@require_http_methods(["GET", "POST"])
def add_app(request: HttpRequest) -> HttpResponseBase:
    """Lead through adding an authenticator app: scan or type the secret, then give the first code."""
    person = person_of(request)
    secret = _pending_secret(request)
    form = AddAppForm(posted(request), cancel_url=reverse("accounts:second_factor"))
    outcome = attempt(request, partial(services.add_app, secret=secret), form=form, error_field="code")
    if outcome.is_done:
        del request.session[_PENDING_APP]
        return _added(request, APP)
    adapter = get_adapter()
    url = adapter.build_totp_url(person, secret)
    context = {
        "form": form,
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "url": url,
        "qr_code": mark_safe(adapter.build_totp_svg(url)),  # noqa: S308 - drawn by us from numbers alone
    }
    return render(request, "accounts/factors/add_app.html", context)


def _pending_secret(request: HttpRequest) -> str:
    """Return the secret of the app that is being added, the same until it is confirmed."""
    kept = request.session.get(_PENDING_APP)
    if kept:
        return decrypt(kept)
    secret = generate_totp_secret()
    request.session[_PENDING_APP] = encrypt(secret)
    return secret


def _added(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Go on after a factor was added: this session has proved it, every other one ends."""
    person = person_of(request)
    record_authentication(request, person, "mfa", type=str(kind))
    _sign_out_elsewhere(request)
    _tell(person, SignInChange.PASSKEY_ADDED if kind == PASSKEY else SignInChange.APP_ADDED)
    if factors_of(person).has_codes_to_keep:
        return redirect("accounts:recovery_codes")
    return say_and_go(request, None, done=_("Your second factor was added."), back_url=_home())


def _sign_out_elsewhere(request: HttpRequest) -> None:
    person = person_of(request)
    ended = sign_out_everywhere(person, actor=person, now=clock.now(), but=request.session.session_key)
    keep_this_session(request, ended)


def _tell(person: User, change: SignInChange) -> None:
    """Mail the person what was changed."""
    tasks.notify_sign_in_change(person, change, now=clock.now())


@requires_recent_proof
@never_cache
@require_http_methods(["GET", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponseBase:
    """Show new recovery codes until the person says that they are kept; afterwards nobody sees them again."""
    if request.method == "POST":
        return act_by_button(
            request,
            services.note_codes_kept,
            done=_("Done. From now on you sign in with your password and your second factor."),
            back_url=lambda _person: _onward(request),
            on_refusal=partial(refusal_toast, request, _home()),
        )
    codes = _codes_to_keep(person_of(request))
    return render(request, "accounts/factors/recovery_codes.html", {"codes": codes, "text": "\n".join(codes)})


@requires_recent_proof
@never_cache
@require_GET
def recovery_codes_file(request: HttpRequest) -> HttpResponse:
    """Hand out the recovery codes as a text file, as long as the page shows them."""
    person = person_of(request)
    context = {"codes": _codes_to_keep(person), "person": person}
    response = render(request, "accounts/factors/recovery_codes.txt", context, content_type="text/plain")
    response["Content-Disposition"] = 'attachment; filename="jejak-recovery-codes.txt"'
    return response


def _codes_to_keep(person: User) -> list[str]:
    """Return the codes that may still be shown, in two halves each; 404 when there are none."""
    row = Authenticator.objects.filter(user=person, type=CODES).first()
    codes = RecoveryCodes(row) if row else None
    if codes is None or codes.did_view:
        raise Http404
    return [f"{code[:4]} {code[4:]}" for code in codes.get_unused_codes()]


@requires_recent_proof
@post_required
def make_codes(request: HttpRequest) -> HttpResponseBase:
    """Make new recovery codes and show them."""
    outcome = attempt(request, services.make_codes)
    if outcome.refusal is not None:
        return refusal_toast(request, _home(), outcome.refusal)
    _tell(person_of(request), SignInChange.CODES_MADE)
    return redirect("accounts:recovery_codes")


@require_http_methods(["GET", "POST"])
def rename_passkey(request: HttpRequest, factor_id: int) -> HttpResponseBase:
    """Give a passkey another name."""
    row = _own_or_404(request, factor_id)
    if row.type != PASSKEY:
        raise Http404
    return act_by_form(
        request,
        PasskeyNameForm(posted(request), name=row.wrap().name, cancel_url=_home()),
        act=partial(services.rename_passkey, passkey_id=row.pk),
        done=_("Saved."),
        back_url=_home(),
        template="accounts/factors/rename.html",
        context={"title": _("Rename passkey"), "note": row.wrap().name},
        error_field="name",
    )


@requires_recent_proof
@require_http_methods(["GET", "POST"])
def remove_factor(request: HttpRequest, factor_id: int) -> HttpResponseBase:
    """Ask once more, then remove a factor; every other session ends."""
    row = _own_or_404(request, factor_id)
    if request.method == "GET":
        name = row.wrap().name if row.type == PASSKEY else _("Authenticator app")
        return render(request, "accounts/factors/remove.html", {"name": name})
    outcome = attempt(request, partial(services.remove_factor, factor_id=row.pk))
    if outcome.refusal is not None:
        return refusal_toast(request, _home(), outcome.refusal)
    _sign_out_elsewhere(request)
    _tell(person_of(request), SignInChange.FACTOR_REMOVED)
    return say_and_go(request, None, done=_("The second factor was removed."), back_url=_home())


def _own_or_404(request: HttpRequest, factor_id: int) -> Authenticator:
    rows = Authenticator.objects.filter(user=person_of(request)).exclude(type=CODES)
    return get_object_or_404(rows, pk=factor_id)


@login_not_required
@post_required
def start_again(request: HttpRequest) -> HttpResponseBase:
    """Leave a sign-in that waits for its second factor; a shared desk then takes another person's password."""
    if not request.user.is_authenticated:
        request.session.flush()
    return redirect("account_login")


def _onward(request: HttpRequest) -> str:
    """Return where to go on after the last step: where the person was led away from, if so."""
    kept = request.session.pop(ONWARD, None)
    if not kept:
        return _home()
    if kept["is_sent"]:
        tell_not_done(request)
    return str(kept["page"])


def _home() -> str:
    return reverse("accounts:second_factor")
