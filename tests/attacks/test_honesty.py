"""Attacks can succeed: what judges an outcome sees a hole where there is one, and takes no error for a defence."""

from __future__ import annotations

import io
import sys
import zipfile
from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

from attacks import shut_in
from attacks.attack import Succeeded
from attacks.browser import Answer
from attacks.denial import judged
from attacks.exports import _text_of
from attacks.texts import _LIVE, MARKUP

UNDEFENDED = Path(__file__).parents[2] / "attacks" / "undefended"


@pytest.mark.parametrize(
    ("usual", "taken", "is_success"),
    [
        (0.05, [0.05, 0.12, 0.15], False),
        (0.05, [0.16, 0.16, 0.16], True),
        # Instant all the same.
        (0.01, [0.09, 0.09, 0.09], False),
        (0.01, [0.11, 0.11, 0.11], True),
        (0.05, [0.05, 0.05, 11.0], True),
    ],
)
def test_pages_of_others_that_are_slower_than_three_times_are_a_success(
    usual: float, taken: list[float], *, is_success: bool
) -> None:
    if is_success:
        with pytest.raises(Succeeded):
            judged(usual, taken)
    else:
        assert "at worst" in judged(usual, taken)


@pytest.mark.parametrize(
    ("status", "location", "is_closed"),
    [
        (404, "", True),
        (302, "/sign-in/?next=/people/", True),
        (429, "", True),
        (200, "", False),
        (302, "/people/1/", False),
        (500, "", False),
    ],
)
def test_only_refusals_and_the_sign_in_page_are_closed(
    status: int, location: str, *, is_closed: bool
) -> None:
    assert Answer("/x/", status, {"location": location}, b"").is_closed == is_closed


def test_markup_that_no_page_escaped_is_found() -> None:
    seen = [text for text in MARKUP if _LIVE.search(f"<p>{text.replace('{{ 7*191 }}', '1337')}</p>")]
    assert len(seen) >= 7


def test_words_are_found_in_files_within_files() -> None:
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("word/document.xml", "<w:t>kenari1</w:t>")
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.docx", inner.getvalue())
    assert "kenari1" in _text_of(outer.getvalue())


def test_a_namespace_that_reaches_the_network_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    # An address that can be reached: this machine's own.
    monkeypatch.setattr(shut_in, "_ELSEWHERE", ("127.0.0.1", 9))
    with pytest.raises(SystemExit, match="Not shut in"):
        shut_in._demand_shut_in()


def _undefended() -> ModuleType:
    spec = util.spec_from_file_location("undefended", UNDEFENDED / "sitecustomize.py")
    assert spec and spec.loader
    module = util.module_from_spec(spec)
    before = list(sys.meta_path)
    spec.loader.exec_module(module)
    sys.meta_path[:] = before
    return module


def test_the_undefended_instance_changes_modules_that_are_there() -> None:
    """A module or a class that is renamed would leave a defence in place, and nobody would notice."""
    undefended = _undefended()
    for name in undefended._CHANGES:
        assert util.find_spec(name), name
    import accounts.attempts
    import accounts.resume
    import audit.refusals
    import evidence.judging
    import ui.formulas
    import ui.methods
    import ui.recent_proof
    import ui.visible

    assert accounts.resume.SignInMiddleware and accounts.attempts.SignInAttempt
    for module, names in (
        (audit.refusals, ("only_for",)),
        (accounts.attempts, ("begin_attempt",)),
        (evidence.judging, ("judge", "BY_CODE")),
        (ui.formulas, ("looks_like_formula", "guard_formula")),
        (ui.methods, ("post_required",)),
        (ui.recent_proof, ("has_recent_proof",)),
        (ui.visible, ("visible_text", "visible_line")),
    ):
        assert all(hasattr(module, name) for name in names), module
