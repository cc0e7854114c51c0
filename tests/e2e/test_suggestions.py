"""The search box offers pages while words are typed, and still searches with Enter."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.e2e.conftest import Desk, axe_faults
from tests.factories.accounts import UserFactory
from tests.factories.recommendations import make_cycle, make_item

pytestmark = [pytest.mark.e2e, pytest.mark.long]


def test_item_is_reached_by_keyboard_while_typing(sit_down: Callable[..., Desk]) -> None:
    item = make_item(make_cycle(), number=9)
    person = UserFactory(role="observer")
    page = sit_down("en").sign_in(person.email).page
    box = page.get_by_role("combobox", name="Search words")

    for typed in ('"mende', "9", "R9"):
        box.fill("")
        box.press_sequentially(typed)
        page.get_by_role("option", name="Recommendation 9").wait_for()
    assert axe_faults(page) == []
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url(f"**/items/{item.pk}/")


def test_too_little_is_said_in_sight(sit_down: Callable[..., Desk]) -> None:
    make_cycle()
    page = sit_down("en").sign_in(UserFactory(role="observer").email).page
    box = page.get_by_role("combobox", name="Search words")
    hint = page.locator(".options__hint", has_text="Type at least three letters")

    box.press_sequentially("ab")
    hint.wait_for()
    assert page.locator(".options__option:visible").count() == 0
    assert axe_faults(page) == []
    box.press("Escape")
    hint.wait_for(state="detached")


def test_enter_without_a_choice_searches(sit_down: Callable[..., Desk]) -> None:
    make_item(make_cycle(), number=9)
    person = UserFactory(role="observer")
    page = sit_down("ms").sign_in(person.email).page
    box = page.locator("input[role=combobox]")

    box.press_sequentially("perkara")
    page.locator(".options__option").first.wait_for()
    box.press("Enter")
    page.wait_for_url("**/search/?q=perkara")

    box = page.locator("input[role=combobox]").last
    box.press("End")
    box.press_sequentially(" 9")
    page.locator(".options__option").first.wait_for()
    box.press("Escape")
    assert page.locator(".options__option:visible").count() == 0
