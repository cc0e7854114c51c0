"""What goes into an evidence pack, what is only listed, and that everybody can check it."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest
from django.urls import reverse

from accounts.clearance import Clearance
from audit.models import Event
from evidence.models import Document
from evidence.services.lifecycle import seal_document
from evidence.services.preservation import destroy_sealed_document
from evidence.states import ScanState
from reports.models import Download, Report
from reports.pack.builder import RowsChanged
from reports.pack.members import number_ranges
from reports.states import DownloadOutcome
from tests.factories.evidence import make_document
from tests.reports.conftest import NASTY, Told
from tests.reports.packs import TODAY, Taken, asked, cite, fetch, leave_summaries_unprinted, make_row, take
from tests.reports.pages import Page
from tests.vouching import acting

pytestmark = pytest.mark.django_db


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, check=False, capture_output=True, text=True)


def unpacked(taken: Taken, folder: Path) -> Path:
    """The pack as `unzip` leaves it, after it has found it whole."""
    (folder / "pek.zip").write_bytes(taken.content)
    tested = run("unzip", "-t", "pek.zip", cwd=folder)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    done = run("unzip", "-q", "pek.zip", "-d", "pek", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "pek" / taken.folder


def test_pack_holds_summary_updates_and_documents_and_says_what_it_is(told: Told, tmp_path: Path) -> None:
    report = asked(told)
    taken = take(told, report)
    assert taken.folder == "jejak-2023-bukti-2023-08-31-ms"
    assert taken.names == [
        "BACA-SAYA.txt",
        "jejak-2023-kemajuan-penuh-2023-08-31-ms.pdf",
        "summary.json",
        "manifest.json",
        "SHA256SUMS",
        "kemas-kini/syor-01-JIM-2023-08-01.txt",
        "kemas-kini/syor-01-PDRM-2023-08-01.txt",
        "kemas-kini/syor-02-JIM-2023-08-10.txt",
        "bukti/syor-01/PDRM/Laporan.pdf",
        "bukti/syor-01/PDRM/Laporan (2).pdf",
        "bukti/syor-01/JIM/Imigresen.pdf",
        "bukti/syor-02/JIM/Sulit.pdf",
    ]
    folder = unpacked(taken, tmp_path)
    summed = run("sha256sum", "--strict", "-c", "SHA256SUMS", cwd=folder)
    assert summed.returncode == 0, summed.stdout + summed.stderr
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    checked = {line.partition(": ")[0] for line in summed.stdout.splitlines()}
    assert checked == files - {"SHA256SUMS"} and files == set(taken.names)
    assert_manifest(told, taken, report)
    assert_update_as_typed(told, taken.text("kemas-kini/syor-01-PDRM-2023-08-01.txt"))
    event = Event.objects.get(action="report.taken")
    assert event.actor_id == told.people["reviewer"].pk and event.object_id == str(report.pk)
    assert event.after is not None and event.after["fingerprint"] == report.fingerprint
    assert event.after["documents"] == number_ranges(document.pk for document in told.documents.values())
    # Taken once more, it is the same to the byte.
    assert take(told, report).content == taken.content
    downloads = list(Download.objects.filter(report=report))
    assert [(each.outcome, each.sha256, each.size) for each in downloads] == [
        (DownloadOutcome.WHOLE, hashlib.sha256(taken.content).hexdigest(), len(taken.content))
    ] * 2
    assert {info.date_time for info in taken.zip.infolist()} == {(2023, 9, 14, 10, 0, 0)}


def assert_manifest(told: Told, taken: Taken, report: Report) -> None:
    """The manifest says what the pack is."""
    manifest = taken.manifest
    assert manifest["fingerprint"] == report.fingerprint
    assert (manifest["cycle"], manifest["as_at"], manifest["rows"]) == (2023, "2023-08-31", report.rows_count)
    assert manifest["classification"] == {"level": 2, "name": "confidential"}
    assert manifest["made_by"] == told.maker().words
    document = told.documents["pdrm0"]
    entry = taken.document(document)
    assert entry["name"] == "bukti/syor-01/PDRM/Laporan.pdf"
    facts = ("Laporan.pdf", document.size, document.sha256)
    assert (entry["original_name"], entry["size"], entry["sha256"]) == facts
    assert entry["cited_by"] == [told.reviews["pdrm"].pk] and entry["not_packed"] is None
    (update,) = [each for each in manifest["updates"] if each["review"] == told.reviews["pdrm"].pk]
    assert update["file"]["name"] == "kemas-kini/syor-01-PDRM-2023-08-01.txt"
    assert update["documents"] == [document.pk, told.documents["pdrm1"].pk]
    for each in [*manifest["files"], update["file"], entry]:
        content = taken.read(each["name"])
        assert (len(content), hashlib.sha256(content).hexdigest()) == (each["size"], each["sha256"])


def assert_update_as_typed(told: Told, text: str) -> None:
    """An update reads as it was typed, and names its documents."""
    assert text.endswith(f"\n{NASTY}\n")
    heading = text.removesuffix(f"{NASTY}\n")
    for told_of in (
        "TERHAD", "Syor 1", "PDRM, Agensi PDRM", "Dalam Tindakan, 40%", "Dalam Tindakan, 60%", "1 Ogos 2023",
        f"Dokumen {told.documents['pdrm1'].pk}: bukti/syor-01/PDRM/Laporan (2).pdf",
    ):  # fmt: skip
        assert told_of in heading


@pytest.mark.parametrize(
    ("language", "readme", "folder"), [("en", "README.txt", "evidence"), ("both", "BACA-SAYA.txt", "bukti")]
)
def test_pack_speaks_the_language_that_was_asked_for(
    told: Told, monkeypatch: pytest.MonkeyPatch, language: str, readme: str, folder: str
) -> None:
    leave_summaries_unprinted(monkeypatch)
    taken = take(told, asked(told, language=language))
    assert taken.names[0] == readme
    assert {name.partition("/")[0] for name in taken.evidence} == {folder}
    text = taken.text(readme)
    assert ("Pek bukti" in text, "Evidence pack" in text) == (language != "en", language != "ms")
    assert "sha256sum -c SHA256SUMS" in text and told.maker().words in text


def test_pack_of_officer_holds_documents_of_the_own_agency_alone(told: Told) -> None:
    secret = make_row(
        told, name="Rahsia PDRM.pdf", code="PDRM", by="officer", classification=Clearance.SECRET
    )
    taken = take(told, asked(told, by="officer"), by="officer")
    assert taken.evidence == ["bukti/syor-01/PDRM/Laporan.pdf", "bukti/syor-01/PDRM/Laporan (2).pdf"]
    numbers = {each["number"] for each in taken.manifest["documents"]}
    assert numbers == {told.documents["pdrm0"].pk, told.documents["pdrm1"].pk}
    everything = b"".join(taken.read(name) for name in taken.names)
    assert b"Imigresen" not in everything and b"Perkara sulit" not in everything
    assert secret.sha256.encode() not in everything


@pytest.mark.parametrize("by", ["reviewer", "jim"])
def test_documents_above_the_ceiling_are_not_mentioned(told: Told, by: str) -> None:
    """Neither to MAPO nor to their own agency: a pack is handed on to people who may read its class."""
    hidden = told.documents["jim20"]
    taken = take(told, asked(told, by=by, ceiling="1"), by=by)
    assert hidden.pk not in {each["number"] for each in taken.manifest["documents"]}
    assert b"Sulit.pdf" not in b"".join(taken.read(name) for name in taken.names)
    assert f"Dokumen {hidden.pk}" not in taken.text("BACA-SAYA.txt")
    assert all(hidden.pk not in each["documents"] for each in taken.manifest["updates"])


def test_sealed_destroyed_held_and_paper_files_are_listed_with_the_reason(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_summaries_unprinted(monkeypatch)
    administrator = told.people["administrator"]
    kinds = ("sealed", "destroyed", "infected", "kept")
    rows = {kind: make_row(told, name=f"{kind}.pdf", content=kind.encode()) for kind in kinds}
    with acting(told.people["jim"]):
        paper = Document.objects.create(
            agency=told.agencies["JIM"], uploaded_by=told.people["jim"], reference_number="JIM.R.100-1/2",
            received_at=told.now, classification=Clearance.CONFIDENTIAL, scan_state=ScanState.CLEAN,
        )  # fmt: skip
    cite(told, [*rows.values(), paper])
    for kind in ("sealed", "destroyed"):
        seal_document(rows[kind], reason="Menamakan mangsa.", actor=administrator, now=told.now)
    destroy_sealed_document(
        rows["destroyed"], approval_number="ANM 1/2023", actor=administrator, now=told.now
    )
    Document.objects.filter(pk=rows["infected"].pk).update(scan_state=ScanState.INFECTED)

    taken = take(told, asked(told, day=TODAY, item="recommendation-2"))
    assert taken.evidence == ["bukti/syor-02/JIM/Sulit.pdf", "bukti/syor-02/JIM/kept.pdf"]
    reasons = {kind: taken.document(row)["not_packed"] for kind, row in rows.items()}
    assert reasons == {"sealed": "sealed", "destroyed": "destroyed", "infected": "held_by_scan", "kept": None}
    assert taken.document(rows["sealed"])["original_name"] is None
    entry = taken.document(paper)
    assert (entry["not_packed"], entry["reference_number"], entry["sha256"]) == (
        "paper_file",
        "JIM.R.100-1/2",
        None,
    )
    assert "sealed.pdf" not in taken.text("manifest.json")


def test_document_that_two_updates_cite_is_packed_once(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_summaries_unprinted(monkeypatch)
    document = make_document(told.agencies["JIM"], actor=told.people["jim"], now=told.now, name="Sekali.pdf")
    reviews = [cite(told, [document], assignment=each) for each in ("jim", "jim2")]
    taken = take(told, asked(told, day=TODAY))
    assert [name for name in taken.evidence if "Sekali" in name] == ["bukti/syor-01/JIM/Sekali.pdf"]
    assert taken.document(document)["cited_by"] == [review.pk for review in reviews]


def seal_first(told: Told) -> None:
    mapo = {"actor": told.people["administrator"], "now": told.now}
    seal_document(told.documents["pdrm0"], reason="Menamakan mangsa.", **mapo)


def test_pack_is_refused_when_it_holds_too_much_or_else_or_rights_have_fallen(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = asked(told)
    with monkeypatch.context() as smaller:
        smaller.setattr("reports.summary.limits.MOST_UPDATES", 2)
        assert fetch(told, report).status_code == 409
    seal_first(told)
    response = fetch(told, report)
    page = Page(response)
    assert response.status_code == 409 and "telah berubah" in page.words("main")
    assert reverse("reports:again", args=[report.pk]) in {form.get("action") for form in page.root.forms}
    assert reverse("reports:file", args=[report.pk]) not in page.links("main")
    report, reviewer = asked(told), told.people["reviewer"]
    reviewer.clearance = Clearance.RESTRICTED
    reviewer.save(update_fields=["clearance"])
    assert fetch(told, report).status_code == 409
    assert not Download.objects.exists()


def test_rows_that_change_while_the_pack_flows_end_it(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_summaries_unprinted(monkeypatch)
    response = fetch(told, asked(told))
    flow = iter(response.streaming_content)
    assert b"BACA-SAYA.txt" in next(flow)
    seal_first(told)
    with pytest.raises(RowsChanged):
        b"".join(flow)
    assert Download.objects.get().outcome == DownloadOutcome.CUT


def test_pack_is_refused_to_observer_and_to_who_is_no_colleague(told: Told) -> None:
    assert fetch(told, asked(told, by="observer"), by="observer").status_code == 409
    report = asked(told)
    for other in ("officer", "observer"):
        assert fetch(told, report, by=other).status_code == 404
    assert not Download.objects.exists()
    assert take(told, report, by="administrator").evidence


@pytest.mark.parametrize(
    ("numbers", "said"), [([], ""), ([5], "5"), ([3, 1, 2, 8], "1-3, 8"), ([1, 3, 4], "1, 3-4")]
)
def test_numbers_in_the_log_are_short(numbers: list[int], said: str) -> None:
    assert number_ranges(numbers) == said
