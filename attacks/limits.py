"""Attacks on what time and number bound: sessions left alone, proofs grown old, and more than one person may ask for."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote, urlsplit

from django.contrib.sessions.serializers import JSONSerializer
from django.core.signing import TimestampSigner

from attacks.attack import Ground, Succeeded, attack
from attacks.browser import PROOF, Answer, Browser, Form
from attacks.exports import is_file, made

GROUP = "limits"
MINUTE, HOUR = 60, 3600
#: So many heavy requests one person has in an hour, unless an installation says otherwise (QUOTA_HEAVY).
MOST_HEAVY = 600
#: How Django signs what stands in a session.
_SALT = "django.contrib.sessions.SessionStore"
#: Where a session says when it began, when it was used, and when its person proved who they are.
_INSTANTS = ("began", "seen")


def age(ground: Ground, browser: Browser, seconds: int, *, only: str = "") -> None:
    """Let a session be older than it is: move the instants in it back, or `only` one of "began", "seen", "proof".

    No attacker could: it stands for waiting.
    """
    key = browser.cookie("sessionid")
    signer = TimestampSigner(key=ground.site.secret_key, salt=_SALT, fallback_keys=())
    with ground.site.as_the_web() as cursor:
        cursor.execute("SELECT session_data FROM django_session WHERE session_key = %s", [key])
        held: dict[str, Any] = signer.unsign_object(cursor.fetchone()[0], serializer=JSONSerializer)
        for name in _INSTANTS:
            if name in held and only in ("", name):
                held[name] -= seconds
        for proof in held.get("account_authentication_methods", []) if only in ("", "proof") else []:
            proof["at"] -= seconds
        signed = signer.sign_object(held, serializer=JSONSerializer, compress=True)
        cursor.execute("UPDATE django_session SET session_data = %s WHERE session_key = %s", [signed, key])
        cursor.connection.commit()


def _signed_in(ground: Ground, mailbox: str) -> Browser:
    """Return a new browser of a person, who proves nothing again by themself."""
    browser = Browser(ground.site).sign_in(ground.person(mailbox))
    browser.person = None
    return browser


def _is_in(browser: Browser) -> bool:
    return browser.get("/account/").status == 200


@attack(GROUP, "A session is used again after nothing was done in it for too long, or after a working day")
def idle_session(ground: Ground) -> str:
    tried = 0
    for mailbox, idle, longest in (
        ("pegawai.jim.2", 60 * MINUTE, 12 * HOUR),
        ("penyemak.mapo.2", 30 * MINUTE, 10 * HOUR),
    ):
        browser = _signed_in(ground, mailbox)
        age(ground, browser, idle - 5 * MINUTE)
        if not _is_in(browser):
            raise RuntimeError(f"the session of {mailbox} ended too soon, or by its ageing")
        for seconds, only in ((idle + MINUTE, "seen"), (longest + MINUTE, "began")):
            browser = _signed_in(ground, mailbox)
            age(ground, browser, seconds, only=only)
            kept = dict(browser.cookies)
            for path in ("/account/", "/my-work/", "/search/suggestions/?q=a"):
                tried += 1
                browser.cookies.update(kept)
                if not browser.get(path).is_closed:
                    raise Succeeded(f"{path} of {mailbox} opened after {seconds // MINUTE} minutes ({only})")
    return f"{tried} pages asked for in 4 old sessions, each led to the sign-in page"


#: Acts of weight, where the administrator finds forms for them, and how their addresses look.
_PAGES_OF_WEIGHT = (
    "/people/{person}/edit/", "/people/{person}/address/", "/people/{person}/move/", "/people/{person}/deactivate/", "/people/{person}/",
    "/people/invite/", "/agencies/add/", "/agencies/{agency}/edit/", "/cycles/{cycle}/close/", "/reminders/rules/add/", "/reminders/rules/{rule}/",
    "/reminders/rules/", "/reminders/preferences/", "/evidence/{document}/seal/", "/audit/",
)  # fmt: skip
_WEIGHTY = re.compile(
    r"/people/\d+/(edit|address|move|deactivate|link|lost-device)/|/people/invite/|/agencies/(add|\d+/edit)/|/cycles/\d+/close/"
    r"|/reminders/rules/(add|\d+)/|/reminders/rules/\d+/switch/|/reminders/feed/(renew|show)/|/evidence/\d+/seal/|/audit/export/"
)
_FEWEST_FORMS = 10
_SCRIPT = {"X-Requested-With": "XMLHttpRequest", "Accept": "application/json"}
#: A proof is good for ten minutes.
_PROOF_MINUTES = 10


@attack(GROUP, "An act of weight is posted directly, past the question who one is")
def skipped_proof(ground: Ground) -> str:
    administrator = _signed_in(ground, "pentadbir.mapo")
    forms = _weighty_forms(ground)
    before = _acts(ground)
    age(ground, administrator, (_PROOF_MINUTES + 1) * MINUTE, only="proof")
    for path, form in forms.items():
        for headers in ({}, _SCRIPT, {"Sec-Fetch-Mode": "cors"}):
            # Its own token: that of another session would be refused for itself.
            own = {name: value for name, value in form.fields.items() if name != "csrfmiddlewaretoken"}
            answer = administrator.post(path, {**own, "reason": "Ujian", "confirm": "on"}, headers=headers)
            if not (answer.asks_for_proof or answer.status == 401 or answer.is_closed):
                raise Succeeded(f"{path} answered {answer.status} {answer.location}")
            for page in map(unquote, re.findall(r"next=([^&]+)", answer.location)):
                for onward in administrator.get(page).forms():
                    if _WEIGHTY.fullmatch(urlsplit(onward.action).path):
                        administrator.submit(onward)
            if _acts(ground) != before:
                raise Succeeded(f"{path} was carried out")
    return f"{len(forms)} acts, three ways each, {_PROOF_MINUTES + 1} minutes after the last proof: none was carried out"


@attack(GROUP, "A stolen session is used again after its owner has proved who they are")
def stolen_before_the_proof(ground: Ground) -> str:
    owner, person = _signed_in(ground, "pegawai.apmm.1"), ground.person("pegawai.apmm.1")
    thief = ground.stranger()
    thief.cookies.update(owner.cookies)
    if not _is_in(thief):
        raise RuntimeError("the stolen cookie never worked")
    age(ground, owner, (_PROOF_MINUTES + 1) * MINUTE, only="proof")
    owner.submit(owner.get(f"{PROOF}password/").form(PROOF), {"password": person.password})
    if not _is_in(owner):
        raise RuntimeError("the owner is out after the proof")
    if _is_in(thief):
        raise Succeeded("the stolen cookie is still signed in")
    return "the proof made a new key, which the thief has not"


@attack(
    GROUP,
    "A summary's file is fetched in a session whose proof is old, or by a stolen proof of another session",
)
def file_without_proof(ground: Ground) -> str:
    officer = _signed_in(ground, "pegawai.jim.2")
    path, answer = made(officer, paper="json")
    if not path or not is_file(officer.get(f"{path}file/")):
        raise RuntimeError(f"not even a fresh proof brings a file: {answer.status}")
    age(ground, officer, (_PROOF_MINUTES + 1) * MINUTE, only="proof")
    _signed_in(ground, "pegawai.jim.2").get(f"{path}file/")
    for headers in ({}, _SCRIPT, {"Range": "bytes=0-99"}, {"Sec-Fetch-Dest": "iframe"}):
        if is_file(officer.get(f"{path}file/", headers)):
            raise Succeeded(f"it came, with {headers}")
    return "asked four ways, each led to the question who one is"


def _weighty_forms(ground: Ground) -> dict[str, Form]:
    """Return the forms of such acts, as a session with a recent proof finds them."""
    with ground.site.as_the_web() as cursor:
        cursor.execute(
            """SELECT u.id, u.agency_id, (SELECT min(id) FROM reminders_reminderrule), (SELECT max(year) FROM recommendations_cycle),
            (SELECT max(id) FROM evidence_document WHERE sealed_at IS NULL) FROM accounts_user u WHERE u.email = %s""",
            [ground.person("pegawai.apmm.1").email],
        )
        numbers = dict(zip(("person", "agency", "rule", "cycle", "document"), cursor.fetchone(), strict=True))
    pages = (page.format(**numbers) for page in _PAGES_OF_WEIGHT)
    forms = (form for page in pages for form in ground.administrator.get(page).forms())
    found = {
        urlsplit(form.action).path: form
        for form in forms
        if form.method == "post" and _WEIGHTY.fullmatch(urlsplit(form.action).path)
    }
    if len(found) < _FEWEST_FORMS:
        raise RuntimeError(f"only {sorted(found)} have forms")
    return found


def _acts(ground: Ground) -> int:
    """Return how many acts of administrators stand in the log, but for signing in and proving who one is."""
    with ground.site.as_the_web() as cursor:
        cursor.execute(
            "SELECT count(*) FROM audit_event WHERE actor_role = 'administrator' AND action NOT LIKE 'session.%' "
            "AND action NOT LIKE 'permission.%'"
        )
        found: int = cursor.fetchone()[0]
    return found


@attack(GROUP, "Another session goes on after its person has changed the password")
def session_after_new_password(ground: Ground) -> str:
    person = ground.person("pegawai.kpwkm.3")
    own, thief = Browser(ground.site).sign_in(person), Browser(ground.site).sign_in(person)
    copied, new = thief.copy(), f"kata-laluan-baharu-{ground.canary}"
    if not _change_password(own, person.password, new) or not _is_in(own):
        raise RuntimeError("the password was not changed")
    for browser in (thief, copied):
        if _is_in(browser):
            raise Succeeded("the other session is still signed in")
    if Browser(ground.site).try_sign_in(person.email, person.password).status == 302:
        raise Succeeded("the old password still signs in")
    return "the other sessions ended, the old password was refused"


def _change_password(browser: Browser, old: str, new: str) -> bool:
    form = browser.get("/password/change/").form("/password/change/")
    return browser.submit(form, {"oldpassword": old, "password1": new, "password2": new}).status == 302


@attack(GROUP, "One officer asks for more files of summaries than one person may")
def beyond_quota(ground: Ground) -> str:
    browser = Browser(ground.site).sign_in(ground.person("pegawai.jim.1"))
    path, _answer = made(browser, paper="json")
    windows = [browser.copy() for _number in range(4)]

    def fetch(number: int) -> Answer:
        return windows[number % 4].get(f"{path}file/")

    came, asked = 0, 0
    with ThreadPoolExecutor(4) as pool:
        while asked < MOST_HEAVY + 40:
            answers = list(pool.map(fetch, range(4)))
            asked += len(answers)
            came += sum(is_file(answer) for answer in answers)
            if odd := {answer.status for answer in answers} - {200, 429}:
                raise Succeeded(f"after {asked} requests: {odd}")
            waits = {int(answer.headers.get("retry-after", "0")) for answer in answers}
            # Beside the hour's quota there is a minute's rate, which says so in words alone.
            if max(waits) > MINUTE:
                break
        else:
            raise Succeeded(f"{came} files came of {asked} requests, and no quota was reached")
    if not _is_in(browser):
        raise Succeeded("the person can do nothing else either")
    return (
        f"{came} files came of {asked} requests, then 429 for {max(waits) // 60} minutes; other pages go on"
    )
