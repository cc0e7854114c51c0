"""How long an attempt to sign in, and a request for a reset link, take for addresses that exist and that do not."""

from __future__ import annotations

import time
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import User

#: Each at another account and from another network, so that none is slowed.
TRIES = 200


def main(facts: dict[str, Any]) -> dict[str, list[float]]:
    """Return the milliseconds of each request, by what was asked and whether the address exists; they take turns."""
    emails = list(User.objects.active().order_by("pk").values_list("email", flat=True)[:TRIES])
    taken: dict[str, list[float]] = {}
    for number, email in enumerate(emails):
        for kind, address in (("known", email), ("unknown", f"tiada{number}@agensi.example")):
            where = f"10.{1 + number // 200}.{number % 200}.{1 + (kind == 'known')}"
            form = {"login": address, "password": "bukan-kata-laluan"}
            taken.setdefault(f"sign_in.{kind}", []).append(_post("account_login", form, where))
            taken.setdefault(f"reset.{kind}", []).append(
                _post("account_reset_password", {"email": address}, where)
            )
    return taken


def _post(name: str, form: dict[str, str], where: str) -> float:
    """Post a form from an address; return the milliseconds until its answer."""
    client = Client(headers={"host": "127.0.0.1"})
    began = time.perf_counter()
    answer = client.post(reverse(name), form, REMOTE_ADDR=where)
    took = (time.perf_counter() - began) * 1_000
    assert answer.status_code in (200, 302)
    return took
