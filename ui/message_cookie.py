"""Where Django keeps what the next page is to say: in a cookie bound to the host, like every other."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class MessageCookie(CookieStorage):
    """Django's own, under our name."""

    cookie_name = settings.MESSAGES_COOKIE_NAME


class MessageStorage(FallbackStorage):
    """The cookie, and the session for what is too long for it."""

    storage_classes = (MessageCookie, SessionStorage)
