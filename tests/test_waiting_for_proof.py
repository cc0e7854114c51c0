"""What was asked for before the proof goes on after it; until then it waits, and an intruder gets nothing of it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import FailedSignIn, User
from accounts.proof_gate import KEPT
from audit.models import Event
from tests.evidence.pages import post_file
from tests.factories.accounts import PASSWORD, World
from tests.factories.evidence import make_upload
from tests.matrix import ADMINISTRATOR, OFFICER
from tests.recent_proof import GO_ON, PROOF, TOO_OLD, age_proof, asks, onward_of, press_on, prove
from tests.walk.place import ROWS, world

__all__ = ["world"]
EXPORT = "/audit/export/"


@pytest.fixture
def administrator(world: World, client: Client) -> Client:
    """An administrator's browser, signed in more than ten minutes ago."""
    client.cookies["language"] = "en"
    client.post("/sign-in/", {"login": world.people[ADMINISTRATOR].email, "password": PASSWORD})
    age_proof(client)
    return client


def test_ten_minutes_are_the_limit(administrator: Client) -> None:
    age_proof(administrator, seconds=TOO_OLD - 5)
    assert administrator.post(EXPORT).status_code == 200
    age_proof(administrator)
    assert asks(administrator.post(EXPORT))


def test_proof_of_the_future_is_none(administrator: Client) -> None:
    """A clock that was set back does not make a proof last."""
    age_proof(administrator, seconds=-3600)
    assert asks(administrator.post(EXPORT))


def test_page_says_why_and_that_nothing_is_lost(administrator: Client) -> None:
    response = administrator.post(EXPORT, {"action": "update.submitted"})
    page = administrator.get(response["Location"]).content.decode()
    assert "in case somebody else sits at your desk" in page
    assert "What you typed is kept." in page
    administrator.cookies["language"] = "ms"
    page = administrator.get(response["Location"]).content.decode()
    assert "kerana mungkin orang lain menggunakan meja anda" in page


def test_what_was_posted_goes_on_after_the_proof(administrator: Client) -> None:
    response = administrator.post(
        EXPORT,
        {"action": "session.signed_in", "q": 'a"b<c&d\r\nbaris'},
        headers={"Referer": "http://testserver/audit/?q=a"},
    )
    proved = prove(administrator, response)
    assert proved["Location"].startswith(f"{GO_ON}?kept=")
    page = administrator.get(proved["Location"])
    assert 'href="/audit/?q=a"' in page.content.decode()
    assert not Event.objects.filter(action="audit.exported").exists()
    exported = press_on(administrator, page)
    assert exported["Content-Disposition"].startswith("attachment")
    event = Event.objects.get(action="audit.exported")
    assert event.after["filter"]["action"] == "session.signed_in"
    # Used up: a page that is loaded again sends nothing again.
    assert administrator.get(proved["Location"])["Location"] == settings.LOGIN_REDIRECT_URL
    assert "waits-for-proof" not in administrator.session


def test_act_is_named_by_the_page_at_its_own_address_alone(administrator: Client, world: World) -> None:
    """The page on which a form stood is whatever a browser says."""
    deactivate = reverse("accounts:deactivate_person", args=[world.people[OFFICER].pk])
    for address, named in ((deactivate, deactivate), (reverse("reminders:feed_renew"), None)):
        response = administrator.post(
            address, {"reason": "x"}, headers={"Referer": "http://testserver/people/"}
        )
        page = administrator.get(prove(administrator, response)["Location"]).content.decode()
        assert re.findall(r'data-named-by="([^"]*)"', page) == ([named] if named else [])
        age_proof(administrator)


def test_proof_is_an_event_and_so_is_a_wrong_one(administrator: Client, world: World) -> None:
    response = administrator.post(EXPORT)
    assert prove(administrator, response, "salah salah salah").status_code == 200
    assert (
        Event.objects.filter(action="session.failed", object_id=world.people[ADMINISTRATOR].pk).count() == 1
    )
    assert FailedSignIn.objects.count() == 1
    prove(administrator, response)
    assert FailedSignIn.objects.count() == 1, "what was right is not counted"
    event = Event.objects.filter(action="session.proved_again").get()
    assert (event.actor_id, event.after) == (world.people[ADMINISTRATOR].pk, {"proof": "password"})


def test_guesses_have_to_wait_like_those_at_sign_in(administrator: Client) -> None:
    response = administrator.post(EXPORT)
    for _number in range(5):
        prove(administrator, response, "salah salah salah")
    page = prove(administrator, response)
    assert page.status_code == 200 and "Too many failed attempts" in page.content.decode()
    assert Event.objects.filter(action="session.locked_out").exists()
    assert asks(administrator.post(EXPORT))


def test_what_waits_is_encrypted_and_holds_no_token(administrator: Client) -> None:
    administrator.post(EXPORT, {"q": "Rahsia", "csrfmiddlewaretoken": "x" * 32})
    [kept] = administrator.session["waits-for-proof"].values()
    assert "Rahsia" not in kept and "Rahsia" not in json.dumps(dict(administrator.session))
    response = administrator.post(EXPORT, {"q": "Rahsia", "csrfmiddlewaretoken": "x" * 32})
    page = administrator.get(prove(administrator, response)["Location"]).content.decode()
    assert "Rahsia" in page and "x" * 32 not in page


def test_only_a_little_waits_at_a_time(administrator: Client) -> None:
    answers = [administrator.post(EXPORT, {"q": str(number)}) for number in range(5)]
    assert len(administrator.session["waits-for-proof"]) == 3
    assert "lost=" in onward_of(administrator.post(EXPORT, {"q": "x" * 100_001}))
    prove(administrator, answers[0])
    assert administrator.get(onward_of(answers[0]))["Location"] == settings.LOGIN_REDIRECT_URL
    assert press_on(administrator, administrator.get(onward_of(answers[4]))).status_code == 200


def test_what_waits_too_long_is_gone(administrator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    response = administrator.post(EXPORT, {"q": "Rahsia"})
    proved = prove(administrator, response)
    monkeypatch.setattr("accounts.proof_gate._KEPT_SECONDS", 0)
    assert administrator.get(proved["Location"])["Location"] == settings.LOGIN_REDIRECT_URL


def test_what_waits_too_long_is_dropped(administrator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    administrator.post(EXPORT, {"q": "old"})
    [old] = administrator.session[KEPT]
    monkeypatch.setattr("accounts.proof_gate._KEPT_SECONDS", 0)
    administrator.post(EXPORT, {"q": "new"})
    [new] = administrator.session[KEPT]
    assert new != old


def test_files_are_received_and_verified_while_something_waits(world: World, client: Client) -> None:
    """Nothing waits for these: their bodies are read by their own handlers, after the rights."""
    person: User = world.people[OFFICER]
    client.post("/sign-in/", {"login": person.email, "password": PASSWORD})
    age_proof(client)
    assert asks(client.post(reverse("reminders:feed_renew")))
    [waiting] = client.session[KEPT]
    assert post_file(client).status_code == 201
    assert post_file(client, **{KEPT: waiting}).status_code == 201
    assert client.post(reverse("reports:verify"), {"file": make_upload()}).status_code == 200
    assert list(client.session[KEPT]) == [waiting]


def test_files_cannot_wait_and_that_is_said(administrator: Client) -> None:
    file = SimpleUploadedFile("orang.csv", b"name,email\r\n", "text/csv")
    response = administrator.post(EXPORT, {"file": file}, headers={"Referer": "http://testserver/audit/"})
    assert "could not be kept" in administrator.get(response["Location"]).content.decode()
    shown = administrator.get(prove(administrator, response)["Location"], follow=True)
    assert shown.redirect_chain[-1][0] == "/audit/"
    text = shown.content.decode()
    assert 'id="not-done"' in text and "files that you chose could not be kept" in text


def test_script_is_told_by_401(administrator: Client) -> None:
    response = administrator.post(EXPORT, headers={"Accept": "application/json"})
    assert response.status_code == 401
    assert response.json()["state"] == "proof-needed"
    assert "waits-for-proof" not in administrator.session


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?kept=x",
        "?lost=x",
        "?kept=%00",
        "?file=https://evil.example/summaries/1/file/",
        "?file=//evil.example/summaries/1/file/",
        "?file=/summaries/made/",
        "?file=/no-such-place/",
        "?file=http://[",
        "?file=%00",
    ],
)
def test_page_after_the_proof_leads_nowhere_else(administrator: Client, query: str) -> None:
    age_proof(administrator, seconds=1)
    assert administrator.get(f"{GO_ON}{query}")["Location"] == settings.LOGIN_REDIRECT_URL


def test_page_after_the_proof_asks_for_it_itself(administrator: Client) -> None:
    response = administrator.post(EXPORT)
    assert asks(administrator.get(onward_of(response)))


def test_file_begins_on_a_page_that_stays(world: World, client: Client) -> None:
    """A link in a mail or a notice: a browser stays where it was when a file arrives, which would be the proof."""
    row = next(row for row in ROWS if row.name == "reports:file" and row.expected[OFFICER] == 200)
    address = reverse(row.name, kwargs=row.kwargs(world))
    client.cookies["language"] = "en"
    client.post("/sign-in/", {"login": world.people[OFFICER].email, "password": PASSWORD})
    age_proof(client)
    page = client.get(prove(client, client.get(address))["Location"])
    text = page.content.decode()
    assert f'<meta http-equiv="refresh" content="0; url={address}">' in text
    assert f'href="{address}"' in text and "The download starts automatically." in text
    taken: Any = client.get(address)
    assert taken["Content-Disposition"].startswith("attachment")
    taken.getvalue()


# An intruder: somebody at a desk that was left open, or with a stolen session.


def test_posting_as_if_it_had_waited_does_nothing(administrator: Client) -> None:
    assert asks(administrator.post(EXPORT, {"waits-for-proof": "x"}))
    assert not Event.objects.filter(action="audit.exported").exists()


def test_proof_of_another_session_counts_for_nothing(administrator: Client, world: World) -> None:
    """Nor does what waits in one session wait in another."""
    other = Client()
    other.post("/sign-in/", {"login": world.people[ADMINISTRATOR].email, "password": PASSWORD})
    assert other.post(EXPORT).status_code == 200
    waiting = onward_of(administrator.post(EXPORT))
    assert other.get(waiting)["Location"] == settings.LOGIN_REDIRECT_URL
    assert asks(administrator.post(EXPORT))


def test_proof_of_another_person_in_the_same_session_counts_for_nothing(
    administrator: Client, world: World
) -> None:
    proof = {"password": PASSWORD, "next": GO_ON}
    session = administrator.session
    session["account_authentication_methods_user"] = str(world.people[OFFICER].pk)
    session.save()
    assert asks(administrator.post(EXPORT))
    administrator.post(PROOF, proof)
    assert administrator.post(EXPORT).status_code == 200


def test_session_with_a_proof_ends_with_the_password(administrator: Client, world: World) -> None:
    thief = Client()
    thief.post("/sign-in/", {"login": world.people[ADMINISTRATOR].email, "password": PASSWORD})
    changed = {
        "oldpassword": PASSWORD,
        "password1": "lain-dan-panjang-2024",
        "password2": "lain-dan-panjang-2024",
    }
    administrator.post("/password/change/", changed)
    stolen = thief.post(EXPORT)
    assert stolen["Location"].startswith("/sign-in/")
    assert not Event.objects.filter(action="audit.exported").exists()


def test_signing_in_again_does_not_renew_a_proof(administrator: Client, world: World) -> None:
    """Whoever is signed in is led on from the page of sign-in, and proves nothing by that."""
    person: User = world.people[ADMINISTRATOR]
    administrator.post("/sign-in/", {"login": person.email, "password": "salah"})
    administrator.get("/sign-in/")
    assert asks(administrator.post(EXPORT))
