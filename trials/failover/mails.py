"""Mails of reminders: held from the promotion on, released as the last step, and then each sent once."""

from __future__ import annotations

import re
import time
from collections import Counter
from pathlib import Path

from attacks.browser import Browser
from trials.failover.databases import Pair
from trials.releases import TrialFailed
from trials.running import wait_until

#: While mail is held nothing is packed: what is ready stands beside the mails.
_READY = """
SELECT (SELECT count(*) FROM reminders_reminder
        WHERE delivery_id IS NULL AND sent_at IS NULL AND settled_at IS NULL AND NOT is_muted)
     + (SELECT count(*) FROM reminders_notice
        WHERE delivery_id IS NULL AND read_at IS NULL AND mail_after <= statement_timestamp())
"""
_ASSIGNMENTS = "SELECT id FROM recommendations_assignment ORDER BY id"
_SENT = "SELECT message_id FROM reminders_delivery WHERE state = 'sent'"
_HELD = "SELECT is_on FROM backups_mailswitch ORDER BY id DESC LIMIT 1"
#: A turn of the schedule, and two.
_TURN_SECONDS, _TURNS_SECONDS = 62.0, 125.0


class ReminderMails:
    """The mails of reminders and notices, in the tables and as they came."""

    def __init__(self, pair: Pair, folder: Path) -> None:
        self.pair, self.folder = pair, folder

    def sent(self) -> set[str]:
        """Return the identities of those that the promoted server says it sent."""
        return {str(row[0]) for row in self.pair.ask(self.pair.socket, _SENT)}

    def ready(self) -> int:
        """Return how many reminders and notices wait for a mail."""
        return int(self.pair.ask(self.pair.socket, _READY)[0][0])

    def nudge(self, reviewer: Browser) -> None:
        """Let MAPO nudge about an assignment: a mail that leaves at once, unless mail is held. Raises TrialFailed."""
        for (number,) in self.pair.ask(self.pair.socket, _ASSIGNMENTS):
            answer = reviewer.post(
                "/reminders/nudge/", {"assignment": str(number), "line": "Sila bertindak."}
            )
            if answer.status == 302:
                return
        raise TrialFailed("No assignment could be nudged about")

    def came(self) -> Counter[str]:
        """Count the mails that came by their identity."""
        heads = (mail.read_bytes().partition(b"\n\n")[0].decode() for mail in self.folder.glob("*.eml"))
        return Counter(
            found[1] for head in heads if (found := re.search(r"(?im)^message-id:\s*<?([^>\s]+)", head))
        )

    def wait_until_held(self) -> float:
        """Return the seconds until the schedule has noticed the promotion, and holds mail back."""
        return wait_until(self._is_held, "Mail is held back after the promotion", within=_TURNS_SECONDS)

    def _is_held(self) -> bool:
        rows = self.pair.ask(self.pair.socket, _HELD)
        return bool(rows) and not rows[0][0]

    def wait_until_left(self) -> int:
        """Return how many left, once two turns brought no more. Raises TrialFailed where none left."""
        before = len(self.sent())
        wait_until(lambda: len(self.sent()) > before, "Mails leave after the release", within=_TURNS_SECONDS)
        seen = -1
        while seen != (seen := len(self.sent())):
            time.sleep(_TURN_SECONDS)
        return seen - before

    def wrong(self) -> list[str]:
        """Return a sentence for each mail that came twice, or that is called sent and did not come."""
        came = self.came()
        sent = {identity.strip("<>") for identity in self.sent()}
        return [
            *(f"the mail {identity} came {count} times" for identity, count in came.items() if count > 1),
            *(f"the mail {identity} is called sent and did not come" for identity in sent - came.keys()),
        ]
