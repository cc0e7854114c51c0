"""The printed summary: what it says on each page, at each depth, in each language, for each reader."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from io import BytesIO

import pytest

from reports.errors import TooManyRows
from reports.states import ExportFormat
from reports.summary import limits
from reports.summary.statement import Statement
from reports.writers.pdf import summary
from tests.reports.conftest import NASTY, Told
from tests.reports.printed_pdf import PrintedPaper

pytestmark = pytest.mark.django_db


def printed(told: Told, by: str = "reviewer", **asked: str) -> PrintedPaper:
    return PrintedPaper(told.made(ExportFormat.PDF, by, **asked))


def test_full_summary_tells_everything_in_reading_order(told: Told, full_pdf: bytes) -> None:
    pages = PrintedPaper(full_pdf).pages
    cover, contents = pages[:2]
    assert "Ringkasan kemajuan" in cover and "Setakat 31 Ogos 2023" in " ".join(cover.split())
    assert "Hari 153 daripada 366" in cover and "Interim, 30" in cover
    assert "Kandungan" in contents and "Kelemahan 1" in contents
    told_in_order = [
        "MAPO bagi PDRM", "Agensi sokongan", "Kemajuan yang diterima", "Taklimat diadakan.",
        "Meliputi 1 – 31 Jul 2023 · Dalam tempoh penilaian", "Bukti", "Imigresen.pdf", "Syor 2", "Perkara sulit.", "Sulit.pdf",
        "Kelemahan 1", "Belum ada kemas kini yang diterima.", "Cara membaca ringkasan ini", "Nama agensi",
    ]  # fmt: skip
    words = " ".join("\n".join(pages[2:]).split())
    words = words[words.index("MAPO bagi PDRM") :]
    places = [words.index(each) for each in told_in_order]
    assert places == sorted(places)
    first = told.documents["pdrm0"]
    hashed = f"{first.sha256[:8]}…{first.sha256[-4:]}"
    for said in ("Dilaporkan: Dalam Tindakan, 60%", f"Dokumen {first.pk}", hashed):
        assert said in words
    for number, page in enumerate(pages, start=1):
        assert page.count("SULIT") == 2, "every page has its class twice"
        assert f"Muka surat {number} daripada {len(pages)}" in page


def test_cover_states_all_that_every_output_states(told: Told, full_pdf: bytes) -> None:
    content, paper = told.content(), PrintedPaper(full_pdf)
    statement = Statement.of(content.selection, told.maker(), content.finish())
    cover = " ".join(paper.pages[0].split())
    for label, value in statement.lines("ms"):
        assert label in cover
        assert " ".join(value.split()) in cover
    assert statement.fingerprint in paper.reader.metadata["/Keywords"]


def test_glance_is_one_page_with_many_items(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    content = told.content(depth="glance")
    content.items = tuple(content.items * 40)
    target = BytesIO()
    summary.write(content, target, maker=told.maker())
    assert len(PrintedPaper(target.getvalue()).pages) == 1


def test_list_of_evidence_gives_whole_hashes(told: Told) -> None:
    words = printed(told, depth="evidence").words.replace(" ", "")
    for document in told.documents.values():
        assert document.sha256 in words


def test_observer_sees_neither_lateness_nor_waiting_nor_files(told: Told, full_pdf: bytes) -> None:
    lines, full = printed(told, "observer", depth="lines"), printed(told, "observer")
    for paper in (lines, full):
        assert "Menunggu semakan MAPO" not in paper.words.replace("masih menunggu semakan MAPO", "")
        assert "Lewat" not in paper.words and "Dilaporkan" not in paper.words
        assert "Laporan.pdf" not in paper.words
        assert "TERHAD" in paper.pages[0] or "TERBUKA" in paper.pages[0]
    words, all_of_it = full.words, PrintedPaper(full_pdf).words
    assert "Taklimat diadakan." in words
    # Nor is a document promised.
    assert "SHA-256" in all_of_it and "pek bukti yang mengandunginya" in all_of_it
    assert "SHA-256" not in words and "pek bukti" not in words and "Fail ini boleh disahkan" in words


def test_officer_reads_of_others_what_was_accepted_and_is_told_whose_lateness_it_is(
    told: Told, full_pdf: bytes
) -> None:
    for depth in ("glance", "lines", "full"):
        words = printed(told, "officer", depth=depth).words
        all_of_it = (PrintedPaper(full_pdf) if depth == "full" else printed(told, depth=depth)).words
        assert "Lewat (PDRM sahaja)" in words and "Lewat (" not in all_of_it
        assert "Tiada agensi yang lewat." not in words
        assert ("PDRM: tiada yang lewat." in words) == (
            depth != "glance" and "Tiada agensi yang" in all_of_it
        )
        if depth == "lines":
            assert "20 Ogos 2023 11 hari" in all_of_it and "1 menunggu" in all_of_it
    assert "Taklimat diadakan." in words and "Laporan.pdf" in words
    assert "Imigresen.pdf" not in words and "Sulit.pdf" not in words and "Perkara sulit." not in words
    assert "Teksnya bukan sebahagian daripada ringkasan ini." in words
    assert "yang dikembalikan adalah bagi PDRM sahaja." in words


def test_paper_names_what_it_was_narrowed_to(told: Told) -> None:
    cover = " ".join(printed(told, agency="JIM", pillar="prosecution", depth="lines").pages[0].split())
    name = told.agencies["JIM"].name_ms
    assert f"JIM, {name} · Elemen: Pendakwaan. 1 syor" in cover.split("kitaran penilaian")[0]


def test_same_content_and_maker_give_the_same_bytes(told: Told, full_pdf: bytes) -> None:
    assert told.made(ExportFormat.PDF) == full_pdf
    told.now += timedelta(minutes=1)
    assert told.made(ExportFormat.PDF) != full_pdf


def test_more_than_people_read_is_refused_with_another_way(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_UPDATES", 2)
    with pytest.raises(TooManyRows, match=r"Excel.*CSV"):
        told.made(ExportFormat.PDF)
    monkeypatch.setattr(limits, "MOST_UPDATES", 2_000)
    monkeypatch.setattr(limits, "MOST_SIGNS", len(NASTY) - 1)
    with pytest.raises(TooManyRows):
        told.made(ExportFormat.PDF)


def test_making_that_was_cancelled_is_given_up_before_it_is_set(told: Told) -> None:
    class Cancelled(Exception):
        pass

    def cancel(_rows: int) -> None:
        raise Cancelled

    target = BytesIO()
    with pytest.raises(Cancelled), closing(told.content(progress=cancel)) as content:
        summary.write(content, target, maker=told.maker())
    assert not target.getvalue()
