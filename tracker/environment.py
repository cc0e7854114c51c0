"""Makes the Python environment from a locked list; run by any Python from 3.11 on, before anything is installed.

python3 tracker/environment.py requirements.txt
"""

import hashlib
import subprocess
import sys
import threading
import time
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
VENV = BASE / ".venv"
PYTHON = VENV / "bin" / "python"
#: Which lists are installed, by their hashes; a list that changes is installed again.
MEMORY = VENV / "installed"
TOLD_EVERY_SECONDS = 10


def works() -> bool:
    """Return whether the environment's Python starts and is new enough."""
    probe = [str(PYTHON), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    return PYTHON.exists() and subprocess.run(probe, check=False, capture_output=True).returncode == 0


def create() -> None:
    """Create the environment, in place of one that does not work. Exits with a sentence if that fails."""
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], check=False, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(
            f"The Python environment could not be made: {(done.stdout + done.stderr).strip()}\n"
            "On Debian and Ubuntu, `apt-get install python3-venv` brings what is missing."
        )


def install(list_name: str) -> None:
    """Install a locked list; every file is checked against its hash."""
    if subprocess.run([str(PYTHON), "-c", "import pip"], check=False, capture_output=True).returncode:
        # Some tools make environments without it.
        subprocess.run([str(PYTHON), "-m", "ensurepip"], check=True, capture_output=True)
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    command += ["--require-hashes", "--requirement", str(BASE / list_name)]
    begun = time.monotonic()
    print(f"  Installing {list_name} … ", end="", flush=True)
    ticker = _tell_time()
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    ticker.set()
    if done.returncode:
        sys.exit(
            f"failed\n{done.stdout.strip()}\nThe packages could not be installed: is the registry reachable?"
        )
    print(f"{time.monotonic() - begun:.0f} s", flush=True)


def _tell_time() -> threading.Event:
    """Print the seconds now and then, until the event is set."""
    ended, begun = threading.Event(), time.monotonic()

    def tell() -> None:
        while not ended.wait(TOLD_EVERY_SECONDS):
            print(f"{time.monotonic() - begun:.0f} s … ", end="", flush=True)

    threading.Thread(target=tell, daemon=True).start()
    return ended


def main(list_name: str) -> None:
    """Install the list if it is not installed yet; prints nothing and is quick if it is."""
    if sys.version_info < (3, 11):
        sys.exit(
            f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}. Write PYTHON=…."
        )
    if not works():
        create()
    mark = f"{list_name} {hashlib.sha256((BASE / list_name).read_bytes()).hexdigest()}"
    known = MEMORY.read_text(encoding="ascii").splitlines() if MEMORY.exists() else []
    if mark in known:
        return
    MEMORY.unlink(missing_ok=True)
    install(list_name)
    others = [line for line in known if line.split()[0] != list_name]
    MEMORY.write_text("\n".join([*others, mark]) + "\n", encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1])
