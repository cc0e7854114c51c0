"""Make file names from people safe to show and to send back. They never become a path on the server."""

import unicodedata

MAX_NAME_CHARACTERS = 200

#: Invisible characters that turn or hide parts of a name ("evil<RLO>fdp.exe" reads "evilexe.pdf").
_HIDDEN_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean_name(raw: str) -> str:
    """Return the last part of the path, in NFC, without control or direction characters, of 200 characters at
    most.

    The extension survives the cut. An unusable name becomes "".
    """
    name = unicodedata.normalize("NFC", raw).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(char for char in name if unicodedata.category(char) not in _HIDDEN_CATEGORIES)
    name = " ".join(name.split()).strip(". ")
    stem, dot, extension = name.rpartition(".")
    if len(name) <= MAX_NAME_CHARACTERS or not dot:
        return name[:MAX_NAME_CHARACTERS]
    extension = extension[:20]
    return f"{stem[: MAX_NAME_CHARACTERS - len(extension) - 1]}.{extension}"


def extension_of(name: str) -> str:
    """Return what follows the last dot, in lower case; "" without a dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""
