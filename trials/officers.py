"""People at work, each a browser of its own: they sign in, read, type, send, upload and take files, until they are stopped.

Whatever the site says it has goes into the ledger; whatever it refuses must be shown back to who typed it.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from random import Random
from threading import Event, Thread

from attacks.browser import Answer, Browser, Form, Headers
from attacks.site import DemoPerson, Site
from trials.ledger import Ledger

PEOPLE = 20
_STATIC = re.compile(r'(?:href|src)="(/static/[^"]+)"')
_FONT = re.compile(r'url\("?([^")]+\.woff2)"?\)')
_PAGES = ("/", "/items/", "/evidence/", "/overview/", "/reminders/")
_AGENCY_PAGES, _MAPO_PAGES = ("/my-work/", "/our-agency/"), ("/reviews/", "/assignments/")
_LETTERS = str.maketrans("0123456789abcdef", "bcdfghjklmnpqrst")


class PageRefused(OSError):
    """The site failed: the browser shows it, and keeps what was typed."""


class PersonalBrowser(Browser):
    """A browser that keeps a ledger, and tries again only where browsers do: on a kept connection that has gone."""

    def __init__(self, site: Site, ledger: Ledger) -> None:
        super().__init__(site)
        self.ledger = ledger
        self._is_fresh = False

    def _ask(
        self, method: str, path: str, *, headers: Headers | None = None, body: bytes | None = None
    ) -> Answer:
        self._is_fresh = False
        began = time.monotonic()
        try:
            answer = super()._ask(method, path, headers=headers, body=body)
        except (OSError, HTTPException) as error:
            self.ledger.note(method, path, 0, began)
            self.ledger.refused(f"{method} {path}: the connection broke ({error})")
            raise
        self.ledger.note(method, path, answer.status, began)
        if answer.status >= 500:
            self.ledger.refused(f"{method} {path}: {answer.status}")
            raise PageRefused(f"{method} {path}: {answer.status}")
        return answer

    def _connected(self) -> HTTPConnection:
        if self._is_fresh:
            raise ConnectionError("a new connection broke before the answer")
        self._is_fresh = self._connection is None
        return super()._connected()


class OfficerAtWork(Thread):
    """One person, from the first sign-in to the last word."""

    def __init__(
        self,
        site: Site,
        person: DemoPerson,
        ledger: Ledger,
        stop: Event,
        *,
        number: int,
        pause: float = 0.9,
        are_files_scanned: bool = False,
    ) -> None:
        super().__init__(name=person.email, daemon=True)
        self.site, self.person, self.ledger, self.stopped = site, person, ledger, stop
        self.dice, self.pause = Random(number), pause
        self.are_files_scanned = are_files_scanned
        self.browser = PersonalBrowser(site, ledger)
        self.cache: set[str] = set()
        self.draft = ""
        self.form: Form | None = None
        #: Whether a draft is to be begun, and that was interrupted.
        self.is_looking = False
        self.threads: list[str] = []
        self.own_files: list[str] = []
        self.is_of_agency = person.role in {"officer", "coordinator"}
        self.pages = _PAGES + (_AGENCY_PAGES if self.is_of_agency else _MAPO_PAGES)

    def run(self) -> None:
        """Work until told to stop; what breaks is in the ledger already, or is put there."""
        try:
            self.come_in()
            acts: list[Callable[[], None]] = [self._read] * 8
            if self.is_of_agency:
                acts += [self._type] * 8 + [self._comment] * 3 + [self._upload] * 2 + [self._download] * 3
                acts += [self._send, self._sign_in_again]
            while not self.stopped.is_set():
                try:
                    self.dice.choice(acts)()
                except (OSError, HTTPException):
                    self.browser.close()
                self.stopped.wait(self.dice.uniform(0.3, 1.7) * self.pause)
        except Exception as error:
            self.ledger.wrong(f"{self.name} stopped working: {type(error).__name__}: {error}")
        finally:
            self.browser.close()

    def type_at_once(self, times: int) -> None:
        """Let texts be saved one after another, with no pause. For measuring."""
        for _turn in range(times):
            self._type()

    def come_in(self) -> None:
        """Sign in, again and again where the site fails."""
        self.is_looking = self.is_of_agency
        while not self.stopped.is_set():
            try:
                self.browser.sign_in(self.person)
                return
            except (OSError, HTTPException):
                self.stopped.wait(self.pause)

    def _find_work(self) -> None:
        """Begin a draft, and look where comments may be written."""
        self.draft, self.is_looking = "", True
        page = self._page("/my-work/")
        places = sorted(set(re.findall(r"/assignments/(\d+)/update/", page.text)))
        self.threads = [f"/assignments/{place}/comments/" for place in places]
        for place in places:
            started = self.browser.get(f"/assignments/{place}/update/")
            if started.status == 200:
                typed = {"narrative": self._words("Mula"), "action": "save"}
                started = self.browser.submit(started.form(f"/assignments/{place}/update/"), typed)
            if re.fullmatch(r"/updates/\d+/edit/", started.location):
                self.draft = started.location
                break
        self.is_looking = False

    def _page(self, path: str) -> Answer:
        """Ask for a page as a browser does: with the files it names, of which each is asked for once."""
        answer = self.browser.follow(path)
        if answer.status != 200:
            self.ledger.wrong(f"GET {path}: {answer.status} {answer.location}")
        for address in _STATIC.findall(answer.text):
            self._static(address)
        return answer

    def _static(self, address: str) -> None:
        if address in self.cache:
            return
        self.cache.add(address)
        self.ledger.statics.add(address)
        answer = self.browser.get(address)
        if answer.status != 200:
            self.ledger.wrong(f"GET {address}: {answer.status}, and its page is without it")

    def _read(self) -> None:
        page = self._page(self.dice.choice(self.pages))
        links = sorted(link for link in page.links() if re.fullmatch(r"/items/\d+/|/evidence/\d+/", link))
        if links and not self.stopped.is_set():
            self._page(self.dice.choice(links))

    def _words(self, kind: str) -> str:
        # Letters alone: digits might be taken for somebody's number.
        return f"{kind} " + f"{self.dice.getrandbits(60):015x}".translate(_LETTERS)

    def _type(self) -> None:
        """Let a text be saved while it is typed, as the page's script does."""
        if self.is_looking:
            self._find_work()
        if not self.draft:
            return
        if self.form is None:
            try:
                self.form = self._page(self.draft).form(self.draft)
            except LookupError:
                # It was sent, and the answer did not come.
                self._find_work()
                return
            self.form.fields |= {"status": "progress", "percent": "40", "covers_from": "2023-07-01"}
            self.form.fields["covers_to"] = "2023-08-31"
        text = self._words("Taip")
        fields = self.form.fields | {"narrative": text}
        kept, self.form = self.form, None
        self.ledger.unsure.setdefault(self.draft, set()).add(text)
        answer = self.browser.post(self.draft.replace("/edit/", "/autosave/"), fields)
        self.form = kept
        if answer.status == 200:
            self.ledger.unsure.pop(self.draft, None)
            self.form.fields |= {"narrative": text, "revision": str(json.loads(answer.text)["revision"])}
            self.ledger.drafts[self.draft] = text
        else:
            # The text stays in the field; the next reading of the page shows the newer one beside it.
            self.ledger.shown_back.append(text)
            self.form = None

    def _send(self) -> None:
        if not self.draft or self.form is None:
            return
        text = self._words("Hantar")
        fields = self.form.fields | {"narrative": text, "action": "submit"}
        self.form = None
        self.ledger.unsure.setdefault(self.draft, set()).add(text)
        answer = self.browser.post(self.draft, fields)
        if answer.status == 302 and answer.location != self.draft:
            self.ledger.sent[self.draft] = text
            self.ledger.drafts.pop(self.draft, None)
            self._find_work()
        elif answer.location == self.draft:
            # Something in it may tell who a victim is: it was saved as a draft, and the page asks.
            self.ledger.drafts[self.draft] = text
        elif text in answer.text:
            self.ledger.shown_back.append(text)
        else:
            self.ledger.wrong(
                f"a text was refused ({answer.status} {answer.location} at {self.draft}) and not shown back"
            )

    def _comment(self) -> None:
        if not self.threads:
            return
        path = self.dice.choice(self.threads)
        try:
            form = self._page(path).form(path)
        except LookupError:
            self.threads.remove(path)
            return
        text = self._words("Ulasan")
        answer = self.browser.submit(form, {"text": text})
        if answer.status == 302:
            self.ledger.comments.add(text)
        elif text in answer.text:
            self.ledger.shown_back.append(text)
        else:
            self.ledger.wrong(f"a comment was refused ({answer.status}) and not shown back")

    def _upload(self) -> None:
        content = (self._words("Bukti") + "\n").encode() * self.dice.randrange(1, 4000)
        fields = {"csrfmiddlewaretoken": self.browser.token(), "classification": "1"}
        answer = self.browser.post(
            "/evidence/upload/",
            fields,
            files={"file": (f"{self._words('bukti')}.txt", content)},
            headers={"Accept": "application/json"},
        )
        found = re.search(r"/evidence/(\d+)/", answer.text)
        if answer.status == 201 and found:
            self.ledger.files[found[1]] = content
            self.own_files.append(found[1])
        else:
            self.ledger.wrong(f"a file was not taken: {answer.status} {answer.text[:200]}")

    def _download(self) -> None:
        """Take one of one's own files; one that waits for the scanner is held."""
        if not self.own_files:
            return
        number = self.dice.choice(self.own_files)
        answer = self.browser.get(f"/evidence/{number}/download/")
        if answer.status == 409 and self.are_files_scanned:
            return
        if answer.status != 200 or answer.body != self.ledger.files[number]:
            self.ledger.wrong(f"the file {number} came back as another one, or not: {answer.status}")

    def _sign_in_again(self) -> None:
        again = PersonalBrowser(self.site, self.ledger)
        again.sign_in(self.person)
        self.browser.close()
        self.browser = again


def team_of(people: list[DemoPerson]) -> list[DemoPerson]:
    """Return one officer of each agency, so that nobody writes into another one's draft, and reviewers besides."""
    first = {each.email.split(".")[1]: each for each in reversed(people) if each.role == "officer"}
    others = [each for each in people if each.role in {"reviewer", "observer", "administrator"}]
    return [*first.values(), *others][:PEOPLE]


@contextmanager
def team_at_work(
    site: Site, people: list[DemoPerson], ledger: Ledger, *, are_files_scanned: bool = False
) -> Iterator[None]:
    """Let twenty people work while the block runs; at its end each brings what they are doing to an end."""
    stop = Event()
    team = [
        OfficerAtWork(site, person, ledger, stop, number=number, are_files_scanned=are_files_scanned)
        for number, person in enumerate(team_of(people))
    ]
    for officer in team:
        officer.start()
    try:
        yield
    finally:
        stop.set()
        for officer in team:
            officer.join(90)
