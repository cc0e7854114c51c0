"""The style sheet and the script that pages ask for hold every source, once, in the right order."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from pytest_django import Settings

from ui import bundles
from ui.finders import BundleFinder


def test_stylesheet_holds_every_source() -> None:
    assert sorted(bundles.STYLESHEETS) == sorted(path.stem for path in bundles.SOURCES.glob("*.css"))
    text = bundles.stylesheet()
    assert all(path.read_text(encoding="utf-8") in text for path in bundles.SOURCES.glob("*.css"))


def test_script_calls_every_module_once_after_what_it_imports() -> None:
    text = bundles.script()
    places = {
        path.stem: text.index(f"const module_{path.stem.replace('-', '_')} = (() => {{")
        for path in bundles.SOURCES.glob("*.js")
    }
    assert text.count("= (() => {\n") == len(places)
    assert places["store"] < places["keep"] < places["autosave"] < places["app"]
    assert "const { onDrop } = module_drop;" in text
    assert "\nimport " not in text
    assert "\nexport " not in text


def test_script_refuses_forms_that_it_does_not_know(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for form in (
        'import "./other.js";',
        'import all from "./other.js";',
        "export default 1;",
        "export let a = 1;",
    ):
        (tmp_path / "app.js").write_text(f"{form}\n", encoding="utf-8")
        monkeypatch.setattr(bundles, "SOURCES", tmp_path)
        with pytest.raises(ValueError, match=r"app\.js: the bundle does not know this form"):
            bundles.script()


def test_script_refuses_modules_that_import_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "app.js").write_text('import { a } from "./other.js";\n', encoding="utf-8")
    (tmp_path / "other.js").write_text('import { b } from "./app.js";\n', encoding="utf-8")
    monkeypatch.setattr(bundles, "SOURCES", tmp_path)
    with pytest.raises(ValueError, match="app → other → app"):
        bundles.script()


def test_bundles_are_made_anew_when_a_source_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    for path in (*bundles.SOURCES.glob("*.css"), *bundles.SOURCES.glob("*.js")):
        (sources / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(bundles, "SOURCES", sources)
    first = bundles.built(tmp_path)
    assert bundles.built(tmp_path) == first

    with (sources / "print.css").open("a", encoding="utf-8") as file:
        file.write(".new { color: red; }\n")

    assert bundles.built(tmp_path) != first
    assert ".new {" in (bundles.built(tmp_path) / "site.css").read_text(encoding="utf-8")


def test_finder_answers_only_for_bundles(settings: Settings, tmp_path: Path) -> None:
    settings.BUNDLES_ROOT = tmp_path
    finder = BundleFinder()
    assert finder.find("ui/base.css") == []
    assert Path(finder.find("ui/site.js")).read_text(encoding="utf-8") == bundles.script()
    listed = dict(finder.list([]))
    assert set(listed) == {"site.css", "site.js"}
    assert all(storage.prefix == "ui" and storage.exists(name) for name, storage in listed.items())


def test_project_finds_the_bundles() -> None:
    assert finders.find("ui/site.css")
