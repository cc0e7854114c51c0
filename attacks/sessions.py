"""Attacks on sign-in and sessions: coming in without the password, or as somebody else."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

from django.utils.http import urlsafe_base64_encode

from attacks.attack import Ground, Succeeded, attack
from attacks.browser import SECOND_FACTOR, Answer, Browser

GROUP = "sessions"
FOREIGN = "https://evil.example/"
#: Ways to write an address of another site.
REDIRECTS = (
    FOREIGN, "//evil.example/", "/\\evil.example/", "\\\\evil.example", "https:evil.example", "https:///evil.example",
    "javascript:alert(1)", "/%09/evil.example", "///evil.example", "http://jejak.test@evil.example/", "\thttps://evil.example",
    "/\t/evil.example", "https://evil.example%2f@jejak.test/", "data:text/html,x", "//evil.example/%2f..",
)  # fmt: skip


def _leads_away(answer: Answer, site_origin: str) -> bool:
    location = answer.location
    return (
        bool(location)
        and not (location.startswith("/") and not location.startswith(("//", "/\\")))
        and not location.startswith(site_origin)
    )


def _is_in(browser: Browser) -> bool:
    return browser.get("/account/").status == 200


def _key_before_sign_in(ground: Ground) -> dict[str, str]:
    """Return the cookies of a session that the server began for somebody who is not signed in: half-way, before the second factor.

    Raises RuntimeError where none was begun: then there is nothing to plant.
    """
    browser, person = ground.stranger(), ground.person("penyemak.mapo.2")
    form = browser.get("/sign-in/").form("/sign-in/")
    answer = browser.submit(form, {"login": person.email, "password": person.password})
    if not answer.location.startswith(SECOND_FACTOR) or not browser.cookie("sessionid"):
        raise RuntimeError(f"no session was begun: {answer.status} {answer.location}")
    return dict(browser.cookies)


@attack(
    GROUP, "The session's key is known before the victim signs in: one that the server gave out is planted"
)
def fixation(ground: Ground) -> str:
    """The thief's own session goes into the victim's browser: once half-way signed in, once wholly, by an account of the thief."""
    victim = ground.person("pegawai.apmm.1")
    thiefs_own = Browser(ground.site).sign_in(ground.person("pegawai.jtk.2"))
    for kind, planted in (
        ("half-way", _key_before_sign_in(ground)),
        ("signed in", dict(thiefs_own.cookies)),
    ):
        browser, thief = ground.stranger(), ground.stranger()
        browser.cookies.update(planted)
        thief.cookies.update(planted)
        if browser.get("/sign-in/").status == 200:
            browser.try_sign_in(victim.email, victim.password)
        if victim.email not in browser.get("/account/").text:
            browser.post("/sign-out/")
            browser.try_sign_in(victim.email, victim.password)
        if victim.email not in browser.get("/account/").text:
            raise RuntimeError("the victim does not come in")
        if browser.cookie("sessionid") == thief.cookie("sessionid"):
            raise Succeeded(f"the planted key ({kind}) is the victim's session")
        if victim.email in thief.get("/account/").text:
            raise Succeeded(f"with the planted key ({kind}) the thief is the victim")
    return "two keys that the server had given out: signing in made a new one each time"


@attack(GROUP, "A session is used again after signing out")
def reuse_after_sign_out(ground: Ground) -> str:
    browser = Browser(ground.site).sign_in(ground.person("pegawai.apmm.1"))
    stolen = dict(browser.cookies)
    browser.post("/sign-out/")
    thief = ground.stranger()
    thief.cookies.update(stolen)
    if _is_in(thief):
        raise Succeeded("the old cookie is still signed in")
    return "the server had ended it"


@attack(GROUP, "Cookies are tampered with, guessed and forged")
def forged_cookies(ground: Ground) -> str:
    tried = 0
    for name, value in ground.victim.cookies.items():
        for forged in (
            value[:-1],
            value[::-1],
            value + "x",
            value.upper(),
            "",
            "0" * len(value),
            "../../etc/passwd",
            "a" * 3000,
        ):
            thief = ground.stranger()
            thief.cookies.update({name: forged})
            tried += 1
            if _is_in(thief):
                raise Succeeded(f"{name}={forged[:40]}")
    return f"{tried} cookies, none signs in"


@attack(GROUP, "Another site posts a form in the name of a signed-in officer")
def forged_requests(ground: Ground) -> str:
    browser, tried = ground.attacker, 0
    own = browser.token()
    other = ground.victim.token()
    for path in (
        "/account/contact/",
        "/sign-out/",
        "/reminders/read/",
        "/evidence/upload/",
        "/account/sessions/end-others/",
    ):
        for headers, token in (
            ({"Origin": FOREIGN.rstrip("/"), "Referer": FOREIGN}, own),
            ({"Origin": "null", "Referer": ""}, own),
            ({}, ""), ({}, other), ({}, "x" * 32),
            ({"Origin": "https://jejak.test.evil.example", "Referer": "https://jejak.test.evil.example/"}, own),
        ):  # fmt: skip
            fields = {"post": "Nama palsu", "unit": "Nama palsu"} | (
                {"csrfmiddlewaretoken": token} if token else {}
            )
            answer = browser.post(path, fields, headers=headers, token=False)
            tried += 1
            # A form with an old token is led back to its page, which says that nothing was done.
            if answer.status < 400 and not answer.location.startswith(("/sign-in/", path)):
                raise Succeeded(f"{path} with {headers} {token[:5]}: {answer.status} {answer.location}")
    if not _is_in(browser) or "Nama palsu" in browser.get("/account/").text:
        raise Succeeded("a form of another site was carried out")
    return f"{tried} forged forms, all refused"


@attack(GROUP, "Signing in leads to another site")
def open_redirects(ground: Ground) -> str:
    tried = 0
    for target in REDIRECTS:
        for path in (
            f"/sign-in/?next={quote(target)}",
            f"/language/?next={quote(target)}",
            f"/sign-out/?next={quote(target)}",
        ):
            browser = ground.attacker if "language" in path else ground.stranger()
            answer = browser.get(path)
            tried += 1
            if _leads_away(answer, ground.site.origin):
                raise Succeeded(f"{path} leads to {answer.location}")
        answer = ground.attacker.post("/language/", {"language": "ms", "next": target})
        tried += 1
        if _leads_away(answer, ground.site.origin):
            raise Succeeded(f"the choice of a language leads to {answer.location}")
    for target in REDIRECTS[:4]:
        browser = ground.stranger()
        form = browser.get(f"/sign-in/?next={quote(target)}").form("/sign-in/")
        person = ground.person("pegawai.kkm.1")
        answer = browser.submit(form, {"login": person.email, "password": person.password, "next": target})
        tried += 1
        if _leads_away(answer, ground.site.origin):
            raise Succeeded(f"after signing in, {target} leads to {answer.location}")
    return f"{tried} addresses, none leads away"


@attack(GROUP, "The link of a reset is made to lead to another host")
def poisoned_host(ground: Ground) -> str:
    browser = ground.stranger()
    form = browser.get("/password/reset/").form("/password/reset/")
    person = ground.person("pegawai.kln.1")
    mails = ground.site.state / "mail"
    before = set(mails.glob("*"))
    for name, value in (
        ("X-Forwarded-Host", "evil.example"),
        ("Forwarded", "host=evil.example"),
        ("X-Host", "evil.example"),
    ):
        browser.submit(form, {"email": person.email})
        browser.ask("POST", "/password/reset/", headers={name: value, "Content-Type": "application/x-www-form-urlencoded",
                    "Referer": ground.site.origin}, body=f"email={person.email}&csrfmiddlewaretoken={browser.token()}".encode())  # fmt: skip
    direct = Browser(ground.site, direct=True)
    answer = direct.ask("GET", "/password/reset/", headers={"Host": "evil.example"})
    if answer.status == 200:
        raise Succeeded("a foreign Host is served")
    limit = time.monotonic() + 20
    while not (new := set(mails.glob("*")) - before) and time.monotonic() < limit:
        time.sleep(0.5)
    if not new:
        raise RuntimeError("no mail came")
    if any("evil.example" in mail.read_text(encoding="utf-8", errors="replace") for mail in new):
        raise Succeeded("the mail links to evil.example")
    return f"{len(new)} mails, all with the installation's own address"


#: What differs in two answers although they say the same: the form's token and the nonce of scripts, and what was typed.
_OWN_TO_AN_ANSWER = re.compile(r'(csrfmiddlewaretoken" value|nonce|"token")="?[\w+/=-]+')
#: The fastest answers may be so far apart: below it a network hides the difference.
_APART_SECONDS, _APART_SHARE = 0.015, 0.25
#: So many addresses of each kind, each so often: a reset is sent five times an hour at most.
_TRIES, _ROUNDS = 12, 2


def _said(answer: Answer, email: str) -> tuple[int, str, str]:
    text = _OWN_TO_AN_ANSWER.sub("", answer.text).replace(email, "EMAIL")
    return answer.status, answer.location.replace(quote(email), "EMAIL"), text


def told_apart(taken: dict[str, list[float]]) -> str:
    """Say how far apart the fastest answers of each kind are. Raises Succeeded when that tells one from another.

    The fastest, for whatever else the machine does makes answers slower, and never faster.
    """
    fastest = {kind: min(seconds) for kind, seconds in taken.items()}
    low, high = min(fastest.values()), max(fastest.values())
    said = ", ".join(f"{kind} {seconds * 1000:.0f} ms" for kind, seconds in fastest.items())
    if high - low > max(_APART_SECONDS, _APART_SHARE * low):
        raise Succeeded(f"by time: {said}")
    return said


@attack(
    GROUP,
    "Sign-in, its second step, the reset and links of invitations tell known addresses from unknown ones, by status, body or time",
)
def enumeration(ground: Ground) -> str:
    """Each kind in turn, from ever new networks, so that the machine's load is the same for both.

    Known ones are those whom no other attack locks out, or asks a reset for.
    """
    alone = [each for each in ground.site.people if each.email.partition("@")[0] not in _ATTACKED_ELSEWHERE]
    kinds = {
        "officer": [person.email for person in alone if person.role == "officer"][-_TRIES:],
        "unknown": [f"tiada.{ground.canary}.{number}@demo.jejak.example" for number in range(_TRIES)],
        "with a second factor": list(ground.site.passkeys),
    }
    acts = {
        "reset": _try_to_reset,
        "sign-in": _try_to_sign_in,
        "second step": _try_second_step,
        "invitation": _try_invitation,
    }
    seen = [f"{name} {_compared(ground, name, act, kinds)}" for name, act in acts.items()]
    return f"the same answers; fastest of {'; of '.join(seen)}"


#: Whom other attacks lock out, or ask a reset for: they are answered otherwise for that.
_ATTACKED_ELSEWHERE = {f"pegawai.{agency}.1" for agency in ("kln", "sprm", "ilkap", "kpk", "mpob")}
_Act = Callable[[Ground, str, str], tuple[float, Answer]]


def _compared(ground: Ground, name: str, act: _Act, kinds: dict[str, list[str]]) -> str:
    """Do an act to addresses of each kind in turn, and say how fast the fastest were. Raises Succeeded when they differ.

    What differs by time is asked once more: the fastest of more are less of what else the machine does.
    """
    answers: dict[str, set[tuple[int, str, str]]] = {kind: set() for kind in kinds}
    taken: dict[str, list[float]] = {kind: [] for kind, emails in kinds.items() if len(emails) >= _TRIES}
    for is_last in (False, True):
        for turn in range(_TRIES * _ROUNDS):
            for number, (kind, emails) in enumerate(kinds.items()):
                if turn >= _ROUNDS * len(emails):
                    continue
                email = emails[turn % len(emails)]
                network = f"10.{77 + number + 10 * is_last}.{turn}.{secrets.randbelow(250)}"
                seconds, answer = act(ground, email, network)
                # Of a few people the fastest answer tells too much of the machine.
                if len(emails) >= _TRIES:
                    taken[kind].append(seconds)
                answers[kind].add(_said(answer, email))
        first, *_others = answers.values()
        for kind, said in answers.items():
            if said != first:
                odd = next(iter(said ^ first))
                raise Succeeded(f"{name}: {kind} is answered otherwise, {odd[0]} {odd[1]}")
        try:
            return told_apart(taken)
        except Succeeded as found:
            if is_last:
                raise Succeeded(f"{name}, {found}") from found
    raise AssertionError


def _try_to_reset(ground: Ground, email: str, address: str) -> tuple[float, Answer]:
    browser = Browser(ground.site, direct=True)
    form = browser.get("/password/reset/").form("/password/reset/")
    return _timed(lambda: browser.post(form.action, {"email": email}, headers={"X-Forwarded-For": address}))


def _try_to_sign_in(ground: Ground, email: str, address: str) -> tuple[float, Answer]:
    browser = Browser(ground.site, direct=True)
    browser.get("/sign-in/")
    return _timed(lambda: browser.guess(email, "bukan-kata-laluannya", address=address))


def _try_second_step(ground: Ground, email: str, address: str) -> tuple[float, Answer]:
    """Ask for a passkey's challenge right after a wrong password."""
    browser = Browser(ground.site, direct=True)
    browser.get("/sign-in/")
    browser.guess(email, "bukan-kata-laluannya", address=address)
    return _timed(lambda: browser.get(f"{SECOND_FACTOR}?login={quote(email)}"))


def _try_invitation(ground: Ground, email: str, _address: str) -> tuple[float, Answer]:
    """Open a link of the right shape, of somebody who is there or is not, with a signature that is not theirs."""
    with ground.site.as_the_web() as cursor:
        cursor.execute(
            "SELECT coalesce(max(id) FILTER (WHERE email = %s), max(id) + 1000) FROM accounts_user", [email]
        )
        number = urlsafe_base64_encode(str(cursor.fetchone()[0]).encode())
    browser = Browser(ground.site, direct=True)
    browser.get("/sign-in/")
    seconds, answer = _timed(lambda: browser.get(f"/password/invitation/{number}/c9qq1s-{'0' * 32}/"))
    return seconds, replace(answer, body=answer.body.replace(f"/{number}/".encode(), b"/NUMBER/"))


def _timed(act: Callable[[], Answer]) -> tuple[float, Answer]:
    begun = time.monotonic()
    answer = act()
    return time.monotonic() - begun, answer


@attack(GROUP, "Links of invitations and resets are guessed and bent")
def guessed_links(ground: Ground) -> str:
    tried = 0
    for purpose in ("invitation", "reset", "join", "x"):
        for person in ("1", "MQ", "2", "admin"):
            for token in ("a", "c0-" + "0" * 32, "0-0", "%00", "..", "set-password"):
                answer = ground.stranger().get(f"/password/{purpose}/{person}/{token}/")
                tried += 1
                if answer.status == 200 and 'type="password"' in answer.text:
                    raise Succeeded(answer.address)
    return f"{tried} links, none opens a form"


#: ADR 20: so many wrong passwords a day are judged at one account, from whatever addresses.
MOST_JUDGED = 20


@attack(
    GROUP,
    "Four hundred passwords are tried at one account, each from another address, and then the right one",
)
def guessing(ground: Ground) -> str:
    """From nginx there is one address; the web process believes others only from its own proxy, so it is asked directly.

    A password was judged when the answer is that to a wrong one, as the first is; one that was not is not even read: then the
    right one does not come in either.
    """
    person = ground.person("pegawai.sprm.1")
    direct, judged, wrong = Browser(ground.site, direct=True), 0, ""
    for turn in range(400):
        answer = direct.guess(person.email, f"salah-{turn}", address=f"10.{turn // 250}.{turn % 250}.7")
        said = _said(answer, person.email)[2]
        wrong = wrong or said
        judged += answer.status == 200 and said == wrong
        if judged > MOST_JUDGED:
            raise Succeeded(f"{judged} of {turn + 1} passwords were judged, where {MOST_JUDGED} are the most")
    answer = direct.guess(person.email, person.password, address="10.9.9.9")
    if answer.status == 302:
        raise Succeeded("the right password, tried last, came in")
    return f"of 400 passwords from 400 addresses {judged} were judged, the others refused unread, the right one too"


@attack(GROUP, "The owner of an account is locked out by others")
def locked_out(ground: Ground) -> str:
    person = ground.person("pegawai.ilkap.1")
    own = Browser(ground.site).sign_in(person)
    own.post("/sign-out/")
    direct = Browser(ground.site, direct=True)
    for turn in range(60):
        direct.guess(person.email, "salah", address=f"10.9.{turn}.7")
    answer = own.try_sign_in(person.email, person.password)
    if answer.status != 302:
        raise Succeeded("the owner cannot sign in with the right password in a known browser")
    return "after 60 wrong passwords of others the owner came in from a known browser"


@attack(GROUP, "A session of a person is ended by another person's number")
def end_foreign_sessions(ground: Ground) -> str:
    ground.attacker.get("/account/")
    own = Browser(ground.site).sign_in(ground.person("pegawai.jtk.2"))
    for number in range(1, 80):
        # Whoever ends their own session by its number signs in again.
        if own.post(f"/account/sessions/{number}/end/").location.startswith("/sign-in/"):
            own.sign_in(ground.person("pegawai.jtk.2"))
    if not _is_in(ground.victim):
        raise Succeeded("the victim was signed out")
    return "79 numbers, the victim is still signed in"


#: The same for everybody, so a cache may keep them.
_FOR_EVERYBODY = ("/static/", "/guides/pictures/", "/.well-known/")


@attack(GROUP, "A page of a signed-in person is kept by a cache: every address of the URLconf")
def cached_pages(ground: Ground) -> str:
    paths = {
        path: page
        for who in ("administrator", "victim", "reviewer")
        for path, page in ground.pages(who).items()
    }
    for route in ground.site.routes:
        # What no link leads to, or only a form, is asked for by itself.
        if "<" not in route and route not in paths and not route.startswith(("/sign-out/", *_FOR_EVERYBODY)):
            paths[route] = ground.reviewer.get(route)
    seen = {ground.site.route_of(path) for path in paths}
    for path, page in paths.items():
        kept = page.headers.get("cache-control", "")
        if path.startswith(_FOR_EVERYBODY) or page.status >= 500:
            continue
        if "no-store" not in kept or "private" not in kept:
            raise Succeeded(f"{path} ({page.status}): {kept!r}")
    ground.go_in_again()
    return f"{len(paths)} pages of {len(seen)} addresses of the {len(ground.site.routes)} in the URLconf, all private, no-store; the others take forms alone, or have no row here"
