"""While a text is typed, what seems to identify a victim is marked below it, and redacted at a press."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from recommendations.models import Submission, Update
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.e2e.conftest import Desk, is_sound
from tests.factories.recommendations import start_update
from tests.recommendations.conftest import make_desk

pytestmark = [pytest.mark.e2e, pytest.mark.long]
NAMING = "Mangsa bernama Siti Rahayu (KP 900101-14-5567) telah ditempatkan di rumah perlindungan."


@pytest.mark.parametrize(
    ("language", "redact", "placeholder"),
    [("ms", "Lindungi butiran", "[nombor kad pengenalan]"), ("en", "Redact", "[identity-card number]")],
)
def test_identities_are_marked_while_typing_and_redacted_at_a_press(
    clock: Clock,
    real_db: WorkerDatabase,
    sit_down: Callable[..., Desk],
    language: str,
    redact: str,
    placeholder: str,
) -> None:
    clock.move_to(NOW)
    case = make_desk(NOW)
    draft = start_update(case.assignment, actor=case.officer, now=NOW)
    desk = sit_down(language, phone=language == "ms").sign_in(case.officer.email)
    page = desk.open(f"/updates/{draft.pk}/edit/").page
    text = page.locator("#id_narrative")
    guard = page.locator("[data-guard=id_narrative]")
    expect(guard).to_be_empty()

    text.fill(NAMING)
    expect(guard.locator("mark")).to_have_text(["Siti Rahayu", "900101-14-5567"])
    is_sound(page)
    guard.get_by_role("button", name=redact).click()
    expect(guard.locator("mark")).to_have_count(0)
    expect(text).to_be_focused()
    assert placeholder in text.input_value()
    assert "900101" not in text.input_value()
    expect(page.locator("[data-autosave-tick]")).to_be_visible()
    page.reload()
    assert placeholder in page.locator("#id_narrative").input_value()

    page.locator("#id_narrative").fill(NAMING)
    expect(guard.locator("mark")).to_have_count(2)
    page.locator("input[name=status][value=progress]").check()
    for name, value in (("percent", "40"), ("covers_from", "1/7/2023"), ("covers_to", "31/8/2023")):
        page.locator(f"#id_{name}").fill(value)
    page.locator("button[name=action][value=submit]").click()
    expect(page.locator("[data-summary]")).to_contain_text("1")
    is_sound(page)
    assert page.locator("#id_narrative").input_value() == NAMING
    assert not Submission.objects.exists()
    assert Update.objects.get(pk=draft.pk).narrative == NAMING

    guard.get_by_role("button", name=redact).click()
    expect(page.locator("[data-summary]")).to_have_count(0)
    expect(page.locator("#id_narrative_error")).to_have_count(0)
    expect(page.locator("[aria-invalid=true]")).to_have_count(0)
