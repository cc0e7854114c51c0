"""How this machine reaches its package registries, so that a bare Debian on it reaches them in the same way.

No registry is named here: addresses, proxies and certificates are those of the machine's own settings.
"""

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

_VARIABLES = re.compile(r"PIP_(?!CACHE_DIR)\w+|\w+_PROXY|SSL_CERT_(FILE|DIR)|\w+_CA_BUNDLE", re.IGNORECASE)
#: Where pip looks for its settings, beside the file that PIP_CONFIG_FILE names.
_PIP_FILES = ("/etc/pip.conf", "/etc/xdg/pip/pip.conf", "~/.pip/pip.conf", "~/.config/pip/pip.conf")
#: How names are found, and whom the machine trusts.
_SYSTEM_FILES = ("/etc/resolv.conf", "/etc/hosts", "/etc/ssl/certs")
_PATH = re.compile(r"(?:^|(?<=[\s=,'\"])|(?<=file://))/[^\s,'\"]+")
_APT_OPTION = re.compile(r"Acquire::(?:https?|ftp|Check-|Retries|ForceIPv)")
_APT_SOURCE = "$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(SIGNED_BY)"


def variables(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the variables that tell pip, apt and OpenSSL how to reach a registry."""
    return {name: value for name, value in environment.items() if _VARIABLES.fullmatch(name)}


def files() -> list[Path]:
    """Return the files and folders of this machine that its settings consist of or name; each exists."""
    settings = [Path(name).expanduser() for name in _PIP_FILES]
    settings += paths_in(variables().values())
    texts = [
        path.read_text(encoding="utf-8") for path in settings if path.suffix == ".conf" and path.is_file()
    ]
    keys = [Path(key) for *_, key in _apt_sources() if key.startswith("/")]
    everything = [*map(Path, _SYSTEM_FILES), *settings, *paths_in(texts), *keys]
    return sorted({path for path in everything if path.exists()})


def paths_in(texts: Iterable[str]) -> Iterator[Path]:
    """Yield every absolute path that stands in the texts of settings, existing or not."""
    for text in texts:
        yield from (Path(found) for found in _PATH.findall(text))


def apt_options() -> str:
    """Return apt's settings of this machine that decide how packages are fetched, as lines of an apt.conf."""
    dump = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=True).stdout
    return "".join(f"{line}\n" for line in dump.splitlines() if _APT_OPTION.match(line))


def apt_sources(release: str) -> list[str]:
    """Return apt's sources of a Debian release (such as "trixie", with its updates), as lines of a sources.list.

    Sources of other releases or without one, such as a folder of local packages, are left out.
    """
    return [
        f"deb {f'[signed-by={key}] ' if key.startswith('/') else ''}{address} {suite} {component}"
        for address, suite, component, key in _apt_sources()
        if suite == release or suite.startswith(f"{release}-")
    ]


def _apt_sources() -> list[list[str]]:
    """Return each source that apt knows: address, suite, component, key ("" or what apt could not tell)."""
    command = ["apt-get", "indextargets", "--format", _APT_SOURCE, "Created-By: Packages"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [line.split("|") for line in sorted(set(lines)) if line.count("|") == 3]
