"""A Python environment for a tool that somebody else keeps: its libraries stay apart from Jejak's."""

import subprocess
import sys
from pathlib import Path

_VENV_SECONDS, _INSTALL_SECONDS = 120, 500


def own_environment(folder: Path, program: str) -> Path:
    """Return the program in the environment `.venv` of a folder, made once of its locked `requirements.txt`.

    Raises `subprocess.SubprocessError` where it cannot be made.
    """
    home = folder / ".venv"
    found = home / "bin" / program
    if not found.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True, timeout=_VENV_SECONDS)
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        locked = folder / "requirements.txt"
        subprocess.run(
            [*pip, "--require-hashes", "--requirement", str(locked)], check=True, timeout=_INSTALL_SECONDS
        )
    return found
