"""What people do at a browser to sign in: second factors, the provider, and signing out."""

from __future__ import annotations

from types import SimpleNamespace
from urllib.parse import urlsplit

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.utils.translation import gettext, override
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Desk, is_sound
from tests.e2e.real_provider import PROVIDER_PASSWORD
from tests.recent_proof import age_proof_of

#: The page of one's own second factors.
FACTORS = "/account/second-factor/"
PROVIDER_NAME = {"ms": "ID Agensi", "en": "Agency ID"}
_HALF_MINUTE = 30


class Phone:
    """An authenticator app, and the server's clock for it: half minutes pass only between two codes."""

    def __init__(self) -> None:
        self._seconds = 1_700_000_000
        self.secret = ""
        #: Stands in for the module `time` where codes are checked.
        self.time = SimpleNamespace(time=lambda: self._seconds)

    def next_code(self) -> str:
        """Return a code that was never shown before."""
        self._seconds += _HALF_MINUTE
        return format_hotp_value(hotp_value(self.secret.replace(" ", ""), self._seconds // _HALF_MINUTE))


def at_localhost(desk: Desk) -> Desk:
    """Return the desk, which now knows the site by the one name without TLS under which browsers allow passkeys."""
    desk.site = desk.site.replace("127.0.0.1", "localhost")
    return desk


def give_a_passkey_device(desk: Desk) -> None:
    """Let Chromium behave as if the computer had a fingerprint reader, which recognises the person."""
    session = desk.page.context.new_cdp_session(desk.page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    options |= dict.fromkeys(("hasResidentKey", "hasUserVerification", "isUserVerified"), True)
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def press(desk: Desk, selector: str, until: str) -> None:
    """Press something and wait for the page at the address that comes of it."""
    with desk.page.expect_navigation(url=f"{desk.site}{until}"):
        desk.page.locator(selector).first.click()


def answer(desk: Desk, code: str, until: str = "") -> None:
    """Type a code, send it, and wait for the page that comes: at this address, or behind the sign-in."""
    desk.page.locator("input[name=code]").fill(code)
    with desk.page.expect_navigation():
        desk.page.locator("input[name=code]").press("Enter")
    if until:
        desk.page.wait_for_url(f"{desk.site}{until}")
    else:
        arrive(desk)


def arrive(desk: Desk) -> None:
    """Wait for a page behind the sign-in: the first one differs by role."""
    is_inside(desk.page, desk.site)


def is_inside(page: Page, site: str) -> None:
    """Wait until the browser is signed in and led nowhere first."""
    outside = ("/sign-in/", "/account/")
    page.wait_for_url(lambda url: url.startswith(site) and not urlsplit(url).path.startswith(outside))
    expect(page.locator("body[data-person]")).to_be_attached()


def is_at(page: Page, site: str, path: str) -> None:
    """Wait until the browser is at this path of the site."""
    page.wait_for_url(lambda url: url.startswith(site) and urlsplit(url).path == path)


def leave_for_a_while(desk: Desk) -> None:
    """Let more time pass at this desk than a proof lasts."""
    cookies = {each["name"]: each["value"] for each in desk.page.context.cookies()}
    age_proof_of(cookies[settings.SESSION_COOKIE_NAME])


def sign_out(desk: Desk) -> None:
    """Sign out by the page that asks."""
    desk.open("/sign-out/")
    press(desk, "main button[type=submit]", "/sign-in/")


def keep_codes(desk: Desk) -> list[str]:
    """Say on the page of the recovery codes that they are kept; return them."""
    is_sound(desk.page)
    codes = desk.page.locator(".recovery-codes li").all_inner_texts()
    with desk.page.expect_navigation():
        desk.page.locator("main form button[type=submit]").click()
    return codes


def enrol_passkey(desk: Desk, email: str, name: str) -> list[str]:
    """Sign in for the first time and add the passkey that is asked for; return the recovery codes."""
    give_a_passkey_device(desk)
    desk.sign_in_by_page(email)
    desk.page.wait_for_url(f"{desk.site}{FACTORS}")
    is_sound(desk.page)
    press(desk, f"a[href='{FACTORS}passkey/']", f"{FACTORS}passkey/")
    is_sound(desk.page)
    desk.page.locator("input[name=name]").fill(name)
    press(desk, "#make-passkey", f"{FACTORS}codes/")
    codes = keep_codes(desk)
    arrive(desk)
    return codes


def enrol_app(desk: Desk, phone: Phone) -> list[str]:
    """Add an authenticator app where it is asked for; return the recovery codes."""
    desk.page.wait_for_url(f"{desk.site}{FACTORS}")
    is_sound(desk.page)
    press(desk, f"a[href='{FACTORS}app/']", f"{FACTORS}app/")
    is_sound(desk.page)
    expect(desk.page.locator(".qr-code svg")).to_be_visible()
    phone.secret = desk.page.locator("[data-secret]").inner_text()
    answer(desk, phone.next_code(), f"{FACTORS}codes/")
    codes = keep_codes(desk)
    arrive(desk)
    return codes


def press_provider(desk: Desk) -> None:
    """Press the button of single sign-on."""
    with override(desk.language):
        label = gettext("Sign in with %(provider)s") % {"provider": PROVIDER_NAME[desk.language]}
    desk.page.get_by_role("button", name=label).click()


def sign_in_there(page: Page, name: str) -> None:
    """Sign in on the provider's own pages."""
    page.wait_for_selector("#username")
    page.fill("#username", name)
    page.fill("#password", PROVIDER_PASSWORD)
    page.click("#loginbut")
    page.click("button.btn-success")
