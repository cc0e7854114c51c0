"""Sessions in the database, as Django's. Where one goes on under a new key, its row in the list of sessions goes with it."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends import db
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import transaction
from django.http import HttpRequest, HttpResponse


class SessionStore(db.SessionStore):
    """The engine that Django looks for (SESSION_ENGINE)."""

    def cycle_key(self) -> None:
        """Go on under a new key: the old one is worth nothing, and no row of it stays.

        Raises SessionInterrupted (the answer is 400) where the session ended meanwhile, or went on under another key: a
        second one would be in no list of sessions, and outlive them.
        """
        self.keys()  # Reads it: a key that is unknown is none afterwards.
        before = self.session_key
        with transaction.atomic():
            rows = self.model.objects.select_for_update().filter(session_key=before)
            if before and not rows:
                raise SessionInterrupted("The session ended while it was to go on under a new key.")
            super().cycle_key()
            UserSession.objects.filter(session_key=before or "").update(session_key=self.session_key)


class SessionCookieMiddleware(SessionMiddleware):
    """Django's middleware, but an unknown key takes no cookie away: the browser may hold a newer one by now.

    A tab that asks with the old key, while another gets the new one for a proof, would else sign the person out.
    """

    def process_response(self, request: HttpRequest, response: Any) -> HttpResponse:
        cookies = set(response.cookies)
        answered: HttpResponse = super().process_response(request, response)
        if not request.session.modified and request.session.is_empty():
            for name in set(answered.cookies) - cookies:
                del answered.cookies[name]
        return answered
