"""The list of attacks, how they are judged, and the table that a run writes. The run itself: `make attack`."""

from __future__ import annotations

from pathlib import Path

import pytest

from attacks import groups
from attacks.attack import ATTACKS, Attack, AttackResult, Ground, Succeeded, perform
from attacks.browser import Answer, multipart
from attacks.proofs import NOT_PROVABLE, PROVED_WITHOUT
from attacks.table import BEGIN, END, PROOF_BEGIN, write, write_proof

pytestmark = pytest.mark.long

GROUND = Ground(site=None)  # type: ignore[arg-type]  # no attack of these tests looks at it


def repelled(_ground: Ground) -> str:
    return "12 requests | all refused"


def successful(_ground: Ground) -> str:
    raise Succeeded("a page opened")


def broken(_ground: Ground) -> str:
    raise LookupError("no form")


def outcomes() -> list[AttackResult]:
    runs = (repelled, successful, broken)
    return [perform(Attack("rights", f"Attack {run.__name__}", run), GROUND) for run in runs]


def test_there_are_at_least_sixty_and_each_says_something_else() -> None:
    assert len(ATTACKS) >= 60
    assert len({each.title for each in ATTACKS}) == len(ATTACKS)
    assert {each.group for each in ATTACKS} == set(groups.NAMES)


def test_an_attack_that_breaks_off_was_not_repelled() -> None:
    assert [(each.verdict, each.repelled, each.seen) for each in outcomes()] == [
        ("repelled", True, "12 requests | all refused"),
        ("SUCCEEDED", False, "a page opened"),
        ("BROKE OFF", False, "LookupError: no form"),
    ]


def test_the_table_replaces_the_one_before_and_leaves_the_page(tmp_path: Path) -> None:
    page = tmp_path / "security.md"
    page.write_text(f"# Security\n\n{BEGIN}\nold\n{END}\n\nAfter\n")
    write(outcomes(), page)
    text = page.read_text()
    assert text.startswith("# Security\n") and text.endswith("\n\nAfter\n")
    assert "old" not in text
    assert "3 attacks: 1 repelled, 1 succeeded, 1 broken off." in text
    assert "| Attack repelled | repelled | 12 requests / all refused |" in text
    assert "| Attack successful | **succeeded** | a page opened |" in text


def test_a_page_without_marks_gets_them(tmp_path: Path) -> None:
    page = tmp_path / "security.md"
    page.write_text("# Security\n")
    write(outcomes()[:1], page)
    write(outcomes()[:1], page)
    assert page.read_text().count(BEGIN) == 1


def test_a_proof_names_the_defence_and_those_that_are_not_tried(tmp_path: Path) -> None:
    page = tmp_path / "security.md"
    page.write_text("# Security\n")
    write(outcomes(), page)
    write_proof(outcomes(), page)
    write_proof(outcomes(), page)
    text = page.read_text()
    assert text.count(PROOF_BEGIN) == text.count(BEGIN) == 1
    assert (
        f"Of {len(ATTACKS)} attacks 3 were run where the one defence that repels them is off: 1 succeed there."
        in text
    )
    assert "| Attack repelled |  | **repelled** | 12 requests / all refused |" in text
    assert "- 500 connections ask for a file of 24 MB, and read nothing of it: it is judged" in text


def test_each_attack_is_proved_without_one_defence_or_says_why_not() -> None:
    names = {each.run.__name__ for each in ATTACKS}
    assert len(names) == len(ATTACKS)
    assert PROVED_WITHOUT.keys() | NOT_PROVABLE.keys() == names
    assert not PROVED_WITHOUT.keys() & NOT_PROVABLE.keys()


def test_forms_are_read_as_a_browser_sends_them() -> None:
    page = """<form action="/a/?b=1" method="post"><input name="token" value="x"><input type="checkbox" name="off" value="1">
      <input type="checkbox" name="on" checked><select name="role"><option value="1"><option value="2" selected></select>
      <textarea name="text">Teks &amp; lagi</textarea><input type="file" name="file"><button name="action">ok</button></form>
      <a href="/next/?a=1&amp;b=2">n</a><a href="//evil.example/">e</a><a href="#here">h</a>"""
    answer = Answer("/page/", 200, {}, page.encode())
    form = answer.form("/a/")
    assert (form.action, form.method) == ("/a/?b=1", "post")
    assert form.fields == {"token": "x", "on": "on", "role": "2", "text": "Teks & lagi"}
    assert answer.links() == {"/next/?a=1&b=2"}
    body, kind = multipart({"a": "b"}, {"file": ("x.txt", b"bytes")})
    assert kind.startswith("multipart/form-data; boundary=")
    assert b'name="file"; filename="x.txt"\r\n' in body and body.endswith(b"--\r\n")
