"""The pages of installing: both languages hold the same commands, and a trial knows each stand-in that it needs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from trials.install import stand_ins
from trials.install.page import (
    ANCHORS,
    BACKUPS,
    INSTALL,
    UPGRADING,
    WAYS,
    Commands,
    commands_for,
    commands_of,
)

pytestmark = pytest.mark.long

#: What both ways ask of an operator in the same words, by its first command.
_ALIKE = (
    "mkdir",
    "install -D --mode=644 /root/fullchain.pem",
    "sleep 75",
    "jejak manage load_cycle",
    "jejak manage sendtestemail",
)


def blocks_of(path: Path) -> list[Commands]:
    return list(commands_of(path.read_text(encoding="utf-8")))


def test_both_languages_have_the_same_commands_in_the_same_order() -> None:
    for page in INSTALL.values():
        assert [(each.step, each.way, each.name, each.text) for each in blocks_of(page.english)] == [
            (each.step, each.way, each.name, each.text) for each in blocks_of(page.malay)
        ], page


@pytest.mark.parametrize("way", WAYS)
def test_each_way_has_a_page_with_its_commands_alone_that_a_shell_can_read(way: str) -> None:
    page = INSTALL[way]
    commands = blocks_of(page.english)

    assert {each.way for each in commands} == {way}
    assert page.from_safe | {page.start} | page.repeated <= {each.step for each in commands}
    for each in commands:
        subprocess.run(["bash", "-n"], input=each.text, text=True, check=True)
    (adds_person,) = (each for each in commands if "add_person" in each.text)
    assert adds_person.step == max(page.repeated) + 1


def test_both_ways_say_alike_what_is_alike() -> None:
    debian, containers = (
        [each.text for each in blocks_of(INSTALL[way].english) if each.text.startswith(_ALIKE)]
        for way in WAYS
    )

    assert debian == containers
    assert len(debian) == len(_ALIKE)


def test_blocks_are_read_by_their_way_and_language() -> None:
    with pytest.raises(ValueError, match="says no way"):
        list(commands_of("## 1. First\n\n```sh\nls\n```\n"))
    page = "## 1. First\n\n```text\nok\n```\n\n```sh debian\nls\n```\n"

    assert list(commands_of(page)) == [Commands(1, "First", "debian", "", "ls\n")]
    page = "## 1. First\n\n1. So:\n\n   ```sh debian\n   ls\n   ```\n"

    assert list(commands_of(page)) == [Commands(1, "First", "debian", "", "ls\n")]


def test_every_named_block_has_a_stand_in_and_pages_name_what_the_trial_brings() -> None:
    assert {each.name for page in INSTALL.values() for each in blocks_of(page.english) if each.name} == set(
        stand_ins.BLOCKS
    )
    for path in (path for page in INSTALL.values() for path in (page.english, page.malay)):
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
