"""Rows of the mails of a demonstration: tests send no mail to a folder, so that the pages do not exist.

Who sees which mail where they do exist, `tests/reminders/test_mails.py` proves.
"""

from __future__ import annotations

from typing import Any

from tests.factories.accounts import World
from tests.matrix import Row, absent


def _name(_world: World) -> dict[str, Any]:
    return {"name": "20230914T020000.000000Z-0123abcd.eml"}


ROWS = [
    Row("reminders:mails", absent()),
    *(
        Row(f"reminders:{page}", absent(), target="any", kwargs=_name)
        for page in ("mail", "mail_html", "mail_file")
    ),
]
