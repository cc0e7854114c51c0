"""Finds the system's Chromium for the browser tests; as root it installs it, otherwise it names the command."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL = ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]


def find() -> str | None:
    """Return the path of an installed Chromium, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def main() -> None:
    """Make sure that there is one."""
    if find():
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"The browser tests need Chromium: run `sudo {' '.join(INSTALL)}`, then `make test` again.")
    print("  Installing Chromium", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], INSTALL):
        done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            sys.exit(
                f"Chromium could not be installed ({' '.join(command)}): install it by hand, then run again."
            )


if __name__ == "__main__":
    main()
