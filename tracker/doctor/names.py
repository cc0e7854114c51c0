"""Whether a setting was misspelt: what nobody reads is told, with the nearest name that somebody does."""

import os
import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from tracker.doctor.looking import LOOK, OK, ConditionReport
from tracker.env import PASSWORDS, SECRETS, BadSetting, file_of, places_in

_BASE = Path(__file__).resolve().parent.parent.parent
_EXPLAINED = re.compile(r"^#?([A-Z_0-9]+)=", re.MULTILINE)
#: Read by programs beside Jejak that share its file or its environment, and by its own units and images.
_OF_OTHERS = frozenset(
    (
        "BACKUPS",
        "BEAT_SCHEDULE",
        "COMPOSE_FILE",
        "COMPOSE_PROFILES",
        "ENV_FILE",
        "JEJAK_COMMANDS",
        "JEJAK_DATABASE_ROLE",
    )
)
#: What pip, curl and others read of the environment.
_PROXIES = frozenset(("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY", "NO_PROXY"))
#: As alike as ALLOWED_HOST and ALLOWED_HOSTS, or TRUSTED_PROXY and TRUSTED_PROXIES.
_ALIKE = 0.84


def known_names() -> frozenset[str]:
    """Return the names of all settings: those that .env.example explains, and the files of secrets."""
    explained = _EXPLAINED.findall((_BASE / ".env.example").read_text(encoding="utf-8"))
    secrets = (*SECRETS, *PASSWORDS.values())
    return frozenset({*explained, *secrets, *(f"{name}_FILE" for name in secrets), *_OF_OTHERS})


def misspelt(in_file: dict[str, str], in_environment: Iterable[str]) -> list[str]:
    """Return a sentence for each name that no part of Jejak reads.

    `in_file` says of each name where it stands; of the environment, which others use too, only what is nearly a setting counts.
    """
    known = known_names()
    sentences = []
    for name in sorted({*in_file, *in_environment} - known):
        nearest = next(iter(get_close_matches(name, known, n=1, cutoff=_ALIKE)), "")
        is_of_others = name not in in_file and (name.upper() in _PROXIES or not nearest)
        if not is_of_others:
            where = f" ({in_file[name]})" if name in in_file else ""
            meant = f"write {nearest}" if nearest else "remove it, or compare it with .env.example"
            sentences.append(f"{name}{where} is no setting of Jejak: {meant}.")
    return sentences


def look_at_names() -> ConditionReport:
    """Say which settings nobody reads."""
    file = file_of(_BASE)
    try:
        sentences = misspelt(places_in(file) if file else {}, os.environ)
    except BadSetting as error:
        sentences = [str(error)]
    if sentences:
        return LOOK, " ".join(sentences)
    return OK, "Each setting has a name that Jejak reads."
