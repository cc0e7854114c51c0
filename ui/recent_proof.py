"""Acts of weight ask people to prove again who they are when their last proof is some minutes old (docs/adr/0021).

The mark stands above the view, below who may open it: `@requires_recent_proof`. `accounts.proof_gate` does the asking.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


class ProofNeeded(Exception):
    """Raised in place of a view's answer; `sends_file`: the view would have answered with a file, not a page."""

    def __init__(self, *, sends_file: bool) -> None:
        super().__init__()
        self.sends_file = sends_file


def requires_recent_proof(
    view: View | None = None, *, sends_file: bool = False, form: type[BaseForm] | None = None
) -> Any:
    """Return the view, or a decorator, for people whose last proof in this session is recent.

    Whoever signed in, or gave a password or second factor since, has proved who they are. All others are asked first,
    on a GET too, so that nobody types before they are asked; what they posted goes on afterwards.
    `form` is what the view reads: the page after the proof says with its labels what was asked for.
    """
    if view is None:
        return partial(requires_recent_proof, sends_file=sends_file, form=form)

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not has_recent_proof(request):
            raise ProofNeeded(sends_file=sends_file)
        return view(request, *args, **kwargs)

    vars(asked)["requires_recent_proof"] = True
    vars(asked)["sends_file"] = sends_file
    vars(asked)["form"] = form
    return asked


def has_recent_proof(request: HttpRequest) -> bool:
    """Return whether this session's newest proof is recent; the proof of another person in it counts for nothing."""
    now, most = time.time(), settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    proofs = get_authentication_records(request, request.user)
    # A provider may let people pass whom it asked long ago, or will not say when.
    return any(0 <= now - proof.get("proved_at", proof["at"]) < most for proof in proofs)
