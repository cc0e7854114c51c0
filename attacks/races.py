"""Attacks by timing: the same act many times at once, or two acts of which only one may happen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

from attacks.attack import Ground, Succeeded, attack
from attacks.browser import Answer, Browser

GROUP = "races"


def at_once(*acts: Callable[[], Answer]) -> list[Answer]:
    """Do all acts at the same moment, each in a thread of its own."""
    barrier = Barrier(len(acts))

    def act(each: Callable[[], Answer]) -> Answer:
        barrier.wait()
        return each()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


def _copies(browser: Browser, count: int) -> list[Browser]:
    copies = []
    for _number in range(count):
        copy = Browser(browser.site)
        copy.cookies.update(browser.cookies)
        copies.append(copy)
    return copies


@attack(GROUP, "Eight presses of one button begin eight updates")
def eight_presses(ground: Ground) -> str:
    browser = ground.as_("pegawai.jim.1")
    form = browser.get("/my-work/").form("/update/")
    answers = at_once(*(lambda copy=copy: copy.submit(form) for copy in _copies(browser, 8)))
    begun = {answer.location for answer in answers if answer.location.startswith("/updates/")}
    if len(begun) > 1 or any(answer.status >= 500 for answer in answers):
        raise Succeeded(f"{len(begun)} updates, {Counter(answer.status for answer in answers)}")
    return f"one update; answers {dict(Counter(answer.status for answer in answers))}"


@attack(GROUP, "Two reviewers decide at once on everything that waits")
def two_reviewers(ground: Ground) -> str:
    first, second = ground.reviewer, ground.as_("penyemak.mapo.2")
    paths = sorted(
        link
        for link in first.get("/reviews/").links()
        if re.fullmatch(r"/reviews/\d+/", link.partition("?")[0])
    )
    decided = 0
    for path in (path.partition("?")[0] for path in paths):
        pages = first.get(path), second.get(path)
        if any(page.status != 200 for page in pages):
            continue
        forms = [form for page in pages for form in page.forms() if "/reviews/" in form.action][:2]
        if len(forms) < 2:
            continue
        fields = {"decision": "return", "action": "return", "reason": "Perlu bukti tambahan."}
        answers = at_once(partial(first.submit, forms[0], fields), partial(second.submit, forms[1], fields))
        done = [
            answer for answer in answers if answer.status == 302 and answer.location.partition("?")[0] != path
        ]
        if any(answer.status >= 500 for answer in answers):
            raise Succeeded(f"{path}: {[answer.status for answer in answers]}")
        decided += 1
        log = ground.administrator.get(f"{path}".replace("reviews", "updates")).text
        if log.count("Perlu bukti tambahan.") > 2 and len(done) == 2:
            raise Succeeded(f"{path} was decided twice")
    return f"{decided} updates, each decided once at most"


@attack(GROUP, "One upload of the same file many times at once")
def same_upload(ground: Ground) -> str:
    fields = {
        **ground.attacker.get("/evidence/upload/").form("/evidence/upload/").fields,
        "classification": "1",
    }
    content = f"Serentak {ground.canary[-4:]}\n".encode()
    answers = at_once(*(
        lambda copy=copy: copy.post("/evidence/upload/", fields, files={"file": ("serentak.txt", content)}) for copy in _copies(ground.attacker, 6)
    ))  # fmt: skip
    if any(answer.status >= 500 for answer in answers):
        raise Succeeded(str(Counter(answer.status for answer in answers)))
    return f"answers {dict(Counter(answer.status for answer in answers))}, none 500"


@attack(GROUP, "Twenty requests save one draft at once")
def twenty_saves(ground: Ground) -> str:
    path = ground.secrets["draft"]
    form = ground.victim.get(path).form(path)
    answers = at_once(*(
        lambda copy=copy, turn=turn: copy.submit(form, {"narrative": f"Teks {turn} {ground.canary}", "action": "save"})
        for turn, copy in enumerate(_copies(ground.victim, 20))
    ))  # fmt: skip
    if any(answer.status >= 500 for answer in answers):
        raise Succeeded(str(Counter(answer.status for answer in answers)))
    if ground.canary not in ground.victim.get(path).text:
        raise Succeeded("the text is lost")
    return f"answers {dict(Counter(answer.status for answer in answers))}, the text stands"


@attack(GROUP, "A one-time form is sent ten times at once")
def ten_summaries(ground: Ground) -> str:
    form = ground.reviewer.get("/summaries/").form("/summaries/make/")
    answers = at_once(
        *(lambda copy=copy: copy.submit(form, {"paper": "json"}) for copy in _copies(ground.reviewer, 10))
    )
    if any(answer.status >= 500 for answer in answers):
        raise Succeeded(str(Counter(answer.status for answer in answers)))
    return f"{len({answer.location for answer in answers})} summary of 10 requests"
