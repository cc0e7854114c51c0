"""Static files of other releases: an open page asks for those of the release that made it."""

import stat
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from tests.replacing import replace_in
from tracker import static_files
from tracker.static_files import StaticFilesMiddleware, keep_static_files, kept_folder

#: An answer that ends lets go of connections.
pytestmark = pytest.mark.django_db
OLD, NEW = "app.0123456789ab.css", "app.ba9876543210.css"


@pytest.fixture
def roots(settings: Any, tmp_path: Path) -> dict[str, Path]:
    settings.MEDIA_ROOT = tmp_path / "media"
    folders = {name: tmp_path / name for name in (OLD, NEW)}
    for name, folder in folders.items():
        (folder / "ui").mkdir(parents=True)
        (folder / "ui" / name).write_text(f"/* {name} */")
        (folder / "ui" / f"{name}.gz").write_bytes(b"packed")
        (folder / "ui" / "app.css").write_text("no hash")
        (folder / "staticfiles.json").write_text("{}")
    return folders


def served(address: str) -> HttpResponse:
    site = StaticFilesMiddleware(lambda _request: HttpResponse(status=404))
    return site(RequestFactory().get(address, headers={"accept-encoding": "identity"}))


def body_of(response: Any) -> bytes:
    try:
        return b"".join(response)
    finally:
        response.close()


def test_files_of_another_release_are_served_for_good(roots: dict[str, Path], settings: Any) -> None:
    for folder in (roots[OLD], roots[NEW]):
        settings.STATIC_ROOT = folder
        keep_static_files()
    response = served(f"/static/ui/{OLD}")
    assert (response.status_code, body_of(response)) == (200, f"/* {OLD} */".encode())
    assert "immutable" in response["Cache-Control"]
    assert response["Content-Type"].startswith("text/css")


def test_a_release_that_is_newer_than_the_process_is_served(roots: dict[str, Path], settings: Any) -> None:
    settings.STATIC_ROOT = roots[OLD]
    site = StaticFilesMiddleware(lambda _request: HttpResponse(status=404))
    address = RequestFactory().get(f"/static/ui/{NEW}", headers={"accept-encoding": "identity"})
    assert site(address).status_code == 404
    settings.STATIC_ROOT = roots[NEW]
    keep_static_files()
    assert body_of(site(address)) == f"/* {NEW} */".encode()


def test_only_hashed_files_are_kept_and_nothing_else_of_the_media_is_served(
    roots: dict[str, Path], settings: Any
) -> None:
    settings.STATIC_ROOT = roots[OLD]
    keep_static_files()
    assert {path.name for path in kept_folder().rglob("*") if path.is_file()} == {OLD, f"{OLD}.gz"}
    (settings.MEDIA_ROOT / "secret.0123456789ab.txt").write_text("secret")
    (kept_folder() / "ui" / "folder.0123456789ab.css").mkdir()
    for path in (
        "../secret.0123456789ab.txt",
        "ui/../../secret.0123456789ab.txt",
        "ui/folder.0123456789ab.css",
        "ui/none.0123456789ab.css",
        "ui/a\0b.0123456789ab.css",
        "ui/",
    ):
        assert served("/static/" + path).status_code == 404, path


def test_whoever_may_write_there_shows_neither_a_page_nor_another_file(
    roots: dict[str, Path], settings: Any
) -> None:
    settings.STATIC_ROOT = roots[OLD]
    keep_static_files()
    evidence = settings.MEDIA_ROOT / "ab"
    evidence.mkdir()
    (evidence / "secret").write_text("secret")
    (kept_folder() / "ui" / "file.0123456789ab.css").symlink_to(evidence / "secret")
    (kept_folder() / "folder").symlink_to(evidence, target_is_directory=True)
    (evidence / "file.0123456789ab.css").write_text("secret")
    (kept_folder() / "ui" / "loop.0123456789ab.css").symlink_to("loop.0123456789ab.css")
    for path in ("ui/file.0123456789ab.css", "folder/file.0123456789ab.css", "ui/loop.0123456789ab.css"):
        assert served("/static/" + path).status_code == 404, path
    assert served(f"/static/{'a' * 5000}.0123456789ab.css").status_code == 404
    (kept_folder() / "ui" / "page.0123456789ab.html").write_text("<script>alert(1)</script>")
    response = served("/static/ui/page.0123456789ab.html")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    response.close()


def test_a_folder_that_cannot_be_written_stops_no_start(
    roots: dict[str, Path], settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings.STATIC_ROOT = roots[OLD]

    def full(*_paths: object) -> None:
        raise OSError(28, "No space left on device", "/full")

    replace_in(monkeypatch, static_files, "shutil", copyfile=full)
    keep_static_files()
    assert "not kept" in caplog.text and "No space left" in caplog.text


def test_kept_files_are_not_copied_again(roots: dict[str, Path], settings: Any) -> None:
    settings.STATIC_ROOT = roots[OLD]
    keep_static_files()
    kept = kept_folder() / "ui" / OLD
    before = kept.stat()
    keep_static_files()
    assert kept.stat().st_mtime_ns == before.st_mtime_ns and stat.S_ISREG(before.st_mode)


def test_two_hosts_that_share_the_folder_keep_the_same_files_at_once(
    roots: dict[str, Path], settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Their processes may have the same numbers: neither may take what the other is just writing."""
    settings.STATIC_ROOT = roots[OLD]
    copy = static_files.shutil.copyfile

    def copy_while_another_host_does(source: Path, draft: Path) -> None:
        copy(source, draft)
        replace_in(monkeypatch, static_files, "shutil", copyfile=copy)
        keep_static_files()

    replace_in(monkeypatch, static_files, "shutil", copyfile=copy_while_another_host_does)
    keep_static_files()
    assert not caplog.records
    assert (kept_folder() / "ui" / OLD).read_text() == f"/* {OLD} */"
    assert not list(kept_folder().rglob(".*"))


def test_no_other_site_may_read_static_files(roots: dict[str, Path], settings: Any) -> None:
    settings.STATIC_ROOT = roots[OLD]
    keep_static_files()
    settings.STATIC_ROOT = roots[NEW]
    for name in (OLD, NEW):
        response = served(f"/static/ui/{name}")
        assert response.status_code == 200
        response.close()
        assert not [header for header in response.headers if header.startswith("Access-Control-")]
