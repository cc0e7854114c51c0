"""What officers and reviewers do in a day, for Locust. The environment names the site's people (PEOPLE) and its host."""

from __future__ import annotations

import itertools
import json
import os
import random
import re
from pathlib import Path

from locust import HttpUser, between, task
from people import PASSWORD  # Locust puts this folder on the path.

_PEOPLE = json.loads(Path(os.environ["PEOPLE"]).read_text(encoding="utf-8"))
_BY_ROLE = {
    role: itertools.cycle([each for each in _PEOPLE if each["role"] == role])
    for role in ("officer", "reviewer")
}
_NUMBERS = itertools.count(1)
_WORDS = ("latihan", "mangsa", "pekerja", "siasatan", "perlindungan", "kursus")
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_AUTOSAVE = re.compile(r'data-autosave-url="([^"]+)"')
_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class Person(HttpUser):
    """Somebody who reads between two acts: 20 seconds on average."""

    abstract = True
    wait_time = between(8, 32)
    role = ""

    def on_start(self) -> None:
        """Sign in by the page, from a network of one's own."""
        self.me = next(_BY_ROLE[self.role])
        number = next(_NUMBERS)
        self.client.headers["X-Forwarded-For"] = f"10.0.{number >> 8 & 255}.{number & 255}"
        page = self.client.get("/sign-in/", name="sign_in.page")
        self._post(
            "/sign-in/",
            {"csrfmiddlewaretoken": _token(page.text), "login": self.me["email"], "password": PASSWORD},
            name="sign_in",
        )

    def _post(self, path: str, fields: dict[str, str], *, name: str, wanted: int = 302) -> str:
        """Post a form; anything but the wanted status is a failure. Return where it leads, or what it says."""
        with self.client.post(
            path, data=fields, name=name, allow_redirects=False, catch_response=True
        ) as answer:
            if answer.status_code != wanted:
                answer.failure(f"{answer.status_code} in the place of {wanted}: {_plain(answer.text)}")
            return str(answer.headers.get("Location") or answer.text or "")


class Officer(Person):
    """Reads what is due, reports on an assignment where one is named to them, and attaches proof."""

    weight = 25
    role = "officer"

    @task(30)
    def my_work(self) -> None:
        self.client.get("/my-work/", name="my_work")

    @task(18)
    def item(self) -> None:
        page = self.client.get("/items/", name="items")
        if links := sorted(set(re.findall(r'href="(/items/\d+/)', page.text or ""))):
            self.client.get(random.choice(links), name="item")

    @task(10)
    def overview(self) -> None:
        self.client.get("/overview/", name="overview")

    @task(6)
    def evidence(self) -> None:
        self.client.get("/evidence/", name="evidence")

    @task(5)
    def search(self) -> None:
        self.client.get(f"/search/?q={random.choice(_WORDS)}", name="search")

    @task(5)
    def reminders(self) -> None:
        self.client.get("/reminders/", name="reminders")

    @task(14)
    def report(self) -> None:
        """Open the form and type for a while: it is saved four times meanwhile."""
        assignment = self.me["assignment"]
        if assignment is None:
            return self.my_work()
        page = self.client.get(f"/assignments/{assignment}/update/", name="update.form")
        address = _AUTOSAVE.findall(page.text)[0]
        fields = dict(_FIELD.findall(page.text or "")) | {"csrfmiddlewaretoken": _token(page.text)}
        fields |= {
            "status": "progress",
            "percent": "40",
            "covers_from": "1/7/2023",
            "covers_to": "31/8/2023",
            "classification": "1",
        }
        for length in (40, 160, 400, 700):
            text = " ".join(random.choice(_WORDS) for _word in range(length // 7))
            saved = self._post(address, fields | {"narrative": text}, name="update.autosave", wanted=200)
            answer = json.loads(saved)
            fields["revision"], address = str(answer["revision"]), answer["autosave_url"]
            self.wait()
        return None

    @task(3)
    def upload(self) -> None:
        page = self.client.get("/evidence/upload/", name="upload.form")
        content = f"Bukti {next(_NUMBERS)}\n".encode() * 20_000
        with self.client.post(
            "/evidence/upload/",
            data={"csrfmiddlewaretoken": _token(page.text), "classification": "1"},
            files={"file": ("bukti.txt", content, "text/plain")},
            name="upload",
            allow_redirects=False,
            catch_response=True,
        ) as answer:
            if answer.status_code not in (201, 302):
                answer.failure(f"{answer.status_code}: not taken")


class Reviewer(Person):
    """Looks at the whole state and at what waits; decides nothing, so that the load stays the same."""

    weight = 1
    role = "reviewer"

    @task(3)
    def overview(self) -> None:
        self.client.get("/overview/", name="overview (reviewer)")

    @task(4)
    def review(self) -> None:
        page = self.client.get("/reviews/", name="queue")
        if links := sorted(set(re.findall(r'href="(/reviews/\d+/)', page.text or ""))):
            self.client.get(random.choice(links), name="review")

    @task(1)
    def steps(self) -> None:
        self.client.get("/steps/", name="steps")


def _plain(text: str | None) -> str:
    """Return the beginning of what was said, for a failure that is written once for each wording."""
    return " ".join(re.sub(r"<[^>]*>|\d+", " ", text or "").split())[:120]


def _token(text: str | None) -> str:
    found = _TOKEN.search(text or "")
    return found[1] if found else ""
