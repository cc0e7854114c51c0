"""OLE containers: encrypted Office files, the formats before 2007, Outlook messages. All are refused, each by its name.

Which it is, is told by the names in its directory. They are looked for in the whole file, in order: a parser would follow
the file's own references, and a file that is only slightly damaged would be called something else.
"""

from typing import IO

from evidence.kinds.refusals import Refused

_CHUNK_BYTES = 256 * 1024
#: An entry of the directory begins with its name, at a multiple of its length.
_ENTRY_BYTES = 128
_SENTENCES = {
    "EncryptedPackage\0".encode("utf-16-le"): "protected_ole",
    "EncryptionInfo\0".encode("utf-16-le"): "protected_ole",
    "__properties_version1.0\0".encode("utf-16-le"): "outlook_message",
}


def refusal(file: IO[bytes]) -> Refused:
    """Return the refusal that fits what an OLE container holds."""
    found = set()
    file.seek(0)
    while chunk := file.read(_CHUNK_BYTES):
        found |= {sentence for name, sentence in _SENTENCES.items() if _has_entry(chunk, name)}
    return Refused(next((sentence for sentence in _SENTENCES.values() if sentence in found), "old_office"))


def _has_entry(chunk: bytes, name: bytes) -> bool:
    """Return whether an entry of the directory has this name. Entries never lie across two chunks."""
    at = chunk.find(name)
    while at >= 0:
        if at % _ENTRY_BYTES == 0:
            return True
        at = chunk.find(name, at + 1)
    return False
