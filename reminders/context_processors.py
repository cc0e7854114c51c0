"""What every page of a signed-in person shows of the reminders."""

from typing import Any

from django.http import HttpRequest

from reminders.queries.bell import Bell
from reminders.queries.demo_mails import is_demo_mailbox
from ui.addresses import address_of


def bell(request: HttpRequest) -> dict[str, Any]:
    """Return the bell and, in a demonstration, the address of its mails; nothing before sign-in.

    The bell queries nothing until a page draws it.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"bell": None, "demo_mails_url": ""}
    return {"bell": Bell(user), "demo_mails_url": address_of("reminders:mails") if is_demo_mailbox() else ""}
