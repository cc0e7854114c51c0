"""The page of installing: both languages hold the same commands, and a trial knows each stand-in that it needs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from trials.install import stand_ins
from trials.install.page import ANCHORS, BACKUPS, PAGES, UPGRADING, WAYS, Commands, commands_for, commands_of

ENGLISH, MALAY = (list(commands_of(path.read_text(encoding="utf-8"))) for path in PAGES)


def test_both_pages_have_the_same_commands_in_the_same_order() -> None:
    assert [(each.step, each.way, each.name, each.text) for each in ENGLISH] == [
        (each.step, each.way, each.name, each.text) for each in MALAY
    ]


@pytest.mark.parametrize("way", WAYS)
def test_each_way_has_commands_that_a_shell_can_read(way: str) -> None:
    commands = commands_for(PAGES[0].read_text(encoding="utf-8"), way)

    assert len(commands) >= 8
    for each in commands:
        subprocess.run(["bash", "-n"], input=each.text, text=True, check=True)


def test_a_block_without_its_way_is_refused() -> None:
    with pytest.raises(ValueError, match="says no way"):
        list(commands_of("## 1. First\n\n```sh\nls\n```\n"))


def test_blocks_of_other_languages_are_no_commands() -> None:
    page = "## 1. First\n\n```text\nok\n```\n\n```sh debian\nls\n```\n"

    assert list(commands_of(page)) == [Commands(1, "First", "debian", "", "ls\n")]


def test_every_named_block_has_a_stand_in() -> None:
    assert {each.name for each in ENGLISH if each.name} == set(stand_ins.BLOCKS)


def test_pages_name_what_the_trial_brings() -> None:
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        for word in (stand_ins.HOST, stand_ins.MAIL_HOST, f"/root/{stand_ins.RELEASE}.tar.gz"):
            assert word in text


@pytest.mark.parametrize("page", [BACKUPS, ANCHORS], ids=lambda page: page.name)
def test_pages_of_the_same_day_can_be_run_in_each_way(page: Path) -> None:
    for way in WAYS:
        commands = commands_for(page.read_text(encoding="utf-8"), way, steps={2})
        assert len(commands) == 1, "what sets it up is one block"
        for each in commands_for(page.read_text(encoding="utf-8"), way):
            subprocess.run(["bash", "-n"], input=each.text, text=True, check=True)


@pytest.mark.parametrize("way", WAYS)
def test_page_of_upgrades_has_a_block_for_the_release_and_one_for_what_stands_beside(way: str) -> None:
    blocks = commands_for(UPGRADING.read_text(encoding="utf-8"), way)

    assert [each.step for each in blocks] == [1, 2]
    for each in blocks:
        subprocess.run(["bash", "-n"], input=each.text, text=True, check=True)


def test_a_block_within_a_list_loses_its_indent() -> None:
    page = "## 1. First\n\n1. So:\n\n   ```sh debian\n   ls\n   ```\n"

    assert list(commands_of(page)) == [Commands(1, "First", "debian", "", "ls\n")]
