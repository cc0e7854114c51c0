"""The parts of allauth that we use, under the URL names that it expects. There is no sign-up."""

from allauth.account import views
from allauth.mfa.base import views as factor_views
from allauth.mfa.webauthn import views as passkey_views
from django.urls import path
from django.views.generic import RedirectView

urlpatterns = [
    path("sign-in/", views.login, name="account_login"),
    path("sign-in/deactivated/", views.account_inactive, name="account_inactive"),
    path("sign-out/", views.logout, name="account_logout"),
    path("password/change/", views.password_change, name="account_change_password"),
    # Who joined by the provider has no password to change: a link in a mail sets the first one, too.
    path(
        "password/set/",
        RedirectView.as_view(pattern_name="account_reset_password"),
        name="account_set_password",
    ),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/sent/", views.password_reset_done, name="account_reset_password_done"),
    path("sign-in/second-factor/", factor_views.authenticate, name="mfa_authenticate"),
    path("account/again/password/", views.reauthenticate, name="account_reauthenticate"),
    path("account/again/code/", factor_views.reauthenticate, name="mfa_reauthenticate"),
    path("account/again/passkey/", passkey_views.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
]
