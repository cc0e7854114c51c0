"""LibreOffice as a second reader of what Jejak writes, and poppler as the reader of what LibreOffice prints."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from tracker.house.programs import PROGRAMS

#: A conversion takes a few seconds; two at once on a busy machine take longer.
SECONDS = 120


def convert(data: bytes, *, of: str, to: str, options: str = "") -> bytes:
    """Open a file of kind `of` ("docx", "xlsx", "csv") in LibreOffice, and return it saved as `to` ("pdf", "csv").

    `options` are those of the export filter, such as "csv:Text - txt - csv (StarCalc):44,34,76" after its colon.
    Each call has a profile of its own, so that workers do not wait for each other's. Fails where LibreOffice could
    not open the file, wrote nothing, or took longer than `SECONDS`.
    """
    program = PROGRAMS["libreoffice"].find()
    assert program is not None, (
        "No LibreOffice on this machine: run `make test`, which installs it or says how."
    )
    with tempfile.TemporaryDirectory(prefix="jejak-office-") as name:
        folder = Path(name)
        source = folder / f"paper.{of}"
        source.write_bytes(data)
        command = [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            f"{to}:{options}" if options else to,
            "--outdir",
            str(folder / "made"),
            str(source),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
        made = folder / "made" / f"paper.{to}"
        assert made.is_file(), f"LibreOffice made no {to}: {done.stdout} {done.stderr}"
        return made.read_bytes()


def pdf_text(data: bytes, *, first: int = 1, last: int | None = None, is_laid_out: bool = False) -> str:
    """The text of a PDF's pages in reading order, or as it lies on the page; pages end with a form feed."""
    program = PROGRAMS["pdftotext"].find()
    assert program is not None, (
        "No pdftotext on this machine: run `make test`, which installs it or says how."
    )
    pages = ["-f", str(first), *(["-l", str(last)] if last else [])]
    layout = ["-layout"] if is_laid_out else []
    command = [program, *pages, *layout, "-enc", "UTF-8", "-", "-"]
    done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=True)
    return done.stdout.decode()
