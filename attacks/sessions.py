"""Attacks on sign-in and sessions: coming in without the password, or as somebody else."""

from __future__ import annotations

import statistics
import time
from urllib.parse import quote

from attacks.attack import Ground, Succeeded, attack
from attacks.browser import Answer, Browser

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


@attack(GROUP, "The session's key is fixed before the victim signs in")
def fixation(ground: Ground) -> str:
    browser = ground.stranger()
    browser.get("/sign-in/")
    name = next((name for name in ground.attacker.cookies if name.endswith("sessionid")), "sessionid")
    browser.cookies[name] = "attackerschosenkey00000000000000"
    browser.sign_in(ground.person("pegawai.apmm.1"))
    thief = ground.stranger()
    thief.cookies[name] = "attackerschosenkey00000000000000"
    if browser.cookies.get(name) == "attackerschosenkey00000000000000" or _is_in(thief):
        raise Succeeded("the chosen key is signed in")
    return "signing in made a new key"


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


@attack(GROUP, "Sign-in and reset tell known addresses from unknown ones, by answer or by time")
def enumeration(ground: Ground) -> str:
    known, unknown = ground.person("pegawai.kpk.1").email, "tiada.orang@demo.jejak.example"
    said: dict[str, list[tuple[int, int, str]]] = {known: [], unknown: []}
    taken: dict[str, list[float]] = {known: [], unknown: []}
    for _turn in range(3):
        for email in (known, unknown):
            browser = ground.stranger()
            form = browser.get("/password/reset/").form("/password/reset/")
            begun = time.monotonic()
            answer = browser.submit(form, {"email": email})
            taken[email].append(time.monotonic() - begun)
            said[email].append((answer.status, len(answer.body), answer.location))
    if set(said[known]) != set(said[unknown]):
        raise Succeeded(f"reset answers differ: {said}")
    apart = abs(statistics.median(taken[known]) - statistics.median(taken[unknown]))
    return f"the same answers; medians {apart * 1000:.0f} ms apart"


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


@attack(GROUP, "Four hundred passwords are tried at one account, each from another address")
def guessing(ground: Ground) -> str:
    """From nginx there is one address; the web process believes others only from its own proxy, so it is asked directly."""
    email = ground.person("pegawai.sprm.1").email
    direct = Browser(ground.site, direct=True)
    judged = 0
    for turn in range(400):
        answer = direct.guess(email, f"salah-{turn}", address=f"10.{turn // 250}.{turn % 250}.7")
        judged += (
            "salah" in answer.text.lower()
            and answer.status == 200
            and "Terlalu banyak" not in answer.text
            and "perlahan" not in answer.text
        )
        if judged > 100:
            raise Succeeded(f"{judged} of {turn + 1} passwords were judged")
    return f"of 400 passwords from 400 addresses {judged} were judged, the others refused unread"


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


@attack(GROUP, "A page of a signed-in person is kept by a cache")
def cached_pages(ground: Ground) -> str:
    for path in ("/my-work/", "/account/", "/overview/", "/evidence/", "/search/?q=a"):
        kept = ground.attacker.get(path).headers.get("cache-control", "")
        if "no-store" not in kept or "private" not in kept:
            raise Succeeded(f"{path}: {kept}")
    return "every page says private, no-store"
