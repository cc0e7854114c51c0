"""What an attack is, the list of all, and the ground on which they are run."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from secrets import token_hex
from urllib.parse import urlsplit

from attacks.browser import Answer, Browser
from attacks.instance import Instance
from attacks.proofs import PROVED_WITHOUT
from attacks.site import DemoPerson

#: Pages that a crawl leaves alone: they end a session, change the language, or are the same for everybody.
_LEFT_OUT = ("/sign-out/", "/language/", "/static/", "/calendar/", "/guide", "/password/", "/welcome/")
MOST_PAGES = 700
#: So many pages of one shape are looked at.
MOST_OF_A_SHAPE = 15
#: What an update needs beside its text to be sent.
CONTENT = {
    "action": "submit",
    "status": "progress",
    "percent": "40",
    "covers_from": "1/9/2023",
    "covers_to": "10/9/2023",
}


def starts_of(browser: Browser) -> list[str]:
    """Return where an officer can begin an update, as their day's page links to it. Raises LookupError where nowhere."""
    links = browser.get("/my-work/").links()
    starts = sorted(link for link in links if re.fullmatch(r"/assignments/\d+/update/", link))
    if not starts:
        raise LookupError("no update can be begun")
    return starts


def begin_update(browser: Browser, start: str) -> str:
    """Begin an update by a first save, and return the address of its draft."""
    form = browser.get(start).form(start)
    return browser.submit(form, {"narrative": "Draf pertama.", "action": "save"}).location


class Succeeded(Exception):
    """The attack got what it wanted. The message says what."""


@dataclass
class Ground:
    """The installation, those who attack it, and whom they want to harm."""

    site: Instance
    #: Words that only the victim's own people and MAPO may ever see.
    canary: str = field(default_factory=lambda: f"kenari{token_hex(6)}")
    #: The head of the log's chain before the first attack, position:hash.
    head_before: str = ""
    _browsers: dict[str, Browser] = field(default_factory=dict)

    def note_head(self) -> None:
        """Keep the head of the log's chain, as it is now, away from whoever could change it."""
        with self.site.as_the_web() as cursor:
            cursor.execute("SELECT position, hash FROM audit_link ORDER BY position DESC LIMIT 1")
            self.head_before = ":".join(map(str, cursor.fetchone()))

    def person(self, mailbox: str) -> DemoPerson:
        """Return the person whose address begins so. Raises LookupError."""
        for person in self.site.people:
            if person.email.startswith(f"{mailbox}@"):
                return person
        raise LookupError(mailbox)

    def as_(self, mailbox: str) -> Browser:
        """Return a browser in which the person is signed in; the same one each time."""
        if mailbox not in self._browsers:
            self._browsers[mailbox] = Browser(self.site).sign_in(self.person(mailbox))
        return self._browsers[mailbox]

    def go_in_again(self) -> None:
        """Sign in anew in each browser whose session an earlier attack has ended."""
        for mailbox, browser in self._browsers.items():
            if browser.get("/account/").status != 200:
                browser.close()
                self._browsers[mailbox] = Browser(self.site).sign_in(self.person(mailbox))

    def stranger(self) -> Browser:
        """Return a new browser in which nobody is signed in."""
        return Browser(self.site)

    @property
    def attacker(self) -> Browser:
        """An officer of the labour department."""
        return self.as_("pegawai.jtk.1")

    @property
    def victim(self) -> Browser:
        """An officer of the police."""
        return self.as_("pegawai.pdrm.1")

    @property
    def reviewer(self) -> Browser:
        """A reviewer of MAPO."""
        return self.as_("penyemak.mapo.1")

    @property
    def administrator(self) -> Browser:
        """The administrator."""
        return self.as_("pentadbir.mapo")

    @property
    def observer(self) -> Browser:
        """Somebody who only reads."""
        return self.as_("pemerhati")

    @cached_property
    def secrets(self) -> dict[str, str]:
        """Plant what is to be stolen as the victim: a draft and a file with the canary in them. Returns their addresses."""
        draft = begin_update(self.victim, starts_of(self.victim)[0])
        form = self.victim.get(draft).form(draft)
        self.victim.submit(form, {"narrative": f"Rahsia {self.canary} untuk PDRM sahaja.", "action": "save"})
        content = f"Rahsia {self.canary}\n".encode()
        fields = {
            **self.victim.get("/evidence/upload/").form("/evidence/upload/").fields,
            "classification": "1",
        }
        answer = self.victim.post(
            "/evidence/upload/", fields, files={"file": (f"{self.canary}.txt", content)}
        )
        document = (
            answer.location
            or self.victim.get("/evidence/").text.partition(self.canary)[0].rpartition('href="')[2]
        )
        return {"draft": draft, "document": document.partition('"')[0]}

    @cached_property
    def accepted(self) -> str:
        """Plant words in an update that MAPO accepts, on an item that is not the attacker's. Returns the words.

        Raises RuntimeError when it is not accepted.
        """
        words = f"murai{self.canary[6:]}"
        writer = self.as_("pegawai.pdrm.2")
        alone = [start for start in starts_of(writer) if self._is_without_attacker(start.split("/")[2])]
        if not alone:
            raise RuntimeError("the police have no item on which the attacker's agency has nothing to do")
        draft = begin_update(writer, alone[-1])
        sent = writer.submit(
            writer.get(draft).form(draft), {**CONTENT, "narrative": f"Laporan {words} PDRM."}
        )
        number = draft.split("/")[2]
        review = f"/reviews/{number}/"
        decided = self.reviewer.submit(self.reviewer.get(review).form(review), {"decision": "accept"})
        if sent.status != 302 or decided.status != 302:
            raise RuntimeError(f"the update was not sent ({sent.status}) or not accepted ({decided.status})")
        return words

    def _is_without_attacker(self, assignment: str) -> bool:
        """Whether the attacker's agency has no assignment on the item of this one."""
        assert self.attacker.person is not None
        with self.site.as_the_web() as cursor:
            cursor.execute(
                """SELECT NOT EXISTS (SELECT 1 FROM recommendations_assignment a JOIN recommendations_assignment o ON o.item_id = a.item_id
                JOIN accounts_user u ON u.agency_id = o.agency_id WHERE a.id = %s AND u.email = %s)""",
                [assignment, self.attacker.person.email],
            )
            return bool(cursor.fetchone()[0])

    def pages(self, who: str) -> dict[str, Answer]:
        """Return every page that somebody reaches by links: "attacker", "victim", "administrator" and so on."""
        self.secrets  # noqa: B018 - what is planted before stands on the pages
        if who not in self._crawled:
            self._crawled[who] = crawl(getattr(self, who))
        return self._crawled[who]

    def forget_pages(self) -> None:
        """Ask for every page anew when next it is wanted: another instance would show other ones."""
        self._crawled.clear()

    @cached_property
    def _crawled(self) -> dict[str, dict[str, Answer]]:
        return {}


def shape(path: str) -> str:
    """Return a path with its numbers as N: pages of one shape are made by one view."""
    return re.sub(r"\d+", "N", urlsplit(path).path)


def crawl(browser: Browser, most: int = MOST_PAGES) -> dict[str, Answer]:
    """Follow all links from the first page, and return the pages by path. Of pages that differ in their query, the first."""
    found: dict[str, Answer] = {}
    waiting = ["/"]
    seen, shapes = {"/"}, Counter[str]()
    while waiting and len(found) < most:
        path = waiting.pop(0)
        answer = browser.get(path)
        found[urlsplit(path).path] = answer
        for link in sorted(
            answer.links() | ({answer.location} if answer.location.startswith("/") else set())
        ):
            plain = urlsplit(link).path
            if (
                plain not in seen
                and not plain.startswith(_LEFT_OUT)
                and shapes[shape(plain)] < MOST_OF_A_SHAPE
            ):
                shapes[shape(plain)] += 1
                seen.add(plain)
                waiting.append(link)
    return found


@dataclass(frozen=True)
class Attack:
    """One attack: its group, what it tries in a sentence, and how. `run` returns what was seen, or raises `Succeeded`."""

    group: str
    title: str
    run: Callable[[Ground], str]

    @property
    def proved_without(self) -> str:
        """The defence without which it is shown to succeed; "" where it is not (attacks/proofs.py says why)."""
        return PROVED_WITHOUT.get(self.run.__name__, "")


@dataclass(frozen=True)
class AttackResult:
    """How an attack ended: by itself or not, what was seen, and in how many seconds."""

    attack: Attack
    succeeded: bool
    seen: str
    seconds: float
    #: It ended by an error of its own, so that nobody knows.
    broke_off: bool = False

    @property
    def repelled(self) -> bool:
        """Whether it ran to its end and got nothing."""
        return not self.succeeded and not self.broke_off

    @property
    def verdict(self) -> str:
        """The outcome in a word or two."""
        return "BROKE OFF" if self.broke_off else "SUCCEEDED" if self.succeeded else "repelled"


ATTACKS: list[Attack] = []


def attack(group: str, title: str) -> Callable[[Callable[[Ground], str]], Callable[[Ground], str]]:
    """Return a decorator that puts a function into the list of attacks."""

    def add(run: Callable[[Ground], str]) -> Callable[[Ground], str]:
        ATTACKS.append(Attack(group, title, run))
        return run

    return add


def perform(each: Attack, ground: Ground) -> AttackResult:
    """Run an attack. One that breaks off was not repelled: nobody knows what it would have got."""
    begun = time.monotonic()
    succeeded = broke_off = False
    try:
        ground.go_in_again()
        seen = each.run(ground)
    except Succeeded as got:
        succeeded, seen = True, str(got)
    except Exception as error:
        broke_off, seen = True, f"{type(error).__name__}: {error}"[:300]
    return AttackResult(each, succeeded, seen, time.monotonic() - begun, broke_off)
