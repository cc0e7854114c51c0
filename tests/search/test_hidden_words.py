"""A search says nothing of hidden words: two worlds that differ in these alone answer every question alike."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest
from django.db import transaction

from accounts.clearance import Clearance
from accounts.models import User
from accounts.roles import Role
from identities.services import ask_lift, decide_lift, hide_words
from privacy.models import IdentityMark
from recommendations.models import Item
from recommendations.services import accept_update
from recommendations.services.comments import write_comment
from recommendations.states import AssignmentRole, Status
from tests.factories.accounts import UserFactory
from tests.factories.evidence import make_document
from tests.factories.recommendations import REPORTED, make_assignment, make_submission
from tests.pages import body_of
from tests.recommendations.conftest import Desk, desk
from tests.search.conftest import ask, finds, keep_text

__all__ = ["desk"]
pytestmark = [pytest.mark.long, pytest.mark.django_db]
WHY = "Nama rekaan untuk latihan."
#: The hidden words of either world: names and cards of other lengths and with other beginnings.
ONE, OTHER = ("Zulaikha", "900101-14-5567"), ("Canary Nguyen", "850202-10-1234")
SEEN = ("kenarian", "mangsa", "pulang", "ulasan", "pelindungan", "senarai", "gambar", "tunjuk", "KP", "sudah")


@dataclass
class World:
    """PDRM's texts of each kind, in which the same words are hidden, and who reads them."""

    desk: Desk
    supporter: User
    uncleared: User

    @property
    def outsiders(self) -> dict[str, User]:
        return {"supporter": self.supporter, "observer": self.desk.observer, "uncleared": self.uncleared}

    @property
    def insiders(self) -> list[User]:
        return [self.desk.officer, self.desk.reviewer]


def _people(desk: Desk) -> World:
    make_assignment(
        desk.item, desk.other_agency, role=AssignmentRole.SUPPORT, actor=desk.administrator, now=desk.now
    )
    low = UserFactory(role=Role.REVIEWER, agency=desk.reviewer.agency, clearance=Clearance.RESTRICTED)
    return World(desk, supporter=UserFactory(role=Role.OFFICER, agency=desk.other_agency), uncleared=low)


def _tell(desk: Desk, name: str, card: str) -> None:
    """Write the name and the card into a text of each kind, and let them be hidden."""
    about = {"actor": desk.officer, "now": desk.now}
    file = make_document(desk.agency, name=f"Senarai mangsa {name} sudah.pdf", identities_reason=WHY, **about)
    keep_text(file, f"Gambar kenarian mangsa {name} (KP {card}) sudah pulang.", now=desk.now)
    narrative = f"Tunjuk kenarian: mangsa {name} (KP {card}) sudah pulang."
    content = replace(REPORTED, narrative=narrative, document_ids=frozenset([file.pk]))
    sent = make_submission(desk.assignment, content=content, identities_reason=WHY, **about)
    accept_update(sent, status=Status.PROGRESS, percent=30, reason="Baik.", actor=desk.reviewer, now=desk.now)
    for text in (f"Ulasan kenarian: mangsa {name} sudah pulang.", f"Ulasan: mangsa {name} (KP {card})."):
        write_comment(desk.assignment, text=text, classification=1, identities_reason=WHY, **about)
    Item.objects.filter(pk=desk.item.pk).update(
        text_ms=f"Pelindungan kenarian {name} sudah.", title_ms="Tajuk", title_en=f"Protection {name}"
    )
    hide_words(name, is_whole=False, reason="Mangsa.", actor=desk.administrator, now=desk.now)


@contextmanager
def told(desk: Desk, words: tuple[str, str]) -> Iterator[None]:
    """A world with these words, which is forgotten afterwards."""
    before = transaction.savepoint()
    _tell(desk, *words)
    yield
    transaction.savepoint_rollback(before)


#: Numbers of rows that a sequence gave, which differ between two worlds that are made one after the other.
_ROW = re.compile(rb"(/|comment=)\d+")


def answers(person: User, questions: list[str]) -> list[bytes]:
    return [_ROW.sub(rb"\1#", body_of(ask(person, question))) for question in questions]


def _questions(how_many: int) -> list[str]:
    """Questions as an attacker puts them: of words that are seen and hidden, whole, begun, without, as phrases, or."""
    chance = random.Random(77)
    hidden = [word for text in (*ONE, *OTHER) for word in re.split(r"\W", text)]
    words = [*SEEN, *hidden, *hidden]

    def part() -> str:
        word = chance.choice(words)
        forms = (word, f"-{word}", f"{word[: chance.randint(3, 6)]}*", f"-{word[: chance.randint(3, 6)]}*")
        phrases = (f'"{word} {chance.choice(words)}"', f'-"{chance.choice(SEEN)} {word}"', f"or {word}")
        return chance.choice((*forms, *phrases))

    return [
        " ".join([chance.choice(words), *(part() for _ in range(chance.randint(0, 3)))])
        for _ in range(how_many)
    ]


#: What was asked of a running Jejak to read an identity card and a name.
ATTACK = [
    "kenarian -zulaikha", "kenarian -canary", "kenarian -can*", "kenarian -zul*", "kenarian -900101", 'kenarian -"canary nguyen"',
    "senarai -zulaikha", "gambar -zulaikha", "ulasan -zulaikha", "pelindungan -zulaikha", "pelindungan -can*",
    'kenarian -"mangsa zulaikha"', "kenarian zulaikha", "kenarian or zulaikha", "zul*", '"mangsa canary"', "pulang -5567",
]  # fmt: skip


@pytest.mark.parametrize("who", ["supporter", "observer", "uncleared"])
def test_no_question_tells_two_worlds_apart(desk: Desk, who: str) -> None:
    world, questions = _people(desk), [*ATTACK, *_questions(60)]
    with told(desk, ONE):
        first = answers(world.outsiders[who], questions)
    with told(desk, OTHER):
        second = answers(world.outsiders[who], questions)
    assert [
        question for question, one, other in zip(questions, first, second, strict=True) if one != other
    ] == []


def test_whoever_may_see_the_words_finds_by_them_and_without_them(desk: Desk) -> None:
    world = _people(desk)
    _tell(desk, *ONE)
    for person in world.insiders:
        assert finds(person, "zulaikha")["updates"] == 1
        assert finds(person, "zulaikha")["comments"] == 2
        assert finds(person, "zulaikha")["documents"] == 1
        assert "updates" not in finds(person, "kenarian -zulaikha")
    for person in world.outsiders.values():
        assert finds(person, "zulaikha") == {}
        assert finds(person, "kenarian -zulaikha")["updates"] == 1
        assert finds(person, "pelindungan -zulaikha")["items"] == 1
    assert finds(world.uncleared, "senarai -zulaikha")["documents"] == 1
    assert "documents" not in finds(world.uncleared, "gambar")


def test_a_text_that_is_shown_again_is_found_again(desk: Desk) -> None:
    world = _people(desk)
    comment = {"classification": 1, "actor": desk.officer, "now": desk.now}
    write_comment(desk.assignment, text="Ulasan tentang Zulaikha.", **comment)
    assert finds(world.uncleared, "zulaikha") == {"comments": 1}
    hide_words("Zulaikha", is_whole=False, reason="Mangsa.", actor=desk.administrator, now=desk.now)
    assert finds(world.uncleared, "zulaikha") == {}
    asked = ask_lift(IdentityMark.objects.get(), reason="Bukan.", actor=desk.administrator, now=desk.now)
    second = UserFactory(role=Role.ADMINISTRATOR, agency=desk.administrator.agency)
    decide_lift(asked, is_lifted=True, reason="Ya.", actor=second, now=desk.now)
    assert finds(world.uncleared, "zulaikha") == {"comments": 1}
