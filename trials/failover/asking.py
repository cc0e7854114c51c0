"""What is asked for while a host is away, to be done later: the scan of a file, a mail, a pack of evidence."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from http.client import HTTPException
from pathlib import Path

from attacks.browser import Answer, Browser
from attacks.site import DemoPerson, Site
from trials.ledger import Ledger
from trials.releases import TrialFailed
from trials.running import wait_until

#: What a fallen host leaves undone is found by the schedule, each minute; a pack in hand of a fallen worker after its lease.
DONE_SECONDS = 200.0
_ASK_SECONDS = 60.0


@dataclass(frozen=True)
class AskedThings:
    """What was asked for at one time: the number of a file and its bytes, the address of a pack, how many mails in all."""

    file: str
    content: bytes
    pack: str
    mails: int


class AskingOfficer:
    """One person who asks, and then looks whether it was done."""

    def __init__(self, site: Site, person: DemoPerson, ledger: Ledger, mails: Path) -> None:
        self.person, self.ledger, self.mails = person, ledger, mails
        self.browser, self.visitor = Browser(site), Browser(site)
        self._mails_asked = 0

    def sign_in(self) -> None:
        """Sign in."""
        self.browser.sign_in(self.person)

    def ask(self, browser: Browser | None = None) -> AskedThings:
        """Send a file, ask for a pack and for a link to a new password. Raises TrialFailed where none of it is taken."""
        browser = browser or self.browser
        content = f"Ditanya semasa {self.ledger.step}, {time.monotonic()}.\n".encode() * 500
        file = _taken(lambda: self._send_file(browser, content), r"/evidence/(\d+)/", "a file")
        pack = _taken(lambda: _ask_for_pack(browser), r"(/summaries/\d+/)", "a pack")
        _taken(self._ask_for_mail, r"(/password/reset/sent/)", "a mail")
        self._mails_asked += 1
        self.ledger.files[file] = content
        return AskedThings(file, content, pack, self._mails_asked)

    def _send_file(self, browser: Browser, content: bytes) -> Answer:
        fields = {"csrfmiddlewaretoken": browser.token(), "classification": "1"}
        headers = {"Accept": "application/json"}
        return browser.post(
            "/evidence/upload/", fields, files={"file": ("bukti.txt", content)}, headers=headers
        )

    def _ask_for_mail(self) -> Answer:
        form = self.visitor.get("/password/reset/").form("/password/reset/")
        return self.visitor.submit(form, {"email": self.person.email})

    def wait_until_done(self, asked: AskedThings, browser: Browser | None = None) -> dict[str, float]:
        """Return after how many seconds each was done. Raises TrialFailed where it is not."""
        browser = browser or self.browser
        return {
            what: wait_until(is_done, f"{what} that was asked for", within=DONE_SECONDS)
            for what, is_done in (
                ("scan", lambda: self.has_file(asked, browser)),
                ("pack", lambda: _has_pack(browser, asked.pack)),
                ("mail", lambda: self.mails_to_me() >= asked.mails),
            )
        }

    def has_file(self, asked: AskedThings, browser: Browser) -> bool:
        """Tell whether the file was scanned and comes back. Raises TrialFailed where it comes back as another."""
        answer = _answer(lambda: browser.get(f"/evidence/{asked.file}/download/"))
        if answer is None or answer.status != 200:
            return False
        if answer.body != asked.content:
            raise TrialFailed(f"The file {asked.file} comes back as another one")
        return True

    def mails_to_me(self) -> int:
        """Return how many links to a new password came."""
        mine = [mail for mail in self.mails.glob("*.eml") if self.person.email.encode() in mail.read_bytes()]
        texts = [message_from_bytes(mail.read_bytes(), policy=policy.default) for mail in mine]
        return sum("/password/" in str(text.get_content()) for text in texts if not text.is_multipart())


def _ask_for_pack(browser: Browser) -> Answer:
    """Ask for one of a day that is over: what is sent meanwhile changes nothing in it."""
    form = browser.get("/summaries/?day=2023-08-31&depth=full").form("/summaries/make/")
    return browser.submit(form, {"paper": "pack"})


def _has_pack(browser: Browser, path: str) -> bool:
    """Tell whether a pack is there and whole."""
    page = _answer(lambda: browser.get(path))
    if page is None or f"{path}file/" not in page.text:
        return False
    answer = _answer(lambda: browser.get(f"{path}file/"))
    if answer is None or answer.status != 200:
        return False
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        if archive.testzip() is not None:
            raise TrialFailed(f"The pack {path} is broken")
        return bool(archive.namelist())


def _taken(ask: Callable[[], Answer], pattern: str, what: str) -> str:
    """Ask until it is taken; return what the pattern finds where the answer leads, or in it."""
    limit = time.monotonic() + _ASK_SECONDS
    said = ""
    while time.monotonic() < limit:
        answer = _answer(ask)
        if answer is not None:
            said = f"{answer.status} {answer.location} {answer.text[:200]}"
            if answer.status < 400 and (found := re.search(pattern, f"{answer.location} {answer.text}")):
                return found[1]
        time.sleep(0.5)
    raise TrialFailed(f"{what} was not taken: {said}")


def _answer(ask: Callable[[], Answer]) -> Answer | None:
    try:
        return ask()
    except (OSError, HTTPException, LookupError):
        return None
