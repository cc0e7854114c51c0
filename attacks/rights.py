"""Attacks on rights: reading or changing what is not one's own."""

from __future__ import annotations

import re
import time
from collections import Counter
from email import message_from_bytes, policy
from urllib.parse import urlsplit

from attacks.attack import Ground, Succeeded, attack, shape
from attacks.browser import Answer, Browser

GROUP = "rights"
#: An officer and an observer may see these of everybody: names of agencies and items, and pages of the whole cycle.
_NUMBER = re.compile(r"/\d+/")
#: Forms that are for everybody, or about whoever sends them.
_PUBLIC_FORMS = (
    "/language/",
    "/sign-out/",
    "/identities/",
    "/sign-in/",
    "/password/",
    "/account/",
    "/reminders/read/",
)


def _demand_closed(answer: Answer, what: str) -> None:
    if not answer.is_closed:
        raise Succeeded(f"{what} answered {answer.status} at {answer.address}")


#: Of the pages that two people both reach, these may not be: whatever belongs to one agency, and whatever is MAPO's.
_OF_AGENCIES, _OF_MAPO = ("/evidence/",), ("/reviews/", "/people/", "/openings/", "/audit/")


def _open_foreign(ground: Ground, browser: Browser, who: str, owner: str, *, never: tuple[str, ...]) -> str:
    """Open every page with a number in it that its owner reaches and `who` does not; `never` begins what both may not reach."""
    own, theirs = ground.pages(who), ground.pages(owner)
    for path in (
        ground.secrets["draft"],
        ground.secrets["document"],
        f"{ground.secrets['document']}download/",
    ):
        _demand_closed(browser.get(path), f"{path} of the police")
    # Links alone say nothing about rights: what is never theirs may not stand on their own way either.
    about_oneself = f"/people/{_number_of(ground, browser)}/stand-ins/"
    for path in own.keys() & theirs.keys() - {about_oneself}:
        if own[path].status == 200 and _NUMBER.search(path) and path.startswith(never):
            raise Succeeded(f"{path} was open, and even linked")
    tried = leaked = opened = 0
    for path in theirs.keys() - own.keys():
        if not _NUMBER.search(path) or theirs[path].status != 200:
            continue
        answer = browser.get(path)
        tried += 1
        opened += answer.status == 200
        leaked += ground.canary in answer.text
        # An officer's own evidence is on MAPO's pages too; that of others is asked for by its number below.
        if answer.status == 200 and (path.startswith(never) or path.endswith("/edit/")):
            raise Succeeded(f"{path} of another agency opened")
    if leaked:
        raise Succeeded(f"{leaked} of {tried} pages held the canary")
    if not tried:
        raise RuntimeError("no page was found that only its owner reaches")
    return (
        f"{tried} pages of others: {tried - opened} refused, {opened} open to everybody, none with the canary"
    )


def _number_of(ground: Ground, browser: Browser) -> int:
    """Return the number of whoever is signed in."""
    assert browser.person is not None
    with ground.site.as_the_web() as cursor:
        cursor.execute("SELECT id FROM accounts_user WHERE email = %s", [browser.person.email])
        found: int = cursor.fetchone()[0]
    return found


@attack(GROUP, "An officer opens every page that the officer of another agency reaches")
def officer_opens_pages_of_another_agency(ground: Ground) -> str:
    return _open_foreign(ground, ground.attacker, "attacker", "victim", never=_OF_AGENCIES)


@attack(GROUP, "An officer opens every page that the administrator reaches")
def officer_opens_pages_of_mapo(ground: Ground) -> str:
    return _open_foreign(ground, ground.attacker, "attacker", "administrator", never=_OF_MAPO)


@attack(GROUP, "An observer opens every page that the administrator reaches")
def observer_opens_pages_of_mapo(ground: Ground) -> str:
    return _open_foreign(
        ground, ground.observer, "observer", "administrator", never=(*_OF_AGENCIES, *_OF_MAPO)
    )


@attack(GROUP, "Somebody who is not signed in opens every page")
def stranger_opens_every_page(ground: Ground) -> str:
    stranger = ground.stranger()
    paths = sorted(ground.pages("administrator").keys() | ground.pages("victim").keys())
    for path in paths:
        answer = stranger.get(path)
        if answer.status == 200 and not path.startswith(("/sign-in/", "/password/reset/", "/health/")):
            raise Succeeded(f"{path} opened without signing in")
    return f"{len(paths)} pages, each led to the sign-in page or was refused"


@attack(GROUP, "An officer sends every form of MAPO and of another agency")
def officer_sends_foreign_forms(ground: Ground) -> str:
    own = {urlsplit(form.action).path for page in ground.pages("attacker").values() for form in page.forms()}
    reachable = {
        path for path, page in ground.pages("attacker").items() if page.status == 200 and _NUMBER.search(path)
    }
    sent, shapes = 0, Counter[str]()
    for who in ("administrator", "reviewer", "victim"):
        for page in ground.pages(who).values():
            for form in page.forms():
                path = urlsplit(form.action).path
                if form.method != "post" or path in own or path.startswith(_PUBLIC_FORMS):
                    continue
                shapes[shape(path)] += 1
                if shapes[shape(path)] > 4:
                    continue
                if any(reached in path for reached in reachable):
                    continue
                own.add(path)
                answer = ground.attacker.post(
                    path,
                    {**form.fields, "reason": "Sebab", "action": "accept"}
                    | {"csrfmiddlewaretoken": ground.attacker.token()},
                )
                sent += 1
                if not answer.is_closed:
                    raise Succeeded(f"{path} took a form of {who}: {answer.status} {answer.location}")
    return f"{sent} forms, all refused"


@attack(GROUP, "An officer asks for evidence by every number: page, bytes, preview, description")
def officer_guesses_evidence(ground: Ground) -> str:
    last = int(re.findall(r"/evidence/(\d+)/", ground.secrets["document"] or "/evidence/60/")[-1])
    with ground.site.as_the_web() as cursor:
        cursor.execute(
            "SELECT d.id FROM evidence_document d JOIN accounts_user u ON u.agency_id = d.agency_id WHERE u.email = %s",
            [ground.person("pegawai.jtk.1").email],
        )
        own = {row[0] for row in cursor.fetchall()}
    asked = 0
    for number in range(1, last + 1):
        if number in own:
            continue
        for part in ("", "download/", "preview/", "withdraw/", "replace/", "seal/"):
            _demand_closed(ground.attacker.get(f"/evidence/{number}/{part}"), "evidence of another agency")
            asked += 1
    return f"{asked} requests, all refused"


@attack(GROUP, "An officer finds the words of another agency's draft and file by searching")
def officer_searches_the_canary(ground: Ground) -> str:
    address = f"/search/?q={ground.canary}"
    wanted = {ground.secrets["document"], ground.secrets["draft"].removesuffix("edit/")}
    limit = time.monotonic() + 60
    while not any(link.startswith(tuple(wanted)) for link in ground.victim.get(address).links()):
        if time.monotonic() > limit:
            raise RuntimeError("not even its author finds it")
        time.sleep(1)
    for path in (address, f"/search/suggestions/?q={ground.canary[:9]}"):
        answer = ground.attacker.get(path)
        if "Rahsia" in answer.text or any(link.startswith(tuple(wanted)) for link in answer.links()):
            raise Succeeded(f"{path} found it")
    return "its author finds it, the attacker does not"


@attack(GROUP, "The canary is on any page, mail or feed that an outsider reaches")
def canary_on_any_page(ground: Ground) -> str:
    ground.secrets  # noqa: B018
    read = 0
    for who in ("attacker", "observer"):
        for path, page in ground.pages(who).items():
            read += 1
            if ground.canary in page.text:
                raise Succeeded(f"{path} shows it to the {who}")
    return f"{read} pages read, none holds it"


@attack(GROUP, "An officer filters lists by another agency")
def officer_filters_by_another_agency(ground: Ground) -> str:
    ground.secrets  # noqa: B018
    asked = 0
    for path in (
        "/evidence/",
        "/my-work/",
        "/our-agency/",
        "/items/",
        "/overview/",
        "/search/",
        "/summaries/",
        "/summaries/made/",
    ):
        for query in (
            "agency=PDRM",
            "agency=3",
            "agency=1&agency=2&agency=3",
            "agencies=PDRM",
            "person=1",
            "user=1",
            "all=1",
        ):
            asked += 1
            if ground.canary in ground.attacker.get(f"{path}?{query}").text:
                raise Succeeded(f"{path}?{query}")
    return f"{asked} addresses, none shows the canary"


@attack(GROUP, "An officer gives themself a role, an agency and a clearance in forms that have no such field")
def officer_posts_more_than_the_form_shows(ground: Ground) -> str:
    more = {
        "role": "administrator",
        "clearance": "4",
        "agency": "1",
        "is_acting": "on",
        "is_active": "on",
        "is_staff": "1",
    }
    for path in ("/account/contact/", "/account/place/", "/language/", "/reminders/preferences/"):
        page = ground.attacker.get("/account/")
        form = next((form for form in page.forms() if path in form.action), None)
        ground.attacker.post(path, {**(form.fields if form else {}), **more})
    for path in ("/people/", "/audit/", "/reviews/", ground.secrets["draft"]):
        if ground.attacker.get(path).status == 200:
            raise Succeeded(f"the officer opens {path}")
    return "nothing changed: the pages of MAPO and of the police stayed closed"


@attack(GROUP, "An officer uploads a file in the name of another agency")
def officer_uploads_for_another_agency(ground: Ground) -> str:
    mark = f"asing{ground.canary[-6:]}"
    fields = {
        **ground.attacker.get("/evidence/upload/").form("/evidence/upload/").fields,
        "classification": "1",
    }
    for agency in ("1", "2", "3", "PDRM"):
        ground.attacker.post(
            "/evidence/upload/",
            {**fields, "agency": agency},
            files={"file": (f"{mark}.txt", b"Teks biasa.\n")},
        )
    if mark in ground.victim.get("/evidence/").text:
        raise Succeeded("the file stands with the police")
    return "the field was ignored: the file stands with the uploader's own agency"


@attack(GROUP, "Another method or a header changes what an address answers")
def methods_and_headers(ground: Ground) -> str:
    path = ground.secrets["draft"]
    tried = 0
    for method in ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "PROPFIND", "TRACE"):
        _demand_closed(ground.attacker.ask(method, path), method)
        tried += 1
    for name in (
        "X-Original-URL",
        "X-Rewrite-URL",
        "X-HTTP-Method-Override",
        "X-Forwarded-User",
        "Remote-User",
        "X-Forwarded-Prefix",
    ):
        for value in (path, "DELETE", "pentadbir.mapo@demo.jejak.example"):
            answer = ground.attacker.get("/my-work/", {name: value})
            tried += 1
            if ground.canary in answer.text or "/people/" in answer.text:
                raise Succeeded(f"{name}: {value}")
    return f"{tried} requests changed nothing"


@attack(GROUP, "Paths in odd spellings go around the check")
def odd_paths(ground: Ground) -> str:
    path = ground.secrets["draft"]
    odd = (path.replace("/updates/", "//updates/"), path.replace("/updates/", "/./updates/"), path + "%00", path + ";x=1",
           path.replace("/edit/", "/edit"), path.upper(), path.replace("/updates/", "/my-work/..%2fupdates/"),
           path.replace("/updates/", "/%75pdates/"), path + "?_method=get", path.replace("/edit/", "/edit/%2e%2e/"))  # fmt: skip
    for each in odd:
        if ground.canary in ground.attacker.get(each).text:
            raise Succeeded(each)
    return f"{len(odd)} spellings, none opens it"


@attack(GROUP, "Mails of others are read in the demonstration's folder of mails")
def foreign_mails(ground: Ground) -> str:
    own = ground.person("pegawai.jtk.1").email
    mails = sorted((ground.site.state / "mail").glob("*.eml"))
    foreign = [
        mail.name
        for mail in mails
        if own not in message_from_bytes(mail.read_bytes(), policy=policy.default).get("To", own)
    ]
    if not foreign:
        raise RuntimeError("there is no mail to anybody else")
    for name in foreign[-60:]:
        for part in ("", "html/", "file/"):
            _demand_closed(ground.attacker.get(f"/reminders/mails/{name}/{part}"), "a mail of somebody else")
    for name in ("..%2f..%2fweb.env", "../../web.env", "%2e%2e", "web.env"):
        _demand_closed(ground.attacker.get(f"/reminders/mails/{name}/file/"), "a file outside the folder")
    return f"{len(foreign[-60:])} mails and 4 paths, all refused"


@attack(GROUP, "A calendar feed is opened with a guessed or another person's secret")
def foreign_feeds(ground: Ground) -> str:
    page = ground.attacker.get("/reminders/preferences/").text + ground.attacker.get("/reminders/").text
    token = (re.findall(r"/calendar/\d+-([\w-]+)\.ics", page) or ["0" * 32])[0]
    for number in range(1, 45):
        if f"/calendar/{number}-{token}" not in page:
            _demand_closed(
                ground.stranger().get(f"/calendar/{number}-{token}.ics"), "a feed of somebody else"
            )
    return "44 people's feeds stayed closed"
