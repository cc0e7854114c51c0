"""Attacks on hidden words: the name and the number of a victim, read or computed by those who may not see them.

A victim's agency and MAPO's cleared people see them. An observer, a reviewer without that clearance and officers of other agencies
see blocks, and nothing that they ask for may tell a hidden word from one that never was there.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from urllib.parse import quote, unquote

from attacks.attack import CONTENT, Ground, Succeeded, attack, begin_update, crawl, starts_of
from attacks.browser import Answer, Browser
from attacks.exports import text_of_paper
from attacks.files import upload

GROUP = "hidden"
_WHY = "Nama rekaan untuk latihan."
_UNCLEARED = "penyemak.mapo.2"
_LETTERS = "bdfghjklmnprstz"


@dataclass(frozen=True)
class Planted:
    """What was sent with a name in it: the name's own word, the number, a word that everybody may read, and all of the text."""

    name: str
    number: str
    open_word: str
    text: str
    file_name: str
    document: str

    @property
    def forbidden(self) -> tuple[str, ...]:
        """What no outsider may read anywhere, also in parts."""
        return (
            self.name,
            self.number,
            self.number.replace("-", ""),
            hashlib.sha256(self.text.encode()).hexdigest(),
        )


def _word(begin: str) -> str:
    return begin + "".join(secrets.choice(_LETTERS) + secrets.choice("aiu") for _turn in range(5))


@cache
def planted(site_folder: str, without: str) -> list[Planted]:
    """Return the one thing that was planted in an installation, once it was; a weak one gets its own."""
    return []


def _plant(ground: Ground) -> Planted:
    """Send an update that names a victim, have it returned and accepted with reasons that name them too. Raises RuntimeError."""
    known = planted(str(ground.site.folder), ground.site.without)
    if known:
        return known[0]
    name, open_word = _word("Zul").capitalize(), _word("pungguk")
    number = f"{secrets.randbelow(100):02}0{1 + secrets.randbelow(9)}1{secrets.randbelow(10)}-14-{secrets.randbelow(10_000):04}"
    whom = f"mangsa {name} binti Canary (KP {number})"
    text = f"{open_word}: pegawai membawa {whom} ke tempat selamat.\n\nLalu kes dirujuk kepada pendakwa."
    writer = ground.as_("pegawai.jim.2")
    file_name = f"Mangsa_{name}_binti_Canary.txt"
    document = _kept_file(writer, file_name, f"Nota {open_word}\n")
    draft = begin_update(writer, starts_of(writer)[0])
    reason = f"Lengkapkan laporan ini. {'Butiran masih kurang. ' * 12}\n\nTulis umur {whom}.\n"
    number_of_update = draft.split("/")[2]
    decisions = (
        {"decision": "return", "return_reason": reason},
        {"decision": "accept", "reason": reason},
    )
    for turn, decision in enumerate(decisions):
        form = writer.get(draft).form(draft)
        # What came back and is sent again must have changed.
        narrative = text if turn else f"{text} Umur menyusul."
        cited = {"documents": document.split("/")[2]}
        answer = writer.submit(form, {**CONTENT, **cited, "narrative": narrative, "identities_reason": _WHY})
        if answer.status != 302:
            raise RuntimeError(f"the update was not sent: {answer.status}")
        review = f"/reviews/{number_of_update}/"
        form = ground.reviewer.get(review).form(review)
        answer = ground.reviewer.submit(form, {**decision, "identities_reason": _WHY})
        if answer.status != 302:
            raise RuntimeError(f"nothing was decided with {decision['decision']}: {answer.status}")
    known.append(Planted(name, number, open_word, text, file_name, document))
    return known[0]


def _kept_file(writer: Browser, name: str, text: str) -> str:
    """Upload a file whose name tells of somebody, with the reason that is asked for; return its page, once it was scanned."""
    answer, _seconds = upload(writer, name, text.encode(), identities_reason=_WHY)
    if not answer.location.startswith("/evidence/"):
        raise RuntimeError(f"the file was not kept: {answer.status}")
    limit = time.monotonic() + 60
    while writer.get(f"{answer.location}download/").status != 200:
        if time.monotonic() > limit:
            raise RuntimeError("the file cannot be downloaded")
        time.sleep(1)
    return answer.location


@contextmanager
def _outsiders(ground: Ground) -> Iterator[dict[str, Browser]]:
    """Yield the browsers of those who may not see hidden words; one reviewer has no clearance for them meanwhile."""
    email = ground.person(_UNCLEARED).email
    with ground.site.as_the_owner() as cursor:
        cursor.execute("SELECT clearance FROM accounts_user WHERE email = %s", [email])
        (before,) = cursor.fetchone()
        cursor.execute("UPDATE accounts_user SET clearance = 1 WHERE email = %s", [email])
        cursor.connection.commit()
        try:
            yield {
                "observer": ground.observer,
                "uncleared reviewer": ground.as_(_UNCLEARED),
                "officer of another agency": ground.attacker,
            }
        finally:
            cursor.execute("UPDATE accounts_user SET clearance = %s WHERE email = %s", [before, email])
            cursor.connection.commit()


_OF_ITS_OWN = re.compile(
    r'(csrfmiddlewaretoken" value|nonce|name="next" value)="[^"]*"|/account/sessions/\S+'
)


def _answered(answer: Answer, asked: str) -> str:
    """Return what an answer says, without what was asked and what differs each time."""
    text = _OF_ITS_OWN.sub("", unquote(answer.text))
    for words in (
        asked,
        quote(asked),
        asked.replace('"', "&quot;"),
        asked.replace('"', "&#34;"),
        asked.replace(" ", "+"),
    ):
        text = text.replace(words, "")
    return re.sub(r"\s+", " ", text)


def _indexed(ground: Ground, words: Planted) -> None:
    """Wait until the words can be found at all. Raises RuntimeError."""
    limit = time.monotonic() + 60
    while words.open_word not in _hits(ground.reviewer, words.open_word):
        if time.monotonic() > limit:
            raise RuntimeError("not even MAPO finds the update")
        time.sleep(1)


def _hits(browser: Browser, asked: str) -> str:
    """Return the main part of the answer of the search."""
    text = browser.get(f"/search/?q={quote(asked)}").text
    return re.sub("</?mark>", "", text[text.find("<main") :].replace(f'value="{asked}"', ""))


#: Questions in which a hidden word stands at {}; {open} is a word of the same text that everybody may read.
_QUESTIONS = (
    "{}", "{open} {}", "{open} -{}", "{open} -{}*", '{open} -"{}"', '{open} "{} binti"', '{open} -"mangsa {}"', "{open} OR {}", "{open} or -{}", '"{} binti Canary"', "-{}",
)  # fmt: skip


def _probes(words: Planted) -> Iterator[tuple[str, str]]:
    """Yield hidden words, whole and in parts, each with one of its shape that stands nowhere."""
    other = _word("Zax").capitalize()
    number = words.number.translate(str.maketrans("0123456789", "9876543210"))
    yield words.name, other
    yield words.number, number
    yield words.number.replace("-", ""), number.replace("-", "")
    for length in (4, 6):
        yield words.name[:length], other[:length]
        yield words.number[:length], number[:length]


@attack(
    GROUP,
    "A hidden word is guessed by searching with it and without it: negations, prefixes, phrases, either-or",
)
def negative_search(ground: Ground) -> str:
    words, asked = _plant(ground), 0
    _indexed(ground, words)
    with _outsiders(ground) as outsiders:
        for who, browser in outsiders.items():
            for hidden, control in _probes(words):
                for question in _QUESTIONS:
                    for path in ("/search/?q=", "/search/suggestions/?q="):

                        def ask(
                            word: str, path: str = path, question: str = question, browser: Browser = browser
                        ) -> str:
                            question_asked = question.format(word, open=words.open_word)
                            answer = _unhurried(browser, path + quote(question_asked))
                            return _answered(answer, question_asked).replace(word, "")

                        asked += 2
                        if _tells_apart(ask, hidden, control):
                            raise Succeeded(
                                f"the {who} tells {hidden!r} from {control!r} by {path}{question}"
                            )
    return f"{asked} questions of three people: none told a hidden word from one that stands nowhere"


def _tells_apart(ask: Callable[[str], str], hidden: str, control: str) -> bool:
    """Whether the answers differ, each time: what differs once may be a notice that came in between."""
    return all(ask(hidden) != ask(control) for _turn in range(3))


def _unhurried(browser: Browser, path: str) -> Answer:
    """Ask as somebody who waits where a minute's searches are used up."""
    while (answer := browser.get(path)).status == 429:
        time.sleep(10)
    return answer


#: Lists that are narrowed by words, and by what else an address takes.
_FILTERS = (
    "/evidence/?q={}", "/items/?q={}", "/figures/?q={}", "/people/?q={}", "/assignments/?q={}", "/reviews/?q={}", "/audit/?q={}", "/audit/?item={}",
    "/weaknesses/?q={}", "/steps/?q={}", "/contacts/?q={}", "/figures/indicators/?find={}", "/evidence/?name={}", "/meetings/?q={}",
)  # fmt: skip


@attack(GROUP, "A hidden word is guessed by the filters of lists: names of files, texts, people")
def filters(ground: Ground) -> str:
    words, asked = _plant(ground), 0
    draft_of_files = [
        link for link in ground.as_("pegawai.jim.2").get("/my-work/").links() if link.endswith("/edit/")
    ]
    with _outsiders(ground) as outsiders:
        for who, browser in outsiders.items():
            for hidden, control in _probes(words):
                for path in (*_FILTERS, *(f"{link}?find={{}}" for link in draft_of_files[:1])):

                    def ask(word: str, path: str = path, browser: Browser = browser) -> str:
                        return _answered(browser.get(path.format(quote(word))), word)

                    asked += 2
                    if _tells_apart(ask, hidden, control):
                        raise Succeeded(f"the {who} tells {hidden!r} from {control!r} by {path}")
    return f"{asked} lists narrowed by three people: none told a hidden word from another"


def _demand_none(text: str, words: Planted, what: str) -> None:
    found = [each for each in words.forbidden if each in text]
    if found:
        raise Succeeded(f"{what} holds {found[0]!r}")


@attack(
    GROUP,
    "A hidden word stands on a page, in the bell or in a text that was made of another, or its length is told",
)
def pages_and_derived_texts(ground: Ground) -> str:
    words, read = _plant(ground), 0
    lengths = re.compile(rf"(length|panjang|aksara)\W{{1,4}}{len(words.text)}\b", re.IGNORECASE)
    time.sleep(8)  # Notices are written by a task.
    with _outsiders(ground) as outsiders:
        for who, browser in outsiders.items():
            for path, page in crawl(browser).items():
                read += 1
                _demand_none(page.text, words, f"{path}, read by the {who},")
                if words.open_word in page.text and lengths.search(page.text):
                    raise Succeeded(f"{path} tells the {who} how long the whole text is")
    return f"{read} pages of three people, none holds the name, the number or their digest"


def _text_of_mail(mail: EmailMessage) -> str:
    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    return "\n".join([str(mail["Subject"]), *map(str, parts)])


#: A notice of what MAPO answered about a step, with a marked text as its reason. The window of the demonstration is over, so no
#: page gives one any more. The one beside it is urgent: so the mail with both goes at any hour.
_GIVE_NOTICES = """INSERT INTO reminders_notice (user_id, what, about, texts, path, made_at, mail_after)
SELECT u.id, given.what, given.about, given.texts, %(path)s, jejak_now(), now() FROM accounts_user u
JOIN (SELECT narrative FROM recommendations_submission WHERE narrative = %(text)s LIMIT 1) s ON true
CROSS JOIN LATERAL (VALUES ('file_harmed', '{}'::jsonb, NULL),
    ('step_answered', %(about)s::jsonb || jsonb_build_object('agency_id', u.agency_id), jsonb_build_object('text', s.narrative, 'reason', s.narrative))
) given (what, about, texts) WHERE u.email = %(email)s"""


@attack(GROUP, "A hidden word leaves in a mail")
def mails(ground: Ground) -> str:
    words, read = _plant(ground), 0
    about = {
        "step": 0, "step_day": "2024-03-01", "before": "2024-02-01", "news": "kept",
        "kind": "recommendation", "number": 1, "year": 2023, "agency": "JIM",
    }  # fmt: skip
    # Whose notices of one path are unread has one of a kind.
    given = {
        "path": f"/my-work/?{secrets.token_hex(4)}",
        "text": words.text,
        "about": json.dumps(about),
        "email": ground.person("pegawai.jim.2").email,
    }
    with ground.site.as_the_owner() as cursor:
        cursor.execute(_GIVE_NOTICES, given)
        cursor.connection.commit()
    limit = time.monotonic() + 120
    while not (told := [mail for mail in _mails(ground) if words.open_word in _text_of_mail(mail)]):
        if time.monotonic() > limit:
            raise RuntimeError("the mail with the marked text did not come")
        time.sleep(2)
    for mail in _mails(ground):
        read += 1
        _demand_none(_text_of_mail(mail), words, f"a mail to {mail['To']}")
    return f"{read} mails read, {len(told)} of them with that text: none holds the name, for a mail has no reader who is known"


def _mails(ground: Ground) -> Iterator[EmailMessage]:
    for file in (ground.site.state / "mail").glob("*.eml"):
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        assert isinstance(mail, EmailMessage)
        yield mail


@attack(
    GROUP, "A hidden word stands in the name of a file: in lists, in the header of a download, in its page"
)
def file_names(ground: Ground) -> str:
    words = _plant(ground)
    asked = 0
    with _outsiders(ground) as outsiders:
        for who, browser in outsiders.items():
            for path in (
                words.document,
                f"{words.document}download/",
                f"{words.document}preview/",
                "/evidence/",
            ):
                answer = browser.get(path)
                asked += 1
                _demand_none(answer.text, words, f"{path}, read by the {who},")
                _demand_none(unquote(str(answer.headers)), words, f"the head of {path}, read by the {who},")
    return f"{asked} answers to three people, none holds the name"


@attack(GROUP, "A hidden word leaves in a paper: summaries of every kind, packs, figures")
def papers(ground: Ground) -> str:
    words, read = _plant(ground), 0
    if words.name not in text_of_paper(ground.reviewer, "json"):
        raise RuntimeError("not even who is cleared finds it in a paper")
    with _outsiders(ground) as outsiders:
        for who, browser in outsiders.items():
            for kind in ("json", "csv", "xlsx", "docx", "pdf", "pack"):
                text = text_of_paper(browser, kind)
                read += bool(text)
                _demand_none(text, words, f"the {kind} of the {who}")
    return f"{read} papers of three people, none holds it; that of a cleared reviewer does"
