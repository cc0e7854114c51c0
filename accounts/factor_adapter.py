"""Connect allauth's second factors with ours: names, words, secrets that are stored encrypted."""

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from qrcode.image.svg import SvgPathImage
from qrcode.main import make

from accounts import factor_secrets


class FactorAdapter(DefaultMFAAdapter):
    """allauth's second factors with Jejak's rules."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This did not match. Try again."),
    }

    def encrypt(self, text: str) -> str:
        return factor_secrets.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return factor_secrets.decrypt(encrypted_text)

    def get_totp_issuer(self) -> str:
        return "Jejak"

    def _get_site_name(self) -> str:
        return "Jejak"

    def build_totp_svg(self, url: str) -> str:
        """Return the QR code as an <svg> element that can stand in a page."""
        image = make(url, image_factory=SvgPathImage, border=2)
        text: Any = image.to_string(encoding="unicode")
        return str(text)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:
        """Return the name of a passkey that was given none."""
        return _("Passkey")
