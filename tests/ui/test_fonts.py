"""Font files are cut from installed packages and found under clean names."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont
from pytest_django import Settings

from ui import fonts
from ui.finders import FontFinder

pytestmark = pytest.mark.long
MAX_PAGE_BYTES = 80_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fonts.built(tmp_path_factory.mktemp("fonts"))


def test_faces_are_small_and_whole(folder: Path) -> None:
    files = [folder / face.name for face in fonts.FACES]
    assert sum(file.stat().st_size for file in files) < MAX_PAGE_BYTES
    assert list(folder.glob("*.part")) == []
    for file in files:
        letters = TTFont(file).getBestCmap()
        assert all(ord(letter) in letters for letter in "Aaz09–…éÉ’“ ")


def test_text_face_keeps_its_weights(folder: Path) -> None:
    axes = {
        axis.axisTag: (axis.minValue, axis.maxValue) for axis in TTFont(folder / "inter.woff2")["fvar"].axes
    }
    assert axes == {"wght": (400, 700)}


def test_faces_are_made_once(folder: Path) -> None:
    before = {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}
    assert fonts.built(folder.parent) == folder
    assert {file.name: file.stat().st_mtime_ns for file in folder.iterdir()} == before


def test_finder_answers_only_for_faces(settings: Settings, folder: Path) -> None:
    settings.FONTS_ROOT = folder.parent
    finder = FontFinder()
    assert finder.find("fonts/inter.woff2") == str(folder / "inter.woff2")
    assert finder.find("fonts/inter.woff2", find_all=True) == [str(folder / "inter.woff2")]
    assert finder.find("fonts/../secret") == []
    assert finder.find("ui/base.css") == []


def test_finder_lists_every_face_for_collecting(settings: Settings, folder: Path) -> None:
    settings.FONTS_ROOT = folder.parent
    listed = dict(FontFinder().list([]))
    assert set(listed) == {face.name for face in fonts.FACES}
    assert all(storage.prefix == "fonts" and storage.exists(name) for name, storage in listed.items())
    assert list(FontFinder().list(["*.woff2"])) == []


def test_project_finds_the_faces() -> None:
    assert finders.find("fonts/poppins-600.woff2")
