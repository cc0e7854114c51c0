"""Run by `tests/submissions/test_recipe.py` on a database of its own: the whole way of a contribution, through its pages."""

import django

django.setup()

from django.test import Client  # noqa: E402 - after the apps are ready

from accounts.models import User  # noqa: E402
from audit.errors import NotAllowed  # noqa: E402
from audit.models import Event  # noqa: E402
from tests.conftest import NOW  # noqa: E402
from tests.recommendations.conftest import make_desk  # noqa: E402
from tests.recommendations.pages import words_of  # noqa: E402
from tests.shared import MovingClock  # noqa: E402
from tests.submissions.recipe.models import Contribution, SentContribution  # noqa: E402
from tests.submissions.recipe.services import decide_contribution  # noqa: E402

URL = "/contributions/2023/"


def browser_of(person: User) -> Client:
    """A browser in which this person has signed in."""
    browser = Client()
    browser.force_login(person)
    browser.cookies["language"] = "en"
    return browser


def main() -> None:
    """Begin, save, conflict, send, undo, return, send again, accept."""
    desk = make_desk(MovingClock().move_to(NOW))
    officer, colleague = browser_of(desk.officer), browser_of(desk.colleague)
    assert officer.get(URL).status_code == 200
    assert not Contribution.objects.exists(), "looking begins nothing"
    saved = officer.post(f"{URL}autosave/", {"text": "Dua kursus", "revision": "0"})
    assert saved.json()["revision"] == 1, saved.content
    stale = colleague.post(URL, {"text": "Tiga kursus", "revision": "0", "action": "save"})
    assert stale.status_code == 409 and "Saved meanwhile: Dua kursus" in words_of(stale)
    empty = officer.post(URL, {"text": " ", "revision": "1", "action": "submit"})
    assert "Write something." in words_of(empty)
    asked = officer.post(URL, {"text": "Dua kursus", "revision": "2", "action": "submit"})
    assert "Send it without a file?" in words_of(asked)
    sending = {"text": "Dua kursus", "revision": "3", "action": "submit_anyway"}
    assert officer.post(URL, sending).status_code == 302
    officer.post(URL, sending)
    sent = SentContribution.objects.get()
    assert (sent.number, sent.text, sent.submitted_by) == (1, "Dua kursus", desk.officer)
    late = colleague.post(URL, {"text": "Empat", "revision": "3", "action": "save"})
    assert late.status_code == 409 and "Empat" in words_of(late)
    for _twice in range(2):
        assert officer.post(f"/contributions/{sent.contribution_id}/take-back/").status_code == 302
    draft = Contribution.objects.get(state="draft")
    assert (draft.text, draft.continues_id) == ("Dua kursus", sent.contribution_id)
    officer.post(URL, {"text": "Dua kursus", "revision": "1", "action": "submit_anyway"})
    decide_contribution(draft, is_accepted=False, actor=desk.reviewer, now=NOW)
    officer.post(URL, {"text": "Dua kursus, 40 orang", "revision": "1", "action": "submit_anyway"})
    try:
        decide_contribution(draft, is_accepted=True, actor=desk.officer, now=NOW)
    except NotAllowed:
        pass
    else:
        raise AssertionError("whoever wrote decided")
    decide_contribution(draft, is_accepted=True, actor=desk.reviewer, now=NOW)
    acts = Event.objects.filter(action__startswith="contribution.").order_by("pk")
    assert list(acts.values_list("action", flat=True)) == [
        *("contribution.started", "contribution.submitted", "contribution.taken_back"),
        *(
            "contribution.submitted",
            "contribution.returned",
            "contribution.submitted",
            "contribution.accepted",
        ),
    ]
    assert sorted(SentContribution.objects.values_list("number", flat=True)) == [1, 1, 2]


if __name__ == "__main__":
    main()
