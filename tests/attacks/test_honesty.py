"""Attacks can succeed: what judges an outcome sees a hole where there is one, and takes no error for a defence."""

from __future__ import annotations

import importlib
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
from attacks.proofs import PROVED_WITHOUT
from attacks.sessions import told_apart
from attacks.suppression import Table, narrowed, over_days
from attacks.texts import _LIVE, MARKUP
from attacks.weak import WEAK_DATABASE, WEAK_NGINX
from trials.front import Front

pytestmark = pytest.mark.long

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


def test_only_refusals_and_the_sign_in_page_are_closed() -> None:
    for status, location, is_closed in (
        (404, "", True),
        (302, "/sign-in/?next=/people/", True),
        (429, "", True),
        (200, "", False),
        (302, "/people/1/", False),
        (500, "", False),
    ):
        assert Answer("/x/", status, {"location": location}, b"").is_closed == is_closed, status


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


#: What the changes of a defence put in place of, by module: renamed, it would leave the defence in place, and nobody would notice.
REPLACED = {
    "accounts.attempts": ("begin_attempt", "SignInAttempt"),
    "accounts.resume": ("SignInMiddleware",),
    "accounts.services.sessions": ("delete_sessions",),
    "accounts.session_store": ("SessionStore",),
    "accounts.oidc.flow": ("redeem", "hmac", "ExpiredError"),
    "accounts.oidc.id_token": ("identity_of", "jwt", "Identity"),
    "accounts.tokens": ("LinkTokens",),
    "audit.refusals": ("only_for",),
    "evidence.judging": ("judge", "BY_CODE"),
    "evidence.models.document": ("held_scan_states",),
    "evidence.views.downloads": ("content_disposition_header",),
    "indicators.suppression": ("hidden_numbers",),
    "privacy.reading": ("TextReader", "TextMark", "hides_anything", "NOBODY"),
    "ui.formulas": ("looks_like_formula", "guard_formula"),
    "ui.methods": ("post_required",),
    "ui.recent_proof": ("has_recent_proof",),
    "ui.invisible_characters": ("visible_text", "visible_line"),
}


def test_every_defence_that_a_proof_takes_off_is_known() -> None:
    known = _undefended().DEFENCES.keys() | WEAK_NGINX.keys() | WEAK_DATABASE.keys()
    assert set(PROVED_WITHOUT.values()) <= known


@pytest.mark.parametrize(
    "name", sorted({name for changes in _undefended().DEFENCES.values() for name in changes})
)
def test_a_weak_instance_changes_what_is_there(name: str) -> None:
    module = importlib.import_module(name)
    assert all(hasattr(module, replaced) for replaced in REPLACED.get(name, ()))


@pytest.mark.parametrize("name", WEAK_NGINX)
def test_a_weak_nginx_differs_from_the_shipped_one(name: str, tmp_path: Path) -> None:
    shipped, weak = (Front(tmp_path, 443, 80, change=change) for change in (str, WEAK_NGINX[name]))
    shipped._write_site(["127.0.0.1:8000"])
    pages = (tmp_path / "site.conf").read_text()
    weak._write_site(["127.0.0.1:8000"])
    assert (tmp_path / "site.conf").read_text() != pages


@pytest.mark.parametrize(("without", "known"), [(0.06, "known"), (0.011, "")])
def test_accounts_are_told_apart_by_the_fastest_answers(without: float, known: str) -> None:
    taken = {"known": [0.05 + without, 0.3], "unknown": [0.05, 0.9]}
    if known:
        with pytest.raises(Succeeded, match="by time: known 110 ms, unknown 50 ms"):
            told_apart(taken)
    else:
        assert "unknown 50 ms" in told_apart(taken)


def _table(*parts: tuple[int | None, str]) -> Table:
    """A table of one month: each part with its number, or how it is hidden."""
    about = {
        "indicator": "IPO",
        "period_kind": {"code": "month"},
        "begins_on": "2023-04-01",
        "ends_on": "2023-04-30",
        "recorded_at": "2023-05-12T09:40:00+08:00",
    }
    rows = [
        {
            **about,
            "figure": number,
            "series": f"sex_age={number}",
            "value": value,
            "hiding": {"code": hiding} if hiding else None,
        }
        for number, (value, hiding) in enumerate(parts, 1)
    ]
    return Table({**about, "figure": 99, "series": "", "value": 21, "hiding": None}, rows)


def test_a_small_number_is_known_where_it_has_one_solution() -> None:
    table = _table((17, ""), (None, "small"))
    assert list(table.candidates()) == [{2: 4}]
    assert narrowed(table, list(table.candidates()), {2: 4}) == "IPO month 2023-04-01, sex_age=2 is [4]"
    table = _table((7, ""), (None, "withheld"), (None, "small"))
    assert narrowed(table, list(table.candidates()), {2: 12, 3: 2}) == ""
    before = _table((7, ""), (None, "withheld"), (None, "small"))
    revised = {**before.parts[2], "figure": 4}
    after = Table({**before.whole, "figure": 98, "value": 24}, [*before.parts[:2], revised])
    true = {2: 13, 3: 1, 4: 4}
    assert not narrowed(before, list(before.candidates()), true)
    table, candidates = over_days([before, after])
    # Three more, and all else unchanged: from 1 to 4.
    assert candidates == [{2: 13, 3: 1, 4: 4}]
    assert "is [1]" in narrowed(table, candidates, true)


def test_what_nobody_reported_is_told_by_the_whole() -> None:
    assert _table((20, "")).remainder == 1
    assert _table((21, "")).remainder == _table((20, ""), (None, "small")).remainder == 0
