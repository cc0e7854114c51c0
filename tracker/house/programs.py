"""Finds the system programs that tests need; as root it installs missing ones, otherwise it prints the command."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """A program: its possible names, its Debian packages, and who needs it for which command."""

    title: str
    names: tuple[str, ...]
    packages: tuple[str, ...]
    needed_by: str
    target: str

    def find(self) -> str | None:
        """Return the path of an installed one, or None."""
        return next((path for name in self.names if (path := shutil.which(name))), None)

    def ensure(self) -> None:
        """Install the program if it is missing; exits with a sentence that says what to do if that fails."""
        if self.find():
            return
        install = ["apt-get", "install", "--yes", "--no-install-recommends", *self.packages]
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            sys.exit(
                f"{self.needed_by} {self.title}: run `sudo {' '.join(install)}`, then `{self.target}` again."
            )
        print(f"  Installing {self.title}", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update"], install):
            done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
            if done.returncode:
                sys.exit(
                    f"{self.title} could not be installed ({' '.join(command)}): install it by hand, then run again."
                )


CHROMIUM = Program(
    title="Chromium",
    names=("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    packages=("chromium",),
    needed_by="The browser tests need",
    target="make test",
)
VALKEY = Program(
    title="Valkey",
    names=("valkey-server", "redis-server"),
    packages=("valkey-server",),
    needed_by="The proof of the reminders needs",
    target="make faults",
)
#: Opens the Word files and workbooks that Jejak makes, as a second reader beside the libraries that wrote them.
LIBREOFFICE = Program(
    title="LibreOffice",
    names=("soffice", "libreoffice"),
    packages=("libreoffice-writer-nogui", "libreoffice-calc-nogui"),
    needed_by="The tests of Word files and workbooks need",
    target="make test",
)
PDFTOTEXT = Program(
    title="pdftotext and pdftoppm",
    names=("pdftotext",),
    packages=("poppler-utils",),
    needed_by="The tests of papers need",
    target="make test",
)
#: Takes evidence packs apart, as a second reader beside the library that wrote them.
UNZIP = Program(
    title="unzip",
    names=("unzip",),
    packages=("unzip",),
    needed_by="The tests of evidence packs need",
    target="make test",
)
#: Builds the bare Debian of `make fresh`.
MMDEBSTRAP = Program(
    title="mmdebstrap",
    names=("mmdebstrap",),
    packages=("mmdebstrap",),
    needed_by="The proof on a bare Debian needs",
    target="make fresh",
)
PROGRAMS = {
    "chromium": CHROMIUM,
    "libreoffice": LIBREOFFICE,
    "mmdebstrap": MMDEBSTRAP,
    "pdftotext": PDFTOTEXT,
    "unzip": UNZIP,
    "valkey": VALKEY,
}

if __name__ == "__main__":
    for word in sys.argv[1:]:
        PROGRAMS[word].ensure()
