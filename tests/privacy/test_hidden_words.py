"""What was sent with a name is read by its own agency and MAPO's cleared people alone, wherever it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts.clearance import Clearance
from accounts.models import User
from accounts.roles import Role
from audit.guarded_text import BLOCK, HiddenText
from privacy.models import IdentityMark
from privacy.reading import NOBODY, TextReader, reading_as
from recommendations.models import Comment, Submission
from recommendations.services import (
    accept_update,
    override_item,
    plan_action,
)
from recommendations.services.comments import write_comment
from recommendations.states import AssignmentRole, Status
from tests.factories.accounts import UserFactory
from tests.factories.evidence import make_document
from tests.factories.recommendations import REPORTED, make_assignment, make_submission
from tests.recommendations.conftest import Desk, desk
from tests.recommendations.pages import browser_of
from tests.search.conftest import ask, finds
from tests.shared import shared

__all__ = ["desk"]
pytestmark = pytest.mark.django_db
WHY = "Nama rekaan untuk latihan."
NAME = "Nguyen Van Canary"


def naming(what: str) -> str:
    """A text of its own that names a victim."""
    return f"{what}: mangsa {NAME} (KP 900101-14-5567) sudah pulang."


@dataclass
class Planted:
    """The desk, with a name in texts of PDRM's, and readers who may not see it."""

    desk: Desk
    supporter: User
    uncleared: User

    @property
    def outsiders(self) -> list[User]:
        return [self.supporter, self.desk.observer, self.uncleared]

    @property
    def insiders(self) -> list[User]:
        return [self.desk.officer, self.desk.coordinator, self.desk.reviewer, self.desk.administrator]


@shared
def planted(desk: Desk) -> Planted:
    """PDRM's accepted narrative, a comment, a step, a file's name, MAPO's reasons and setting name somebody."""
    about: dict[str, Any] = {"now": desk.now, "identities_reason": WHY}
    make_assignment(
        desk.item, desk.other_agency, role=AssignmentRole.SUPPORT, actor=desk.administrator, now=desk.now
    )
    name = f"Mangsa_{NAME.replace(' ', '_')}.pdf"
    file = make_document(desk.agency, actor=desk.officer, name=name, **about)
    content = replace(REPORTED, narrative=naming("Naratif"), document_ids=frozenset([file.pk]))
    sent = make_submission(
        desk.assignment, actor=desk.officer, now=desk.now, content=content, identities_reason=WHY
    )
    write_comment(
        desk.assignment, text=naming("Ulasan"), mentioned=[], classification=1, actor=desk.officer, **about
    )
    plan_action(
        desk.assignment,
        text=naming("Langkah"),
        owner=desk.officer,
        due_on=desk.cycle.window_end,
        actor=desk.officer,
        **about,
    )
    accept_update(
        sent, status=Status.PROGRESS, percent=30, reason=naming("Sebab"), actor=desk.reviewer, **about
    )
    override_item(
        desk.item,
        status=Status.PROGRESS,
        percent=5,
        reason=naming("Tetapan"),
        actor=desk.administrator,
        **about,
    )
    return Planted(
        desk,
        supporter=UserFactory(role=Role.OFFICER, agency=desk.other_agency),
        uncleared=UserFactory(
            role=Role.REVIEWER, agency=desk.reviewer.agency, clearance=Clearance.RESTRICTED
        ),
    )


def test_the_database_keeps_what_was_marked(planted: Planted) -> None:
    submission = Submission.objects.get()
    assert NAME in submission.narrative
    marks = IdentityMark.objects.filter(field="narrative")
    [mark] = marks
    assert mark.length == len(submission.narrative)
    assert mark.agency_id == planted.desk.agency.pk
    assert [submission.narrative[start:end] for start, end, _kind in mark.spans] == [NAME, "900101-14-5567"]
    for statement in ("UPDATE privacy_identitymark SET length = 1", "DELETE FROM privacy_identitymark"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_text_is_read_as_its_reader_may(planted: Planted) -> None:
    whole = naming("Naratif")
    for reader in (NOBODY, TextReader(agency_id=planted.desk.other_agency.pk)):
        with reading_as(reader):
            [shown] = Submission.objects.values_list("narrative", flat=True)
            assert shown == f"Naratif: mangsa {BLOCK} (KP {BLOCK}) sudah pulang."
            assert isinstance(shown, HiddenText)
            assert shown.original == whole
            comment = Comment.objects.get()
            assert NAME not in comment.text
            assert Comment.objects.filter(text=comment.text).exists()
    for reader in (TextReader(sees_all=True), TextReader(agency_id=planted.desk.agency.pk)):
        with reading_as(reader):
            assert Submission.objects.get().narrative == whole


def test_a_screen_reader_hears_that_something_is_hidden(planted: Planted) -> None:
    with reading_as(NOBODY):
        html = Submission.objects.get().narrative.__html__()
    assert html.count("<span role=img aria-label=") == 2


_HREF = re.compile(r'(?:href|action|src)="(/[^"#]*)')
_PASSED_OVER = re.compile(
    r"^/(static|guides|sign-out|panduan)|/download|/export|\.(css|js|woff2|webp|svg|png)"
)


def _pages(person: User, *, most: int = 220) -> Iterator[tuple[str, str]]:
    """Yield address and text of every page that links lead to."""
    browser, seen, waiting = browser_of(person), set(), ["/"]
    while waiting and len(seen) < most:
        url = waiting.pop(0)
        key = re.sub(r"\?.*", "", url)
        if key in seen or _PASSED_OVER.search(url):
            continue
        seen.add(key)
        response = browser.get(unescape(url), follow=True)
        if response.status_code != 200 or response.streaming:
            continue
        text = response.content.decode(errors="replace")
        yield url, text
        waiting += _HREF.findall(text)


@pytest.mark.long
def test_no_page_tells_outsiders(planted: Planted) -> None:
    for person in planted.outsiders:
        pages = dict(_pages(person))
        assert len(pages) > 15
        told = [url for url, text in pages.items() if "Canary" in text or "900101" in text]
        assert told == [], person.role
        assert any(BLOCK in text for text in pages.values()), person.role


@pytest.mark.long
def test_pages_tell_the_own_agency_and_the_cleared(planted: Planted) -> None:
    for person in planted.insiders:
        told = [url for url, text in _pages(person) if NAME in text]
        assert len(told) > 2, person.role


def test_searches_find_hidden_words_for_nobody_else(planted: Planted) -> None:
    for person in planted.outsiders:
        assert finds(person, "canary") == {}
        assert finds(person, '"mangsa sudah"') == finds(person, "900101") == {}
        assert "Canary" not in ask(person, "pulang").content.decode()
        assert finds(person, "pulang")["updates"] == 1
    for person in planted.insiders:
        assert finds(person, "canary")["updates"] == 1
        assert NAME in re.sub("</?mark>", "", ask(person, "canary").content.decode())


def test_queries_stay_as_many(planted: Planted, django_assert_num_queries: Any) -> None:
    """A page of who sees all and one of who does not cost the same, and none asks twice for marks that are known."""
    from django.test.utils import CaptureQueriesContext

    url = reverse("recommendations:item", args=[planted.desk.item.pk])
    counts = []
    for person in (planted.desk.reviewer, planted.uncleared):
        browser = browser_of(person)
        browser.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(url).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_block_tells_nothing_of_what_it_hides(planted: Planted) -> None:
    """Two texts that differ in the hidden words alone read alike, so their length tells nothing either."""
    desk = planted.desk
    for name in ("Siti binti Ahmad", "Nguyen Van Binh Canary"):
        write_comment(
            desk.assignment,
            text=naming("Sama").replace(NAME, name),
            classification=1,
            actor=desk.officer,
            now=desk.now,
            identities_reason=WHY,
        )
    with reading_as(NOBODY):
        alike = {text for text in Comment.objects.values_list("text", flat=True) if text.startswith("Sama")}
    assert alike == {f"Sama: mangsa {BLOCK} (KP {BLOCK}) sudah pulang."}


def test_what_was_hidden_is_written_back_whole(planted: Planted) -> None:
    """Whoever acts without seeing a name does not destroy it."""
    with reading_as(NOBODY):
        comment = Comment.objects.get()
        copied = Comment.objects.create(
            assignment=comment.assignment,
            text=comment.text,
            classification=1,
            author=planted.desk.officer,
            written_at=planted.desk.now,
        )
    assert Comment.objects.get(pk=copied.pk).text == naming("Ulasan")


def test_the_audit_trail_hides_from_administrators_who_are_not_cleared(planted: Planted) -> None:
    low = UserFactory(
        role=Role.ADMINISTRATOR, agency=planted.desk.administrator.agency, clearance=Clearance.RESTRICTED
    )
    browser = browser_of(low)
    exported: Any = browser.post(reverse("audit:export"))
    lines = b"".join(exported.streaming_content).decode()
    assert "Canary" not in lines
    assert browser.get(reverse("identities:register")).status_code == 404
