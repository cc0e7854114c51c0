"""Attacks by timing: the same act many times at once, or two acts of which only one may happen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

from attacks.attack import Ground, Succeeded, attack, starts_of
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
    return [browser.copy() for _number in range(count)]


@attack(GROUP, "Eight presses of one button begin eight updates")
def eight_presses(ground: Ground) -> str:
    browser = ground.as_("pegawai.jim.1")
    start = starts_of(browser)[0]
    form, typed = browser.get(start).form(start), {"narrative": "Serentak.", "action": "save"}
    answers = at_once(*(lambda copy=copy: copy.submit(form, typed) for copy in _copies(browser, 8)))
    begun = {answer.location for answer in answers if answer.location.startswith("/updates/")}
    if len(begun) > 1 or any(answer.status >= 500 for answer in answers):
        raise Succeeded(f"{len(begun)} updates, {Counter(answer.status for answer in answers)}")
    return f"one update; answers {dict(Counter(answer.status for answer in answers))}"


@attack(GROUP, "Two reviewers decide at once on everything that waits, one against the other")
def two_reviewers(ground: Ground) -> str:
    browsers = ground.reviewer, ground.as_("penyemak.mapo.2")
    fields = {"decision": "accept"}, {"decision": "return", "return_reason": "Perlu bukti tambahan."}
    paths = {link.partition("?")[0] for link in browsers[0].get("/reviews/").links()}
    decided = 0
    for path in sorted(path for path in paths if re.fullmatch(r"/reviews/\d+/", path)):
        pages = [browser.get(path) for browser in browsers]
        if any(page.status != 200 for page in pages):
            continue
        answers = at_once(*(
            partial(browser.submit, page.form(path), sent) for browser, page, sent in zip(browsers, pages, fields, strict=True)
        ))  # fmt: skip
        if any(answer.status >= 500 for answer in answers):
            raise Succeeded(f"{path}: {[answer.status for answer in answers]}")
        standing = _decisions_on(ground, path.split("/")[2])
        if standing > 1:
            raise Succeeded(f"{path} was decided {standing} times")
        decided += standing
    if not decided:
        raise RuntimeError("nothing was decided")
    return f"{decided} updates, each decided once"


def _decisions_on(ground: Ground, update: str) -> int:
    with ground.site.as_the_web() as cursor:
        cursor.execute(
            "SELECT count(*) FROM recommendations_review r JOIN recommendations_submission s ON s.id = r.submission_id "
            "WHERE s.update_id = %s AND NOT EXISTS (SELECT 1 FROM recommendations_review n WHERE n.supersedes_id = r.id)",
            [update],
        )
        found: int = cursor.fetchone()[0]
    return found


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


@attack(GROUP, "A summary is asked for ten times at once")
def ten_summaries(ground: Ground) -> str:
    form = ground.reviewer.get("/summaries/").form("/summaries/make/")
    answers = at_once(
        *(lambda copy=copy: copy.submit(form, {"paper": "json"}) for copy in _copies(ground.reviewer, 10))
    )
    if any(answer.status >= 500 for answer in answers):
        raise Succeeded(str(Counter(answer.status for answer in answers)))
    return f"{len({answer.location for answer in answers})} summaries of 10 requests, none 500"
