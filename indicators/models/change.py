"""That something changed of what pages of figures show."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class RegisterChange(models.Model):
    """A transaction that changed the register. Written by the database alone, and never deleted.

    The number of these rows is the version of the register (`queries/remembered.py`).
    """

    web_grants: ClassVar[str] = "read"

    def __str__(self) -> str:
        return str(self.pk)
