"""Load the person behind a session at every request, so that deactivation and moves act at once."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models.expressions import RawSQL

from accounts.models import User
from privacy.reading import MARKS_VERSION


class EmailBackend(AuthenticationBackend):
    """Sign in by e-mail; one query loads the person with the agency, and which texts have hidden words by now.

    Sessions hold this path, so renaming it would sign everybody out.
    """

    def get_user(self, user_id: Any) -> User | None:
        """Return the active person of a session, or None."""
        people = User.objects.active().select_related("agency")
        return people.annotate(marks_version=RawSQL(MARKS_VERSION, ())).filter(pk=user_id).first()  # noqa: S611 - our own words
